"""`flask matching solve` plans a problem from a file, and refuses a bad one with one sentence."""

import importlib
import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from marketplace.cli.commands import register
from marketplace.kit.database import commit
from marketplace.matching.files import read_plan
from marketplace.projects.models import Grade
from tests.factories import make_listing, make_need, make_organisation, make_project

FOLDER = Path(__file__).parents[3] / "shared" / "matching"
CASES = json.loads((FOLDER / "hand_cases.json").read_text()) if FOLDER.is_dir() else []
beside_the_project = pytest.mark.skipif(not FOLDER.is_dir(), reason="the optional folder ../shared/matching is absent")

PROBLEM = {
    "params": {"eur_per_tkm": 0.12, "trip_eur": 95, "kerf_mm": 5, "road": 1.3},
    "lots": [
        {
            "id": "deuren", "cat": "door", "qty": 40, "price": 15, "kg": 20, "m3": 0.08, "xy": [0, 0], "win": [1, 9],
            "dim": [2115, 930, 40], "grade": "B", "haz": "clean", "min_take": 1, "divisible": False,
        }
    ],
    "needs": [
        {
            "id": "school", "cats": ["door"], "qty": 30, "new_eur": 95, "mki_eur": 5, "xy": [0, 0], "win": [3, 5],
            "dim": [2115, 930, 40], "tol_mm": 5, "cut": False, "grade": "C", "max_km": 10, "max_price": None,
        },
        {
            "id": "elders", "cats": ["window"], "qty": 3, "new_eur": 95, "mki_eur": 5, "xy": [0, 0], "win": [3, 5],
            "dim": None, "grade": "C", "max_km": 10, "max_price": None,
        },
    ],
    "hubs": [],
    "fixed": [],
}  # fmt: skip


@pytest.fixture
def run():
    """Run the command in an application that has nothing else: it needs no database."""
    app = Flask("terminal")
    register(app)
    return lambda *args: app.test_cli_runner().invoke(args=["matching", "solve", *map(str, args)])


@pytest.fixture
def problem(tmp_path):
    path = tmp_path / "instance.json"
    path.write_text(json.dumps(PROBLEM))
    return path


@pytest.fixture
def judge(monkeypatch):
    """The judge beside the project, forgotten afterwards: its modules have names that others may have too."""
    monkeypatch.syspath_prepend(str(FOLDER))
    known = set(sys.modules)
    yield importlib.import_module("judge").judge
    for name in set(sys.modules) - known:
        del sys.modules[name]


@beside_the_project
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_published_case_is_accepted_at_its_value(run, judge, case):
    result = run(FOLDER / "hand_cases.json", "--case", case["id"])
    assert result.exit_code == 0
    value, faults = judge(case, json.loads(result.stdout))
    assert faults == []
    assert value == pytest.approx(case["expect_value"], abs=0.01)


def test_the_plan_stands_alone_on_standard_output(run, problem):
    result = run(problem)
    assert result.exit_code == 0
    plan = read_plan(result.stdout)
    assert [(match.lot, match.need, match.quantity) for match in plan.matches] == [("deuren", "school", 30)]
    assert plan.value == pytest.approx(30 * (95 + 5 - 15))
    assert result.stderr == (
        "EUR 2550.00; matches 1, of which through a hub 0; lots 1 of 1; needs 1 of 2, of which in full 1\n"
    )


def test_the_plan_goes_to_a_file_where_one_is_named(run, problem, tmp_path):
    result = run(problem, "--out", tmp_path / "plan.json", "--seed", "3", "--effort", "0")
    assert (result.exit_code, result.stdout) == (0, "")
    assert read_plan((tmp_path / "plan.json").read_text()).value == pytest.approx(2550)


