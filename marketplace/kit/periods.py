"""Days and longer times as people write them: '1-3-2027', 'mrt 2027', 'week 12 2027'. Pure."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.words import fold

_MONTHS: Final = (
    "januari january",
    "februari february",
    "maart march mrt",
    "april",
    "mei may",
    "juni june",
    "juli july",
    "augustus august",
    "september sept",
    "oktober october",
    "november",
    "december",
)
_SHORTEST_MONTH: Final = 3
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_MIDNIGHT: Final = re.compile(r"[ t]00:00(?::00)?$")
_YEAR: Final = r"(?P<year>[0-9]{4}|'?[0-9]{2})"
_BETWEEN: Final = r"[-/. ]+"


class Period(NamedTuple):
    """Hold the first and the last day; the same for a single day."""

    first: date
    last: date


def parse_period(text: str, *, field: str | None = None) -> Period:
    """Return the days that are meant by a day, a week, a month or a quarter with its year, in Dutch or English.

    Figures are in the Dutch order, day-month-year, unless the year comes first. Raises InvalidInputError, for `field`.
    """
    plain = _MIDNIGHT.sub("", " ".join(fold(text).replace(",", " ").split()))
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(plain):
            try:
                return _checked(read(match))
            except ValueError:
                continue
    message = N_("“%(text)s” is geen dag. Schrijf 1-3-2027, mrt 2027 of week 12 2027.")
    raise InvalidInputError(message, field=field, text=text.strip()[:40])


def _checked(period: Period) -> Period:
    if not _FIRST_YEAR <= period.first.year <= period.last.year <= _LAST_YEAR:
        raise ValueError(period)
    return period


def _year(match: re.Match[str]) -> int:
    figures = match["year"].lstrip("'")
    return int(figures) + (2000 if len(figures) == 2 else 0)


def _month(match: re.Match[str]) -> int:
    word = match["month"]
    if word.isdecimal():
        return int(word)
    if len(word) >= _SHORTEST_MONTH:
        for number, names in enumerate(_MONTHS, 1):
            if any(name.startswith(word) for name in names.split()):
                return number
    raise ValueError(word)


def _of_day(match: re.Match[str]) -> Period:
    day = date(_year(match), _month(match), int(match["day"]))
    return Period(day, day)


def _of_month(match: re.Match[str]) -> Period:
    first = date(_year(match), _month(match), 1)
    return Period(first, first.replace(day=monthrange(first.year, first.month)[1]))


def _of_week(match: re.Match[str]) -> Period:
    monday = date.fromisocalendar(_year(match), int(match["week"]), 1)
    return Period(monday, monday + timedelta(days=6))


def _of_quarter(match: re.Match[str]) -> Period:
    first = date(_year(match), int(match["quarter"]) * 3 - 2, 1)
    last_month = first.month + 2
    return Period(first, date(first.year, last_month, monthrange(first.year, last_month)[1]))


_Reader = Callable[[re.Match[str]], Period]
_DAY: Final = r"(?P<day>[0-9]{1,2})"
_NUMBER: Final = r"(?P<month>[0-9]{1,2})"
_WORD: Final = r"(?P<month>[a-z]{3,9})"
_WEEK: Final = r"w(?:ee)?k?\.? ?(?P<week>[0-9]{1,2})"
_QUARTER: Final = r"(?:q(?:uarter)?|kwartaal|k) ?(?P<quarter>[1-4])"
_ISO_YEAR: Final = r"(?P<year>[0-9]{4})"
_FORMS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_ISO_YEAR}{_BETWEEN}{_NUMBER}{_BETWEEN}{_DAY}", _of_day),
        (rf"{_DAY}{_BETWEEN}{_NUMBER}{_BETWEEN}{_YEAR}", _of_day),
        (rf"{_DAY}{_BETWEEN}{_WORD}{_BETWEEN}{_YEAR}", _of_day),
        (rf"{_WORD} {_DAY} {_ISO_YEAR}", _of_day),
        (rf"{_WORD}{_BETWEEN}{_YEAR}", _of_month),
        (rf"{_NUMBER}[-/]{_ISO_YEAR}", _of_month),
        (rf"{_ISO_YEAR}[-/]{_NUMBER}", _of_month),
        (rf"{_WEEK}{_BETWEEN}{_YEAR}", _of_week),
        (rf"{_ISO_YEAR}[-/. ]*{_WEEK}", _of_week),
        (rf"{_QUARTER}{_BETWEEN}{_YEAR}", _of_quarter),
        (rf"(?P<quarter>[1-4])e? ?(?:kwartaal|q){_BETWEEN}{_YEAR}", _of_quarter),
        (rf"{_ISO_YEAR}[-/. ]*{_QUARTER}", _of_quarter),
    )
)
