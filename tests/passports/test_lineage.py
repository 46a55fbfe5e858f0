"""What becomes of a passport: nothing gets lost on the way, and the old code leads on."""

from decimal import Decimal

import pytest
from sqlalchemy import select, text

from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.materials.hazards import Hazard
from marketplace.passports import lineage, queries
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.details import Component, Details, FigureKey, FigureNote, Later, LayerKind, Scenario
from marketplace.passports.gate import HazardStatus
from marketplace.passports.harvesting import harvest, mill
from marketplace.passports.levels import EvidenceLevel, Granularity
from marketplace.passports.models import (
    Claim,
    DocumentKind,
    EvidenceDocument,
    LineageLink,
    LinkKind,
    Loss,
    MaterialTest,
    PassportPhoto,
    PassportStatus,
)
from marketplace.passports.taking import NotEnoughLeftError, parts_left
from tests.factories import make_finding, make_organisation, make_project
from tests.passports.lineages import ACT, layer, make_building, make_clean, make_road

REPLACED, PUBLISHED, DRAFT = PassportStatus.REPLACED, PassportStatus.PUBLISHED, PassportStatus.DRAFT

WOOD = (Component("hout", Decimal(1), reused=Decimal(1)),)


def split(passport, *quantities):
    return lineage.split(passport, [Decimal(quantity) for quantity in quantities], ACT)


def install(passport, **more):
    return lineage.install(passport, **{"place": "School Beilen", "on": clock.today(), "act": ACT} | more)


def links(parent):
    rows = session.scalars(select(LineageLink).where(LineageLink.parent_id == parent.id).order_by(LineageLink.id))
    return [(row.kind, row.part, row.quantity, row.mass_kg) for row in rows]


def add(row):
    session.add(row)
    session.flush()
    return row


def document_of(passport):
    facts = {"kind": DocumentKind.PDF, "key": f"{passport.id:032x}", "sha256": f"{passport.id:064x}", "name": "SGS"}
    return add(EvidenceDocument(passport_id=passport.id, size=9, added_at=clock.now(), **facts))


def statuses(passport):
    return {row.hazard: row.status for row in queries.findings_of(passport.id)}


