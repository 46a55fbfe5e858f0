"""Moments and deadlines as people say them, on the clock of the Netherlands."""

from datetime import date, datetime, time, timedelta
from typing import Final

from flask import Flask
from flask_babel import format_date, gettext, ngettext

from marketplace.kit import clock
from marketplace.kit.clock import AMSTERDAM

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR


def last_day(until: datetime) -> date:
    """Return the last day that belongs to a deadline: one at midnight belongs to the day that it ends."""
    there = until.astimezone(AMSTERDAM)
    return there.date() - timedelta(days=1) if there.time() == time(0) else there.date()


def until(value: datetime) -> str:
    """Return a deadline as `tot en met do 3 dec`, or where it does not end a day as `tot do 3 dec 14.30 uur`."""
    there = value.astimezone(AMSTERDAM)
    if there.time() == time(0):
        return str(gettext("tot en met %(day)s", day=weekday(last_day(value))))
    return str(gettext("tot %(moment)s", moment=moment(value)))


def moment(value: datetime) -> str:
    """Return a moment as `do 3 dec 14.30 uur`; in the hour that comes twice it says which of the two."""
    there = value.astimezone(AMSTERDAM)
    said = gettext(
        "%(day)s %(hour)s.%(minute)s uur", day=weekday(there.date()), hour=f"{there:%H}", minute=f"{there:%M}"
    )
    return f"{said} {_which(there)}".strip()


def weekday(value: date | datetime) -> str:
    """Return a day with its name as `do 3 dec`, and with its year as `do 3 dec 2027` unless that is this one."""
    day = value.astimezone(AMSTERDAM).date() if isinstance(value, datetime) else value
    pattern = "EEE d MMM" if day.year == clock.today().year else "EEE d MMM yyyy"
    return str(format_date(day, pattern)).replace(".", "")


def left(value: datetime) -> str:
    """Return how long it is until then: `nog 3 dagen`, `nog 5 uur`, `nog 12 minuten`, or that it is now."""
    seconds = int((value - clock.now()).total_seconds())
    if seconds >= 2 * _DAY:
        return str(ngettext("nog %(num)s dag", "nog %(num)s dagen", seconds // _DAY))
    if seconds >= _HOUR:
        return str(ngettext("nog %(num)s uur", "nog %(num)s uur", seconds // _HOUR))
    if seconds >= _MINUTE:
        return str(ngettext("nog %(num)s minuut", "nog %(num)s minuten", seconds // _MINUTE))
    return str(gettext("nu afgelopen") if seconds <= 0 else gettext("nog geen minuut"))


def _which(there: datetime) -> str:
    if there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset():
        return ""
    return str(gettext("(wintertijd)") if there.fold else gettext("(zomertijd)"))


def register(app: Flask) -> None:
    """Make these known to the templates."""
    for function in (until, moment, weekday, left):
        app.add_template_filter(function)
