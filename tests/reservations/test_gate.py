"""Nothing is kept or handed over while a hazard is unknown, or present without permission, and no promise lapses."""

from datetime import timedelta

import pytest

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By
from marketplace.listings.actions import keep_to_the_gate
from marketplace.listings.models import ListingStatus, Stage
from marketplace.materials.hazards import Hazard
from marketplace.passports import queries
from marketplace.passports.actions import set_hazards
from marketplace.passports.admission import BlockedError
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.taking import Act
from marketplace.reservations import actions, harvest, pick_ups
from marketplace.reservations.gate import followed
from marketplace.reservations.handing_over import can_be_fetched
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.pick_ups import Window
from marketplace.reservations.settling import due, due_for_worker, settle
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms, end_of_day, hold_until
from tests.factories import by, make_finding, make_listing
from tests.reservations.asking import AT, ask, promised, queue
from tests.reservations.fetching import buyer_of, hand_over, owner_of
from tests.sealing import SEAL

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


def say_of_asbestos(listing, at, permission=""):
    finding = Finding(HazardStatus.PRESENT, permission=permission)
    with followed(listing.passport, at):
        set_hazards(listing.passport, {Hazard.ASBESTOS: finding}, by())
        keep_to_the_gate(listing, listing.passport, by())


def find_asbestos(listing, at):
    say_of_asbestos(listing, at)
    assert listing.status is ListingStatus.DRAFT


def permit_asbestos(listing, at):
    say_of_asbestos(listing, at, permission="Ontheffing 12")


def told(reservation, action):
    return [entry for entry in journal.history(reservation.subject) if entry.action == action]


def test_what_is_unknown_is_kept_for_nobody(context):
    listing = make_listing(building_year=1978)
    with pytest.raises(BlockedError, match="lood"):
        ask(listing, 5)
    make_finding(listing.passport, hazard="lead", status=HazardStatus.ABSENT_DECLARED)
    assert ask(listing, 5).quantity == 5
    assert listing.held == 5


def test_what_turns_out_to_be_in_it_is_neither_promised_nor_taken_out_of_the_queue(context):
    listing = make_listing(total=10)
    asked, held = ask(listing, 4), ask(listing, 6)
    offered = queue(listing, 6)
    actions.cancel(held, by=By(), at=AT)
    finding = make_finding(listing.passport, hazard="asbestos", status=HazardStatus.PRESENT)
    for step, reservation in ((actions.confirm, asked), (actions.accept, offered)):
        before = reservation.state
        with pytest.raises(BlockedError, match="asbest"):
            step(reservation, by=By(), at=AT)
        assert reservation.state is before
    finding.permission = "Ontheffing 12"
    actions.confirm(asked, by=By(), at=AT)
    actions.accept(offered, by=By(), at=AT)
    assert (asked.state, offered.state) == (State.CONFIRMED, State.REQUESTED)


def test_what_turns_out_to_be_in_it_after_it_was_kept_is_not_handed_over(context):
    listing = make_listing()
    reservation = ask(listing, 5)
    actions.confirm(reservation, by=By(), at=AT)
    finding = make_finding(listing.passport, hazard="asbestos", status=HazardStatus.PRESENT)
    with pytest.raises(BlockedError, match="asbest"):
        hand_over(reservation)
    assert (listing.held, listing.handed_over) == (5, 0)
    finding.permission = "Ontheffing 12"
    hand_over(reservation)
    assert (listing.held, listing.handed_over) == (0, 5)


def test_a_promise_neither_lapses_nor_warns_while_nobody_may_fetch_it(context):
    listing = make_listing()
    reservation = promised(listing, 5)
    find_asbestos(listing, AT + DAY)
    assert (reservation.expires_at, reservation.days_left) == (None, 13)
    assert (reservation.is_paused, can_be_fetched(reservation, listing)) == (True, False)
    for days in range(2, 90):
        late = AT + days * DAY
        assert (due(late), due_for_worker(late)) == ([], []), "nothing is to be done, and so nobody looks again"
        settle([listing.id], late)
    assert (reservation.state, reservation.held) == (State.CONFIRMED, 5)
    assert len(told(reservation, "reservation.paused")) == 1
    assert told(reservation, "reservation.expiring") == []


