"""Reservations move stock and state together, and only along the allowed steps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.quantities import Unit
from marketplace.listings import stock
from marketplace.listings.models import ListingStatus, Stage
from marketplace.listings.stock import NotEnoughError
from marketplace.reservations import actions, desk, handing_over, queries
from marketplace.reservations.audit import audit
from marketplace.reservations.models import Reservation
from marketplace.reservations.settling import settle, step
from marketplace.reservations.states import State, may_become
from tests.factories import by, make_listing, make_need, make_organisation
from tests.reservations.asking import AT, ask, parts, posted, promised, queue
from tests.reservations.fetching import buyer_of, fetched, hand_over


def test_what_is_asked_is_held_at_once(context):
    listing = make_listing(total=40)
    reservation = ask(listing, 15)
    assert reservation.state is State.REQUESTED
    assert parts(listing) == (25, 15, 0, 0)


def test_a_confirmed_reservation_that_is_fetched_leaves_the_stock(context):
    listing = make_listing(total=40)
    reservation = ask(listing, 15)
    actions.confirm(reservation, by=by(), at=AT)
    assert parts(listing) == (25, 15, 0, 0)
    hand_over(reservation)
    assert parts(listing) == (25, 0, 15, 0)


@pytest.mark.parametrize("end", ["decline", "cancel"])
def test_what_is_refused_or_given_up_is_available_again(context, end):
    listing = make_listing(total=40)
    reservation = ask(listing, 15)
    getattr(actions, end)(reservation, reason="Al beloofd", by=by(), at=AT)
    assert parts(listing) == (40, 0, 0, 0)
    assert reservation.reason == "Al beloofd"


def test_more_than_there_is_is_refused_with_what_there_is(context):
    listing = make_listing(total=40)
    ask(listing, 38)
    with pytest.raises(NotEnoughError, match="2 st"):
        ask(listing, 3)
    assert parts(listing) == (2, 38, 0, 0)


@pytest.mark.parametrize(("quantity", "allowed"), [(9, False), (10, True), (12, True)])
def test_less_than_the_minimum_take_is_refused(context, quantity, allowed):
    listing = make_listing(total=40, min_take=Decimal(10))
    if allowed:
        assert ask(listing, quantity).quantity == quantity
    else:
        with pytest.raises(InvalidInputError, match="10 st"):
            ask(listing, quantity)


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (-1, False)])
def test_nothing_is_reserved_or_waited_for_after_the_last_day_of_the_offer(context, days, allowed):
    today = AT.date()
    listing = make_listing(total=4, available_from=today - timedelta(days=9), available_until=today + timedelta(days))
    for reserve in (ask, queue):
        if allowed:
            assert reserve(listing, 4).quantity == 4
        else:
            with pytest.raises(ConflictError, match="01-11-2026"):
                reserve(listing, 4)


def test_the_rest_of_a_lot_may_be_less_than_the_minimum_take(context):
    listing = make_listing(total=14, min_take=Decimal(10))
    ask(listing, 10)
    assert ask(listing, 4).quantity == 4


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "NaN"])
def test_pieces_are_whole_and_more_than_none(context, quantity):
    listing = make_listing(total=40)
    with pytest.raises(InvalidInputError):
        ask(listing, quantity)
    assert parts(listing) == (40, 0, 0, 0)


def test_area_may_be_reserved_in_part(context):
    listing = make_listing(total=100, unit=Unit.M2, category="hollowcore_slab")
    ask(listing, "12.345")
    session.refresh(listing)
    assert (listing.available, listing.held) == (Decimal("87.655"), Decimal("12.345"))


@pytest.mark.parametrize("way", [ask, queue])
def test_a_need_takes_only_what_it_accepts(context, way):
    doors = make_listing(total=40)
    ask(doors, 20)
    toilets = make_need(category="toilet")
    quantity = 20 if way is ask else 30
    with pytest.raises(InvalidInputError, match="vraagt ander materiaal") as refused:
        way(doors, quantity, project_id=toilets.project_id, need_id=toilets.id)
    assert (refused.value.field, parts(doors)) == ("purpose", (20, 20, 0, 0))
    toilets.substitutes = ["door_interior"]
    assert way(doors, quantity, project_id=toilets.project_id, need_id=toilets.id).need_id == toilets.id


def test_nobody_waits_twice_for_the_same(context):
    listing, buyer, need = make_listing(total=40), make_organisation(), make_need()
    ask(listing, 40)
    first = queue(listing, 30, buyer)
    with pytest.raises(InvalidInputError, match=first.reference):
        queue(listing, 30, buyer, least=5)
    queue(listing, 29, buyer), queue(listing, 30), queue(listing, 30, buyer, need_id=need.id)
    actions.cancel(first, by=by(), at=AT)
    queue(listing, 30, buyer)
    assert desk.queue_at(listing.id, own=[buyer.id]).own == 89


def test_one_does_not_reserve_from_oneself(context):
    owner = make_organisation()
    with pytest.raises(InvalidInputError, match="eigen organisatie"):
        ask(make_listing(owner), 1, owner)


@pytest.mark.parametrize("closed", [{"status": ListingStatus.DRAFT}, {"stage": Stage.GONE}])
def test_what_is_not_on_offer_is_not_reserved(context, closed):
    with pytest.raises(NotFoundError):
        ask(make_listing(**closed), 1)


STEPS = {
    State.CONFIRMED: lambda it: actions.confirm(it, by=by(), at=AT),
    State.DECLINED: lambda it: actions.decline(it, reason="Vol", by=by(), at=AT),
    State.CANCELLED: lambda it: actions.cancel(it, by=by(), at=AT),
    State.HANDED_OVER: lambda it: hand_over(it, 15),
}


@pytest.mark.parametrize("wanted", STEPS)
@pytest.mark.parametrize("state", State)
def test_only_the_allowed_steps_can_be_taken(context, state, wanted):
    listing = make_listing(total=40)
    reservation = in_state(listing, state)
    before = parts(listing)
    allowed = may_become(state, wanted) and (state, wanted) != (State.OFFERED, State.CONFIRMED)
    if (state, wanted) == (State.WAITING, State.DECLINED):
        return  # by the program alone, where there is nothing to wait for any more
    if allowed:
        STEPS[wanted](reservation)
        assert reservation.state is wanted
    else:
        with pytest.raises(ConflictError):
            STEPS[wanted](reservation)
        assert parts(listing) == before


def in_state(listing, state):
    """Reserve 15 of 40 and bring it there, by the actions themselves as far as they lead there."""
    if state in {State.WAITING, State.OFFERED}:
        first = ask(listing, 40)
        reservation = queue(listing, 15)
        if state is State.OFFERED:
            actions.cancel(first, by=by(), at=AT)
        return reservation
    reservation = ask(listing, 15)
    if state is State.HANDED_OVER:
        actions.confirm(reservation, by=by(), at=AT)
    if state is State.EXPIRED:
        settle([listing.id], reservation.expires_at)
    elif state is State.WRITTEN_OFF:
        step(reservation, state, AT, held=Decimal(0), written_off=Decimal(15))
        stock.write_off(listing.id, Decimal(15), from_held=True)
    elif state is not State.REQUESTED:
        STEPS[state](reservation)
    session.refresh(reservation)
    assert reservation.state is state
    return reservation


def test_a_part_that_is_given_back_is_available_and_the_rest_stays_held(context):
    listing = posted(total=40)
    for reservation in (ask(listing, 15), promised(listing, 15)):
        state, until = reservation.state, reservation.expires_at
        actions.give_back(reservation, Decimal(4), reason="Te ruim gemeten", by=by(), at=AT)
        assert (reservation.state, reservation.expires_at) == (state, until)
        assert (reservation.quantity, reservation.held, reservation.released) == (15, 11, 4)
        newest = journal.history(reservation.subject)[0]
        assert newest.action == "reservation.released"
        assert (newest.told["quantity"], newest.told["reason"]) == ("4", "Te ruim gemeten")
    assert parts(listing) == (18, 22, 0, 0)
    assert audit(AT).differences == []


def test_a_part_that_is_given_back_goes_to_who_waits(context):
    listing = make_listing(total=15)
    reservation, waits = promised(listing, 15), queue(listing, 4)
    actions.give_back(reservation, Decimal(3), by=by(), at=AT)
    assert (parts(listing), waits.state) == ((3, 12, 0, 0), State.WAITING)
    actions.give_back(reservation, Decimal(1), by=by(), at=AT)
    assert (parts(listing), waits.state, waits.held) == ((0, 15, 0, 0), State.OFFERED, 4)


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("0", "Vul in hoeveel u teruggeeft"),
        ("1.5", "heel"),
        ("15", "Dat is alles"),
        ("16", "meer dan we voor u vasthouden: 15 st"),
        ("12", "ten minste 4 st"),
        ("11", ""),
    ],
)
def test_what_is_given_back_is_a_part_that_leaves_the_least_take(context, quantity, sentence):
    listing = make_listing(total=40, min_take=4)
    reservation = promised(listing, 15)
    if not sentence:
        actions.give_back(reservation, Decimal(quantity), by=by(), at=AT)
        assert reservation.held == 4
        return
    with pytest.raises(InvalidInputError, match=sentence) as refused:
        actions.give_back(reservation, Decimal(quantity), by=by(), at=AT)
    assert refused.value.field == "quantity"
    assert (parts(listing), reservation.held, reservation.released) == ((25, 15, 0, 0), 15, 0)


def test_of_the_rest_less_than_the_least_take_may_be_kept(context):
    listing = make_listing(total=40, min_take=4)
    reservation = promised(listing, 15)
    hand_over(reservation, 12)
    actions.give_back(reservation, Decimal(2), by=by(), at=AT)
    assert (reservation.handed_over, reservation.held, reservation.released) == (12, 1, 2)


def test_what_is_reported_to_be_fetched_is_not_given_back(context):
    listing = make_listing(total=40)
    reservation = promised(listing, 15)
    handing_over.report(reservation, fetched(9, broken=1, reason="Val"), side=buyer_of(reservation), by=by(), at=AT)
    with pytest.raises(ConflictError, match="Gemeld is dat 10 st is opgehaald") as refused:
        actions.give_back(reservation, Decimal(6), by=by(), at=AT)
    assert (refused.value.field, parts(listing)) == ("quantity", (25, 15, 0, 0))
    actions.give_back(reservation, Decimal(5), by=by(), at=AT)
    assert parts(listing) == (30, 10, 0, 0)


@pytest.mark.parametrize("state", sorted(set(State) - {State.REQUESTED, State.CONFIRMED}))
def test_only_what_is_taken_is_given_back_in_part(context, state):
    listing = make_listing(total=40)
    reservation = in_state(listing, state)
    before = parts(listing)
    with pytest.raises(ConflictError):
        actions.give_back(reservation, Decimal(1), by=by(), at=AT)
    assert parts(listing) == before


def test_a_refusal_gives_a_reason(context):
    reservation = ask(make_listing(), 1)
    with pytest.raises(InvalidInputError, match="waarom"):
        actions.decline(reservation, reason="  ", by=by(), at=AT)
    assert reservation.state is State.REQUESTED


def test_each_step_is_in_the_history_of_the_listing_and_of_the_reservation(context):
    listing = make_listing(total=40)
    reservation = ask(listing, 15)
    actions.confirm(reservation, by=by(), at=AT)
    expected = ["reservation.confirmed", "reservation.requested"]
    assert [entry.action for entry in journal.history(reservation.subject)] == expected
    assert [entry.action for entry in journal.history(listing.subject)] == expected
    assert journal.history(listing.subject)[0].told["quantity"] == "15"


def test_both_sides_find_the_reservation_and_no_one_else(context):
    owner, buyer, stranger = make_organisation(), make_organisation(), make_organisation()
    reservation = ask(make_listing(owner), 2, buyer)
    assert queries.made_by([buyer.id]) == desk.received([owner.id]) == [reservation]
    assert queries.made_by([owner.id]) == desk.received([buyer.id]) == []
    assert queries.made_by([stranger.id]) == desk.received([stranger.id]) == []


def test_only_a_confirmed_buyer_sees_the_address(context):
    listing, buyer = make_listing(), make_organisation()
    reservation = ask(listing, 2, buyer)
    other = make_organisation()
    assert not queries.holds_something([buyer.id, other.id], listing.id)
    actions.confirm(reservation, by=by(), at=AT)
    assert queries.holds_something([buyer.id], listing.id)
    assert queries.holds_something([other.id, buyer.id], listing.id), "for which of theirs does not matter"
    assert not queries.holds_something([other.id], listing.id)
    assert not queries.holds_something([], listing.id)


def test_tonnes_may_be_reserved_and_waited_for_in_part(context):
    listing = posted(make_organisation(), total=Decimal("2.5"), unit=Unit.T)
    assert ask(listing, Decimal("1.35")).held == Decimal("1.35")
    assert queue(listing, Decimal("1.2"), least=Decimal("0.4")).waiting == Decimal("0.05")
    assert parts(listing)[0] == 0


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"held": 3}, "adds_up"),
        ({"held": 5, "released": -1}, "parts"),
        ({"state": State.WAITING, "held": 0, "released": 4}, "waits"),
        ({"state": State.DECLINED}, "holds"),
        ({"state": State.OFFERED, "expires_at": None}, "has_a_clock"),
    ],
)
def test_the_database_refuses_a_reservation_that_does_not_add_up(context, wrong, named):
    made = ask(make_listing(), 4)
    with pytest.raises(IntegrityError, match=named), session.begin_nested():
        session.execute(update(Reservation).where(Reservation.id == made.id).values(wrong))