@pytest.mark.usefixtures("context")
class TestSplitting:
    def test_the_remainder_stays_under_the_old_label(self):
        passport = make_clean()
        children = split(passport, 12, 3)
        assert (passport.quantity, passport.status) == (25, PUBLISHED)
        assert [(child.quantity, child.status, child.name) for child in children] == [
            (12, PUBLISHED, passport.name),
            (3, PUBLISHED, passport.name),
        ]
        assert len({passport.code, *(child.code for child in children)}) == 3
        assert links(passport) == [(LinkKind.SPLIT, "", 12, 240), (LinkKind.SPLIT, "", 3, 60)]
        assert lineage_imbalances() == []

    def test_when_nothing_remains_the_old_one_is_replaced(self):
        passport = make_clean(quantity=Decimal(2))
        children = split(passport, 1, 1)
        assert (passport.quantity, passport.status) == (0, REPLACED)
        assert {child.granularity for child in children} == {Granularity.ITEM}
        with pytest.raises(ConflictError, match="niets meer over"):
            split(passport, 1)

    @pytest.mark.parametrize(
        ("quantities", "error"),
        [
            ([41], NotEnoughLeftError),
            ([20, 21], NotEnoughLeftError),
            ([40], InvalidInputError),
            ([0], InvalidInputError),
            ([-1], InvalidInputError),
            (["1.5"], InvalidInputError),
            ([], InvalidInputError),
            ([1] * 51, InvalidInputError),
        ],
    )
    def test_what_is_no_split_is_refused_and_changes_nothing(self, quantities, error):
        passport = make_clean()
        with pytest.raises(error) as refused:
            split(passport, *quantities)
        assert refused.value.field == "quantity"
        assert (passport.quantity, links(passport)) == (40, [])

    def test_everything_that_is_known_goes_along_and_files_are_shared(self):
        passport = make_clean()
        report = document_of(passport)
        make_finding(passport, status=HazardStatus.ABSENT_TESTED, report="SGS-1", document_id=report.id)
        said = {"key": "strength", "value": "C24", "level": EvidenceLevel.TESTED, "report": "R1"}
        add(Claim(passport_id=passport.id, document_id=report.id, **said))
        tested = {"test": "trekproef", "passed": True, "tested_on": clock.today(), "recorded_at": clock.now()}
        add(MaterialTest(passport_id=passport.id, document_id=report.id, **tested))
        add(PassportPhoto(passport_id=passport.id, position=0, key="a" * 32, sha256="b" * 64, width=1, height=1))
        (child,) = split(passport, 5)
        session.expire_all()
        shown = queries.get_by_code(child.code)
        (copy,) = shown.documents
        assert (copy.key, copy.sha256, copy.id != report.id) == (report.key, report.sha256, True)
        assert [(row.report, row.document_id) for row in shown.hazards] == [("SGS-1", copy.id)]
        assert [(row.value, row.document_id) for row in shown.claims] == [("C24", copy.id)]
        assert [(row.test, row.document_id) for row in shown.tests] == [("trekproef", copy.id)]
        assert [photo.key for photo in shown.photos] == ["a" * 32]

    def test_amounts_in_the_details_are_shared_out_and_sizes_are_not(self):
        area = FigureNote(FigureKey.AREA, value=Decimal(80), tolerance=Decimal(4))
        height = FigureNote(FigureKey.HEIGHT, tolerance=Decimal(2))
        passport = make_clean(details=Details(figures=(area, height), composition=WOOD, later=Later()))
        (child,) = split(passport, 10)
        for part, square in ((child, 20), (passport, 60)):
            assert part.details.figure(FigureKey.AREA).value == square
            assert part.details.figure(FigureKey.HEIGHT) == height

    def test_a_draft_has_drafts_as_children(self):
        (child,) = split(make_clean(status=DRAFT), 5)
        assert child.status is DRAFT

    def test_a_child_that_the_gate_stops_stays_a_draft(self):
        passport = make_clean()
        make_finding(passport, status=HazardStatus.PRESENT)
        (child,) = split(passport, 5)
        assert child.status is DRAFT

    def test_a_work_is_not_split(self):
        with pytest.raises(ConflictError, match="werk"):
            split(make_road(layer("D1", 100)), 5)

    def test_the_history_of_both_tells_of_it(self):
        passport = make_clean()
        (child,) = split(passport, 5)
        (told,) = [entry.told for entry in journal.history(passport.subject) if entry.action == "passport.split"]
        assert told == {"quantity": "5", "unit": "piece", "code": child.code}
        (born,) = [entry.told for entry in journal.history(child.subject) if entry.action == "passport.derived"]
        assert born["parents"] == passport.code


