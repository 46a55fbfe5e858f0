"""The plan on the database: a run is asked for, computed and kept; better plans are offered, never imposed.

A run goes in three steps, so that no transaction is open while it is computed: `load`, `solve` and `store`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_UP, Decimal
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from marketplace.kit import clock, journal, processes
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.journal import By
from marketplace.matching import market as markets
from marketplace.matching.allotting import deal_out, in_order
from marketplace.matching.differences import Line, add_beside, parts
from marketplace.matching.keeping import keep, move_on, rows_of, standing, take_turn
from marketplace.matching.market import Market
from marketplace.matching.models import Improvement, ImprovementLine, ImprovementState, Occasion, PlanRun, RunState
from marketplace.matching.optimizer import EFFORT, plan
from marketplace.matching.problem import Plan
from marketplace.projects.models import Need

PATIENCE: Final = timedelta(minutes=2)
"""After so long without a sign of life whoever computed a run is dead."""

MOST_ATTEMPTS: Final = 2
NIGHTLY_AT: Final = time(2)
_LONGEST_ERROR: Final = 1000

TAKEN: Final = N_("Dit plan wordt al berekend.")
_DIED: Final = "It died twice while it was computed."
_CENT: Final = Decimal("0.01")

Progress = Callable[[float], None]
"""Told now and then which share of the work is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan, with the SHA-256 and the size of the problem that it solves."""

    plan: Plan
    problem_hash: str
    lots: int
    needs: int


def request_run(occasion: Occasion, by: By, *, seed: int = 0, effort: int = EFFORT) -> PlanRun:
    """Ask for a plan, which is computed in the background; while one waits already, that is returned."""
    take_turn()
    waiting = select(PlanRun).where(PlanRun.state == RunState.WAITING, PlanRun.seed == seed, PlanRun.effort == effort)
    if found := session.scalars(waiting.order_by(PlanRun.id).limit(1)).one_or_none():
        return found
    run = PlanRun(
        occasion=occasion,
        requested_by_id=by.organisation_id,
        seed=seed,
        effort=effort,
        requested_at=clock.now(),
    )
    session.add(run)
    session.flush()
    return run


def is_due(at: datetime) -> Occasion | None:
    """Return why a plan is to be computed now without anybody asking: it is the first, or a night has begun.

    Nothing is planned where nobody needs anything.
    """
    if session.scalar(select(Need.id).limit(1)) is None:
        return None
    by_itself = select(func.max(PlanRun.requested_at)).where(PlanRun.occasion != Occasion.ASKED)
    if (last := session.scalar(by_itself)) is not None:
        return Occasion.NIGHTLY if last < last_night(at) else None
    return Occasion.FIRST if session.scalar(select(PlanRun.id).limit(1)) is None else Occasion.NIGHTLY


def request_due(at: datetime) -> None:
    """Ask for what is due; of several who do so at once one does."""
    take_turn()
    if occasion := is_due(at):
        session.add(PlanRun(occasion=occasion, effort=EFFORT, requested_at=at))
        session.flush()


def last_night(at: datetime) -> datetime:
    """Return the latest moment at which it was two o'clock at night in the Netherlands, or would have been."""
    tonight = datetime.combine(clock.day_of(at), NIGHTLY_AT, tzinfo=clock.AMSTERDAM).astimezone(UTC)
    if tonight <= at:
        return tonight
    before = clock.day_of(at) - timedelta(days=1)
    return datetime.combine(before, NIGHTLY_AT, tzinfo=clock.AMSTERDAM).astimezone(UTC)


def is_claimable(at: datetime) -> bool:
    """Tell whether a run waits, or died."""
    free = or_(PlanRun.state == RunState.WAITING, _died(at))
    return session.scalar(select(PlanRun.id).where(free).limit(1)) is not None


def _died(at: datetime) -> ColumnElement[bool]:
    """Return what is true of runs whose computer is gone, or was not heard of for so long that it must be."""
    known = session.scalars(select(PlanRun.computer).where(PlanRun.state == RunState.RUNNING).distinct())
    gone = [computer for computer in known if processes.is_gone(computer)]
    return and_(PlanRun.state == RunState.RUNNING, or_(PlanRun.beaten_at < at - PATIENCE, PlanRun.computer.in_(gone)))


def claim(at: datetime, run_id: int | None = None) -> PlanRun | None:
    """Take the run that waits longest, or this one, or one whose computer died; None where there is none to take.

    Of several who claim at once one gets it. What died too often is FAILED.
    """
    died = _died(at)
    given_up = update(PlanRun).where(died, PlanRun.attempts >= MOST_ATTEMPTS)
    session.execute(given_up.values(state=RunState.FAILED, finished_at=at, error=_DIED))
    free = or_(PlanRun.state == RunState.WAITING, died)
    query = select(PlanRun.id).where(free).order_by(PlanRun.id).limit(1)
    if (wanted := run_id or session.scalar(query)) is None:
        return None
    taken = update(PlanRun).where(PlanRun.id == wanted, free)
    begun = taken.values(
        state=RunState.RUNNING,
        started_at=at,
        beaten_at=at,
        percent=0,
        computer=processes.own_name(),
        attempts=PlanRun.attempts + 1,
    )
    taken_id = session.execute(begun.returning(PlanRun.id)).scalar()
    return None if taken_id is None else session.get_one(PlanRun, taken_id, populate_existing=True)


