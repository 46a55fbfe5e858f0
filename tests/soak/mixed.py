"""Everything at once on a few lots: parts of pieces and of square metres are reserved, waited for, given up, promised,
declined and taken out of the queue, baskets take the same lots in opposite order, and clocks run out meanwhile.

Afterwards the ledger is exact, and nobody has seen more than that somebody else was earlier. The controls look in one
transaction and write in another, and lock the lots of a basket in the order in which they were chosen.
"""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import cycle

from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.kit import clock
from marketplace.kit.database import begin_writing, commit, db, session
from marketplace.kit.quantities import Unit
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.settling import due, settle
from marketplace.reservations.states import HOLDING, State
from tests.factories import make_need, make_project
from tests.soak.crowd import Answer, Crowd, Script
from tests.soak.figures import count, statuses, within
from tests.soak.server import Server
from tests.soak.stage import Address, Stage, Verdict, differences, make_buyers, make_offers, make_owner, stage
from tests.soak.visitor import Visitor, signed_in

BUYERS, OWNERS, FILLERS = 16, 2, 6
SECONDS = 30
CONTROL_SECONDS = 12
_HAPPENS = {State.CANCELLED, State.CONFIRMED, State.DECLINED, State.EXPIRED}
"""What must have come of some of it, or nothing was mixed."""
_REFERENCE = re.compile(r"/reserveringen/([A-Z0-9]+)$")


@dataclass(slots=True)
class Floor:
    """What is traded: lots by pieces and by square metres, needs that two of them fill, and what is known as asked."""

    pieces: list[str]
    metres: list[str]
    needs: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    until: float = 0


def campaign(database: str, address: Address) -> Verdict:
    """Trade for a while, and prove the ledger."""
    with stage(database, address) as at:
        floor, complaints = _trade(at, SECONDS)
        found = differences()
        states = _states()
        baskets = session.scalar(select(db.func.count()).select_from(Basket))
    answers = floor.answers
    refused = count(answers, 500, 599) + count(answers, 0)
    told = (
        f"{len(answers):,} requests of {BUYERS + OWNERS + FILLERS} clients: {len(found)} differences in the ledger, "
        f"5xx {refused}, {statuses(answers)}, p99 {within(answers, 0.99):.0f} ms; {baskets} baskets, "
        + ", ".join(f"{number:,} {state.value}" for state, number in sorted(states.items()))
    )
    happened = bool(baskets) and states.keys() >= _HAPPENS
    return Verdict(happened and not (found or refused or complaints), told + _first(found, complaints))


def control(database: str, address: Address) -> Verdict:
    """Trade where looking and taking are two things; on PostgreSQL also where baskets lock in the order chosen."""
    with stage(database, address) as at:
        _trade(at, CONTROL_SECONDS, without="one-statement")
        found = len(differences())
    told = f"looked first and took later: {found} differences in the ledger"
    if database == "sqlite":
        return Verdict(found > 0, told)
    with stage(database, address) as at:
        floor, _ = _trade(at, CONTROL_SECONDS, without="order")
    seen = count(floor.answers, 500, 599)
    return Verdict(found > 0 and seen > 0, f"{told}; locked in any order: {seen} deadlocks reached a person")


def _first(found: list[str], complaints: str) -> str:
    return "".join(f"\n     {line}" for line in (*found[:5], *complaints[-1500:].splitlines()))


def _trade(at: Stage, seconds: float, *, without: str = "") -> tuple[Floor, str]:
    owner_id, owner = make_owner()
    buyers, fillers = make_buyers(BUYERS), make_buyers(FILLERS)
    floor = Floor(make_offers(owner_id, 4, total=30), make_offers(owner_id, 3, total=25, unit=Unit.M2))
    for filler in fillers:
        floor.needs[filler] = _make_need(filler)
    with Server(at, without=without) as server, Crowd(server.port, BUYERS + FILLERS + OWNERS) as crowd:
        visitors = signed_in(crowd, [*buyers, *fillers, *[owner] * OWNERS])
        floor.until = time.monotonic() + seconds
        bare = {"request_key": None} if without == "one-statement" else {}
        scripts = [_buying(visitor, floor, number, bare) for number, visitor in enumerate(visitors[:BUYERS])]
        if not bare:  # a basket holds its lots inside one transaction, which that guard is taken from
            scripts += [_filling(visitor, floor, number) for number, visitor in enumerate(visitors[BUYERS:-OWNERS])]
        scripts += [_answering(visitor, floor, number) for number, visitor in enumerate(visitors[-OWNERS:])]
        shortening = threading.Thread(target=_shorten_clocks, args=(at, floor))
        shortening.start()
        crowd.run(scripts)
        shortening.join()
    if not without:  # a ledger that does not add up cannot be settled any further
        _settle()
    return floor, server.complaints


