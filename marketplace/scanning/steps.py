"""Which steps are allowed with the thing in front of a person. Pure rules."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from marketplace.accounts.permissions import Actor, Permission


class Step(StrEnum):
    """What a person on site does with the thing in front of them."""

    SEEN = "seen"
    RECEIVED = "received"
    HANDED_OVER = "handed_over"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Situation:
    """Hold what decides which steps can be done with a lot, whoever does them."""

    withdrawn: bool
    """Whether its passport is withdrawn: then something is wrong with it, and nothing happens until that is settled."""
    in_building: bool
    gone: bool
    has_available: bool
    to_fetch: int
    """How many confirmed reservations wait to be fetched."""


def may_handle(actor: Actor, organisation_ids: Collection[int]) -> bool:
    """Tell whether a person handles material for one of these organisations: the owner of the lot, and of its hub."""
    return any(actor.may(Permission.HANDLE, organisation_id) for organisation_id in organisation_ids)


def possible(situation: Situation) -> tuple[Step, ...]:
    """Return the steps that can be done now, what is most likely wanted first.

    What is still in a building is received before it is handed over; what is broken can be written off as long as it
    is promised to nobody.
    """
    if situation.withdrawn or situation.gone:
        return ()
    can_be_done = {
        Step.HANDED_OVER: situation.to_fetch > 0 and not situation.in_building,
        Step.RECEIVED: situation.in_building,
        Step.SEEN: True,
        Step.DAMAGED: situation.has_available,
    }
    return tuple(step for step, can in can_be_done.items() if can)


def allowed(actor: Actor, organisation_ids: Collection[int], situation: Situation) -> tuple[Step, ...]:
    """Return the steps that this person may do now: who handles nothing for the owner or its hub may only fetch.

    `situation` counts only the reservations that this person may give or fetch.
    """
    steps = possible(situation)
    return steps if may_handle(actor, organisation_ids) else tuple(step for step in steps if step is Step.HANDED_OVER)
