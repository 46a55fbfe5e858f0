"""Which steps are allowed: by where the lot is in its life, and by who asks."""

from dataclasses import replace

import pytest

from marketplace.accounts.permissions import NOBODY, Actor, Role
from marketplace.scanning.steps import Situation, Step, allowed, may_handle, possible

IN_STOCK = Situation(withdrawn=False, in_building=False, gone=False, has_available=True, to_fetch=0)


def test_what_lies_in_stock_can_be_seen_and_can_break():
    assert possible(IN_STOCK) == (Step.SEEN, Step.DAMAGED)


def test_what_somebody_waits_for_is_first_handed_over():
    assert possible(replace(IN_STOCK, to_fetch=1)) == (Step.HANDED_OVER, Step.SEEN, Step.DAMAGED)


def test_what_is_promised_whole_cannot_be_written_off():
    assert possible(replace(IN_STOCK, to_fetch=1, has_available=False)) == (Step.HANDED_OVER, Step.SEEN)


def test_what_is_still_in_a_building_is_received_before_it_is_handed_over():
    in_building = replace(IN_STOCK, in_building=True, to_fetch=2)
    assert possible(in_building) == (Step.RECEIVED, Step.SEEN, Step.DAMAGED)


@pytest.mark.parametrize("change", [{"gone": True}, {"withdrawn": True}])
def test_nothing_is_done_with_what_is_gone_or_withdrawn(change):
    assert possible(replace(IN_STOCK, to_fetch=1, **change)) == ()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("organisation", [7, 8])
def test_every_member_of_the_owner_or_of_its_hub_handles_the_lot(role, organisation):
    assert allowed(Actor(1, {organisation: role}), {7, 8}, IN_STOCK) == (Step.SEEN, Step.DAMAGED)


@pytest.mark.parametrize("actor", [NOBODY, Actor(1), Actor(1, {9: Role.OWNER})])
def test_others_may_do_nothing(actor):
    assert not may_handle(actor, {7, 8})
    assert allowed(actor, {7, 8}, IN_STOCK) == ()
