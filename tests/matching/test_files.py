import copy
import json
import math
from dataclasses import replace

import pytest

from marketplace.kit.errors import InvalidInputError
from marketplace.matching.files import read_instance, read_plan, write_instance, write_plan
from marketplace.matching.optimizer import plan
from marketplace.matching.problem import Fixed, Params
from tests.matching.examples import beams, cut_to, hub, instance, lot, need, within

WRITTEN = {
    "id": "H1",
    "params": {"eur_per_tkm": 0.1, "trip_eur": 100, "kerf_mm": 5, "road": 1.3},
    "lots": [
        {
            "id": "A",
            "cat": "beam",
            "qty": 10,
            "price": 30,
            "kg": 60,
            "xy": [0, -3],
            "win": [0, 10],
            "dim": [6000, 75, 200],
            "m3": 0.1,
            "grade": "B",
            "haz": "clean",
            "min_take": 1,
            "divisible": False,
        }
    ],
    "needs": [
        {
            "id": "n1",
            "cats": ["beam"],
            "qty": 20,
            "new_eur": 40,
            "mki_eur": 2,
            "xy": [0, 0],
            "win": [0, 10],
            "dim": [2900, 75, 200],
            "grade": "C",
            "max_km": 100,
            "tol_mm": 10,
            "cut": True,
            "max_price": None,
            "accepts_untested": False,
            "min_batch": 1,
        }
    ],
    "hubs": [{"id": "Zwolle", "xy": [28, 12], "cap_m3": 100, "handle": 4.5, "store": 0.55}],
    "fixed": [["A", "n1", 2]],
}


def changed(part, field, value):
    document = copy.deepcopy(WRITTEN)
    entry = document[part] if part in ("params", "fixed") else document[part][0]
    entry[field] = value
    return json.dumps(document)


def refusal(text, case=None):
    with pytest.raises(InvalidInputError) as caught:
        read_instance(text, case)
    return str(caught.value)


def test_a_file_is_read_field_by_field():
    read = read_instance(json.dumps(WRITTEN))
    assert (read.params.road, read.params.kerf_mm) == (1.3, 5)
    assert read.lots[0].xy == (0, -3)
    assert read.lots[0].dims == (6000, 75, 200)
    assert read.needs[0].windows == ((2900, 2900), (65, 85), (190, 210))
    assert read.needs[0].cut_mm == 2900
    assert read.hubs[0].capacity_m3 == 100
    assert read.fixed == (Fixed("A", "n1", 2),)


def test_without_cutting_the_tolerance_goes_both_ways():
    need_read = read_instance(changed("needs", "cut", value=False)).needs[0]
    assert need_read.windows == ((2890, 2910), (65, 85), (190, 210))
    assert need_read.cut_mm is None


@pytest.mark.parametrize(
    "a_need",
    [
        need(),
        need(windows=None),
        cut_to(2900),
        need(windows=((5300, 5600), (0, 1000), (0, 50)), max_price=12.5, accepts_untested=True, min_batch=3),
        need(windows=((5300, math.inf), (0, math.inf))),
        need(windows=within(50)),
    ],
)
def test_what_is_written_is_read_back(a_need):
    whole = instance([lot(), beams()], [a_need], hubs=(hub(),), fixed=(Fixed("deuren", a_need.id, 2),))
    assert read_instance(write_instance(whole)) == whole


def test_units_rates_and_dismissed_pairs_are_read_back():
    tiles = lot("tegels", unit="m2", holds=(("piece", 11.1), ("t", 0.18)), divisible=True)
    open_ended = ((-math.inf, math.inf), (600.0, math.inf), (-math.inf, 40.0))
    own = Params(eur_per_tkm=0.2, trip_eur=50, kerf_mm=3, road=1.3)
    school = need("school", unit="piece", whole=True, windows=open_ended, params=own, posted=1764158000.25)
    problem = replace(instance([tiles], [school]), excluded=frozenset({("tegels", "school")}))
    assert read_instance(write_instance(problem)) == problem


def test_a_plan_is_written_and_read_back():
    found = plan(instance([lot()], [need()]))
    assert found.matches
    assert read_plan(write_plan(found)) == found
    assert set(json.loads(write_plan(found))["matches"][0]) == {"lot", "need", "hub", "quantity", "value", "terms"}


@pytest.mark.parametrize("part", ["params", "lots", "needs", "hubs", "fixed"])
def test_a_missing_part_is_named(part):
    assert f"“{part}”" in refusal(json.dumps({key: value for key, value in WRITTEN.items() if key != part}))


