"""What a chosen amount of a lot brings and costs, and how far a basket has come, in the unit of the need."""

from decimal import Decimal

from marketplace.kit.quantities import Unit
from marketplace.matching.filling import Share, progress, share_of, total_of
from marketplace.matching.queries import fits_for_need, reserved_for
from marketplace.matching.rates import Rates, rates_for, set_rates
from marketplace.projects.queries import get_need
from marketplace.reservations import actions
from marketplace.reservations.baskets import hold_all
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.queries import get_basket, of_basket
from tests.factories import by, make_listing, make_need, make_organisation
from tests.reservations.asking import AT
from tests.reservations.fetching import hand_over

BOARD = {"category": "plywood", "length_mm": 2440, "width_mm": 1220, "height_mm": 18}


def filled(need, *lines):
    """Hold these (listing, amount) for a need, and return the basket."""
    buyer = need.project.organisation
    asked = [(listing.id, Decimal(amount)) for listing, amount in lines]
    made = hold_all(lines=asked, purpose=Purpose(buyer, need.project_id, need.id), by=by(), at=AT)
    return get_basket(made.reference)


def make_wish(**overrides):
    return get_need(make_need(**overrides).reference)


def test_each_part_counts_in_the_unit_of_the_need(context):
    need = make_wish(category="plywood", unit=Unit.M2, quantity=Decimal(60))
    boards = [make_listing(total=10, **BOARD) for _ in range(4)]
    basket = filled(need, *[(lot, 2) for lot in boards])
    rows = of_basket(basket.id)
    for row in rows[:2]:
        actions.confirm(row, by=by(), at=AT)
    hand_over(rows[0], at=AT)
    actions.decline(rows[3], reason="Vol", by=by(), at=AT)
    so_far = progress(basket)
    two = Decimal("5.954")  # 2 × 2.44 m × 1.22 m
    assert (so_far.fetched, so_far.confirmed, so_far.waiting, so_far.fell_away) == (two, two, two, two)
    assert so_far.asked == 4 * two
    assert reserved_for([need])[need.id] == 3 * two


def test_what_was_fetched_before_the_rest_was_given_up_still_fills_the_need(context):
    need = make_wish(quantity=Decimal(20))
    basket = filled(need, (make_listing(total=12), 12))
    row: Reservation = of_basket(basket.id)[0]
    actions.confirm(row, by=by(), at=AT)
    row.held, row.handed_over = Decimal(7), Decimal(5)
    row.listing.held, row.listing.handed_over = Decimal(7), Decimal(5)
    actions.cancel(row, by=by(), at=AT)
    assert reserved_for([need])[need.id] == 5
    so_far = progress(basket)
    assert (so_far.fetched, so_far.confirmed, so_far.fell_away) == (5, 0, 7)


def test_a_basket_for_no_need_has_no_progress(context):
    buyer = make_organisation()
    made = hold_all(lines=[(make_listing().id, Decimal(1))], purpose=Purpose(buyer), by=by(), at=AT)
    assert progress(get_basket(made.reference)) is None


def test_the_costs_of_an_amount_are_its_price_and_the_way_that_the_match_goes(context):
    need = make_wish(quantity=Decimal(20))
    listing = make_listing(total=40, price_eur=Decimal("12.50"))
    fit = fits_for_need(need).matches[0]
    share = share_of(listing, need, Decimal(8), fit, None)
    assert (share.quantity, share.price) == (8, Decimal("100.00"))
    trip = Decimal(95)
    assert trip < share.transport < trip + 8 * Decimal("0.020") * 60 * Decimal("0.12") * 2
    assert share.cost == share.price + share.transport
    assert share_of(listing, need, Decimal(8), None, None).transport == 0


def test_a_basket_counts_with_the_saw_of_who_plans_the_need(context):
    need = make_wish(category="timber_joist", length_min=1997, quantity=Decimal(20), max_km=60)
    listing = make_listing(total=40, category="timber_joist", length_mm=4000, building_year=2015)
    planner = need.project.organisation
    usual = fits_for_need(need).matches[0].route.cuts
    set_rates(planner, Rates(kerf_mm=50), by())
    made = hold_all(
        lines=[(listing.id, Decimal(6))], purpose=Purpose(planner, need.project_id, need.id), by=by(), at=AT
    )
    own = rates_for([need])[need.id]
    assert (usual, fits_for_need(need).matches[0].route.cuts) == (2, 1)
    assert progress(get_basket(made.reference)).asked == reserved_for([need])[need.id] == 6
    assert share_of(listing, need, Decimal(6), None, own).quantity == 6


def test_shares_add_up(context):
    one, other = Share(Decimal(12), Decimal(120), Decimal(95)), Share(Decimal(8), Decimal(160), Decimal(100))
    assert total_of([one, other]) == Share(Decimal(20), Decimal(280), Decimal(195))
    assert total_of([]) == Share(Decimal(0), Decimal(0), Decimal(0))


def test_lots_of_some_owners_can_be_left_out(context):
    need = make_wish(quantity=Decimal(20))
    own, other = make_listing(need.project.organisation), make_listing()
    assert {fit.listing.id for fit in fits_for_need(need).matches} == {own.id, other.id}
    fits = fits_for_need(need, without=[need.project.organisation_id])
    assert {fit.listing.id for fit in fits.matches} == {other.id}
