"""The life of a reservation: which step may follow which. Pure rules."""

from enum import StrEnum


class State(StrEnum):
    """Where a reservation stands."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"


_NEXT: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.CONFIRMED, State.DECLINED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.HANDED_OVER, State.CANCELLED}),
    State.DECLINED: frozenset(),
    State.CANCELLED: frozenset(),
    State.HANDED_OVER: frozenset(),
}

HOLDING = frozenset({State.REQUESTED, State.CONFIRMED})
"""The states in which a quantity is kept for the reserving organisation."""


def may_become(state: State, wanted: State) -> bool:
    """Tell whether a reservation in `state` may step to `wanted`."""
    return wanted in _NEXT[state]
