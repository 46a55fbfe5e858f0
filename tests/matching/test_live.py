"""Live: what stands follows each change in its neighbourhood, and is replaced only for a gain of at least 2 %."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings.models import ListingStatus
from marketplace.matching import answering, planning, standing
from marketplace.matching import market as markets
from marketplace.matching.keeping import rows_of, take_turn
from marketplace.matching.live import LivePlan
from marketplace.matching.models import MarketCursor, Occasion, Proposal
from marketplace.matching.rates import Rates, set_rates
from marketplace.matching.stores import Stay, most_taken
from marketplace.passports.gate import HazardStatus
from marketplace.projects import actions as projects
from marketplace.projects.facts import NeedFacts
from marketplace.projects.models import Grade, Project
from marketplace.reservations import actions as reservations
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from tests.factories import (
    by,
    make_finding,
    make_hub,
    make_listing,
    make_need,
    make_organisation,
    make_project,
    place,
)

M3 = 2.115 * 0.930 * 0.040
"""Of one door."""

pytestmark = pytest.mark.usefixtures("context")


def stands() -> dict[tuple[int, int], Decimal]:
    """Return how much of which listing is proposed for which need."""
    return {(row.listing_id, row.need_id): row.quantity for row in session.scalars(select(Proposal))}


def happened(thing, action="listing.changed") -> None:
    """Tell the journal that something happened to a listing or need, as every action does."""
    session.flush()
    subject = thing.subject if hasattr(thing, "subject") else f"need:{thing.id}"
    journal.record(subject, action, by=by())


def doors(total=20, *, price="15.00", **facts):
    return make_listing(total=total, price_eur=Decimal(price), building_year=2015, **facts)


def posted(*arguments, **facts):
    """Add a listing that somebody offers now."""
    listing = doors(*arguments, **facts)
    happened(listing, "listing.posted")
    return listing


def check_memory(live: LivePlan) -> None:
    """Check that what was read on from the journal is what is read anew, and that what stands is in the database."""
    known, fresh = live._market, markets.read()
    assert (known.supplies, known.demands, known.hubs) == (fresh.supplies, fresh.demands, fresh.hubs)
    assert (known.excluded, known.stays, known.read_to) == (fresh.excluded, fresh.stays, fresh.read_to)
    assert {key: lots for key, lots in known.lots_of.items() if lots} == fresh.lots_of
    assert {key: needs for key, needs in known.needs_of.items() if needs} == fresh.needs_of
    rows = {key: (row.quantity, row.take, row.value_eur) for key, row in rows_of().items()}
    assert rows == {key: (one.quantity, one.take, one.value) for key, one in live._stands.by_key.items()}


def check_limits() -> None:
    """Check that nothing is proposed twice: of no listing more than there is, and for no need more than it lacks."""
    market, stands = markets.read(), list(session.scalars(select(Proposal)))
    for listing_id in {row.listing_id for row in stands}:
        taken = sum(row.take for row in stands if row.listing_id == listing_id)
        assert taken <= market.supplies[str(listing_id)].available
    for need_id in {row.need_id for row in stands}:
        given = sum(row.quantity for row in stands if row.need_id == need_id)
        assert given <= market.demands[str(need_id)].lacking
    for hub in market.hubs:
        stays = [Stay(hub.id, row.stored_from, row.stored_until, float(row.take) * M3) for row in stands if row.hub_id]
        assert most_taken(stay for stay in stays if stay.hub == hub.id) <= hub.capacity_m3 + 1e-6
    assert not [row for row in stands if (str(row.listing_id), str(row.need_id)) in market.excluded]


@pytest.fixture
def live():
    return LivePlan()


@pytest.fixture
def keep_up(live):
    """Compute the first plan of what a test has made, and return a function that follows what happens after it."""

    def begin():
        planning.compute(planning.request_run(Occasion.FIRST, by(), effort=0))
        return follow

    def follow(*, everything_was_told: bool = True) -> int:
        changed = 0
        while live.is_behind():
            changed += live.keep_up(clock.now())
        if changed and everything_was_told:
            check_memory(live)
        check_limits()
        return changed

    return begin


def test_before_the_first_plan_nothing_is_followed(live):
    take_turn()
    make_need()
    posted()
    assert not live.is_behind()


class TestWhatComes:
    def test_a_lot_that_is_added_is_proposed_for_what_is_lacking(self, keep_up):
        need = make_need()
        follow = keep_up()
        lot = posted(12)
        assert follow() == 1
        assert stands() == {(lot.id, need.id): 12}

    def test_a_need_that_is_added_gets_what_is_left(self, keep_up):
        lot, project = doors(), make_project()
        follow = keep_up()
        facts = NeedFacts(
            title="Deuren", category="door_interior", quantity=Quantity(Decimal(8), Unit.PIECE), new_eur=Decimal(95),
            wanted_from=project.starts_on, wanted_until=project.ends_on, grade=Grade.C,
        )  # fmt: skip
        need = projects.add_need(project=project, facts=facts, by=by())
        follow()
        assert stands() == {(lot.id, need.id): 8}

    @pytest.mark.parametrize(("price", "replaced"), [("58.59", False), ("58.58", True)])
    def test_what_stands_is_replaced_for_two_percent_and_not_for_less(self, keep_up, price, replaced):
        need = make_need(quantity=Decimal(20), new_eur=Decimal("135.00"))
        old = doors(price="60.00")
        follow = keep_up()
        value = session.scalars(select(Proposal.value_eur)).one()
        new = posted(price=price)
        follow()
        gain = 20 * (Decimal("60.00") - Decimal(price))
        assert (gain >= Decimal("0.02") * value) == replaced, "the prices lie on both sides of the threshold"
        assert abs(gain / value - Decimal("0.02")) < Decimal("0.0002"), "and close to it"
        assert stands() == {((new if replaced else old).id, need.id): 20}

    def test_what_is_displaced_keeps_what_is_left_and_goes_where_it_is_lacked(self, keep_up):
        first, second = make_need(new_eur=Decimal(200)), make_need(new_eur=Decimal(90), quantity=Decimal(5))
        old = doors(20, price="60.00")
        follow = keep_up()
        assert stands() == {(old.id, first.id): 20}
        new = posted(12, price="1.00")
        follow()
        assert stands() == {(new.id, first.id): 12, (old.id, first.id): 8, (old.id, second.id): 5}

    def test_a_lot_of_who_plans_the_need_is_not_proposed_for_it(self, keep_up):
        builder = make_organisation()
        own, other = make_need(make_project(builder)), make_need(quantity=Decimal(5))
        follow = keep_up()
        lot = posted(total=20, organisation=builder)
        follow()
        assert stands() == {(lot.id, other.id): 5}
        assert (str(lot.id), str(own.id)) in markets.read().instance().excluded

    def test_a_dearer_need_takes_a_lot_from_a_cheaper_one_that_stands(self, keep_up):
        lot, cheap = doors(), make_need(new_eur=Decimal(60))
        follow = keep_up()
        assert stands() == {(lot.id, cheap.id): 20}
        dear = make_need(new_eur=Decimal(160))
        happened(dear, "need.added")
        follow()
        assert stands() == {(lot.id, dear.id): 20}

    def test_equal_needs_come_in_the_order_in_which_they_were_posted(self, keep_up):
        project, at = make_project(), clock.now()
        needs = [make_need(project, created_at=at - timedelta(days=days)) for days in (1, 3, 2)]
        follow = keep_up()
        lot = posted()
        follow()
        assert stands() == {(lot.id, needs[1].id): 20}


class TestWhatGoes:
    def test_a_lot_that_is_withdrawn_loses_its_proposals_and_another_takes_its_place(self, keep_up):
        need, best, spare = make_need(), doors(price="1.00"), doors(price="30.00")
        follow = keep_up()
        assert stands() == {(best.id, need.id): 20}
        best.status = ListingStatus.WITHDRAWN
        happened(best, "listing.withdrawn")
        follow()
        assert stands() == {(spare.id, need.id): 20}

    def test_what_is_reserved_is_no_longer_proposed_and_the_reservation_stays(self, keep_up):
        builder = make_organisation()
        need, lot = make_need(make_project(builder)), doors(30)
        follow = keep_up()
        purpose = Purpose(builder, need.project_id, need.id)
        request = {"listing_id": lot.id, "purpose": purpose, "by": by(builder), "at": clock.now()}
        made = reservations.request(quantity=Decimal(15), **request)
        follow()
        assert stands() == {(lot.id, need.id): 5}
        assert session.get_one(Reservation, made.id).held == 15
        reservations.request(quantity=Decimal(5), **request)
        follow()
        assert stands() == {}, "the need is met"

    def test_a_need_that_is_removed_frees_its_lot_for_others(self, keep_up):
        lot, best, other = doors(), make_need(new_eur=Decimal(160)), make_need()
        follow = keep_up()
        projects.remove_need(need=best, by=by())
        follow()
        assert stands() == {}, "its proposals went with it, and nobody was looked at in its place"
        happened(lot)
        follow()
        assert set(stands()) <= {(lot.id, other.id)}

    def test_a_hazard_that_is_found_takes_proposals_away(self, keep_up):
        lot, _need = doors(), make_need()
        follow = keep_up()
        make_finding(lot.passport, status=HazardStatus.PRESENT)
        journal.record(lot.passport.subject, "passport.hazard_stated", by=by(), hazard="asbestos")
        follow()
        assert stands() == {}

    def test_a_project_that_moves_takes_its_needs_along(self, keep_up):
        need = make_need()
        doors()
        follow = keep_up()
        project = session.get_one(Project, need.project_id)
        far = place("Maastricht")
        project.put_at(place=far.name, latitude=far.latitude, longitude=far.longitude)
        session.flush()
        journal.record(f"project:{project.id}", "project.changed", by=by())
        follow()
        assert stands() == {}

    def test_rates_of_an_organisation_count_from_then_on(self, keep_up):
        builder = make_organisation()
        need, lot = make_need(make_project(builder)), doors()
        follow = keep_up()
        assert stands() == {(lot.id, need.id): 20}
        set_rates(builder, Rates(trip_eur=Decimal(5000)), by())
        follow()
        assert stands() == {}, "a trip costs more than all of it is worth"
        set_rates(builder, Rates(trip_eur=Decimal(1)), by())
        follow()
        assert session.scalars(select(Proposal.trips_eur)).all() == [-1]

    def test_a_dismissed_proposal_stays_away_and_its_lot_serves_others(self, keep_up):
        lot, best, other = doors(), make_need(new_eur=Decimal(160)), make_need()
        follow = keep_up()
        assert stands() == {(lot.id, best.id): 20}
        answering.dismiss(best, lot, "te ver", by(), clock.now())
        follow()
        assert stands() == {(lot.id, other.id): 20}
        happened(lot)
        happened(best, "need.changed")
        follow()
        assert stands() == {(lot.id, other.id): 20}


class TestWhatStays:
    def test_nothing_outside_the_neighbourhood_changes(self, keep_up):
        need, old = make_need(), doors(price="60.00")
        follow = keep_up()
        doors(price="1.00")  # nobody told of it, and so nobody looks at it
        session.flush()
        (row,) = session.scalars(select(Proposal))
        other_need = make_need(category="door_fire")
        happened(other_need, "need.added")
        other = posted(category="door_fire")
        follow(everything_was_told=False)
        assert stands() == {(old.id, need.id): 20, (other.id, other_need.id): 20}
        assert session.get(Proposal, row.id), "its row is the same"

    def test_news_without_a_change_changes_nothing(self, keep_up):
        need, old = make_need(), doors(price="60.00")
        doors(price="55.00", total=1)
        follow = keep_up()
        before = stands()
        happened(old, "pickup.proposed")
        assert follow() == 0
        assert stands() == before
        assert need.id

    def test_a_better_plan_on_offer_is_withdrawn_where_what_it_changes_went(self, keep_up):
        make_need()
        old = doors(price="60.00")
        follow = keep_up()
        doors(price="1.00")
        planning.compute(planning.request_run(Occasion.ASKED, by(), effort=0))
        assert len(standing.improvements()) == 1
        old.status = ListingStatus.WITHDRAWN
        happened(old, "listing.withdrawn")
        follow()
        assert standing.improvements() == []


class TestAnything:
    """Whatever happens, in whatever order: memory is the database, and no limit is broken."""

    @pytest.mark.parametrize("seed", range(3))
    def test_at_random(self, keep_up, seed):
        chance = Random(seed)  # noqa: S311 (nothing is kept secret by it)
        start = clock.today() + timedelta(weeks=20)
        project = make_project(starts_on=start, ends_on=start + timedelta(weeks=8))
        make_hub(capacity_m3=Decimal("1.9"))
        needs = [make_need(project, quantity=Decimal(chance.randint(5, 30))) for _ in range(4)]
        lots = [self.lot(chance) for _ in range(4)]
        follow = keep_up()
        for _ in range(25):
            step = chance.choice(
                (self.post, self.post, self.withdraw, self.price, self.ask, self.reserve, self.dismiss)
            )
            step(chance, project, lots, needs)
            held = session.execute(select(Reservation.id, Reservation.held)).all()
            follow()
            assert session.execute(select(Reservation.id, Reservation.held)).all() == held
        assert stands()

    @staticmethod
    def lot(chance):
        until = clock.today() + timedelta(weeks=10) if chance.random() < 0.5 else None
        return doors(chance.randint(3, 30), price=str(chance.randint(1, 80)), available_until=until)

    def post(self, chance, _project, lots, _needs):
        lots.append(self.lot(chance))
        happened(lots[-1], "listing.posted")

    def withdraw(self, chance, _project, lots, _needs):
        lot = chance.choice(lots)
        lot.status = ListingStatus.WITHDRAWN
        happened(lot, "listing.withdrawn")

    def price(self, chance, _project, lots, _needs):
        lot = chance.choice(lots)
        lot.price_eur = Decimal(chance.randint(1, 80))
        happened(lot)

    def ask(self, chance, project, _lots, needs):
        needs.append(
            make_need(project, quantity=Decimal(chance.randint(2, 30)), new_eur=Decimal(chance.randint(60, 200)))
        )
        happened(needs[-1], "need.added")

    def reserve(self, chance, project, _lots, _needs):
        row = session.scalars(select(Proposal).order_by(Proposal.id).limit(1)).one_or_none()
        if row is None:
            return
        purpose = Purpose(session.get_one(Organisation, project.organisation_id), project.id, row.need_id)
        amount = Decimal(chance.randint(1, int(row.take)))
        request = {"purpose": purpose, "by": by(), "at": clock.now()}
        reservations.request(listing_id=row.listing_id, quantity=amount, **request)

    def dismiss(self, chance, _project, lots, needs):
        answering.dismiss(chance.choice(needs), chance.choice(lots), "past niet", by(), clock.now())


class TestTheCursor:
    def test_what_was_read_but_not_written_is_read_again(self, keep_up, live):
        need = make_need()
        follow = keep_up()
        lot = posted()
        transaction = session.begin_nested()
        live.keep_up(clock.now())
        assert stands() == {(lot.id, need.id): 20}
        transaction.rollback()  # as where the process is killed before it commits
        assert stands() == {}
        assert LivePlan().is_behind(), "the next process begins where this one stopped"
        anew = LivePlan()
        assert anew.keep_up(clock.now()) == 1
        assert stands() == {(lot.id, need.id): 20}
        live.forget()
        assert follow() == 0

    def test_a_process_that_begins_late_looks_at_all_it_missed(self, keep_up):
        need = make_need()
        keep_up()
        lots = [posted(7) for _ in range(3)]
        late = LivePlan()
        late.prepare()
        while late.is_behind():
            late.keep_up(clock.now())
        assert sum(stands().values()) == 20
        assert {lot_id for lot_id, _ in stands()} == {lot.id for lot in lots}
        assert need.id

    def test_two_planners_take_turns_without_doing_anything_twice(self, keep_up):
        need = make_need()
        follow = keep_up()
        other = LivePlan()
        first = posted(8)
        assert follow() == 1
        second = posted(8)
        assert other.is_behind()
        assert other.keep_up(clock.now()) == 1
        third = posted(8)
        assert follow() == 1
        assert stands() == {(first.id, need.id): 8, (second.id, need.id): 8, (third.id, need.id): 4}
        assert other.is_behind() is False

    def test_the_next_day_is_read_anew(self, keep_up):
        lot, need = doors(available_until=clock.today()), make_need()
        follow = keep_up()
        assert session.scalar(select(MarketCursor.journal_number)) is not None
        with clock.standing_at(clock.now() + timedelta(days=1)):
            happened(need, "need.changed")
            follow()
            assert stands() == {}
        assert lot.id
