"""The planner: it computes in the background with a heartbeat, every night, and starts anew what died."""

import multiprocessing
import os
import socket
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace import planner
from marketplace.kit import clock, journal, processes
from marketplace.kit.database import commit, session
from marketplace.matching import planning
from marketplace.matching.models import Occasion, PlanRun, Proposal, RunState
from marketplace.matching.problem import Plan
from marketplace.planner import Planner
from tests.factories import by, make_listing, make_need

pytestmark = pytest.mark.usefixtures("context")

NIGHT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
"""Two o'clock in the Netherlands."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Runs that nobody states the effort of are quick here."""
    monkeypatch.setattr(planning, "EFFORT", 0)


def runs() -> list[tuple[Occasion, RunState]]:
    return [(run.occasion, run.state) for run in session.scalars(select(PlanRun).order_by(PlanRun.id))]


def asked(**facts) -> PlanRun:
    run = PlanRun(occasion=Occasion.ASKED, effort=0, requested_at=clock.now())
    for name, value in facts.items():
        setattr(run, name, value)
    session.add(run)
    commit()
    return run


class TestWhen:
    def test_the_first_plan_is_computed_by_itself_and_then_one_a_night(self):
        at_work = Planner()
        with clock.standing_at(NIGHT - timedelta(hours=5)):
            at_work.plan(clock.now())
            assert runs() == [], "nobody needs anything"
            make_need()
            lot = make_listing()
            commit()
            at_work.plan(clock.now())
            at_work.plan(clock.now())
            assert runs() == [(Occasion.FIRST, RunState.DONE)]
            assert session.scalars(select(Proposal.listing_id)).all() == [lot.id]
        nights = [NIGHT - timedelta(seconds=1), NIGHT, NIGHT + timedelta(hours=23), NIGHT + timedelta(days=1)]
        done = []
        for moment in nights:
            with clock.standing_at(moment):
                at_work.plan(clock.now())
            done.append(len(runs()))
        assert done == [1, 2, 2, 3]
        assert runs()[1:] == [(Occasion.NIGHTLY, RunState.DONE)] * 2

    def test_a_night_that_was_missed_is_made_up_for(self):
        make_need()
        asked(occasion=Occasion.NIGHTLY, state=RunState.DONE, requested_at=NIGHT - timedelta(days=1))
        with clock.standing_at(NIGHT + timedelta(hours=9)):
            Planner().plan(clock.now())
        assert len(runs()) == 2

    @pytest.mark.parametrize(
        ("at", "night"),
        [
            (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # no two o'clock that night
            (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)),  # and here two of them
            (datetime(2026, 7, 1, 0, 30, tzinfo=UTC), datetime(2026, 7, 1, 0, 0, tzinfo=UTC)),
            (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), datetime(2026, 7, 1, 0, 0, tzinfo=UTC)),
        ],
    )
    def test_two_at_night_is_that_of_the_netherlands(self, at, night):
        assert planning.last_night(at) == night

    def test_the_oldest_that_waits_comes_first(self):
        first, second = asked(), asked(seed=1)
        make_need()
        commit()
        Planner().plan(clock.now())
        assert first.state is RunState.DONE
        assert second.state is RunState.WAITING

    def test_asking_twice_is_asking_once(self):
        assert planning.request_run(Occasion.ASKED, by()) is planning.request_run(Occasion.ASKED, by())
        assert planning.request_run(Occasion.ASKED, by(), seed=7).seed == 7
        assert len(runs()) == 2


