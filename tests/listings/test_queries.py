"""The catalogue: windows of size, place, time and terms, with what lies just outside each."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.kit import clock
from marketplace.kit.errors import NotFoundError
from marketplace.kit.quantities import Unit
from marketplace.listings import catalogue, queries
from marketplace.listings.criteria import Criteria, Sort, Window
from marketplace.listings.models import ListingStatus, Stage
from marketplace.projects.models import Grade
from tests.factories import make_finding, make_hub, make_listing, make_organisation, make_passport, place
from tests.listings.offering import in_days


def found(criteria: Criteria) -> set[str]:
    return {listing.passport.name for listing in catalogue.search(criteria).items}


def lots(column, *values, **more):
    for value in values:
        make_listing(name=str(value), **{column: value}, **more)


@pytest.mark.parametrize(
    ("window", "names"),
    [
        (Window(2100, 2115), {"2100", "2115"}),
        (Window(2101, 2114), set()),
        (Window(at_least=2115), {"2115", "2116"}),
        (Window(at_most=2100), {"2099", "2100"}),
        (Window(2115, 2115), {"2115"}),
        (Window(2117, 9999), set()),
        (Window(), {"2099", "2100", "2115", "2116", "None"}),
    ],
)
def test_a_size_lies_within_a_window_or_on_its_ends(context, window, names):
    lots("length_mm", 2099, 2100, 2115, 2116, None)
    assert found(Criteria(length=window)) == names


def test_every_size_has_a_window_of_its_own(context):
    make_listing(name="goed", length_mm=2115, width_mm=930, height_mm=40)
    make_listing(name="gedraaid", length_mm=930, width_mm=2115, height_mm=40)
    make_listing(name="te dik", length_mm=2115, width_mm=930, height_mm=55)
    sizes = Criteria(length=Window(2115, 2115), width=Window(930, 930), height=Window(at_most=54))
    assert found(sizes) == {"goed"}


def test_longer_is_fine_only_for_what_may_be_cut_and_never_shorter(context):
    for category in ("timber_joist", "door_interior"):
        for length in (2999, 3000, 3001, 6000):
            make_listing(category=category, name=f"{category} {length}", length_mm=length)
    make_listing(category="timber_joist", name="onbekend", length_mm=None)
    asked = Criteria(length=Window(3000, 3000))
    exact = {"timber_joist 3000", "door_interior 3000"}
    assert found(asked) == exact
    assert found(replace(asked, longer_is_fine=True)) == exact | {"timber_joist 3001", "timber_joist 6000"}


def test_quantity_is_what_is_available_in_the_same_unit(context):
    make_listing(name="30 vrij", total=40, held=Decimal(10))
    make_listing(name="30 m2", total=30, unit=Unit.M2, category="floorboard")
    assert found(Criteria(quantity=Decimal(30))) == {"30 vrij", "30 m2"}
    assert found(Criteria(quantity=Decimal(30), unit=Unit.PIECE)) == {"30 vrij"}
    assert found(Criteria(quantity=Decimal("30.001"), unit=Unit.PIECE)) == set()


def test_it_must_be_free_in_the_days_between_which_it_is_wanted(context):
    make_listing(name="altijd", available_from=in_days(5))
    make_listing(name="even", available_from=in_days(5), available_until=in_days(10))
    assert found(Criteria(free_until=in_days(4))) == set()
    assert found(Criteria(free_until=in_days(5))) == {"altijd", "even"}
    assert found(Criteria(free_from=in_days(10))) == {"altijd", "even"}
    assert found(Criteria(free_from=in_days(11))) == {"altijd"}


def test_distance_is_a_circle_and_not_the_square_around_it(context):
    here = place("Hoogeveen").point
    for name, east, north in (("rand", 10.0, 0.0), ("net erbuiten", 10.01, 0.0), ("hoek", 8.0, 8.0)):
        make_listing(name=name, x_km=here.x_km + east, y_km=here.y_km + north)
    assert found(Criteria(near=here, within_km=10)) == {"rand"}
    assert found(Criteria(near=here, within_km=12)) == {"rand", "net erbuiten", "hoek"}


def test_terms_count_with_their_ends(context):
    hub = make_hub()
    make_listing(name="gratis", price_eur=Decimal(0), grade=Grade.D, hub_id=hub.id)
    make_listing(name="tien", price_eur=Decimal(10), grade=Grade.B, stage=Stage.EXPECTED)
    make_listing(name="duurder", price_eur=Decimal("10.01"), grade=Grade.C)
    assert found(Criteria(price_max=Decimal(10))) == {"gratis", "tien"}
    assert found(Criteria(free_of_charge=True)) == {"gratis"}
    assert found(Criteria(grade=Grade.B)) == {"tien"}
    assert found(Criteria(grade=Grade.C)) == {"tien", "duurder"}
    assert found(Criteria(stage=Stage.EXPECTED)) == {"tien"}
    assert found(Criteria(hub_id=hub.id)) == {"gratis"}


def test_evidence_leaves_out_the_unknown_and_what_was_not_seen_lately(context):
    now = clock.now()
    for name, status, days in (("bekend", "absent_tested", 3), ("onbekend", "unknown", 8)):
        passport = make_passport(name=name, last_seen_at=now - timedelta(days=days))
        make_finding(passport, status=status)
        make_listing(passport=passport)
    assert found(Criteria(hazards_known=True)) == {"bekend"}
    assert found(Criteria(seen_since=now - timedelta(days=7))) == {"bekend"}
    assert found(Criteria(seen_since=now - timedelta(days=9))) == {"bekend", "onbekend"}


def test_a_kind_a_shelf_and_an_owner(context):
    owner = make_organisation()
    make_listing(owner, name="deur", category="door_interior")
    make_listing(name="kozijn", category="window_pvc")
    make_listing(name="pan", category="roof_tile_concrete")
    assert found(Criteria(categories=("door_interior", "roof_tile_concrete"))) == {"deur", "pan"}
    assert found(Criteria(group="openings")) == {"deur", "kozijn"}
    assert found(Criteria(organisation_id=owner.id)) == {"deur"}


def test_only_what_can_be_reserved_today_is_in_the_catalogue(context):
    make_listing(name="laatste dag", available_until=clock.today())
    make_listing(name="voorbij", available_until=in_days(-1))
    make_listing(name="vol", held=Decimal(40))
    make_listing(name="concept", status=ListingStatus.DRAFT)
    make_listing(name="weg", stage=Stage.GONE)
    assert found(Criteria()) == {"laatste dag"}


def test_the_order_is_what_was_asked_for(context):
    here = place("Hoogeveen").point
    make_listing(name="ver", at="Assen", price_eur=Decimal(1), available_from=in_days(3))
    make_listing(name="dichtbij", price_eur=Decimal(2), available_from=in_days(9))
    make_listing(name="middel", at="Beilen", price_eur=Decimal(3), available_from=in_days(1))
    orders = {
        Sort.NEWEST: ["middel", "dichtbij", "ver"],
        Sort.PRICE: ["ver", "dichtbij", "middel"],
        Sort.DISTANCE: ["dichtbij", "middel", "ver"],
        Sort.FREE: ["middel", "ver", "dichtbij"],
    }
    for sort, names in orders.items():
        page = catalogue.search(Criteria(near=here, sort=sort))
        assert [listing.passport.name for listing in page.items] == names, sort


def test_pages_follow_each_other_without_gaps_and_end_at_the_last(context):
    same = clock.now()
    ids = {make_listing(published_at=same).id for _ in range(5)}
    pages = [catalogue.search(Criteria(), number, size=2) for number in (1, 2, 3, 9)]
    assert [len(page.items) for page in pages] == [2, 2, 1, 1]
    assert {listing.id for page in pages for listing in page.items} == ids
    assert (pages[3].page, pages[3].pages, pages[3].total) == (3, 3, 5)


def test_nothing_found_is_one_empty_page(context):
    make_listing()
    page = catalogue.search(Criteria(categories=("lift",)), 4)
    assert (page.items, page.total, page.page, page.pages) == ([], 0, 1, 1)


def test_the_tree_counts_what_the_other_criteria_leave_of_every_kind(context):
    make_listing(category="door_interior")
    make_listing(category="door_interior", price_eur=Decimal(900))
    make_listing(category="window_pvc")
    make_listing(category="sand", unit=Unit.T)
    counted = catalogue.facets(Criteria(categories=("sand",), price_max=Decimal(100)))
    assert counted.by_category == {"door_interior": 1, "window_pvc": 1, "sand": 1}
    assert counted.by_group == {"openings": 2, "bulk": 1}
    assert counted.total == 3


def test_a_page_of_the_catalogue_takes_few_statements_however_much_is_on_it(context, statements):
    for _ in range(3):
        make_finding(make_listing().passport)
    statements.clear()
    page = catalogue.search(Criteria(text="", near=place("Assen").point, within_km=100))
    catalogue.facets(Criteria())
    for listing in page.items:
        assert (listing.organisation.name, listing.passport.photos, len(listing.passport.hazards)) is not None
        assert listing.hub is None
    assert len(page.items) >= 3
    assert len(statements) <= 7


def test_an_offer_is_got_by_its_reference_in_any_case_with_all_that_its_page_shows(context):
    listing = make_listing()
    make_finding(listing.passport)
    queries.session.expire_all()
    shown = queries.get(f" {listing.reference.lower()} ")
    assert (shown.id, len(shown.passport.hazards)) == (listing.id, 1)
    assert (shown.passport.issuer.name, shown.hub, shown.project) == (shown.organisation.name, None, None)
    with pytest.raises(NotFoundError):
        queries.get("ZZZZ9999")
    assert queries.find("ZZZZ9999") is None
