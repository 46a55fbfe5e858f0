"""What a project wants months from now is asked with the day to fetch it, and who confirms agrees to that day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.accounts import circles
from marketplace.kit import journal
from marketplace.kit.errors import NotFoundError
from marketplace.listings.models import Stage
from marketplace.reservations import actions, pick_ups, proposed_days
from marketplace.reservations.answering import AnswersError, confirm_all
from marketplace.reservations.audit import audit
from marketplace.reservations.baskets import Line, hold_for_project
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.models import PickUpState
from marketplace.reservations.queries import of_basket
from marketplace.reservations.settling import settle
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms, end_of_day, hold_until
from tests.factories import by, make_listing, make_need, make_organisation, make_project
from tests.reservations.asking import AT, parts, posted

JUNE = date(2027, 6, 24)
"""The first day of the need; AT is in November of the year before."""


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es")


@pytest.fixture
def project(builder):
    return make_project(builder, name="Twaalf woningen")


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


def hold(project, *lots, wanted_from=JUNE):
    need = make_need(project, wanted_from=wanted_from, wanted_until=wanted_from + timedelta(days=30))
    lines = [Line(lot.id, lot.total, need.id) for lot in lots]
    return of_basket(hold_for_project(project_id=project.id, lines=lines, by=by(), at=AT).id)


def day_proposed(reservation):
    live = pick_ups.find_live(reservation.id)
    return live and live.starts_at.date()


def test_who_confirms_agrees_to_the_day_and_it_lapses_at_its_end_and_not_before(project):
    lot = posted(total=12)
    (asked,) = hold(project, lot)
    assert day_proposed(asked) == JUNE
    assert proposed_days.confirm(asked, by=by(), at=AT)
    end = end_of_day(datetime(2027, 6, 24, 12, tzinfo=UTC), 0)
    assert (asked.state, asked.expires_at, pick_ups.find_live(asked.id).state) == (
        State.CONFIRMED,
        end,
        PickUpState.AGREED,
    )
    settle([lot.id], end - timedelta(seconds=1))
    assert (asked.state, parts(lot)) == (State.CONFIRMED, (0, 12, 0, 0))
    settle([lot.id], end)
    assert (asked.state, parts(lot)) == (State.EXPIRED, (12, 0, 0, 0))
    assert audit(end).differences == []


def test_an_owner_confirms_without_the_day_and_the_usual_clock_runs_while_the_proposal_stays(project, builder, owner):
    (asked,) = hold(project, make_listing(owner, total=12))
    assert not proposed_days.confirm(asked, agrees=False, by=by(owner), at=AT)
    assert asked.expires_at == hold_until(Terms(), AT, AT.date())
    live = pick_ups.find_live(asked.id)
    assert live.state is PickUpState.PROPOSED
    other = pick_ups.Window(AT + timedelta(days=40), AT + timedelta(days=40, hours=2))
    pick_ups.move(live, other, side=owner, by=by(owner), at=AT)
    pick_ups.agree(live, side=builder, by=by(), at=AT)
    assert asked.expires_at == end_of_day(AT + timedelta(days=40), 0)


def test_a_day_is_only_proposed_where_the_rules_of_the_owner_would_let_it_lapse_before(project, owner):
    set_terms(owner, Terms(hold_days=300), by=by())
    patient, usual, later = make_listing(owner), make_listing(), make_listing(available_from=date(2027, 7, 5))
    expected = make_listing(stage=Stage.EXPECTED, available_from=date(2027, 3, 1))
    days = [day_proposed(row) for row in hold(project, patient, usual, later, expected)]
    assert days == [None, JUNE, None, None], "the later one is kept from the day on which it can be fetched"
    assert day_proposed(hold(project, make_listing(), wanted_from=AT.date() + timedelta(days=13))[0]) is None
    assert day_proposed(hold(project, make_listing(), wanted_from=AT.date() + timedelta(days=14))[0]) is None
    assert day_proposed(hold(project, make_listing(), wanted_from=AT.date() + timedelta(days=15))[0]) is not None
    assert day_proposed(hold(project, make_listing(), wanted_from=AT.date() + timedelta(days=400))[0]) is None


def test_a_day_on_which_it_cannot_be_fetched_any_more_is_not_agreed_to(project):
    lot = make_listing(total=12)
    (asked,) = hold(project, lot)
    lot.available_from = date(2027, 7, 1)
    assert not proposed_days.confirm(asked, by=by(), at=AT)
    assert asked.expires_at == hold_until(Terms(), AT, lot.available_from)


def test_what_is_promised_at_once_waits_for_the_owner_to_agree_to_the_day(project, builder, owner):
    circle = circles.found(name="Drenthe", founder=owner, by=by(), at=AT)
    circles.invite(circle=circle, organisation=builder, inviter=owner, by=by(), at=AT)
    circles.join(circle=circle, organisation=builder, by=by(), at=AT)
    (made,) = hold(project, make_listing(owner))
    assert (made.state, day_proposed(made), made.expires_at) == (
        State.CONFIRMED,
        JUNE,
        hold_until(Terms(), AT, AT.date()),
    )
    pick_ups.agree(pick_ups.find_live(made.id), side=owner, by=by(), at=AT)
    assert made.expires_at > datetime(2027, 6, 24, tzinfo=UTC)


class TestConfirmingTogether:
    def test_all_that_was_chosen_is_promised_with_its_day_and_told_once(self, project, owner):
        lots = [posted(owner, total=amount) for amount in (12, 8, 5)]
        first, second, third = hold(project, *lots)
        confirm_all([first.reference, third.reference], owner=owner, by=by(owner), at=AT)
        assert [row.state for row in (first, second, third)] == [State.CONFIRMED, State.REQUESTED, State.CONFIRMED]
        assert first.expires_at == third.expires_at > datetime(2027, 6, 24, tzinfo=UTC)
        whole = journal.find_last()
        assert (whole.action, whole.told["confirmed"], whole.told["owner"]) == ("basket.confirmed", 2, owner.name)
        assert audit(AT).differences == []

    def test_where_one_cannot_be_promised_none_is_and_each_has_its_error(self, project, owner):
        lots = [posted(owner, total=amount) for amount in (12, 8, 5)]
        first, second, third = hold(project, *lots)
        actions.decline(second, reason="Verkocht", by=by(owner), at=AT)
        with pytest.raises(AnswersError) as caught:
            confirm_all([row.reference for row in (first, second, third)], owner=owner, by=by(owner), at=AT)
        assert set(caught.value.problems) == {second.reference}
        assert [row.state for row in (first, second, third)] == [State.REQUESTED, State.DECLINED, State.REQUESTED]
        assert pick_ups.find_live(first.id).state is PickUpState.PROPOSED
        assert parts(lots[0]) == (0, 12, 0, 0)

    def test_only_what_belongs_together_is_confirmed_together(self, project, owner):
        mine, others = hold(project, make_listing(owner), make_listing())
        (apart,) = hold(project, make_listing(owner))
        for pair in ((mine, others), (mine, apart)):
            with pytest.raises(NotFoundError):
                confirm_all([row.reference for row in pair], owner=owner, by=by(owner), at=AT)
        assert (mine.state, mine.held) == (State.REQUESTED, Decimal(40))
