"""What may be offered."""

from marketplace.materials.hazards import Hazard
from marketplace.materials.vocabulary import get_category
from marketplace.passports.gate import Block, Reason, blocking, unknown

DOOR, TAR = get_category("door_interior"), get_category("asphalt_tar")


def test_what_was_not_found_present_blocks_nothing():
    assert blocking(DOOR, set()) == []


def test_every_hazard_that_is_present_blocks_even_one_that_nobody_suspected():
    present = {Hazard.PCB, Hazard.LEAD}
    assert blocking(DOOR, present) == [Block(Reason.PRESENT, Hazard.LEAD), Block(Reason.PRESENT, Hazard.PCB)]


def test_a_banned_material_is_blocked_however_clean_it_is():
    assert blocking(TAR, set()) == [Block(Reason.BANNED)]


def test_what_nobody_stated_is_unknown():
    assert unknown(DOOR, 1978, set()) == (Hazard.LEAD,)
    assert unknown(DOOR, 1978, {Hazard.LEAD}) == ()
    assert unknown(DOOR, 1995, set()) == ()
