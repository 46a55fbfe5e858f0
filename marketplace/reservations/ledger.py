"""The ledger: what the journal says that there must be of a lot, and where every reservation must stand. Pure rules.

Every action on the journal of a listing stands for one move between the parts of its stock, or for none; the same
action on the journal of a reservation moves the same amount between its parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from marketplace.reservations.states import State

FIGURES: Final = ("total", "available", "held", "handed_over", "written_off")
"""The figures of a lot; the first is the sum of the others."""
PARTS: Final = ("waiting", "held", "handed_over", "written_off", "released")
"""The parts of a reservation, which add up to its quantity."""
_NOTHING: Final = Decimal(0)

MOVES: Final[Mapping[str, tuple[str | None, str | None]]] = {
    "reservation.requested": ("available", "held"),
    "reservation.offered": ("available", "held"),
    "reservation.declined": ("held", "available"),
    "reservation.cancelled": ("held", "available"),
    "reservation.expired": ("held", "available"),
    "reservation.released": ("held", "available"),
    "reservation.handed_over": ("held", "handed_over"),
    "reservation.written_off": ("held", "written_off"),
    "reservation.shortened": ("held", "written_off"),
    "scan.damaged": ("available", "written_off"),
    "listing.split": ("available", None),
}
"""From which part of a lot to which an action moves its `quantity`; None is outside of it."""

_CLAIMS: Final[Mapping[str, tuple[str | None, str]]] = {
    "reservation.requested": (None, "held"),
    "reservation.waiting": (None, "waiting"),
    "reservation.left_queue": ("waiting", "released"),
    "reservation.declined": ("held", "released"),
    "reservation.cancelled": ("held", "released"),
    "reservation.expired": ("held", "released"),
    "reservation.released": ("held", "released"),
    "reservation.handed_over": ("held", "handed_over"),
    "reservation.written_off": ("held", "written_off"),
    "reservation.shortened": ("held", "written_off"),
}
"""From which part of a reservation to which an action moves its `quantity`; from nothing where it begins."""

_BECOMES: Final[Mapping[str, State]] = {
    "reservation.requested": State.REQUESTED,
    "reservation.waiting": State.WAITING,
    "reservation.offered": State.OFFERED,
    "reservation.accepted": State.REQUESTED,
    "reservation.confirmed": State.CONFIRMED,
    "reservation.declined": State.DECLINED,
    "reservation.cancelled": State.CANCELLED,
    "reservation.expired": State.EXPIRED,
}
_LEFT: Final = frozenset({State.DECLINED, State.CANCELLED, State.EXPIRED})
"""What a place in the queue may have come to."""


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one entry of the journal: its number, its action and its facts."""

    number: int
    action: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Misfit:
    """Hold an entry that does not fit what came before it, by its number, and why."""

    number: int
    why: str


class _MisfitError(ValueError):
    """Say why an entry does not fit; it is always caught here."""


@dataclass(slots=True)
class Account:
    """Work out the figures of one lot from its journal: enter every entry, in order of number."""

    unit: str = ""
    figures: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(FIGURES, _NOTHING))
    begun: bool = False
    """Whether the journal tells how it began."""
    last: int = 0
    """The number of the last entry that changed a figure."""
    misfits: list[Misfit] = field(default_factory=list)

    def enter(self, told: Told) -> None:
        """Let an entry change the figures; what does not fit is noted, and changes nothing.

        Before it began nothing can be worked out: what comes before then is passed over.
        """
        if not self.begun and told.action != "listing.posted":
            return
        try:
            changes, unit = self._changes_of(told)
            if changes:
                _move(self.figures, changes)
        except _MisfitError as error:
            self.misfits.append(Misfit(told.number, str(error)))
            return
        if changes or unit != self.unit:
            self.unit, self.last = unit, told.number
        self.begun = self.begun or told.action == "listing.posted"

    def _changes_of(self, told: Told) -> tuple[dict[str, Decimal], str]:
        if told.action == "listing.posted":
            return self._beginning(told), str(told.facts.get("unit"))
        if told.action == "listing.changed":
            return self._correction(told), self._new_unit(told)
        if told.action == "listing.counted":
            return self._count(told), self.unit
        if told.action not in MOVES:
            return {}, self.unit
        return self._step(told), self.unit

    def _beginning(self, told: Told) -> dict[str, Decimal]:
        if self.begun:
            raise _MisfitError("begins a lot that began before")
        return _into("available", _amount(told, "total"))

    def _correction(self, told: Told) -> dict[str, Decimal]:
        if "total_from" not in told.facts:
            return {}
        before, after = _amount(told, "total_from"), _amount(told, "total_to")
        if before != self.figures["total"]:
            raise _MisfitError(f"changes a total of {_plain(before)}, which was {_plain(self.figures['total'])}")
        return _into("available", after - before)

    def _new_unit(self, told: Told) -> str:
        if "unit_from" not in told.facts:
            return self.unit
        if told.facts["unit_from"] != self.unit:
            raise _MisfitError(f"changes the unit {told.facts['unit_from']}, which was {self.unit}")
        if self.figures["available"] != self.figures["total"]:
            raise _MisfitError("changes the unit of what has moved")
        return str(told.facts.get("unit_to"))

    def _count(self, told: Told) -> dict[str, Decimal]:
        short, extra = _amount(told, "short_available"), _amount(told, "extra")
        return {"total": extra, "available": extra - short, "written_off": short}

    def _step(self, told: Told) -> dict[str, Decimal]:
        source, target = MOVES[told.action]
        amount = _amount(told, "quantity")
        _require_unit(told, self.unit)
        if source is None or target is None:
            return _into(source or target or "available", -amount if target is None else amount)
        return {source: -amount, target: amount}


