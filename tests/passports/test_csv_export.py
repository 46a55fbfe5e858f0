"""Passports for spreadsheets: nothing in a cell is run, and numbers stay numbers."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from marketplace.passports.csv_export import cell, facts_of, guarded, spreadsheet
from tests.passports.documents import beams, building, door, road

RISKY = [
    "=1+1",
    '=HYPERLINK("https://evil.example")',
    "+31 6 12345678",
    "-2+3+cmd|' /C calc'!A0",
    "-",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\N{NO-BREAK SPACE}=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\0=1+1",
    "-1e5",
    "-1.000,5",
]
SAFE = ["Deur", "2 = 2", "a-b", "-5", "-12,5", "-12.5", "", "'=1", "100 %", "é", "1+1"]


def read(content: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("text", RISKY)
def test_a_text_that_begins_a_formula_is_guarded(text):
    assert guarded(text).startswith("'")


@pytest.mark.parametrize("text", SAFE)
def test_any_other_text_is_left_alone(text):
    assert guarded(text) == text


def test_numbers_stay_numbers_also_below_zero():
    assert cell(Decimal("-12.40"), ",") == "-12,40"
    assert cell(Decimal("1E+3")) == "1000"
    assert cell(-3) == "-3"
    assert cell(None) == ""
    assert cell(date(2026, 3, 2)) == "2026-03-02"


@pytest.mark.parametrize(("language", "delimiter", "number"), [("nl", ";", "1,5"), ("en", ",", "1.5")])
def test_what_is_in_a_cell_stays_in_its_cell(language, delimiter, number):
    hostile = 'a;b,"c"\r\n=1+1\nd'
    content = spreadsheet([[hostile, Decimal("1.5")], ["tweede", None]], language=language)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content, delimiter) == [[hostile, number], ["tweede", ""]]


def test_every_cell_is_quoted_so_that_no_other_separator_splits_it():
    assert spreadsheet([["a,=1+1", 5]], language="nl").decode("utf-8-sig") == '"a,=1+1";"5"\r\n'


def test_everything_that_counts_of_a_door_is_a_row():
    facts = {(fact.group, fact.field): fact for fact in facts_of(door())}
    assert facts["figure", "mass"].value == Decimal("28.5")
    assert (facts["figure", "mass"].unit, facts["figure", "mass"].known) == ("KGM", "measured")
    lead = facts["hazard", "lead"]
    assert (lead.value, lead.unit, lead.known, lead.report, lead.on) == (
        Decimal(840),
        "mg/kg",
        "present",
        "L-2026-7",
        date(2026, 2, 18),
    )
    assert facts["environment", "gwp"].value == Decimal("3.3")
    assert facts["test", "sluiting"].known == "failed"


def test_layers_and_elements_of_works_are_rows_and_an_unknown_origin_says_so():
    layers = [fact.field for fact in facts_of(road()) if fact.group == "layer"]
    assert layers == ["V1/L1", "V1/L2", "V1/L3", "V2/L1", "V2/L2"]
    assert [fact.field for fact in facts_of(building()) if fact.group == "element"] == ["E1", "E2"]
    assert [fact.known for fact in facts_of(beams()) if fact.group == "origin"] == ["unknown"]
