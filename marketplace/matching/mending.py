"""What would mend a near miss: the smallest change that makes the pair fit, who can make it, and what it is then worth.

A known hazard is never mended, nor is another kind of material.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import floor, inf
from typing import Final, NamedTuple

from marketplace.matching import rules, scoring
from marketplace.matching.problem import Hub, Lot, Need, Params, Window
from marketplace.matching.rules import Breach, Rule


class Means(StrEnum):
    """The ways in which a pair may be made to fit."""

    EARLIER = "earlier"
    """The lot comes free earlier."""
    LATER = "later"
    """The need waits longer."""
    HUB = "hub"
    STAY = "stay"
    """The lot stays where it is for longer."""
    SOONER = "sooner"
    """The need takes it in earlier."""
    SMALLER = "smaller"
    LARGER = "larger"
    CUT = "cut"
    FURTHER = "further"
    LOWER_GRADE = "lower_grade"
    TEST = "test"
    MEASURE = "measure"
    CHEAPER = "cheaper"
    DEARER = "dearer"
    """The need allows a higher price."""
    TAKE_LESS = "take_less"
    """The lot lets less go at once."""
    ORDER_MORE = "order_more"
    SMALLER_BATCH = "smaller_batch"


OF_LISTER: Final = frozenset(
    {Means.EARLIER, Means.STAY, Means.TEST, Means.MEASURE, Means.CHEAPER, Means.TAKE_LESS},
)
OF_PLANNER: Final = frozenset(
    {
        Means.LATER,
        Means.SOONER,
        Means.SMALLER,
        Means.LARGER,
        Means.CUT,
        Means.FURTHER,
        Means.LOWER_GRADE,
        Means.DEARER,
        Means.ORDER_MORE,
        Means.SMALLER_BATCH,
    }
)
"""Whose hands it is in: who offers, or who plans the need. A hub is in neither's."""

ASSUMED_HUB: Final = ""
"""The id of a hub that does not exist."""

USUAL_HANDLE: Final = 4.5
USUAL_STORE: Final = 0.55
"""What a hub would ask where there is none, per m3 moved in or out and per m3 and week: the tariffs of the published
matching problem. An assumption, named wherever it is used."""


@dataclass(frozen=True, slots=True)
class Mend:
    """The smallest change of one kind that makes a pair fit, and the best route that it opens.

    `amount` is how much must change: weeks, mm, km, grades, EUR per needed piece or needed pieces, and of a least take
    units of the lot; of a cut the mm that go off, and 0 for what is only to be found out. `slot` is the size that it
    is about. The lot and the need of the route are the mended ones.
    """

    means: Means
    amount: float
    route: scoring.Route
    slot: int | None = None

    @property
    def quantity(self) -> float:
        """The most pieces that can go then."""
        return self.route.most

    @property
    def value(self) -> float:
        """What they would be worth, in EUR."""
        return scoring.value(self.route, self.route.most)

    @property
    def is_assumed(self) -> bool:
        """Whether it counts on a hub that does not exist, at the place of the lot and with the usual tariffs."""
        return self.route.hub is not None and self.route.hub.id == ASSUMED_HUB


class _Change(NamedTuple):
    means: Means
    amount: float
    lot: Lot
    need: Need


def mends(
    lot: Lot, need: Need, breach: Breach, hubs: Sequence[Hub], params: Params, *, may_cut: bool = False
) -> tuple[Mend, ...]:
    """Return what would mend the one rule that stands between lot and need, the most valuable first.

    A change after which the pair still breaks a rule, or that is worth nothing, is left out. `may_cut` tells whether
    this kind of material can be shortened.
    """
    changes = _CHANGES.get(breach.rule, _nothing)(lot, need, breach, rules.params_for(need, params))
    allowed = (change for change in changes if may_cut or change.means is not Means.CUT)
    found = [mend for change in allowed if (mend := _judged(change, breach, hubs, params))]
    return tuple(sorted(found, key=lambda mend: -mend.value))


def _judged(change: _Change, breach: Breach, hubs: Sequence[Hub], params: Params) -> Mend | None:
    lot, need = change.lot, change.need
    stores = hubs or (_usual_hub(lot),) if change.means is Means.HUB else hubs
    routes = scoring.routes(lot, need, stores, params)
    best = max(routes, key=lambda route: scoring.value(route, route.most), default=None)
    if best is None or scoring.value(best, best.most) <= 0:
        return None
    return Mend(change.means, change.amount, best, breach.slot)


def _usual_hub(lot: Lot) -> Hub:
    return Hub(ASSUMED_HUB, lot.xy, inf, USUAL_HANDLE, USUAL_STORE)


def _nothing(_lot: Lot, _need: Need, _breach: Breach, _params: Params) -> Iterator[_Change]:
    return iter(())


def _in_time(lot: Lot, need: Need, breach: Breach, _params: Params) -> Iterator[_Change]:
    yield _Change(Means.EARLIER, breach.margin, replace(lot, weeks=(need.weeks[1], lot.weeks[1])), need)
    yield _Change(Means.LATER, breach.margin, lot, replace(need, weeks=(need.weeks[0], lot.weeks[0])))


