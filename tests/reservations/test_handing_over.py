"""What is fetched leaves the stock, the reservation and the passport together, and only when both sides say so."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.kit import journal
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.listings.models import ListingStatus, Stage
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.models import Loss, Passport
from marketplace.reservations import handing_over, pick_ups
from marketplace.reservations.models import HandOverState
from marketplace.reservations.pick_ups import Window
from marketplace.reservations.settling import settle
from marketplace.reservations.states import State
from tests.factories import by, make_listing, make_organisation, make_signed
from tests.reservations.asking import AT, ask, parts, promised, queue
from tests.reservations.fetching import act, buyer_of, fetched, hand_over, owner_of
from tests.sealing import SEAL


@pytest.fixture
def listing(context):
    owner = make_organisation(name="Sloperij")
    return make_listing(owner, passport=make_signed(owner, seal=SEAL), total=40)


def reported(reservation, side, what, at=AT):
    return handing_over.report(reservation, what, side=side, by=by(side), at=at)


def confirmed(made, side, at=AT):
    handing_over.confirm(made, side=side, act=act(side, at))


def told(subject, *actions):
    entries = reversed(journal.history(subject))
    return [(entry.action, entry.told["quantity"]) for entry in entries if entry.action in actions]


MOVES = ("reservation.handed_over", "reservation.written_off", "reservation.released")


def test_what_one_side_reports_moves_nothing_until_the_other_confirms(listing):
    reservation = promised(listing, 15)
    made = reported(reservation, buyer_of(reservation), fetched(10))
    assert (parts(listing), made.state, made.passport_id) == ((25, 15, 0, 0), HandOverState.REPORTED, None)
    confirmed(made, owner_of(reservation))
    assert (parts(listing), made.state) == ((25, 5, 10, 0), HandOverState.CONFIRMED)
    assert (reservation.state, reservation.held, reservation.handed_over) == (State.CONFIRMED, 5, 10)


def test_partial_pick_ups_go_on_until_nothing_is_held(listing):
    reservation = promised(listing, 15)
    for amount in (4, 4, 4):
        hand_over(reservation, amount)
        assert reservation.state is State.CONFIRMED
    with pytest.raises(InvalidInputError, match="3 st") as error:
        hand_over(reservation, 4)
    assert error.value.field == "quantity"
    hand_over(reservation, 3)
    assert (reservation.state, reservation.handed_over, parts(listing)) == (State.HANDED_OVER, 15, (25, 0, 15, 0))
    with pytest.raises(ConflictError, match="intussen veranderd"):
        hand_over(reservation, 1)
    assert lineage_imbalances() == []


def test_a_side_does_not_confirm_what_it_said_itself(listing):
    reservation = promised(listing, 15)
    for side in (owner_of(reservation), buyer_of(reservation)):
        made = reported(reservation, side, fetched(10))
        with pytest.raises(ConflictError, match="zelf gemeld"):
            confirmed(made, side)
    assert parts(listing) == (25, 15, 0, 0)


def test_nobody_else_reports_or_confirms(listing):
    reservation, stranger = promised(listing, 15), make_organisation()
    with pytest.raises(NotFoundError):
        reported(reservation, stranger, fetched(10))
    made = reported(reservation, buyer_of(reservation), fetched(10))
    with pytest.raises(NotFoundError):
        confirmed(made, stranger)
    with pytest.raises(NotFoundError):
        handing_over.reject(made, reason="Nee", side=stranger, by=by(stranger), at=AT)
    assert (made.state, parts(listing)) == (HandOverState.REPORTED, (25, 15, 0, 0))


def test_a_correction_takes_the_place_of_what_was_reported_and_the_first_confirms_it(listing):
    reservation = promised(listing, 15)
    owner, buyer = owner_of(reservation), buyer_of(reservation)
    first = reported(reservation, owner, fetched(15))
    second = reported(reservation, buyer, fetched(12, 2, reason="Glas gebarsten"))
    assert (first.state, second.state) == (HandOverState.REJECTED, HandOverState.REPORTED)
    with pytest.raises(ConflictError):
        confirmed(first, buyer)
    confirmed(second, owner)
    assert (parts(listing), reservation.held) == ((25, 1, 12, 2), 1)


def test_what_is_confirmed_is_confirmed_once(listing):
    reservation = promised(listing, 15)
    made = reported(reservation, buyer_of(reservation), fetched(5))
    confirmed(made, owner_of(reservation))
    with pytest.raises(ConflictError, match="intussen veranderd"):
        confirmed(made, owner_of(reservation))
    assert parts(listing) == (25, 10, 5, 0)


def test_what_is_rejected_with_a_reason_moves_nothing(listing):
    reservation = promised(listing, 15)
    owner = owner_of(reservation)
    made = reported(reservation, buyer_of(reservation), fetched(5))
    with pytest.raises(InvalidInputError, match="niet klopt"):
        handing_over.reject(made, reason=" ", side=owner, by=by(owner), at=AT)
    handing_over.reject(made, reason="Er is niemand geweest", side=owner, by=by(owner), at=AT)
    with pytest.raises(ConflictError):
        confirmed(made, owner)
    assert (made.state, parts(listing)) == (HandOverState.REJECTED, (25, 15, 0, 0))


def test_a_scan_confirms_at_once_whatever_was_reported(listing):
    reservation = promised(listing, 15)
    open_report = reported(reservation, buyer_of(reservation), fetched(15))
    made = hand_over(reservation, 6)
    assert (made.by_scan, made.state, open_report.state) == (True, HandOverState.CONFIRMED, HandOverState.REJECTED)
    assert parts(listing) == (25, 9, 6, 0)


@pytest.mark.parametrize("loss", [{}, {"broken": 2}, {"lost": 1}])
def test_a_scan_by_who_fetches_is_a_report_that_the_owner_confirms(listing, loss):
    """A code can be typed at a desk: what is the owner's does not move, and is not written off, by the buyer alone."""
    reservation = promised(listing, 15)
    buyer = buyer_of(reservation)
    made = handing_over.by_scan(reservation, fetched(12, reason="Glas", **loss), side=buyer, act=act(buyer))
    assert (made.state, parts(listing)) == (HandOverState.REPORTED, (25, 15, 0, 0))
    confirmed(made, owner_of(reservation))
    assert (reservation.handed_over, reservation.written_off) == (12, sum(loss.values()))


