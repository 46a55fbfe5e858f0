"""Days, weeks, months and quarters as the Dutch and the English write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.periods import parse_period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1-3-2027", date(2027, 3, 1), date(2027, 3, 1)),
        ("2027-03-01 00:00:00", date(2027, 3, 1), date(2027, 3, 1)),
        ("1 mrt. 2027", date(2027, 3, 1), date(2027, 3, 1)),
        ("1-mrt-27", date(2027, 3, 1), date(2027, 3, 1)),
        ("March 1, 2027", date(2027, 3, 1), date(2027, 3, 1)),
        ("mrt 2027", date(2027, 3, 1), date(2027, 3, 31)),
        ("feb-28", date(2028, 2, 1), date(2028, 2, 29)),
        ("Mei '27", date(2027, 5, 1), date(2027, 5, 31)),
        ("3-2027", date(2027, 3, 1), date(2027, 3, 31)),
        ("2027-12", date(2027, 12, 1), date(2027, 12, 31)),
        ("week 12 2027", date(2027, 3, 22), date(2027, 3, 28)),
        ("wk12-2027", date(2027, 3, 22), date(2027, 3, 28)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("Q4 2027", date(2027, 10, 1), date(2027, 12, 31)),
        ("1e kwartaal 2027", date(2027, 1, 1), date(2027, 3, 31)),
    ],
)
def test_a_day_or_a_longer_time_is_understood(text, first, last):
    assert parse_period(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "1 mrt", "week 12", "week 53 2027", "31-2-2027", "1-13-2027", "xyz 2027", "1-1-1800"]
)
def test_what_is_no_day_or_has_no_year_is_refused_at_its_field(text):
    with pytest.raises(InvalidInputError, match="is geen dag") as refused:
        parse_period(text, field="wanted_from")
    assert refused.value.field == "wanted_from"


@given(st.dates(date(1901, 1, 7), date(2199, 12, 20)))
def test_every_day_is_found_in_its_own_week_month_and_quarter(day):
    year, week, _ = day.isocalendar()
    for text in (f"week {week} {year}", f"{day.month}-{day.year}", f"Q{(day.month + 2) // 3} {day.year}"):
        period = parse_period(text)
        assert period.first <= day <= period.last
    assert parse_period(f"{day:%d-%m-%Y}") == (day, day)
