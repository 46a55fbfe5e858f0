"""Offers of a harvest that was estimated: what becomes of the range, from the first draft to the count."""

from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings import actions, queries, stock
from marketplace.listings.expecting import Line, Terms, expect, items_after
from marketplace.listings.lineage import split_lot
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.listings.offers import Estimate
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import Passport
from marketplace.passports.queries import latest_claims
from marketplace.passports.taking import Act
from marketplace.projects.buildings import BuildingType
from marketplace.projects.estimating import basis_of, estimate
from marketplace.projects.models import ProjectKind
from marketplace.reservations import harvest
from tests.factories import by, make_listing, make_project
from tests.listings.offering import NOWHERE, facts, offer, post
from tests.sealing import SEAL


@pytest.fixture
def project(context):
    return make_project(
        kind=ProjectKind.DEMOLITION,
        building_type=BuildingType.TERRACED_HOUSE,
        floor_area_m2=1000,
        dwellings=10,
        building_year=1965,
    )


def owner_of(project):
    return session.get_one(Organisation, project.organisation_id)


def act():
    return Act(by(), SEAL)


def items(project):
    return {item.key: item for item in estimate(project.building)}


def expected(project, *lines, publish=True):
    return expect(
        project=project,
        lines=lines,
        terms=Terms(basis_of(project.building)),
        publish=publish,
        by=by(),
        uploads=NOWHERE,
        seal=SEAL,
    )


def radiators(project, amount=40, price=Decimal(18)):
    (listing,) = expected(project, Line(items(project)["radiator"], Decimal(amount), price))
    return listing


def amount_claimed(listing):
    return next((claim for claim in latest_claims(listing.passport_id) if claim.key == "amount"), None)


def test_becomes_an_offer_of_what_is_still_in_the_building_with_its_range(project):
    listing = radiators(project)
    assert (listing.status, listing.stage, listing.total) == (ListingStatus.PUBLISHED, Stage.EXPECTED, 40)
    assert listing.estimated == (30, 70)
    assert (listing.place, listing.available_from) == (project.place, project.starts_on)
    posted = journal.history(listing.subject)[-1].told
    assert (posted["estimate_low"], posted["estimate_high"]) == ("30", "70")


def test_how_it_was_estimated_is_declared_and_no_more(project):
    claim = amount_claimed(radiators(project))
    assert (claim.value, claim.level) == ("30 tot 70 st", EvidenceLevel.DECLARED)
    assert claim.source == "schatting met vuistregels, niet opgenomen in het gebouw"
    assert claim.method == "rijwoningen, 1.000 m² bvo, 10 woningen, bouwjaar 1965"


def test_that_it_was_not_counted_or_measured_is_said_until_it_is_and_no_longer(project):
    (doors,) = expected(project, Line(items(project)["door_interior"], Decimal(40), Decimal(10)))
    assert amount_claimed(doors).source.endswith("niet opgenomen in het gebouw, maten aangenomen")
    assert doors.passport.description == ""
    harvest.count(doors, Decimal(45), act())
    assert "aangenomen" not in amount_claimed(doors).source


def test_what_may_hold_a_hazard_or_has_no_price_stays_a_draft(project):
    known = items(project)
    lines = [
        Line(known["door_interior"], Decimal(40), Decimal(10)),
        Line(known["radiator"], Decimal(30)),
        Line(known["toilet"], Decimal(8), Decimal(0)),
    ]
    doors, radiator, toilets = expected(project, *lines)
    assert (doors.status, radiator.status) == (ListingStatus.DRAFT, ListingStatus.DRAFT)
    assert (doors.price_open, radiator.price_open, toilets.price_open) == (False, True, False)
    assert (toilets.status, toilets.price_eur) == (ListingStatus.PUBLISHED, 0)
    assert [lot.passport.category for lot in queries.drafts_of_project(project.id, project.organisation_id)] == [
        "door_interior",
        "radiator",
    ]