@pytest.mark.parametrize(("hours", "confirms"), [(23, False), (25, True), (47, True), (49, False)])
def test_a_scan_by_who_fetches_counts_alone_on_the_day_that_both_agreed(listing, hours, confirms):
    midnight = AT.astimezone(AMSTERDAM).replace(hour=0)
    listing.available_from = midnight.date()
    reservation = promised(listing, 15)
    buyer, owner = buyer_of(reservation), owner_of(reservation)
    window = Window(midnight + timedelta(hours=34), midnight + timedelta(hours=35))
    pick_up = pick_ups.propose(reservation, window, side=buyer, by=by(buyer), at=AT)
    at = replace(act(buyer), at=midnight + timedelta(hours=hours))
    proposed_only = handing_over.by_scan(reservation, fetched(1), side=buyer, act=at)
    assert proposed_only.state is HandOverState.REPORTED
    pick_ups.agree(pick_up, side=owner, by=by(owner), at=AT)
    made = handing_over.by_scan(reservation, fetched(12), side=buyer, act=at)
    assert (made.state is HandOverState.CONFIRMED) is confirms
    broken = handing_over.by_scan(reservation, fetched(1, broken=1, reason="Glas"), side=buyer, act=at)
    assert broken.state is HandOverState.REPORTED


def test_what_is_broken_or_lost_is_written_off_with_its_reason_from_stock_and_passport(listing):
    reservation = promised(listing, 15)
    hand_over(reservation, 10, broken=2, lost=1, reason="  Van de  kraan gevallen ")
    assert (parts(listing), reservation.written_off, reservation.held) == ((25, 2, 10, 3), 3, 2)
    losses = session.query(Loss).order_by(Loss.id).all()
    assert [(loss.quantity, loss.reason) for loss in losses] == [(2, "Van de kraan gevallen"), (1, losses[0].reason)]
    assert told(listing.subject, *MOVES) == [
        ("reservation.written_off", "2"),
        ("reservation.written_off", "1"),
        ("reservation.handed_over", "10"),
    ]
    assert told(reservation.subject, *MOVES) == told(listing.subject, *MOVES)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (fetched(), "quantity"),
        (fetched(16), "quantity"),
        (fetched("2.5"), "quantity"),
        (fetched(-1, 2, reason="x"), "quantity"),
        (fetched(14, 2, reason="x"), "broken"),
        (fetched(14, 1, 1, reason="x"), "lost"),
        (fetched(1, -1), "broken"),
        (fetched(1, 1), "reason"),
        (fetched(1, 0, 1, reason="  "), "reason"),
        (fetched(1, reason="x" * 501), "reason"),
    ],
)
def test_amounts_that_cannot_be_are_told_at_their_field_and_move_nothing(listing, what, field):
    reservation = promised(listing, 15)
    for attempt in (
        lambda: reported(reservation, buyer_of(reservation), what),
        lambda: handing_over.by_scan(reservation, what, side=owner_of(reservation), act=act()),
    ):
        with pytest.raises(InvalidInputError) as error:
            attempt()
        assert error.value.field == field
    assert parts(listing) == (25, 15, 0, 0)


def test_the_rest_that_is_released_goes_to_who_waits(listing):
    reservation = promised(listing, 30)
    waiting = queue(listing, 20)
    hand_over(reservation, 20, releases_rest=True)
    assert (reservation.state, reservation.released, reservation.handed_over) == (State.HANDED_OVER, 10, 20)
    assert (waiting.state, waiting.held) == (State.OFFERED, 20)
    assert parts(listing) == (0, 20, 20, 0)


