"""The rules that a lot must keep to suit a need, each with the margin by which it is broken."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.kit.errors import N_
from marketplace.matching.problem import Lot, Need, Params, Place

CLEAN: Final = "clean"
UNTESTED: Final = "untested"
# Money is compared with this slack, so that a third of a price is not refused for its last binary digit.
MONEY_SLACK: Final = 1e-9
# Sums of thirds and sevenths of pieces stay well within this; no material is dealt out this finely.
QUANTITY_SLACK: Final = 1e-6


class Rule(StrEnum):
    """The ways in which a lot may fail a need."""

    CATEGORY = "category"
    UNIT = "unit"
    HAZARD = "hazard"
    UNTESTED = "untested"
    GRADE = "grade"
    TOO_LATE = "too_late"
    NEEDS_HUB = "needs_hub"
    UNMEASURED = "unmeasured"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    DISTANCE = "distance"
    PRICE = "price"
    MINIMUM_TAKE = "minimum_take"
    MINIMUM_BATCH = "minimum_batch"


SENTENCES: Final = {
    Rule.CATEGORY: N_("andere soort materiaal"),
    Rule.UNIT: N_("hoeveelheid niet om te rekenen"),
    Rule.HAZARD: N_("bevat een gevaarlijke stof"),
    Rule.UNTESTED: N_("nog niet onderzocht op gevaarlijke stoffen"),
    Rule.GRADE: N_("kwaliteit %(margin)s trap te laag"),
    Rule.TOO_LATE: N_("%(margin)s weken te laat"),
    Rule.NEEDS_HUB: N_("%(margin)s weken opslag nodig, maar er is geen hub"),
    Rule.UNMEASURED: N_("maten onbekend"),
    Rule.TOO_SHORT: N_("%(margin)s mm te kort"),
    Rule.TOO_LONG: N_("%(margin)s mm te lang"),
    Rule.DISTANCE: N_("%(margin)s km te ver"),
    Rule.PRICE: N_("€ %(margin)s te duur"),
    Rule.MINIMUM_TAKE: N_("%(margin)s te weinig nodig voor de kleinste afname"),
    Rule.MINIMUM_BATCH: N_("%(margin)s te weinig voor de kleinste bruikbare hoeveelheid"),
}
# No margin makes these nearly right.
NEVER_NEAR: Final = frozenset({Rule.CATEGORY, Rule.UNIT, Rule.HAZARD})


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken rule.

    `margin` is what is lacking or too much, never negative, in `unit` (mm, km, week, eur, grade, piece, or empty
    where nothing can be measured). `slot` is the position of the dimension, 0 for the length.
    """

    rule: Rule
    margin: float
    unit: str
    slot: int | None = None

    @property
    def sentence(self) -> str:
        """The Dutch sentence for people, with `%(margin)s` for the number; a key in the catalogue."""
        return SENTENCES[self.rule]


def road_km(start: Place, end: Place, params: Params) -> float:
    """Return the distance by road between two places, in km."""
    return params.road * math.dist(start, end)


def params_for(need: Need, params: Params) -> Params:
    """Return the rates that count for a need: its own, or those of the problem."""
    return need.params or params


def held(lot: Lot, need: Need) -> float:
    """Return how much of the need's unit is in one unit of the lot, 0 where that is not known."""
    return 1.0 if lot.unit == need.unit else dict(lot.holds).get(need.unit, 0.0)


def pieces_per_unit(lot: Lot, need: Need, params: Params) -> float:
    """Return how much of what is needed comes out of one unit of the lot, in the need's unit."""
    return held(lot, need) * cuts_per_unit(lot, need, params)


def cuts_per_unit(lot: Lot, need: Need, params: Params) -> int:
    """Return how many needed pieces come out of one piece of the lot: one, or more where it may be cut.

    Each cut costs one kerf, and the last piece needs none: n pieces take n wanted lengths and n - 1 kerfs.
    """
    if need.cut_mm is None or not lot.dims:
        return 1
    return max(1, math.floor((lot.dims[0] + params.kerf_mm) / (need.cut_mm + params.kerf_mm)))


def in_whole_pieces(lot: Lot, need: Need) -> bool:
    """Tell whether the quantity of a match is a whole number.

    Of pieces that cover square metres any part counts for the need: the last piece is taken whole, and partly used.
    """
    return need.whole or (lot.unit == need.unit and not lot.divisible)


def least(lot: Lot, need: Need, pieces: float) -> float:
    """Return the smallest quantity that one match may hold, in the need's unit."""
    smallest = max(lot.min_take * pieces, need.min_batch)
    return math.ceil(smallest - QUANTITY_SLACK) if in_whole_pieces(lot, need) else smallest


def most(lot: Lot, need: Need, pieces: float) -> float:
    """Return the greatest quantity that one match may hold, in the need's unit."""
    greatest = min(lot.quantity * pieces, need.quantity)
    return math.floor(greatest + QUANTITY_SLACK) if in_whole_pieces(lot, need) else greatest


def category(lot: Lot, need: Need) -> Breach | None:
    """Check that the need accepts this kind of material."""
    return None if lot.category in need.categories else Breach(Rule.CATEGORY, 0, "")


def unit(lot: Lot, need: Need) -> Breach | None:
    """Check that what the lot holds can be counted as the need counts."""
    return None if held(lot, need) else Breach(Rule.UNIT, 0, "")


