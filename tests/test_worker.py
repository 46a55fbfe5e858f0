"""The worker: no task keeps another from being done, and the process lives exactly as long as the server."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from urllib.request import urlopen

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from marketplace import create_app, worker
from marketplace.config import Settings
from marketplace.kit import journal
from marketplace.kit.answers import KeptAnswer
from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, db, session
from marketplace.kit.journal import By
from marketplace.listings.models import Listing
from marketplace.matching.models import Proposal
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State
from marketplace.web import timekeeping
from marketplace.worker import Task, Worker
from tests.factories import make_listing, make_need, make_organisation, make_reservation
from tests.journeys.site import Site, serving
from tests.notifications.telling import Deal, make_deal

_PATIENCE = 20  # seconds


@pytest.fixture
def clock(monkeypatch) -> Callable[[float], None]:
    """Return a function that moves the clock of the worker on."""
    seconds = [1000.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: seconds[0])

    def move(by: float) -> None:
        seconds[0] += by

    return move


def test_every_task_is_done_as_often_as_it_asks_for(context, clock):
    done = []
    tasks = (Task("often", 1, lambda _at: done.append("often")), Task("rare", 3600, lambda _at: done.append("rare")))
    at_work = Worker(context, tasks)
    for _ in range(3):
        at_work.tick()
        clock(1)
    assert done == ["often", "rare", "often", "often"]
    clock(3600)
    at_work.tick()
    assert done[-1] == "rare"


def test_a_task_that_fails_is_logged_and_keeps_no_other_from_being_done(context, clock, caplog):
    done = []

    def fail(_at) -> None:
        done.append("failed")
        raise RuntimeError("the disk is on fire")

    at_work = Worker(context, (Task("bad", 1, fail), Task("good", 1, lambda _at: done.append("good"))))
    for _ in range(3):
        at_work.tick()
        clock(1)
    assert done == ["failed", "good", "good", "good"], "one that fails is not tried every second"
    assert caplog.text.count("could not do: bad") == 1
    assert "the disk is on fire" in caplog.text
    clock(30)
    at_work.tick()
    assert done[4:] == ["failed", "good"]


def test_a_database_that_was_busy_is_asked_again_at_the_next_tick(context, clock, caplog):
    tried = []

    def find_it_busy(_at) -> None:
        tried.append(1)
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    at_work = Worker(context, (Task("busy", 1, find_it_busy),))
    for _ in range(2):
        at_work.tick()
        clock(1)
    assert len(tried) == 2
    assert not caplog.text


@pytest.fixture
def lapsed(context) -> list[Reservation]:
    """Three reservations, each of another listing, of which the time was up a minute ago."""
    ago = now() - timedelta(minutes=1)
    buyer = make_organisation()
    return [
        make_reservation(make_listing(total=9, held=4), buyer.id, 4, state=State.REQUESTED, expires_at=ago)
        for _ in range(3)
    ]


def test_the_worker_lets_happen_what_time_brought(lapsed):
    commit()
    worker.settle(now())
    assert [reservation.state for reservation in lapsed] == [State.EXPIRED] * 3
    assert [session.get_one(Listing, one.listing_id).held for one in lapsed] == [0] * 3


def test_a_listing_that_goes_wrong_keeps_no_other_from_being_settled(lapsed, monkeypatch):
    commit()
    first, settle = lapsed[0].listing_id, timekeeping.settle

    def fail_at_the_first(listing_ids, at) -> None:
        if first in listing_ids:
            raise RuntimeError("the row cannot be read")
        settle(listing_ids, at)

    monkeypatch.setattr(timekeeping, "settle", fail_at_the_first)
    with pytest.raises(RuntimeError, match="cannot be read"):
        worker.settle(now())
    assert [reservation.state for reservation in lapsed] == [State.REQUESTED, State.EXPIRED, State.EXPIRED]


def test_what_nobody_asks_after_is_taken_away(context):
    at = now()
    days = {"yesterday": 1, "last month": 30}
    for key, ago in days.items():
        when = at - timedelta(days=ago)
        session.add(KeptAnswer(user_id=0, key=key, request="POST /aanbieden", fingerprint="0" * 64, at=when))
    commit()
    worker.forget(at)
    assert session.scalars(select(KeptAnswer.key)).all() == ["yesterday"]


def test_one_that_dies_at_once_is_not_started_in_a_hot_loop():
    pauses = [0.0]
    for _ in range(8):
        pauses.append(worker._pause(lived=0.1, pause=pauses[-1]))
    assert pauses[1:4] == [1, 2, 4]
    assert pauses[-1] == 60
    assert worker._pause(lived=3600, pause=60) == 1


@pytest.fixture
def app_of() -> Iterator[Callable[[Site], Flask]]:
    """Return a function that opens the database of a site, as another process would."""
    opened = []

    def open_(site: Site) -> Flask:
        places = {"INSTANCE_PATH": str(site.folder / "instance"), "UPLOADS_PATH": str(site.folder / "uploads")}
        opened.append(create_app(Settings.from_environment({**places, "DEMO": "0"})))
        return opened[-1]

    yield open_
    for app in opened:
        with app.app_context():
            db.engine.dispose()


def tell_somebody(app: Flask) -> None:
    """Record that a reservation was confirmed, of which one person is told."""
    with app.app_context():
        begin_writing()
        deal: Deal = make_deal()
        deal.record("reservation.confirmed", by=deal.by_owner)
        commit()
        session.remove()


def wait_until(holds: Callable[[], object], what: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def mails_of(site: Site) -> int:
    return len(list((site.folder / "instance" / "mail").glob("*.eml")))


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], check=False, capture_output=True, text=True).stdout
    return [int(line) for line in listed.split()]


def workers_of(server: int) -> list[int]:
    """Return a keeper and the worker, and a keeper and the planner: of the server's children these have a child."""
    return [pid for child in children_of(server) for grandchild in children_of(child) for pid in (child, grandchild)]


