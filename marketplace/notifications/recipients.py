"""Who is told of what: pure rules from an action of the journal to the sides that should know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WINDOW: Final = frozenset({"available_from", "available_until", "crusher_on"})
"""The terms of an offer by which others plan; of other changes nobody is told."""


class Side(StrEnum):
    """Where somebody stands towards a thing that happened."""

    OWNER = "owner"
    """Whose listing it is, or whose passport."""
    BUYER = "buyer"
    """Who reserved, or waits."""
    HOLDERS = "holders"
    """Everyone who holds something of a listing, or waits for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the journal as the rules see it.

    `subject` is the kind only, such as `reservation`. `by` is the side for which it was done, None where that is not
    known; `unanswered` tells whether the reservation is a request that waits for the owner.
    """

    subject: str
    action: str
    facts: Mapping[str, object]
    by: Side | None = None
    unanswered: bool = False


_OWNER: Final = frozenset({Side.OWNER})
_BUYER: Final = frozenset({Side.BUYER})
_BOTH: Final = _OWNER | _BUYER
_NOBODY: Final[frozenset[Side]] = frozenset()

_OF_RESERVATIONS: Final[Mapping[str, frozenset[Side]]] = {
    "reservation.requested": _OWNER,
    "reservation.accepted": _OWNER,
    "reservation.extended": _OWNER,
    "reservation.released": _OWNER,
    "reservation.waiting": _OWNER,
    "reservation.expired": _BOTH,
    "reservation.confirmed": _BUYER,
    "reservation.declined": _BUYER,
    "reservation.offered": _BUYER,
    "reservation.shortened": _BUYER,
    "reservation.counted": _BUYER,
    "reservation.written_off": _BUYER,
    "reservation.handed_over": _BOTH,
    "pickup.agreed": _BOTH,
    "pickup.cancelled": _BOTH,
}
_OF_THE_OTHER_SIDE: Final = frozenset({"reservation.cancelled", "pickup.proposed", "hand_over.reported"})
_OF_LISTINGS: Final = frozenset({"listing.withdrawn", "listing.taken_off"})


def sides(step: Step) -> frozenset[Side]:
    """Return which sides are told of a step; none for most rows of the journal.

    What happens to a reservation stands at its listing too, for the ledger; people are told of it once, by the row of
    the reservation.
    """
    if step.subject == "reservation":
        return _of_reservation(step)
    if step.subject == "passport":
        return _OWNER if step.action == "passport.transferred" else _NOBODY
    told = step.action in _OF_LISTINGS or (step.action == "listing.changed" and _moves_window(step.facts))
    return frozenset({Side.HOLDERS}) if step.subject == "listing" and told else _NOBODY


def _of_reservation(step: Step) -> frozenset[Side]:
    if step.action == "reservation.expiring":
        return _OWNER if step.unanswered else _BUYER
    if step.action in _OF_THE_OTHER_SIDE:
        return _BOTH - {_acting(step)}
    return _OF_RESERVATIONS.get(step.action, _NOBODY)


def _acting(step: Step) -> Side | None:
    """Return who did it: as the facts state, or else the organisation in whose name it was done."""
    stated = str(step.facts.get("from"))
    return Side(stated) if stated in _BOTH else step.by


def _moves_window(facts: Mapping[str, object]) -> bool:
    return any(f"{field}_from" in facts for field in WINDOW)