class TestMerging:
    @pytest.fixture
    def owner(self, context):  # noqa: ARG002 (it is asked for its effect)
        return make_organisation()

    def test_all_of_them_becomes_one_and_the_mass_adds_up(self, owner):
        lots = [
            make_clean(owner, quantity=Decimal(30), kg_per_unit=Decimal(20)),
            make_clean(owner, quantity=Decimal(10), kg_per_unit=Decimal(24)),
        ]
        merged = lineage.merge(lots, ACT)
        assert (merged.quantity, merged.kg_per_unit, merged.mass_kg, merged.status) == (40, 21, 840, PUBLISHED)
        assert {(lot.quantity, lot.status) for lot in lots} == {(0, REPLACED)}
        assert lineage_imbalances() == []

    def test_a_mass_that_cannot_be_said_exactly_is_refused(self, owner):
        lots = [make_clean(owner, quantity=Decimal(2)), make_clean(owner, quantity=Decimal(1), kg_per_unit=Decimal(21))]
        with pytest.raises(InvalidInputError, match="niet even zwaar"):
            lineage.merge(lots, ACT)

    @pytest.mark.parametrize(
        ("odd", "said"),
        [
            ({"category": "door_exterior"}, "andere soort"),
            ({"unit": Unit.M2}, "andere eenheid"),
            ({"height_mm": 41}, "andere maten"),
            ({"width_mm": None}, "andere maten"),
        ],
    )
    def test_what_is_not_the_same_is_not_merged(self, owner, odd, said):
        with pytest.raises(InvalidInputError, match=said) as refused:
            lineage.merge([make_clean(owner), make_clean(owner, **odd)], ACT)
        assert refused.value.field == "codes"

    def test_what_is_somebody_elses_or_the_same_twice_is_not_merged(self, owner):
        mine = make_clean(owner)
        for others in ([make_clean()], [mine], []):
            with pytest.raises(InvalidInputError):
                lineage.merge([mine, *others], ACT)

    def test_the_worst_of_the_hazards_counts_and_what_one_does_not_know_is_unknown(self, owner):
        old, new = make_clean(owner, building_year=1978), make_clean(owner, building_year=1978)
        make_finding(old, hazard=Hazard.LEAD, status=HazardStatus.ABSENT_TESTED, report="R1")
        make_finding(old, hazard=Hazard.ASBESTOS, status=HazardStatus.PRESENT, permission="V-1")
        make_finding(new, hazard=Hazard.ASBESTOS, status=HazardStatus.UNKNOWN)
        merged = lineage.merge([old, new], ACT)
        assert statuses(merged) == {Hazard.ASBESTOS: HazardStatus.PRESENT, Hazard.LEAD: HazardStatus.UNKNOWN}
        (asbestos,) = [row for row in queries.findings_of(merged.id) if row.hazard is Hazard.ASBESTOS]
        assert (asbestos.permission, merged.status) == ("", DRAFT)

    def test_tests_of_all_keep_every_report_and_the_highest_value(self, owner):
        lots = [make_clean(owner), make_clean(owner)]
        for lot, value in zip(lots, (12, 30), strict=True):
            make_finding(lot, status=HazardStatus.ABSENT_TESTED, report=f"R{value}", value=Decimal(value), unit="mg/kg")
        (finding,) = queries.findings_of(lineage.merge(lots, ACT).id)
        assert (finding.report, finding.value) == ("R12, R30", 30)

    def test_only_what_all_of_them_say_is_still_said(self, owner):
        lots = [
            make_clean(owner, details=Details(composition=WOOD, later=Later(Scenario.REUSE), hoisting="vijzel")),
            make_clean(owner, details=Details(composition=WOOD, later=Later(Scenario.REUSE))),
        ]
        for lot, finish in zip(lots, ("HPL", "lak"), strict=True):
            for key, value in (("finish", finish), ("fire", "30 min")):
                add(Claim(passport_id=lot.id, key=key, value=value, level=EvidenceLevel.DECLARED))
        merged = lineage.merge(lots, ACT)
        assert [claim.value for claim in queries.latest_claims(merged.id)] == ["30 min"]
        assert merged.details == Details(composition=WOOD, later=Later(Scenario.REUSE))

    def test_an_unknown_year_of_one_leaves_the_year_of_all_unknown(self, owner):
        lots = [make_clean(owner), make_clean(owner, building_year=None)]
        merged = lineage.merge(lots, ACT)
        assert merged.building_year is None
        assert statuses(merged) == {Hazard.LEAD: HazardStatus.UNKNOWN}


