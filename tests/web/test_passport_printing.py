"""What is printed of a passport, in both languages: numbers, dates and words as people write them."""

from dataclasses import fields, is_dataclass

import msgspec
import pypdfium2
import pytest
from flask_babel import force_locale

from marketplace.passports.details import Work
from marketplace.passports.pdf import passport_pdf
from marketplace.web.passports.printing import sheet_of
from tests.passports.documents import beams, building, door, road

SIGNED = b"{}"


def sheet(document, language="nl", **more):
    with force_locale(language):
        return sheet_of(document, signed=SIGNED, signer="did:web:hub.example", **more)


def texts(value) -> list[str]:
    """Return every text of a sheet."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [text for field in fields(value) for text in texts(getattr(value, field.name))]
    return [text for each in value for text in texts(each)] if isinstance(value, tuple) else []


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context():
        yield


def test_numbers_dates_and_units_are_dutch():
    found = texts(sheet(door()))
    assert {"28,5 ± 0,5 kg", "2.115 ± 1 mm", "0,0787 m³", "2 mrt 2026, 10:30", "€ 4,12 per st", "60 %"} <= set(found)
    assert "−12,4 kg CO₂-eq per st" in found


def test_numbers_dates_and_units_are_english():
    found = texts(sheet(door(), "en"))
    assert {"28.5 ± 0.5 kg", "2,115 ± 1 mm", "0.0787 m³", "2 Mar 2026, 10:30", "Sweden"} <= set(found)


def test_everything_that_a_door_states_is_on_paper():
    found = " ".join(texts(sheet(door())))
    for stated in (
        "Hub Assen", "did:web:hub.example", "0106100000012345", "kras bij het slot", "NEN 2767", "hergebruik als deur",
        "L-2026-7", "fabrikant", "NEN-EN 1634-1", "rapport T-1", "niet gehaald", "Scharnieren losschroeven.", "set A2",
        "A1, A2, A3", "NMD-categorie 3", "25 jaar", "R3", "Bureau Keur", "9ABC-DEFG-HJKM-N", "0a" * 32, "f3" * 32,
        "0,27",
    ):  # fmt: skip
        assert stated in found, stated


def test_what_is_found_or_unknown_of_hazards_comes_first_with_its_warning():
    (hazards,) = (part for part in sheet(door()).sections if part.title == "Gevaarlijke stoffen")
    table, warning = hazards.blocks
    assert [row[0] for row in table.rows] == ["Lood (verf of stabilisator)", "PFAS", "Asbest"]
    assert [row[2].ticks for row in table.rows] == [3, 0, 3]
    assert warning.is_warning


def test_an_unknown_origin_is_said_and_what_is_not_stated_has_no_section():
    sections = {part.title: part for part in sheet(beams()).sections}
    assert sections["Herkomst"].blocks[0].is_warning
    assert "Proeven" not in sections
    assert "Samenstelling" not in sections


def road_of(count: int):
    section = road().work.sections[0]
    work = Work(sections=tuple(msgspec.structs.replace(section, id=f"V{n}") for n in range(1, count + 1)))
    return msgspec.structs.replace(road(), work=work)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_road_is_printed_by_section_and_layer(language):
    made = sheet(road_of(5), language)
    content = passport_pdf(made, SIGNED)
    with pypdfium2.PdfDocument(content) as pdf:
        assert len(pdf) > 1
    layers = next(part for part in made.sections if len(part.blocks) == 5)
    assert all(len(table.rows) == 3 for table in layers.blocks)
    found = texts(layers)
    point = "." if language == "en" else ","
    assert f"191{point}1 t" in found
    assert any("9ABC-DEFG-HJKM-N" in text for text in found)
    assert any("set A1; A1, A2, A3, A4, A5" in text for text in found)


def test_a_building_is_printed_by_element():
    found = texts(sheet(building()))
    assert {"Binnendeuren", "84 st", "2.394 kg", "412,5 m", "3.300,75 kg"} <= set(found)


def test_an_example_and_a_withdrawn_passport_say_so():
    assert sheet(door()).warning
    assert sheet(beams()).warning == ""
    assert "ingetrokken" in sheet(beams(), is_withdrawn=True).warning