def _stored(lot: Lot, need: Need, breach: Breach, _params: Params) -> Iterator[_Change]:
    yield _Change(Means.HUB, breach.margin, lot, need)
    yield _Change(Means.STAY, breach.margin, replace(lot, weeks=(lot.weeks[0], need.weeks[0])), need)
    yield _Change(Means.SOONER, breach.margin, lot, replace(need, weeks=(lot.weeks[1], need.weeks[1])))


def _graded(lot: Lot, need: Need, breach: Breach, _params: Params) -> Iterator[_Change]:
    yield _Change(Means.LOWER_GRADE, breach.margin, lot, replace(need, grade=lot.grade))


def _tested(lot: Lot, need: Need, _breach: Breach, _params: Params) -> Iterator[_Change]:
    yield _Change(Means.TEST, 0, replace(lot, hazard=rules.CLEAN), need)


def _measured(lot: Lot, need: Need, _breach: Breach, _params: Params) -> Iterator[_Change]:
    """Yield that unknown sizes turn out to be the least that will do."""
    known, windows = lot.dims or (), need.windows or ()
    sizes = [known[slot] if slot < len(known) and known[slot] >= 0 else _least(windows[slot]) for slot in _slots(need)]
    yield _Change(Means.MEASURE, 0, replace(lot, dims=(*sizes, *known[len(sizes) :])), need)


def _slots(need: Need) -> range:
    return range(len(need.windows or ()))


def _least(window: Window) -> float:
    low, high = window
    return low if low > -inf else min(high, 0)


def _smaller(lot: Lot, need: Need, breach: Breach, _params: Params) -> Iterator[_Change]:
    slot, size = breach.slot or 0, (lot.dims or ())[breach.slot or 0]
    wanted = need.cut_mm if slot or need.cut_mm is None else min(need.cut_mm, size)
    window = (size, _window(need, slot)[1])
    yield _Change(Means.SMALLER, breach.margin, lot, replace(need, windows=_with(need, slot, window), cut_mm=wanted))


def _larger(lot: Lot, need: Need, breach: Breach, _params: Params) -> Iterator[_Change]:
    slot, size = breach.slot or 0, (lot.dims or ())[breach.slot or 0]
    low, _ = _window(need, slot)
    if slot == 0 and low > 0:
        yield _Change(Means.CUT, breach.margin, lot, replace(need, cut_mm=low))
    yield _Change(Means.LARGER, breach.margin, lot, replace(need, windows=_with(need, slot, (low, size))))


def _window(need: Need, slot: int) -> Window:
    return (need.windows or ())[slot]


def _with(need: Need, slot: int, window: Window) -> tuple[Window, ...]:
    windows = need.windows or ()
    return (*windows[:slot], window, *windows[slot + 1 :])


def _nearer(lot: Lot, need: Need, breach: Breach, params: Params) -> Iterator[_Change]:
    yield _Change(Means.FURTHER, breach.margin, lot, replace(need, max_km=rules.road_km(lot.xy, need.xy, params)))


def _priced(lot: Lot, need: Need, breach: Breach, params: Params) -> Iterator[_Change]:
    pieces = rules.pieces_per_unit(lot, need, params)
    yield _Change(Means.CHEAPER, breach.margin, replace(lot, price=(need.max_price or 0) * pieces), need)
    yield _Change(Means.DEARER, breach.margin, lot, replace(need, max_price=lot.price / pieces))


def _enough(lot: Lot, need: Need, breach: Breach, params: Params) -> Iterator[_Change]:
    pieces = rules.pieces_per_unit(lot, need, params)
    least, most = rules.least(lot, need, pieces), rules.most(lot, need, pieces)
    if breach.rule is Rule.MINIMUM_BATCH:
        yield _Change(Means.SMALLER_BATCH, need.min_batch - most, lot, replace(need, min_batch=most))
    elif (take := most / pieces if lot.divisible else floor(most / pieces + rules.QUANTITY_SLACK)) > 0:
        yield _Change(Means.TAKE_LESS, lot.min_take - take, replace(lot, min_take=take), need)
    yield _Change(Means.ORDER_MORE, least - need.quantity, lot, replace(need, quantity=max(least, need.quantity)))


_CHANGES: Final[dict[Rule, Callable[[Lot, Need, Breach, Params], Iterator[_Change]]]] = {
    Rule.TOO_LATE: _in_time,
    Rule.NEEDS_HUB: _stored,
    Rule.GRADE: _graded,
    Rule.UNTESTED: _tested,
    Rule.UNMEASURED: _measured,
    Rule.TOO_SHORT: _smaller,
    Rule.TOO_LONG: _larger,
    Rule.DISTANCE: _nearer,
    Rule.PRICE: _priced,
    Rule.MINIMUM_TAKE: _enough,
    Rule.MINIMUM_BATCH: _enough,
}
