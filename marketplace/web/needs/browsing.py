"""Everything that projects look for, for who has material: by kind, place and time, with how far each is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import render_template, request, url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.listings.criteria import Page
from marketplace.matching.board import Coverage, coverage_of, plan_standing
from marketplace.materials.vocabulary import find_category, groups
from marketplace.projects.models import Need
from marketplace.projects.queries import open_needs
from marketplace.web.access import requires
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.filters import day, language
from marketplace.web.needs.blueprint import blueprint
from marketplace.web.sizes import asked_dims

_SIZE: Final = 24
# How soon something must be wanted, in days.
SOON: Final = {"maand": 31, "kwartaal": 92, "halfjaar": 183}


@dataclass(frozen=True, slots=True)
class NeedCard:
    """Hold a need as it stands in the list: `share` is how much of it is reserved, proposed and missing."""

    need: Need
    url: str
    offer_url: str
    dims_text: str
    date_text: str
    drawing: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold one choice of the filters: `options` are (value, text), the first of which restricts nothing."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]


@blueprint.get("/behoeften")
@requires(Permission.PUBLIC)
def index() -> str:
    """List what is looked for and not past, the first to be wanted first."""
    needs = open_needs()
    filters = filters_of(needs)
    chosen = {one.name: one.value for one in filters}
    found = [need for need in needs if _passes(need, chosen, clock.today())]
    page = _page_of(found, request.args.get("bladzijde", ""))
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return render_template(
        "needs/index.html",
        filters=filters,
        is_filtered=bool(kept),
        page=page,
        cards=[card_of(coverage) for coverage in coverage_of(page.items)],
        plan=plan_standing(),
        page_url=lambda number: url_for("needs.index", **kept, bladzijde=number if number > 1 else None),
    )


def card_of(coverage: Coverage) -> NeedCard:
    """Return a need with how far it is met, as it stands in a list."""
    need = coverage.need
    return NeedCard(
        need=need,
        url=url_for("needs.show", reference=need.reference),
        offer_url=url_for("listings.new", categorie=need.category),
        dims_text=asked_dims(need),
        date_text=date_text(need),
        drawing=drawing_of(need),
        coverage=coverage,
    )


def date_text(need: Need) -> str:
    """Return when it is wanted: `1 mrt 2027 tot 29 apr 2027`."""
    return str(gettext("%(first)s tot %(last)s", first=day(need.wanted_from), last=day(need.wanted_until)))


def drawing_of(need: Need) -> str:
    """Return the drawing of what is wanted, dashed because it is not there."""
    ends = ((need.length_min, need.length_max), (need.width_min, need.width_max), (need.height_min, need.height_max))
    length, width, height = (least or most for least, most in ends)
    return drawing(
        need.category, dims=(length, width, height), expected=True, width=160, height=120, with_dimensions=False
    )


def filters_of(needs: Sequence[Need]) -> list[Filter]:
    """Return the filters with the choices that lead to something, as they stand in the address."""
    there = {category.group for need in needs if (category := find_category(need.category))}
    kinds = [(group.id, group.name(language())) for group in groups() if group.id in there]
    places = sorted({need.project.place for need in needs})
    soon = [
        ("maand", gettext("binnen een maand")),
        ("kwartaal", gettext("binnen drie maanden")),
        ("halfjaar", gettext("binnen een half jaar")),
    ]
    return [
        _filter("groep", gettext("Soort"), [("", gettext("Alle soorten")), *kinds]),
        _filter("plaats", gettext("Plaats"), [("", gettext("Overal")), *((place, place) for place in places)]),
        _filter("wanneer", gettext("Nodig"), [("", gettext("Wanneer dan ook")), *soon]),
    ]


def _filter(name: str, label: str, options: list[tuple[str, str]]) -> Filter:
    given = request.args.get(name, "")
    return Filter(name, label, given if given in dict(options) else "", options)


def _passes(need: Need, chosen: dict[str, str], today: date) -> bool:
    category = find_category(need.category)
    if chosen["groep"] and (category is None or category.group != chosen["groep"]):
        return False
    if chosen["plaats"] and need.project.place != chosen["plaats"]:
        return False
    return not chosen["wanneer"] or need.wanted_from <= today + timedelta(days=SOON[chosen["wanneer"]])


def _page_of(needs: Sequence[Need], asked: str) -> Page[Need]:
    pages = max(1, -(-len(needs) // _SIZE))
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    number = min(max(number, 1), pages)
    return Page(list(needs[(number - 1) * _SIZE : number * _SIZE]), len(needs), number, _SIZE)
