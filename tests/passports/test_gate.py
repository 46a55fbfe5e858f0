"""What may be offered."""

import pytest

from marketplace.materials.hazards import Hazard
from marketplace.materials.vocabulary import get_category
from marketplace.passports.gate import Block, Reason, blocking, unknown
from marketplace.passports.models import HazardStatus

DOOR, TAR = get_category("door_interior"), get_category("asphalt_tar")


@pytest.mark.parametrize("status", [status for status in HazardStatus if status is not HazardStatus.PRESENT])
def test_whatever_is_not_known_to_be_present_blocks_nothing(status):
    assert blocking(DOOR, {Hazard.LEAD: status}) == []


def test_every_hazard_that_is_present_blocks_even_one_that_nobody_suspected():
    statuses = {Hazard.PCB: HazardStatus.PRESENT, Hazard.LEAD: HazardStatus.PRESENT}
    assert blocking(DOOR, statuses) == [Block(Reason.PRESENT, Hazard.LEAD), Block(Reason.PRESENT, Hazard.PCB)]


def test_a_banned_material_is_blocked_however_clean_it_is():
    assert blocking(TAR, {Hazard.PAK: HazardStatus.ABSENT_TESTED}) == [Block(Reason.BANNED)]


def test_what_nobody_stated_is_unknown():
    assert unknown(DOOR, 1978, {}) == (Hazard.LEAD,)
    assert unknown(DOOR, 1978, {Hazard.LEAD: HazardStatus.ABSENT_DECLARED}) == ()
    assert unknown(DOOR, 1995, {}) == ()
