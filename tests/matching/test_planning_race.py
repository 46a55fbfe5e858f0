"""A better plan is taken over by two at once, or while somebody reserves what it counts on; with controls that fail.

Each is a thread with a session of its own, so that nothing is shared but the database.
"""

import threading
import time
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By, JournalEntry
from marketplace.listings.models import Listing
from marketplace.matching import answering, keeping, planning, standing
from marketplace.matching.models import Improvement, Occasion, PlanRun, Proposal
from marketplace.reservations import actions as reservations
from marketplace.reservations.purposes import Purpose
from tests.factories import by, make_listing, make_need, make_organisation, make_project
from tests.racing import at_once, done

LONG = 1.0
"""Seconds for which a take-over lies still between looking and writing: long enough for anybody to come between."""


def compute() -> None:
    planning.compute(planning.request_run(Occasion.ASKED, by(), effort=0))


def doors(price: str) -> Listing:
    return make_listing(total=20, price_eur=Decimal(price), building_year=2015)


@pytest.fixture
def deal(app, emptied_afterwards):
    """A better plan on offer, for all connections to see: its id, the listing it counts on, and a buyer."""
    with app.app_context():
        begin_writing()
        make_need()
        doors("60.00")
        compute()
        cheap, buyer = doors("5.00"), make_organisation()
        compute()
        ids = standing.improvements()[0].id, cheap.id, buyer.id
        commit()
        session.remove()
    return ids


@pytest.fixture
def lying_still(monkeypatch):
    """Let take-overs lie still after they have looked; return what is set then."""
    looked = threading.Event()

    def keep(*arguments):
        looked.set()
        time.sleep(LONG)
        return keeping.keep(*arguments)

    monkeypatch.setattr(answering, "keep", keep)
    return looked


def take_over(improvement_id: int) -> str:
    begin_writing()
    answering.take_over(session.get_one(Improvement, improvement_id), by(), clock.now())
    commit()
    return "taken"


def reserve(listing_id: int, buyer_id: int, when: threading.Event) -> str:
    assert when.wait(10)
    begin_writing()
    purpose = Purpose(session.get_one(Organisation, buyer_id))
    reservations.request(listing_id=listing_id, quantity=Decimal(20), purpose=purpose, by=by(), at=clock.now())
    commit()
    return "reserved"


def told(app) -> list[str]:
    """Return in which order the plan was taken over and the lot reserved, as the journal tells it."""
    with app.app_context():
        actions = ("improvement.taken", "reservation.requested")
        rows = select(JournalEntry).where(JournalEntry.action.in_(actions)).order_by(JournalEntry.number)
        return list(dict.fromkeys(row.action for row in session.scalars(rows)))


def taken_over_by_two(app, improvement_id: int) -> list[object]:
    step = partial(take_over, improvement_id)
    return at_once(app, [step, step], refused=(Exception,))


@pytest.mark.usefixtures("lying_still")
def test_of_two_who_take_over_at_once_one_is_told_that_it_is_done(app, deal):
    came = taken_over_by_two(app, deal[0])
    assert len(done(came)) == 1
    assert [type(each) for each in came if isinstance(each, Exception)] == [ConflictError]
    with app.app_context():
        assert [row.listing_id for row in session.scalars(select(Proposal))] == [deal[1]]


@pytest.mark.usefixtures("lying_still")
def test_the_control_without_a_turn_lets_both_in(app, deal, database, monkeypatch):
    if database == "sqlite":
        pytest.skip("who writes to SQLite takes turns anyway")
    monkeypatch.setattr(answering, "take_turn", lambda: None)
    monkeypatch.setattr(answering, "_hold", lambda _ids: None)  # which keeps them apart as well
    came = taken_over_by_two(app, deal[0])
    assert not any(isinstance(each, ConflictError) for each in came), (
        "both came past the question whether it is on offer"
    )


@pytest.fixture
def asked(app, emptied_afterwards):
    """A better plan that needs two organisations to agree: its id and theirs."""
    with app.app_context():
        begin_writing()
        losing = [make_organisation(), make_organisation()]
        for each in losing:
            make_need(make_project(each), quantity=Decimal(10), min_batch=Decimal(10))
        doors("15.00")
        compute()
        make_need(new_eur=Decimal(200), min_batch=Decimal(20))
        compute()
        ids = standing.improvements()[0].id, [each.id for each in losing]
        commit()
        session.remove()
    return ids


