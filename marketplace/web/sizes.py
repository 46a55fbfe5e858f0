"""Wanted sizes in the words of a page, the same wherever a need is read, and as the rules judge them."""

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import gettext

from marketplace.kit.measures import Window
from marketplace.materials.dimensions import DimensionRule, Fit, Slot
from marketplace.materials.vocabulary import Category, get_category
from marketplace.projects.models import Need
from marketplace.web.filters import number


def asked_dims(need: Need) -> str:
    """Return the sizes that a need asks for, in the order of its kind: `5.300–5.600 × 1.195 ± 5 mm`."""
    ends = ((need.length_min, need.length_max), (need.width_min, need.width_max), (need.height_min, need.height_max))
    return asked_sizes(get_category(need.category), zip(Slot, ends, strict=True))


def asked_sizes(category: Category, windows: Iterable[tuple[Slot, Window]]) -> str:
    """Return wanted sizes of a kind: `2.115 ± 10 × 930 ± 5 mm`; nothing where no size matters."""
    texts = [asked_size(category.dimension(slot), window) for slot, window in windows if window != (None, None)]
    return f"{' × '.join(texts)} mm" if texts else ""


def asked_size(rule: DimensionRule | None, window: Window) -> str:
    """Return one wanted size without its unit.

    Two ends are what they are. One number, at whichever end, is the wanted size itself: what may be larger or cut is
    at least that, anything else within the tolerance of its kind.
    """
    ends = sorted({end for end in window if end is not None})
    texts = [number(Decimal(end)) for end in ends]
    if len(ends) > 1:
        return "–".join(texts)
    if rule is not None and rule.fit is not Fit.EQUAL:
        return str(gettext("ten minste %(size)s", size=texts[0]))
    return f"{texts[0]} ± {rule.tolerance_mm}" if rule is not None and rule.tolerance_mm else texts[0]
