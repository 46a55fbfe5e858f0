"""What would mend a near miss, in the words of a page, with the step for whoever has it in their hands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from math import ceil, floor, inf
from typing import Any, Final

from flask import url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.listings.models import Listing
from marketplace.matching.mending import OF_LISTER, OF_PLANNER, Means, Mend
from marketplace.matching.problem import Window
from marketplace.matching.queries import NearMiss
from marketplace.materials.dimensions import DimensionName, Slot
from marketplace.materials.vocabulary import get_category
from marketplace.web.access import current_actor
from marketplace.web.filters import each_unit, language, money, number, plain, quantity
from marketplace.web.moments import span
from marketplace.web.worth import hides_rates

_MOST: Final = 3
_SLOTS: Final = tuple(Slot)
_CENT: Final = Decimal("0.01")
_ROUNDS_TO_EUROS: Final = 100
_CENTS: Final = -len(",00")


@dataclass(frozen=True, slots=True)
class MendRow:
    """Hold one mend: what would have to change, what it is then worth, and the page where the reader can change it.

    `value_text` is empty where it would tell the rates of somebody else, `url` where it is in the hands of somebody
    else; `is_planner` tells whose page it is.
    """

    text: str
    value_text: str
    url: str
    is_planner: bool


def mend_rows(miss: NearMiss) -> list[MendRow]:
    """Return what would mend a near miss, first what the reader can do."""
    actor = current_actor()
    plans = actor.may(Permission.TRADE, miss.need.project.organisation_id)
    offers = actor.may(Permission.TRADE, miss.listing.organisation_id)
    rows = [_row(miss, mend, plans=plans, offers=offers) for mend in miss.mends]
    return sorted(rows, key=lambda row: not row.url)[:_MOST]


def fields_of(miss: NearMiss, mend: Mend) -> dict[str, Any]:
    """Return what the form of the need would say with this mend, by the names of its fields; empty where nothing."""
    say = _FIELDS.get(mend.means)
    return say(miss, mend) if say else {}


def mend_text(miss: NearMiss, mend: Mend) -> str:
    """Return what would have to change: `als de partij 2 weken eerder vrijkomt`, `via Hub Noord`."""
    return str(_TEXTS[mend.means](miss, mend))


def value_text(amount: float) -> str:
    """Return what something adds: `+ € 12,50`, from a hundred up in whole euros."""
    exact = Decimal(str(amount))
    if exact < _ROUNDS_TO_EUROS:
        return f"+ {money(exact)}"
    return f"+ {money(exact.quantize(Decimal(1), ROUND_HALF_UP))[:_CENTS]}"


def _row(miss: NearMiss, mend: Mend, *, plans: bool, offers: bool) -> MendRow:
    is_planner = mend.means in OF_PLANNER
    url = ""
    if is_planner and plans:
        url = url_for("needs.edit", reference=miss.need.reference, **fields_of(miss, mend))
    elif mend.means in OF_LISTER and offers:
        url = url_for("listings.edit", reference=miss.listing.reference, _anchor=_ANCHORS.get(mend.means))
    worth = "" if hides_rates(miss.need) else value_text(mend.value)
    if mend.means is Means.LOWER_GRADE and offers and not url:
        # Who offers cannot ask for less, but may have thought too little of the own lot.
        text = gettext("als uw partij kwaliteit %(grade)s blijkt te zijn", grade=miss.asked.grade)
        url = url_for("listings.edit", reference=miss.listing.reference, _anchor="grade")
        return MendRow(str(text), worth, url, is_planner=False)
    return MendRow(mend_text(miss, mend), worth, url, is_planner)


_ANCHORS: Final = {
    Means.EARLIER: "available_from",
    Means.STAY: "available_until",
    Means.MEASURE: "length_mm",
    Means.CHEAPER: "price_eur",
    Means.TAKE_LESS: "min_take",
}


def days_late(miss: NearMiss) -> int:
    """Return how many days after the last day of the need the lot comes free."""
    return (miss.listing.available_from - miss.need.wanted_until).days


def _days_early(miss: NearMiss) -> int:
    return (miss.need.wanted_from - _last_day(miss.listing)).days


def _earlier(miss: NearMiss, _mend: Mend) -> str:
    return str(gettext("als het %(time)s eerder vrijkomt", time=span(days_late(miss))))


def _later(miss: NearMiss, _mend: Mend) -> str:
    return str(gettext("als het %(time)s later mag komen", time=span(days_late(miss))))


def _sooner(miss: NearMiss, _mend: Mend) -> str:
    return str(gettext("als het %(time)s eerder mag komen", time=span(_days_early(miss))))


def _stay(miss: NearMiss, _mend: Mend) -> str:
    return str(gettext("als het %(time)s langer blijft liggen", time=span(_days_early(miss))))


def _hub(_miss: NearMiss, mend: Mend) -> str:
    if mend.is_assumed:
        return str(gettext("met een hub bij de partij, tegen een gewoon tarief (aanname)"))
    return str(gettext("met een hub"))


def _smaller(miss: NearMiss, mend: Mend) -> str:
    margin = _millimetres(mend)
    if name := _size_name(miss, mend):
        return str(gettext("als %(margin)s mm minder %(size)s ook goed is", size=name, margin=margin))
    return str(gettext("als %(margin)s mm korter mag", margin=margin))


def _larger(miss: NearMiss, mend: Mend) -> str:
    margin = _millimetres(mend)
    if name := _size_name(miss, mend):
        return str(gettext("als %(margin)s mm meer %(size)s ook goed is", size=name, margin=margin))
    return str(gettext("als %(margin)s mm langer mag", margin=margin))


def _cut(_miss: NearMiss, mend: Mend) -> str:
    if mend.route.cuts > 1:
        return str(gettext("als u elk stuk in %(num)s zaagt", num=mend.route.cuts))
    return str(gettext("als u %(margin)s mm inkort", margin=_millimetres(mend)))


def _further(_miss: NearMiss, mend: Mend) -> str:
    return str(gettext("als het %(km)s km verder mag zijn", km=number(ceil(mend.amount))))


def _lower_grade(_miss: NearMiss, mend: Mend) -> str:
    return str(gettext("als kwaliteit %(grade)s ook goed is", grade=mend.route.lot.grade))


def _test(_miss: NearMiss, _mend: Mend) -> str:
    return str(gettext("als onderzoek geen gevaarlijke stoffen vindt"))


def _measure(_miss: NearMiss, _mend: Mend) -> str:
    return str(gettext("als de maten gemeten zijn en passen"))


def _cheaper(miss: NearMiss, mend: Mend) -> str:
    return str(gettext("als de prijs %(amount)s per %(unit)s lager is", **_per_unit(miss, mend)))


def _dearer(miss: NearMiss, mend: Mend) -> str:
    return str(gettext("als uw grens %(amount)s per %(unit)s hoger ligt", **_per_unit(miss, mend)))


def _take_less(miss: NearMiss, mend: Mend) -> str:
    least = Decimal(str(mend.route.lot.min_take)).quantize(Decimal("0.001"), ROUND_FLOOR)
    return str(gettext("als de kleinste afname %(amount)s is", amount=quantity(least, miss.listing.unit)))


def _order_more(miss: NearMiss, mend: Mend) -> str:
    return str(gettext("als %(amount)s meer gevraagd wordt", amount=quantity(_pieces(mend), miss.need.unit)))


def _smaller_batch(miss: NearMiss, mend: Mend) -> str:
    return str(gettext("als %(amount)s per levering genoeg is", amount=quantity(_batch(mend), miss.need.unit)))


_TEXTS: Final[dict[Means, Callable[[NearMiss, Mend], str]]] = {
    Means.EARLIER: _earlier,
    Means.LATER: _later,
    Means.HUB: _hub,
    Means.STAY: _stay,
    Means.SOONER: _sooner,
    Means.SMALLER: _smaller,
    Means.LARGER: _larger,
    Means.CUT: _cut,
    Means.FURTHER: _further,
    Means.LOWER_GRADE: _lower_grade,
    Means.TEST: _test,
    Means.MEASURE: _measure,
    Means.CHEAPER: _cheaper,
    Means.DEARER: _dearer,
    Means.TAKE_LESS: _take_less,
    Means.ORDER_MORE: _order_more,
    Means.SMALLER_BATCH: _smaller_batch,
}


def _millimetres(mend: Mend) -> str:
    return number(ceil(mend.amount))


def _size_name(miss: NearMiss, mend: Mend) -> str:
    """Return what a size of this kind is called; nothing for a length, which is simply shorter or longer."""
    rule = get_category(miss.listing.passport.category).dimension(_SLOTS[mend.slot or 0])
    return "" if rule is None or rule.name is DimensionName.LENGTH else rule.name.label(language())


def _per_unit(miss: NearMiss, mend: Mend) -> dict[str, str]:
    amount = Decimal(str(mend.amount)).quantize(_CENT, ROUND_CEILING)
    return {"amount": money(amount), "unit": each_unit(miss.need.unit)}


def _pieces(mend: Mend) -> Decimal:
    return Decimal(str(mend.amount)).quantize(Decimal("0.001"), ROUND_CEILING)


def _batch(mend: Mend) -> Decimal:
    return Decimal(str(mend.route.need.min_batch)).quantize(Decimal("0.001"), ROUND_FLOOR)


def _until(miss: NearMiss, _mend: Mend) -> dict[str, str]:
    return {"wanted_until": miss.listing.available_from.isoformat()}


def _from(miss: NearMiss, _mend: Mend) -> dict[str, str]:
    return {"wanted_from": _last_day(miss.listing).isoformat()}


def _last_day(listing: Listing) -> date:
    ends = [end for end in (listing.available_until, listing.crusher_on) if end is not None]
    return max(min(ends, default=listing.available_from), listing.available_from)


def _sizes(miss: NearMiss, mend: Mend) -> dict[str, str]:
    """Return both ends of the window, with the lot in it: one number alone would be the wanted size."""
    at = mend.slot or 0
    name, size = _SLOTS[at].value, (mend.route.lot.dims or ())[at]
    low, high = _ends(miss, at)
    if mend.means is Means.SMALLER:
        return {f"{name}_min": str(floor(size)), f"{name}_max": "" if high == inf else str(ceil(high))}
    return {f"{name}_min": str(floor(low)) if low > 0 else "", f"{name}_max": str(ceil(size))}


def _ends(miss: NearMiss, at: int) -> Window:
    """Return the window as the form states it where it has both ends, else as the rules widen it."""
    name = _SLOTS[at].value
    least, most = getattr(miss.need, f"{name}_min"), getattr(miss.need, f"{name}_max")
    low, high = (miss.asked.windows or ())[at]
    return (least, most) if least is not None and most is not None else (low, high)


_FIELDS: Final[dict[Means, Callable[[NearMiss, Mend], dict[str, str]]]] = {
    Means.LATER: _until,
    Means.SOONER: _from,
    Means.SMALLER: _sizes,
    Means.LARGER: _sizes,
    Means.CUT: _sizes,
    Means.FURTHER: lambda _miss, mend: {"max_km": str(ceil(mend.route.need.max_km))},
    Means.LOWER_GRADE: lambda _miss, mend: {"grade": mend.route.lot.grade},
    Means.DEARER: lambda _miss, mend: {
        "max_price": str(Decimal(str(mend.route.need.max_price)).quantize(_CENT, ROUND_CEILING))
    },
    Means.ORDER_MORE: lambda miss, mend: {"quantity": plain(miss.need.quantity + _pieces(mend))},
    Means.SMALLER_BATCH: lambda _miss, mend: {"min_batch": plain(_batch(mend))},
}
