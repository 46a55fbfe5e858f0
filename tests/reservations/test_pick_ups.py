"""An appointment is agreed by both sides, and what is agreed is kept until its day is over."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.kit import journal
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.listings.models import Stage
from marketplace.reservations import actions, pick_ups
from marketplace.reservations.models import PickUpState
from marketplace.reservations.pick_ups import FURTHEST, Window
from marketplace.reservations.settling import settle
from marketplace.reservations.states import State
from marketplace.reservations.terms import end_of_day
from tests.factories import by, make_listing, make_organisation
from tests.reservations.asking import AT, ask, promised
from tests.reservations.fetching import buyer_of, owner_of

HOUR = timedelta(hours=1)
THEN = AT + timedelta(days=2)


@pytest.fixture
def listing(context):
    return make_listing(total=40, available_from=AT.date())


@pytest.fixture
def reservation(listing):
    return promised(listing, 15)


def propose(reservation, side, starts_at=THEN, ends_at=None, at=AT, **more):
    window = Window(starts_at, ends_at or starts_at + HOUR, **more)
    return pick_ups.propose(reservation, window, side=side, by=by(side), at=at)


def agree(made, side, at=AT):
    pick_ups.agree(made, side=side, by=by(side), at=at)


def test_one_side_proposes_and_the_other_agrees(reservation):
    made = propose(reservation, buyer_of(reservation), note=" Met de  kraanwagen ")
    assert (made.state, made.sequence, made.note) == (PickUpState.PROPOSED, 0, "Met de kraanwagen")
    with pytest.raises(ConflictError, match="zelf voorgesteld"):
        agree(made, buyer_of(reservation))
    agree(made, owner_of(reservation))
    assert (made.state, made.sequence) == (PickUpState.AGREED, 1)
    with pytest.raises(ConflictError):
        agree(made, owner_of(reservation))
    told = [(entry.action, entry.told["from"]) for entry in journal.history(reservation.subject)[:2]]
    names = owner_of(reservation).name, buyer_of(reservation).name
    assert told == [("pickup.agreed", names[0]), ("pickup.proposed", names[1])]
    assert journal.history(reservation.subject)[0].told["starts_at"] == THEN.isoformat()


def test_what_is_agreed_is_kept_until_the_end_of_its_day_and_not_a_moment_longer(reservation, listing):
    day = reservation.expires_at + timedelta(days=3)
    made = propose(reservation, buyer_of(reservation), day)
    assert reservation.expires_at < day, "what is only proposed keeps nothing"
    agree(made, owner_of(reservation))
    end = end_of_day(day, 0)
    assert reservation.expires_at == end
    settle([listing.id], end - timedelta(microseconds=1))
    assert reservation.state is State.CONFIRMED
    settle([listing.id], end)
    assert reservation.state is State.EXPIRED


def test_an_appointment_that_is_sooner_takes_no_time_away(reservation):
    end = reservation.expires_at
    agree(propose(reservation, buyer_of(reservation)), owner_of(reservation))
    assert reservation.expires_at == end


def test_the_end_of_the_day_is_right_when_the_clock_goes_back(context):
    at = datetime(2027, 10, 30, 9, tzinfo=UTC)
    reservation = promised(make_listing(available_from=at.date()), 5, at=at)
    reservation.expires_at = at + timedelta(hours=2)
    agree(propose(reservation, buyer_of(reservation), at + timedelta(days=1), at=at), owner_of(reservation), at)
    assert reservation.expires_at == datetime(2027, 10, 31, 23, tzinfo=UTC)


def test_who_moves_an_agreed_time_has_to_find_the_other_willing_again(reservation):
    owner, buyer = owner_of(reservation), buyer_of(reservation)
    made = propose(reservation, buyer)
    agree(made, owner)
    pick_ups.move(made, Window(THEN + HOUR, THEN + 2 * HOUR), side=owner, by=by(owner), at=AT)
    assert (made.state, made.sequence, made.starts_at) == (PickUpState.PROPOSED, 2, THEN + HOUR)
    with pytest.raises(ConflictError, match="zelf voorgesteld"):
        agree(made, owner)
    agree(made, buyer)
    assert (made.state, made.sequence) == (PickUpState.AGREED, 3)


def test_what_is_called_off_makes_room_for_another(reservation):
    owner, buyer = owner_of(reservation), buyer_of(reservation)
    made = propose(reservation, buyer)
    with pytest.raises(ConflictError, match="al een afspraak"):
        propose(reservation, owner)
    pick_ups.cancel(made, side=owner, by=by(owner), at=AT)
    assert (made.state, made.sequence) == (PickUpState.CANCELLED, 1)
    for late in (lambda: agree(made, owner), lambda: pick_ups.cancel(made, side=owner, by=by(owner), at=AT)):
        with pytest.raises(ConflictError):
            late()
    assert propose(reservation, owner).id != made.id


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field"),
    [
        (AT - timedelta(seconds=1), AT + HOUR, "starts"),
        (AT, AT + HOUR, None),
        (THEN, THEN, "ends"),
        (THEN, THEN - HOUR, "ends"),
        (THEN, THEN + timedelta(hours=12), None),
        (THEN, THEN + timedelta(hours=12, seconds=1), "ends"),
        (AT + FURTHEST, AT + FURTHEST + HOUR, None),
        (AT + FURTHEST + HOUR, AT + FURTHEST + 2 * HOUR, "day"),
    ],
)
def test_a_window_lies_within_a_year_ahead_and_is_no_longer_than_half_a_day(reservation, starts_at, ends_at, field):
    if field is None:
        assert propose(reservation, buyer_of(reservation), starts_at, ends_at)
        return
    with pytest.raises(InvalidInputError) as error:
        propose(reservation, buyer_of(reservation), starts_at, ends_at)
    assert error.value.field == field


def test_not_before_it_is_available(reservation, listing):
    listing.available_from = THEN.date() + timedelta(days=1)
    with pytest.raises(InvalidInputError, match="pas vanaf") as error:
        propose(reservation, buyer_of(reservation))
    assert error.value.field == "day"
    listing.available_from = THEN.date()
    assert propose(reservation, buyer_of(reservation))


def test_a_past_time_is_agreed_to_by_nobody(reservation):
    made = propose(reservation, buyer_of(reservation), AT, AT + HOUR)
    with pytest.raises(ConflictError, match="al voorbij"):
        agree(made, owner_of(reservation), AT + HOUR)


def test_only_what_is_promised_and_there_is_fetched_and_only_by_its_sides(reservation, context):
    asked, option = ask(make_listing(), 5), promised(make_listing(stage=Stage.EXPECTED), 5)
    for other in (asked, option):
        with pytest.raises(ConflictError):
            propose(other, buyer_of(other))
    stranger = make_organisation()
    with pytest.raises(NotFoundError):
        propose(reservation, stranger)
    made = propose(reservation, buyer_of(reservation))
    with pytest.raises(NotFoundError):
        agree(made, stranger)
    with pytest.raises(NotFoundError):
        pick_ups.cancel(made, side=stranger, by=by(stranger), at=AT)


def test_nothing_is_agreed_about_what_was_given_up(reservation):
    made = propose(reservation, buyer_of(reservation))
    actions.cancel(reservation, by=by(), at=AT)
    with pytest.raises(ConflictError):
        agree(made, owner_of(reservation))
