"""The planner: a process of its own that keeps proposals up to date, and computes plans without holding anybody up.

Every step is a short transaction; none is open while a plan is computed. Two planners do no harm.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from flask import current_app
from sqlalchemy.exc import DBAPIError

from marketplace.kit import clock
from marketplace.kit.database import begin_reading, begin_writing, commit, is_transient, session
from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By
from marketplace.matching import market, planning
from marketplace.matching.live import LivePlan
from marketplace.matching.models import Occasion, PlanRun
from marketplace.matching.planning import Solved

_BEAT: Final = 0.5
_LEAP: Final = 0.2
"""A share that is told at once, so that the steps of a small problem are seen too."""

_READ: Final = 0.05
_SOLVED: Final = 0.95
"""Which shares of the work are done when the market is read, and when the plan is found and only has to be kept."""

_MOST_AT_ONCE: Final = 50
_TRIES: Final = 5


class Planner:
    """What one process has in memory of the market, and what it does with it."""

    def __init__(self) -> None:
        self.live = LivePlan()

    def keep_up(self, at: datetime) -> None:
        """Let proposals follow what happened since, some rows of the journal in a transaction, but not for ever."""
        session.rollback()
        for _ in range(_MOST_AT_ONCE):
            if not self.live.is_behind():
                break
            self.live.prepare()
            session.rollback()
            self._follow(at)
        session.rollback()

    def _follow(self, at: datetime) -> None:
        try:
            begin_writing()
            self.live.keep_up(at)
            commit()
        except BaseException:
            self.live.forget()
            raise

    def plan(self, at: datetime) -> None:
        """Ask for the plan that is due, and compute the one that waits longest, if any."""
        session.rollback()
        if planning.is_due(at):
            session.rollback()
            begin_writing()
            planning.request_due(at)
            commit()
        if planning.is_claimable(at):
            session.rollback()
            begin_writing()
            if run := _claimed(at, None):
                compute(run, self._meanwhile)
        session.rollback()

    def _meanwhile(self) -> None:
        """Keep up while a plan is computed; what goes wrong there is tried again afterwards."""
        try:
            self.keep_up(clock.now())
        except Exception:
            session.rollback()
            current_app.logger.exception("proposals could not be kept up to date")


class Heartbeat:
    """Keep how far a run is, twice a second or where it leaps forward, each time in a short transaction."""

    def __init__(self, run_id: int, attempt: int, meanwhile: Callable[[], None] | None = None) -> None:
        self._run_id, self._attempt, self._meanwhile = run_id, attempt, meanwhile
        self._next, self._told = time.monotonic(), 0.0

    def __call__(self, share: float) -> None:
        """Tell that this share, 0 to 1, is done."""
        is_time = time.monotonic() >= self._next
        if not is_time and share < self._told + _LEAP:
            return
        self._told = share
        try:
            begin_writing()
            planning.beat(self._run_id, self._attempt, share, clock.now())
            commit()
        except DBAPIError as error:
            session.rollback()
            if not is_transient(error):
                raise
        if is_time:
            if self._meanwhile:
                self._meanwhile()
            self._next = time.monotonic() + _BEAT


def compute(run: PlanRun, meanwhile: Callable[[], None] | None = None) -> None:
    """Compute a run that was claimed, and keep what comes of it. What goes wrong is kept with it, and raised."""
    run_id, attempt, seed, effort = run.id, run.attempts, run.seed, run.effort
    session.rollback()
    try:
        begin_reading()
        read = market.read()
        session.rollback()
        beat = Heartbeat(run_id, attempt, meanwhile)
        beat(_READ)
        solved = planning.solve(
            read, seed=seed, effort=effort, progress=lambda share: beat(_READ + (_SOLVED - _READ) * share)
        )
        _store(run_id, attempt, read, solved)
    except BaseException as error:  # also where somebody stops the command
        session.rollback()
        begin_writing()
        planning.fail(run_id, attempt, f"{type(error).__name__}: {error}", clock.now())
        commit()
        raise


def compute_now(*, seed: int, effort: int) -> PlanRun:
    """Ask for a plan, compute it here and now, and return its run."""
    begin_writing()
    run = planning.request_run(Occasion.ASKED, By(), seed=seed, effort=effort)
    taken = _claimed(clock.now(), run.id)
    if taken is None:
        raise ConflictError(planning.TAKEN)
    compute(taken)
    return session.get_one(PlanRun, taken.id)


def _claimed(at: datetime, run_id: int | None) -> PlanRun | None:
    run = planning.claim(at, run_id)
    commit()
    return run


def _store(run_id: int, attempt: int, read: market.Market, solved: Solved) -> None:
    """Keep what came of a run; a database that is busy is asked again, so that a minute of work is not lost."""
    for tries_left in reversed(range(_TRIES)):
        try:
            begin_writing()
            planning.store(run_id, attempt, read, solved, clock.now())
            commit()
        except DBAPIError as error:
            session.rollback()
            if not (tries_left and is_transient(error)):
                raise
        else:
            return
