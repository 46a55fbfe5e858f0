"""The matching problem as plain values: lots, needs, hubs, and what a plan for them looks like.

Units everywhere: places in km on a flat map, lengths in mm, masses in kg, volumes in m3, money in EUR, time in week
numbers from any common origin. Quantities count the lot's own unit (piece, m2, t) or that of the need; what is said
of "pieces needed" holds for whatever the need counts.
"""

from dataclasses import dataclass

Place = tuple[float, float]
Weeks = tuple[int, int]
Window = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lot:
    """Supply in one place: in stock, or in a building until its harvest.

    `weeks` are the first and last week in which it can be fetched. `price`, `kg` and `m3` count for one unit.
    `dims` are oriented (length first) and None for loose material. `min_take` is the least that goes at once.
    A lot that is not `divisible` goes in whole pieces. `unit` names what it is counted in, and `holds` how much of
    other units is in one of it, such as ("m2", 6.4); a need that is counted in none of these cannot use it.
    """

    id: str
    category: str
    quantity: float
    price: float
    kg: float
    m3: float
    xy: Place
    weeks: Weeks
    dims: tuple[float, ...] | None
    grade: str
    hazard: str
    min_take: float = 0
    divisible: bool = False
    unit: str = ""
    holds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Demand of one building project.

    `windows` give the least and the greatest size per dimension, or None where any size will do. With `cut_mm`, the
    wanted length, a piece that is longer than its window allows may be cut, into as many pieces as it holds.
    `new_eur` and `mki_eur` are the price and the environmental cost of one new piece, which a match avoids.
    `max_km` is measured by road; `max_price` is for the material of one piece. A need that is `whole` takes whole
    pieces, of whatever lot. `params` stand for those of the problem where whoever needs it counts otherwise, and
    `posted` tells which of two equals comes first: the lower.
    """

    id: str
    categories: frozenset[str]
    quantity: float
    new_eur: float
    mki_eur: float
    xy: Place
    weeks: Weeks
    windows: tuple[Window, ...] | None
    grade: str
    max_km: float
    cut_mm: float | None = None
    max_price: float | None = None
    accepts_untested: bool = False
    min_batch: float = 1
    unit: str = ""
    whole: bool = False
    params: "Params | None" = None
    posted: float = 0


@dataclass(frozen=True, slots=True)
class Hub:
    """Storage between harvest and use: `handle` is EUR per m3 moved in or out, `store` EUR per m3 and week."""

    id: str
    xy: Place
    capacity_m3: float
    handle: float
    store: float


@dataclass(frozen=True, slots=True)
class Params:
    """What counts for every match: `road` is the length of the road for each straight km, `kerf_mm` the saw cut."""

    eur_per_tkm: float
    trip_eur: float
    kerf_mm: float
    road: float


@dataclass(frozen=True, slots=True)
class Fixed:
    """A reservation: the plan holds at least this quantity of the lot for the need."""

    lot: str
    need: str
    quantity: float


@dataclass(frozen=True, slots=True)
class Instance:
    """One matching problem; its value does not depend on the order of its parts.

    `excluded` holds pairs of lot and need, by their ids, that must not be matched whatever they are worth.
    """

    params: Params
    lots: tuple[Lot, ...]
    needs: tuple[Need, ...]
    hubs: tuple[Hub, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    excluded: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """What makes up the value of a match, in signed EUR: what is avoided counts up, what is spent counts down."""

    new: float
    mki: float
    price: float
    transport: float
    storage: float
    trips: float


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal, never a claim: `quantity` pieces for the need out of the lot, directly where `hub` is None."""

    lot: str
    need: str
    hub: str | None
    quantity: float
    value: float
    terms: Terms


@dataclass(frozen=True, slots=True)
class Plan:
    """All proposals together; `value` is the sum of their values, in EUR.

    `bound` is what no plan for the problem can be worth more than, or None where it was not worked out.
    """

    value: float
    matches: tuple[Match, ...]
    bound: float | None = None
