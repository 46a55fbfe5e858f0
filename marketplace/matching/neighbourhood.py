"""The local search: what a changed lot or need could serve or be served by, and whom it may displace for that.

Whoever stands is replaced only for a gain of at least 2 % of what goes; and nobody else moves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from math import inf
from typing import Final

from marketplace.matching import scoring
from marketplace.matching.allotting import Allotment, Allotted, Key, route_of
from marketplace.matching.conversion import PARAMS
from marketplace.matching.problem import Lot, Need
from marketplace.matching.rules import QUANTITY_SLACK, params_for, road_km
from marketplace.matching.scoring import Route

LEAST_GAIN: Final = Decimal("0.02")
"""The gain for which what stands is replaced, as a share of what goes."""

CANDIDATES: Final = 40
TRIES: Final = 250
_MOST_DISPLACED: Final = 3
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Move:
    """What would come and go: `before` and `after` are by key; the gain is EUR."""

    gain: Decimal
    before: dict[Key, Allotment]
    after: dict[Key, Allotment]


@dataclass(slots=True)
class Search:
    """One search around what changed, in what stands; `dirty` are the keys that it changed."""

    allotted: Allotted
    tries: int = TRIES
    dirty: set[Key] = field(default_factory=set)
    _loose_lots: set[str] = field(default_factory=set)
    _loose_needs: set[str] = field(default_factory=set)

    def around_lot(self, lot: str) -> None:
        """Let a lot that came or changed serve the needs for which it is worth most."""
        if lot in self.allotted.market.supplies:
            self._improve(self.ways_of_lot(self.allotted.market.supplies[lot].lot))

    def around_need(self, need: str) -> None:
        """Let a need that came or changed be served by the lots that are worth most for it."""
        if need in self.allotted.market.demands:
            self._improve(self.ways_of_need(self.allotted.market.demands[need].need))

    def fill_up(self) -> None:
        """Let what came loose serve, and be served, where that takes nothing from anybody."""
        market = self.allotted.market
        for lot in sorted(self._loose_lots & market.supplies.keys()):
            if self.allotted.left(lot) > 0:
                self._fill(self.ways_of_lot(market.supplies[lot].lot))
        for need in sorted(self._loose_needs & market.demands.keys()):
            if self.allotted.lacking(need) > 0:
                self._fill(self.ways_of_need(market.demands[need].need))

    def loosen(self, key: Key) -> None:
        """Note that something went or shrank, so that its lot and its need are looked at in the end."""
        self._loose_lots.add(key[0])
        self._loose_needs.add(key[1])

    def ways_of_lot(self, lot: Lot) -> list[Route]:
        """Return the ways of a lot to the needs for which it is worth most, the best first."""
        market = self.allotted.market
        return self._best((lot, market.demands[need].need) for need in market.needs_of[lot.category])

    def ways_of_need(self, need: Need) -> list[Route]:
        """Return the ways to a need from the lots that are worth most for it, the best first."""
        market = self.allotted.market
        lots = (lot for category in need.categories for lot in market.lots_of[category])
        return self._best((market.supplies[lot].lot, need) for lot in lots)

    def _best(self, pairs: Iterator[tuple[Lot, Need]]) -> list[Route]:
        """Return the ways of the pairs that are worth most, the best first; of equals the need that came first."""
        market = self.allotted.market
        found: list[tuple[float, float, str, str, str, Route]] = []
        for lot, need in pairs:
            if not _may_suit(lot, need) or market.is_excluded(lot.id, need.id):
                continue
            for route in scoring.routes(lot, need, market.hubs, PARAMS):
                hub = route.hub.id if route.hub else ""
                found.append((-scoring.value(route, route.most), need.posted, need.id, lot.id, hub, route))
        found.sort(key=lambda ranked: ranked[:5])
        best = dict.fromkeys((lot, need) for _, _, need, lot, _, _ in found)
        kept = set(islice(best, CANDIDATES))
        return [ranked[-1] for ranked in found if ranked[0] < 0 and (ranked[3], ranked[2]) in kept]

    def _improve(self, ways: Sequence[Route]) -> None:
        """Take the move with the greatest gain, again and again, until none is worth it."""
        while self.tries > 0 and (move := self._best_move(ways)):
            self._take(move)

    def _best_move(self, ways: Sequence[Route]) -> Move | None:
        best: Move | None = None
        for route in ways:
            for displaced in self._displaceable(route):
                least = best.gain if best else _NOTHING
                if self.tries <= 0 or self._promise(route, displaced) <= float(least):
                    continue
                self.tries -= 1
                move = self._tried(route, displaced)
                if move and move.gain > least:
                    best = move
        return best

    def _displaceable(self, route: Route) -> Iterator[tuple[Key, ...]]:
        """Yield who might make place: nobody, the least valuable on the need, or on the lot, or of both."""
        on_need = self._least_valuable(self.allotted.of_need[route.need.id], route)
        on_lot = self._least_valuable(self.allotted.of_lot[route.lot.id], route)
        yield ()
        for count in range(1, len(on_need) + 1):
            yield tuple(on_need[:count])
        for count in range(1, len(on_lot) + 1):
            yield tuple(on_lot[:count])
        if on_need and on_lot:
            yield on_need[0], on_lot[0]

    def _least_valuable(self, keys: set[Key], route: Route) -> list[Key]:
        others = [key for key in keys if key[:2] != (route.lot.id, route.need.id)]
        others.sort(key=lambda key: (_of_one(self.allotted.by_key[key]), key[0], key[1], key[2] or ""))
        return others[:_MOST_DISPLACED]

    def _promise(self, route: Route, displaced: tuple[Key, ...]) -> float:
        """Return a gain in EUR that a move can at most bring, worked out without making it."""
        own = self.allotted.by_key.get(_key_of(route))
        gone = [self.allotted.by_key[key] for key in displaced]
        more = own.take if own else _NOTHING
        left = (
            self.allotted.left(route.lot.id)
            + more
            + sum((one.take for one in gone if one.lot == route.lot.id), _NOTHING)
        )
        wanted = self.allotted.lacking(route.need.id) + (own.quantity if own else _NOTHING)
        wanted += sum((one.quantity for one in gone if one.need == route.need.id), _NOTHING)
        quantity = min(route.most, float(left) * route.pieces, float(wanted))
        if quantity < route.least - QUANTITY_SLACK or not quantity:
            return -inf
        return quantity * route.unit_value - route.trips - float(own.value if own else 0)

    def _tried(self, route: Route, displaced: tuple[Key, ...]) -> Move | None:
        """Return the move that lets a route take what it can in the place of others, who then take what is left."""
        allotted, own = self.allotted, _key_of(route)
        before = {key: allotted.drop(key) for key in (own, *displaced) if key in allotted.by_key}
        after: dict[Key, Allotment] = {}
        if came := allotted.greatest(route):
            after[own] = came
            allotted.put(came)
            for key in sorted(displaced, key=lambda key: (-before[key].value, key[0], key[1])):
                way = route_of(allotted.market, key)
                if way and (rest := allotted.greatest(way, before[key].quantity)):
                    after[key] = rest
                    allotted.put(rest)
        for key in after:
            allotted.drop(key)
        for allotment in before.values():
            allotted.put(allotment)
        return _worthwhile(before, after, displaced) if came else None

    def _take(self, move: Move) -> None:
        for key in move.before:
            self.allotted.drop(key)
        for allotment in move.after.values():
            self.allotted.put(allotment)
        self.dirty |= move.before.keys() | move.after.keys()
        for key, allotment in move.before.items():
            if key not in move.after or move.after[key].quantity < allotment.quantity:
                self.loosen(key)

    def _fill(self, ways: Sequence[Route]) -> None:
        """Add what fits beside everything that stands, in the order of the ways."""
        for route in ways:
            if _key_of(route) not in self.allotted.by_key and (came := self.allotted.greatest(route)):
                self.allotted.put(came)
                self.dirty.add(came.key)


def _worthwhile(before: dict[Key, Allotment], after: dict[Key, Allotment], displaced: tuple[Key, ...]) -> Move | None:
    gain = _value(after) - _value(before)
    goes = sum((before[key].value - (after[key].value if key in after else _NOTHING) for key in displaced), _NOTHING)
    return Move(gain, before, after) if gain > 0 and gain >= LEAST_GAIN * goes else None


def _value(allotments: dict[Key, Allotment]) -> Decimal:
    return sum((allotment.value for allotment in allotments.values()), _NOTHING)


def _of_one(allotment: Allotment) -> Decimal:
    return allotment.value / allotment.quantity


def _key_of(route: Route) -> Key:
    return route.lot.id, route.need.id, route.hub.id if route.hub else None


def _may_suit(lot: Lot, need: Need) -> bool:
    """Tell quickly whether it is worth asking all rules."""
    return lot.weeks[0] <= need.weeks[1] and road_km(lot.xy, need.xy, params_for(need, PARAMS)) <= need.max_km
