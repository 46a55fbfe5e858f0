"""Whatever people do to a thing, in whatever order: nothing comes out of nothing, and nothing disappears."""

from decimal import Decimal

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.passports import lineage
from marketplace.passports.ancestry import installations_of
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.harvesting import harvest
from marketplace.passports.models import Loss, Passport, PassportStatus
from marketplace.passports.transferring import give, transfer
from tests.factories import make_organisation
from tests.passports.lineages import ACT, make_clean

Sides = tuple[Organisation, Organisation]
STEPS = st.sampled_from(["split", "merge", "install", "harvest", "lose", "give", "transfer"])
AMOUNTS = st.decimals(min_value=1, max_value=30, places=3)
EVERY_STEP = [
    ("split", 0, Decimal(10)),
    ("merge", 0, Decimal(1)),
    ("install", 0, Decimal(8)),
    ("lose", 0, Decimal(3)),
    ("harvest", 0, Decimal(1)),
    ("merge", 1, Decimal(1)),
    ("merge", 2, Decimal(1)),
    ("give", 0, Decimal(4)),
    ("transfer", 1, Decimal(1)),
    ("split", 0, Decimal(2)),
    ("lose", 1, Decimal(1)),
]
PLANS = st.lists(st.tuples(STEPS, st.integers(0, 9), AMOUNTS), min_size=3, max_size=14)


def do(step: str, things: list[Passport], sides: Sides, choice: int, amount: Decimal) -> None:
    """Do a step to one of the things that are left, where it can be done one that is fit for it.

    What is given goes to who does not have it.
    """
    built_in = installations_of([each.id for each in things])
    fit = [each for each in things if (each.id in built_in) == (step == "harvest")] or things
    one, other = fit[choice % len(fit)], fit[(choice + 1) % len(fit)]
    if step == "split":
        lineage.split(one, [amount, amount], ACT)
    elif step == "merge":
        lineage.merge([one, other], ACT)
    elif step == "install":
        lineage.install(one, place="School", on=clock.today(), quantity=min(amount, one.quantity), act=ACT)
    elif step == "harvest":
        harvest(one, quantity=max(one.quantity - 1, Decimal(1)), lost=Decimal(1), reason="Gebroken", act=ACT)
    elif step == "give":
        give(one, min(amount, one.quantity), other_than(one, sides), ACT)
    elif step == "transfer":
        transfer(one, other_than(one, sides), ACT)
    else:
        lineage.lose(one, min(amount, one.quantity), "Gestolen", ACT)


def other_than(passport: Passport, sides: Sides) -> Organisation:
    return next(side for side in sides if side.id != passport.owner_id)


def of(sides: Sides) -> list[Passport]:
    owned = Passport.owner_id.in_([side.id for side in sides])
    return list(session.scalars(select(Passport).where(owned).order_by(Passport.id)))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=PLANS, unit=st.sampled_from([Unit.PIECE, Unit.M2]), kg=st.decimals(min_value="0.5", max_value=90, places=3))
@example(plan=EVERY_STEP, unit=Unit.PIECE, kg=Decimal(20))
@example(plan=EVERY_STEP, unit=Unit.M2, kg=Decimal("0.333"))
def test_what_is_left_and_what_was_lost_is_always_what_was_made(context, database, plan, unit, kg):
    if database != "sqlite":
        return
    with session.begin_nested() as savepoint:
        owner, _buyer = sides = make_organisation(), make_organisation()
        for heavier in (0, 0, 2):
            facts = {"quantity": Decimal(50), "unit": unit, "kg_per_unit": kg + heavier}
            make_clean(owner, status=PassportStatus.DRAFT, **facts)
        for step, choice, amount in plan:
            try:
                do(step, [each for each in of(sides) if each.quantity], sides, choice, unit.round(amount))
            except (ConflictError, InvalidInputError):
                session.expire_all()
        session.flush()
        left = {each.id: each for each in of(sides)}
        lost = list(session.scalars(select(Loss).where(Loss.passport_id.in_(left))))
        assert sum(each.quantity for each in [*left.values(), *lost]) == 150
        mass_left = sum(each.quantity * each.kg_per_unit for each in left.values())
        mass_lost = sum(each.quantity * left[each.passport_id].kg_per_unit for each in lost)
        assert mass_left + mass_lost == 150 * kg + 100, "to the last decimal"
        assert all((each.quantity == 0) == each.status.is_over for each in left.values())
        assert lineage_imbalances() == []
        savepoint.rollback()