@pytest.mark.parametrize(
    ("what", "end", "stock"),
    [
        (fetched(0, 15, reason="Verbrand"), State.WRITTEN_OFF, (25, 0, 0, 15)),
        (fetched(1, 14, reason="Verbrand"), State.HANDED_OVER, (25, 0, 1, 14)),
        (fetched(0, 2, reason="Nat", releases_rest=True), State.WRITTEN_OFF, (38, 0, 0, 2)),
        (fetched(0, 2, reason="Nat"), State.CONFIRMED, (25, 13, 0, 2)),
    ],
)
def test_it_ends_as_what_became_of_it(listing, what, end, stock):
    reservation = promised(listing, 15)
    handing_over.by_scan(reservation, what, side=owner_of(reservation), act=act())
    assert (reservation.state, parts(listing)) == (end, stock)


def test_what_is_still_in_its_building_or_not_promised_is_not_fetched(context):
    option = promised(make_listing(stage=Stage.EXPECTED), 5)
    asked = ask(make_listing(), 5)
    for reservation, sentence in ((option, "in het gebouw"), (asked, "intussen veranderd")):
        with pytest.raises(ConflictError, match=sentence):
            hand_over(reservation, 5)
        with pytest.raises(ConflictError, match=sentence):
            reported(reservation, buyer_of(reservation), fetched(5))


def test_what_lapsed_a_moment_ago_is_not_handed_over(listing):
    reservation = promised(listing, 15)
    end = reservation.expires_at
    with pytest.raises(ConflictError):
        hand_over(reservation, 15, at=end)
    assert (reservation.state, parts(listing)) == (State.EXPIRED, (40, 0, 0, 0))


def test_a_moment_before_it_lapses_it_is(listing):
    reservation = promised(listing, 15)
    hand_over(reservation, 15, at=reservation.expires_at - timedelta(microseconds=1))
    assert reservation.state is State.HANDED_OVER


def test_what_is_reported_does_not_lapse_before_the_other_side_could_answer(listing):
    reservation = promised(listing, 15)
    end = reservation.expires_at
    made = reported(reservation, buyer_of(reservation), fetched(15), at=end - timedelta(hours=1))
    settle([listing.id], end)
    assert (reservation.state, reservation.expires_at > end) == (State.CONFIRMED, True)
    confirmed(made, owner_of(reservation), at=end + timedelta(hours=1))
    assert reservation.state is State.HANDED_OVER


@pytest.mark.parametrize("how", ["corrects", "withdraws"])
def test_nobody_keeps_it_for_ever_by_saying_again_and_again_that_it_was_fetched(listing, how):
    reservation, day = promised(listing, 15), timedelta(days=1)
    buyer, at = buyer_of(reservation), reservation.expires_at - day / 2
    made = reported(reservation, buyer, fetched(1), at=at)
    end = reservation.expires_at
    if how == "withdraws":
        handing_over.reject(made, reason="Toch niet", side=buyer, by=by(buyer), at=at + day)
    reported(reservation, buyer, fetched(2), at=at + 2 * day)
    assert reservation.expires_at == end
    settle([listing.id], end)
    assert reservation.state is State.EXPIRED


def test_a_part_goes_along_under_a_code_of_its_own_and_the_new_owner_keeps_it(listing):
    reservation = promised(listing, 15)
    whole, buyer = session.get_one(Passport, listing.passport_id), buyer_of(reservation)
    made = hand_over(reservation, 15)
    part = session.get_one(Passport, made.passport_id)
    assert (part.quantity, part.owner_id, whole.quantity, whole.owner_id) == (15, buyer.id, 25, listing.organisation_id)
    assert part.code != whole.code
    assert part.issuer_id == listing.organisation_id, "who says so is who had it"
    assert journal.history(part.subject)[0].action == "passport.version_signed"
    (transferred,) = [each for each in journal.history(part.subject) if each.action == "passport.transferred"]
    assert (transferred.told["from"], transferred.told["to"]) == ("Sloperij", buyer.name)
    assert lineage_imbalances() == []


def test_the_last_of_it_takes_its_own_passport_along(listing):
    first, second = promised(listing, 15), promised(listing, 25)
    hand_over(first, 15)
    made = hand_over(second, 24, broken=1, reason="Gebroken")
    whole = session.get_one(Passport, listing.passport_id)
    assert (made.passport_id, whole.owner_id, whole.quantity) == (whole.id, second.organisation_id, 24)
    session.refresh(listing)
    assert (listing.stage, parts(listing)) == (Stage.GONE, (0, 0, 39, 1))


def test_a_draft_that_the_former_owner_still_had_of_it_is_taken_back(listing):
    passport = session.get_one(Passport, listing.passport_id)
    draft = make_listing(passport=passport, status=ListingStatus.DRAFT)
    hand_over(promised(listing, 40))
    assert draft.status is ListingStatus.WITHDRAWN


def test_what_left_before_passports_went_along_stays_in_the_passport_that_counts_it(context):
    listing = make_listing(handed_over=10, handed_over_without_passport=10)
    made = hand_over(promised(listing, 30))
    old = session.get_one(Passport, listing.passport_id)
    assert (made.passport_id != old.id, old.quantity) == (True, Decimal(10))
