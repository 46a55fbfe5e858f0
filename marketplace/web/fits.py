"""What fits what, in the words of a page: what one unit is worth, and the one rule that is nearly kept."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import inf
from typing import Final, NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.impact.savings import SavingEstimate
from marketplace.listings.models import Listing
from marketplace.matching.conversion import PARAMS, UNMEASURED
from marketplace.matching.models import Proposal
from marketplace.matching.queries import Fit, NearMiss, needs_for_listing
from marketplace.matching.rules import Rule, road_km
from marketplace.materials.dimensions import DimensionName, Slot
from marketplace.materials.vocabulary import get_category
from marketplace.projects.models import Need
from marketplace.web.access import current_actor
from marketplace.web.cards import saving_of
from marketplace.web.filters import day, each_unit, language, money_of, number, quantity
from marketplace.web.mends import MendRow, days_late, mend_rows
from marketplace.web.moments import span
from marketplace.web.sizes import asked_dims
from marketplace.web.worth import value_of

_MOST_ROWS: Final = 6
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class FitRow:
    """Hold one need on the page of a listing: what it asks, and what fitting is worth or what is lacking.

    `text` is the value per unit where it fits and `saves` something, else that it costs more than it saves, or the one
    rule that it nearly keeps; then `mends` is what would help.
    """

    url: str
    title: str
    project: str
    place: str
    dims_text: str
    date_text: str
    quantity_text: str
    fits: bool
    saves: bool
    text: str
    mends: list[MendRow]


class NearChart(NamedTuple):
    """Hold a near miss on one scale, in the order of the macro `near_miss`; an end that is open is None."""

    asked_from: float | None
    asked_to: float | None
    offered: float
    shortfall_text: str
    asked_from_text: str
    asked_to_text: str
    offered_text: str
    sentence: str


def fit_rows(listing: Listing) -> list[FitRow]:
    """Return the open needs that a listing fits, the most valuable first, and then those that it nearly fits.

    A budget shows only to members of the organisation whose need it is.
    """
    members = current_actor().organisations(Permission.HANDLE)
    found = needs_for_listing(listing, organisations=members)
    return [fit_row(pair) for pair in found[:_MOST_ROWS]]


def fit_row(pair: Fit | NearMiss) -> FitRow:
    """Return one need beside a listing, as it fits or nearly does."""
    need, fits = pair.need, isinstance(pair, Fit)
    return FitRow(
        url=url_for("needs.show", reference=need.reference),
        title=need.title,
        project=need.project.name,
        place=f"{need.project.place} · {distance_text(pair)}",
        dims_text=asked_dims(need),
        date_text=str(gettext("nodig vanaf %(day)s", day=day(need.wanted_from))),
        quantity_text=quantity(pair.quantity if isinstance(pair, Fit) else need.quantity, need.unit),
        fits=fits,
        saves=isinstance(pair, Fit) and pair.value > 0,
        text=_row_text(pair),
        mends=mend_rows(pair) if isinstance(pair, NearMiss) else [],
    )


def _row_text(pair: Fit | NearMiss) -> str:
    if isinstance(pair, NearMiss):
        return near_sentence(pair)
    return value_line(pair) if pair.value > 0 else str(gettext("kost meer dan het bespaart"))


def value_line(fit: Fit) -> str:
    """Return what one unit of a fit is worth: `€ 127,90 waarde per st`."""
    amount = money_of(float(value_of(fit) / fit.quantity))
    return str(gettext("%(amount)s waarde per %(unit)s", amount=amount, unit=each_unit(fit.need.unit)))


def weeks_of(match: Fit | Proposal) -> int:
    """Return for how many weeks it is stored in its hub; 0 where it goes directly."""
    if isinstance(match, Fit):
        return match.route.storage_weeks
    return (match.stored_until or 0) - (match.stored_from or 0)


def saving_of_match(match: Fit | Proposal) -> SavingEstimate | None:
    """Return the CO2 that a match saves, the road from lot to site counted, or None where no figure is known."""
    km = match.listing.point.road_km_to(match.need.project.point)
    return saving_of(match.listing, match.take, km=Decimal(round(km)))


def near_sentence(miss: NearMiss) -> str:
    """Return by how much a lot misses a need: `5 mm te kort`, `3 km te ver`, `kwaliteit C, gevraagd B`."""
    told = _TOLD.get(miss.breach.rule)
    return str(told(miss) if told else gettext(miss.breach.sentence))


def near_chart(miss: NearMiss) -> NearChart | None:
    """Return a near miss as a dimension line, or None where what is lacking has no scale."""
    rule = miss.breach.rule
    if rule in {Rule.TOO_SHORT, Rule.TOO_LONG}:
        return _size_chart(miss)
    if rule is Rule.DISTANCE:
        km = miss.need.max_km + miss.breach.margin
        return _at_most(miss, miss.need.max_km, km, f"{miss.need.max_km} km", _km(km))
    if rule is Rule.TOO_LATE:
        ends = (day(miss.need.wanted_until), day(miss.listing.available_from))
        return _at_most(miss, miss.asked.weeks[1], miss.lot.weeks[0], *ends)
    if rule is Rule.PRICE and miss.asked.max_price is not None:
        price = miss.asked.max_price + miss.breach.margin
        return _at_most(miss, miss.asked.max_price, price, money_of(miss.asked.max_price), money_of(price))
    return None


def distance_text(fit: Fit | Proposal | NearMiss) -> str:
    """Return the distance by road from lot to site: `21 km`."""
    return _km(road_km((fit.listing.x_km, fit.listing.y_km), _site(fit.need), PARAMS), up=False)


def _size_chart(miss: NearMiss) -> NearChart:
    breach, slot = miss.breach, miss.breach.slot or 0
    low, high = (miss.asked.windows or ())[slot]
    offered = (miss.lot.dims or ())[slot]
    low_end, high_end = (None if low in {-inf, 0} else low), (None if high == inf else high)
    return NearChart(
        low_end,
        high_end,
        offered,
        f"{_whole(breach.margin)} mm",
        "" if low_end is None else _whole(low_end),
        "" if high_end is None else _whole(high_end),
        _whole(offered),
        near_sentence(miss),
    )


def _at_most(miss: NearMiss, asked: float, offered: float, asked_text: str, offered_text: str) -> NearChart:
    said = near_sentence(miss)
    return NearChart(None, asked, offered, _shortfall(miss), "", asked_text, offered_text, said)


def _shortfall(miss: NearMiss) -> str:
    margin = miss.breach.margin
    if miss.breach.rule is Rule.DISTANCE:
        return _km(margin)
    return money_of(margin) if miss.breach.rule is Rule.PRICE else span(days_late(miss))


def _size(miss: NearMiss) -> str:
    """Return by how much one size misses; any but a length is named, for the first size of a door is its height."""
    rule = get_category(miss.listing.passport.category).dimension(list(Slot)[miss.breach.slot or 0])
    margin = _whole(miss.breach.margin)
    if rule is None or rule.name is DimensionName.LENGTH:
        return str(gettext(miss.breach.sentence)) % {"margin": margin}
    name = rule.name.label(language())
    if miss.breach.rule is Rule.TOO_SHORT:
        return str(gettext("%(size)s %(margin)s mm te klein", size=name, margin=margin))
    return str(gettext("%(size)s %(margin)s mm te groot", size=name, margin=margin))


def _unknown(miss: NearMiss) -> str:
    """Return which of the sizes that are asked for nobody knows, in the words of the kind: `dikte onbekend`."""
    category, known = get_category(miss.listing.passport.category), miss.lot.dims or ()
    names = [
        rule.name.label(language())
        for at, (slot, (low, high)) in enumerate(zip(Slot, miss.asked.windows or (), strict=False))
        if (low > 0 or high < inf) and (at >= len(known) or known[at] == UNMEASURED)
        if (rule := category.dimension(slot))
    ]
    return str(gettext("%(sizes)s onbekend", sizes=", ".join(names)) if names else gettext(miss.breach.sentence))


def _grade(miss: NearMiss) -> str:
    return str(gettext("kwaliteit %(offered)s, gevraagd %(asked)s", offered=miss.lot.grade, asked=miss.asked.grade))


def _late(miss: NearMiss) -> str:
    return str(gettext("%(time)s te laat", time=span(days_late(miss))))


def _stored(miss: NearMiss) -> str:
    weeks = round(miss.breach.margin)
    return str(
        ngettext(
            "%(num)s week opslag nodig, maar er is geen hub", "%(num)s weken opslag nodig, maar er is geen hub", weeks
        )
    )


def _far(miss: NearMiss) -> str:
    return str(gettext(miss.breach.sentence)) % {"margin": _whole(miss.breach.margin, up=True)}


def _dear(miss: NearMiss) -> str:
    return str(gettext(miss.breach.sentence)) % {"margin": number(Decimal(str(miss.breach.margin)).quantize(_CENT), 2)}


def _few(miss: NearMiss) -> str:
    amount = Decimal(str(miss.breach.margin)).quantize(Decimal("0.001"), ROUND_CEILING)
    margin = quantity(amount, miss.need.unit)
    if miss.breach.rule is Rule.MINIMUM_TAKE:
        return str(gettext("de kleinste afname is %(margin)s meer dan er nodig is", margin=margin))
    return str(gettext(miss.breach.sentence)) % {"margin": margin}


_TOLD: Final[dict[Rule, Callable[[NearMiss], str]]] = {
    Rule.TOO_SHORT: _size,
    Rule.TOO_LONG: _size,
    Rule.UNMEASURED: _unknown,
    Rule.GRADE: _grade,
    Rule.TOO_LATE: _late,
    Rule.NEEDS_HUB: _stored,
    Rule.DISTANCE: _far,
    Rule.PRICE: _dear,
    Rule.MINIMUM_TAKE: _few,
    Rule.MINIMUM_BATCH: _few,
}


def _site(need: Need) -> tuple[float, float]:
    return need.project.x_km, need.project.y_km


def _whole(value: float, *, up: bool = False) -> str:
    """Return a whole number; a shortfall is rounded up, because 0 km too far is no shortfall."""
    exact = Decimal(str(value))
    return number(exact.quantize(Decimal(1), ROUND_CEILING) if up else exact.quantize(Decimal(1)))


def _km(km: float, *, up: bool = True) -> str:
    return f"{_whole(km, up=up)} km"
