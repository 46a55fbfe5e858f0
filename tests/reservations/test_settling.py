"""What time does to reservations: exact to the microsecond, once, and in the order of the queue."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from marketplace.kit import journal
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.listings import actions as offers
from marketplace.listings.models import ListingStatus, Stage
from marketplace.materials.hazards import Hazard
from marketplace.passports.gate import HazardStatus
from marketplace.reservations import actions, queries
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.settling import due, due_for_worker, settle
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms, decide_by, hold_until
from tests.factories import by, make_finding, make_listing, make_organisation, make_reservation
from tests.reservations.asking import AT, ask, parts, promised, queue
from tests.reservations.fetching import hand_over

pytestmark = pytest.mark.usefixtures("context")

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)


def told(thing, action):
    return [entry for entry in journal.history(thing.subject) if entry.action == action]


def refreshed(*rows):
    for row in rows:
        session.refresh(row)
    return [row.state for row in rows]


def test_a_request_lapses_at_its_very_moment_and_not_before():
    listing = make_listing(total=40)
    reservation = ask(listing, 15)
    until = reservation.expires_at
    assert due(until - INSTANT) == []
    settle([listing.id], until - INSTANT)
    assert reservation.state is State.REQUESTED
    assert due(until) == [listing.id]
    settle([listing.id], until)
    assert (reservation.state, reservation.released, reservation.decided_at) == (State.EXPIRED, 15, until)
    assert parts(listing) == (40, 0, 0, 0)


@pytest.mark.parametrize(("late", "allowed"), [(-INSTANT, True), (INSTANT * 0, False), (DAY, False)])
def test_it_counts_at_use_whether_or_not_a_worker_runs(late, allowed):
    reservation = ask(make_listing(), 5)
    at = reservation.expires_at + late
    if allowed:
        actions.confirm(reservation, by=by(), at=at)
        assert (reservation.state, reservation.expires_at) == (State.CONFIRMED, hold_until(Terms(), at, at.date()))
    else:
        with pytest.raises(ConflictError):
            actions.confirm(reservation, by=by(), at=at)


def test_what_lapsed_long_ago_ended_then_and_not_when_somebody_looked():
    reservation = ask(make_listing(), 5)
    until = reservation.expires_at
    settle([reservation.listing_id], until + 30 * DAY)
    assert reservation.decided_at == until


def test_what_is_free_again_goes_to_the_first_in_the_queue_with_a_clock():
    listing = make_listing(total=10)
    holder = ask(listing, 10)
    first, second = queue(listing, 10), queue(listing, 10, at=AT + INSTANT)
    until = holder.expires_at
    settle([listing.id], until)
    assert refreshed(holder, first, second) == [State.EXPIRED, State.OFFERED, State.WAITING]
    assert first.expires_at == decide_by(Terms(), until) == until + timedelta(hours=48)
    assert parts(listing) == (0, 10, 0, 0)


def test_an_offer_that_lapses_moves_on_to_the_next_with_a_new_clock():
    listing = make_listing(total=10)
    holder = ask(listing, 10)
    first, second = queue(listing, 10), queue(listing, 10)
    actions.cancel(holder, by=by(), at=AT)
    looked = first.expires_at + timedelta(hours=5)
    settle([listing.id], looked)
    assert refreshed(first, second) == [State.EXPIRED, State.OFFERED]
    assert second.expires_at == decide_by(Terms(), looked)
    assert len(told(listing, "reservation.offered")) == 2


def test_who_gets_a_part_keeps_the_place_for_the_rest():
    listing = make_listing(total=10)
    small, large = ask(listing, 4), ask(listing, 6)
    first = queue(listing, 8, least=2)
    second = queue(listing, 6, at=AT + INSTANT)
    actions.cancel(small, by=by(), at=AT)
    (part,) = [row for row in queries.of_listing(listing.id) if row.state is State.OFFERED]
    assert (part.quantity, part.organisation_id, part.created_at) == (4, first.organisation_id, first.created_at)
    assert (first.quantity, first.waiting, first.least) == (4, 4, 2)
    actions.cancel(large, by=by(), at=AT)
    assert refreshed(first, second) == [State.OFFERED, State.WAITING]
    assert parts(listing) == (2, 8, 0, 0)


def test_the_journal_of_who_waits_on_tells_for_how_much():
    listing = make_listing(total=10)
    small = ask(listing, 4)
    ask(listing, 6)
    first = queue(listing, 7, least=2)
    actions.cancel(small, by=by(), at=AT)
    (entry,) = told(first, "reservation.waits_on")
    (part,) = [row for row in queries.of_listing(listing.id) if row.state is State.OFFERED]
    assert dict(entry.told) == {"quantity": "3", "unit": "piece", "offered": part.reference}


def test_the_price_is_that_of_the_day_it_was_asked_for_or_came_free():
    listing = make_listing(total=10, price_eur=Decimal(15))
    held = ask(listing, 4)
    small = ask(listing, 6)
    waiting = queue(listing, 8, least=2)
    listing.price_eur = Decimal(18)
    actions.confirm(held, by=by(), at=AT)
    actions.cancel(small, by=by(), at=AT)
    (part,) = [row for row in queries.of_listing(listing.id) if row.state is State.OFFERED]
    listing.price_eur = Decimal(20)
    actions.accept(part, by=by(), at=AT)
    assert (held.price_eur, part.price_eur, waiting.price_eur) == (15, 18, 18)
    actions.cancel(held, by=by(), at=AT)
    assert waiting.price_eur == 20


@pytest.mark.parametrize("end", ["lapse", "cancel"])
def test_who_does_not_take_a_part_is_not_offered_the_same_again(end):
    listing = make_listing(total=10)
    small = ask(listing, 4)
    promised(listing, 6)
    buyer = make_organisation()
    first = queue(listing, 8, buyer, least=2)
    other = queue(listing, 3, buyer, at=AT + INSTANT)
    last = queue(listing, 4, at=AT + 2 * INSTANT)
    actions.cancel(small, by=by(), at=AT)
    (part,) = [row for row in queries.of_listing(listing.id) if row.state is State.OFFERED]
    at = part.expires_at if end == "lapse" else AT
    if end == "lapse":
        settle([listing.id], at)
    else:
        actions.cancel(part, by=by(), at=at)
    ended = State.EXPIRED if end == "lapse" else State.CANCELLED
    assert refreshed(part, first, other, last) == [ended, ended, State.OFFERED, State.WAITING]
    assert (first.released, first.waiting) == (4, 0)
    assert len(told(first, "reservation.left_queue")) == 1
    assert due(at) == []


def test_who_took_a_part_and_gives_it_back_still_waits_for_the_rest():
    listing = make_listing(total=10)
    small = ask(listing, 4)
    promised(listing, 6)
    first = queue(listing, 8, least=8)
    second = queue(listing, 8, least=2)
    actions.cancel(small, by=by(), at=AT)
    (part,) = [row for row in queries.of_listing(listing.id) if row.state is State.OFFERED]
    assert part.organisation_id == second.organisation_id
    actions.accept(part, by=by(), at=AT)
    actions.cancel(part, by=by(), at=AT)
    assert refreshed(part, first)[0] is State.CANCELLED
    assert first.state is State.WAITING
    assert refreshed(second) == [State.OFFERED]


def test_who_cannot_use_what_is_free_keeps_the_place():
    listing = make_listing(total=10)
    small, large = ask(listing, 4), ask(listing, 6)
    first, second = queue(listing, 8), queue(listing, 3, at=AT + INSTANT)
    actions.cancel(small, by=by(), at=AT)
    assert refreshed(first, second) == [State.WAITING, State.OFFERED]
    actions.cancel(second, by=by(), at=AT)
    actions.cancel(large, by=by(), at=AT)
    assert refreshed(first) == [State.OFFERED]
    assert parts(listing) == (2, 8, 0, 0)


def test_a_later_request_does_not_go_before_who_can_use_it_and_waits():
    listing = make_listing(total=10)
    holder = ask(listing, 10)
    waits = queue(listing, 6)
    with pytest.raises(ConflictError):
        ask(listing, 5, at=holder.expires_at)
    assert refreshed(waits) == [State.OFFERED]
    assert parts(listing) == (4, 6, 0, 0)


def test_people_are_warned_once_and_again_after_an_extension():
    listing = make_listing()
    reservation = promised(listing, 5)
    warn = reservation.warn_at
    assert warn == reservation.expires_at - timedelta(hours=48)
    settle([listing.id], warn - INSTANT)
    assert told(reservation, "reservation.expiring") == []
    assert due_for_worker(warn) == [listing.id]
    for _ in range(2):
        settle([listing.id], warn)
    assert (len(told(reservation, "reservation.expiring")), due_for_worker(warn)) == (1, [])
    actions.extend(reservation, by=by(), at=warn)
    settle([listing.id], reservation.warn_at)
    assert len(told(reservation, "reservation.expiring")) == 2


def test_an_offer_is_not_followed_by_its_warning_at_once():
    listing = make_listing(total=10)
    holder = ask(listing, 10)
    offered = queue(listing, 10)
    actions.cancel(holder, by=by(), at=AT)
    settle([listing.id], AT)
    assert told(offered, "reservation.expiring") == []
    assert offered.warn_at == AT + timedelta(hours=24)


def test_what_lapses_is_not_warned_of_any_more():
    reservation = promised(make_listing(), 5)
    settle([reservation.listing_id], reservation.expires_at)
    assert told(reservation, "reservation.expiring") == []


def test_the_clock_of_an_option_starts_when_it_has_come_out_of_its_building():
    listing = make_listing(stage=Stage.EXPECTED)
    option = promised(listing, 5)
    assert (option.expires_at, option.warn_at) == (None, None)
    settle([listing.id], AT + 400 * DAY)
    assert option.state is State.CONFIRMED
    with pytest.raises(ConflictError, match="gebouw"):
        actions.extend(option, by=by(), at=AT)
    listing.stage = Stage.IN_STOCK
    session.flush()
    later = AT + 401 * DAY
    assert (due(later), due_for_worker(later)) == ([], [listing.id])
    settle([listing.id], later)
    assert option.expires_at == hold_until(Terms(), later, later.date())
    settle([listing.id], later + DAY)
    assert option.expires_at == hold_until(Terms(), later, later.date())


def test_no_clock_runs_out_on_what_cannot_be_fetched_yet():
    day = AT.date() + timedelta(days=60)
    in_stock, expected = (make_listing(stage=stage, available_from=day) for stage in (Stage.IN_STOCK, Stage.EXPECTED))
    kept, option = promised(in_stock, 5), promised(expected, 5)
    expected.stage = Stage.IN_STOCK
    session.flush()
    settle([in_stock.id, expected.id], AT + 59 * DAY)
    last = (day + timedelta(days=Terms().hold_days)).isoformat()
    for row in (kept, option):
        assert row.state is State.CONFIRMED
        assert (row.expires_at - INSTANT).astimezone(AMSTERDAM).date().isoformat() == last
    settle([in_stock.id], kept.expires_at)
    assert kept.state is State.EXPIRED


def test_a_request_for_what_is_still_in_a_building_has_a_clock():
    option = ask(make_listing(stage=Stage.EXPECTED), 5)
    settle([option.listing_id], option.expires_at)
    assert option.state is State.EXPIRED


def test_what_was_reserved_before_there_were_clocks_gets_one():
    listing = make_listing(total=10, held=Decimal(10))
    old = [
        make_reservation(listing, make_organisation().id, 5, state=state) for state in (State.REQUESTED, "confirmed")
    ]
    settle([listing.id], AT)
    session.expire_all()
    assert [row.expires_at is not None for row in old] == [True, True]
    assert due_for_worker(AT) == []


@pytest.mark.parametrize("change", [{"status": ListingStatus.WITHDRAWN}, {"stage": Stage.GONE}])
def test_nobody_waits_for_what_will_never_come(change):
    listing = make_listing(total=10)
    holder = ask(listing, 10)
    waits = queue(listing, 10)
    actions.cancel(holder, by=by(), at=AT)
    actions.cancel(waits, by=by(), at=AT)
    late = make_reservation(listing, make_organisation().id, 3, state=State.WAITING)
    for name, value in change.items():
        setattr(listing, name, value)
    session.flush()
    assert due(AT) == [listing.id]
    settle([listing.id], AT)
    session.expire_all()
    assert (late.state, due(AT)) == (State.DECLINED, [])


def test_who_waits_for_more_than_can_ever_come_free_is_turned_away_and_told_how_much_there_still_is():
    listing = make_listing(total=40)
    fetched_by, holder = promised(listing, 17), ask(listing, 20)
    whole, some = queue(listing, 30), queue(listing, 30, least=23)
    assert due(AT) == []
    hand_over(fetched_by, 17)
    assert due(AT) == [listing.id]
    settle([listing.id], AT)
    assert refreshed(whole, some, holder) == [State.DECLINED, State.WAITING, State.REQUESTED]
    (turned_away,) = told(whole, "reservation.left_queue")
    assert turned_away.told["left"] == "23"
    assert (told(some, "reservation.left_queue"), due(AT)) == ([], [])


def test_an_offer_that_left_the_market_for_a_while_keeps_its_queue():
    listing = make_listing(total=10)
    ask(listing, 10)
    waits = queue(listing, 10)
    listing.status = ListingStatus.DRAFT
    settle([listing.id], AT + 10 * DAY)
    assert refreshed(waits) == [State.WAITING]
    assert due(AT + 10 * DAY) == []
    listing.status = ListingStatus.PUBLISHED
    session.flush()
    assert due(AT + 10 * DAY) == [listing.id]


def test_what_turns_out_to_hold_a_hazard_is_offered_to_nobody():
    listing = make_listing(total=10)
    holder = ask(listing, 10)
    waits = queue(listing, 10)
    make_finding(listing.passport, hazard=Hazard.ASBESTOS, status=HazardStatus.PRESENT)
    actions.cancel(holder, by=by(), at=AT)
    assert refreshed(waits) == [State.WAITING]
    assert (listing.status, due(AT)) == (ListingStatus.DRAFT, [])


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_day_of_23_or_25_hours_is_one_day(day):
    owner = make_organisation()
    set_terms(owner, Terms(answer_days=1, hold_days=1), by(owner))
    listing = make_listing(owner)
    asked = datetime.combine(day, time(22), AMSTERDAM)
    reservation = ask(listing, 5, at=asked)
    midnight = datetime.combine(day + 2 * DAY, time(), AMSTERDAM).astimezone(UTC)
    assert reservation.expires_at == midnight
    settle([listing.id], midnight - INSTANT)
    assert reservation.state is State.REQUESTED
    settle([listing.id], midnight)
    assert reservation.state is State.EXPIRED


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_hours_to_think_are_hours_that_pass(day):
    listing = make_listing(total=10)
    at = datetime.combine(day, time(12), AMSTERDAM)
    holder = ask(listing, 10, at=at)
    waits = queue(listing, 10, at=at)
    actions.cancel(holder, by=by(), at=at)
    until = at.astimezone(UTC) + timedelta(hours=48)
    settle([listing.id], until - INSTANT)
    assert refreshed(waits) == [State.OFFERED]
    settle([listing.id], until)
    assert refreshed(waits) == [State.EXPIRED]


def test_an_extension_runs_from_the_end_over_the_change_of_the_clock():
    listing = make_listing()
    at = datetime(2026, 10, 9, 12, tzinfo=UTC)
    reservation = promised(listing, 5, at=at)
    assert reservation.expires_at == datetime(2026, 10, 23, 22, tzinfo=UTC)
    actions.extend(reservation, by=by(), at=at)
    assert reservation.expires_at == datetime(2026, 10, 30, 23, tzinfo=UTC)
    with pytest.raises(ConflictError, match="al verlengd"):
        actions.extend(reservation, by=by(), at=at)


def test_settling_again_changes_nothing():
    listing = make_listing(total=10)
    holder = ask(listing, 10)
    queue(listing, 6, least=2), queue(listing, 9, least=3)
    until = holder.expires_at
    settle([listing.id], until)
    length = journal.length()
    for _ in range(3):
        settle([listing.id], until)
    assert journal.length() == length


def test_an_amount_that_cannot_be_waited_for_is_named_at_its_own_field():
    listing = make_listing(total=10)
    ask(listing, 10)
    for amounts, field in ((("1.5", None), "quantity"), (("5", "1.5"), "least"), (("5", "6"), "least")):
        quantity, least = amounts
        with pytest.raises(InvalidInputError) as refused:
            queue(listing, quantity, least=least and Decimal(least))
        assert refused.value.field == field


def test_the_owner_declines_a_request_and_no_place_in_the_queue():
    listing = make_listing(total=10)
    ask(listing, 10)
    waits = queue(listing, 5)
    with pytest.raises(ConflictError):
        actions.decline(waits, reason="Nee", by=by(), at=AT)
    assert refreshed(waits) == [State.WAITING]


def test_an_offer_that_is_taken_back_is_read_again_first():
    listing = make_listing(total=10)
    ask(listing, 5)
    session.execute(listing.__table__.update().values(held=0, available=10))
    offers.withdraw(listing, by())
    assert listing.status is ListingStatus.WITHDRAWN
