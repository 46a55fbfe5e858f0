"""A month of an organisation: what happens on which day, in the time of Amsterdam, and the way to the next."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import Stage
from marketplace.reservations import actions
from marketplace.reservations.models import PickUp, PickUpState
from marketplace.web.reservations.months import find_month, month_of
from tests.factories import by, make_listing, make_member, make_organisation, sign_in
from tests.reservations.asking import ask, promised, queue
from tests.reservations.fetching import hand_over

NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)
"""A Tuesday, five days before the clock goes back."""


@pytest.fixture(autouse=True)
def in_october(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


@pytest.fixture
def buyer(context):
    return make_organisation(name="Bouwbedrijf Es")


@pytest.fixture
def doors(owner):
    return make_listing(owner, total=40)


@pytest.fixture
def lister(client, owner):
    return sign_in(client, make_member(owner))


def read(client, month: str = "2026-10") -> str:
    answer = client.get(f"/agenda?maand={month}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def days(page: str) -> dict[str, str]:
    """Return what stands on each day that holds something, by its date."""
    found = re.findall(r'<time datetime="([\d-]+)">.*?(?=<li class="month__day|</ol>)', page, re.DOTALL)
    blocks = re.split(r'<li class="month__day', page)[1:]
    texts = [" ".join(re.sub("<[^>]+>", " ", block.split("</h3>", 1)[1]).split()) for block in blocks]
    return {day: text for day, text in zip(found, texts, strict=True) if 'class="event' in blocks[found.index(day)]}


class TestMonths:
    @pytest.mark.parametrize(
        ("name", "days", "lead"), [("2026-02", 28, 6), ("2028-02", 29, 1), ("2026-06", 30, 0), ("2026-12", 31, 1)]
    )
    def test_a_month_begins_on_its_weekday(self, name, days, lead):
        month = find_month(name)
        assert (len(month.days), month.lead, month.name) == (days, lead, name)

    @pytest.mark.parametrize("day", [date(2026, 12, 31), date(2026, 1, 31), date(2028, 2, 29)])
    def test_the_next_of_the_previous_is_the_same(self, day):
        month = month_of(day)
        assert month.previous.next == month.next.previous == month
        assert month.next.first > day

    @pytest.mark.parametrize(
        "name", ["", "2026", "2026-13", "2026-00", "26-01", "2026-1", "1999-12", "2200-01", "٢٠٢٦-01"]
    )
    def test_what_is_no_month_is_none(self, name):
        assert find_month(name) is None


class TestDays:
    def test_a_hold_ends_on_the_last_day_that_counts(self, lister, doors):
        # Confirmed on the 20th and kept for 14 days: midnight after 3 November, in winter time.
        promised(doors, 3, at=NOW)
        assert days(read(lister)) == {}
        assert days(read(lister, "2026-11")) == {"2026-11-03": "Laatste dag om op te halen 3 st Binnendeuren opdek"}

    def test_an_answer_is_due_on_the_day_of_the_longer_night(self, lister, doors):
        ask(doors, 3, at=NOW)
        assert days(read(lister)) == {"2026-10-25": "Laatste dag waarop u kunt antwoorden 3 st Binnendeuren opdek"}

    def test_each_side_reads_what_is_theirs_to_do(self, client, doors, buyer):
        ask(doors, 3, buyer, at=NOW)
        page = read(sign_in(client, make_member(buyer)))
        assert days(page) == {
            "2026-10-25": "Laatste dag waarop Sloperij Drenthe kan antwoorden 3 st Binnendeuren opdek"
        }

    def test_the_owner_reads_who_is_to_decide(self, lister, doors, buyer):
        others = ask(doors, 40, at=NOW)
        queue(doors, 8, buyer, at=NOW)
        actions.cancel(others, by=by(), at=NOW)
        (text,) = days(read(lister)).values()
        assert text == "11:00 Laatste dag waarop Bouwbedrijf Es kan beslissen 8 st Binnendeuren opdek"

    def test_an_appointment_stands_with_its_hours_of_the_wall(self, lister, doors, buyer):
        reservation = promised(doors, 3, buyer, at=NOW)
        before, after = datetime(2026, 10, 24, 8, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)
        for starts, state in ((before, PickUpState.CANCELLED), (after, PickUpState.AGREED)):
            session.add(
                PickUp(
                    reservation_id=reservation.id,
                    state=state,
                    starts_at=starts,
                    ends_at=starts + timedelta(hours=2),
                    proposed_by_id=buyer.id,
                    created_at=NOW,
                )
            )
        session.flush()
        assert days(read(lister)) == {"2026-10-26": "09:00–11:00 Ophalen 3 st Binnendeuren opdek"}

    def test_an_appointment_goes_with_what_was_given_up_and_with_what_was_fetched(self, lister, doors, buyer):
        starts = datetime(2026, 10, 26, 8, tzinfo=UTC)
        window = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "created_at": NOW}
        kept, fetched, given_up = (promised(doors, amount, buyer, at=NOW) for amount in (3, 4, 5))
        for reservation in (kept, fetched, given_up):
            session.add(PickUp(reservation_id=reservation.id, proposed_by_id=buyer.id, **window))
        session.flush()
        actions.cancel(given_up, by=by(), at=NOW)
        hand_over(fetched, at=NOW)
        expected = "09:00–11:00 Ophalen, voorgesteld 3 st Binnendeuren opdek"
        assert days(read(lister)) == {"2026-10-26": expected}

    def test_an_appointment_just_after_midnight_is_of_the_new_month(self, lister, doors, buyer):
        starts = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # half past midnight on 1 November
        reservation = promised(doors, 3, buyer, at=NOW)
        window = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
        session.add(PickUp(reservation_id=reservation.id, proposed_by_id=buyer.id, created_at=NOW, **window))
        session.flush()
        assert days(read(lister)) == {}
        assert days(read(lister, "2026-11"))["2026-11-01"] == "00:30–01:30 Ophalen, voorgesteld 3 st Binnendeuren opdek"

    def test_a_turn_to_decide_stands_with_its_hour(self, client, doors, buyer):
        ask(doors, 35, at=NOW)
        queue(doors, 8, buyer, least=2, at=NOW)
        page = read(sign_in(client, make_member(buyer)))
        assert days(page) == {"2026-10-22": "11:00 Laatste dag waarop u kunt beslissen 5 st Binnendeuren opdek"}

    def test_harvest_and_crusher_are_days_of_the_owner_and_of_who_holds_an_option(self, client, owner, buyer):
        standing = make_listing(
            owner, stage=Stage.EXPECTED, available_from=date(2026, 12, 1), crusher_on=date(2026, 12, 15)
        )
        promised(standing, 3, buyer, at=NOW)
        promised(standing, 4, at=NOW)
        for organisation, amount in ((owner, "7 st"), (buyer, "3 st")):
            page = read(sign_in(client, make_member(organisation)), "2026-12")
            assert days(page) == {
                "2026-12-01": f"Oogst {amount} Binnendeuren opdek",
                "2026-12-15": "Naar de breker wat over is van Binnendeuren opdek",
            }

    def test_a_crusher_day_of_the_owner_needs_no_reservation(self, client, owner):
        make_listing(owner, stage=Stage.EXPECTED, crusher_on=date(2026, 10, 31))
        make_listing(owner, stage=Stage.GONE, crusher_on=date(2026, 10, 30))
        assert list(days(read(sign_in(client, make_member(owner))))) == ["2026-10-31"]
        assert days(read(sign_in(client, make_member()))) == {}


class TestSheet:
    def test_every_day_is_there_once_and_today_is_marked(self, lister):
        page = read(lister)
        assert re.findall(r'<time datetime="([\d-]+)"', page) == [f"2026-10-{day:02}" for day in range(1, 32)]
        assert re.findall(r'aria-current="date">\s*<h3[^>]*><time datetime="([\d-]+)"', page) == ["2026-10-20"]
        assert "month--from-3" in page
        assert "oktober 2026" in page

    def test_it_leads_to_the_months_beside_it(self, lister):
        page = read(lister, "2026-12")
        assert 'rel="prev" href="/agenda?maand=2026-11"' in page
        assert 'rel="next" href="/agenda?maand=2027-01"' in page

    @pytest.mark.parametrize("month", ["", "nooit", "2026-99"])
    def test_without_a_month_it_is_this_one(self, lister, month):
        assert "oktober 2026" in read(lister, month)

    def test_an_empty_month_says_what_comes_there(self, lister):
        assert "Deze maand staat er niets." in read(lister)

    def test_many_things_take_the_same_few_statements(self, lister, doors, statements):
        counts = []
        for _ in range(2):
            for _ in range(4):
                ask(doors, 2, at=NOW)
            session.commit()
            session.expire_all()
            statements.clear()
            read(lister)
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 8
