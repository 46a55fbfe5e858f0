"""What a match is worth: the routes of a pair, and the terms that make up their value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from marketplace.matching import rules
from marketplace.matching.problem import Hub, Lot, Match, Need, Params, Terms


@dataclass(frozen=True, slots=True)
class Route:
    """One way for a lot to reach a need: directly, or through a hub.

    `pieces` is how much of the need comes out of one lot unit, where each piece is cut in `cuts`. `unit_terms` are EUR
    for one needed piece, in the order of `Terms` without its trips, and `unit_value` is their sum; `trips` is the
    positive EUR that each match costs, whatever its quantity. `stored` are the first week in the hub and the first
    week after it.
    """

    lot: Lot
    need: Need
    hub: Hub | None
    pieces: float
    cuts: int
    unit_terms: tuple[float, float, float, float, float]
    unit_value: float
    trips: float
    stored: tuple[int, int]

    @property
    def take(self) -> float:
        """Lot units that go into one needed piece."""
        return 1 / self.pieces

    @property
    def storage_weeks(self) -> int:
        """Weeks of storage, 0 on a direct route."""
        return self.stored[1] - self.stored[0]

    @property
    def m3(self) -> float:
        """Room that one needed piece takes in the hub."""
        return self.lot.m3 / self.pieces

    @property
    def least(self) -> float:
        """The smallest number of pieces that one match may hold."""
        return rules.least(self.lot, self.need, self.pieces)

    @property
    def most(self) -> float:
        """The greatest number of pieces that one match may hold."""
        return rules.most(self.lot, self.need, self.pieces)


def routes(lot: Lot, need: Need, hubs: Sequence[Hub], params: Params) -> Iterator[Route]:
    """Yield every route of a pair, none where a rule is broken: one direct, or one through each hub."""
    weeks = rules.storage_weeks(lot, need)
    if not rules.fits(lot, need, params, hub=bool(hubs)):
        return
    for hub in hubs if weeks else (None,):
        yield _route(lot, need, hub, params)


def _route(lot: Lot, need: Need, hub: Hub | None, params: Params) -> Route:
    params = rules.params_for(need, params)
    cuts = rules.cuts_per_unit(lot, need, params)
    pieces = rules.pieces_per_unit(lot, need, params)
    stops = (lot.xy, need.xy) if hub is None else (lot.xy, hub.xy, need.xy)
    legs = [rules.road_km(start, end, params) for start, end in pairwise(stops)]
    transport = sum(legs) * lot.kg / 1000 * params.eur_per_tkm / pieces
    stored = (0, 0) if hub is None else (lot.weeks[1], need.weeks[0])
    storage = 0.0 if hub is None else lot.m3 / pieces * (2 * hub.handle + hub.store * (stored[1] - stored[0]))
    terms = (need.new_eur, need.mki_eur, -lot.price / pieces, -transport, -storage)
    trips = params.trip_eur * sum(leg > 0 for leg in legs)
    return Route(lot, need, hub, pieces, cuts, terms, sum(terms), trips, stored)


def value(route: Route, quantity: float) -> float:
    """Return what a match of this many pieces is worth, in EUR, rounded to cents."""
    return round(quantity * route.unit_value - route.trips, 2)


def terms(route: Route, quantity: float) -> Terms:
    """Return the parts of the value, each rounded to cents.

    The cents that rounding leaves over go to the largest part, where they show least, so that the parts add up to
    `value` to the cent.
    """
    cents = [round(quantity * term * 100) for term in route.unit_terms] + [round(-route.trips * 100)]
    largest = max(range(len(cents)), key=lambda at: abs(cents[at]))
    cents[largest] += round(value(route, quantity) * 100) - sum(cents)
    return Terms(*(amount / 100 for amount in cents))


def match(route: Route, quantity: float) -> Match:
    """Return the match of this many pieces over this route."""
    hub = route.hub.id if route.hub else None
    return Match(route.lot.id, route.need.id, hub, quantity, value(route, quantity), terms(route, quantity))
