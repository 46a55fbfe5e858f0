"""What is done on site changes the lot, its passport and the journal together, and only once."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, Stage
from marketplace.listings.stock import NotEnoughError
from marketplace.passports.models import Passport, PassportStatus
from marketplace.passports.taking import Act
from marketplace.reservations import actions as reservations
from marketplace.reservations.states import State
from marketplace.scanning import actions, queries
from marketplace.scanning.models import ScanEvent
from marketplace.scanning.steps import Step
from tests.factories import by, make_hub, make_listing, make_member, make_organisation, make_passport
from tests.reservations.asking import ask
from tests.reservations.fetching import fetched
from tests.sealing import SEAL


@pytest.fixture
def owner(context):
    return make_organisation()


@pytest.fixture
def worker(owner):
    return make_member(owner)


def scan_of(listing, worker, **more):
    passport = session.get_one(Passport, listing.passport_id)
    lot = queries.find_lot(passport.id, worker.actor)
    assert lot is listing
    return actions.Scan(passport, lot, Act(By(worker.id, listing.organisation_id), SEAL), **more)


def reserve(listing, quantity, *, confirmed=True):
    buyer = make_organisation()
    reservation = ask(listing, quantity, buyer, at=clock.now())
    if confirmed:
        reservations.confirm(reservation, by=by(), at=clock.now())
    return reservation


def parts(listing):
    session.refresh(listing)
    return [int(part) for part in (listing.available, listing.held, listing.handed_over, listing.written_off)]


def events():
    return list(session.scalars(select(ScanEvent).order_by(ScanEvent.id)))


def last_told(subject):
    entry = journal.history(subject)[0]
    return entry.action, dict(entry.told)


def test_seeing_a_lot_says_when_and_where_it_was_last_seen(owner, worker):
    listing = make_listing(owner, at="Beilen")
    event = actions.seen(scan_of(listing, worker), rack="  B-04 ")
    passport = session.get_one(Passport, listing.passport_id)
    assert (passport.last_seen_at, passport.last_seen_place) == (event.at, "Beilen")
    assert (event.step, event.user_id, event.place, event.note) == (Step.SEEN, worker.id, "Beilen", "B-04")
    assert listing.rack == "B-04"
    assert last_told(passport.subject) == ("scan.seen", {"place": "Beilen", "rack": "B-04"})


def test_seeing_a_lot_without_naming_a_rack_leaves_it_in_its_rack(owner, worker):
    listing = make_listing(owner, rack="A-01")
    actions.seen(scan_of(listing, worker))
    assert listing.rack == "A-01"


def test_a_lot_in_a_hub_is_seen_in_the_hub(owner, worker):
    listing = make_listing(owner, hub_id=make_hub(name="Stadterij").id)
    assert actions.seen(scan_of(listing, worker)).place == "Stadterij"


def test_receiving_takes_an_expected_lot_into_stock_where_it_is(owner, worker):
    listing = make_listing(owner, at="Assen", stage=Stage.EXPECTED)
    actions.received(scan_of(listing, worker), rack="B-04", counted=Decimal(40))
    session.refresh(listing)
    assert (listing.stage, listing.rack, listing.place, listing.hub_id) == (Stage.IN_STOCK, "B-04", "Assen", None)
    told = {"place": "Assen", "rack": "B-04", "quantity": "40", "unit": "piece"}
    action, facts = last_told(listing.subject)
    assert (action, facts | {"quantity": "40"}) == ("scan.received", told)
    assert Decimal(facts["quantity"]) == 40
    assert "listing.changed" not in {entry.action for entry in journal.history(listing.subject)}


def test_receiving_in_a_hub_of_the_owner_brings_the_lot_there(owner, worker):
    listing = make_listing(owner, at="Assen", stage=Stage.EXPECTED)
    hub = make_hub(owner, at="Zwolle", name="Havenhub")
    actions.received(scan_of(listing, worker), hub=hub)
    session.refresh(listing)
    assert (listing.hub_id, listing.place, listing.x_km) == (hub.id, "Zwolle", hub.x_km)
    assert session.get_one(Passport, listing.passport_id).last_seen_place == "Havenhub"
    moved = next(entry.told for entry in journal.history(listing.subject) if entry.action == "listing.changed")
    assert moved == {
        "hub_id_from": None,
        "hub_id_to": hub.id,
        "place_from": "Assen",
        "place_to": "Zwolle",
        "address_from": "Industrieweg 1",
        "address_to": "Havenweg 2",
    }


def test_the_people_of_the_announced_hub_receive_what_comes_in(owner):
    hub = make_hub()
    listing = make_listing(owner, stage=Stage.EXPECTED, hub_id=hub.id)
    of_hub = make_member(session.get_one(type(owner), hub.organisation_id))
    actions.received(scan_of(listing, of_hub), hub=hub)
    session.refresh(listing)
    assert listing.stage is Stage.IN_STOCK


def test_a_lot_cannot_be_received_in_a_hub_that_has_nothing_to_do_with_it(owner, worker):
    listing = make_listing(owner, stage=Stage.EXPECTED)
    with pytest.raises(NotAllowedError):
        actions.received(scan_of(listing, worker), hub=make_hub())
    assert listing.stage is Stage.EXPECTED


def test_a_count_that_differs_is_taken_and_the_passport_says_so(owner, worker):
    listing = make_listing(owner, stage=Stage.EXPECTED)
    kept = reserve(listing, 20)
    event = actions.received(scan_of(listing, worker), counted=Decimal(16))
    assert (parts(listing), kept.held, kept.written_off) == ([0, 16, 0, 24], 16, 4)
    assert (event.quantity, session.get_one(Passport, listing.passport_id).quantity) == (16, 16)


@pytest.mark.parametrize("counted", ["-1", "16.5"])
def test_what_is_no_amount_receives_nothing(owner, worker, counted):
    listing = make_listing(owner, stage=Stage.EXPECTED)
    with pytest.raises(InvalidInputError) as error:
        actions.received(scan_of(listing, worker), counted=Decimal(counted))
    assert error.value.field == "counted"
    assert (listing.stage, events()) == (Stage.EXPECTED, [])


def test_what_is_optioned_counts_with_what_is_received(owner, worker):
    listing = make_listing(owner, stage=Stage.EXPECTED)
    reserve(listing, 15)
    actions.received(scan_of(listing, worker), counted=Decimal(40))
    assert parts(listing) == [25, 15, 0, 0]


def test_what_is_in_stock_cannot_be_received_again(owner, worker):
    listing = make_listing(owner)
    with pytest.raises(ConflictError):
        actions.received(scan_of(listing, worker))


def test_handing_over_moves_reservation_stock_and_passport(owner, worker):
    listing = make_listing(owner)
    reservation = reserve(listing, 15)
    event = actions.handed_over(scan_of(listing, worker), reservation=reservation, fetched=fetched(15))
    assert reservation.state is State.HANDED_OVER
    assert parts(listing) == [25, 0, 15, 0]
    assert event.quantity == 15
    assert session.get_one(Passport, listing.passport_id).last_seen_at == event.at
    assert last_told(f"passport:{listing.passport_id}")[0] == "scan.handed_over"
    assert last_told(listing.subject)[0] == "reservation.handed_over"


def test_a_reservation_that_nobody_confirmed_is_not_handed_over(owner, worker):
    listing = make_listing(owner)
    reserve(listing, 5)
    asked = reserve(listing, 15, confirmed=False)
    with pytest.raises(ConflictError):
        actions.handed_over(scan_of(listing, worker), reservation=asked, fetched=fetched(15))


def test_a_reservation_of_another_lot_is_not_handed_over_from_this_one(owner, worker):
    listing = make_listing(owner)
    reserve(listing, 5)
    elsewhere = reserve(make_listing(owner), 15)
    with pytest.raises(NotFoundError):
        actions.handed_over(scan_of(listing, worker), reservation=elsewhere, fetched=fetched(15))
    assert elsewhere.state is State.CONFIRMED


def test_damage_is_written_off_from_what_is_available(owner, worker):
    listing = make_listing(owner)
    reserve(listing, 15)
    event = actions.damaged(scan_of(listing, worker), quantity=Decimal(3), reason="Gevallen bij het lossen")
    assert parts(listing) == [22, 15, 0, 3]
    assert (event.quantity, event.note) == (3, "Gevallen bij het lossen")
    action, facts = last_told(listing.subject)
    assert (action, facts["reason"]) == ("scan.damaged", "Gevallen bij het lossen")


def test_what_is_promised_is_not_written_off(owner, worker):
    listing = make_listing(owner)
    reserve(listing, 38)
    with pytest.raises(NotEnoughError, match="2 st"):
        actions.damaged(scan_of(listing, worker), quantity=Decimal(3), reason="Nat geworden")


@pytest.mark.parametrize(
    ("quantity", "reason", "field"), [("1.5", "Scheur", "quantity"), ("2", "  ", "reason"), ("0", "Scheur", "quantity")]
)
def test_damage_needs_whole_pieces_and_a_reason(owner, worker, quantity, reason, field):
    listing = make_listing(owner)
    with pytest.raises(InvalidInputError) as error:
        actions.damaged(scan_of(listing, worker), quantity=Decimal(quantity), reason=reason)
    assert error.value.field == field


def test_part_of_a_metre_can_break(owner, worker):
    listing = make_listing(owner, total=40, unit=Unit.M)
    actions.damaged(scan_of(listing, worker), quantity=Decimal("1.5"), reason="Scheur")
    session.refresh(listing)
    assert listing.available == Decimal("38.5")


def test_the_same_form_twice_is_one_step(owner, worker):
    listing = make_listing(owner)
    scan = scan_of(listing, worker, request_key="k1")
    once = actions.damaged(scan, quantity=Decimal(3), reason="Scheur")
    assert actions.damaged(scan, quantity=Decimal(3), reason="Scheur") is once
    assert parts(listing) == [37, 0, 0, 3]
    actions.damaged(scan_of(listing, worker, request_key="k2"), quantity=Decimal(3), reason="Scheur")
    assert parts(listing) == [34, 0, 0, 6]


def test_the_same_hand_over_twice_is_one_hand_over(owner, worker):
    listing = make_listing(owner)
    reservation = reserve(listing, 40)
    scan = scan_of(listing, worker, request_key="k1")
    once = actions.handed_over(scan, reservation=reservation, fetched=fetched(40))
    session.refresh(listing)
    assert listing.stage is Stage.GONE
    assert actions.handed_over(scan, reservation=reservation, fetched=fetched(40)) is once


def test_nothing_is_done_with_a_lot_whose_passport_is_withdrawn(owner, worker):
    listing = make_listing(owner, passport=make_passport(owner, status=PassportStatus.WITHDRAWN))
    for step in (actions.seen, lambda scan: actions.damaged(scan, quantity=Decimal(1), reason="Scheur")):
        with pytest.raises(ConflictError):
            step(scan_of(listing, worker))
    assert events() == []


def test_a_scan_is_done_by_a_person(owner, worker):
    listing = make_listing(owner)
    scan = scan_of(listing, worker)
    with pytest.raises(NotAllowedError):
        actions.seen(actions.Scan(scan.passport, scan.lot, Act(By(), SEAL)))


def test_a_rack_is_a_short_name(owner, worker):
    with pytest.raises(InvalidInputError) as error:
        actions.seen(scan_of(make_listing(owner), worker), rack="B" * 41)
    assert error.value.field == "rack"


def test_the_lot_of_a_scan_is_the_one_that_still_lies_there(owner, worker):
    passport = make_passport(owner)
    there: Listing = make_listing(owner, passport=passport)
    gone = make_listing(owner, passport=passport, stage=Stage.GONE)
    assert gone.created_at > there.created_at
    assert queries.find_lot(passport.id, worker.actor) is there


def test_who_has_nothing_to_do_with_a_lot_finds_none(owner):
    listing = make_listing(owner, hub_id=make_hub().id)
    assert queries.find_lot(listing.passport_id, make_member().actor) is None
