"""What fits a need, read from the database: units, sizes, hazards, hubs, budgets, and near misses by how much."""

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.accounts.models import OrganisationKind
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus, Stage
from marketplace.matching import answering
from marketplace.matching.avoided import avoided
from marketplace.matching.conversion import hazard_of, lot_of, need_of, week_of
from marketplace.matching.queries import (
    Fit,
    NearMiss,
    fits_for_need,
    fits_for_needs,
    needs_for_listing,
    reserved_for,
)
from marketplace.matching.rules import Rule
from marketplace.materials.dimensions import Dimensions
from marketplace.materials.hazards import relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports.gate import HazardStatus
from marketplace.projects.models import Grade
from marketplace.reservations.states import State
from tests import factories
from tests.factories import (
    by,
    make_finding,
    make_hub,
    make_organisation,
    make_passport,
    make_project,
)

pytestmark = pytest.mark.usefixtures("context")

BEAM = {"category": "timber_joist", "length_mm": 5400, "width_mm": 75, "height_mm": 200, "building_year": 2010}
WANTED_BEAM = {"category": "timber_joist", "title": "Balken", "length_min": 2600, "length_max": 2700}


def make_listing(*arguments, **overrides):
    """Add an offer of which the findings are loaded, as every query of offers does."""
    listing = factories.make_listing(*arguments, **overrides)
    session.refresh(listing.passport, ["hazards"])
    return listing


def make_need(project=None, **overrides):
    """Add a need whose project is loaded, as every query of needs does."""
    need = factories.make_need(project, **overrides)
    session.refresh(need, ["project"])
    return need


def make_beams(total=10, **overrides):
    return make_listing(total=total, **{**BEAM, **overrides})


def make_reservation(listing, need, quantity, **overrides):
    """Keep part of a listing for a need; both are rows of the test, so only the reservation is added."""
    reservation = factories.make_reservation(
        listing, need.project.organisation_id, quantity, need_id=need.id, **overrides
    )
    listing.available -= Decimal(quantity)
    listing.held += Decimal(quantity)
    session.add(reservation)
    session.flush()


def the_match(need, **options):
    """Return the one lot that fits; nothing else may, not even nearly."""
    fits = fits_for_need(need, **options)
    assert (len(fits.matches), fits.near_misses) == (1, [])
    return fits.matches[0]


def the_near_miss(need, **options):
    """Return the one breach that keeps the one lot from fitting."""
    fits = fits_for_need(need, **options)
    assert (fits.matches, len(fits.near_misses)) == ([], 1)
    return fits.near_misses[0].breach


def nothing(need, **options):
    fits = fits_for_need(need, **options)
    return fits.matches == fits.near_misses == []


class TestUnits:
    def test_the_same_unit_needs_no_mass(self):
        make_listing(total=12, price_eur=Decimal("15.00"))
        fit = the_match(make_need(quantity=Decimal(10)))
        assert (fit.quantity, fit.take) == (10, 10)
        assert fit.terms.price == -150

    def test_boards_that_are_counted_in_pieces_cover_square_metres(self):
        make_listing(
            category="plywood", total=10, unit=Unit.PIECE, length_mm=2440, width_mm=1220, height_mm=18,
            building_year=2015, kg_per_unit=Decimal("28.500"),
        )  # fmt: skip
        fit = the_match(make_need(category="plywood", unit=Unit.M2, quantity=Decimal(20), min_batch=Decimal(1)))
        assert fit.quantity == 20
        assert fit.take == 7  # of 2.9768 m2 each: six would be 17.9 m2

    def test_never_more_square_metres_are_promised_than_there_are_boards(self):
        make_listing(
            category="plywood", total=3, unit=Unit.PIECE, length_mm=2440, width_mm=1220, height_mm=18,
            building_year=2015, kg_per_unit=Decimal("28.500"),
        )  # fmt: skip
        fit = the_match(make_need(category="plywood", unit=Unit.M2, quantity=Decimal(20)))
        assert (fit.quantity, fit.take) == (Decimal("8.930"), 3)

    def test_metres_cover_whole_pieces_only(self):
        make_beams(total=55, unit=Unit.M, length_mm=3000)
        fit = the_match(make_need(category="timber_joist", length_min=3000, quantity=Decimal(40)))
        assert (fit.quantity, fit.take) == (18, 54)

    def test_thirds_of_a_piece_make_a_whole_one(self):
        listing = make_beams(total=30, unit=Unit.M, length_mm=3000)
        fit = the_match(make_need(category="timber_joist", length_min=3000, quantity=Decimal(40)))
        assert (fit.quantity, fit.take, lot_of(listing).quantity) == (10, 30, 30)

    def test_an_amount_that_cannot_be_converted_is_no_candidate(self):
        make_listing(category="radiator", length_mm=None, width_mm=None, height_mm=None, building_year=2015)
        assert nothing(make_need(category="radiator", unit=Unit.M))


