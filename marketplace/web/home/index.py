"""The front page: a search, a label in the hand, what came in, what comes free against what is asked, and who asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

from flask import render_template, url_for

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.errors import N_
from marketplace.listings import catalogue
from marketplace.listings import queries as listings
from marketplace.listings.criteria import Criteria, Facets, Sort
from marketplace.listings.models import Listing, Stage
from marketplace.matching.board import Coverage, coverage_of, plan_standing
from marketplace.materials.vocabulary import groups
from marketplace.projects.models import Need
from marketplace.projects.queries import open_needs
from marketplace.web.access import acting_organisation, requires
from marketplace.web.cards import cards_of
from marketplace.web.drawings.catalogue import group_drawing
from marketplace.web.filters import category_name, day, language, number, quantity

_NEW_CARDS: Final = 4
_ON_SHELF: Final = 12
_ON_EACH_SIDE: Final = 6
_ASKING: Final = 4
_ASKING_LOOKED_AT: Final = 40
_LOOKED_AT: Final = 120
_TURN_DAYS: Final = 60
_WEEK: Final = timedelta(days=7)

SHELF_NAMES: Final = {
    "concrete_struct": N_("Vloeren"),
    "metal": N_("Staal"),
    "timber": N_("Hout"),
    "masonry": N_("Stenen"),
    "roofing": N_("Dak"),
    "skin": N_("Gevel"),
    "openings": N_("Deuren"),
    "insulation": N_("Isolatie"),
    "interior": N_("Afbouw"),
    "fittings": N_("Keuken"),
    "services": N_("Installatie"),
    "paving": N_("Bestrating"),
    "infra": N_("Riool"),
    "bulk": N_("Granulaat"),
    "temporary": N_("Units"),
}
"""The groups in one short word, as they stand on the shelf."""


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """Hold one group on the shelf, with its drawing."""

    name: str
    full_name: str
    count: int
    url: str
    drawing: str


@dataclass(frozen=True, slots=True)
class AxisEntry:
    """Hold one entry of the time axis as the macro `time_axis` wants it."""

    date: date
    date_text: str
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Hold a need with how much of it could be met: from stock, from what still is in a building, and not at all."""

    need: Need
    sizes: str
    in_stock: Decimal
    expected: Decimal
    missing: Decimal

    @property
    def met(self) -> Decimal:
        return self.in_stock + self.expected


@requires(Permission.PUBLIC)
def index() -> str:
    """Show the front page."""
    today = clock.today()
    start, end = today.replace(day=1), _year_later(today.replace(day=1))
    organisation = acting_organisation()
    near = organisation.point if organisation else None
    newest = catalogue.search(Criteria(), size=_NEW_CARDS)
    coming = catalogue.search(Criteria(stage=Stage.EXPECTED, sort=Sort.FREE), size=_LOOKED_AT)
    needs = open_needs(_LOOKED_AT)
    return render_template(
        "home/index.html",
        organisation=organisation,
        total=newest.total,
        total_expected=coming.total,
        shelf=shelf(catalogue.facets(Criteria())),
        cards=cards_of(newest.items, near=near),
        new_count=listings.published_since(clock.now() - _WEEK),
        above=[_comes_free(listing) for listing in heaviest_in_turn(coming.items, today, end)],
        below=[_is_asked(need) for need in dearest_in_turn(needs, today, end)],
        axis=(start, end),
        asking=asking(coverage_of(needs[:_ASKING_LOOKED_AT])),
        need_count=len(needs),
        plan=plan_standing(),
    )


def shelf(facets: Facets) -> list[ShelfItem]:
    """Return the groups of which most is on offer, in the order of the vocabulary."""
    counts = facets.by_group
    fullest = set(islice(sorted(counts, key=lambda group: -counts[group]), _ON_SHELF))
    return [
        ShelfItem(
            name=SHELF_NAMES[group.id],
            full_name=group.name(language()),
            count=counts[group.id],
            url=url_for("listings.catalogue", groep=group.id),
            drawing=group_drawing(group.id, width=160, height=138),
        )
        for group in groups()
        if group.id in fullest
    ]


def heaviest_in_turn(coming: Iterable[Listing], start: date, end: date) -> list[Listing]:
    """Return what comes free between two days, of every two months only the heaviest, so that each has room."""
    heaviest: dict[int, Listing] = {}
    for listing in coming:
        turn = (listing.available_from - start).days // _TURN_DAYS
        if start <= listing.available_from <= end and _mass(listing) > _mass(heaviest.get(turn)):
            heaviest[turn] = listing
    return list(heaviest.values())[:_ON_EACH_SIDE]


def dearest_in_turn(needs: Iterable[Need], start: date, end: date) -> list[Need]:
    """Return what is asked between two days, of every two months only what would cost most if bought new."""
    dearest: dict[int, Need] = {}
    for need in needs:
        turn = (need.wanted_from - start).days // _TURN_DAYS
        if start <= need.wanted_from <= end and _worth(need) > _worth(dearest.get(turn)):
            dearest[turn] = need
    return list(dearest.values())[:_ON_EACH_SIDE]


def _mass(listing: Listing | None) -> Decimal:
    return listing.available * listing.passport.kg_per_unit if listing else Decimal(-1)


def _worth(need: Need | None) -> Decimal:
    return need.quantity * need.new_eur if need else Decimal(-1)


def asking(covered: Sequence[Coverage]) -> list[Asking]:
    """Return the first needs with how far they could be met, those that lack something before the others.

    What is reserved counts as met from stock.
    """
    return [_asking(coverage) for coverage in sorted(covered, key=lambda coverage: not coverage.missing)[:_ASKING]]


def _asking(coverage: Coverage) -> Asking:
    building = [each.quantity for each in coverage.proposals if each.listing.stage is Stage.EXPECTED]
    expected = sum(building, Decimal(0))
    need = coverage.need
    return Asking(
        need=need,
        sizes=_sizes(need),
        in_stock=coverage.reserved + coverage.proposed - expected,
        expected=expected,
        missing=coverage.missing,
    )


def _sizes(need: Need) -> str:
    windows = ((need.length_min, need.length_max), (need.width_min, need.width_max), (need.height_min, need.height_max))
    spans = [_span(low, high) for low, high in windows if low or high]
    return f"{' × '.join(spans)} mm" if spans else ""


def _span(low: int | None, high: int | None) -> str:
    ends = [number(end) for end in (low, high) if end]
    return "–".join(dict.fromkeys(ends))


def _comes_free(listing: Listing) -> AxisEntry:
    kind = category_name(listing.passport.category).partition(" (")[0]
    return AxisEntry(
        date=listing.available_from,
        date_text=day(listing.available_from),
        title=f"{quantity(listing.available, listing.unit)} {kind[:1].lower()}{kind[1:]}",
        text=listing.place,
        url=url_for("listings.show", reference=listing.reference),
    )


def _is_asked(need: Need) -> AxisEntry:
    return AxisEntry(
        date=need.wanted_from,
        date_text=day(need.wanted_from),
        title=need.title,
        text=need.project.name,
        url=url_for("needs.show", reference=need.reference),
    )


def _year_later(first: date) -> date:
    return first.replace(year=first.year + 1)