def test_what_may_be_fetched_again_is_kept_for_as_long_as_the_rules_say_and_that_is_told(context):
    listing = make_listing()
    reservation = promised(listing, 5)
    find_asbestos(listing, AT + 13 * DAY)
    opened = AT + 60 * DAY
    permit_asbestos(listing, opened)
    until = hold_until(Terms(), opened, listing.available_from)
    assert (reservation.expires_at, reservation.days_left) == (until, None)
    (entry,) = told(reservation, "reservation.resumed")
    assert entry.told["until"] == until.isoformat()
    assert not reservation.is_paused
    assert can_be_fetched(reservation, listing)
    settle([listing.id], until - INSTANT)
    assert reservation.state is State.CONFIRMED
    settle([listing.id], until)
    assert reservation.state is State.EXPIRED


def test_nobody_has_fewer_days_than_were_left(context):
    listing = make_listing()
    reservation = promised(listing, 5)
    actions.extend(reservation, by=by(), at=AT)
    set_terms(owner_of(reservation), Terms(hold_days=2), by())
    find_asbestos(listing, AT + DAY)
    opened = AT + 30 * DAY
    permit_asbestos(listing, opened)
    assert reservation.expires_at == end_of_day(opened, 20), "21 days were left of which one had gone by"


def test_what_lapsed_before_it_was_found_has_lapsed(context):
    listing = make_listing()
    reservation = promised(listing, 5)
    end = reservation.expires_at
    find_asbestos(listing, end)
    assert (reservation.state, reservation.decided_at) == (State.EXPIRED, end)


def test_a_gate_that_was_closed_unseen_lets_nothing_lapse_either(context):
    """As where the vocabulary learns of a hazard: nobody changed a passport."""
    listing = make_listing()
    reservation = promised(listing, 5)
    make_finding(listing.passport, hazard="asbestos", status=HazardStatus.PRESENT)
    warned = reservation.warn_at
    settle([listing.id], warned)
    assert (reservation.is_paused, reservation.days_left) == (True, 1)
    assert listing.status is ListingStatus.DRAFT
    assert (due(warned), due_for_worker(warned)) == ([], [])


def test_a_request_and_an_offer_lapse_all_the_same(context):
    listing = make_listing(total=10)
    asked, held = ask(listing, 4), ask(listing, 6)
    offered = queue(listing, 6)
    actions.cancel(held, by=By(), at=AT)
    find_asbestos(listing, AT)
    settle([listing.id], AT + 30 * DAY)
    assert (asked.state, offered.state) == (State.EXPIRED, State.EXPIRED)


def test_who_is_kept_from_fetching_may_give_up_but_has_nothing_to_extend_or_to_agree(context):
    listing = make_listing(available_from=AT.date())
    reservation = promised(listing, 5)
    buyer = buyer_of(reservation)
    window = Window(AT + 2 * DAY, AT + 2 * DAY + timedelta(hours=1))
    made = pick_ups.propose(reservation, window, side=buyer, by=by(buyer), at=AT)
    find_asbestos(listing, AT)
    with pytest.raises(ConflictError, match="staat stil"):
        actions.extend(reservation, by=by(), at=AT)
    with pytest.raises(BlockedError, match="asbest"):
        pick_ups.agree(made, side=owner_of(reservation), by=by(), at=AT)
    pick_ups.cancel(made, side=buyer, by=by(buyer), at=AT)
    with pytest.raises(BlockedError, match="asbest"):
        pick_ups.propose(reservation, window, side=buyer, by=by(buyer), at=AT)
    actions.cancel(reservation, by=by(buyer), at=AT)
    assert (reservation.state, reservation.is_paused) == (State.CANCELLED, False)


def test_an_option_on_what_is_counted_under_a_closed_gate_waits_with_its_days(context):
    listing = make_listing(stage=Stage.EXPECTED)
    option = promised(listing, 5)
    find_asbestos(listing, AT)
    assert not option.is_paused, "its time does not run before it is out of its building"
    harvest.count(listing, None, Act(by(), SEAL, AT))
    assert (option.state, option.expires_at, option.is_paused) == (State.CONFIRMED, None, True)
    assert due_for_worker(AT + 30 * DAY) == []
    opened = AT + 30 * DAY
    permit_asbestos(listing, opened)
    assert option.expires_at == hold_until(Terms(), opened, listing.available_from)


def test_what_is_on_offer_again_runs_again_whoever_published_it(context):
    listing = make_listing()
    reservation = promised(listing, 5)
    find_asbestos(listing, AT)
    (finding,) = queries.findings_of(listing.passport_id)
    finding.permission = "Ontheffing 12"
    listing.status = ListingStatus.PUBLISHED
    session.flush()
    assert due_for_worker(AT + DAY) == [listing.id]
    settle([listing.id], AT + DAY)
    assert not reservation.is_paused
    assert due_for_worker(AT + DAY) == []
