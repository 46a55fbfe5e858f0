"""Labels: the page to print one from, and the files.

The label of a published passport is for everyone: it holds nothing that the passport page does not tell, and whoever
moves the material may have to replace a lost label. A draft has a label for the members of its issuer alone, and a
withdrawn passport has none, because nobody should put a new one on anything.
"""

from functools import lru_cache
from typing import Final

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.errors import N_, NotFoundError
from marketplace.labels.artwork import SIDE_MM, Format, render
from marketplace.labels.content import Label
from marketplace.listings import queries as listings
from marketplace.passports.models import Passport, PassportStatus
from marketplace.web import lookups
from marketplace.web.access import requires
from marketplace.web.labels_of import address_of, label_of

blueprint = Blueprint("labels", __name__, url_prefix="/paspoort/<code>")

_TYPES: Final = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}

# Setting a label takes a tenth of a second, and a page with its downloads asks for the same one more than once.
_rendered = lru_cache(maxsize=64)(render)


@blueprint.get("/label")
@requires(Permission.PUBLIC)
def sheet(code: str) -> str:
    """Show the label as it will be printed, its size, and the files."""
    passport = _labelled(code)
    files = [(form, url_for(f".{form}", code=passport.code)) for form in ("pdf", "svg", "png")]
    return render_template(
        "labels/sheet.html", passport=passport, side_mm=SIDE_MM, files=files, address=address_of(passport)
    )


@blueprint.get("/label.svg")
@requires(Permission.PUBLIC)
def svg(code: str) -> Response:
    """Send the label as SVG."""
    return _file(code, "svg")


@blueprint.get("/label.png")
@requires(Permission.PUBLIC)
def png(code: str) -> Response:
    """Send the label as PNG."""
    return _file(code, "png")


@blueprint.get("/label.pdf")
@requires(Permission.PUBLIC)
def pdf(code: str) -> Response:
    """Send the label as PDF."""
    return _file(code, "pdf")


def _labelled(code: str) -> Passport:
    passport = lookups.get_passport(code)
    if passport.status is PassportStatus.WITHDRAWN:
        raise NotFoundError(N_("Dit paspoort is ingetrokken; er worden geen labels meer van gemaakt."))
    return passport


def _file(code: str, form: Format) -> Response:
    passport = _labelled(code)
    label: Label = label_of(passport, listings.of_passport(passport.id))
    response = make_response(_rendered(label, form))
    response.mimetype = _TYPES[form]
    response.headers["Content-Disposition"] = f'inline; filename="label-{passport.code}.{form}"'
    # Where no public address is set, the label carries the host that was asked, which a shared cache must not mix up.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
