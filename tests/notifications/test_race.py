"""Two processes read the journal and send at once, and everyone is told once: with controls that show the guards.

Each process is a thread with a session of its own on a real connection, so that nothing is shared but the database.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, session
from marketplace.notifications import actions
from marketplace.notifications.models import Notice, NoticeCursor
from tests import racing
from tests.notifications.telling import make_deal

PROCESSES = 6
STEPS = 40


@pytest.fixture
def steps(app: Flask, emptied_afterwards):
    """Committed steps of one reservation that nobody was told of yet; returns how many."""
    with app.app_context():
        begin_writing()
        actions.begin()
        deal = make_deal()
        for _ in range(STEPS):
            deal.record("reservation.confirmed", by=deal.by_owner)
        commit()
    return STEPS


def at_once(app: Flask, work: Callable[[], None]) -> list[Exception]:
    """Let all processes do the same at once, and return what went wrong."""
    came = racing.at_once(app, [work] * PROCESSES, refused=(DBAPIError,))
    return [each for each in came if isinstance(each, Exception)]


def gather() -> None:
    """Read to the end as the program does, a few rows at a time."""
    read = 1
    while read:
        begin_writing()
        read = actions.gather(now())
        commit()


def test_everyone_is_told_once_however_many_read(app, steps, monkeypatch):
    monkeypatch.setattr(actions, "_BATCH", 7)
    assert at_once(app, gather) == []
    with app.app_context():
        assert session.scalar(select(func.count(Notice.id))) == steps


def test_without_taking_the_place_the_same_readers_make_the_same_notices(app, steps, monkeypatch):
    """The control: the place is looked at instead of taken. The database then refuses what would be told twice."""
    everyone_looked = threading.Barrier(PROCESSES)

    def look() -> int:
        place = session.scalar(select(NoticeCursor.read_to)) or 0
        session.rollback()
        everyone_looked.wait(timeout=30)
        return place

    monkeypatch.setattr(actions, "begin", look)
    monkeypatch.setattr(actions, "_BATCH", 2 * steps)

    def gather_unguarded() -> None:
        actions.gather(now())
        commit()

    wrong = at_once(app, gather_unguarded)
    assert len(wrong) == PROCESSES - 1
    with app.app_context():
        assert session.scalar(select(func.count(Notice.id))) == steps


def claim_all(taken: list[int]) -> Callable[[], None]:
    def claim() -> None:
        mine = [0]
        while mine:
            begin_writing()
            mine = actions.claim(3, now() + timedelta(seconds=2))
            commit()
            taken.extend(mine)

    return claim


def test_every_mail_is_taken_by_one_worker(app, steps):
    taken: list[int] = []
    at_once(app, gather)
    assert at_once(app, claim_all(taken)) == []
    assert len(taken) == len(set(taken)) == steps


def test_without_the_lease_the_same_mail_is_taken_by_several(app, steps, monkeypatch):
    """The control: a lease that is over at once is none."""
    taken: list[int] = []
    at_once(app, gather)
    monkeypatch.setattr(actions, "LEASE", timedelta(0))

    def claim_a_few() -> None:
        for _ in range(3):
            begin_writing()
            mine = actions.claim(3, now() + timedelta(seconds=2))
            commit()
            taken.extend(mine)

    at_once(app, claim_a_few)
    assert max(Counter(taken).values()) > 1
