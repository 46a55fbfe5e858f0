"""What the page of the demand for a harvest shows: per lot who asks for it, what nearly fits, and what nobody wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.listings.models import Listing, ListingStatus
from marketplace.matching.queries import Fit, NearMiss, needs_for_listings, share_out
from marketplace.web.access import current_actor
from marketplace.web.cards import drawing_of, estimate_text, free_text, photo_url
from marketplace.web.filters import day, money, number, quantity, unit_label
from marketplace.web.fits import FitRow, fit_row

_MOST_ASKS: Final = 4
_MOST_MISSES: Final = 3
_NOTHING: Final = Decimal(0)
_THUMB: Final = {"width": 160, "height": 120}


@dataclass(frozen=True, slots=True)
class Ask:
    """Hold a need that a lot fits, and what the most that can go to it is worth: `€ 1.340,00`.

    Nothing is known of that where the lot has no price yet.
    """

    row: FitRow
    value_text: str


@dataclass(frozen=True, slots=True)
class Lot:
    """Hold a lot of the harvest: what of it is reserved, asked for and left, and by whom it is asked or nearly so.

    The amounts are in the unit of the listing. `more` is how many needs it fits besides those that are shown.
    """

    url: str
    title: str
    is_draft: bool
    stage: str
    free_text: str | None
    estimate_text: str
    free_on: str
    crusher_on: date | None
    photo_url: str | None
    drawing: str
    unit_label: str
    held: Decimal
    asked: Decimal
    rest: Decimal
    rest_text: str
    asks: list[Ask]
    more: int
    misses: list[FitRow]

    @property
    def crusher_text(self) -> str:
        return day(self.crusher_on) if self.crusher_on else str(gettext("geen dag bekend"))


@dataclass(frozen=True, slots=True)
class DemandView:
    """Hold the page: every lot, and in EUR what the asked part is worth to who asks.

    `unpriced` is how many lots are asked for but not in that, because they have no price yet.
    """

    lots: list[Lot]
    value: float
    unpriced: int

    @property
    def wanted(self) -> list[Lot]:
        """Return the lots that somebody asks for, nearly asks for or has reserved."""
        return [lot for lot in self.lots if lot.asks or lot.misses or lot.held]

    @property
    def unasked(self) -> list[Lot]:
        """Return the lots of which nobody asks for something, first what goes to the crusher first."""
        left = [lot for lot in self.lots if lot.rest]
        return sorted(left, key=lambda lot: lot.crusher_on or date.max)

    @property
    def asked(self) -> int:
        return sum(bool(lot.asks) or not lot.rest for lot in self.lots)


def view_of(harvest: Sequence[Listing], *, on: date) -> DemandView:
    """Return the demand for a harvest on the day `on`."""
    members = current_actor().organisations(Permission.HANDLE)
    free = [listing for listing in harvest if listing.available]
    found = needs_for_listings(free, organisations=members, on=on)
    needs = {pair.need.id: pair.need for pairs in found.values() for pair in pairs if isinstance(pair, Fit)}
    shares = share_out(free, list(needs.values())) if needs else []
    asked = dict.fromkeys(found, _NOTHING)
    for share in shares:
        asked[share.listing.id] += share.take
    lots = [
        _lot(listing, found.get(listing.id, []), min(asked.get(listing.id, _NOTHING), listing.available))
        for listing in harvest
    ]
    unpriced = {share.listing.id for share in shares if share.listing.price_open}
    value = sum(share.value for share in shares if share.listing.id not in unpriced)
    return DemandView(lots, value, len(unpriced))


def figures(view: DemandView) -> list[tuple[str, str, str]]:
    """Return the key figures: label, value and what it says."""
    unasked = view.unasked
    first = next((lot.crusher_on for lot in unasked if lot.crusher_on), None)
    crusher = gettext("de eerste gaat op %(day)s naar de breker", day=day(first)) if first else ""
    lots = ngettext("%(num)s partij", "%(num)s partijen", len(view.lots))
    return [
        (gettext("Gevraagd"), number(view.asked), gettext("van %(lots)s", lots=lots)),
        (gettext("Waarde"), money(Decimal(str(view.value))), _whose_value(view)),
        (gettext("Nog niet gevraagd"), ngettext("%(num)s partij", "%(num)s partijen", len(unasked)), crusher),
    ]


def _whose_value(view: DemandView) -> str:
    if not view.unpriced:
        return str(gettext("voor de vragers samen"))
    return str(
        ngettext(
            "voor de vragers samen, zonder %(num)s partij waarvan de prijs nog niet bekend is",
            "voor de vragers samen, zonder %(num)s partijen waarvan de prijs nog niet bekend is",
            view.unpriced,
        )
    )


def _lot(listing: Listing, pairs: Sequence[Fit | NearMiss], asked: Decimal) -> Lot:
    fits = [pair for pair in pairs if isinstance(pair, Fit)]
    misses = [pair for pair in pairs if isinstance(pair, NearMiss)]
    passport, rest = listing.passport, listing.available - asked
    return Lot(
        url=url_for("listings.show", reference=listing.reference),
        title=passport.name,
        is_draft=listing.status is ListingStatus.DRAFT,
        stage=listing.stage.value,
        free_text=free_text(listing),
        estimate_text=estimate_text(listing),
        free_on=day(listing.available_from),
        crusher_on=listing.crusher_on,
        photo_url=photo_url(passport, "thumb"),
        drawing="" if passport.photos else drawing_of(listing, **_THUMB),
        unit_label=unit_label(listing.unit),
        held=listing.held,
        asked=asked,
        rest=rest,
        rest_text=quantity(rest, listing.unit),
        asks=[Ask(fit_row(fit), _worth(fit)) for fit in fits[:_MOST_ASKS]],
        more=max(len(fits) - _MOST_ASKS, 0),
        misses=[fit_row(miss) for miss in misses[:_MOST_MISSES]],
    )


def _worth(fit: Fit) -> str:
    return "" if fit.listing.price_open else money(Decimal(str(fit.value)))