class TestSizes:
    def test_a_longer_beam_is_cut_into_as_many_as_it_yields(self):
        make_beams(total=10)
        fit = the_match(make_need(**WANTED_BEAM, quantity=Decimal(15)))
        assert fit.route.cuts == 2
        assert (fit.quantity, fit.take) == (15, 8)

    def test_a_beam_that_yields_one_is_shortened(self):
        make_beams(total=10, length_mm=2900)
        fit = the_match(make_need(**WANTED_BEAM))
        assert (fit.route.cuts, fit.quantity) == (1, 10)

    def test_a_beam_that_is_too_short_nearly_fits(self):
        make_beams(length_mm=2595)
        breach = the_near_miss(make_need(**WANTED_BEAM))
        assert (breach.rule, breach.margin, breach.slot) == (Rule.TOO_SHORT, 5, 0)

    def test_a_door_may_not_be_longer(self):
        make_listing(length_mm=2130)
        breach = the_near_miss(make_need(length_min=2110, length_max=2120))
        assert (breach.rule, breach.margin) == (Rule.TOO_LONG, 10)

    @pytest.mark.parametrize(("height", "fits"), [(2105, True), (2125, True), (2104, False), (2126, False)])
    def test_one_number_is_the_wanted_size_with_the_tolerance_of_its_kind(self, height, fits):
        make_listing(length_mm=height)
        assert bool(fits_for_need(make_need(length_min=2115)).matches) is fits

    @pytest.mark.parametrize(("width", "fits"), [(1220, True), (2500, True), (1219, False)])
    def test_a_larger_sheet_will_do_where_one_width_is_asked(self, width, fits):
        make_listing(category="plywood", length_mm=2440, width_mm=width, height_mm=18, building_year=2015)
        assert bool(fits_for_need(make_need(category="plywood", width_min=1220)).matches) is fits

    def test_two_ends_are_a_window_without_further_tolerance(self):
        make_listing(width_mm=936)
        breach = the_near_miss(make_need(width_min=825, width_max=935))
        assert (breach.rule, breach.margin, breach.slot) == (Rule.TOO_LONG, 1, 1)

    def test_a_size_that_is_not_asked_need_not_be_known(self):
        make_listing(length_mm=None)
        assert the_match(make_need(width_min=930)).quantity == 20

    def test_sizes_that_are_asked_and_unknown_are_one_lack(self):
        make_listing(length_mm=None, width_mm=None)
        assert the_near_miss(make_need(length_min=2115, width_min=930)).rule is Rule.UNMEASURED

    def test_a_lot_without_any_size_lacks_them(self):
        make_listing(length_mm=None, width_mm=None, height_mm=None)
        assert the_near_miss(make_need(length_min=2115)).rule is Rule.UNMEASURED

    @pytest.mark.parametrize(("height", "is_near"), [(2258, False), (2259, True)])
    def test_what_must_be_equal_is_near_by_two_percent_at_most(self, height, is_near):
        make_listing(length_mm=height)
        need = make_need(length_min=2315)
        if is_near:
            assert the_near_miss(need).rule is Rule.TOO_SHORT
        else:
            assert nothing(need)

    def test_what_may_be_larger_or_is_cut_is_near_by_a_tenth(self):
        make_beams(length_mm=2345)
        assert the_near_miss(make_need(**WANTED_BEAM)).margin == 255

    def test_a_need_without_a_budget_has_no_limit(self):
        make_listing(price_eur=Decimal("200.00"))
        need = make_need(new_eur=Decimal("95.00"))
        assert the_match(need, sees_budget=True).value < 0

    def test_a_size_that_is_far_off_is_no_near_miss(self):
        make_listing(length_mm=1500)
        assert nothing(make_need(length_min=2115))


