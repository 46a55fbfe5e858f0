"""Why a lot that fits a need is not proposed for it: it is worth more elsewhere, taken elsewhere, or not worth it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from marketplace.matching import account
from marketplace.matching.board import Coverage, standing_of
from marketplace.matching.conversion import in_need
from marketplace.matching.models import Dismissal, OwnRates, Proposal
from marketplace.matching.queries import Fit, Fits
from marketplace.matching.rates import rates_for


class Why(StrEnum):
    """What keeps a lot that fits from being proposed."""

    WORTH_MORE = "worth_more"
    TAKEN = "taken"
    WORTHLESS = "worthless"
    FREE = "free"
    """Nothing that is known: the plan has not looked at it yet, or leaves it for a reason such as room in a hub."""


@dataclass(frozen=True, slots=True)
class Unproposed:
    """Hold a lot that fits a need and is not proposed for it, and why.

    `elsewhere` is the most valuable proposal of it for another need, and `difference` how much more that is worth than
    the same amount would be here, in EUR.
    """

    fit: Fit
    why: Why
    elsewhere: Proposal | None = None
    difference: Decimal = Decimal(0)


def unproposed(
    coverage: Sequence[Coverage],
    fits: Mapping[int, Fits],
    dismissed: Mapping[int, Sequence[Dismissal]],
) -> dict[int, list[Unproposed]]:
    """Return by the id of each need what fits it and is neither proposed nor dismissed, the most valuable first.

    In as many statements as for one need. Of a need that lacks nothing it is empty: there is nothing to explain. Nor is
    there of a lot of who plans it: that is never proposed.
    """
    left_out = {
        one.need.id: {proposal.listing_id for proposal in one.proposals}
        | {dismissal.listing_id for dismissal in dismissed.get(one.need.id, ())}
        | {fit.listing.id for fit in fits[one.need.id].own}
        for one in coverage
        if one.missing
    }
    beside = {
        need_id: [fit for fit in fits[need_id].matches if fit.listing.id not in known]
        for need_id, known in left_out.items()
    }
    stands: dict[int, list[Proposal]] = {fit.listing.id: [] for found in beside.values() for fit in found}
    for proposal in standing_of(stands):
        stands[proposal.listing_id].append(proposal)
    rates = rates_for([one.need for one in coverage])
    return {
        one.need.id: [_why(fit, stands[fit.listing.id], rates[one.need.id]) for fit in beside.get(one.need.id, ())]
        for one in coverage
    }


def _why(fit: Fit, proposals: Collection[Proposal], rates: OwnRates | None) -> Unproposed:
    if fit.value <= 0:
        return Unproposed(fit, Why.WORTHLESS)
    left = fit.listing.available - sum((proposal.take for proposal in proposals), Decimal(0))
    if not proposals or _worth(fit, left, rates) > 0:
        return Unproposed(fit, Why.FREE)
    best = max(proposals, key=lambda proposal: (proposal.value_eur, -proposal.id))
    difference = best.value_eur - _worth(fit, best.take, rates)
    return Unproposed(fit, Why.WORTH_MORE if difference > 0 else Why.TAKEN, best, difference)


def _worth(fit: Fit, take: Decimal, rates: OwnRates | None) -> Decimal:
    """Return what this much of the lot is worth to the need, in EUR; nothing where so little may not be taken."""
    amount = min(take, fit.take)
    quantity = min(fit.quantity, in_need(fit.listing, fit.need, amount, rates)) if take > 0 else Decimal(0)
    if not quantity or quantity < fit.route.least:
        return Decimal(0)
    return Decimal(str(account.value(fit.route, quantity, amount)))