class TestProgress:
    def test_it_is_kept_twice_a_second_or_at_a_leap_and_proposals_are_kept_up_meanwhile(self, monkeypatch):
        seconds = [100.0]
        monkeypatch.setattr(planner.time, "monotonic", lambda: seconds[0])
        make_need()
        run, seen = asked(), []

        def solve(_instance, *, progress, **_options) -> Plan:
            for share in (0.1, 0.2, 0.3, 0.4, 1.0):
                progress(share)
                seen.append(session.scalar(select(PlanRun.percent).where(PlanRun.id == run.id)))
                session.rollback()
                seconds[0] += 0.3
            return Plan(0, (), bound=12.345)

        monkeypatch.setattr(planning, "plan", solve)
        kept_up = []
        at_work = Planner()
        monkeypatch.setattr(at_work.live, "is_behind", lambda: kept_up.append(1))
        at_work.plan(clock.now())
        assert seen == [5, 5, 32, 32, 95], "5 for reading, 90 for solving, the rest for keeping"
        assert len(kept_up) == 3
        assert (run.state, run.percent, run.bound_eur) == (RunState.DONE, 100, Decimal("12.35"))

    def test_what_goes_wrong_is_kept_with_the_run(self, monkeypatch):
        def break_down(*_arguments, **_options) -> Plan:
            raise ValueError("no plan at all")

        monkeypatch.setattr(planning, "plan", break_down)
        run = asked()
        with pytest.raises(ValueError, match="no plan"):
            Planner().plan(clock.now())
        assert (run.state, run.error) == (RunState.FAILED, "ValueError: no plan at all")
        assert run.finished_at

    def test_a_run_whose_computer_died_is_started_again_and_given_up_the_second_time(self):
        now = clock.now()
        run = asked()
        assert planning.claim(now).id == run.id
        planning.beat(run.id, 1, 0.4, now + timedelta(seconds=30))
        assert planning.claim(now + timedelta(seconds=149)) is None, "it gave a sign of life"
        again = now + timedelta(seconds=151)
        assert planning.claim(again).attempts == 2
        planning.beat(run.id, 1, 0.9, again)
        session.refresh(run)
        assert run.percent == 0, "who was taken for dead is not heard any more"
        assert planning.claim(again + timedelta(minutes=3)) is None
        session.refresh(run)
        assert (run.state, run.error) == (RunState.FAILED, "It died twice while it was computed.")

    def test_a_small_problem_shows_its_steps_however_fast_they_come(self, monkeypatch):
        monkeypatch.setattr(planner.time, "monotonic", lambda: 100.0)
        run, seen = asked(), []

        def solve(_instance, *, progress, **_options) -> Plan:
            for share in (0.02, 0.2, 0.39, 0.57, 0.76, 0.94):
                progress(share)
                seen.append(session.scalar(select(PlanRun.percent).where(PlanRun.id == run.id)))
                session.rollback()
            return Plan(0, ())

        monkeypatch.setattr(planning, "plan", solve)
        Planner().plan(clock.now())
        assert seen == [5, 5, 40, 40, 73, 73]

    def test_a_run_whose_process_is_gone_is_started_again_at_once(self, monkeypatch):
        run = asked()
        ended = multiprocessing.get_context("fork").Process(target=int)
        ended.start()
        ended.join()
        for attempt in (1, 2):
            monkeypatch.setattr(processes, "own_name", lambda: f"{socket.gethostname()} {ended.pid} 00000000")
            assert planning.claim(clock.now()).attempts == attempt
            commit()
            monkeypatch.undo()
        assert planning.is_claimable(clock.now())
        assert planning.claim(clock.now()) is None
        session.refresh(run)
        assert (run.state, run.error) == (RunState.FAILED, "It died twice while it was computed.")

    def test_one_that_runs_here_or_elsewhere_is_waited_for(self):
        run = asked()
        planning.claim(clock.now())
        assert not planning.is_claimable(clock.now())
        run.computer = f"elsewhere {os.getpid()} 00000000"
        session.flush()
        assert not planning.is_claimable(clock.now()), "whether that one lives cannot be seen from here"
        run.computer = f"{socket.gethostname()} {os.getpid()} 00000000"
        session.flush()
        assert planning.is_claimable(clock.now()), "another process had this number, before a restart"

    def test_who_was_taken_for_dead_keeps_nothing(self, monkeypatch):
        make_need()
        make_listing()
        run = asked()

        def solve_for_too_long(instance, **_options) -> Plan:
            later = clock.now() + timedelta(minutes=3)
            assert planning.claim(later).attempts == 2
            commit()
            return Plan(0, ())

        monkeypatch.setattr(planning, "plan", solve_for_too_long)
        with pytest.raises(planning.ConflictError, match="wordt al berekend"):
            Planner().plan(clock.now())
        session.refresh(run)
        assert run.state is RunState.RUNNING


class TestKeepingUp:
    def test_it_follows_the_journal_to_its_end(self):
        need = make_need(quantity=Decimal(500))
        commit()
        at_work = Planner()
        at_work.plan(clock.now())
        lots = [make_listing(total=3) for _ in range(25)]
        for lot in lots:
            journal.record(lot.subject, "listing.posted", by=by())
        commit()
        at_work.keep_up(clock.now())
        assert {row.listing_id for row in session.scalars(select(Proposal))} == {lot.id for lot in lots}
        assert not at_work.live.is_behind()
        assert need.id

    def test_what_could_not_be_kept_is_forgotten_and_done_again(self, monkeypatch):
        make_need()
        commit()
        at_work = Planner()
        at_work.plan(clock.now())
        lot = make_listing()
        journal.record(lot.subject, "listing.posted", by=by())
        commit()

        def fail() -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(planner, "commit", fail)
        with pytest.raises(OSError, match="disk"):
            at_work.keep_up(clock.now())
        monkeypatch.undo()
        session.rollback()
        assert session.scalars(select(Proposal)).all() == []
        at_work.keep_up(clock.now())
        assert [row.listing_id for row in session.scalars(select(Proposal))] == [lot.id]
