"""Offering what has a passport already."""

from decimal import Decimal

import pytest

from marketplace.kit import clock
from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Unit
from marketplace.listings import actions, existing
from marketplace.listings.models import ListingStatus, Stage
from marketplace.passports import harvesting, lineage
from marketplace.passports.models import PassportStatus
from marketplace.passports.taking import Act
from tests.factories import make_listing, make_organisation, make_passport
from tests.sealing import SEAL

ACT = Act(By(), SEAL)


def test_what_was_harvested_becomes_an_offer_under_its_own_code(context):
    passport = make_passport()
    lineage.install(passport, place="Dorpshuis Elp", on=clock.today(), act=ACT)
    child = harvesting.harvest(passport, quantity=Decimal(12), act=ACT)
    listing = existing.begin(child, by=By())
    assert (listing.status, listing.stage, listing.total, listing.available) == (
        ListingStatus.DRAFT,
        Stage.IN_STOCK,
        12,
        12,
    )
    assert listing.price_open
    listing.price_open = False
    actions.publish(listing, By(), seal=SEAL)
    assert (listing.passport.code, listing.status) == (child.code, ListingStatus.PUBLISHED)


def test_beginning_twice_gives_the_same_draft(context):
    passport = make_passport()
    assert existing.begin(passport, by=By()) is existing.begin(passport, by=By())


def test_less_than_one_unit_can_be_taken_as_a_whole(context):
    passport = make_passport(quantity=Decimal("0.4"), unit=Unit.T, category="asphalt_granulate", building_year=2001)
    assert existing.begin(passport, by=By()).min_take == Decimal("0.4")


@pytest.mark.parametrize("why", ["on offer", "fetched", "built in", "over"])
def test_what_is_not_free_is_not_offered_again(context, why):
    passport = make_passport()
    if why == "on offer":
        make_listing(make_organisation(), passport)
    elif why == "fetched":
        make_listing(make_organisation(), passport, handed_over=40, handed_over_without_passport=40, stage=Stage.GONE)
    elif why == "built in":
        lineage.install(passport, place="Dorpshuis Elp", on=clock.today(), act=ACT)
    else:
        passport.status = PassportStatus.WITHDRAWN
    assert not existing.can_be_offered(passport)
    with pytest.raises(ConflictError, match=r"kan nu niet worden aangeboden|niets meer over"):
        existing.begin(passport, by=By())
