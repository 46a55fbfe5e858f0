"""Dealing out: matches as the database counts them, in whole cents and whole pieces, together within every limit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, ROUND_UP, Decimal

from marketplace.matching import account, scoring
from marketplace.matching.conversion import PARAMS, rounded
from marketplace.matching.market import Market
from marketplace.matching.problem import Match, Terms
from marketplace.matching.rules import QUANTITY_SLACK
from marketplace.matching.scoring import Route
from marketplace.matching.stores import ROOM_SLACK, Stay

Key = tuple[str, str, str | None]
"""The ids of a lot, a need, and the hub between them, if any."""


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a need gets of a lot: `quantity` in the unit of the need, `take` in that of the listing.

    `value` is EUR, of what is reserved: all that is taken is paid for. `stay` is the room that it takes in its hub.
    """

    key: Key
    quantity: Decimal
    take: Decimal
    value: Decimal
    route: Route
    stay: Stay | None = None

    @property
    def terms(self) -> tuple[Decimal, ...]:
        """The EUR that add up to the value, to the cent, in the order of `problem.Terms`."""
        terms = account.terms(self.route, self.quantity, self.take)
        return tuple(_cents(getattr(terms, name)) for name in Terms.__slots__)

    @property
    def lot(self) -> str:
        """The id of the lot."""
        return self.key[0]

    @property
    def need(self) -> str:
        """The id of the need."""
        return self.key[1]


@dataclass(slots=True)
class Allotted:
    """Allotments that fit together, and what is left beside them of every lot, need and hub."""

    market: Market
    by_key: dict[Key, Allotment] = field(default_factory=dict)
    of_lot: defaultdict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    of_need: defaultdict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    of_hub: defaultdict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    _taken: defaultdict[tuple[str, int], float] = field(default_factory=lambda: defaultdict(float))
    """The m3 that are taken of each hub in each week."""

    @property
    def value(self) -> Decimal:
        """The EUR that all of it is worth."""
        return sum((allotment.value for allotment in self.by_key.values()), Decimal(0))

    def put(self, allotment: Allotment) -> None:
        """Add an allotment, or put it in the place of the one with the same key."""
        lot, need, hub = allotment.key
        if allotment.key in self.by_key:
            self.drop(allotment.key)
        self.by_key[allotment.key] = allotment
        self.of_lot[lot].add(allotment.key)
        self.of_need[need].add(allotment.key)
        if hub is not None:
            self.of_hub[hub].add(allotment.key)
            self._take_room(allotment, 1)

    def drop(self, key: Key) -> Allotment:
        """Take an allotment away, and return it."""
        lot, need, hub = key
        self.of_lot[lot].discard(key)
        self.of_need[need].discard(key)
        allotment = self.by_key.pop(key)
        if hub is not None:
            self.of_hub[hub].discard(key)
            self._take_room(allotment, -1)
        return allotment

    def _take_room(self, allotment: Allotment, sign: int) -> None:
        if stay := allotment.stay:
            for week in range(stay.start, stay.end):
                self._taken[stay.hub, week] += sign * stay.m3

    def left(self, lot: str) -> Decimal:
        """Return what is left of a lot, in the unit of its listing."""
        taken = sum((self.by_key[key].take for key in self.of_lot[lot]), Decimal(0))
        return self.market.supplies[lot].available - taken

    def lacking(self, need: str) -> Decimal:
        """Return what is still lacking of a need, in its unit."""
        given = sum((self.by_key[key].quantity for key in self.of_need[need]), Decimal(0))
        return self.market.demands[need].lacking - given

    def room(self, hub: str, start: int, end: int) -> float:
        """Return the m3 that are free in a hub in every week from `start` until `end`."""
        capacity = next((known.capacity_m3 for known in self.market.hubs if known.id == hub), 0.0)
        return capacity - max((self._taken.get((hub, week), 0.0) for week in range(start, end)), default=0.0)

    def greatest(self, route: Route, at_most: Decimal | None = None) -> Allotment | None:
        """Return the greatest allotment over a route that fits beside the others, None where none does or pays.

        Of the same key there must be none.
        """
        wanted, left = self.lacking(route.need.id), self.left(route.lot.id)
        if at_most is not None:
            wanted = min(wanted, at_most)
        if (hub := route.hub) and route.lot.m3 > 0:
            room = self.room(hub.id, *route.stored) + ROOM_SLACK
            unit = self.market.supplies[route.lot.id].unit
            left = min(left, rounded(Decimal(str(max(room, 0.0) / route.lot.m3)), unit, ROUND_FLOOR))
        return max(self._possible(route, wanted, left), key=lambda one: one.value, default=None)

    def _possible(self, route: Route, wanted: Decimal, left: Decimal) -> Iterator[Allotment]:
        """Yield what gives all that is wanted, and what does with one piece less where that would not be used up."""
        need, lot = self.market.demands[route.need.id].unit, self.market.supplies[route.lot.id].unit
        pieces = Decimal(str(route.pieces))
        quantity = rounded(min(wanted, left * pieces), need, ROUND_FLOOR)
        take = min(rounded(quantity / pieces, lot, ROUND_UP), left)
        held = rounded(take * pieces, need, ROUND_FLOOR)
        yield from self._worthwhile(route, min(quantity, held), take)
        if lot.whole and quantity < held:
            fewer = take - 1
            yield from self._worthwhile(route, rounded(fewer * pieces, need, ROUND_FLOOR), fewer)

    def _worthwhile(self, route: Route, quantity: Decimal, take: Decimal) -> Iterator[Allotment]:
        # In whole boards, so that the last thousandth of a square metre that rounding takes does not count.
        too_few = float(take) < route.lot.min_take - QUANTITY_SLACK
        if take <= 0 or quantity <= 0 or too_few or float(quantity) < route.need.min_batch - QUANTITY_SLACK:
            return
        if (value := account.value(route, quantity, take)) > 0:
            yield _allotment(route, quantity, take, value)


def route_of(market: Market, key: Key) -> Route | None:
    """Return the way from a lot to a need as the market is now; None where a rule is broken or the pair is excluded."""
    lot, need, hub = key
    if lot not in market.supplies or need not in market.demands or market.is_excluded(lot, need):
        return None
    ways = scoring.routes(market.supplies[lot].lot, market.demands[need].need, market.hubs, PARAMS)
    return next((way for way in ways if (way.hub.id if way.hub else None) == hub), None)


def deal_out(wanted: Iterable[tuple[Key, Decimal]], market: Market) -> Allotted:
    """Return at most these quantities, in this order, as far as the market allows them now."""
    allotted = Allotted(market)
    for key, quantity in wanted:
        route = None if key in allotted.by_key else route_of(market, key)
        if route and (allotment := allotted.greatest(route, quantity)):
            allotted.put(allotment)
    return allotted


def in_order(matches: Iterable[Match]) -> list[tuple[Key, Decimal]]:
    """Return the matches of a plan as they are to be dealt out: the most valuable first."""
    ordered = sorted(matches, key=lambda match: (-match.value, match.lot, match.need, match.hub or ""))
    return [((match.lot, match.need, match.hub), Decimal(str(match.quantity))) for match in ordered]


def _allotment(route: Route, quantity: Decimal, take: Decimal, value: float) -> Allotment:
    hub = route.hub
    stay = Stay(hub.id, *route.stored, float(take) * route.lot.m3) if hub else None
    key = route.lot.id, route.need.id, hub.id if hub else None
    return Allotment(key, quantity, take, _cents(value), route, stay)


def _cents(amount: float) -> Decimal:
    return Decimal(round(amount * 100)).scaleb(-2)