class TestHazards:
    def test_unknown_is_not_clean(self):
        listing = make_listing(building_year=1978)
        assert hazard_of(listing.passport) == "untested"
        assert the_near_miss(make_need(accepts_untested=False)).rule is Rule.UNTESTED

    def test_an_unknown_hazard_suits_who_accepts_it(self):
        make_listing(building_year=1978)
        assert the_match(make_need(accepts_untested=True)).quantity == 20

    def test_what_was_found_is_never_offered_as_nearly_fitting(self):
        listing = make_listing()
        make_finding(listing.passport, hazard="lead", status=HazardStatus.PRESENT)
        session.refresh(listing.passport, ["hazards"])
        assert nothing(make_need(accepts_untested=True))

    @pytest.mark.parametrize("status", [HazardStatus.ABSENT_DECLARED, HazardStatus.ABSENT_TESTED])
    def test_a_statement_on_every_relevant_hazard_makes_it_clean(self, status):
        passport = make_passport(building_year=1978)
        listing = make_listing(passport=passport)
        assert lot_of(listing).hazard == "untested"
        for hazard in relevant_hazards(get_category("door_interior"), 1978):
            make_finding(passport, hazard=hazard, status=status)
        session.refresh(passport, ["hazards"])
        assert lot_of(listing).hazard == "clean"


class TestTimeAndPlace:
    def test_too_late_is_told_in_weeks(self):
        project = make_project()
        make_listing(available_from=project.ends_on + timedelta(weeks=2), stage=Stage.EXPECTED)
        need = make_need(project)
        breach = the_near_miss(need)
        assert (breach.rule, breach.margin) == (Rule.TOO_LATE, 2)

    def test_a_shared_week_is_in_time(self):
        monday = clock.today() + timedelta(days=28 - clock.today().weekday())
        make_listing(available_from=monday + timedelta(days=4), stage=Stage.EXPECTED)
        need = make_need(wanted_from=clock.today(), wanted_until=monday)
        assert week_of(monday) == week_of(monday + timedelta(days=6))
        assert the_match(need).hub is None

    def test_what_must_leave_before_it_is_needed_waits_in_a_hub(self):
        hub = make_hub(at="Hoogeveen")
        leaves = clock.today() + timedelta(days=10)
        make_listing(available_until=leaves)
        need = make_need(wanted_from=leaves + timedelta(weeks=4), wanted_until=leaves + timedelta(weeks=9))
        fit = the_match(need)
        assert (fit.hub, fit.route.storage_weeks) == (hub, 4)
        assert fit.terms.storage < 0

    def test_without_a_hub_it_nearly_fits(self):
        leaves = clock.today() + timedelta(days=10)
        make_listing(available_until=leaves)
        need = make_need(wanted_from=leaves + timedelta(weeks=4), wanted_until=leaves + timedelta(weeks=9))
        breach = the_near_miss(need)
        assert (breach.rule, breach.margin) == (Rule.NEEDS_HUB, 4)

    def test_too_far_is_told_in_kilometres_by_road(self):
        listing = make_listing(at="Hoogeveen")
        need = make_need(make_project(at="Assen"), max_km=30)
        road_km = listing.point.road_km_to(need.project.point)
        breach = the_near_miss(need)
        assert breach.rule is Rule.DISTANCE
        assert breach.margin == pytest.approx(road_km - 30)
        assert 0 < breach.margin < 15

    def test_what_is_far_away_is_not_looked_at(self):
        make_listing(at="Maastricht")
        assert nothing(make_need())


