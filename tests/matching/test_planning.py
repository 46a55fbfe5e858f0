"""The plan on the database: the first one stands, later ones are only offered, and what people answer is remembered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.journal import JournalEntry
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ListingStatus
from marketplace.matching import answering, market, planning, standing
from marketplace.matching.models import (
    Dismissal,
    Improvement,
    ImprovementState,
    Occasion,
    PlanRun,
    Proposal,
    RunState,
)
from marketplace.matching.rates import Rates, set_rates
from marketplace.projects.models import Need
from tests.factories import (
    by,
    make_hub,
    make_listing,
    make_need,
    make_organisation,
    make_project,
    make_reservation,
)

pytestmark = pytest.mark.usefixtures("context")


def compute(occasion=Occasion.ASKED, *, effort=0, seed=0) -> PlanRun:
    run = planning.request_run(occasion, by(), effort=effort, seed=seed)
    planning.compute(run)
    return run


def stands() -> dict[tuple[int, int], Decimal]:
    """Return how much of which listing is proposed for which need."""
    rows = session.scalars(select(Proposal).order_by(Proposal.id))
    return {(row.listing_id, row.need_id): row.quantity for row in rows}


def offered() -> list[Improvement]:
    return list(standing.improvements())


def doors(total=20, *, price="15.00", **facts) -> Listing:
    return make_listing(total=total, price_eur=Decimal(price), **facts)


def told(action: str) -> list[dict]:
    rows = session.scalars(select(JournalEntry).where(JournalEntry.action == action).order_by(JournalEntry.number))
    return [dict(row.told) for row in rows]


class TestTheFirstPlan:
    def test_it_stands_with_terms_that_add_up_to_the_cent(self):
        lot, need = doors(), make_need(new_eur=Decimal("95.37"))
        run = compute(Occasion.FIRST)
        (proposal,) = standing.proposals_of_needs([need.id])[need.id]
        assert (proposal.listing_id, proposal.quantity, proposal.take, proposal.hub) == (lot.id, 20, 20, None)
        assert proposal.new_eur == Decimal("1907.40")
        assert proposal.price_eur == -300
        assert proposal.trips_eur == -95
        names = ("new_eur", "mki_eur", "price_eur", "transport_eur", "storage_eur", "trips_eur")
        assert sum(getattr(proposal, name) for name in names) == proposal.value_eur
        assert (run.state, run.percent, run.value_eur, run.standing_eur) == (RunState.DONE, 100, proposal.value_eur, 0)
        assert (run.lots, run.needs, len(run.problem_hash)) == (1, 1, 64)
        assert standing.summary().value_eur == proposal.value_eur
        assert told("plan.computed")[0]["proposals"] == 1

    def test_pages_read_it_by_need_and_by_listing(self):
        lot, need = doors(), make_need()
        compute()
        (of_need,) = standing.proposals_of_needs([need.id])[need.id]
        assert of_need.need.project.organisation.name == need.project.organisation.name
        (of_lot,) = standing.proposals_of_listings([lot.id])
        assert of_lot.listing.passport.name == "Binnendeuren opdek"
        assert standing.proposals_of_listings([lot.id + 1]) == []

    def test_nobody_is_proposed_what_they_offer_themselves(self):
        builder = make_organisation()
        own, other = doors(organisation=builder), doors(price="40.00")
        need, elsewhere = make_need(make_project(builder)), make_need(quantity=Decimal(8))
        compute()
        assert stands() == {(other.id, need.id): 20, (own.id, elsewhere.id): 8}

    def test_what_is_held_for_a_need_is_not_looked_for_again(self):
        builder = make_organisation()
        lot, need = doors(total=50, held=15), make_need(make_project(builder), quantity=Decimal(20))
        make_reservation(lot, builder.id, 15, need_id=need.id)
        compute()
        assert stands() == {(lot.id, need.id): 5}

    def test_boards_are_taken_whole_and_never_more_than_there_are(self):
        board = {"category": "plywood", "length_mm": 2440, "width_mm": 1220, "height_mm": 18, "building_year": 2015}
        boards = doors(total=3, unit=Unit.PIECE, kg_per_unit=Decimal("28.5"), **board)
        wanted = {"category": "plywood", "unit": Unit.M2, "min_batch": Decimal(1)}
        needs = [make_need(quantity=Decimal(amount), **wanted) for amount in ("4.5", "4.4")]
        compute()
        rows = [row for of_need in standing.proposals_of_needs([need.id for need in needs]).values() for row in of_need]
        assert sum(row.take for row in rows) == 3, "two boards for one and one for the other: 8.9 m2 in all"
        assert all(row.quantity <= row.take * Decimal("2.9768") for row in rows)
        assert boards.available == 3

    def test_room_that_reservations_will_use_is_not_promised_again(self):
        start = clock.today() + timedelta(weeks=20)
        until = clock.today() + timedelta(weeks=10)
        project = make_project(starts_on=start, ends_on=start + timedelta(weeks=8))
        hub = make_hub(capacity_m3=Decimal(2))
        kept = doors(held=20, available_until=until)
        make_reservation(kept, project.organisation_id, 20, need_id=make_need(project).id)
        later = doors(available_until=until), make_need(project)
        read = market.read()
        assert read.all_hubs[0].capacity_m3 == 2
        taken = 20 * 2.115 * 0.930 * 0.040
        assert read.hubs[0].capacity_m3 == pytest.approx(2 - taken)
        compute()
        (proposal,) = session.scalars(select(Proposal))
        assert (proposal.listing_id, proposal.need_id, proposal.hub_id) == (later[0].id, later[1].id, hub.id)
        assert proposal.quantity == 5, "of 0.0787 m3 each, five go into what is left"
        assert proposal.stored_until - proposal.stored_from == 10

    def test_the_same_market_and_seed_give_the_same_plan(self):
        for number in range(6):
            doors(total=7 + number, price=str(10 + number))
            make_need(quantity=Decimal(9 + number), new_eur=Decimal(60 + number))
        runs, plans = [], []
        for _ in range(2):
            runs.append(compute(effort=5, seed=3))
            plans.append(stands())
            session.query(Proposal).delete()
            session.query(Improvement).delete()
        assert plans[0] == plans[1]
        assert len(plans[0]) >= 6
        assert len({run.problem_hash for run in runs}) == 1
        session.scalars(select(Need)).first().quantity += 1
        assert compute(effort=5, seed=3).problem_hash != runs[0].problem_hash

    def test_equal_offers_go_to_the_need_that_was_posted_first(self):
        at = clock.now()
        project = make_project()
        needs = [make_need(project, created_at=at - timedelta(days=days)) for days in (1, 5, 3)]
        assert [need.posted for need in market.read().instance().needs] == [
            need.created_at.timestamp() for need in needs
        ]

    def test_own_rates_count_for_the_needs_of_their_organisation_only(self):
        doors(total=40)
        planner = make_organisation()
        own, usual = make_need(make_project(planner)), make_need()
        set_rates(planner, Rates(trip_eur=Decimal(10), mki_percent=0), by())
        compute()
        trips = {row.need_id: (row.trips_eur, row.mki_eur) for row in session.scalars(select(Proposal))}
        assert trips[own.id] == (-10, 0)
        assert trips[usual.id][0] == -95
        assert trips[usual.id][1] > 0


@pytest.fixture
def better(context):
    """A standing proposal of dear doors, and cheaper doors that came later, of which a plan was computed."""
    need, dear = make_need(), doors(price="60.00")
    compute()
    cheap = doors(price="5.00")
    run = compute()
    return need, dear, cheap, run


class TestBetterPlans:
    def test_they_are_offered_and_never_imposed(self, better):
        need, dear, cheap, run = better
        assert stands() == {(dear.id, need.id): 20}
        (improvement,) = offered()
        assert improvement.gain_eur == 20 * 55 == run.value_eur - run.standing_eur
        lines = {line.listing_id: (line.before, line.after) for line in improvement.lines}
        assert lines == {dear.id: (20, 0), cheap.id: (0, 20)}

    def test_taken_over_they_replace_what_they_change(self, better):
        need, _, cheap, _ = better
        answering.take_over(offered()[0], by(), clock.now())
        assert stands() == {(cheap.id, need.id): 20}
        assert told("improvement.taken") == [{"gain_eur": "1100", "proposals": 2}]
        assert offered() == []

    def test_what_takes_nothing_from_what_stands_is_added_at_once(self, better):
        need, dear, *_ = better
        other = make_need(make_project(at="Emmen"), quantity=Decimal(8), min_batch=Decimal(8))
        lot = doors(total=8, min_take=Decimal(8), price="1.00", at="Emmen")
        compute()
        assert stands() == {(dear.id, need.id): 20, (lot.id, other.id): 8}
        assert len(offered()) == 1, "and the better plan is offered still"

    @pytest.mark.usefixtures("better")
    def test_parts_that_have_nothing_to_do_with_each_other_are_offered_apart(self):
        doors(total=20, price="60.00", category="door_fire")
        make_need(category="door_fire")
        compute()
        doors(price="5.00", category="door_fire")
        compute()
        assert [len(improvement.lines) for improvement in offered()] == [2, 2]
        states = [improvement.state for improvement in session.scalars(select(Improvement).order_by(Improvement.id))]
        assert states.count(ImprovementState.OUTDATED) == len(states) - 2, "those of earlier runs are withdrawn"

    @pytest.mark.parametrize(("price", "is_offered"), [("58.59", False), ("58.58", True)])
    def test_they_are_offered_for_two_percent_and_not_for_less(self, price, is_offered):
        make_need(quantity=Decimal(20), new_eur=Decimal("135.00"))
        doors(price="60.00", building_year=2015)
        value = compute().value_eur
        doors(price=price, building_year=2015)
        run = compute()
        gain = 20 * (Decimal("60.00") - Decimal(price))
        assert (gain >= Decimal("0.02") * value) == is_offered, "the prices lie on both sides of the threshold"
        assert abs(gain / value - Decimal("0.02")) < Decimal("0.0002"), "and close to it"
        assert [improvement.gain_eur for improvement in offered()] == ([gain] if is_offered else [])
        assert (run.standing_eur, run.value_eur) == (value, value + gain if is_offered else value)

    @pytest.mark.parametrize("change", ["taken", "withdrawn", "met", "dearer", "dismissed", "smaller"])
    def test_what_changed_meanwhile_outdates_them(self, better, change):
        need, _, cheap, _ = better
        improvement = offered()[0]
        if change == "taken":
            cheap.available, cheap.held = Decimal(19), Decimal(1)
        elif change == "withdrawn":
            cheap.status = ListingStatus.WITHDRAWN
        elif change == "met":
            make_reservation(doors(held=20), make_organisation().id, 20, need_id=need.id)
        elif change == "dearer":
            cheap.price_eur = Decimal("60.00")
        elif change == "dismissed":
            session.add(Dismissal(need_id=need.id, listing_id=cheap.id, reason="nee", dismissed_at=clock.now()))
        else:
            session.scalars(select(Proposal)).one().quantity -= 1
        session.flush()
        before = stands()
        with pytest.raises(ConflictError, match="achterhaald"):
            answering.take_over(improvement, by(), clock.now())
        assert improvement.state is ImprovementState.OUTDATED
        assert stands() == before
        with pytest.raises(ConflictError, match="al overgenomen of achterhaald"):
            answering.take_over(improvement, by(), clock.now())

    def test_a_hub_that_could_not_hold_both_holds_parts_together(self):
        start, until = clock.today() + timedelta(weeks=20), clock.today() + timedelta(weeks=10)
        project = make_project(starts_on=start, ends_on=start + timedelta(weeks=8))
        make_hub(capacity_m3=Decimal("3.2"))
        kinds = ("door_interior", "door_fire")
        needs = [make_need(project, category=kind) for kind in kinds]
        for kind in kinds:
            doors(price="60.00", category=kind, available_until=until)
        compute()
        assert len(stands()) == 2
        for kind in kinds:
            doors(price="5.00", category=kind, available_until=until)
        compute()
        # Each swap gives back the room that it takes, so they stand apart; together they fit as well.
        assert [len(improvement.lines) for improvement in offered()] == [2, 2]
        for improvement in offered():
            answering.take_over(improvement, by(), clock.now())
        assert {need.id for need in needs} == {need_id for _, need_id in stands()}

    def test_parts_that_only_fit_a_hub_when_both_are_taken_over_are_one(self):
        start, until = clock.today() + timedelta(weeks=20), clock.today() + timedelta(weeks=10)
        project = make_project(starts_on=start, ends_on=start + timedelta(weeks=8))
        make_hub(capacity_m3=Decimal("2.0"))  # of 20 doors, not of 40
        first, second = (make_need(project, category=kind) for kind in ("door_interior", "door_fire"))
        stored = doors(price="50.00", available_until=until)
        direct = doors(price="60.00", category="door_fire")
        compute()
        assert stands() == {(stored.id, first.id): 20, (direct.id, second.id): 20}
        doors(price="1.00")
        doors(price="1.00", category="door_fire", available_until=until)
        compute()
        (improvement,) = offered()
        assert len(improvement.lines) == 4
        assert {line.need_id for line in improvement.lines} == {first.id, second.id}
        answering.take_over(improvement, by(), clock.now())
        assert {row.hub_id is None: row.need_id for row in session.scalars(select(Proposal))} == {
            True: first.id,
            False: second.id,
        }


class TestAgreeing:
    """A better plan by which another organisation would get less asks that organisation first."""

    @pytest.fixture
    def people(self):
        """Three organisations: one that would get a lot, and two that would have to give it; and the better plan."""
        asker, first, second = (make_organisation(name=name) for name in ("Vrager", "Eerste", "Tweede"))
        losing = [
            make_need(make_project(each), quantity=Decimal(10), min_batch=Decimal(10)) for each in (first, second)
        ]
        lot = doors()
        compute()
        assert stands() == {(lot.id, need.id): 10 for need in losing}
        gaining = make_need(make_project(asker), new_eur=Decimal(200), min_batch=Decimal(20))
        compute()
        return asker, first, second, lot, gaining

    def test_it_waits_for_all_who_would_get_less(self, people):
        asker, first, second, lot, gaining = people
        (plan,) = offered()
        assert answering.losing(plan) == {first.id, second.id}
        for each, waits_for in ((asker, {first.id, second.id}), (first, {second.id})):
            assert answering.take_over(plan, by(each), clock.now()) is False
            assert answering.asked(plan) == waits_for
            assert len(stands()) == 2, "nothing has changed yet"
        assert answering.take_over(plan, by(asker), clock.now()) is False, "asking again is asking once"
        assert answering.take_over(plan, by(second), clock.now()) is True
        assert stands() == {(lot.id, gaining.id): 20}
        assert [len(told(f"improvement.{what}")) for what in ("agreed", "taken")] == [3, 1]

    def test_one_no_ends_it(self, people):
        asker, first, *_ = people
        before = stands()
        (plan,) = offered()
        answering.take_over(plan, by(asker), clock.now())
        with pytest.raises(ConflictError, match="minder krijgt"):
            answering.refuse(plan, by(asker), clock.now())
        answering.refuse(plan, by(first), clock.now())
        assert plan.state is ImprovementState.OUTDATED
        with pytest.raises(ConflictError, match="al overgenomen of achterhaald"):
            answering.take_over(plan, by(first), clock.now())
        assert stands() == before

    def test_what_is_worth_less_is_less_too(self, people):
        _, first, *_ = people
        (plan,) = offered()
        line = next(line for line in plan.lines if line.need.project.organisation_id == first.id)
        line.after, line.value_after_eur = line.before, line.value_before_eur
        assert first.id not in answering.losing(plan)
        line.value_after_eur -= Decimal("0.01")
        assert first.id in answering.losing(plan)


class TestDismissing:
    def test_a_dismissed_pair_stays_away_and_the_lot_is_free_for_others(self):
        lot, need = doors(), make_need(new_eur=Decimal(200))
        other = make_need(new_eur=Decimal(90))
        compute()
        assert stands() == {(lot.id, need.id): 20}
        answering.dismiss(need, lot, " te ver lopen ", by(), clock.now())
        assert stands() == {}
        compute()
        assert stands() == {(lot.id, other.id): 20}
        (dismissal,) = standing.dismissals_of([need.id])[need.id]
        assert (dismissal.reason, told("proposal.dismissed")[0]["listing_id"]) == ("te ver lopen", lot.id)
        answering.allow_again(dismissal, by())
        compute()
        assert [improvement.gain_eur for improvement in offered()] == [20 * 110]

    @pytest.mark.parametrize("reason", ["", "  ab ", "x" * 301])
    def test_a_reason_is_asked_for(self, reason):
        with pytest.raises(InvalidInputError) as refused:
            answering.dismiss(make_need(), doors(), reason, by(), clock.now())
        assert refused.value.field == "reason"

    def test_dismissing_twice_keeps_the_last_reason(self):
        lot, need = doors(), make_need()
        for reason in ("te duur", "te ver"):
            answering.dismiss(need, lot, reason, by(), clock.now())
        assert session.scalars(select(Dismissal.reason)).all() == ["te ver"]


class TestRates:
    @pytest.mark.parametrize(
        ("rates", "field"),
        [
            (Rates(trip_eur=Decimal(-1)), "trip_eur"),
            (Rates(trip_eur=Decimal("1.005")), "trip_eur"),
            (Rates(eur_per_1000_tkm=Decimal(5001)), "eur_per_1000_tkm"),
            (Rates(kerf_mm=51), "kerf_mm"),
            (Rates(mki_percent=1001), "mki_percent"),
        ],
    )
    def test_odd_rates_are_refused_at_their_field(self, rates, field):
        with pytest.raises(InvalidInputError) as refused:
            set_rates(make_organisation(), rates, by())
        assert refused.value.field == field