def _make_need(email: str) -> str:
    begin_writing()
    person = session.scalars(select(User).where(User.email == email)).one()
    project = make_project(person.memberships[0].organisation)
    reference = make_need(project, quantity=Decimal(500)).reference
    commit()
    return reference


def _buying(visitor: Visitor, floor: Floor, number: int, bare: dict[str, None]) -> Script:
    chance, own = random.Random(number), []  # noqa: S311 (it picks lots, no secrets)
    while time.monotonic() < floor.until:
        lot = chance.choice(floor.pieces + floor.metres)
        amount = chance.randint(1, 6) if lot in floor.pieces else f"{chance.randint(1, 24) / 4:.2f}".replace(".", ",")
        step = chance.random()
        if step < 0.45 or not own:
            answer = yield visitor.post(f"/aanbod/{lot}/reserveren", quantity=amount, purpose="", **bare)
        elif step < 0.6:
            answer = yield visitor.post(f"/aanbod/{lot}/wachtrij", quantity=amount, least="", purpose="", **bare)
        elif step < 0.7:
            answer = yield visitor.post(f"/reserveringen/{chance.choice(own)}/aannemen")
        else:
            answer = yield visitor.post(f"/reserveringen/{own.pop(chance.randrange(len(own)))}/annuleren", reason="")
        floor.answers.append(answer)
        if answer.status == 303 and (made := _REFERENCE.search(answer.header("Location"))):
            own.append(made[1])
            floor.asked.append(made[1])


def _answering(visitor: Visitor, floor: Floor, number: int) -> Script:
    chance = random.Random(100 + number)  # noqa: S311 (it picks reservations, no secrets)
    while time.monotonic() < floor.until:
        reference = chance.choice(floor.asked[-40:]) if floor.asked else "AAAAAA"
        step = "bevestigen" if chance.random() < 0.7 else "afwijzen"
        floor.answers.append((yield visitor.post(f"/reserveringen/{reference}/{step}", reason="Toch niet")))


def _filling(visitor: Visitor, floor: Floor, number: int) -> Script:
    """Take the same lots again and again, every second person from the last to the first, and give them up."""
    order = floor.pieces if number % 2 else floor.pieces[::-1]
    path = f"/behoeften/{floor.needs[visitor.email]}/vullen"
    for amount in cycle((1, 2, 3)):
        if time.monotonic() >= floor.until:
            return
        answer = yield visitor.post(path, step="hold", **{f"take_{lot}": amount for lot in order})
        floor.answers.append(answer)
        if answer.status == 303:
            floor.answers.append((yield visitor.post(f"{answer.header('Location')}/opgeven", sure="y", reason="")))


def _shorten_clocks(at: Stage, floor: Floor) -> None:
    """Let what is held lapse within moments, so that clocks run out while owners promise and buyers give up."""
    with at.app.app_context():
        while time.monotonic() < floor.until:
            soon = clock.now() + timedelta(milliseconds=200)
            begin_writing()
            held = Reservation.state.in_(HOLDING) & (Reservation.expires_at > soon) & (Reservation.id % 2 == 0)
            session.execute(update(Reservation).where(held).values(expires_at=soon, warn_at=None))
            commit()
            time.sleep(0.7)
        db.engine.dispose()


def _settle() -> None:
    at = clock.now()
    while ids := due(at):
        session.rollback()
        begin_writing()
        settle(ids, at)
        commit()
    session.rollback()


def _states() -> dict[State, int]:
    found = session.execute(select(Reservation.state, db.func.count()).group_by(Reservation.state))
    return dict(found.tuples().all())
