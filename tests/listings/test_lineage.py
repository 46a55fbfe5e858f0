"""Splitting a lot that is on offer, and what is on offer does not go elsewhere."""

from decimal import Decimal

import pytest

from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError
from marketplace.listings.lineage import offered_of, require_free, split_lot
from marketplace.listings.models import ListingStatus, Stage
from marketplace.listings.stock import NotEnoughError
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.models import Passport
from tests.factories import make_hub, make_listing, make_organisation
from tests.passports.lineages import ACT, make_clean


@pytest.fixture
def lot(context):
    owner = make_organisation()
    return make_listing(owner, passport=make_clean(owner), held=Decimal(10), min_take=Decimal(8))


def stock(listing):
    session.refresh(listing)
    return [int(part) for part in (listing.total, listing.available, listing.held)]


def test_a_part_becomes_a_draft_with_the_same_terms_and_a_passport_of_its_own(lot):
    lot.hub_id = make_hub().id
    part = split_lot(lot, Decimal(5), ACT)
    assert (stock(lot), stock(part)) == ([35, 25, 10], [5, 5, 0])
    assert (part.status, part.price_eur, part.place, part.hub_id) == (ListingStatus.DRAFT, 15, lot.place, lot.hub_id)
    assert (part.min_take, lot.min_take) == (5, 8), "a least that is more than there is could never be taken"
    children = session.get_one(Passport, part.passport_id), session.get_one(Passport, lot.passport_id)
    assert [each.quantity for each in children] == [5, 35]
    assert lineage_imbalances() == []


@pytest.mark.parametrize(("quantity", "error"), [(31, NotEnoughError), (41, NotEnoughError)])
def test_what_is_held_for_somebody_is_not_split_off(lot, quantity, error):
    with pytest.raises(error, match="nog maar 30 st"):
        split_lot(lot, Decimal(quantity), ACT)
    assert (stock(lot), offered_of(lot.passport_id)) == ([40, 30, 10], 40)


def test_all_of_a_lot_is_no_part_of_it(context):
    lot = make_listing(passport=make_clean())
    with pytest.raises(ConflictError, match="hele partij"):
        split_lot(lot, Decimal(40), ACT)


def test_what_is_on_offer_is_not_free_to_go_elsewhere(lot):
    assert offered_of(lot.passport_id) == 40
    with pytest.raises(ConflictError, match="40 st te koop of gereserveerd"):
        require_free(lot.passport, Decimal(1))
    lot.passport.quantity = Decimal(50)
    session.flush()
    require_free(lot.passport, Decimal(10))
    for quantity in (Decimal(11), None):
        with pytest.raises(ConflictError):
            require_free(lot.passport, quantity)


@pytest.mark.parametrize("change", [{"status": ListingStatus.WITHDRAWN}, {"stage": Stage.GONE}])
def test_what_is_no_longer_on_offer_is_free(context, change):
    lot = make_listing(passport=make_clean(), **change)
    require_free(lot.passport)


def test_what_others_fetched_without_its_passport_is_no_longer_free(context):
    lot = make_listing(passport=make_clean(), stage=Stage.GONE, handed_over=Decimal(30), written_off=Decimal(10))
    require_free(lot.passport, Decimal(40))
    lot.handed_over_without_passport = Decimal(30)
    session.flush()
    require_free(lot.passport, Decimal(10))
    for quantity in (Decimal(11), None):
        with pytest.raises(ConflictError, match="30 st al overgedragen"):
            require_free(lot.passport, quantity)