class TestTerms:
    def test_a_grade_too_low_is_told(self):
        make_listing(grade=Grade.C)
        breach = the_near_miss(make_need(grade=Grade.B))
        assert (breach.rule, breach.margin) == (Rule.GRADE, 1)

    def test_a_budget_is_a_rule_for_its_owner_alone(self):
        make_listing(price_eur=Decimal("30.00"))
        need = make_need(max_price=Decimal("25.00"))
        assert the_match(need).listing.price_eur == 30
        breach = the_near_miss(need, sees_budget=True)
        assert (breach.rule, breach.margin) == (Rule.PRICE, 5)

    def test_a_lot_that_nearly_fits_does_so_to_others_whatever_the_budget(self):
        make_listing(price_eur=Decimal("30.00"), grade=Grade.D)
        need = make_need(max_price=Decimal("25.00"))
        assert the_near_miss(need).rule is Rule.GRADE
        assert [miss.breach.rule for miss in fits_for_needs([need])[need.id].near_misses] == [Rule.GRADE]
        assert fits_for_needs([need])[need.id].near_misses[0].mends, "and what mends it is told all the same"
        assert fits_for_needs([need], budgets_of=[need.project.organisation_id])[need.id].near_misses == []

    def test_the_terms_add_up_to_the_value_to_the_cent(self):
        make_listing(at="Hoogeveen", price_eur=Decimal("15.33"))
        fit = the_match(make_need(make_project(at="Assen"), quantity=Decimal(7)))
        terms = fit.terms
        parts = [terms.new, terms.mki, terms.price, terms.transport, terms.storage, terms.trips]
        assert round(sum(parts), 2) == fit.value
        # The cent that rounding leaves over goes to the largest part.
        assert terms.new == pytest.approx(7 * 95, abs=0.02)
        assert (terms.price, terms.trips) == (pytest.approx(-7 * 15.33), -95)
        assert terms.transport < 0

    def test_the_best_comes_first(self):
        dear = make_listing(price_eur=Decimal("40.00"))
        cheap = make_listing(price_eur=Decimal("5.00"))
        fits = fits_for_need(make_need())
        assert [fit.listing for fit in fits.matches] == [cheap, dear]

    @pytest.mark.parametrize(
        "overrides", [{"status": ListingStatus.DRAFT}, {"stage": Stage.GONE}, {"available": 0, "held": 40}]
    )
    def test_what_nobody_can_reserve_fits_nothing(self, overrides):
        make_listing(**overrides)
        assert nothing(make_need())

    def test_the_own_organisation_may_use_its_own_stock(self):
        owner = make_organisation(kind=OrganisationKind.BUILDER)
        make_listing(owner)
        assert the_match(make_need(make_project(owner))).quantity == 20

    def test_a_substitute_will_do(self):
        make_listing(category="door_fire")
        assert nothing(make_need())
        assert the_match(make_need(substitutes=["door_fire"])).quantity == 20


class TestReserved:
    def test_what_is_reserved_is_taken_off(self):
        listing, need = make_listing(total=40), make_need(quantity=Decimal(20))
        make_reservation(listing, need, 8, state=State.CONFIRMED)
        fits = fits_for_need(need)
        assert (fits.covered, fits.remaining, fits.matches[0].quantity) == (8, 12, 12)

    def test_a_declined_reservation_counts_for_nothing(self):
        listing, need = make_listing(total=40), make_need(quantity=Decimal(20))
        make_reservation(listing, need, 8, state=State.DECLINED)
        assert reserved_for([need]) == {need.id: 0}

    def test_a_beam_that_is_cut_counts_for_what_it_yields(self):
        listing, need = make_beams(), make_need(**WANTED_BEAM, quantity=Decimal(20))
        make_reservation(listing, need, 3)
        assert reserved_for([need]) == {need.id: 6}

    def test_a_need_that_is_met_asks_for_nothing(self):
        listing, need = make_listing(total=40), make_need(quantity=Decimal(20))
        make_reservation(listing, need, 20)
        assert fits_for_need(need).matches == []
        assert needs_for_listing(listing) == []


