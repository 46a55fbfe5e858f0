"""What the page of the demand for a harvest shows: per lot who asks for it, what nearly fits, and what has no use yet.

What is proposed is what stands on the boards of who asks; a draft is proposed to nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.listings.models import Listing, ListingStatus
from marketplace.matching.board import PlanStanding, plan_standing, standing_of
from marketplace.matching.models import Proposal
from marketplace.matching.queries import Fit, NearMiss, needs_for_listings
from marketplace.web.access import current_actor
from marketplace.web.cards import drawing_of, estimate_text, free_text, photo_url
from marketplace.web.filters import day, money, number, quantity, unit_label
from marketplace.web.fits import FitRow, fit_row
from marketplace.web.worth import value_of

_MOST_ASKS: Final = 4
_MOST_MISSES: Final = 3
_NOTHING: Final = Decimal(0)
_THUMB: Final = {"width": 160, "height": 120}


@dataclass(frozen=True, slots=True)
class Ask:
    """Hold a need that a lot fits, and what is proposed of it, if anything: `25 st`.

    `value_text` is what that is worth, or else the most that can go to it: `€ 1.340,00`; empty where
    the lot has no price yet.
    """

    row: FitRow
    value_text: str
    proposed_text: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Lot:
    """Hold a lot of the harvest: what of it is reserved, proposed and left, and by whom it is asked or nearly so.

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
    proposed: Decimal
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
    """Hold the page: every lot, in EUR what the proposed part is worth to who asks, and where the plan stands."""

    lots: list[Lot]
    value: Decimal
    plan: PlanStanding

    @property
    def wanted(self) -> list[Lot]:
        """Return the lots that somebody asks for, nearly asks for, is proposed or has reserved."""
        return [lot for lot in self.lots if lot.asks or lot.misses or lot.held or lot.proposed]

    @property
    def unused(self) -> list[Lot]:
        """Return the lots of which something has no use yet, first what goes to the crusher first.

        A draft that fits a need is none: it is proposed as soon as it is published.
        """
        left = [lot for lot in self.lots if lot.rest and not (lot.is_draft and lot.asks)]
        return sorted(left, key=lambda lot: lot.crusher_on or date.max)

    @property
    def asked(self) -> int:
        return sum(bool(lot.asks) or not lot.rest for lot in self.lots)


def view_of(harvest: Sequence[Listing], *, on: date) -> DemandView:
    """Return the demand for a harvest on the day `on`."""
    members = current_actor().organisations(Permission.HANDLE)
    free = [listing for listing in harvest if listing.available]
    found = needs_for_listings(free, organisations=members, on=on)
    proposals = standing_of([listing.id for listing in free], on=on)
    of_lot: dict[int, list[Proposal]] = {listing.id: [] for listing in harvest}
    for proposal in proposals:
        of_lot[proposal.listing_id].append(proposal)
    lots = [_lot(listing, found.get(listing.id, []), of_lot[listing.id]) for listing in harvest]
    value = sum((value_of(proposal) for proposal in proposals), _NOTHING)
    return DemandView(lots, value, plan_standing())


def figures(view: DemandView) -> list[tuple[str, str, str]]:
    """Return the key figures: label, value and what it says."""
    unused = view.unused
    first = next((lot.crusher_on for lot in unused if lot.crusher_on), None)
    crusher = gettext("de eerste gaat op %(day)s naar de breker", day=day(first)) if first else ""
    lots = ngettext("%(num)s partij", "%(num)s partijen", len(view.lots))
    return [
        (gettext("Gevraagd"), number(view.asked), gettext("van %(lots)s", lots=lots)),
        (gettext("Waarde"), money(view.value), gettext("van wat is voorgesteld, voor de vragers samen")),
        (gettext("Nog zonder bestemming"), ngettext("%(num)s partij", "%(num)s partijen", len(unused)), crusher),
    ]


def _lot(listing: Listing, pairs: Sequence[Fit | NearMiss], proposals: Sequence[Proposal]) -> Lot:
    proposed = min(sum((proposal.take for proposal in proposals), _NOTHING), listing.available)
    # Who it is proposed to first, whatever else it could be worth to others.
    of_need: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        of_need.setdefault(proposal.need_id, []).append(proposal)
    fitting = [pair for pair in pairs if isinstance(pair, Fit)]
    fits = [fit for fit in fitting if fit.value > 0 or fit.need.id in of_need]
    fits.sort(key=lambda fit: fit.need.id not in of_need)
    near = [pair for pair in pairs if isinstance(pair, NearMiss)]
    misses: list[Fit | NearMiss] = [*near, *(fit for fit in fitting if fit.value <= 0 and fit.need.id not in of_need)]
    passport, rest = listing.passport, listing.available - proposed
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
        proposed=proposed,
        rest=rest,
        rest_text=quantity(rest, listing.unit),
        asks=[_ask(fit, of_need.get(fit.need.id, [])) for fit in fits[:_MOST_ASKS]],
        more=max(len(fits) - _MOST_ASKS, 0),
        misses=[fit_row(miss) for miss in misses[:_MOST_MISSES]],
    )


def _ask(fit: Fit, proposals: Sequence[Proposal]) -> Ask:
    """Return who asks, with what is proposed of it over whatever routes."""
    proposed = sum((proposal.quantity for proposal in proposals), _NOTHING)
    value = sum((value_of(proposal) for proposal in proposals), _NOTHING) if proposals else value_of(fit)
    return Ask(
        row=fit_row(fit),
        value_text="" if fit.listing.price_open else money(value),
        proposed_text=quantity(proposed, fit.need.unit) if proposals else "",
        is_own=fit.listing.organisation_id == fit.need.project.organisation_id,
    )