@pytest.mark.parametrize(
    ("part", "field"),
    [("params", "road")]
    + [("lots", field) for field in WRITTEN["lots"][0]]
    + [("needs", field) for field in WRITTEN["needs"][0] if field not in ("max_price", "accepts_untested", "min_batch")]
    + [("hubs", field) for field in WRITTEN["hubs"][0]],
)
def test_a_missing_field_is_named(part, field):
    document = copy.deepcopy(WRITTEN)
    del (document[part] if part == "params" else document[part][0])[field]
    assert f"ontbreekt het veld “{field}”" in refusal(json.dumps(document))


@pytest.mark.parametrize(
    ("part", "field", "value", "reason"),
    [
        ("lots", "qty", -1, "mag niet negatief"),
        ("lots", "qty", "tien", "moet een getal"),
        ("lots", "qty", True, "moet een getal"),
        ("lots", "qty", None, "moet een getal"),
        ("lots", "price", math.nan, "eindig"),
        ("lots", "kg", math.inf, "eindig"),
        ("lots", "kg", 10**400, "eindig"),
        ("lots", "kg", 1e15, "te groot"),
        ("lots", "win", [0, 1e300], "te groot"),
        ("lots", "id", "\ud800", "tekst"),
        ("lots", "win", [5, 4], "eerste week"),
        ("lots", "win", [0.5, 4], "heel getal"),
        ("lots", "win", [1], "aantal"),
        ("lots", "xy", [1, 2, 3], "aantal"),
        ("lots", "xy", "Assen", "lijst"),
        ("lots", "dim", [0, 75, 200], "groter dan 0"),
        ("lots", "dim", [], "aantal"),
        ("lots", "grade", "E", "A, B, C of D"),
        ("lots", "haz", "", "tekst"),
        ("lots", "divisible", 1, "true of false"),
        ("lots", "unit", 3, "tekst"),
        ("lots", "holds", [["m2"]], "elke andere eenheid"),
        ("needs", "cats", [], "soorten"),
        ("needs", "cats", [3], "soorten"),
        ("needs", "tol_mm", -1, "negatief"),
        ("needs", "max_price", "duur", "getal"),
        ("needs", "windows", [[5, 4]], "ondergrens"),
        ("needs", "windows", [5], "ondergrens"),
        ("needs", "id", 7, "tekst"),
        ("hubs", "cap_m3", -3, "negatief"),
        ("params", "road", "ver", "getal"),
    ],
)
def test_a_wrong_field_is_named_with_the_reason(part, field, value, reason):
    sentence = refusal(changed(part, field, value))
    assert f"“{field}”" in sentence
    assert reason in sentence


@pytest.mark.parametrize("part", ["lots", "needs", "hubs"])
def test_an_id_that_occurs_twice_is_refused(part):
    document = copy.deepcopy(WRITTEN)
    document[part] *= 2
    assert "twee keer" in refusal(json.dumps(document))


@pytest.mark.parametrize("entry", [["B", "n1", 1], ["A", "n2", 1], [["A"], "n1", 1]])
def test_a_reservation_of_something_unknown_is_refused(entry):
    assert "die is er niet" in refusal(changed("fixed", 0, entry))


@pytest.mark.parametrize(
    ("entry", "reason"), [(["A", "n1"], "bestaat uit"), ("A", "bestaat uit"), (["A", "n1", -1], "negatief")]
)
def test_a_reservation_without_a_sound_quantity_is_refused(entry, reason):
    assert reason in refusal(changed("fixed", 0, entry))


@pytest.mark.parametrize("entry", ["A", ["A"], ["A", 3], ["A", "n1", "n2"]])
def test_a_dismissed_pair_of_another_shape_is_refused(entry):
    with pytest.raises(InvalidInputError, match="elk paar bestaat uit een partij en een behoefte"):
        read_instance(json.dumps({**WRITTEN, "excluded": [entry]}))


@pytest.mark.parametrize("text", ["", "{", "geen json", '{"a": }'])
def test_what_is_not_json_is_refused(text):
    assert refusal(text).startswith("Dit is geen JSON")


def test_json_without_end_is_refused():
    assert "te diep" in refusal("[" * 200_000)


@pytest.mark.parametrize("text", ["3", "null", '"tekst"'])
def test_json_of_another_shape_is_refused(text):
    assert "JSON-object" in refusal(text)


def test_a_list_of_cases_asks_which_one():
    cases = json.dumps([WRITTEN, WRITTEN | {"id": "H2", "fixed": []}])
    assert "--case" in refusal(cases)
    assert "H1, H2" in refusal(cases, "H3")
    assert read_instance(cases, "H2").fixed == ()


def test_a_plan_of_another_shape_is_refused():
    with pytest.raises(InvalidInputError, match="ontbreekt het veld “value”"):
        read_plan("{}")
