"""Whatever people do to a thing, in whatever order: nothing comes out of nothing, and nothing disappears."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.passports import lineage
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.harvesting import harvest
from marketplace.passports.models import Loss, Passport, PassportStatus
from tests.factories import make_organisation
from tests.passports.lineages import ACT, make_clean

STEPS = st.sampled_from(["split", "merge", "install", "harvest", "lose"])
AMOUNTS = st.decimals(min_value=1, max_value=60, places=3)
PLANS = st.lists(st.tuples(STEPS, st.integers(0, 9), st.integers(0, 9), AMOUNTS), min_size=1, max_size=10)


def do(step: str, one: Passport, other: Passport, amount: Decimal) -> None:
    if step == "split":
        lineage.split(one, [amount, amount], ACT)
    elif step == "merge":
        lineage.merge([one, other], ACT)
    elif step == "install":
        lineage.install(one, place="School", on=clock.today(), quantity=amount, act=ACT)
    elif step == "harvest":
        harvest(one, quantity=amount, lost=Decimal(1), reason="Gebroken", act=ACT)
    else:
        lineage.lose(one, amount, "Gestolen", ACT)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=PLANS, unit=st.sampled_from([Unit.PIECE, Unit.M2]), kg=st.decimals(min_value="0.5", max_value=90, places=3))
def test_what_is_left_and_what_was_lost_is_always_what_was_made(context, database, plan, unit, kg):
    if database != "sqlite":
        return
    with session.begin_nested() as savepoint:
        owner = make_organisation()
        for _ in range(3):
            make_clean(owner, quantity=Decimal(50), unit=unit, kg_per_unit=kg, status=PassportStatus.DRAFT)
        for step, one, other, amount in plan:
            things = list(session.scalars(select(Passport).where(Passport.issuer_id == owner.id).order_by(Passport.id)))
            try:
                do(step, things[one % len(things)], things[other % len(things)], unit.round(amount))
            except (ConflictError, InvalidInputError):
                session.expire_all()
        session.flush()
        left = list(session.scalars(select(Passport).where(Passport.issuer_id == owner.id)))
        lost = list(session.scalars(select(Loss).where(Loss.passport_id.in_([each.id for each in left]))))
        assert sum(each.quantity for each in left) + sum(each.quantity for each in lost) == 150
        assert (
            sum(each.quantity * each.kg_per_unit for each in left) + sum(each.quantity * kg for each in lost)
            == 150 * kg
        ), "to the last decimal"
        assert all((each.quantity == 0) == each.status.is_over for each in left)
        assert lineage_imbalances() == []
        savepoint.rollback()
