"""The vectors of GS1's reference engine, and the table of identifiers against the dictionary it was made from."""

import json
import re
from pathlib import Path

import pytest

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.tables import read_table
from marketplace.passports.gs1.digital_link import CANONICAL_BASE, Element, generate, parse
from marketplace.passports.gs1.identifiers import find_identifier
from marketplace.passports.gs1.values import CHECK_RULES, RULES

FOLDER = Path(__file__).parents[4] / "shared" / "standards" / "gs1"
VECTORS = json.loads((FOLDER / "digital-link-vectors.json").read_text("utf-8")) if FOLDER.is_dir() else {}
UNLISTED = {"couponcode", "couponposoffer", "iso3166", "iso3166999", "iso4217", "mediatype", "packagetype"}
"""Rules that ask for a list of codes or for the inside of a coupon: these are not checked."""

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the optional folder ../shared/standards is not there")


def elements_of(text):
    return tuple(Element(*found) for found in re.findall(r"\((\d{2,4})\)([^()]*)", text))


def named(cases, key):
    return [pytest.param(case, id=f"{number}-{case[key]}") for number, case in enumerate(cases)]


def test_no_vector_is_missing():
    assert [len(VECTORS["parse"]), len(VECTORS["generate"])] == [98, 21]


@pytest.mark.parametrize("case", named([case for case in VECTORS.get("parse", ()) if case["valid"]], "uri"))
def test_a_valid_address_says_what_the_engine_reads(case):
    link = parse(case["uri"])
    assert (link.element_string, link.readable) == (case["element_string"], case["ai"])


@pytest.mark.parametrize("case", named([case for case in VECTORS.get("parse", ()) if not case["valid"]], "uri"))
def test_an_invalid_address_is_refused(case):
    with pytest.raises(InvalidInputError):
        parse(case["uri"])


@pytest.mark.parametrize("case", named([case for case in VECTORS.get("generate", ()) if case["ok"]], "ai"))
def test_an_address_is_written_as_the_engine_writes_it(case):
    assert generate(elements_of(case["ai"]), case["stem"] or CANONICAL_BASE) == case["uri"]


@pytest.mark.parametrize("case", named([case for case in VECTORS.get("generate", ()) if not case["ok"]], "ai"))
def test_what_the_engine_does_not_write_is_refused(case):
    with pytest.raises(InvalidInputError):
        generate(elements_of(case["ai"]), case["stem"])


def rows_of_dictionary():
    """Return the rows that the table must have, read anew: identifiers, flags, format, attributes and title."""
    for line in (FOLDER / "gs1-syntax-dictionary.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, title = line.partition(" # ")
            ais, flags, form, rest = re.fullmatch(
                r"(\S+)\s+([*?]*)\s*((?:\[?[NXYZ][^\s=]*\s*)+)((?:(?:req|ex|dlpkey)\S*\s*)*)", head
            ).groups()
            attributes = dict((part + "=alone").split("=")[:2] for part in rest.split())
            flagged = ["yes" if flag in flags else "" for flag in "*?"]
            stated = [attributes.get(name, "") for name in ("req", "ex", "dlpkey")]
            yield [ais, *flagged, " ".join(form.split()), *stated, title.strip()]


def test_the_table_is_the_dictionary():
    table = read_table("marketplace.passports", "gs1_identifiers")
    assert [list(row.values()) for row in table] == list(rows_of_dictionary())
    assert len(table) == 224


def test_every_rule_of_the_dictionary_is_checked_or_named_as_unchecked():
    firsts = [row[0].partition("-")[0] for row in rows_of_dictionary()]
    used = {rule for ai in firsts for part in find_identifier(ai).components for rule in part.rules}
    assert used - RULES.keys() - CHECK_RULES.keys() == UNLISTED
    assert RULES.keys() | CHECK_RULES.keys() <= used
