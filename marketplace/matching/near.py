"""When a lot that breaks one rule of a need is worth showing all the same."""

from collections.abc import Sequence
from typing import Final

from marketplace.matching import mending, rules
from marketplace.matching.conversion import PARAMS, UNMEASURED
from marketplace.matching.mending import Mend
from marketplace.matching.problem import Hub, Lot, Need
from marketplace.matching.rules import NEVER_NEAR, Breach, Rule
from marketplace.materials.dimensions import Fit, Slot
from marketplace.materials.vocabulary import get_category

# The most that may be lacking or too much, in the unit of the rule.
_MOST: Final = {
    Rule.GRADE: 1,
    Rule.TOO_LATE: 8,
    Rule.NEEDS_HUB: 26,
    Rule.DISTANCE: 15,
}
# The same as a share of what was asked, for what differs from kind to kind.
_SHARE_OF_PRICE: Final = 0.25
# Of a size also the most in mm. A door that must be as high as its opening is no door for one of 200 mm more.
_OF_SIZE: Final = {Fit.EQUAL: (0.02, 50), Fit.AT_LEAST: (0.1, 300), Fit.CUT: (0.1, 300)}


def near_miss(lot: Lot, asked: Need, *, hub: bool) -> Breach | None:
    """Return the one rule that stands between lot and need, where it is broken by little; see `rules.near_miss`."""
    found = dict.fromkeys(_named(breach, lot) for breach in rules.breaches(lot, asked, PARAMS, hub=hub))
    breach = next(iter(found), None)
    if breach is None or len(found) > 1 or breach.rule in NEVER_NEAR:
        return None
    return breach if _is_near(breach, lot, asked) else None


def mends(lot: Lot, asked: Need, breach: Breach, hubs: Sequence[Hub]) -> tuple[Mend, ...]:
    """Return what would mend a near miss, the most valuable first; whole pieces of some kinds may be cut."""
    length = get_category(lot.category).dimension(Slot.LENGTH)
    may_cut = asked.whole and length is not None and length.fit is Fit.CUT
    return mending.mends(lot, asked, breach, hubs, PARAMS, may_cut=may_cut)


def _named(breach: Breach, lot: Lot) -> Breach:
    """Return the breach, or that sizes are unknown: however many are, it is one thing that is lacking."""
    unknown = breach.slot is not None and lot.dims is not None and lot.dims[breach.slot] == UNMEASURED
    return Breach(Rule.UNMEASURED, 0, "") if unknown or breach.rule is Rule.UNMEASURED else breach


def _is_near(breach: Breach, lot: Lot, asked: Need) -> bool:
    """Tell whether the one rule that a lot breaks is broken by little: 5 mm, 3 km, two weeks, one grade."""
    if breach.rule in _MOST and breach.margin > _MOST[breach.rule]:
        return False
    if breach.rule is Rule.PRICE:
        return breach.margin <= _SHARE_OF_PRICE * (asked.max_price or 0)
    if breach.slot is not None and breach.unit == "mm" and asked.windows:
        low, high = asked.windows[breach.slot]
        rule = get_category(lot.category).dimension(list(Slot)[breach.slot])
        share, most = _OF_SIZE[rule.fit if rule else Fit.EQUAL]
        return breach.margin <= min(share * (low if breach.rule is Rule.TOO_SHORT else high), most)
    return True
