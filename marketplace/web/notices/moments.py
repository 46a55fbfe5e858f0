"""Moments as people say them: the day by its name, on the clock of the Netherlands."""

from datetime import datetime, time, timedelta

from flask_babel import format_date, gettext

from marketplace.kit.clock import AMSTERDAM


def moment(value: datetime) -> str:
    """Return a moment as `vrijdag 4 december, 14.30 uur`; midnight is the end of the day before it."""
    there = value.astimezone(AMSTERDAM)
    if there.time() == time(0):
        return str(gettext("%(day)s, einde van de dag", day=_day(there - timedelta(days=1))))
    return str(gettext("%(day)s, %(hour)s.%(minute)s uur", day=_day(there), hour=f"{there:%H}", minute=f"{there:%M}"))


def window(starts: datetime, ends: datetime) -> str:
    """Return from when to when, as `vrijdag 4 december, 14.30 tot 16.00 uur`."""
    first, last = starts.astimezone(AMSTERDAM), ends.astimezone(AMSTERDAM)
    if first.date() != last.date():
        return str(gettext("%(starts)s tot %(ends)s", starts=moment(starts), ends=moment(ends)))
    since, until = _clock(first), _clock(last)
    return str(gettext("%(day)s, %(since)s tot %(until)s uur", day=_day(first), since=since, until=until))


def _clock(value: datetime) -> str:
    return str(gettext("%(hour)s.%(minute)s", hour=f"{value:%H}", minute=f"{value:%M}"))


def _day(value: datetime) -> str:
    # The time zone is taken off, because the library would shift the day once more.
    return str(format_date(value.date(), "EEEE d MMMM"))
