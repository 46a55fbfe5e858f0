"""The clock runs, unless a test or a demonstration makes it stand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.kit import clock, journal
from marketplace.kit.journal import By

NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_it_runs():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_stands_where_it_is_put_and_runs_again_afterwards():
    with clock.standing_at(NEW_YEARS_EVE.astimezone(clock.AMSTERDAM)):
        assert (clock.now(), clock.now().tzinfo) == (NEW_YEARS_EVE, UTC)
        assert clock.today() == date(2027, 1, 1)
        with clock.standing_at(NEW_YEARS_EVE + timedelta(hours=1)):
            assert clock.now() == NEW_YEARS_EVE + timedelta(hours=1)
        assert clock.now() == NEW_YEARS_EVE
    assert clock.now() != NEW_YEARS_EVE


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 1, 22, 59, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 1, 23, 0, tzinfo=UTC), date(2026, 12, 2)),
    ],
)
def test_a_day_begins_at_midnight_in_the_netherlands(moment, day):
    assert clock.day_of(moment) == day


def test_it_runs_again_after_an_error():
    with pytest.raises(LookupError), clock.standing_at(NEW_YEARS_EVE):
        raise LookupError
    assert clock.now() != NEW_YEARS_EVE


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.standing_at(datetime(2026, 1, 1)):  # noqa: DTZ001 (meant)
        pass


def test_the_journal_is_written_at_the_moment_where_it_stands(context):
    with clock.standing_at(NEW_YEARS_EVE):
        entry = journal.record("listing:1", "listing.posted", by=By())
    assert entry.at == NEW_YEARS_EVE