def agree(improvement_id: int, organisation_id: int) -> bool:
    begin_writing()
    acting = By(organisation_id=organisation_id)
    done_now = answering.take_over(session.get_one(Improvement, improvement_id), acting, clock.now())
    commit()
    return done_now


@pytest.fixture
def lying_still_agreed(monkeypatch):
    """Let who agreed lie still before looking who else has to."""

    def asked_later(improvement: Improvement) -> set[int]:
        time.sleep(LONG)
        return asked_of(improvement)

    asked_of = answering.asked
    monkeypatch.setattr(answering, "asked", asked_later)


@pytest.mark.usefixtures("lying_still_agreed")
def test_of_two_who_agree_at_once_the_second_does_it(app, asked):
    improvement_id, organisations = asked
    came = at_once(app, [partial(agree, improvement_id, each) for each in organisations])
    assert sorted(came) == [False, True]
    with app.app_context():
        assert [row.quantity for row in session.scalars(select(Proposal))] == [20]


@pytest.mark.usefixtures("lying_still_agreed")
def test_the_control_without_a_turn_leaves_both_waiting_for_each_other(app, asked, database, monkeypatch):
    if database == "sqlite":
        pytest.skip("who writes to SQLite takes turns anyway")
    monkeypatch.setattr(answering, "take_turn", lambda: None)
    monkeypatch.setattr(answering, "_hold", lambda _ids: None)
    # The journal, too, lets one row after another in.
    monkeypatch.setattr(answering.journal, "record", lambda *_arguments, **_told: None)
    improvement_id, organisations = asked
    assert at_once(app, [partial(agree, improvement_id, each) for each in organisations]) == [False, False]


def test_nobody_reserves_between_looking_and_taking_over(app, deal, lying_still):
    improvement_id, listing_id, buyer_id = deal
    steps = [partial(take_over, improvement_id), partial(reserve, listing_id, buyer_id, lying_still)]
    assert at_once(app, steps) == ["taken", "reserved"]
    assert told(app) == ["improvement.taken", "reservation.requested"]


def test_the_control_that_does_not_hold_the_lot_proposes_what_was_just_reserved(
    app, deal, lying_still, database, monkeypatch
):
    if database == "sqlite":
        pytest.skip("who writes to SQLite takes turns anyway")
    monkeypatch.setattr(answering, "_hold", lambda _ids: None)
    improvement_id, listing_id, buyer_id = deal
    steps = [partial(take_over, improvement_id), partial(reserve, listing_id, buyer_id, lying_still)]
    assert at_once(app, steps) == ["taken", "reserved"]
    assert told(app) == ["reservation.requested", "improvement.taken"]


def test_what_was_reserved_before_cannot_be_taken_over(app, deal):
    improvement_id, listing_id, buyer_id = deal
    reserved = threading.Event()
    reserved.set()
    with app.app_context():
        reserve(listing_id, buyer_id, reserved)
        session.remove()
    (came,) = at_once(app, [partial(take_over, improvement_id)])
    assert isinstance(came, ConflictError)


def test_of_several_planners_one_takes_a_run(app, deal):
    with app.app_context():
        begin_writing()
        run_id = planning.request_run(Occasion.ASKED, by(), effort=0).id
        commit()
        session.remove()

    def claim() -> int | None:
        begin_writing()
        run = planning.claim(clock.now())
        taken = run.id if run else None
        commit()
        return taken

    came = at_once(app, [claim] * 4)
    assert sorted(came, key=str) == [run_id, None, None, None]


def test_of_several_planners_one_asks_for_the_plan_of_the_night(app, deal):
    def ask() -> None:
        begin_writing()
        planning.request_due(clock.now())
        commit()

    at_once(app, [ask] * 4)
    with app.app_context():
        assert session.scalars(select(PlanRun.occasion).where(PlanRun.occasion != Occasion.ASKED)).all() == ["nightly"]