@dataclass(slots=True)
class Claim:
    """Work out the parts and the state of one reservation from its journal: enter every entry, in order of number."""

    unit: str = ""
    parts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PARTS, _NOTHING))
    states: frozenset[State] = frozenset()
    """Where it may stand; none before it began."""
    listing: str = ""
    """The reference of its lot."""
    last: int = 0
    misfits: list[Misfit] = field(default_factory=list)

    def enter(self, told: Told) -> None:
        """Let an entry change parts and state; what does not fit is noted, and changes nothing."""
        try:
            changes = self._changes_of(told)
            _move(self.parts, changes)
        except _MisfitError as error:
            self.misfits.append(Misfit(told.number, str(error)))
            return
        states = self._states_after(told)
        if any(changes.values()) or states != self.states:
            self.last = told.number
        self.states = states
        self.unit = self.unit or str(told.facts.get("unit") or "")
        self.listing = self.listing or str(told.facts.get("listing") or "")

    def _changes_of(self, told: Told) -> dict[str, Decimal]:
        self._require_begun(told)
        if told.action == "reservation.offered":
            amount = _amount(told, "quantity")
            return {"held": amount, "waiting": -self.parts["waiting"]} if self.states else {"held": amount}
        if told.action == "reservation.waits_on":
            return {"waiting": _amount(told, "quantity") - self.parts["waiting"]}
        if told.action not in _CLAIMS:
            return {}
        source, target = _CLAIMS[told.action]
        amount = _amount(told, "quantity")
        return {target: amount} if source is None else {source: -amount, target: amount}

    def _require_begun(self, told: Told) -> None:
        begins = told.action in {"reservation.requested", "reservation.waiting"}
        if begins and self.states:
            raise _MisfitError("begins a reservation that began before")
        if not begins and not self.states and told.action != "reservation.offered":
            raise _MisfitError("goes on with a reservation that never began")
        if told.action == "reservation.offered" and self.states and self.states != {State.WAITING}:
            raise _MisfitError("offers what does not wait")
        if told.action == "reservation.offered" and self.states and _amount(told, "quantity") != self.parts["waiting"]:
            raise _MisfitError(f"offers another amount than the {_plain(self.parts['waiting'])} that wait")
        if self.states:
            _require_unit(told, self.unit)

    def _states_after(self, told: Told) -> frozenset[State]:
        if told.action == "reservation.left_queue":
            return _LEFT
        if told.action in _BECOMES:
            return frozenset({_BECOMES[told.action]})
        moves_held = _CLAIMS.get(told.action, ("", ""))[0] == "held"
        if not moves_held or self.parts["held"]:
            return self.states
        if self.parts["handed_over"]:
            return frozenset({State.HANDED_OVER})
        return frozenset({State.WRITTEN_OFF if self.parts["written_off"] else State.CANCELLED})


def _into(part: str, amount: Decimal) -> dict[str, Decimal]:
    return {"total": amount, part: amount}


def _move(figures: dict[str, Decimal], changes: Mapping[str, Decimal]) -> None:
    after = {part: figures[part] + change for part, change in changes.items()}
    for part, value in after.items():
        if value < 0:
            raise _MisfitError(f"takes {_plain(-changes[part])} of {_plain(figures[part])} {part}")
    figures.update(after)


def _amount(told: Told, name: str) -> Decimal:
    try:
        amount = Decimal(str(told.facts[name]))
    except (KeyError, InvalidOperation) as error:
        raise _MisfitError(f"tells no {name}") from error
    if not amount.is_finite() or amount < 0:
        raise _MisfitError(f"tells no {name} that can be")
    return amount


def _require_unit(told: Told, unit: str) -> None:
    stated = told.facts.get("unit")
    if stated is not None and unit and stated != unit:
        raise _MisfitError(f"counts in {stated} what is kept in {unit}")


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