@pytest.mark.usefixtures("context")
class TestBuildingIn:
    def test_a_part_that_is_built_in_gets_a_passport_of_its_own(self):
        passport = make_clean()
        built_in = install(passport, quantity=Decimal(12), where="lokaal 3")
        assert (passport.quantity, built_in.quantity) == (28, 12)
        assert lineage.find_installation(passport.id) is None
        assert lineage.find_installation(built_in.id).where == "lokaal 3"

    def test_all_of_it_keeps_its_passport(self):
        passport = make_clean()
        assert install(passport) is passport
        assert install(make_clean(), quantity=Decimal(40)).quantity == 40

    def test_what_is_built_in_can_only_be_harvested(self):
        passport = install(make_clean())
        for step in (
            lambda: install(passport),
            lambda: split(passport, 1),
            lambda: lineage.merge([passport, make_clean()], ACT),
        ):
            with pytest.raises(ConflictError, match="ingebouwd"):
                step()

    def test_the_place_may_be_that_of_a_project_or_work_but_must_be_known(self):
        assert (
            lineage.find_installation(install(make_clean(), place="", into=make_building()).id).place == "School Beilen"
        )
        with pytest.raises(InvalidInputError) as refused:
            install(make_clean(), place=" ")
        assert refused.value.field == "place"
        with pytest.raises(InvalidInputError) as refused:
            install(make_clean(), into=make_clean())
        assert refused.value.field == "into"

    def test_nothing_is_built_in_tomorrow(self):
        with pytest.raises(InvalidInputError) as refused:
            install(make_clean(), on=clock.today().replace(year=clock.today().year + 1))
        assert refused.value.field == "on"


@pytest.mark.usefixtures("context")
class TestHarvesting:
    def test_what_comes_out_of_a_building_has_that_building_as_donor_and_what_breaks_is_lost(self):
        project = make_project(name="Bouw Assen", building_year=1930)
        passport = install(make_clean(), place="", project=project, where="lokaal 3")
        child = harvest(passport, quantity=Decimal(18), lost=Decimal(2), reason="Gebroken", act=ACT)
        assert (passport.quantity, passport.status, child.quantity) == (20, PUBLISHED, 18)
        assert (child.origin, child.origin_project_id, child.building_year) == ("Bouw Assen", project.id, 1930)
        assert child.details.donor.floor == "lokaal 3"
        assert links(passport) == [(LinkKind.HARVEST, "", 18, 360)]
        assert lineage.find_installation(passport.id), "what was not harvested is still there"
        harvest(passport, quantity=Decimal(20), act=ACT)
        assert (passport.status, lineage.find_installation(passport.id)) == (REPLACED, None)
        assert lineage_imbalances() == []

    def test_a_newer_building_makes_old_material_no_younger(self):
        passport = install(make_clean(building_year=1978), place="", project=make_project(building_year=2027))
        assert harvest(passport, quantity=Decimal(1), act=ACT).building_year == 1978

    def test_what_is_built_in_nowhere_is_not_harvested(self):
        with pytest.raises(ConflictError, match="nergens ingebouwd"):
            harvest(make_clean(), quantity=Decimal(1), act=ACT)

    @pytest.mark.parametrize(
        ("quantity", "lost", "reason", "field"),
        [(39, 2, "stuk", "quantity"), (0, 0, "", "quantity"), (5, 2, " ", "reason"), (5, -1, "stuk", "lost")],
    )
    def test_what_cannot_be_harvested_is_refused_at_its_field(self, quantity, lost, reason, field):
        passport = install(make_clean())
        with pytest.raises((ConflictError, InvalidInputError)) as refused:
            harvest(passport, quantity=Decimal(quantity), lost=Decimal(lost), reason=reason, act=ACT)
        assert (refused.value.field, passport.quantity) == (field, 40)

    def test_elements_of_a_building_become_lots_of_their_own(self):
        school = make_building()
        child = harvest(school, part="deur", quantity=Decimal(15), lost=Decimal(1), reason="Gebroken", act=ACT)
        assert (child.category, child.name, child.quantity, child.kg_per_unit) == (
            "door_interior",
            "Binnendeur",
            15,
            25,
        )
        assert (child.origin, child.details.donor.floor, child.building_year) == (
            "School Beilen",
            "1e verdieping",
            1995,
        )
        assert parts_left(school)["deur"].left == 4
        assert links(school) == [(LinkKind.HARVEST, "deur", 15, 375)]
        with pytest.raises(ConflictError, match="nog maar 4 st over"):
            harvest(school, part="deur", quantity=Decimal(5), act=ACT)
        harvest(school, part="deur", quantity=Decimal(4), act=ACT)
        assert (school.status, school.quantity) == (REPLACED, 0)
        assert lineage_imbalances() == []

    def test_what_the_building_knows_of_hazards_holds_for_its_elements(self):
        school = make_building(building_year=1978)
        make_finding(school, hazard=Hazard.LEAD, status=HazardStatus.ABSENT_TESTED, report="R1")
        make_finding(school, hazard=Hazard.PCB, status=HazardStatus.PRESENT)
        child = harvest(school, part="deur", quantity=Decimal(1), act=ACT)
        assert statuses(child) == {Hazard.LEAD: HazardStatus.ABSENT_TESTED}


