"""Who is told of what: pure rules from an action of the journal to the sides that should know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WINDOW: Final = frozenset({"available_from", "available_until", "crusher_on"})
"""The terms of an offer by which others plan."""
PLACE: Final = frozenset({"place", "address", "hub_id"})
"""The terms that say where it is fetched; of changes of other terms nobody is told."""


class Side(StrEnum):
    """Where somebody stands towards a thing that happened."""

    OWNER = "owner"
    """Whose listing it is."""
    BUYER = "buyer"
    """Who reserved, or waits."""
    HOLDERS = "holders"
    """Everyone who holds something of a listing, or waits for it."""
    CONCERNED = "concerned"
    """Who is asked into a circle, enters or leaves it, or is put out."""
    INVITER = "inviter"
    """Who asked them."""
    MEMBERS = "members"
    """Everyone else in the circle."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the journal as the rules see it.

    `subject` is the kind only, such as `reservation`. `by` is the side for which it was done, None where it was the
    program. `unanswered` tells that the reservation is a request that waits for its owner, `automatic` that it was
    promised at once, without anybody's answer, `in_time` that the clock of which the facts tell still runs.
    """

    subject: str
    action: str
    facts: Mapping[str, object]
    by: Side | None = None
    unanswered: bool = False
    automatic: bool = False
    in_time: bool = True


_OWNER: Final = frozenset({Side.OWNER})
_BUYER: Final = frozenset({Side.BUYER})
_BOTH: Final = _OWNER | _BUYER
_NOBODY: Final[frozenset[Side]] = frozenset()

_OF_RESERVATIONS: Final[Mapping[str, frozenset[Side]]] = {
    "reservation.extended": _OWNER,
    "reservation.waiting": _OWNER,
    "reservation.expired": _BOTH,
    "reservation.declined": _BUYER,
    "reservation.offered": _BUYER,
    "reservation.resumed": _BUYER,
    "reservation.shortened": _BUYER,
    "reservation.counted": _BUYER,
    "reservation.written_off": _BUYER,
    "reservation.handed_over": _BOTH,
    "pickup.agreed": _BOTH,
    "pickup.cancelled": _BOTH,
}
_OF_THE_OTHER_SIDE: Final = frozenset(
    {"reservation.cancelled", "pickup.proposed", "hand_over.reported", "hand_over.rejected"}
)
_OF_HAND_OVERS: Final = frozenset({"reservation.written_off", "reservation.released"})
_OF_BASKETS: Final[Mapping[str, frozenset[Side]]] = {
    "basket.held": _OWNER,
    "basket.confirmed": _BUYER,
    "basket.cancelled": _OWNER,
}
_OF_LISTINGS: Final = frozenset({"listing.withdrawn", "listing.taken_off"})
_OF_CIRCLES: Final[Mapping[str, frozenset[Side]]] = {
    "circle.invited": frozenset({Side.CONCERNED}),
    "circle.withdrawn": frozenset({Side.CONCERNED, Side.INVITER}),
    "circle.declined": frozenset({Side.INVITER}),
    "circle.joined": frozenset({Side.MEMBERS}),
    "circle.left": frozenset({Side.MEMBERS}),
    "circle.put_out": frozenset({Side.CONCERNED, Side.MEMBERS}),
}


def sides(step: Step) -> frozenset[Side]:
    """Return which sides are told of a step; none for most rows of the journal.

    What happens to a reservation stands at its listing too, for the ledger; people are told of it once, by the row of
    the reservation, or of its basket where it happened to all of that. What happens in a circle stands at an
    organisation too, and is told by the row of the circle.
    """
    if step.subject == "reservation":
        return _of_reservation(step)
    if step.subject == "circle":
        return _OF_CIRCLES.get(step.action, _NOBODY)
    if step.subject == "basket":
        told_of_it = _OF_BASKETS.get(step.action, _NOBODY)
        return told_of_it | _BUYER if step.facts.get("promised") else told_of_it
    told = step.action in _OF_LISTINGS or (step.action == "listing.changed" and _concerns_others(step.facts))
    return frozenset({Side.HOLDERS}) if step.subject == "listing" and told else _NOBODY


def _of_reservation(step: Step) -> frozenset[Side]:
    if step.facts.get("basket") or step.facts.get("together"):
        return _NOBODY  # the basket, of which it is a part, is told instead
    if step.action == "pickup.agreed" and step.facts.get("confirmed"):
        return _NOBODY  # the promise, by which the day is agreed, is told instead
    if step.action in _OF_THE_OTHER_SIDE:
        return _BOTH - {step.by}
    if step.action in _OF_HAND_OVERS and step.facts.get("hand_over") and step.facts.get("fetched") != "0":
        return _NOBODY  # the hand-over, of which it is a part, is told instead
    if step.action == "reservation.released":
        return _BUYER if step.by is Side.OWNER else _OWNER
    return _OF_RESERVATIONS.get(step.action) or _by_what_follows(step)


def _by_what_follows(step: Step) -> frozenset[Side]:
    """Return who is told of a step that asks for another one, or not, as the reservation stands."""
    match step.action:
        case "reservation.requested":
            return _NOBODY if step.automatic else _OWNER  # the promise, which comes with it, is told instead
        case "reservation.accepted":
            return _OWNER if step.unanswered else _NOBODY
        case "reservation.confirmed":
            return _BOTH if step.facts.get("automatic") else _BUYER
        case "reservation.expiring":
            warned = _OWNER if step.unanswered else _BUYER
            return warned if step.in_time else _NOBODY  # somebody acted before the warning was read
        case "reservation.left_queue":
            return _BUYER - {step.by}
    return _NOBODY


def _concerns_others(facts: Mapping[str, object]) -> bool:
    return moves_window(facts) or moves_place(facts)


def moves_window(facts: Mapping[str, object]) -> bool:
    """Tell whether a change of an offer is one of when it can be fetched."""
    return any(f"{field}_from" in facts for field in WINDOW)


def moves_place(facts: Mapping[str, object]) -> bool:
    """Tell whether a change of an offer is one of where it is fetched."""
    return any(f"{field}_from" in facts for field in PLACE)