def hazard(lot: Lot, need: Need) -> Breach | None:
    """Check that the lot is clean, or untested for a need that accepts that. Unknown is not clean."""
    if lot.hazard == CLEAN or (lot.hazard == UNTESTED and need.accepts_untested):
        return None
    return Breach(Rule.UNTESTED if lot.hazard == UNTESTED else Rule.HAZARD, 0, "")


def grade(lot: Lot, need: Need) -> Breach | None:
    """Check that the lot is graded at least as good as asked; A is best, D is worst."""
    return Breach(Rule.GRADE, ord(lot.grade) - ord(need.grade), "grade") if lot.grade > need.grade else None


def time(lot: Lot, need: Need) -> Breach | None:
    """Check that the lot comes free before the need ends."""
    weeks = lot.weeks[0] - need.weeks[1]
    return Breach(Rule.TOO_LATE, weeks, "week") if weeks > 0 else None


def storage_weeks(lot: Lot, need: Need) -> int:
    """Return how long the lot must wait in a hub: 0 where it can go directly."""
    return max(0, need.weeks[0] - lot.weeks[1])


def storage(lot: Lot, need: Need) -> Breach | None:
    """Check, where there is no hub, that the lot need not wait."""
    weeks = storage_weeks(lot, need)
    return Breach(Rule.NEEDS_HUB, weeks, "week") if weeks else None


def dimension(lot: Lot, need: Need, slot: int) -> Breach | None:
    """Check one dimension of a lot that has it; a length above its window is fine where it may be cut."""
    if not need.windows or not lot.dims:
        return None
    low, high = need.windows[slot]
    size = lot.dims[slot]
    if size < low:
        return Breach(Rule.TOO_SHORT, low - size, "mm", slot)
    if size > high and not (slot == 0 and need.cut_mm is not None):
        return Breach(Rule.TOO_LONG, size - high, "mm", slot)
    return None


def measured(lot: Lot, need: Need) -> Breach | None:
    """Check that the sizes are known; they are compared as far as both sides state them."""
    return Breach(Rule.UNMEASURED, 0, "", 0) if need.windows and lot.dims is None else None


def distance(lot: Lot, need: Need, params: Params) -> Breach | None:
    """Check the distance between lot and need, which also counts when the goods travel through a hub."""
    too_far = road_km(lot.xy, need.xy, params) - need.max_km
    return Breach(Rule.DISTANCE, too_far, "km") if too_far > 0 else None


def price(lot: Lot, need: Need, params: Params) -> Breach | None:
    """Check the price of the material in one needed piece."""
    if need.max_price is None:
        return None
    too_much = lot.price / pieces_per_unit(lot, need, params) - need.max_price
    return Breach(Rule.PRICE, too_much, "eur") if too_much > MONEY_SLACK else None


def quantity(lot: Lot, need: Need, params: Params) -> Breach | None:
    """Check that the lot's least take and the need's least batch leave a quantity that suits both."""
    pieces = pieces_per_unit(lot, need, params)
    lacking = least(lot, need, pieces) - most(lot, need, pieces)
    if lacking <= QUANTITY_SLACK:
        return None
    rule = Rule.MINIMUM_TAKE if lot.min_take * pieces > need.min_batch else Rule.MINIMUM_BATCH
    return Breach(rule, lacking, "piece")


PLAIN_RULES: Final[tuple[Callable[[Lot, Need], Breach | None], ...]] = (category, unit, hazard, grade, time)
MEASURING_RULES: Final[tuple[Callable[[Lot, Need, Params], Breach | None], ...]] = (distance, price, quantity)


def _broken(lot: Lot, need: Need, params: Params, *, hub: bool) -> Iterator[Breach]:
    for plain in PLAIN_RULES:
        if breach := plain(lot, need):
            yield breach
    if not hub and (breach := storage(lot, need)):
        yield breach
    yield from _dimensions(lot, need)
    if not held(lot, need):
        return
    for measuring in MEASURING_RULES:
        if breach := measuring(lot, need, params_for(need, params)):
            yield breach


def _dimensions(lot: Lot, need: Need) -> Iterator[Breach]:
    if not need.windows:
        return
    if breach := measured(lot, need):
        yield breach
    for slot in range(min(len(need.windows), len(lot.dims or ()))):
        if breach := dimension(lot, need, slot):
            yield breach


def breaches(lot: Lot, need: Need, params: Params, *, hub: bool = True) -> list[Breach]:
    """Return every rule that the pair breaks, in a fixed order; `hub` tells whether any hub can store the lot."""
    return list(_broken(lot, need, params, hub=hub))


def fits(lot: Lot, need: Need, params: Params, *, hub: bool = True) -> bool:
    """Tell whether the pair breaks no rule; stops at the first breach."""
    return next(_broken(lot, need, params, hub=hub), None) is None


def near_miss(lot: Lot, need: Need, params: Params, *, hub: bool = True) -> Breach | None:
    """Return the one rule that stands between lot and need.

    None where nothing does or more than one rule is broken, and always for another category or a known hazard.
    """
    found = breaches(lot, need, params, hub=hub)
    return found[0] if len(found) == 1 and found[0].rule not in NEVER_NEAR else None
