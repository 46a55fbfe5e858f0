"""How a new plan differs from what stands, in parts that can each be taken over by themselves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from marketplace.matching.allotting import Allotment, Allotted, Key
from marketplace.matching.neighbourhood import LEAST_GAIN
from marketplace.matching.stores import ROOM_SLACK, Stay, most_taken

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal that would come, change or go; None where there is none before or after."""

    key: Key
    before: Allotment | None
    after: Allotment | None

    @property
    def gain(self) -> Decimal:
        """EUR that it would be worth more."""
        return (self.after.value if self.after else _NOTHING) - (self.before.value if self.before else _NOTHING)


def add_beside(standing: Allotted, planned: Allotted) -> list[Allotment]:
    """Add to what stands whatever of a plan is new and takes nothing from it, and return that."""
    added = []
    for key, allotment in sorted(
        planned.by_key.items(), key=lambda item: (-item[1].value, item[0][:2], item[0][2] or "")
    ):
        if key not in standing.by_key and _fits_beside(allotment, standing):
            standing.put(allotment)
            added.append(allotment)
    return added


def parts(standing: Allotted, planned: Allotted) -> list[list[Line]]:
    """Return the parts of a plan that are worth enough more than what stands in their place, the best first.

    Enough is what lets one proposal displace another, too: `LEAST_GAIN` of what goes. Two differences belong to one
    part where they share a lot or a need, or a hub that could not hold both.
    """
    lines = _lines(standing, planned)
    groups = _Groups(lines)
    for at, line in enumerate(lines):
        groups.join(at, ("lot", line.key[0]))
        groups.join(at, ("need", line.key[1]))
    for hub in standing.market.hubs:
        if _may_overflow(hub.capacity_m3, hub.id, standing, groups.parts()):
            for at, line in enumerate(lines):
                if line.key[2] == hub.id:
                    groups.join(at, ("hub", hub.id))
    found = [part for part in groups.parts() if _gain(part) > 0 and _gain(part) >= LEAST_GAIN * _displaced(part)]
    return sorted(found, key=lambda part: (-_gain(part), _sorting(part[0].key)))


def _sorting(key: Key) -> tuple[str, str, str]:
    return key[0], key[1], key[2] or ""


def _gain(part: Iterable[Line]) -> Decimal:
    return sum((line.gain for line in part), _NOTHING)


def _displaced(part: Iterable[Line]) -> Decimal:
    """Return the EUR that the proposals of a part that go or shrink are worth less."""
    return sum((-line.gain for line in part if line.gain < 0), _NOTHING)


def _fits_beside(allotment: Allotment, standing: Allotted) -> bool:
    stay = allotment.stay
    return (
        allotment.take <= standing.left(allotment.lot)
        and allotment.quantity <= standing.lacking(allotment.need)
        and (stay is None or stay.m3 <= standing.room(stay.hub, stay.start, stay.end) + ROOM_SLACK)
    )


def _lines(standing: Allotted, planned: Allotted) -> list[Line]:
    keys = sorted(standing.by_key.keys() | planned.by_key.keys(), key=_sorting)
    lines = [Line(key, standing.by_key.get(key), planned.by_key.get(key)) for key in keys]
    return [line for line in lines if not _is_same(line)]


def _is_same(line: Line) -> bool:
    return bool(line.before and line.after and line.before.quantity == line.after.quantity)


class _Groups:
    """Lines that hang together, by whatever they share."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._leader = list(range(len(lines)))
        self._first: dict[tuple[str, str], int] = {}

    def join(self, at: int, shared: tuple[str, str]) -> None:
        """Let a line hang together with all others that share the same."""
        other = self._first.setdefault(shared, at)
        self._leader[self._led_by(at)] = self._led_by(other)

    def parts(self) -> list[list[Line]]:
        """Return the lines of each group, in order."""
        groups: defaultdict[int, list[Line]] = defaultdict(list)
        for at, line in enumerate(self._lines):
            groups[self._led_by(at)].append(line)
        return list(groups.values())

    def _led_by(self, at: int) -> int:
        while self._leader[at] != at:
            self._leader[at] = at = self._leader[self._leader[at]]
        return at


def _may_overflow(capacity: float, hub: str, standing: Allotted, groups: list[list[Line]]) -> bool:
    """Tell whether a hub could hold too much when only some of the parts are taken over: those that bring more."""
    stays = [stay for key in standing.of_hub[hub] if (stay := standing.by_key[key].stay)]
    for part in groups:
        stays += _more(part, hub)
    return most_taken(stays) > capacity + ROOM_SLACK


def _more(part: list[Line], hub: str) -> Iterable[Stay]:
    """Yield the room that a part takes beyond what it gives back, week by week."""
    steps: defaultdict[int, float] = defaultdict(float)
    for line in part:
        for allotment, sign in ((line.before, -1), (line.after, 1)):
            if allotment and (stay := allotment.stay) and stay.hub == hub:
                steps[stay.start] += sign * stay.m3
                steps[stay.end] -= sign * stay.m3
    weeks, taken = sorted(steps), 0.0
    for week, following in pairwise(weeks):
        taken += steps[week]
        if taken > 0:
            yield Stay(hub, week, following, taken)
