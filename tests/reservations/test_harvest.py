"""What comes out of a building is counted: options become holds, and too little is shared out by the declared rule."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus, ShortHarvest, Stage
from marketplace.passports import actions as passports
from marketplace.passports import lineage
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.models import Passport, PassportStatus
from marketplace.passports.queries import versions_of
from marketplace.passports.taking import Act
from marketplace.reservations import actions, harvest
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms, answer_by, hold_until
from tests.factories import by, make_listing, make_organisation, make_passport
from tests.passports.lineages import make_clean
from tests.reservations.asking import AT, ask, parts, promised, queue
from tests.sealing import SEAL

pytestmark = pytest.mark.usefixtures("context")

HARVEST_DAY = AT + timedelta(days=2)
ACT = Act(by(), SEAL, HARVEST_DAY)


def expected(total=40, **more):
    return make_listing(total=total, stage=Stage.EXPECTED, **more)


def expected_of(passport, total=40):
    """An offer of (a part of) what a passport describes."""
    return expected(total, passport=passport, organisation=session.get_one(Organisation, passport.owner_id))


def passport_of(listing):
    return session.get_one(Passport, listing.passport_id)


def count(listing, counted, **more):
    return harvest.count(listing, Decimal(counted), ACT, **more)


def told(subject, action):
    return [entry.told for entry in journal.history(subject) if entry.action == action]


@pytest.mark.parametrize(("planned", "fetched_from"), [(30, 0), (0, 0), (-7, -7)])
def test_what_came_out_sooner_than_planned_can_be_fetched_at_once(planned, fetched_from):
    today = HARVEST_DAY.astimezone(AMSTERDAM).date()
    listing = expected(available_from=today + timedelta(days=planned))
    promised(listing, 15)
    count(listing, 40)
    assert listing.available_from == today + timedelta(days=fetched_from)


def test_when_all_of_it_comes_out_options_become_holds_and_their_clocks_start():
    listing = expected()
    sure, asked = promised(listing, 15), ask(listing, 5)
    assert sure.expires_at is None, "no clock runs in the building"
    count(listing, 40)
    assert (parts(listing), listing.stage) == ((20, 20, 0, 0), Stage.IN_STOCK)
    assert (sure.state, sure.held) == (State.CONFIRMED, 15)
    assert sure.expires_at == hold_until(Terms(), HARVEST_DAY, HARVEST_DAY.date())
    assert sure.warn_at < sure.expires_at
    assert (asked.state, asked.expires_at) == (State.REQUESTED, answer_by(Terms(), AT)), "its clock ran already"
    (facts,) = told(sure.subject, "reservation.counted")
    assert facts == {
        "quantity": "15",
        "unit": "piece",
        "listing": listing.reference,
        "before": "15",
        "after": "15",
        "expected": "40",
        "counted": "40",
        "state": "confirmed",
        "until": sure.expires_at.isoformat(),
    }
    assert len(told(listing.subject, "reservation.counted")) == 2
    assert told(listing.subject, "reservation.shortened") == []
    assert told(listing.subject, "listing.counted") == [
        {
            "expected": "40",
            "counted": "40",
            "rule": "first_come",
            "unit": "piece",
            "short_available": "0",
            "extra": "0",
        }
    ]


@pytest.mark.parametrize(
    ("rule", "counted", "kept"),
    [
        (ShortHarvest.FIRST_COME, 33, [20, 12, 1]),
        (ShortHarvest.PROPORTIONAL, 33, [17, 10, 6]),
        (ShortHarvest.FIRST_COME, 39, [20, 12, 7]),
        (ShortHarvest.PROPORTIONAL, 39, [20, 12, 7]),
        (ShortHarvest.FIRST_COME, 20, [20, 0, 0]),
        (ShortHarvest.PROPORTIONAL, 1, [1, 0, 0]),
    ],
)
def test_a_short_harvest_follows_the_declared_rule_and_everyone_is_told_before_and_after(rule, counted, kept):
    listing = expected(short_harvest=rule)
    options = [promised(listing, amount) for amount in (20, 12, 7)]
    count(listing, counted)
    assert [option.held for option in options] == kept
    assert parts(listing) == (0, sum(kept), 0, 40 - counted)
    for option, before, after in zip(options, (20, 12, 7), kept, strict=True):
        session.refresh(option)
        assert option.quantity == option.held + option.written_off == before
        assert option.state is (State.CONFIRMED if after else State.WRITTEN_OFF)
        short = told(option.subject, "reservation.shortened")
        assert [(one["before"], one["after"], one["quantity"]) for one in short] == (
            [(str(before), str(after), str(before - after))] if after < before else []
        )
    (facts,) = told(listing.subject, "listing.counted")
    assert (facts["short_available"], facts["extra"]) == ("1", "0")


def test_what_nobody_reserved_is_short_first():
    listing = expected()
    option = promised(listing, 20)
    count(listing, 25)
    assert (parts(listing), option.held) == ((5, 20, 0, 15), 20)
    assert told(listing.subject, "listing.counted")[0]["short_available"] == "15"


def test_an_option_that_lapsed_before_the_count_gets_nothing_of_it():
    listing = expected()
    lapsed, kept = ask(listing, 20), promised(listing, 20)
    late = replace(ACT, at=answer_by(Terms(), AT))
    seen = harvest.foresee(listing, Decimal(20), late)
    harvest.count(listing, Decimal(20), late, agreed=seen.token)
    assert [share.reservation for share in seen.shares] == [kept]
    assert (lapsed.state, lapsed.written_off, kept.held) == (State.EXPIRED, 0, 20)
    assert parts(listing) == (0, 20, 0, 20)


def test_what_is_extra_goes_to_the_queue_first():
    listing = expected(10)
    promised(listing, 10)
    waiting = queue(listing, 3)
    count(listing, 15)
    assert (listing.total, parts(listing)) == (15, (2, 13, 0, 0))
    assert (waiting.state, waiting.held) == (State.OFFERED, 3)
    assert told(listing.subject, "listing.counted")[0]["extra"] == "5"


def test_who_waits_stays_in_the_queue_after_a_short_harvest():
    listing = expected(10)
    first = promised(listing, 10)
    waiting = queue(listing, 3)
    count(listing, 8)
    assert (first.held, waiting.state) == (8, State.WAITING)
    actions.cancel(first, by=by(), at=HARVEST_DAY)
    assert (waiting.state, waiting.held) == (State.OFFERED, 3)


def test_when_nothing_could_be_harvested_all_options_end_and_who_waits_is_turned_away():
    listing = expected(10)
    options = [promised(listing, 6), ask(listing, 4)]
    waiting = queue(listing, 3)
    count(listing, 0)
    assert (listing.stage, parts(listing)) == (Stage.GONE, (0, 0, 0, 10))
    assert {option.state for option in options} == {State.WRITTEN_OFF}
    assert all(option.expires_at is None for option in options)
    assert (waiting.state, waiting.released) == (State.DECLINED, 3)
    assert passport_of(listing).status is PassportStatus.DESTROYED
    assert lineage_imbalances() == []


def test_a_harvest_is_counted_once():
    listing = expected()
    option = promised(listing, 20)
    count(listing, 30)
    with pytest.raises(ConflictError, match="al in ontvangst"):
        count(listing, 10)
    assert (parts(listing), option.held, passport_of(listing).quantity) == ((10, 20, 0, 10), 20, 30)
    assert len(told(listing.subject, "listing.counted")) == 1


def test_what_was_received_before_is_not_counted_as_a_harvest():
    listing = make_listing()
    with pytest.raises(ConflictError, match="al in ontvangst"):
        count(listing, 40)


@pytest.mark.parametrize("counted", ["-1", "33.5", "NaN"])
def test_what_is_no_amount_changes_nothing(counted):
    listing = expected()
    with pytest.raises(InvalidInputError) as refused:
        count(listing, counted)
    assert (refused.value.field, listing.stage, parts(listing)) == ("counted", Stage.EXPECTED, (40, 0, 0, 0))


def test_a_preview_says_what_the_count_does_and_changes_nothing():
    listing = expected(short_harvest=ShortHarvest.PROPORTIONAL)
    option = promised(listing, 40)
    seen = harvest.foresee(listing, Decimal(33), ACT)
    assert ([share.after for share in seen.shares], option.held, listing.stage) == ([33], 40, Stage.EXPECTED)
    assert count(listing, 33, agreed=seen.token).token == seen.token
    assert option.held == 33


@pytest.mark.parametrize("counted", [40, 33])
def test_nothing_is_counted_where_another_option_came_after_the_preview(counted):
    listing = expected()
    promised(listing, 20)
    seen = harvest.foresee(listing, Decimal(counted), ACT)
    promised(listing, 20)
    with pytest.raises(harvest.NotAgreedError, match="intussen veranderd") as refused:
        count(listing, counted, agreed=seen.token)
    assert len(refused.value.outcome.shares) == 2
    assert (listing.stage, parts(listing)) == (Stage.EXPECTED, (0, 40, 0, 0))


def test_square_metres_are_shared_to_the_thousandth():
    listing = expected(
        "10.001", category="plasterboard", unit=Unit.M2, min_take=Decimal("0.001"), short_harvest="proportional"
    )
    options = [promised(listing, amount) for amount in ("5", "5.001")]
    count(listing, "3.333")
    assert [option.held for option in options] == [Decimal("1.666"), Decimal("1.667")]


def test_the_passport_loses_what_was_not_harvested_and_is_signed_anew():
    passport = make_clean()
    passports.publish(passport, by(), seal=SEAL)
    signed = len(versions_of(passport.id))
    listing = expected_of(passport)
    count(listing, 33)
    assert passport.quantity == 33
    assert told(passport.subject, "passport.lost")[0]["reason"] == "niet geoogst"
    assert len(versions_of(passport.id)) == signed + 1
    assert lineage_imbalances() == []


def test_the_passport_has_what_came_extra_and_is_signed_anew():
    passport = make_clean()
    passports.publish(passport, by(), seal=SEAL)
    signed = len(versions_of(passport.id))
    listing = expected_of(passport)
    count(listing, 44)
    assert passport.quantity == 44
    assert told(passport.subject, "passport.changed")[0] == {"quantity_from": "40", "quantity_to": "44"}
    assert len(versions_of(passport.id)) == signed + 1


@pytest.mark.parametrize(("counted", "left"), [(33, 93), (40, 100), (44, 104), (0, 60)])
def test_of_a_passport_that_describes_more_only_this_offer_is_counted(counted, left):
    passport = make_passport(quantity=Decimal(100))
    listing = expected_of(passport)
    count(listing, counted)
    assert (passport.quantity, passport.status) == (left, PassportStatus.PUBLISHED)


def test_a_passport_that_was_corrected_before_the_count_stays_as_it_is():
    passport = make_passport(quantity=Decimal(33))
    listing = expected_of(passport)
    count(listing, 33)
    assert (passport.quantity, told(passport.subject, "passport.lost")) == (33, [])


def test_more_than_was_split_off_another_passport_it_cannot_be():
    passport = make_clean()
    (child,) = lineage.split(passport, [Decimal(12)], Act(by(), SEAL))
    listing = expected_of(child, 12)
    with pytest.raises(ConflictError, match="12 st") as refused, session.begin_nested():
        count(listing, 13)
    assert refused.value.field == "counted"
    session.refresh(listing)
    session.refresh(child)
    count(listing, 11)
    assert (child.quantity, parts(listing), lineage_imbalances()) == (11, (11, 0, 0, 1), [])


def test_a_draft_is_counted_too_and_offers_nothing_to_anybody():
    listing = expected(10, status=ListingStatus.DRAFT)
    count(listing, 12)
    assert (listing.status, parts(listing)) == (ListingStatus.DRAFT, (12, 0, 0, 0))


def test_of_another_owner_nothing_is_touched():
    listing, other = expected(), expected()
    mine, theirs = promised(listing, 30), promised(other, 30, make_organisation())
    count(listing, 3)
    assert (mine.held, theirs.held, parts(other), theirs.expires_at) == (3, 30, (10, 30, 0, 0), None)
