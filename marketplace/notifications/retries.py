"""When a mail that failed is tried again: soon at first, then ever later, and no more after a day."""

from datetime import datetime, timedelta
from typing import Final

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 900))
"""What is waited after the first try, the second and so on: together just under a day."""

LEASE: Final = timedelta(minutes=5)
"""How long a worker may take over one mail before another takes it over; a mail server gets a fraction of it."""

OLDEST: Final = timedelta(days=3)
"""What happened longer ago is no news, and nobody is told of it any more."""


def next_try(attempts: int, at: datetime) -> datetime | None:
    """Return when to try once more after `attempts` tries, of which the last failed at `at`; None to give up."""
    return at + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
