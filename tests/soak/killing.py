"""A hundred times a process, or the whole server, is ended as by a power cut while people reserve; what was
acknowledged is there afterwards, and the ledger is exact.

A cut of the power itself cannot be played on one machine: that what is committed reaches the disk rests on SQLite's
`synchronous=FULL` and PostgreSQL's `fsync`. The control acknowledges before it commits.
"""

import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from marketplace.kit.database import session
from marketplace.reservations.models import Reservation
from tests.soak.crowd import Answer, Crowd, Script
from tests.soak.figures import count, statuses
from tests.soak.server import Server
from tests.soak.stage import Address, Stage, Verdict, differences, make_buyers, make_offers, make_owner, stage
from tests.soak.visitor import Visitor, signed_in

CLIENTS = 16
KILLS = 100
WRITES = 5_000
CONTROL_KILLS = 10
READY = 5
"""Seconds within which the server answers after it was ended whole."""
_OF_SERVER = 5
"""Of so many kills, one is of the whole server."""
_PATIENCE = 600


@dataclass(slots=True)
class Toll:
    """What was acknowledged, by reference, every answer, how many kills there were, and how soon it stood again."""

    acknowledged: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    kills: int = 0
    ready: list[float] = field(default_factory=list)
    is_over: bool = False


def campaign(database: str, address: Address) -> Verdict:
    """Kill, and look for what was acknowledged."""
    with stage(database, address) as at:
        toll = _reserve_under_kills(at, KILLS, WRITES // KILLS)
        lost, found = lost_of(toll.acknowledged), differences()
    wrong = count(toll.answers, 500, 599)
    told = (
        f"{toll.kills} x kill -9, {len(toll.ready)} of the whole server: {len(toll.acknowledged):,} writes "
        f"acknowledged, lost {lost}, {len(found)} differences in the ledger, ready after at most "
        f"{max(toll.ready):.1f} s, {statuses(toll.answers)}"
    )
    enough = toll.kills >= KILLS and len(toll.acknowledged) >= WRITES
    return Verdict(enough and not lost and not found and not wrong and max(toll.ready) < READY, told)


def control(database: str, address: Address) -> Verdict:
    """Kill where the answer goes before the commit."""
    with stage(database, address) as at:
        toll = _reserve_under_kills(at, CONTROL_KILLS, WRITES // KILLS, without="commit")
        lost = lost_of(toll.acknowledged)
    told = f"acknowledged before it was kept: lost {lost} of {len(toll.acknowledged):,}"
    return Verdict(lost > 0, told)


def _reserve_under_kills(at: Stage, kills: int, writes_each: int, *, without: str = "") -> Toll:
    toll, (owner_id, _) = Toll(), make_owner()
    emails, lots = make_buyers(CLIENTS), make_offers(owner_id, CLIENTS, total=1_000_000)
    with Server(at, without=without) as server, Crowd(server.port, CLIENTS) as crowd:
        visitors = signed_in(crowd, emails)
        killing = threading.Thread(target=_kill, args=(server, toll, kills, writes_each))
        killing.start()
        crowd.run([_reserving(visitor, lot, toll) for visitor, lot in zip(visitors, lots, strict=True)])
        killing.join()
    return toll


def _kill(server: Server, toll: Toll, kills: int, writes_each: int) -> None:
    """Kill after so many more writes each time, so that all of them together are enough."""
    chance, until = random.Random(7), time.monotonic() + _PATIENCE  # noqa: S311 (it picks processes, no secrets)
    try:
        for number in range(1, kills + 1):
            while len(toll.acknowledged) < number * writes_each and time.monotonic() < until:
                time.sleep(0.005)
            if number % _OF_SERVER:
                server.kill_worker(chance)
            else:
                server.kill()
                toll.ready.append(server.start())
            toll.kills += 1
    finally:
        toll.is_over = True


def _reserving(visitor: Visitor, lot: str, toll: Toll) -> Script:
    while not toll.is_over:
        answer = yield visitor.post(f"/aanbod/{lot}/reserveren", quantity=1, purpose="")
        toll.answers.append(answer)
        toll.acknowledged += acknowledged_in([answer])


def acknowledged_in(answers: Iterable[Answer]) -> list[str]:
    """Return the references of the reservations that people were told of."""
    return [answer.header("Location").rsplit("/", 1)[1] for answer in answers if answer.status == 303]


def lost_of(references: Iterable[str]) -> int:
    """Return how many of these reservations are not in the database."""
    session.rollback()
    return len(set(references) - set(session.scalars(select(Reservation.reference))))
