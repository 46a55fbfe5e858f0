"""Making and changing passports: what is stated, what is estimated, and what stays unknown."""

from dataclasses import replace
from decimal import Decimal

import pytest

from marketplace.kit import clock, journal
from marketplace.kit.changes import changes_in
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.materials.hazards import Hazard
from marketplace.passports import actions, queries
from marketplace.passports.admission import BlockedError
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import PassportStatus
from tests.factories import make_organisation
from tests.sealing import SEAL

UNKNOWN = HazardStatus.UNKNOWN


def facts(category="door_interior", quantity=40, unit=Unit.PIECE, **more) -> PassportFacts:
    return PassportFacts(category=category, name="", quantity=Quantity(Decimal(quantity), unit), **more)


def create(*arguments, **more):
    return actions.create(issuer=make_organisation(), facts=facts(*arguments, **more), by=By(7, 3))


def known(passport):
    return {finding.hazard: finding.status for finding in queries.findings_of(passport.id)}


def told(passport, action):
    return [entry.told for entry in journal.history(passport.subject) if entry.action == action]


def test_a_new_passport_is_a_draft_with_a_code_under_which_it_is_found_in_any_case(context):
    passport = create()
    assert passport.status is PassportStatus.DRAFT
    assert queries.get_by_code(f" {passport.code.lower()[:4]}-{passport.code[4:]} ") is passport
    assert queries.find_by_code("2" * 16) is None
    with pytest.raises(NotFoundError, match="Controleer de code"):
        queries.get_by_code("2" * 16)


def test_a_passport_is_read_with_all_that_its_page_shows(context):
    passport = create(building_year=1978)
    level = EvidenceLevel.TESTED
    actions.add_claim(passport, key="sterkte", value="C24", level=level, source="SKH", report="SKH-9", by=By())
    queries.session.expire_all()
    shown = queries.get_by_code(passport.code)
    assert (shown.issuer.name, shown.origin_project, shown.photos) == (shown.issuer.name, None, [])
    assert [claim.value for claim in shown.claims] == ["C24"]
    assert [finding.hazard for finding in shown.hazards] == [Hazard.LEAD]


@pytest.mark.parametrize(
    ("stated", "mass", "estimate"),
    [
        (facts("steel_hea", 6, Unit.M, height_mm=190, width_mm=200), Decimal("42.3"), True),
        (facts("sand", 12, Unit.T), Decimal(1000), False),
        (facts("door_interior", kg_per_unit=Decimal("23.4567")), Decimal("23.457"), False),
    ],
)
def test_the_mass_is_the_listers_or_that_of_the_vocabulary_and_says_which(context, stated, mass, estimate):
    passport = actions.create(issuer=make_organisation(), facts=stated, by=By())
    assert (passport.kg_per_unit, passport.mass_is_estimate) == (mass, estimate)


def test_a_mass_that_nobody_can_know_is_asked_for(context):
    with pytest.raises(InvalidInputError, match="gewicht per st is niet bekend") as refused:
        create("window_pvc")
    assert refused.value.field == "kg_per_unit"


@pytest.mark.parametrize(("year", "suspected"), [(1989, {Hazard.LEAD}), (1990, set()), (None, {Hazard.LEAD})])
def test_every_hazard_to_be_suspected_is_unknown_and_an_unknown_year_rules_out_nothing(context, year, suspected):
    assert known(create(building_year=year)) == dict.fromkeys(suspected, UNKNOWN)


def test_a_new_year_brings_new_suspicions_and_keeps_what_was_stated(context):
    passport = create("facade_fibrecement", 10, Unit.M2, building_year=2020)
    assert known(passport) == {}
    actions.change(passport, facts("facade_fibrecement", 10, Unit.M2, building_year=1980), By())
    assert known(passport)[Hazard.ASBESTOS] is UNKNOWN
    actions.set_hazards(passport, {Hazard.ASBESTOS: Finding(HazardStatus.ABSENT_TESTED, "SGS-1")}, By())
    actions.change(passport, facts("facade_fibrecement", 10, Unit.M2, building_year=2020), By())
    assert known(passport) == {Hazard.ASBESTOS: HazardStatus.ABSENT_TESTED}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"length_mm": 0}, "length_mm"),
        ({"height_mm": 200_001}, "height_mm"),
        ({"building_year": 999}, "building_year"),
        ({"building_year": 2900}, "building_year"),
        ({"quantity": Quantity(Decimal(0), Unit.PIECE)}, "quantity"),
        ({"quantity": Quantity(Decimal(1), Unit.M3)}, "unit"),
        ({"name": "x" * 121}, "name"),
        ({"kg_per_unit": Decimal(0)}, "kg_per_unit"),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_field(context, wrong, field):
    with pytest.raises(InvalidInputError) as refused:
        actions.create(issuer=make_organisation(), facts=replace(facts(), **wrong), by=By())
    assert refused.value.field == field