@pytest.mark.usefixtures("context")
class TestMilling:
    def test_layers_become_granulate_with_the_road_as_parent(self):
        top, below = layer("D1", 100, bitumen_percent=Decimal(6)), layer("O1", 200, bitumen_percent=Decimal(4))
        road = make_road(top, below, layer("F1", 500, kind=LayerKind.FOUNDATION))
        lot = mill(road, {"V1/D1": Decimal(100), "V1/O1": Decimal(100)}, ACT)
        assert (lot.category, lot.quantity, lot.unit, lot.building_year) == ("asphalt_granulate", 200, Unit.T, 2003)
        assert (lot.details.donor.road, lot.details.donor.layer) == ("N376", "V1/D1, V1/O1")
        assert lot.details.composition[1] == Component("Bitumen", Decimal("0.05"), recycled=Decimal(1))
        assert links(road) == [(LinkKind.MILL, "V1/D1", 100, 100_000), (LinkKind.MILL, "V1/O1", 100, 100_000)]
        assert (road.quantity, road.status, lot.status) == (600, PUBLISHED, PUBLISHED)
        assert {part: left.left for part, left in parts_left(road).items()} == {"V1/D1": 0, "V1/O1": 100, "V1/F1": 500}
        assert lineage_imbalances() == []

    def test_what_was_weighed_may_be_a_tenth_more_and_no_more(self):
        road = make_road(layer("D1", 100), layer("O1", 100))
        with pytest.raises(ConflictError, match="ten hoogste 110 t") as refused:
            mill(road, {"V1/D1": Decimal("110.001")}, ACT)
        assert refused.value.field == "V1/D1"
        mill(road, {"V1/D1": Decimal(110)}, ACT)
        assert (parts_left(road)["V1/D1"].left, road.quantity) == (0, 100)
        assert lineage_imbalances() == []

    def test_the_last_of_the_last_layer_replaces_the_road(self):
        road = make_road(layer("D1", 100))
        mill(road, {"V1/D1": Decimal(100)}, ACT)
        assert (road.status, road.quantity) == (REPLACED, 0)

    @pytest.mark.parametrize(
        ("values", "status", "is_public"),
        [((20, 75), HazardStatus.ABSENT_TESTED, True), ((20, 76), HazardStatus.PRESENT, False)],
    )
    def test_the_worst_pak_of_all_layers_counts_and_tar_is_never_shown(self, values, status, is_public):
        layers = [
            layer(f"D{number}", 100, laid_year=1980, pak10=Decimal(value), pak10_report=f"R{number}")
            for number, value in enumerate(values)
        ]
        lot = mill(make_road(*layers), {"V1/D0": Decimal(50), "V1/D1": Decimal(50)}, ACT)
        (finding,) = queries.findings_of(lot.id)
        assert (finding.hazard, finding.status, finding.value) == (Hazard.PAK, status, values[1])
        assert (lot.status is PUBLISHED) == is_public
        assert lot.category == ("asphalt_granulate" if is_public else "asphalt_tar")

    @pytest.mark.parametrize(
        ("year", "known"),
        [(1994, {Hazard.PAK: HazardStatus.UNKNOWN}), (1995, {}), (None, {Hazard.PAK: HazardStatus.UNKNOWN})],
    )
    def test_an_old_layer_that_nobody_measured_is_suspect(self, year, known):
        lot = mill(make_road(layer("D1", 100, laid_year=year)), {"V1/D1": Decimal(10)}, ACT)
        assert statuses(lot) == known

    def test_only_layers_of_asphalt_are_milled(self):
        road = make_road(layer("D1", 100), layer("F1", 100, kind=LayerKind.SAND_BED))
        for parts, field in (({"V1/F1": Decimal(1)}, "V1/F1"), ({"V9/D1": Decimal(1)}, "parts"), ({}, "parts")):
            with pytest.raises(InvalidInputError) as refused:
                mill(road, parts, ACT)
            assert refused.value.field == field


