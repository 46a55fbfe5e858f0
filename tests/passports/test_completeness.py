"""How complete a passport is: what holds up publication, what is only wanted, and where to fill it in."""

from decimal import Decimal

import msgspec
import pytest

from marketplace.materials.hazards import Hazard
from marketplace.passports.completeness import Level, Step, completeness
from marketplace.passports.details import Component, Layer, LayerKind, Section, Work
from marketplace.passports.document import Classification, Origin
from marketplace.passports.gate import Block, Reason
from marketplace.passports.levels import Granularity
from tests.passports.documents import door, road

replace = msgspec.structs.replace


def keys(requirements):
    return [requirement.key for requirement in requirements]


def missing(document, *blocks):
    return keys(completeness(document, blocks).missing_to_publish)


def layer(**more):
    sound = {"id": "A", "kind": LayerKind.BASE, "mix": "AC 16 surf", "thickness_mm": 40, "laid_year": 1994}
    return Layer(**(sound | {"area_m2": Decimal(900), "mass_t": Decimal(86)} | more))


def work(*layers):
    section = Section("1", Decimal(1), Decimal(2), layers=layers)
    return replace(door(), granularity=Granularity.WORK, composition=(), work=Work((section,)))


def test_a_door_of_which_everything_is_stated_needs_nothing_and_lacks_what_it_lacks():
    found = completeness(door(), [])
    assert found.missing_to_publish == ()
    assert keys(found.missing_besides) == ["figures", "composition_whole", "countries"]
    assert 80 < found.share < 100


@pytest.mark.parametrize(
    ("change", "key", "step", "field"),
    [
        ({"name": ""}, "name", Step.AMOUNT, "name"),
        ({"figures": ()}, "amount", Step.AMOUNT, "quantity"),
        ({"composition": ()}, "composition", Step.COMPOSITION, "composition-0-material"),
        ({"origin": Origin(building_year=1978)}, "origin", Step.ORIGIN, "origin"),
        ({"later": None}, "scenario", Step.LATER, "scenario"),
        ({"granularity": Granularity.WORK}, "parts", Step.WORK, "sections"),
    ],
)
def test_what_is_needed_holds_up_publication_and_says_where_to_fill_it_in(change, key, step, field):
    (lacking,) = completeness(replace(door(), **change), []).missing_to_publish
    assert (lacking.key, lacking.step, lacking.field) == (key, step, field)
    assert lacking.sentence.endswith(".")


@pytest.mark.parametrize(
    ("change", "key", "level"),
    [
        ({"photos": ()}, "photo", Level.WANTED),
        ({"condition": None}, "condition", Level.WANTED),
        ({"origin": Origin("School")}, "building_year", Level.APPLIES),
        ({"figures": (*door().figures[:3], *door().figures[5:])}, "sizes", Level.APPLIES),
        ({"description": ""}, "description", Level.OPTIONAL),
        ({"detachability": None}, "detachability", Level.OPTIONAL),
        ({"mki": None, "gwp": ()}, "mki", Level.OPTIONAL),
        ({"statements": (), "tests": ()}, "proof", Level.OPTIONAL),
    ],
)
def test_what_is_wanted_holds_nothing_up_but_lowers_the_share(change, key, level):
    document = replace(door(), **change)
    found = completeness(document, [])
    assert found.missing_to_publish == ()
    assert (key, level) in [(one.key, one.level) for one in found.missing_besides]
    assert found.share < completeness(door(), []).share


@pytest.mark.parametrize(
    "origin", [Origin("School"), Origin(address="Brink 1, Assen"), Origin(road="N376"), Origin(unknown=True)]
)
def test_a_name_an_address_a_road_or_an_explicit_unknown_says_where_it_comes_from(origin):
    assert missing(replace(door(), origin=origin)) == []


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        (Reason.UNKNOWN, "hazard_lead"),
        (Reason.PRESENT, "permission_lead"),
        (Reason.UNREPORTED, "report_lead"),
        (Reason.TAR, "hazard_lead"),
    ],
)
def test_each_hazard_that_shuts_the_gate_is_named_with_the_field_that_opens_it(reason, field):
    (lacking,) = completeness(door(), [Block(reason, Hazard.LEAD)]).missing_to_publish
    assert (lacking.step, lacking.field, lacking.hazard) == (Step.HAZARDS, field, Hazard.LEAD)


def test_a_hazard_that_is_shut_twice_is_named_by_the_graver_reason():
    blocks = [Block(Reason.UNKNOWN, Hazard.ASBESTOS), Block(Reason.UNREPORTED, Hazard.ASBESTOS)]
    (lacking,) = completeness(door(), blocks).missing_to_publish
    assert lacking.field == "hazard_asbestos"


def test_a_kind_that_may_never_be_offered_is_never_complete():
    assert missing(door(), Block(Reason.BANNED)) == ["category"]


def test_a_proposed_composition_is_enough_and_half_of_one_is_not_all():
    halfway = replace(door(), composition=(Component("hout", Decimal("0.5"), reused=Decimal(1)),))
    assert missing(halfway) == []
    assert "composition_whole" in keys(completeness(halfway, []).missing_besides)


def test_sizes_are_not_asked_of_what_is_weighed():
    sand = replace(
        door(), classification=Classification("sand", "Zand", "Sand"), unit="t", figures=door().figures[:2], photos=()
    )
    assert "sizes" not in keys(completeness(sand, []).requirements)


class TestWorks:
    def test_a_road_with_layers_may_be_published_without_a_composition(self):
        assert missing(road()) == ["scenario"]
        assert missing(work(layer(pak10=Decimal(75)))) == []

    def test_a_section_without_layers_is_no_part(self):
        assert missing(work()) == ["parts", "composition"]

    def test_a_layer_with_tar_holds_it_up_at_the_field_of_that_layer(self):
        (lacking,) = completeness(
            work(layer(), layer(id="B", pak10=Decimal("75.1"), pak10_report="L-1")), []
        ).missing_to_publish
        assert (lacking.key, lacking.field) == ("tar", "sections-0-layers-1-pak10")

    @pytest.mark.parametrize(
        ("change", "asked"),
        [
            ({}, True),
            ({"laid_year": 1995}, False),
            ({"laid_year": None}, True),
            ({"pak10": Decimal(3)}, False),
            ({"kind": LayerKind.FOUNDATION}, False),
        ],
    )
    def test_pak10_is_asked_of_asphalt_of_before_1995_and_of_nobody_knows_when(self, change, asked):
        found = completeness(work(layer(**change)), [])
        assert ("pak10" in keys(found.missing_besides)) is asked
        assert "parts" not in keys(found.missing_to_publish)


def test_requirements_come_in_the_order_of_the_steps():
    steps = [list(Step).index(one.step) for one in completeness(road(), []).requirements]
    assert steps == sorted(steps)
