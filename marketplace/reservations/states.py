"""The life of a reservation: which step may follow which. Pure rules."""

from enum import StrEnum


class State(StrEnum):
    """Where a reservation stands."""

    WAITING = "waiting"
    """In the queue: nothing is held yet."""
    OFFERED = "offered"
    """It is this one's turn: held, until it is taken or the clock runs out."""
    REQUESTED = "requested"
    """Held, and the owner has to answer."""
    CONFIRMED = "confirmed"
    """Promised: it waits to be fetched."""
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    HANDED_OVER = "handed_over"
    WRITTEN_OFF = "written_off"
    """All of it turned out to be broken, lost or never harvested."""


_NEXT: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.OFFERED, State.DECLINED, State.CANCELLED, State.EXPIRED}),
    State.OFFERED: frozenset({State.REQUESTED, State.CONFIRMED, State.CANCELLED, State.EXPIRED, State.WRITTEN_OFF}),
    State.REQUESTED: frozenset({State.CONFIRMED, State.DECLINED, State.CANCELLED, State.EXPIRED, State.WRITTEN_OFF}),
    State.CONFIRMED: frozenset({State.HANDED_OVER, State.CANCELLED, State.EXPIRED, State.WRITTEN_OFF}),
    State.DECLINED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
    State.HANDED_OVER: frozenset(),
    State.WRITTEN_OFF: frozenset(),
}

HOLDING = frozenset({State.OFFERED, State.REQUESTED, State.CONFIRMED})
"""The states in which a quantity is kept for the reserving organisation."""

ACTIVE = HOLDING | {State.WAITING}
"""The states in which something may still come of it."""


def may_become(state: State, wanted: State) -> bool:
    """Tell whether a reservation in `state` may step to `wanted`."""
    return wanted in _NEXT[state]