def refusal(result):
    """Return the sentence of a refusal, which stands alone on standard error."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def test_a_missing_file_is_named(run, tmp_path):
    assert "nergens.json is niet te lezen" in refusal(run(tmp_path / "nergens.json"))


def test_what_is_no_json_is_refused(run, tmp_path):
    (tmp_path / "brief.json").write_text("Beste hub,")
    assert refusal(run(tmp_path / "brief.json")).startswith("Dit is geen JSON:")


def test_a_wrong_field_is_named_with_its_place(run, problem):
    bad = json.loads(problem.read_text())
    bad["needs"][1]["max_km"] = -1
    problem.write_text(json.dumps(bad))
    assert refusal(run(problem)) == "In behoefte elders klopt het veld “max_km” niet: dit mag niet negatief zijn.\n"


def test_a_list_of_problems_needs_a_choice(run, problem):
    problem.write_text(json.dumps([{"id": "eerste", **PROBLEM}]))
    assert "Er zijn: eerste." in refusal(run(problem))
    assert "Geval tweede bestaat niet." in refusal(run(problem, "--case", "tweede"))
    assert run(problem, "--case", "eerste").exit_code == 0


def test_a_reservation_that_cannot_be_kept_is_refused(run, problem):
    bad = json.loads(problem.read_text())
    bad["fixed"] = [["deuren", "elders", 2]]
    problem.write_text(json.dumps(bad))
    assert "De reservering van deuren voor elders past niet" in refusal(run(problem))


def test_a_plan_that_cannot_be_written_is_said(run, problem, tmp_path):
    assert "is niet te schrijven" in refusal(run(problem, "--out", tmp_path))


class TestOnTheDatabase:
    """`flask matching run` and `explain`, in words that a script can read."""

    @pytest.fixture
    def invoke(self, context):
        return lambda *args: context.test_cli_runner().invoke(args=["matching", *map(str, args)])

    def test_run_plans_the_market_and_says_what_it_is_worth(self, invoke):
        make_need()
        make_listing(price_eur=Decimal("60.00"))
        commit()
        first = invoke("run", "--effort", "0")
        assert first.exit_code == 0, first.output
        assert "1 lots, 1 needs, problem " in first.output
        make_listing(price_eur=Decimal("5.00"))
        commit()
        second = invoke("run", "--effort", "0", "--seed", "3")
        assert "better plans on offer: 1, together EUR 1100.00" in second.output
        standing = [line for output in (first, second) for line in output.output.splitlines() if "standing" in line]
        assert standing[0] == standing[1], "nothing is imposed"

    def test_explain_tells_the_terms_to_the_cent_and_the_next_best_use(self, invoke):
        lot, need = make_listing(), make_need()
        other = make_need(make_project(name="Tweede huis"), title="Deuren", new_eur=Decimal(80))
        commit()
        invoke("run", "--effort", "0")
        output = invoke("explain", lot.reference.lower(), need.reference).output
        assert output.startswith("proposed: 20.000 for the need, 20.000 of the lot, EUR ")
        terms = [Decimal(line.split()[-1]) for line in output.splitlines() if line.startswith("  ")]
        assert len(terms) == 7
        assert sum(terms[:-1]) == terms[-1]
        assert f"next best use of the lot: {other.reference} “Deuren” (Tweede huis), EUR " in output

    def test_explain_tells_every_broken_rule_with_its_margin(self, invoke):
        lot, need = make_listing(length_mm=2015, grade=Grade.D), make_need(length_min=2100, length_max=2130)
        commit()
        lines = invoke("explain", lot.reference, need.reference).output.splitlines()
        assert lines == ["not proposed", "broken rule: grade: 1 grade", "broken rule: too_short: 85 mm, size 1"]

    def test_explain_tells_that_a_lot_is_offered_by_who_plans_the_need(self, invoke):
        builder = make_organisation()
        lot, need = make_listing(builder), make_need(make_project(builder))
        commit()
        invoke("run", "--effort", "0")
        first, *ways = invoke("explain", lot.reference, need.reference).output.splitlines()
        assert first == "not proposed: who plans the need offers the lot, and nobody reserves of themselves"
        assert ways, "it fits nevertheless"

    def test_an_unknown_reference_is_refused_with_one_sentence(self, invoke):
        result = invoke("explain", "BESTAATNIET", "OOKNIET")
        assert result.exit_code == 2
        assert len(result.output.splitlines()) == 1
