"""The moment for which a machine wants to know what a passport said. Pure."""

import re
from datetime import UTC, date, datetime, time
from typing import Final

from marketplace.kit.clock import AMSTERDAM, day_of
from marketplace.kit.errors import N_, InvalidInputError

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOST_PLUS: Final = re.compile(r" (?=[0-9]{2}:?[0-9]{2}\Z)")
"""A plus sign that was not percent-encoded, which a query turns into a space."""


def read(text: str, now: datetime) -> datetime:
    """Return the moment of `text` in ISO 8601: a day stands for its end, and for `now` where it is today.

    Without an offset it is Dutch time. Raises InvalidInputError for what is no moment or still has to come.
    """
    try:
        moment = _end_of_day(text, now) if _DAY.fullmatch(text) else _moment(text)
    except (ValueError, OverflowError):
        message = N_("Geef met date een dag of een moment, zoals 2026-09-01 of 2026-09-01T12:00:00Z.")
        raise InvalidInputError(message) from None
    if moment > now:
        raise InvalidInputError(N_("Dat moment moet nog komen: wat een paspoort dan zegt, weet niemand."))
    return moment


def _end_of_day(text: str, now: datetime) -> datetime:
    day = date.fromisoformat(text)
    if day == day_of(now):
        return now
    return datetime.combine(day, time.max, AMSTERDAM).astimezone(UTC)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(_LOST_PLUS.sub("+", text) if "T" in text else text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)
    return aware.astimezone(UTC)
