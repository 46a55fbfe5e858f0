"""The next best use of a lot that is proposed: what it would be worth elsewhere, so that one can weigh it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.matching import account
from marketplace.matching.conversion import in_need
from marketplace.matching.models import OwnRates, Proposal
from marketplace.matching.queries import Fit, needs_for_listings
from marketplace.matching.rates import rates_for
from marketplace.projects.models import Need

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class NextBest:
    """Hold another need that could use a lot: how much, in its unit, and how much less that is worth, in EUR.

    Less than nothing is more: a plan gives up the best use of one lot for the sake of others.
    """

    need: Need
    quantity: Decimal
    difference: Decimal


def next_best(proposals: Sequence[Proposal], *, on: date) -> Mapping[int, NextBest]:
    """Return the best other use of what each proposal takes, by its id; nothing where no other need fits.

    Only what is still lacking of other needs counts, whether or not something is proposed for it.
    """
    listings = {proposal.listing_id: proposal.listing for proposal in proposals}
    pairs = needs_for_listings(list(listings.values()), on=on)
    fits = {key: [pair for pair in found if isinstance(pair, Fit)] for key, found in pairs.items()}
    rates = rates_for({fit.need.id: fit.need for of_lot in fits.values() for fit in of_lot}.values())
    found: dict[int, NextBest] = {}
    for proposal in proposals:
        elsewhere = (fit for fit in fits[proposal.listing_id] if _may_go(proposal, fit))
        others = [_use(proposal, fit, rates[fit.need.id]) for fit in elsewhere]
        worth = [other for other in others if other is not None]
        if worth:
            found[proposal.id] = min(worth, key=lambda other: (other.difference, other.need.id))
    return found


def _may_go(proposal: Proposal, fit: Fit) -> bool:
    """Tell whether it is another need, and not of who offers the lot: to those nothing is ever proposed of it."""
    is_own = fit.need.project.organisation_id == fit.listing.organisation_id
    return fit.need.id != proposal.need_id and not is_own


def _use(proposal: Proposal, fit: Fit, rates: OwnRates | None) -> NextBest | None:
    take = min(proposal.take, fit.take)
    quantity = min(fit.quantity, in_need(fit.listing, fit.need, take, rates))
    if quantity < fit.route.least:
        return None
    value = Decimal(str(account.value(fit.route, quantity, take))).quantize(_CENT)
    return NextBest(fit.need, quantity, proposal.value_eur - value) if value > 0 else None
