"""Who gets how much of what there is: from the queue, and when a harvest falls short. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from marketplace.kit.quantities import Unit

_NOTHING: Final = Decimal(0)
_STEP: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold how much somebody waits for, and the least of it that is of any use."""

    wanted: Decimal
    least: Decimal


def allot(available: Decimal, queue: Sequence[Wish]) -> list[Decimal]:
    """Return how much each in the queue gets of what is available, in their order; nothing for who cannot use it.

    It goes to the first who can use it: who needs more than there is keeps the place and lets the next go ahead.
    """
    shares = []
    for wish in queue:
        share = min(available, wish.wanted)
        share = share if share >= wish.least and share > 0 else _NOTHING
        shares.append(share)
        available -= share
    return shares


def first_come(harvested: Decimal, promised: Sequence[Decimal]) -> list[Decimal]:
    """Return what each gets of a harvest: the earliest all that was promised, until nothing is left."""
    shares = []
    for amount in promised:
        share = min(amount, harvested)
        shares.append(share)
        harvested -= share
    return shares


def proportional(harvested: Decimal, promised: Sequence[Decimal], unit: Unit) -> list[Decimal]:
    """Return what each gets of a harvest: the same share of what was promised, in what the unit can be.

    What is left after rounding down goes, a step each, to who lost most by it, and among equals to the earliest
    (the method of largest remainders). Nobody gets more than was promised.
    """
    total = sum(promised, _NOTHING)
    if harvested >= total:
        return list(promised)
    step = Decimal(1) if unit.whole else _STEP
    exact = [amount * harvested / total for amount in promised]
    shares = [share.quantize(step, ROUND_FLOOR) for share in exact]
    steps_left = int((harvested - sum(shares, _NOTHING)) / step)
    by_loss = sorted(range(len(promised)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_loss[:steps_left]:
        shares[at] += step
    return shares