@pytest.mark.usefixtures("context")
class TestLosing:
    def test_what_is_lost_is_written_down_with_its_mass(self):
        passport = make_clean()
        lineage.lose(passport, Decimal(3), "Gestolen", ACT)
        (loss,) = session.scalars(select(Loss))
        assert (loss.quantity, loss.mass_kg, loss.reason, passport.quantity) == (3, 60, "Gestolen", 37)

    def test_with_the_last_of_it_the_passport_is_destroyed_unless_something_came_out_of_it(self):
        passport, parent = make_clean(), make_clean()
        lineage.lose(passport, Decimal(40), "Brand", ACT)
        split(parent, 5)
        lineage.lose(parent, Decimal(35), "Brand", ACT)
        assert (passport.status, parent.status) == (PassportStatus.DESTROYED, REPLACED)
        assert lineage_imbalances() == []

    def test_a_part_of_a_work_can_be_lost(self):
        road = make_road(layer("D1", 100), layer("O1", 100))
        lineage.lose(road, Decimal(30), "Weggespoeld", ACT, part="V1/D1")
        assert (parts_left(road)["V1/D1"].left, road.quantity) == (70, 170)
        with pytest.raises(ConflictError):
            lineage.lose(road, Decimal(71), "Weggespoeld", ACT, part="V1/D1")


@pytest.mark.usefixtures("context")
class TestAudit:
    def test_a_quantity_that_was_changed_behind_its_back_is_named(self, context):
        (child,) = split(make_clean(), 5)
        session.execute(text("UPDATE passport SET quantity = 6 * (quantity / 5) WHERE id = :id"), {"id": child.id})
        session.expire_all()
        (found,) = lineage_imbalances()
        assert (found.code, found.went_in, found.found) == (child.code, 5, 6)
        result = context.test_cli_runner().invoke(args=["passports", "audit"])
        assert result.exit_code == 1
        assert child.code in result.output

    def test_a_mass_that_was_changed_is_named(self):
        (child,) = split(make_clean(), 5)
        child.kg_per_unit = Decimal("20.001")
        session.flush()
        assert [str(found) for found in lineage_imbalances()] == [
            f"{child.code}: mass (kg) does not add up (100 in, 100.005 found)"
        ]

    def test_an_end_without_a_reason_is_named(self):
        make_clean(status=REPLACED), make_clean(status=PassportStatus.DESTROYED)
        assert len(lineage_imbalances()) == 2

    def test_all_is_well_where_nothing_happened(self, context):
        make_clean()
        result = context.test_cli_runner().invoke(args=["passports", "audit"])
        assert (result.exit_code, result.output) == (0, "Every lineage adds up.\n")