class TestNeedsOfAListing:
    def test_it_fits_some_nearly_fits_others_and_the_rest_are_left_out(self):
        listing = make_listing(length_mm=2115)
        fitting = make_need(length_min=2110, length_max=2120)
        nearly = make_need(length_min=2120, length_max=2130)
        make_need(category="toilet")
        make_need(wanted_from=clock.today() - timedelta(days=9), wanted_until=clock.today() - timedelta(days=1))
        found = needs_for_listing(listing)
        assert [(type(one), one.need) for one in found] == [(Fit, fitting), (NearMiss, nearly)]
        assert found[1].breach.margin == 5

    def test_it_is_found_as_a_substitute_and_not_for_a_name_that_looks_like_it(self):
        listing = make_listing(category="door_fire")
        wanted = make_need(substitutes=["door_fire"])
        make_need(substitutes=["doorXfire"])
        assert [fit.need for fit in needs_for_listing(listing)] == [wanted]

    @pytest.mark.parametrize("price", ["24.99", "25.01", "60.00"])
    def test_no_price_tells_others_what_a_budget_is(self, price):
        """A need with a budget is to others, at every price, what the same need without one is."""
        listing, need = make_listing(price_eur=Decimal(price)), make_need(max_price=Decimal("25.00"))

        def told(*organisations):
            found = needs_for_listing(listing, organisations=organisations)
            return [(type(one), getattr(one, "value", None)) for one in found]

        strange, own = told(make_organisation().id), told(need.project.organisation_id)
        need.max_price = None
        assert strange == told()
        assert strange[0][0] is Fit
        assert (strange == own) == (price == "24.99"), "its own organisation is told"

    def test_a_pair_that_was_dismissed_is_not_told_again(self):
        listing, need = make_listing(), make_need()
        near, other = make_listing(grade=Grade.D), make_need()
        for lot in (listing, near):
            answering.dismiss(need, lot, "past niet in de gevel", by(), clock.now())
        session.flush()
        assert nothing(need)
        assert fits_for_needs([need])[need.id].near_misses == []
        assert [one.need for one in needs_for_listing(listing)] == [other]


class TestStatements:
    def test_what_fits_a_need_takes_as_many_for_one_lot_as_for_many(self, statements):
        make_hub()
        need = make_need()
        counts = []
        for _ in range(2):
            for _ in range(3):
                make_finding(make_listing().passport, hazard="lead", status=HazardStatus.ABSENT_TESTED)
            statements.clear()
            fits_for_need(need)
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 8

    def test_the_needs_of_a_listing_take_five(self, statements):
        make_hub()
        listing = make_listing()
        for _ in range(5):
            make_need()
        statements.clear()
        assert len(needs_for_listing(listing)) == 5
        assert len(statements) <= 5


class TestAvoided:
    def test_a_declared_mki_goes_before_priced_co2(self):
        found = avoided("hollowcore_slab", Unit.M2, Dimensions(height=Decimal(200)))
        assert (found.eur, found.mki.per, found.gwp) == (Decimal("2.87"), Unit.M2, None)

    def test_without_one_the_co2_is_priced(self):
        found = avoided("brick_waal", Unit.PIECE, Dimensions())
        assert found.mki is None
        assert found.eur == pytest.approx(Decimal("0.251") * Decimal("1.8") * Decimal("0.13"))

    def test_without_any_figure_nothing_is_claimed(self):
        found = avoided("asphalt_granulate", Unit.T, Dimensions())
        assert (found.eur, found.mki, found.gwp) == (0, None, None)

    def test_it_counts_for_one_unit_of_the_need(self):
        need = make_need(category="hollowcore_slab", length_min=5400, width_min=1200, height_min=200)
        assert need_of(need).mki_eur == pytest.approx(2.87 * 5.4 * 1.2)
