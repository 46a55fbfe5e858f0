"""Moments and deadlines as people say them, on the clock of the Netherlands."""

from datetime import date, datetime, time, timedelta
from typing import Final

from flask import Flask
from flask_babel import format_date, gettext, ngettext

from marketplace.kit import clock
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.wall_time import comes_twice
from marketplace.web.filters import clock_time

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_WEEK: Final = 7
_IN_DAYS: Final = 3 * _WEEK


def last_day(until: datetime) -> date:
    """Return the last day that belongs to a deadline: one at midnight belongs to the day that it ends."""
    there = until.astimezone(AMSTERDAM)
    return there.date() - timedelta(days=1) if there.time() == time(0) else there.date()


def until(value: datetime) -> str:
    """Return a deadline as `tot en met do 3 dec`, or where it does not end a day as `tot do 3 dec 14:30 uur`."""
    there = value.astimezone(AMSTERDAM)
    if there.time() == time(0):
        return str(gettext("tot en met %(day)s", day=weekday(last_day(value))))
    return str(gettext("tot %(moment)s", moment=moment(value)))


def moment(value: datetime) -> str:
    """Return a moment as `do 3 dec 14:30 uur`; in the hour that comes twice it says which of the two."""
    return told_apart(gettext("%(day)s %(time)s uur", day=weekday(value), time=clock_time(value)), value)


def told_apart(said: str, value: datetime) -> str:
    """Return what is said of a moment, and in the hour that comes twice which of the two it is: `(wintertijd)`."""
    if not comes_twice(value):
        return said
    which = gettext("(wintertijd)") if value.astimezone(AMSTERDAM).fold else gettext("(zomertijd)")
    return f"{said} {which}"


def weekday(value: date | datetime, pattern: str = "EEE d MMM") -> str:
    """Return a day with its name as `do 3 dec`, and with its year as `do 3 dec 2027` unless that is this one."""
    day = clock.day_of(value) if isinstance(value, datetime) else value
    of_year = pattern if day.year == clock.today().year else f"{pattern} yyyy"
    return str(format_date(day, of_year)).replace(".", "")


def ahead(value: date) -> date | None:
    """Return a day that is still to come, or None where it has come."""
    return value if value > clock.today() else None


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


def span(days: int) -> str:
    """Return how long something takes: `8 dagen`, and from three weeks up, or in whole weeks, `2 weken`."""
    if days < _IN_DAYS and days % _WEEK:
        return str(ngettext("%(num)s dag", "%(num)s dagen", days))
    return str(ngettext("%(num)s week", "%(num)s weken", round(days / _WEEK)))


def register(app: Flask) -> None:
    """Make these known to the templates."""
    for function in (until, moment, weekday, ahead, left):
        app.add_template_filter(function)
