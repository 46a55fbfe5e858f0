"""The rules of a house for reservations, and the moments and amounts that follow from them.

Days end at midnight in Amsterdam, so that a day there of 23 or 25 hours is still one day; hours are hours that pass.
Moments carry a time zone; those that come back are in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from marketplace.kit.clock import AMSTERDAM, day_of
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.quantities import Unit

_INSTANT: Final = timedelta(microseconds=1)
_STEP: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold how one organisation lends out its stock. The values here are those of who sets none."""

    answer_days: int = 5
    """Days that the owner may take to answer a request."""
    hold_days: int = 14
    """Days that what was confirmed is kept, to be fetched."""
    offer_hours: int = 48
    """Hours that somebody who is offered what came free may think."""
    extensions: int = 1
    """How often a holder may extend."""
    extension_days: int = 7
    """Days that one extension adds."""
    warn_hours: int = 48
    """Hours before the end that people are warned."""
    most_percent: int = 100
    """Share of a lot that one organisation may hold at most."""
    least_percent: int = 0
    """Share of a lot that is taken at least at once; the minimum take of the lot counts too."""


BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "answer_days": (1, 30),
    "hold_days": (1, 365),
    "offer_hours": (1, 336),
    "extensions": (0, 5),
    "extension_days": (1, 90),
    "warn_hours": (1, 336),
    "most_percent": (1, 100),
    "least_percent": (0, 100),
}
"""The least and the greatest value of each field."""


def problems(terms: Terms) -> list[InvalidInputError]:
    """Return what is wrong with these terms, at most one error for a field, in order of the fields."""
    found = [
        InvalidInputError(
            N_("Vul een heel getal in van %(least)s tot en met %(most)s."), field=field, least=least, most=most
        )
        for field, (least, most) in BOUNDS.items()
        if not least <= getattr(terms, field) <= most
    ]
    if not found and terms.least_percent > terms.most_percent:
        message = N_("Dit is meer dan één organisatie ten hoogste mag reserveren (%(most)s%%).")
        found.append(InvalidInputError(message, field="least_percent", most=terms.most_percent))
    return found


def check(terms: Terms) -> None:
    """Raise InvalidInputError, for the field it concerns, for the first thing that is wrong with these terms."""
    for problem in problems(terms):
        raise problem


def end_of_day(at: datetime, days: int) -> datetime:
    """Return the midnight in Amsterdam that ends the day `days` days after the one of `at`, in UTC."""
    after = day_of(at) + timedelta(days=days + 1)
    return datetime.combine(after, time(), AMSTERDAM).astimezone(UTC)


def after_hours(at: datetime, hours: int) -> datetime:
    """Return the moment at which `hours` hours have passed since `at`, in UTC."""
    return at.astimezone(UTC) + timedelta(hours=hours)


def answer_by(terms: Terms, at: datetime) -> datetime:
    """Return until when the owner may answer a request that was made at `at`."""
    return end_of_day(at, terms.answer_days)


def hold_until(terms: Terms, at: datetime, available_from: date) -> datetime:
    """Return until when what was confirmed at `at` is kept; no day counts before the one from which it can be fetched.

    `available_from` is a day in Amsterdam.
    """
    return end_of_day(max(at, datetime.combine(available_from, time(), AMSTERDAM)), terms.hold_days)


def decide_by(terms: Terms, at: datetime) -> datetime:
    """Return until when somebody may think who was offered at `at` what came free."""
    return after_hours(at, terms.offer_hours)


def extended(terms: Terms, until: datetime) -> datetime:
    """Return until when a hold is kept that ran until `until`, after one extension.

    A midnight belongs to the day that it ends, so an extension of seven days adds exactly seven.
    """
    return end_of_day(until - _INSTANT, terms.extension_days)


def warn_from(terms: Terms, until: datetime) -> datetime:
    """Return from when people are warned of the end at `until`; that may lie before the hold began."""
    return after_hours(until, -terms.warn_hours)


def least_of(terms: Terms, total: Decimal, min_take: Decimal, unit: Unit) -> Decimal:
    """Return the least that may be reserved at once of a lot of `total`: its own minimum, or the share if that is more.

    The share is rounded up to what the unit can be. Who takes what is left over may take less; that is for the
    caller to see.
    """
    return min(max(min_take, _share(total, terms.least_percent, unit, ROUND_CEILING)), total)


def most_of(terms: Terms, total: Decimal, unit: Unit, min_take: Decimal = Decimal(0)) -> Decimal:
    """Return the most of a lot of `total` that one organisation may hold: the share, rounded down to the unit.

    It is never less than what must be taken at least, nor than the smallest amount of the unit: a lot of three doors
    of which somebody may hold a quarter would otherwise be for nobody.
    """
    share = _share(total, terms.most_percent, unit, ROUND_FLOOR)
    return max(share, least_of(terms, total, min_take, unit), min(_step_of(unit), total))


def _share(total: Decimal, percent: int, unit: Unit, rounding: str) -> Decimal:
    return (total * percent / 100).quantize(_step_of(unit), rounding)


def _step_of(unit: Unit) -> Decimal:
    return Decimal(1) if unit.whole else _STEP
