"""Dealing out: what a proposal is worth is what is reserved for it, also where whole pieces hold more than is asked."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.matching import planning
from marketplace.matching.live import LivePlan
from marketplace.matching.models import Occasion, Proposal
from tests.factories import by, make_listing, make_need

pytestmark = pytest.mark.usefixtures("context")

TERMS = ("new_eur", "mki_eur", "price_eur", "transport_eur", "storage_eur", "trips_eur")


def beams(price, total=10):
    """Return an offer of beams of 374 kg a piece."""
    facts = {"category": "precast_beam", "building_year": 2015, "kg_per_unit": Decimal(374)}
    return make_listing(total=total, price_eur=Decimal(price), **facts)


def need_of(tonnes, **facts):
    wanted = {"unit": Unit.T, "category": "precast_beam", "min_batch": Decimal("0.1"), "new_eur": Decimal(1000)}
    return make_need(quantity=Decimal(tonnes), **wanted | facts)


def planned() -> Proposal:
    planning.compute(planning.request_run(Occasion.FIRST, by(), effort=0))
    return the_one()


def the_one() -> Proposal:
    (proposal,) = session.scalars(select(Proposal))
    assert sum(getattr(proposal, term) for term in TERMS) == proposal.value_eur
    return proposal


@pytest.mark.parametrize(
    ("tonnes", "quantity", "take"),
    [("1.5", "1.496", 4), ("1.7", "1.7", 5), ("1.496", "1.496", 4)],
    ids=["the fifth is not worth it", "the fifth is worth it", "just four"],
)
def test_pieces_are_rounded_to_where_they_are_worth_most_and_all_of_them_are_paid(tonnes, quantity, take):
    listing, need = beams("100.00"), need_of(tonnes)
    proposal = planned()
    assert (proposal.quantity, proposal.take) == (Decimal(quantity), take)
    assert proposal.price_eur == -100 * take
    assert proposal.new_eur == Decimal(quantity) * 1000
    km = listing.point.road_km_to(need.project.point)
    assert -proposal.transport_eur == pytest.approx(round(Decimal("0.12") * Decimal("0.374") * take * Decimal(km), 2))


def test_what_must_be_met_whole_pays_for_the_last_piece():
    beams("100.00")
    need_of("1.5", min_batch=Decimal("1.5"))
    proposal = planned()
    assert (proposal.quantity, proposal.take, proposal.price_eur) == (Decimal("1.5"), 5, -500)


def test_what_is_not_worth_all_that_would_be_reserved_is_not_proposed():
    beams("390.00")
    need_of("0.3")  # 0.3 t of new costs less than one beam, 0.8 of a beam would not
    planning.compute(planning.request_run(Occasion.FIRST, by(), effort=0))
    assert session.scalars(select(Proposal)).all() == []


def test_what_is_kept_up_to_date_counts_the_same():
    need_of("1.5")
    planning.compute(planning.request_run(Occasion.FIRST, by(), effort=0))
    listing, live = beams("100.00"), LivePlan()
    for price in ("100.00", "80.00"):
        listing.price_eur = Decimal(price)
        session.flush()
        journal.record(listing.subject, "listing.posted", by=by())
        while live.is_behind():
            live.keep_up(planning.clock.now())
        proposal = the_one()
        assert (proposal.quantity, proposal.take, proposal.price_eur) == (Decimal("1.496"), 4, -4 * Decimal(price))


def test_dealt_out_again_it_stays_as_it_is():
    beams("100.00")
    need_of("1.5")
    proposal = planned()
    before = proposal.id, proposal.quantity, proposal.take, proposal.value_eur
    planning.compute(planning.request_run(Occasion.ASKED, by(), effort=0))
    after = the_one()
    assert (after.id, after.quantity, after.take, after.value_eur) == before