def anew(server: int, *killed: int) -> list[int]:
    """Return keepers, worker and planner, without those that were killed."""
    return [pid for pid in workers_of(server) if pid not in killed]


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


@contextmanager
def served(folder, **settings: str) -> Iterator[tuple[Site, int]]:
    """Serve an empty site, and name the process of its server."""
    before = set(children_of(os.getpid()))
    with serving(folder, DEMO="0", **settings) as site:
        (server,) = set(children_of(os.getpid())) - before
        yield site, server


@pytest.mark.timeout(180)
def test_the_worker_is_started_anew_when_it_dies_and_ends_with_the_server(tmp_path, app_of):
    with served(tmp_path) as (site, server):
        app = app_of(site)
        tell_somebody(app)
        wait_until(lambda: mails_of(site) == 1, "the mail did not come")
        wait_until(lambda: len(workers_of(server)) == 4, "a worker and a planner were not started")
        keeper, first, _, planner = workers_of(server)
        os.kill(first, signal.SIGKILL)
        os.kill(planner, signal.SIGKILL)
        wait_until(lambda: len(anew(server, first, planner)) == 4, "no others were started")
        tell_somebody(app)
        wait_until(lambda: mails_of(site) == 2, "the mail did not come from the second worker")
        last = workers_of(server)
        assert keeper in last
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not any(map(is_alive, last)), "the worker outlived a server that was killed")


@pytest.mark.timeout(120)
def test_the_worker_ends_with_a_server_that_is_stopped(tmp_path):
    with served(tmp_path) as (_site, server):
        wait_until(lambda: workers_of(server), "no worker was started")
        running = workers_of(server)
    wait_until(lambda: not any(map(is_alive, running)), "the worker outlived the server")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("with_worker", [True, False])
def test_what_lapses_does_so_by_itself_with_a_worker_and_when_somebody_looks_without(tmp_path, app_of, with_worker):
    with served(tmp_path, WORKER="1" if with_worker else "0") as (site, _), app_of(site).app_context():
        begin_writing()
        listing = make_listing(total=9, held=3)
        made = make_reservation(listing, make_organisation().id, 3, expires_at=now() - timedelta(seconds=1)).id
        commit()

        def has_lapsed() -> bool:
            session.rollback()
            return session.get_one(Reservation, made).state is State.EXPIRED

        if not with_worker:
            time.sleep(2.5)
            assert not has_lapsed()
            urlopen(f"{site.address}/aanbod", timeout=20).close()  # noqa: S310 (our own site)
            assert has_lapsed()
        wait_until(has_lapsed, "it did not lapse")
        session.remove()


@pytest.mark.timeout(120)
def test_without_a_worker_nothing_is_sent_until_the_command_does(tmp_path, app_of):
    with served(tmp_path, WORKER="0") as (site, server):
        app = app_of(site)
        tell_somebody(app)
        time.sleep(2.5)
        assert workers_of(server) == []
        assert mails_of(site) == 0
        assert app.test_cli_runner().invoke(args=["notifications", "send"]).output == "Sent: 1.\n"
        assert mails_of(site) == 1


@pytest.mark.timeout(120)
def test_what_is_offered_is_proposed_by_itself_where_it_is_needed(tmp_path, app_of):
    with served(tmp_path) as (site, _server):
        app = app_of(site)

        def proposed() -> set[int]:
            with app.app_context():
                return set(session.scalars(select(Proposal.listing_id)))

        def offer(**need: object) -> int:
            with app.app_context():
                begin_writing()
                if need:
                    make_need(**need)
                lot = make_listing(total=4)
                journal.record(lot.subject, "listing.posted", by=By())
                lot_id = lot.id
                commit()
                session.remove()
            return lot_id

        first = offer(quantity=Decimal(20))
        wait_until(lambda: proposed() == {first}, "no first plan was made")
        second = offer()
        wait_until(lambda: proposed() == {first, second}, "what came later was not proposed")