def test_a_change_is_told_field_by_field_and_only_where_something_changed(context):
    passport = create(length_mm=2115, origin="Kantoor")
    actions.change(passport, facts(length_mm=2115, origin="Kantoor"), By())
    assert told(passport, "passport.changed") == []
    actions.change(passport, facts(quantity=38, length_mm=2015, origin="Kantoor"), By())
    (entry,) = told(passport, "passport.changed")
    assert [(change.field, change.old, change.new) for change in changes_in(entry)] == [
        ("length_mm", 2115, 2015),
        ("name", "Binnendeur 2115 mm", "Binnendeur 2015 mm"),
        ("quantity", "40", "38"),
    ]


def test_a_test_without_a_report_is_no_test(context):
    passport = create()
    with pytest.raises(InvalidInputError) as refused:
        actions.set_hazards(passport, {Hazard.LEAD: Finding(HazardStatus.ABSENT_TESTED, " ")}, By())
    assert refused.value.field == "report_lead"
    assert known(passport) == {Hazard.LEAD: UNKNOWN}


def test_what_is_stated_of_a_hazard_is_told_with_what_was_known_before(context):
    passport = create()
    actions.set_hazards(passport, {Hazard.LEAD: Finding(HazardStatus.ABSENT_TESTED, "SGS-1", clock.today())}, By())
    (entry,) = told(passport, "passport.hazard_stated")
    assert (entry["hazard"], entry["status_from"], entry["status_to"], entry["report_to"]) == (
        "lead",
        "unknown",
        "absent_tested",
        "SGS-1",
    )


def test_an_unknown_hazard_keeps_a_passport_back_and_says_what_to_do(context):
    passport = create(origin="Kantoor")
    with pytest.raises(BlockedError, match="Laat het onderzoeken") as refused:
        actions.publish(passport, By(), seal=SEAL)
    assert refused.value.field == "hazard_lead"
    actions.set_hazards(passport, {Hazard.LEAD: Finding(HazardStatus.ABSENT_DECLARED)}, By())
    actions.publish(passport, By(), seal=SEAL)
    assert passport.status is PassportStatus.PUBLISHED


def test_nobody_publishes_what_comes_from_nowhere_unless_that_is_said(context):
    passport = create(building_year=2001)
    with pytest.raises(InvalidInputError, match="uit welk gebouw") as refused:
        actions.publish(passport, By(), seal=SEAL)
    assert refused.value.field == "origin"
    actions.change(passport, facts(building_year=2001, origin_unknown=True), By())
    actions.publish(passport, By(), seal=SEAL)
    assert passport.details.donor.unknown


def test_a_version_is_signed_for_every_state_that_differs_and_for_no_other(context):
    passport = create(building_year=2001, origin="Kantoor")
    assert actions.restate(passport, By(), seal=SEAL) is None
    first = actions.publish(passport, By(), seal=SEAL)
    assert actions.publish(passport, By(), seal=SEAL) is None
    actions.change(passport, facts(building_year=2001, origin="Kantoor", quantity=39), By())
    second = actions.restate(passport, By(), seal=SEAL)
    assert (first.number, second.number) == (1, 2)
    assert [entry["version"] for entry in told(passport, "passport.version_signed")] == [2, 1]
    assert len(told(passport, "passport.published")) == 1


def test_a_remark_that_is_free_of_tar_keeps_a_passport_back_without_a_report(context):
    passport = create(building_year=2001, origin="Kantoor", description="Teervrij!")
    with pytest.raises(BlockedError, match="onderzoeksrapport") as refused:
        actions.publish(passport, By(), seal=SEAL)
    assert refused.value.field == "report_pak"
    actions.set_hazards(passport, {Hazard.PAK: Finding(HazardStatus.ABSENT_TESTED, "LN-7")}, By())
    actions.publish(passport, By(), seal=SEAL)


def test_a_hazard_that_is_present_keeps_a_passport_back(context):
    passport = create(origin="Kantoor")
    actions.set_hazards(passport, {Hazard.LEAD: Finding(HazardStatus.PRESENT)}, By())
    with pytest.raises(BlockedError, match="lood"):
        actions.publish(passport, By(), seal=SEAL)
    assert passport.status is PassportStatus.DRAFT


def test_a_banned_material_may_have_a_passport_but_not_be_shown(context):
    passport = create("asphalt_tar", 12, Unit.T, origin="N34")
    with pytest.raises(BlockedError, match="thermisch"):
        actions.publish(passport, By(), seal=SEAL)


def test_a_withdrawn_passport_stays_and_says_so_and_never_comes_back(context):
    passport = create(building_year=2001, origin="Kantoor")
    actions.publish(passport, By(), seal=SEAL)
    actions.withdraw(passport, By(), reason="Verkeerd gemeten")
    actions.withdraw(passport, By())
    assert queries.get_by_code(passport.code).status is PassportStatus.WITHDRAWN
    assert queries.find_withdrawal(passport.id).reason == "Verkeerd gemeten"
    assert queries.withdrawn_ids(first=passport.id, most=1) == [passport.id]
    assert queries.withdrawn_ids(first=passport.id + 1, most=9) == []
    assert len(told(passport, "passport.withdrawn")) == 1
    with pytest.raises(ConflictError, match="geldt niet meer"):
        actions.publish(passport, By(), seal=SEAL)
