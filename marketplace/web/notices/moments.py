"""Moments as a mail says them, with the whole name of the day, on the clock of the Netherlands."""

from datetime import date, datetime, time
from typing import Final

from flask_babel import gettext

from marketplace.kit.clock import AMSTERDAM
from marketplace.web.moments import last_day, told_apart, weekday

_IN_FULL: Final = "EEEE d MMMM"


def moment(value: datetime) -> str:
    """Return a moment as `vrijdag 4 december, 14.30 uur`; midnight is the end of the day before it."""
    there, day = value.astimezone(AMSTERDAM), weekday(last_day(value), _IN_FULL)
    if there.time() == time(0):
        return str(gettext("%(day)s, einde van de dag", day=day))
    said = gettext("%(day)s, %(hour)s.%(minute)s uur", day=day, hour=f"{there:%H}", minute=f"{there:%M}")
    return told_apart(said, value)


def day(value: date) -> str:
    """Return a day as `vrijdag 4 december`, with its year unless that is this one."""
    return weekday(value, _IN_FULL)


def window(starts: datetime, ends: datetime) -> str:
    """Return from when to when, as `vrijdag 4 december, 14.30 tot 16.00 uur`."""
    first, last = starts.astimezone(AMSTERDAM), ends.astimezone(AMSTERDAM)
    if first.date() != last.date():
        return str(gettext("%(starts)s tot %(ends)s", starts=moment(starts), ends=moment(ends)))
    day, since, until = weekday(starts, _IN_FULL), _clock(first), _clock(last)
    return str(gettext("%(day)s, %(since)s tot %(until)s uur", day=day, since=since, until=until))


def _clock(value: datetime) -> str:
    return str(gettext("%(hour)s.%(minute)s", hour=f"{value:%H}", minute=f"{value:%M}"))
