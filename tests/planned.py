"""A plan to test with: what stands after a run of the planner, and runs as they stand in the database."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.matching.models import Occasion, PlanRun, Proposal, RunState
from marketplace.matching.planning import compute, request_run
from tests.factories import by


def plan_all() -> list[Proposal]:
    """Compute a quick plan for all that is open and needed, and return what stands then."""
    session.flush()
    compute(request_run(Occasion.FIRST, by(), effort=0))
    return list(session.scalars(select(Proposal).order_by(Proposal.id)))


def make_run(**overrides: Any) -> PlanRun:
    """Add a run that came to its end today, with a plan that could be no better."""
    values = {
        "occasion": Occasion.FIRST,
        "state": RunState.DONE,
        "effort": 1,
        "percent": 100,
        "requested_at": clock.now(),
        "finished_at": clock.now(),
        "value_eur": Decimal(1000),
        "bound_eur": Decimal(1000),
    }
    run = PlanRun(**values | overrides)
    session.add(run)
    session.flush()
    return run
