"""What may be offered."""

from decimal import Decimal

import pytest

from marketplace.materials.hazards import Hazard
from marketplace.materials.vocabulary import get_category
from marketplace.passports.gate import Block, Finding, HazardStatus, Reason, blocking, claims_to_be_free, unknown

DOOR, TAR, GRANULATE = get_category("door_interior"), get_category("asphalt_tar"), get_category("asphalt_granulate")
SHEET = get_category("roof_corrugated_fc")

TESTED = Finding(HazardStatus.ABSENT_TESTED, "LN-1")
DECLARED = Finding(HazardStatus.ABSENT_DECLARED)


def present(**more) -> Finding:
    return Finding(HazardStatus.PRESENT, "LN-1", **more)


def test_what_is_unknown_blocks_where_category_and_year_make_it_matter():
    assert blocking(DOOR, 1978, {}) == [Block(Reason.UNKNOWN, Hazard.LEAD)]
    assert blocking(DOOR, None, {}) == [Block(Reason.UNKNOWN, Hazard.LEAD)]
    assert blocking(DOOR, 1990, {}) == []
    assert blocking(DOOR, 1978, {Hazard.LEAD: Finding(HazardStatus.UNKNOWN)}) == [Block(Reason.UNKNOWN, Hazard.LEAD)]


def test_what_was_looked_into_opens_the_gate():
    assert blocking(DOOR, 1978, {Hazard.LEAD: TESTED}) == []
    assert blocking(DOOR, 1978, {Hazard.LEAD: DECLARED}) == []


def test_every_hazard_that_is_present_blocks_even_one_that_nobody_suspected():
    found = {Hazard.PCB: present(), Hazard.LEAD: present()}
    assert blocking(DOOR, 2001, found) == [Block(Reason.PRESENT, Hazard.LEAD), Block(Reason.PRESENT, Hazard.PCB)]


def test_a_permission_lets_through_what_is_present():
    assert blocking(DOOR, 1978, {Hazard.LEAD: present(permission="Omgevingsvergunning 2026-114")}) == []
    assert blocking(DOOR, 1978, {Hazard.LEAD: present(permission="  ")}) == [Block(Reason.PRESENT, Hazard.LEAD)]


def test_that_there_is_no_asbestos_is_taken_from_a_report_alone():
    assert blocking(SHEET, 1985, {Hazard.ASBESTOS: DECLARED}) == [Block(Reason.UNREPORTED, Hazard.ASBESTOS)]
    assert blocking(SHEET, 1985, {Hazard.ASBESTOS: TESTED}) == []
    assert blocking(SHEET, 1994, {}) == []


def test_a_banned_material_is_blocked_however_clean_it_is():
    assert blocking(TAR, 2020, {Hazard.PAK: TESTED})[0] == Block(Reason.BANNED)


@pytest.mark.parametrize(
    ("finding", "blocks"),
    [
        (present(permission="Wat dan ook"), [Block(Reason.TAR, Hazard.PAK)]),
        (Finding(HazardStatus.ABSENT_TESTED, "LN-1", value=Decimal(76)), [Block(Reason.TAR, Hazard.PAK)]),
        (Finding(HazardStatus.ABSENT_TESTED, "LN-1", value=Decimal(75)), []),
        (DECLARED, [Block(Reason.UNREPORTED, Hazard.PAK)]),
    ],
)
def test_tar_asphalt_never_reaches_the_market_whatever_is_permitted_or_said(finding, blocks):
    assert blocking(GRANULATE, 1980, {Hazard.PAK: finding}) == blocks


@pytest.mark.parametrize(
    ("text", "hazards"),
    [
        ("Golfplaten, asbestvrij", (Hazard.ASBESTOS,)),
        ("Er zit geen asbest in", (Hazard.ASBESTOS,)),
        ("Asbestos-free sheets", (Hazard.ASBESTOS,)),
        ("Teervrij freesasfalt", (Hazard.PAK,)),
        ("vrij van teer en vrij van asbest", (Hazard.ASBESTOS, Hazard.PAK)),
        ("tar free", (Hazard.PAK,)),
        ("Asbest is niet onderzocht", ()),
        ("Geen teerhoudende kit gebruikt", ()),
        ("Geen terrazzo", ()),
        ("Steer clear", ()),
    ],
)
def test_a_remark_that_something_is_free_of_it_is_recognised(text, hazards):
    assert claims_to_be_free([text]) == hazards


def test_such_a_remark_needs_a_report_even_where_nobody_would_suspect_anything():
    said = ["Asbestvrij"]
    assert blocking(DOOR, 2001, {}, said) == [Block(Reason.UNREPORTED, Hazard.ASBESTOS)]
    assert blocking(DOOR, 2001, {Hazard.ASBESTOS: DECLARED}, said) == [Block(Reason.UNREPORTED, Hazard.ASBESTOS)]
    assert blocking(DOOR, 2001, {Hazard.ASBESTOS: TESTED}, said) == []


def test_what_nobody_stated_is_unknown():
    assert unknown(DOOR, 1978, set()) == (Hazard.LEAD,)
    assert unknown(DOOR, 1978, {Hazard.LEAD}) == ()
    assert unknown(DOOR, 1995, set()) == ()
