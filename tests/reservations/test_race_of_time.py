"""Time against people, on both databases: whoever comes first wins, and the other is refused or finds it done.

Each client is a thread with a session of its own on a real connection. Of each race there is a control, the same
without its guard, that must go wrong.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import Organisation
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.errors import ConflictError, MarketplaceError
from marketplace.kit.journal import By, JournalEntry
from marketplace.listings import stock
from marketplace.listings.models import Listing
from marketplace.reservations import actions, settling
from marketplace.reservations.audit import audit
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.states import State
from tests.factories import make_organisation
from tests.racing import at_once
from tests.reservations.asking import AT, ask, posted, queue

ROUNDS = 6


class Stage:
    """Committed lots, each with a holder of all of it and somebody who waits; `at` is when the hold lapses."""

    def __init__(self) -> None:
        owner, self.holder, self.waiting = (make_organisation() for _ in range(3))
        self.rounds = []
        for _ in range(ROUNDS):
            listing = posted(owner, total=5)
            held = ask(listing, 5, self.holder)
            self.rounds.append((listing.id, held.id, queue(listing, 5, self.waiting).id))
        self.at, self.other_id = held.expires_at, make_organisation().id


@pytest.fixture
def stage(app: Flask, emptied_afterwards):
    with app.app_context():
        begin_writing()
        made = Stage()
        commit()
    return made


def together(app: Flask, *steps: Callable[[], None]) -> list[str]:
    """Take all steps at once, each in a transaction of its own; return what came of each: done or refused."""

    def in_a_transaction(step: Callable[[], None]) -> None:
        begin_writing()
        step()
        commit()

    came = at_once(app, [partial(in_a_transaction, step) for step in steps], refused=(MarketplaceError, DBAPIError))
    return [_what(each) for each in came]


def _what(came: object) -> str:
    if isinstance(came, ConflictError):
        return "refused"
    return type(came).__name__ if isinstance(came, Exception) else "done"


def told(action: str, reservation_id: int) -> int:
    query = select(JournalEntry).where(JournalEntry.subject == f"reservation:{reservation_id}")
    return [entry.action for entry in session.scalars(query)].count(f"reservation.{action}")


def state(reservation_id: int) -> State:
    return session.get_one(Reservation, reservation_id).state


def differences() -> list[str]:
    return [str(difference) for difference in audit(AT).differences]


def confirm(reservation_id: int, at: datetime) -> None:
    actions.confirm(session.get_one(Reservation, reservation_id), by=By(), at=at)


def cancel(reservation_id: int, at: datetime) -> None:
    actions.cancel(session.get_one(Reservation, reservation_id), by=By(), at=at)


def request(listing_id: int, organisation_id: int, at: datetime) -> None:
    purpose = Purpose(session.get_one(Organisation, organisation_id))
    actions.request(listing_id=listing_id, quantity=Decimal(5), purpose=purpose, by=By(), at=at)


@pytest.mark.timeout(60)
def test_at_the_very_deadline_it_lapses_or_was_confirmed_a_moment_before(app, stage):
    """The worker comes at the deadline, and the owner a microsecond before or at that very moment."""
    for number, (listing_id, held, waits) in enumerate(stage.rounds):
        in_time = number % 2 == 0
        said = stage.at - timedelta(microseconds=1) if in_time else stage.at
        came = together(
            app,
            lambda held=held, said=said: confirm(held, said),
            lambda listing_id=listing_id: settling.settle([listing_id], stage.at),
        )
        with app.app_context():
            confirmed = came[0] == "done"
            assert came[1] == "done"
            assert in_time or not confirmed
            expected = (State.CONFIRMED, State.WAITING) if confirmed else (State.EXPIRED, State.OFFERED)
            assert (state(held), state(waits)) == expected
            assert told("expired", held) + told("confirmed", held) == 1
            assert session.get_one(Listing, listing_id).held == 5
    with app.app_context():
        assert differences() == []


@pytest.mark.timeout(60)
def test_what_two_settle_at_once_is_offered_once_and_told_once(app, stage):
    for listing_id, held, waits in stage.rounds:
        came = together(app, *[lambda listing_id=listing_id: settling.settle([listing_id], stage.at)] * 4)
        assert came == ["done"] * 4
        with app.app_context():
            assert (told("expired", held), told("offered", waits)) == (1, 1)
    with app.app_context():
        assert differences() == []


@pytest.mark.timeout(60)
def test_who_waits_goes_before_who_asks_when_it_is_given_up(app, stage):
    for listing_id, held, waits in stage.rounds:
        came = together(
            app,
            lambda held=held: cancel(held, AT),
            *[lambda listing_id=listing_id: request(listing_id, stage.other_id, AT)] * 3,
        )
        assert came == ["done", "refused", "refused", "refused"]
        with app.app_context():
            assert (state(held), state(waits), told("offered", waits)) == (State.CANCELLED, State.OFFERED, 1)
    with app.app_context():
        assert differences() == []


@pytest.mark.timeout(60)
def test_given_up_twice_is_released_once(app, stage):
    for _, held, waits in stage.rounds:
        came = together(app, *[lambda held=held: cancel(held, AT)] * 3)
        assert sorted(came) == ["done", "refused", "refused"]
        with app.app_context():
            assert (told("cancelled", held), told("offered", waits)) == (1, 1)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("guards", ["without the lock", "without the lock and the condition on the state"])
def test_a_race_without_its_guards_goes_wrong(app, stage, monkeypatch, guards):
    """The control: both read before one of them writes. Where only the lock is gone, the second stumbles."""
    looked, concerned = threading.Barrier(2), settling._concerned

    def look_together(listing_id: int, at: datetime) -> Sequence[Reservation]:
        rows = concerned(listing_id, at)
        looked.wait(timeout=20)
        return rows

    monkeypatch.setattr(settling, "_concerned", look_together)
    monkeypatch.setattr(stock, "lock", lambda ids: [session.get_one(Listing, id_) for id_ in ids])
    if "condition" in guards:
        monkeypatch.setattr(settling, "step", whatever_the_state)
    listing_id, held, _ = stage.rounds[0]
    came = together(app, *[lambda: settling.settle([listing_id], stage.at)] * 2)
    with app.app_context():
        if "condition" in guards:
            assert came == ["done", "done"]
            assert told("expired", held) == 2
            assert any("takes 5 of 0 held" in difference for difference in differences())
        else:
            assert sorted(came) == ["done", "refused"]


def whatever_the_state(reservation: Reservation, wanted: State, at: datetime, **changes: object) -> None:
    values = {"state": wanted, "decided_at": at, "expires_at": None, "warn_at": None, **changes}
    session.execute(update(Reservation).where(Reservation.id == reservation.id).values(values))
    session.refresh(reservation)


@pytest.mark.timeout(60)
def test_who_looks_before_the_transaction_begins_tells_people_twice(app, stage):
    """The control: looked at before the lock and written whatever it is by then, it lapses for each who looked."""
    looked = threading.Barrier(2)

    def unguarded(listing_id: int) -> None:
        (row_id, held) = session.execute(
            select(Reservation.id, Reservation.held).where(
                Reservation.listing_id == listing_id, Reservation.expires_at <= stage.at
            )
        ).one()
        session.rollback()
        looked.wait(timeout=20)
        begin_writing()
        row = session.get_one(Reservation, row_id)
        row.state, row.held, row.released = State.EXPIRED, Decimal(0), Decimal(5)
        settling.tell(row, "reservation.expired", By(), held)

    listing_id, held, _ = stage.rounds[0]
    assert together(app, *[lambda: unguarded(listing_id)] * 2) == ["done", "done"]
    with app.app_context():
        assert told("expired", held) == 2
        assert any("takes 5 of 0 held" in difference for difference in differences())