def beat(run_id: int, attempt: int, share: float, at: datetime) -> None:
    """Keep how far a run is, and that whoever computes it lives."""
    mine = update(PlanRun).where(*_mine(run_id, attempt))
    session.execute(mine.values(beaten_at=at, percent=max(0, min(99, int(round(share * 100, 6))))))


def fail(run_id: int, attempt: int, error: str, at: datetime) -> None:
    """Keep that a run came to nothing, and why."""
    mine = update(PlanRun).where(*_mine(run_id, attempt))
    session.execute(mine.values(state=RunState.FAILED, finished_at=at, error=error[:_LONGEST_ERROR]))


def compute(run: PlanRun, progress: Progress = lambda _share: None) -> None:
    """Compute and keep a run within the present transaction; for who has the database to itself, as at loading."""
    if claim(clock.now(), run.id) is None:
        raise ConflictError(TAKEN)
    market = markets.read()
    solved = solve(market, seed=run.seed, effort=run.effort, progress=progress)
    store(run.id, run.attempts, market, solved, clock.now())


def solve(market: Market, *, seed: int, effort: int, progress: Progress) -> Solved:
    """Return the plan for a market; it asks the database nothing."""
    instance = market.instance()
    found = plan(instance, seed=seed, effort=effort, progress=progress)
    return Solved(found, markets.hash_of(instance), len(instance.lots), len(instance.needs))


def store(run_id: int, attempt: int, market: Market, solved: Solved, at: datetime) -> None:
    """Keep what came of an attempt at a run: what is new beside what stands at once, all else as better plans on offer.

    The market is first read on to the present, because it went on meanwhile. Raises ConflictError where somebody else
    computes the run by now.
    """
    take_turn()
    query = select(PlanRun).where(*_mine(run_id, attempt)).execution_options(populate_existing=True)
    run = session.scalars(query).one_or_none()
    if run is None:
        raise ConflictError(TAKEN)
    market.catch_up_fully()
    rows = rows_of()
    stands = standing(rows, market)
    run.standing_eur = stands.value
    planned = deal_out(in_order(solved.plan.matches), market)
    add_beside(stands, planned)
    keep(rows, stands.by_key, at)
    _outdate_all(at)
    better = [_improvement(run, part) for part in parts(stands, planned)]
    session.add_all(better)
    value = stands.value + sum((improvement.gain_eur for improvement in better), Decimal(0))
    _finish(run, solved, value, at)
    told = {"value_eur": as_fact(value), "proposals": len(planned.by_key), "occasion": run.occasion.value}
    by = By(organisation_id=run.requested_by_id)
    entry = journal.record(f"plan_run:{run.id}", "plan.computed", by=by, **told)
    if _is_first(run):
        # What happened before is all in it; so is this row, where nobody came between.
        move_on(entry.number if entry.number == market.read_to + 1 else market.read_to)


def _finish(run: PlanRun, solved: Solved, value: Decimal, at: datetime) -> None:
    bound = solved.plan.bound
    run.lots, run.needs, run.problem_hash = solved.lots, solved.needs, solved.problem_hash
    run.value_eur = value
    run.bound_eur = None if bound is None else Decimal(str(bound)).quantize(_CENT, ROUND_UP)
    run.state, run.percent, run.finished_at, run.beaten_at, run.error = RunState.DONE, 100, at, at, ""
    session.flush()


def _is_first(run: PlanRun) -> bool:
    """Tell whether no run was done before, so that nothing had to be kept up to date."""
    done = select(PlanRun.id).where(PlanRun.state == RunState.DONE, PlanRun.id != run.id)
    return session.scalar(done.limit(1)) is None


def _mine(run_id: int, attempt: int) -> tuple[ColumnElement[bool], ...]:
    return PlanRun.id == run_id, PlanRun.state == RunState.RUNNING, PlanRun.attempts == attempt


def _outdate_all(at: datetime) -> None:
    offered = update(Improvement).where(Improvement.state == ImprovementState.OFFERED)
    session.execute(offered.values(state=ImprovementState.OUTDATED, decided_at=at))


def _improvement(run: PlanRun, part: list[Line]) -> Improvement:
    gain = sum((line.gain for line in part), Decimal(0))
    return Improvement(run_id=run.id, gain_eur=gain, lines=[_line(line) for line in part])


def _line(line: Line) -> ImprovementLine:
    lot, need, hub = line.key
    nothing = Decimal(0)
    return ImprovementLine(
        listing_id=int(lot),
        need_id=int(need),
        hub_id=None if hub is None else int(hub),
        before=line.before.quantity if line.before else nothing,
        after=line.after.quantity if line.after else nothing,
        value_before_eur=line.before.value if line.before else nothing,
        value_after_eur=line.after.value if line.after else nothing,
    )
