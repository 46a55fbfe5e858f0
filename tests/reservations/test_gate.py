"""Nothing is kept or handed over while a hazard is unknown, or present without permission."""

import pytest

from marketplace.kit.journal import By
from marketplace.passports.admission import BlockedError
from marketplace.passports.gate import HazardStatus
from marketplace.reservations import actions
from marketplace.reservations.states import State
from tests.factories import make_finding, make_listing
from tests.reservations.asking import AT, ask, queue
from tests.reservations.fetching import hand_over


def test_what_is_unknown_is_kept_for_nobody(context):
    listing = make_listing(building_year=1978)
    with pytest.raises(BlockedError, match="lood"):
        ask(listing, 5)
    make_finding(listing.passport, hazard="lead", status=HazardStatus.ABSENT_DECLARED)
    assert ask(listing, 5).quantity == 5
    assert listing.held == 5


def test_what_turns_out_to_be_in_it_is_neither_promised_nor_taken_out_of_the_queue(context):
    listing = make_listing(total=10)
    asked, held = ask(listing, 4), ask(listing, 6)
    offered = queue(listing, 6)
    actions.cancel(held, by=By(), at=AT)
    finding = make_finding(listing.passport, hazard="asbestos", status=HazardStatus.PRESENT)
    for step, reservation in ((actions.confirm, asked), (actions.accept, offered)):
        before = reservation.state
        with pytest.raises(BlockedError, match="asbest"):
            step(reservation, by=By(), at=AT)
        assert reservation.state is before
    finding.permission = "Ontheffing 12"
    actions.confirm(asked, by=By(), at=AT)
    actions.accept(offered, by=By(), at=AT)
    assert (asked.state, offered.state) == (State.CONFIRMED, State.REQUESTED)


def test_what_turns_out_to_be_in_it_after_it_was_kept_is_not_handed_over(context):
    listing = make_listing()
    reservation = ask(listing, 5)
    actions.confirm(reservation, by=By(), at=AT)
    finding = make_finding(listing.passport, hazard="asbestos", status=HazardStatus.PRESENT)
    with pytest.raises(BlockedError, match="asbest"):
        hand_over(reservation)
    assert (listing.held, listing.handed_over) == (5, 0)
    finding.permission = "Ontheffing 12"
    hand_over(reservation)
    assert (listing.held, listing.handed_over) == (0, 5)
