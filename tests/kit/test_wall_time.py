"""A time on the wall is one moment, even in the nights in which the clock is put forward or back."""

from datetime import UTC, date, datetime, time

import pytest

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.wall_time import comes_twice, moment_of


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2027, 1, 15), time(9), datetime(2027, 1, 15, 8, tzinfo=UTC)),
        (date(2027, 7, 15), time(9), datetime(2027, 7, 15, 7, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (date(2027, 10, 31), time(3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
    ],
)
def test_a_time_is_the_moment_at_which_the_clock_shows_it_first(day, at, moment):
    assert moment_of(day, at) == moment


@pytest.mark.parametrize("at", [time(2), time(2, 30), time(2, 59)])
def test_a_time_that_is_skipped_is_told_at_its_field(at):
    with pytest.raises(InvalidInputError, match="klok gaat dan een uur vooruit") as error:
        moment_of(date(2027, 3, 28), at, field="starts")
    assert error.value.field == "starts"


@pytest.mark.parametrize(
    ("at", "twice"), [(time(1, 59), False), (time(2), True), (time(2, 59), True), (time(3), False)]
)
def test_an_hour_in_autumn_comes_twice(at, twice):
    assert comes_twice(moment_of(date(2027, 10, 31), at)) is twice
    assert not comes_twice(moment_of(date(2027, 10, 30), at))
