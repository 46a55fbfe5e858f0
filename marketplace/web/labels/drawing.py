"""A small drawing of the paper: which places of the first sheet get a label, and which stay empty."""

from flask_babel import gettext, ngettext
from markupsafe import Markup

from marketplace.labels.media import Medium
from marketplace.web.filters import safe_svg


def sheet(medium: Medium, skip: int) -> Markup:
    """Return the first page as SVG, a unit to a millimetre; the first `skip` places are drawn empty.

    Raises InvalidInputError where `skip` is not a place on the page.
    """
    medium.position(0, skip)
    places = [medium.position(n) for n in range(medium.per_page)]
    cells = "".join(
        f'<rect class="sheet__{"empty" if n < skip else "label"}" x="{place.x:g}" y="{place.y:g}" '
        f'width="{medium.width:g}" height="{medium.height:g}" rx="2"/>'
        for n, place in enumerate(places)
    )
    width, height = medium.page_width, medium.page_height
    told = _told(medium, skip)
    return safe_svg(
        f'<svg class="sheet" viewBox="-2 -2 {width + 4:g} {height + 4:g}" role="img" aria-label="{told}">'
        f'<rect class="sheet__page" width="{width:g}" height="{height:g}"/>{cells}</svg>'
    )


def _told(medium: Medium, skip: int) -> str:
    places = ngettext("Plaats voor %(num)s label", "Plaats voor %(num)s labels", medium.per_page)
    empty = ngettext("de eerste plaats blijft leeg", "de eerste %(num)s plaatsen blijven leeg", skip) if skip else ""
    return f"{places}, {empty}" if empty else str(places)


def caption(medium: Medium, skip: int) -> str:
    """Return what the drawing shows, in words for everyone."""
    left = medium.per_page - skip
    return str(gettext("Eerste vel: %(left)s van %(all)s plaatsen krijgen een label.", left=left, all=medium.per_page))