def test_without_a_price_it_cannot_be_published_and_a_price_is_told(project):
    (radiator,) = expected(project, Line(items(project)["radiator"], Decimal(30)))
    with pytest.raises(InvalidInputError) as refused:
        actions.publish(radiator, by(), seal=SEAL)
    assert refused.value.field == "price_eur"
    terms = offer(price_eur=Decimal(0), project_id=project.id, stage=Stage.EXPECTED)
    stated = facts(category="radiator", quantity=Quantity(Decimal(30), Unit.PIECE))
    actions.change(radiator, terms, stated, by(), seal=SEAL)
    told = journal.history(radiator.subject)[0].told
    assert (told["price_eur_from"], told["price_eur_to"]) == (None, "0")
    actions.publish(radiator, by(), seal=SEAL)


def test_every_kind_of_the_table_can_be_offered_out_of_a_building_in_which_nothing_is_suspected(context):
    for kind in BuildingType:
        new = make_project(
            kind=ProjectKind.DEMOLITION, building_type=kind, floor_area_m2=2000, dwellings=20, building_year=2020
        )
        lines = [Line(item, item.low, Decimal(1)) for item in estimate(new.building)]
        assert {lot.status for lot in expected(new, *lines)} == {ListingStatus.PUBLISHED}


@pytest.mark.parametrize("amount", [29, 71])
def test_an_amount_outside_its_range_is_refused_at_its_line_and_nothing_is_kept(project, amount):
    known = items(project)
    lines = [Line(known["toilet"], Decimal(8), Decimal(0)), Line(known["radiator"], Decimal(amount), Decimal(0))]
    with pytest.raises(InvalidInputError, match="van 30 st tot 70 st") as refused:
        expected(project, *lines)
    assert refused.value.field == "amount_radiator"
    assert not queries.of_project(project.id)


def test_nothing_chosen_is_refused(project):
    with pytest.raises(InvalidInputError, match="ten minste één"):
        expected(project)


def test_the_count_takes_the_place_of_the_range(project):
    listing = radiators(project)
    with pytest.raises(InvalidInputError, match="was een schatting") as refused:
        harvest.count(listing, None, act())
    assert refused.value.field == "counted"
    harvest.count(listing, Decimal(55), act())
    assert (listing.stage, listing.total, listing.estimated) == (Stage.IN_STOCK, 55, None)
    assert (listing.estimate_low, listing.estimate_high) == (None, None)
    claim = amount_claimed(listing)
    assert (claim.value, claim.level) == ("55 st", EvidenceLevel.MEASURED)
    assert session.get_one(Passport, listing.passport_id).quantity == 55


@pytest.mark.parametrize("counted", [40, 12, 0])
def test_the_signed_passport_says_what_was_counted(project, counted):
    listing = radiators(project)
    harvest.count(listing, Decimal(counted), act())
    versions = [each for each in journal.history(listing.passport.subject) if each.action == "passport.version_signed"]
    assert len(versions) == (1 if counted == 0 else 2)
    assert amount_claimed(listing).value == (f"{counted} st" if counted else "30 tot 70 st")


def test_what_was_written_off_meanwhile_no_longer_comes(project):
    listing = radiators(project)
    stock.write_off(listing.id, Decimal(5))
    assert listing.estimated == (25, 65)


def test_an_estimate_is_not_split(project):
    with pytest.raises(ConflictError, match="nog een schatting"):
        split_lot(radiators(project), Decimal(5), act())


def test_its_owner_narrows_the_range_or_states_a_number(project):
    listing = radiators(project)
    owner = listing.organisation.name
    terms = {"stage": Stage.EXPECTED, "project_id": project.id}
    narrow = offer(**terms, estimate=Estimate(Decimal(45), Decimal(50)))
    fifty = {"category": "radiator", "quantity": Quantity(Decimal(48), Unit.PIECE), "building_year": 1965}
    actions.change(listing, narrow, facts(**fifty), by(), seal=SEAL)
    assert listing.estimated == (45, 50)
    assert (amount_claimed(listing).value, amount_claimed(listing).source) == ("45 tot 50 st", owner)
    actions.change(listing, offer(**terms), facts(**fifty), by(), seal=SEAL)
    assert listing.estimated is None
    assert amount_claimed(listing).value == "48 st"
    told = journal.history(listing.subject)[0].told
    assert (told["estimate_low_from"], told["estimate_low_to"]) == ("45", None)


