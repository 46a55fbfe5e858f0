"""What a clock on the wall in the Netherlands shows, as a moment; twice a year that is no matter of course.

In spring an hour does not exist; in autumn one comes twice, and the first of the two is meant.
"""

from datetime import UTC, date, datetime, time

from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.errors import N_, InvalidInputError


def moment_of(day: date, at: time, *, field: str | None = None) -> datetime:
    """Return the moment in UTC at which a clock shows this time; of two the first.

    Raises InvalidInputError, at `field`, for a time that the clock skips on that day.
    """
    shown = datetime.combine(day, at)
    moment = shown.replace(tzinfo=AMSTERDAM, fold=0).astimezone(UTC)
    if moment.astimezone(AMSTERDAM).replace(tzinfo=None) != shown:
        message = N_("%(time)s uur bestaat die dag niet: de klok gaat dan een uur vooruit. Kies een andere tijd.")
        raise InvalidInputError(message, field=field, time=f"{at:%H:%M}")
    return moment


def comes_twice(moment: datetime) -> bool:
    """Tell whether a clock shows the time of this moment twice on that day."""
    shown = moment.astimezone(AMSTERDAM)
    return shown.replace(fold=0).utcoffset() != shown.replace(fold=1).utcoffset()
