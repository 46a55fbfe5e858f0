"""The only place that asks the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_STANDS: Final[list[datetime]] = []
"""Where the clock was made to stand, the latest last; nothing while it runs."""


def now() -> datetime:
    """Return the present moment in UTC."""
    return _STANDS[-1] if _STANDS else datetime.now(UTC)


def today() -> date:
    """Return the date on the wall in the Netherlands, which is what people mean by a day."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the date on the wall in the Netherlands at a moment."""
    return moment.astimezone(AMSTERDAM).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment, for the whole process and until the end: for a test or a demonstration.

    Within it another `standing_at` moves it on. Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    _STANDS.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _STANDS.pop()