@pytest.mark.parametrize(
    ("low", "high", "field"), [(0, 50, "estimate_low"), (50, 41, "estimate_high"), (41, 50, "quantity")]
)
def test_a_range_that_is_none_is_refused_at_its_field(context, low, high, field):
    estimated = Estimate(Decimal(low), Decimal(high))
    with pytest.raises(InvalidInputError) as refused:
        post(terms=offer(stage=Stage.EXPECTED, estimate=estimated))
    assert refused.value.field == field


def test_what_is_in_stock_has_no_range(context):
    listing = post(terms=offer(estimate=Estimate(Decimal(30), Decimal(50))))
    assert (listing.estimate_low, listing.estimated, amount_claimed(listing)) == (None, None, None)


@pytest.mark.parametrize(
    "wrong", [{"estimate_high": None}, {"estimate_low": Decimal(80)}, {"estimate_low": Decimal(0)}]
)
def test_the_database_refuses_half_a_range_and_one_that_is_none(project, wrong):
    listing = radiators(project)
    with pytest.raises(IntegrityError, match="ck_listing_estimate"), session.begin_nested():
        session.execute(update(Listing).where(Listing.id == listing.id).values(**wrong))


class TestAfterAnother:
    def copied(self, template, project):
        lots = queries.lots_to_copy(template.id, project.organisation_id)
        return items_after(lots, template=template, project=project)

    def test_scales_what_was_counted_there_and_leaves_out_what_never_came(self, project):
        template = make_project(kind=ProjectKind.DEMOLITION, floor_area_m2=500)
        doors = make_listing(owner_of(template), total=40, written_off=10, project_id=template.id)
        doors.passport.mass_is_estimate = False
        make_listing(owner_of(template), total=9, written_off=9, project_id=template.id, stage=Stage.GONE)
        (doors,) = self.copied(template, project)
        assert (doors.category, doors.low, doors.high) == ("door_interior", 48, 72)
        assert (doors.length_mm, doors.kg_per_unit) == (2115, 20)

    def test_widens_what_was_an_estimate_there(self, project):
        other = make_project(owner_of(project), kind=ProjectKind.DEMOLITION, floor_area_m2=1000)
        radiators(project)
        (item,) = self.copied(project, other)
        assert (item.low, item.high) == (24, 84)

    def test_takes_drafts_only_of_ones_own(self, project):
        stranger = make_project(kind=ProjectKind.DEMOLITION, floor_area_m2=1000)
        radiators(project, price=None)
        assert self.copied(project, stranger) == []
        mine = make_project(owner_of(project), floor_area_m2=1000)
        assert len(self.copied(project, mine)) == 1

    def test_offers_ones_own_buildings_first_and_the_examples_and_no_others(self, project):
        def building(name, owner=None, **more):
            made = make_project(owner, name=name, **{"kind": ProjectKind.DEMOLITION, "floor_area_m2": 500} | more)
            make_listing(owner_of(made), project_id=made.id)
            return made

        own = owner_of(project)
        building("B eigen", own)
        building("A voorbeeld", is_example=True)
        building("C vreemd")
        building("D onbekend oppervlak", own, floor_area_m2=None)
        building("E nieuwbouw", own, kind=ProjectKind.CONSTRUCTION)
        make_project(own, name="F leeg", kind=ProjectKind.DEMOLITION, floor_area_m2=500)
        assert [found.name for found in queries.templates_for(project)] == ["B eigen", "A voorbeeld"]
