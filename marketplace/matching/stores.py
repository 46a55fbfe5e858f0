"""Room in hubs, week by week: how much of it is taken, and by what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from marketplace.matching import rules
from marketplace.matching.problem import Hub, Lot, Need, Params

ROOM_SLACK: Final = 1e-6
"""m3 that are only rounding."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Something that takes `m3` of a hub from week `start` up to, and without, week `end`."""

    hub: str
    start: int
    end: int
    m3: float


def most_taken(stays: Iterable[Stay]) -> float:
    """Return the m3 that these stays, all in one hub, take in their fullest week."""
    steps: defaultdict[int, float] = defaultdict(float)
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.end, stay.m3)):  # sums depend on their order a little
        steps[stay.start] += stay.m3
        steps[stay.end] -= stay.m3
    taken = most = 0.0
    for week in sorted(steps):
        taken += steps[week]
        most = max(most, taken)
    return most


def left_beside(hubs: Sequence[Hub], stays: Iterable[Stay]) -> Iterator[Hub]:
    """Yield the hubs with the room that is left in every week, whatever these stays take in the fullest one."""
    of_hub: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        of_hub[stay.hub].append(stay)
    for hub in hubs:
        yield replace(hub, capacity_m3=max(0.0, hub.capacity_m3 - most_taken(of_hub[hub.id])))


def stay_of_kept(lot: Lot, need: Need, amount: float, hubs: Sequence[Hub], params: Params) -> Stay | None:
    """Return where this much of a lot, kept for a need, will wait: in the cheapest hub; None where it need not wait."""
    weeks = rules.storage_weeks(lot, need)
    if not (hubs and weeks and amount):
        return None
    rates = rules.params_for(need, params)

    def cost(hub: Hub) -> tuple[float, str]:
        km = rules.road_km(lot.xy, hub.xy, rates) + rules.road_km(hub.xy, need.xy, rates)
        return km * lot.kg / 1000 * rates.eur_per_tkm + lot.m3 * (2 * hub.handle + hub.store * weeks), hub.id

    hub = min(hubs, key=cost)
    return Stay(hub.id, lot.weeks[1], need.weeks[0], amount * lot.m3)
