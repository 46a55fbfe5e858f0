"""Days that end at midnight in Amsterdam over both changes of daylight saving, and shares that somebody can take."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.errors import InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.reservations import terms as rules
from marketplace.reservations.terms import BOUNDS, Terms

USUAL = Terms()
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds are without a zone)
SOUND = st.builds(Terms, **{name: st.integers(*bounds) for name, bounds in BOUNDS.items()}).filter(
    lambda terms: not rules.problems(terms)
)
AMOUNTS = st.one_of(
    st.tuples(st.integers(1, 10_000).map(Decimal), st.just(Unit.PIECE)),
    st.tuples(st.integers(1, 10_000_000).map(lambda whole: Decimal(whole).scaleb(-3)), st.just(Unit.M2)),
)


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM, fold=fold)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "days", "end"),
    [
        (local(2027, 3, 27, 12), 0, utc(2027, 3, 27, 23)),  # the last winter midnight is 01:00 ahead
        (local(2027, 3, 27, 12), 1, utc(2027, 3, 28, 22)),  # the day of 23 hours ends in summer time
        (local(2027, 3, 28, 0, 30), 0, utc(2027, 3, 28, 22)),
        (local(2027, 3, 28, 3, 0), 0, utc(2027, 3, 28, 22)),
        (local(2027, 10, 30, 12), 0, utc(2027, 10, 30, 22)),
        (local(2027, 10, 30, 12), 1, utc(2027, 10, 31, 23)),  # the day of 25 hours ends in winter time
        (local(2027, 10, 31, 2, 30), 0, utc(2027, 10, 31, 23)),
        (local(2027, 10, 31, 2, 30, fold=1), 0, utc(2027, 10, 31, 23)),
        (utc(2027, 7, 1, 21, 59), 0, utc(2027, 7, 1, 22)),
        (utc(2027, 7, 1, 22, 0), 0, utc(2027, 7, 2, 22)),  # in Amsterdam it is the next day already
        (utc(2027, 12, 31, 22, 59), 0, utc(2027, 12, 31, 23)),
        (utc(2027, 12, 31, 23, 0), 0, utc(2028, 1, 1, 23)),
    ],
)
def test_a_day_ends_at_midnight_in_amsterdam(at, days, end):
    assert rules.end_of_day(at, days) == end
    assert rules.end_of_day(at, days).tzinfo is UTC


@given(MOMENTS, st.integers(0, 400))
def test_an_end_is_a_local_midnight_after_whole_days(at, days):
    end = rules.end_of_day(at, days).astimezone(AMSTERDAM)
    assert end.time() == time()
    assert end.date() - at.astimezone(AMSTERDAM).date() == timedelta(days=days + 1)


@given(MOMENTS, MOMENTS, st.integers(0, 60))
def test_who_comes_later_never_ends_earlier(one, other, days):
    first, second = sorted((one, other))
    assert rules.end_of_day(first, days) <= rules.end_of_day(second, days)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (local(2027, 3, 27, 12), local(2027, 3, 29, 13)),  # 48 hours that pass, not two days on the wall
        (local(2027, 10, 30, 12), local(2027, 11, 1, 11)),
        (local(2027, 6, 1, 12), local(2027, 6, 3, 12)),
    ],
)
def test_thinking_time_is_counted_in_hours_that_pass(at, end):
    assert rules.decide_by(USUAL, at) == end.astimezone(UTC)
    assert rules.decide_by(USUAL, at) - at.astimezone(UTC) == timedelta(hours=48)


def test_a_request_is_answered_and_a_hold_is_kept_for_whole_days():
    at = local(2027, 3, 25, 9)
    assert rules.answer_by(USUAL, at) == local(2027, 3, 31)
    assert rules.hold_until(USUAL, at, at.date()) == local(2027, 4, 9)
    assert rules.hold_until(Terms(hold_days=3), at, at.date()) == local(2027, 3, 29)


@pytest.mark.parametrize(
    ("available_from", "end"),
    [
        (date(2027, 3, 24), utc(2027, 3, 27, 23)),
        (date(2027, 3, 25), utc(2027, 3, 27, 23)),  # the day itself: it can be fetched already
        (date(2027, 3, 26), utc(2027, 3, 28, 22)),  # one day later, and over the change of the clock
        (date(2027, 3, 28), utc(2027, 3, 30, 22)),  # the day of 23 hours is the first of the three
        (date(2027, 10, 29), utc(2027, 10, 31, 23)),  # the day of 25 hours is the last of them
    ],
)
def test_no_day_of_a_hold_is_over_before_it_can_be_fetched(available_from, end):
    at = local(2027, 3, 25, 0, 30)  # the day before, in UTC
    assert rules.hold_until(Terms(hold_days=2), at, available_from) == end


@given(MOMENTS, st.integers(-40, 40), SOUND)
def test_a_hold_is_as_many_days_as_the_rules_say_from_when_it_can_be_fetched(at, ahead, terms):
    today = at.astimezone(AMSTERDAM).date()
    end = rules.hold_until(terms, at, today + timedelta(days=ahead)).astimezone(AMSTERDAM)
    assert end.time() == time()
    assert end.date() - today == timedelta(days=max(ahead, 0) + terms.hold_days + 1)


@given(MOMENTS, SOUND)
def test_an_extension_adds_its_days_and_not_one_more(at, terms):
    until = rules.hold_until(terms, at, at.date())
    longer = rules.extended(terms, until).astimezone(AMSTERDAM)
    assert longer.time() == time()
    assert longer.date() - until.astimezone(AMSTERDAM).date() == timedelta(days=terms.extension_days)


def test_an_extension_over_the_change_of_the_clock_still_ends_at_midnight():
    assert rules.extended(USUAL, local(2027, 3, 26)) == local(2027, 4, 2)
    assert rules.extended(USUAL, local(2027, 10, 26)) == local(2027, 11, 2)
    assert rules.extended(USUAL, local(2027, 6, 1, 15)) == local(2027, 6, 9), "the day it ends in is whole first"


def test_people_are_warned_hours_before_the_end():
    assert rules.warn_from(USUAL, local(2027, 3, 29)) == local(2027, 3, 26, 23)
    assert rules.warn_from(Terms(warn_hours=1), local(2027, 11, 1)) == local(2027, 10, 31, 23)


@pytest.mark.parametrize(
    ("least", "total", "min_take", "unit", "wanted"),
    [
        (0, 40, 1, Unit.PIECE, "1"),
        (0, 40, 12, Unit.PIECE, "12"),
        (25, 40, 4, Unit.PIECE, "10"),
        (25, 41, 4, Unit.PIECE, "11"),  # 10.25 doors do not exist, and ten would be too few
        (100, 7, 1, Unit.PIECE, "7"),
        (33, "10.001", "0.5", Unit.M2, "3.301"),
        (1, 3, 1, Unit.PIECE, "1"),
        (10, 3, 5, Unit.PIECE, "3"),  # what is left of a lot may be less than its minimum once was
    ],
)
def test_the_least_is_the_greater_of_minimum_and_share(least, total, min_take, unit, wanted):
    terms = Terms(least_percent=least)
    assert rules.least_of(terms, Decimal(total), Decimal(min_take), unit) == Decimal(wanted)


@pytest.mark.parametrize(
    ("most", "least", "total", "unit", "wanted"),
    [
        (100, 0, 41, Unit.PIECE, "41"),
        (25, 0, 41, Unit.PIECE, "10"),
        (25, 0, 3, Unit.PIECE, "1"),  # otherwise nobody could take anything
        (50, 50, 5, Unit.PIECE, "3"),  # at least three at once, so three at most
        (33, 0, "10.001", Unit.M2, "3.3"),
        (1, 0, "0.001", Unit.M2, "0.001"),
    ],
)
def test_the_most_is_a_share_that_somebody_can_take(most, least, total, unit, wanted):
    assert rules.most_of(Terms(most_percent=most, least_percent=least), Decimal(total), unit) == Decimal(wanted)


def test_the_minimum_of_a_lot_goes_before_the_greatest_share():
    terms = Terms(most_percent=10)
    assert rules.most_of(terms, Decimal(40), Unit.PIECE) == 4
    assert rules.most_of(terms, Decimal(40), Unit.PIECE, Decimal(12)) == 12


@given(SOUND, AMOUNTS, st.integers(1, 100))
def test_of_every_lot_somebody_can_take_something(terms, amount, part):
    total, unit = amount
    min_take = max(unit.round(total * part / 100), Decimal(1) if unit.whole else Decimal("0.001"))
    least = rules.least_of(terms, total, min_take, unit)
    most = rules.most_of(terms, total, unit, min_take)
    assert 0 < least <= most <= total
    assert (unit.round(least), unit.round(most)) == (least, most)


def test_the_usual_terms_are_sound_and_every_field_has_bounds():
    rules.check(USUAL)
    assert list(BOUNDS) == [field.name for field in fields(Terms)]


@pytest.mark.parametrize(("field", "bounds"), BOUNDS.items())
def test_a_value_outside_its_bounds_is_refused_at_its_field(field, bounds):
    for value in bounds:
        inside = replace(USUAL, **{"most_percent": 100} | {field: value})
        assert rules.problems(inside) == []
    for value in (bounds[0] - 1, bounds[1] + 1):
        with pytest.raises(InvalidInputError) as refused:
            rules.check(replace(USUAL, **{field: value}))
        assert refused.value.field == field


def test_the_least_share_is_not_more_than_the_greatest():
    rules.check(Terms(most_percent=30, least_percent=30))
    with pytest.raises(InvalidInputError, match="30%") as refused:
        rules.check(Terms(most_percent=30, least_percent=31))
    assert refused.value.field == "least_percent"


def test_every_field_with_a_problem_is_named_once():
    found = rules.problems(Terms(answer_days=0, hold_days=999, most_percent=0))
    assert [problem.field for problem in found] == ["answer_days", "hold_days", "most_percent"]
