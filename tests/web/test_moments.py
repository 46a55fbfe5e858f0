"""Moments and deadlines as people say them, also where a day in Amsterdam has 23 or 25 hours."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import marketplace
from marketplace.kit import clock
from marketplace.kit.clock import AMSTERDAM
from marketplace.reservations.terms import Terms, answer_by, extended, hold_until
from marketplace.web.moments import last_day, left, until, weekday
from marketplace.web.moments import moment as moment_of_page
from marketplace.web.notices.moments import moment, window
from tests.conftest import one_database

pytestmark = one_database


@pytest.fixture(autouse=True)
def in_2026(context: Flask, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 26, 9, tzinfo=UTC))
    with context.test_request_context(), force_locale("nl"):
        yield


def at(year, month, day, hour=0, minute=0, *, fold=0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM, fold=fold)


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (at(2026, 12, 4), "tot en met do 3 dec"),
        (at(2026, 12, 4, 0, 1), "tot vr 4 dec 00:01 uur"),
        (at(2026, 12, 3, 23, 59), "tot do 3 dec 23:59 uur"),
        (at(2027, 1, 1), "tot en met do 31 dec"),
        (at(2027, 1, 2), "tot en met vr 1 jan 2027"),
    ],
)
def test_a_midnight_belongs_to_the_day_that_it_ends(deadline, said):
    assert until(deadline) == said
    assert until(deadline.astimezone(UTC)) == said


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        # 29 March 2026 has 23 hours, 25 October 2026 has 25; midnight is 23:00 UTC in winter and 22:00 in summer.
        (datetime(2026, 3, 28, 23, tzinfo=UTC), "tot en met za 28 mrt"),
        (datetime(2026, 3, 29, 22, tzinfo=UTC), "tot en met zo 29 mrt"),
        (datetime(2026, 3, 29, 23, tzinfo=UTC), "tot ma 30 mrt 01:00 uur"),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), "tot zo 29 mrt 03:00 uur"),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), "tot en met za 24 okt"),
        (datetime(2026, 10, 25, 22, tzinfo=UTC), "tot zo 25 okt 23:00 uur"),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), "tot en met zo 25 okt"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "tot zo 25 okt 02:30 uur (zomertijd)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "tot zo 25 okt 02:30 uur (wintertijd)"),
    ],
)
def test_a_deadline_is_right_on_the_days_when_the_clock_changes(deadline, said):
    assert until(deadline) == said


@pytest.mark.parametrize("changes_on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_deadlines_of_the_rules_end_days_across_both_changes(changes_on):
    terms = Terms()
    for before in range(16):
        asked = datetime.combine(changes_on - timedelta(days=before), datetime.min.time(), AMSTERDAM).replace(hour=14)
        asked = asked.astimezone(UTC)
        kept = hold_until(terms, asked, asked.date())
        assert last_day(answer_by(terms, asked)) == changes_on - timedelta(days=before - terms.answer_days), before
        assert last_day(kept) == changes_on - timedelta(days=before - terms.hold_days), before
        longer = extended(terms, kept)
        days = before - terms.hold_days - terms.extension_days
        assert last_day(longer) == changes_on - timedelta(days=days), before
        for deadline in (answer_by(terms, asked), kept, longer):
            assert until(deadline).startswith("tot en met "), before


def test_a_day_says_its_year_where_it_is_another_one():
    assert (weekday(date(2026, 12, 3)), weekday(date(2027, 3, 12))) == ("do 3 dec", "vr 12 mrt 2027")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (at(2026, 12, 4, 14, 30), "vrijdag 4 december, 14:30 uur"),
        (at(2026, 12, 4), "donderdag 3 december, einde van de dag"),
        (at(2027, 1, 1), "donderdag 31 december, einde van de dag"),
        (at(2027, 1, 2, 0, 1), "zaterdag 2 januari 2027, 00:01 uur"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "zondag 25 oktober, 02:30 uur (zomertijd)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "zondag 25 oktober, 02:30 uur (wintertijd)"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "zondag 25 oktober, 03:00 uur"),
    ],
)
def test_a_mail_says_a_moment_in_full_and_which_of_two_it_is(value, said):
    assert moment(value) == moment(value.astimezone(UTC)) == said


def test_a_mail_says_the_year_of_a_window_where_it_is_another_one():
    assert window(at(2026, 12, 4, 9), at(2026, 12, 4, 10, 30)) == "vrijdag 4 december, 09:00 tot 10:30 uur"
    assert window(at(2027, 3, 5, 9), at(2027, 3, 5, 10, 30)) == "vrijdag 5 maart 2027, 09:00 tot 10:30 uur"


def test_the_hour_is_written_alike_in_both_languages_on_pages_and_in_mails():
    value = at(2026, 12, 4, 9, 5)
    assert (moment_of_page(value), moment(value)) == ("vr 4 dec 09:05 uur", "vrijdag 4 december, 09:05 uur")
    with force_locale("en"):
        assert all("09:05" in said for said in (moment_of_page(value), moment(value), window(value, value)))


def test_the_notation_with_a_point_is_written_nowhere():
    sources = [path for kind in ("*.py", "*.html") for path in Path(marketplace.__file__).parent.rglob(kind)]
    assert len(sources) > 300
    assert [path.name for path in sources if re.search(r"%H\.|hour\)s\.", path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=3, hours=2), "nog 3 dagen"),
        (timedelta(days=2), "nog 2 dagen"),
        (timedelta(hours=47, minutes=59), "nog 47 uur"),
        (timedelta(hours=1), "nog 1 uur"),
        (timedelta(minutes=59, seconds=59), "nog 59 minuten"),
        (timedelta(minutes=1), "nog 1 minuut"),
        (timedelta(seconds=20), "nog geen minuut"),
        (timedelta(0), "nu afgelopen"),
        (timedelta(seconds=-5), "nu afgelopen"),
    ],
)
def test_what_is_left_is_said_in_the_unit_that_counts(ahead, said):
    assert left(clock.now() + ahead) == said
