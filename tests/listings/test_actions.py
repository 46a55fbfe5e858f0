"""Offering, changing and taking back, below the pages."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings import actions, stock
from marketplace.listings.models import Listing, ListingStatus, ShortHarvest, Stage
from marketplace.listings.offers import Site
from marketplace.materials.hazards import Hazard
from marketplace.passports import queries
from marketplace.passports.actions import set_hazards
from marketplace.passports.admission import BlockedError
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Passport, PassportStatus
from tests.factories import make_hub, make_organisation, make_project
from tests.listings.offering import facts, in_days, offer, post
from tests.sealing import SEAL


def told(listing, action):
    return [entry.told for entry in journal.history(listing.subject) if entry.action == action]


def test_an_offer_and_its_passport_are_told_in_the_order_in_which_they_came_to_be(context):
    listing = post()
    entries = journal.history(listing.subject, listing.passport.subject)
    assert [entry.action for entry in reversed(entries)] == [
        "passport.created",
        "listing.posted",
        "passport.published",
        "passport.version_signed",
        "listing.published",
    ]
    assert told(listing, "listing.posted")[0]["price_eur"] == "15"
    assert journal.first_broken() is None


def test_it_lies_at_the_hub_or_else_the_site_or_else_the_project_or_else_with_its_owner(context):
    owner = make_organisation(at="Hoogeveen")
    hub, project = make_hub(at="Zwolle"), make_project(owner, at="Assen")
    site = Site("Beilen", 52.86, 6.51)
    everywhere = {"hub_id": hub.id, "site": site, "project_id": project.id}
    for where, expected in zip(("hub_id", "site", "project_id"), ("Zwolle", "Beilen", "Assen"), strict=True):
        assert post(owner, terms=offer(**everywhere)).place == expected
        del everywhere[where]
    assert post(owner).place == "Hoogeveen"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price_eur": Decimal("-0.01")}, "price_eur"),
        ({"price_eur": Decimal("0.001")}, "price_eur"),
        ({"available_until": in_days(-1)}, "available_until"),
        ({"crusher_on": in_days(-1)}, "crusher_on"),
        ({"min_take": Decimal(41)}, "min_take"),
        ({"min_take": Decimal("0.5")}, "min_take"),
        ({"min_take": Decimal(0)}, "min_take"),
        ({"stage": Stage.GONE}, "stage"),
    ],
)
def test_terms_that_contradict_each_other_are_refused_before_anything_is_made(context, wrong, field):
    with pytest.raises(InvalidInputError) as refused:
        post(terms=offer(**wrong))
    assert refused.value.field == field
    assert session.scalar(select(func.count()).select_from(Passport)) == 0


def test_terms_at_their_ends_are_fine(context):
    today = in_days(0)
    terms = offer(price_eur=Decimal("0.01"), available_until=today, crusher_on=today, min_take=Decimal(40))
    assert post(terms=terms).min_take == 40


def test_a_present_hazard_may_be_kept_as_a_draft_but_not_be_published(context):
    listing = post(publish=False)
    found = {Hazard.LEAD: Finding(HazardStatus.PRESENT)}
    actions.change(listing, offer(), facts(), By(), seal=SEAL, findings=found)
    with pytest.raises(BlockedError, match="lood"):
        actions.publish(listing, By(), seal=SEAL)
    assert (listing.status, listing.passport.status) == (ListingStatus.DRAFT, PassportStatus.DRAFT)


def test_a_hazard_that_is_found_later_is_recorded_and_takes_the_offer_off_the_market(context):
    listing = post()
    found = {Hazard.LEAD: Finding(HazardStatus.PRESENT)}
    actions.change(listing, offer(), facts(), By(), seal=SEAL, findings=found)
    assert (listing.status, listing.passport.status) == (ListingStatus.DRAFT, PassportStatus.PUBLISHED)
    assert [entry["hazard"] for entry in told(listing, "listing.taken_off")] == ["lead"]
    newest, first = queries.versions_of(listing.passport_id)
    assert '"status":"present"' in newest.credential
    assert '"status":"present"' not in first.credential


def test_a_change_leaves_what_is_held_as_it_is(context):
    listing = post()
    stock.hold(listing.id, Decimal(15))
    actions.change(listing, offer(), facts(quantity=Quantity(Decimal(20), Unit.PIECE)), By(), seal=SEAL)
    assert (listing.total, listing.available, listing.held) == (20, 5, 15)
    with pytest.raises(ConflictError, match="15 st al gereserveerd"):
        actions.change(listing, offer(), facts(quantity=Quantity(Decimal(14), Unit.PIECE)), By(), seal=SEAL)


def test_an_offer_of_a_part_is_changed_without_changing_how_much_there_is(context):
    listing = post()
    listing.passport.quantity = Decimal(50)
    actions.change(listing, offer(price_eur=Decimal(9)), facts(), By(), seal=SEAL)
    assert (listing.price_eur, listing.total, listing.passport.quantity) == (9, 40, 50)
    actions.change(listing, offer(), facts(quantity=Quantity(Decimal(45), Unit.PIECE)), By(), seal=SEAL)
    assert (listing.total, listing.passport.quantity) == (45, 50)
    actions.change(listing, offer(), facts(quantity=Quantity(Decimal(60), Unit.PIECE)), By(), seal=SEAL)
    assert (listing.total, listing.passport.quantity) == (60, 60)


def test_a_change_of_the_offer_keeps_what_only_the_passport_tells(context):
    project = make_project()
    listing = post(granularity=Granularity.ITEM, quantity=Quantity(Decimal(1), Unit.PIECE))
    listing.passport.origin_project_id = project.id
    terms = offer(min_take=Decimal(1), price_eur=Decimal(9))
    actions.change(listing, terms, facts(quantity=Quantity(Decimal(1), Unit.PIECE)), By(), seal=SEAL)
    assert (listing.passport.granularity, listing.passport.origin_project_id) == (Granularity.ITEM, project.id)


def test_a_change_of_the_offer_keeps_what_a_laboratory_found(context):
    listing = post()
    full = Finding(HazardStatus.PRESENT, "R-1", in_days(0), "SGS", Decimal(9), "mg/kg", "Ontheffing 12")
    set_hazards(listing.passport, {Hazard.LEAD: full}, By())
    actions.change(listing, offer(), facts(), By(), seal=SEAL, findings={Hazard.LEAD: Finding(full.status, "R-1")})
    (row,) = queries.findings_of(listing.passport_id)
    assert (row.finding, listing.status) == (full, ListingStatus.PUBLISHED)
    actions.change(listing, offer(), facts(), By(), seal=SEAL, findings={Hazard.LEAD: Finding(full.status, "R-2")})
    assert row.finding == Finding(full.status, "R-2", permission="Ontheffing 12")
    actions.change(
        listing, offer(), facts(), By(), seal=SEAL, findings={Hazard.LEAD: Finding(HazardStatus.ABSENT_DECLARED)}
    )
    assert row.finding == Finding(HazardStatus.ABSENT_DECLARED)


def test_nothing_changed_is_nothing_told(context):
    listing = post()
    actions.change(listing, offer(), facts(), By(), seal=SEAL)
    assert told(listing, "listing.changed") == []


def test_what_is_held_for_somebody_cannot_be_taken_back(context):
    listing = post()
    stock.hold(listing.id, Decimal(1))
    with pytest.raises(ConflictError, match="nog iets gereserveerd"):
        actions.withdraw(listing, By())
    stock.release(listing.id, Decimal(1))
    actions.withdraw(listing, By())
    actions.withdraw(listing, By())
    assert len(told(listing, "listing.withdrawn")) == 1
    assert listing.passport.status is PassportStatus.PUBLISHED


def test_an_offer_of_an_example_organisation_has_the_passport_of_an_example(context):
    listing = post(make_organisation(is_example=True))
    assert listing.passport.is_example
    assert not post().passport.is_example
    assert session.scalar(select(func.count()).select_from(Listing)) == 2


@pytest.fixture
def optioned(context):
    """A lot that is still in its building, of which ten are promised by first come."""
    listing = post(terms=offer(stage=Stage.EXPECTED))
    stock.hold(listing.id, Decimal(10))
    return listing


def change(listing, **terms):
    actions.change(listing, offer(**{"stage": Stage.EXPECTED} | terms), facts(), By(), seal=SEAL)


def test_the_rule_for_a_short_harvest_stays_while_options_stand(optioned):
    with pytest.raises(ConflictError, match="onder de andere regel") as refused, session.begin_nested():
        change(optioned, short_harvest=ShortHarvest.PROPORTIONAL)
    assert refused.value.field == "short_harvest"
    change(optioned, price_eur=Decimal(12))
    stock.release(optioned.id, Decimal(10))
    change(optioned, short_harvest=ShortHarvest.PROPORTIONAL)
    assert optioned.short_harvest is ShortHarvest.PROPORTIONAL
    assert told(optioned, "listing.changed")[0]["short_harvest_to"] == "proportional"


def test_what_is_in_stock_keeps_the_rule_it_had(context):
    listing = post(terms=offer(stage=Stage.EXPECTED, short_harvest=ShortHarvest.PROPORTIONAL))
    change(listing, stage=Stage.IN_STOCK)
    assert listing.short_harvest is ShortHarvest.PROPORTIONAL


def test_with_options_a_lot_comes_into_stock_by_a_count_alone(optioned):
    with pytest.raises(ConflictError, match="Tel de oogst") as refused, session.begin_nested():
        change(optioned, stage=Stage.IN_STOCK)
    assert refused.value.field == "stage"
    stock.release(optioned.id, Decimal(10))
    change(optioned, stage=Stage.IN_STOCK)
    assert optioned.stage is Stage.IN_STOCK


def test_what_was_reserved_from_stock_does_not_go_back_into_the_building(context):
    listing = post()
    change(listing)
    change(listing, stage=Stage.IN_STOCK)
    stock.hold(listing.id, Decimal(1))
    with pytest.raises(ConflictError, match="terug het gebouw in"), session.begin_nested():
        change(listing)
    assert listing.stage is Stage.IN_STOCK
