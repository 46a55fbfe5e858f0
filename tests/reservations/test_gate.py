"""Nothing is kept or handed over while a hazard is unknown, or present without permission."""

from decimal import Decimal

import pytest

from marketplace.kit.journal import By
from marketplace.passports.admission import BlockedError
from marketplace.passports.gate import HazardStatus
from marketplace.reservations import actions
from tests.factories import make_finding, make_listing, make_organisation


def ask(listing):
    return actions.request(listing_id=listing.id, organisation=make_organisation(), quantity=Decimal(5), by=By())


def test_what_is_unknown_is_kept_for_nobody(context):
    listing = make_listing(building_year=1978)
    with pytest.raises(BlockedError, match="lood"):
        ask(listing)
    make_finding(listing.passport, hazard="lead", status=HazardStatus.ABSENT_DECLARED)
    assert ask(listing).quantity == 5
    assert listing.held == 5


def test_what_turns_out_to_be_in_it_after_it_was_kept_is_not_handed_over(context):
    listing = make_listing()
    reservation = ask(listing)
    actions.confirm(reservation, by=By())
    finding = make_finding(listing.passport, hazard="asbestos", status=HazardStatus.PRESENT)
    with pytest.raises(BlockedError, match="asbest"):
        actions.hand_over(reservation, by=By())
    assert (listing.held, listing.handed_over) == (5, 0)
    finding.permission = "Ontheffing 12"
    actions.hand_over(reservation, by=By())
    assert (listing.held, listing.handed_over) == (0, 5)
