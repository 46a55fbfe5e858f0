"""A month as a sheet of weeks that begin on Monday. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2199, 12, 1)
_NAMED: Final = re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Month:
    """Hold a month by its first day."""

    first: date

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1)]

    @property
    def lead(self) -> int:
        """Return how many days of the first week belong to the month before."""
        return self.first.weekday()

    @property
    def previous(self) -> "Month":
        return month_of(self.first - timedelta(days=1))

    @property
    def next(self) -> "Month":
        return month_of(self.first + timedelta(days=31))

    @property
    def name(self) -> str:
        """Return it as an address names it: `2026-12`."""
        return f"{self.first:%Y-%m}"


def month_of(day: date) -> Month:
    """Return the month in which a day lies."""
    return Month(day.replace(day=1))


def find_month(name: str) -> Month | None:
    """Return the month that is called so, such as `2026-12`, from 2000 to 2199, or None."""
    if not _NAMED.fullmatch(name):
        return None
    first = date(int(name[:4]), int(name[5:]), 1)
    return Month(first) if _FIRST <= first <= _LAST else None
