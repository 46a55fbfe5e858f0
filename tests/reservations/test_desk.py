"""What waits for whom: places in the queue, and what is put to a person, read as pages ask for it."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import Organisation
from marketplace.kit.database import session
from marketplace.listings.models import Stage
from marketplace.reservations import desk, pick_ups
from marketplace.reservations.desk import Queue, Waits
from marketplace.reservations.pick_ups import Window
from marketplace.reservations.states import State
from tests.factories import by, make_listing, make_organisation
from tests.reservations.asking import AT, ask, promised, queue
from tests.reservations.fetching import buyer_of, hand_over, owner_of


@pytest.fixture
def doors(context):
    """Forty doors that somebody asked for."""
    listing = make_listing(total=40)
    ask(listing, 40)
    return listing


def test_who_asked_earlier_is_ahead_and_at_one_moment_who_came_first(doors):
    late = queue(doors, 3, at=AT + timedelta(minutes=1))
    first, second = queue(doors, 5), queue(doors, 7)
    assert desk.queue_at(doors.id, before=first) == Queue(0, 0, 0, 0)
    assert desk.queue_at(doors.id, before=second) == Queue(1, 5, 1)
    assert desk.queue_at(doors.id, before=late) == Queue(2, 12, 2)
    assert desk.queue_at(doors.id) == Queue(3, 15, 3)


def test_an_organisation_counts_once_and_ones_own_is_not_another(doors):
    twice, us = make_organisation(), make_organisation()
    queue(doors, 5, twice), queue(doors, 7, twice), queue(doors, 6, us)
    last = queue(doors, 9)
    assert desk.queue_at(doors.id, own=[us.id]) == Queue(4, 27, 2, 6)
    ahead = desk.queue_at(doors.id, before=last, own=[us.id])
    assert (ahead, ahead.of_others) == (Queue(3, 18, 1, 6), 12)


def test_the_queue_of_another_lot_is_another(doors):
    queue(doors, 5)
    other = make_listing(total=2)
    ask(other, 2)
    assert desk.queue_at(other.id) == Queue()


def test_who_handles_for_nobody_costs_no_statement(context, statements):
    assert desk.waits_for(trading=[], handling=[]) == Waits()
    assert statements == []


def test_an_appointment_stands_and_waits_while_there_is_something_left_to_fetch(context):
    reservation = promised(make_listing(total=40, available_from=AT.date()), 15)
    owner, buyer = owner_of(reservation), buyer_of(reservation)
    window = Window(AT + timedelta(days=2), AT + timedelta(days=2, hours=1))
    made = pick_ups.propose(reservation, window, side=buyer, by=by(buyer), at=AT)
    hand_over(reservation, 5)
    assert list(desk.pick_ups([owner.id])) == list(desk.pick_ups([buyer.id])) == [made]
    assert desk.waits_for(trading=[], handling=[owner.id]) == Waits(desk=1)
    hand_over(reservation)
    assert reservation.state is State.HANDED_OVER
    assert list(desk.pick_ups([owner.id])) == []
    assert desk.waits_for(trading=[], handling=[owner.id]) == Waits()


def test_received_is_what_is_held_or_waited_for_with_the_first_to_lapse_first(doors):
    waiting = queue(doors, 5)
    owner = session.get_one(Organisation, doors.organisation_id)
    kept = promised(make_listing(owner), 3)
    standing = promised(make_listing(owner, stage=Stage.EXPECTED), 4)
    promised(make_listing(), 5)
    asked, *rest = desk.received([owner.id])
    assert asked.listing_id == doors.id
    assert [row.id for row in rest] == [kept.id, waiting.id, standing.id]
