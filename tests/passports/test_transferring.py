"""A passport that goes to another organisation is kept by that one from then on."""

import pytest

from marketplace.kit import journal
from marketplace.kit.errors import ConflictError
from marketplace.listings import actions as listings
from marketplace.listings import existing
from marketplace.listings.lineage import split_lot
from marketplace.listings.models import ListingStatus
from marketplace.passports import queries, verification
from marketplace.passports.models import PassportStatus
from marketplace.passports.transferring import give, transfer
from marketplace.passports.versions import whole
from tests.factories import make_listing, make_organisation, make_passport, make_signed
from tests.passports.lineages import ACT, layer, make_road
from tests.sealing import SEAL


@pytest.fixture
def passport(context):
    return make_signed(make_organisation(name="Sloperij"), seal=SEAL)


def test_the_new_owner_is_signed_and_the_issuer_stays(passport):
    issuer, buyer = passport.issuer_id, make_organisation(name="Bouwbedrijf")
    transfer(passport, buyer, ACT)
    found = verification.verify(whole(passport), SEAL)
    assert (found.standing, found.number) == (verification.Standing.GENUINE, 2)
    assert (found.document.owner.name, found.document.issuer.name) == ("Bouwbedrijf", "Sloperij")
    assert passport.issuer_id == issuer


def test_to_who_has_it_already_nothing_happens(passport):
    before = journal.length()
    transfer(passport, passport.owner, ACT)
    assert journal.length() == before


def test_nothing_is_given_of_what_is_over(context):
    gone = make_passport(status=PassportStatus.WITHDRAWN)
    with pytest.raises(ConflictError):
        transfer(gone, make_organisation(), ACT)


def test_a_part_of_a_road_is_not_given_away_as_if_it_were_loose(context):
    road = make_road(layer("deklaag", 100))
    with pytest.raises(ConflictError, match="werk"):
        give(road, road.quantity / 2, make_organisation(), ACT)


def test_a_draft_goes_along_unsigned(context):
    draft = make_passport(status=PassportStatus.DRAFT)
    transfer(draft, make_organisation(), ACT)
    assert queries.find_version(draft.id) is None


def test_the_former_owner_does_nothing_more_with_it_through_an_old_offer(passport):
    lot = make_listing(passport=passport, status=ListingStatus.WITHDRAWN)
    buyer = make_organisation()
    transfer(passport, buyer, ACT)
    with pytest.raises(ConflictError, match="overgedragen"):
        listings.publish(lot, ACT.by, seal=SEAL)
    with pytest.raises(ConflictError, match="overgedragen"):
        split_lot(lot, lot.total / 2, ACT)
    begun = existing.begin(passport, by=ACT.by)
    assert begun is not lot
    assert begun.organisation_id == buyer.id
