"""How fast proposals follow one lot that is added, and how few of them change for it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from marketplace import create_app
from marketplace.config import Settings
from marketplace.kit import journal
from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, db, session
from marketplace.kit.journal import By
from marketplace.listings.models import Listing
from marketplace.matching import market
from marketplace.matching.models import Proposal
from marketplace.matching.optimizer import EFFORT, plan
from marketplace.matching.standing import summary
from marketplace.migrations import run
from marketplace.passports.models import Passport
from marketplace.planner import Planner, compute_now
from marketplace.projects.models import Need
from marketplace.reservations.models import Reservation
from tests.benchmarks import supply_and_demand
from tests.benchmarks.timing import Row, share
from tests.factories import make_reservation

RESERVED = 100
ADDED = 200
ADDED_BEFORE_SOLVING = 20
"""Lots after which what changed is compared with what a fresh plan would change: more would favour the live one."""

Pairs = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it: seconds for each lot, pairs changed by keeping up and by a fresh plan, reservations changed.

    `worth` is what stands then, as a share of the fresh plan.
    """

    seconds: list[float]
    live: int
    fresh: int
    reserved: int
    worth: float


def live(folder: Path, *, lots: int = 10_000, needs: int = 2_000, effort: int = EFFORT) -> Iterator[Row]:
    """Measure on a region of this size, in a database of its own, and yield the rows of the table."""
    found = measure(folder, lots=lots, needs=needs, effort=effort)
    of = f"{len(found.seconds)} lots added to {lots:,} lots and {needs:,} needs, each with its database write"
    times = [share(found.seconds, part) * 1000 for part in (0.5, 0.95)]
    figure = f"p50 {times[0]:.0f}, p95 {times[1]:.0f}, max {max(found.seconds) * 1000:.0f} ms"
    yield Row("live: one lot added", figure, of)
    ratio = found.live / found.fresh if found.fresh else 0.0
    yield Row(
        "live: pairs changed", f"{found.live} of {found.fresh}, {ratio:.1%}", "of those that a fresh plan changes"
    )
    yield Row("live: value of what stands", f"{found.worth:.3f} of a fresh plan")
    yield Row("live: reserved pairs changed", str(found.reserved), f"of {RESERVED}")


def measure(folder: Path, *, lots: int, needs: int, effort: int, added: int = ADDED) -> Measured:
    """Add lots one by one to a region with a plan that stands, and keep up with each."""
    places = {"INSTANCE_PATH": str(folder / "instance"), "UPLOADS_PATH": str(folder / "uploads"), "DEMO": "0"}
    app = create_app(Settings.from_environment(places))
    with app.app_context():
        run.upgrade()
        region = supply_and_demand.fill(lots, needs)
        donors = region.sites(lots // 12)
        session.rollback()
        _reserve(region.builder_id)
        compute_now(seed=0, effort=effort)
        session.remove()
    kept = _kept(app)
    planner = Planner()
    _add(app, region, donors)
    _keep_up(app, planner)  # which reads the market once
    before, seconds, few, worth = _pairs(app), [], Pairs(), 0.0
    for number in range(added):
        _add(app, region, donors)
        seconds.append(_keep_up(app, planner))
        if number + 1 == min(ADDED_BEFORE_SOLVING, added):
            few, (fresh, worth) = _pairs(app), _fresh(app, effort)
    changed = len(kept.items() ^ _kept(app).items())
    with app.app_context():
        db.engine.dispose()
    return Measured(seconds, len(before ^ few), len(before ^ fresh), changed, worth)


def _reserve(buyer_id: int) -> None:
    begin_writing()
    needs = {need.category: need for need in session.scalars(select(Need).order_by(Need.id.desc()))}
    rows = session.scalars(select(Listing).order_by(Listing.id).limit(RESERVED)).all()
    for listing in rows:
        category = session.get_one(Passport, listing.passport_id).category
        listing.available -= 1
        listing.held += 1
        make_reservation(listing, buyer_id, Decimal(1), need_id=needs[category].id if category in needs else None)
    commit()


def _kept(app: Flask) -> dict[int, tuple[object, ...]]:
    with app.app_context():
        of = (Reservation.id, Reservation.listing_id, Reservation.need_id, Reservation.held, Listing.held)
        rows = session.execute(select(*of).join(Reservation.listing)).all()
        return {row[0]: tuple(row[1:]) for row in rows}


def _add(app: Flask, region: supply_and_demand.Region, donors: list[tuple[float, float, int]]) -> None:
    with app.app_context():
        begin_writing()
        passport, listing = supply_and_demand.lot_rows(region, donors)
        session.execute(insert(Passport), [passport])
        session.execute(insert(Listing), [listing])
        journal.record(f"listing:{listing['id']}", "listing.posted", by=By())
        commit()


def _keep_up(app: Flask, planner: Planner) -> float:
    with app.app_context():
        before = time.perf_counter()
        planner.keep_up(now())
        return time.perf_counter() - before


def _pairs(app: Flask) -> Pairs:
    with app.app_context():
        return {(row[0], row[1]) for row in session.execute(select(Proposal.listing_id, Proposal.need_id))}


def _fresh(app: Flask, effort: int) -> tuple[Pairs, float]:
    """Return the pairs of a plan that is computed anew, which nobody keeps, and what stands as a share of its value."""
    with app.app_context():
        instance, stands = market.read().instance(), summary().value_eur
    found = plan(instance, seed=0, effort=effort)
    return {(int(match.lot), int(match.need)) for match in found.matches}, float(stands) / found.value
