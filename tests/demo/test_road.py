"""The N376 in the example: every section and layer of the file, and sources that lead to passports."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.demo.actions import load_once
from marketplace.demo.data import document
from marketplace.kit.database import session
from marketplace.materials.hazards import Hazard
from marketplace.passports.admission import blocks_of, blocks_of_each
from marketplace.passports.details import ASPHALT, LayerKind, MkiSet, Work
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Passport, PassportStatus
from marketplace.passports.queries import get_by_code
from tests.conftest import one_database, undone
from tests.sealing import SEAL

pytestmark = one_database


@pytest.fixture(scope="module")
def demo(app, tmp_path_factory):
    with undone(app):
        assert load_once(uploads=tmp_path_factory.mktemp("uploads"), seal=SEAL, hash_password=str)
        yield


def work_named(name) -> tuple[Passport, Work]:
    passport = session.scalars(select(Passport).where(Passport.name == name)).one()
    assert passport.granularity is Granularity.WORK
    assert passport.status is PassportStatus.PUBLISHED
    assert passport.details.work is not None
    return passport, passport.details.work


@pytest.fixture
def road(demo) -> tuple[Passport, Work]:
    return work_named("N376 bij Schoonoord")


def test_each_section_and_layer_stands_in_the_passport_as_in_the_file(road):
    _, work = road
    rows = document("n376")["sections"]
    assert len(work.sections) == 5
    for section, row in zip(work.sections, rows, strict=True):
        assert (section.from_hm, section.to_hm) == (Decimal(row["from_hm"]), Decimal(row["to_hm"]))
        for layer, stated in zip(section.layers, row["layers"], strict=True):
            assert (layer.kind, layer.mix, layer.thickness_mm) == (
                stated["kind"],
                stated["mix"],
                stated["thickness_mm"],
            )
            for name in ("area_m2", "mass_t", "reclaimed_percent", "bitumen_percent"):
                expected = stated[name]
                assert getattr(layer, name) == (None if expected is None else Decimal(expected)), name
            assert [(s.name, s.percent) for s in layer.sources] == [
                (source["passport"], Decimal(source["percent"])) for source in stated["sources"]
            ]


def test_the_layers_follow_each_other_without_a_gap_and_add_up_to_the_whole(road):
    passport, work = road
    for before, after in zip(work.sections, work.sections[1:], strict=False):
        assert before.to_hm == after.from_hm
    layers = [layer for section in work.sections for layer in section.layers]
    assert passport.mass_kg == sum(layer.mass_t for layer in layers) * 1000
    assert sum(layer.mass_t for layer in layers if layer.kind is LayerKind.SURFACE) == Decimal("2587.2")
    assert sum(layer.mass_t for layer in layers if layer.kind in ASPHALT) == Decimal("11905.2")


def test_the_surface_is_for_half_reclaimed_and_says_of_what(road):
    _, work = road
    for section in work.sections:
        surface = section.layers[0]
        assert (surface.kind, surface.reclaimed_percent) == (LayerKind.SURFACE, 50)
        assert sum(source.percent for source in surface.sources) == 50


def test_every_source_leads_to_a_published_passport_of_its_own_name_with_enough_in_it(road):
    _, work = road
    used: dict[str, Decimal] = {}
    for section in work.sections:
        for layer in section.layers:
            for source in layer.sources:
                donor = get_by_code(source.code)
                assert donor.name == source.name
                assert donor.status is PassportStatus.PUBLISHED
                used[source.code] = used.get(source.code, Decimal(0)) + layer.mass_t * source.percent / 100
    assert len(used) == 3
    for code, tonnes in used.items():
        assert get_by_code(code).quantity >= tonnes > 0


def test_each_donor_has_its_pak_tested_with_a_report(road):
    _, work = road
    codes = {source.code for section in work.sections for layer in section.layers for source in layer.sources}
    for code in codes:
        (finding,) = get_by_code(code).hazards
        assert (finding.hazard, finding.status) == (Hazard.PAK, HazardStatus.ABSENT_TESTED)
        assert finding.report.startswith("LN-")
        assert finding.value < 75


def test_asphalt_has_its_pak10_with_a_report_and_every_mki_its_set_and_modules(road):
    _, work = road
    limit = Decimal(document("n376")["pak10_limit_mg_per_kg"])
    layers = [layer for section in work.sections for layer in section.layers]
    assert all((layer.pak10 is not None) == (layer.kind in ASPHALT) for layer in layers)
    assert all(layer.pak10 < limit and layer.pak10_report for layer in layers if layer.pak10 is not None)
    stated = [layer.mki for layer in layers if layer.mki]
    assert 0 < len(stated) < len(layers)
    assert all(mki.set is MkiSet.A1 and mki.modules == ("A1", "A2", "A3", "C", "D") for mki in stated)
    assert all("verzonnen" in mki.source for mki in stated)


def test_the_road_states_its_cores_and_its_worst_pak10(road):
    passport, _ = road
    whole = get_by_code(passport.code)
    cores = [claim for claim in whole.claims if claim.key.startswith("core_")]
    assert [claim.key for claim in cores] == [f"core_{number}" for number in range(1, 6)]
    (finding,) = whole.hazards
    assert finding.value == 34


def test_a_building_is_there_with_what_becomes_harvest(demo):
    passport, work = work_named("Basisschool Meppel-Zuid")
    rows = document("school")["elements"]
    assert [element.id for element in work.elements] == [row["id"] for row in rows]
    assert passport.mass_kg == sum(Decimal(row["mass_kg"]) for row in rows)


def test_nothing_that_is_published_would_be_stopped_at_the_gate(demo):
    published = session.scalars(select(Passport).where(Passport.status == PassportStatus.PUBLISHED)).all()
    assert len(published) > 150
    assert [passport.name for passport in published if blocks_of(passport)] == []
    assert not any(blocks_of_each(published).values())


def test_what_is_a_draft_is_what_the_gate_stops(demo):
    drafts = session.scalars(select(Passport).where(Passport.status == PassportStatus.DRAFT)).all()
    reasons = {blocks_of(passport)[0].reason.value for passport in drafts}
    assert blocks_of_each(drafts) == {passport.id: blocks_of(passport) for passport in drafts}
    assert reasons == {"unknown", "present"}
