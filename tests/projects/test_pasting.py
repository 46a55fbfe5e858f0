"""A list from a spreadsheet: in any order, in both languages, and with the mistake shown where it stands."""

from datetime import date
from decimal import Decimal

import pytest
from flask_babel import gettext
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kit.errors import InvalidInputError, MarketplaceError
from marketplace.kit.quantities import Quantity, Unit
from marketplace.materials.meaning import resolve
from marketplace.materials.vocabulary import categories, get_category
from marketplace.projects.models import Grade
from marketplace.projects.pasted import LABELS, MOST_CHARACTERS, MOST_ROWS, Column, table_of
from marketplace.projects.pasting import read_row

WINDOW = (date(2027, 1, 1), date(2027, 12, 31))
SOUND = {
    Column.CATEGORY: "binnendeur",
    Column.QUANTITY: "20",
    Column.UNIT: "st",
    Column.NEW_EUR: "95",
}


def read(language="nl", chosen=None, **more):
    texts = SOUND | {Column(name): text for name, text in more.items()}
    return read_row(texts, window=WINDOW, language=language, chosen=chosen)


def facts(**more):
    reading = read(**more)
    assert reading.facts, {column: cell.error for column, cell in reading.cells.items() if cell.error}
    return reading.facts


def sentence(column, **more):
    reading = read(**more)
    assert reading.facts is None
    assert reading.missing == (Column(column),)
    return str(reading.cells[Column(column)].error)


class TestTable:
    def test_a_row_without_headings_is_read_in_the_order_that_is_told(self):
        table = table_of("binnendeur;20;st;2115 x 930;mrt 2027;;95;40;B;60;;Deuren begane grond;Met kozijn")
        assert table.rows == (
            {
                Column.CATEGORY: "binnendeur",
                Column.QUANTITY: "20",
                Column.UNIT: "st",
                Column.SIZES: "2115 x 930",
                Column.FROM: "mrt 2027",
                Column.NEW_EUR: "95",
                Column.MAX_PRICE: "40",
                Column.GRADE: "B",
                Column.MAX_KM: "60",
                Column.TITLE: "Deuren begane grond",
                Column.NOTE: "Met kozijn",
            },
        )

    @pytest.mark.parametrize("headings", ["Uiterlijk op\tHoeveelheid\tMateriaal", "Needed by\tQuantity\tMaterial"])
    def test_headings_in_either_language_and_any_order_are_understood(self, headings):
        table = table_of(f"{headings}\n1-5-2027\t20\tbinnendeur\n\n\t3\tkozijn\r\n")
        assert table.columns == (Column.CATEGORY, Column.QUANTITY, Column.UNTIL)
        assert [row[Column.QUANTITY] for row in table.rows] == ["20", "3"]

    @pytest.mark.parametrize("locale", ["nl", "en"])
    def test_every_column_is_recognised_by_what_it_is_called_on_the_page(self, context, locale):
        with context.test_request_context(headers={"Accept-Language": locale}):
            for column, label in LABELS.items():
                assert table_of(f"{gettext(label)};Materiaal;Hoeveel\na;b;c").rows[0][column], label

    def test_what_is_not_understood_is_named_and_not_guessed(self):
        table = table_of("Materiaal;Bestek;Aantal;Naam;Omschrijving;Leeg\ndeur;21.10;3;Deuren;Dicht;\nkozijn;;4;;;")
        assert table.ignored == ("Bestek", "Omschrijving")
        assert table.rows[0][Column.TITLE] == "Deuren"

    def test_more_cells_than_columns_are_named_by_their_number(self):
        assert table_of("Materiaal;Aantal\ndeur;3;4").ignored == ("3",)

    def test_a_unit_in_a_heading_counts_for_its_cells(self):
        (row,) = table_of("Materiaal;Aantal (m2);Lengte (cm);Dikte in mm\nplaat;3;211;40").rows
        assert (row[Column.UNIT], row[Column.LENGTH], row[Column.THICKNESS]) == ("m2", "211 cm", "40")

    def test_a_number_is_of_pieces_unless_a_column_says_otherwise(self):
        rows = table_of("Materiaal;Aantal;Eenheid\nbalk;3;\nbalk;3;m").rows
        assert [row[Column.UNIT] for row in rows] == ["st", "m"]
        assert Column.UNIT not in table_of("Materiaal;Hoeveel\nbalk;3").rows[0]

    def test_two_columns_with_the_ends_of_a_size_are_one_window(self):
        rows = table_of("Materiaal;Lengte min;Max. lengte (mm)\nbalk;5300;5600\nbalk;5300;\nbalk;;5600").rows
        assert [row[Column.LENGTH] for row in rows] == ["5300 - 5600", "min 5300", "max 5600"]

    def test_cells_with_line_ends_and_inches_do_not_swallow_rows(self):
        assert len(table_of('deur;"twee\nregels; met punt"\nkozijn;3').rows) == 2
        assert len(table_of('buis 2";4\nbuis;3').rows) == 2

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (" \n\t\n", "Plak hier"),
            ("een lijst\nzonder cellen", "geen kolommen"),
            ("Materiaal;Aantal", "alleen koppen"),
            ("deur;1\n" * (MOST_ROWS + 1), "201 rijen"),
            ("x" * (MOST_CHARACTERS + 1), "100.000 tekens"),
        ],
    )
    def test_what_is_no_list_is_refused_with_a_sentence(self, text, said):
        with pytest.raises(InvalidInputError, match=said) as refused:
            table_of(text)
        assert refused.value.field == "text"


class TestRow:
    def test_a_whole_row_becomes_a_need(self):
        found = facts(
            category="houten balk",
            quantity="1.334",
            unit="stuks",
            length="5.300-5.600",
            width="71",
            wanted_from="mrt 2027",
            wanted_until="week 12 2027",
            new_eur="€ 46,50",
            max_price="24,-",
            grade="B of beter",
            max_km="60 km",
            substitutes="vloerplank",
            accepts_untested="ja",
            min_batch="20",
            note="Recht",
        )
        assert found.category == "timber_joist"
        assert found.title.startswith("Houten balk")
        assert found.quantity == Quantity(Decimal(1334), Unit.PIECE)
        assert (found.length, found.width, found.height) == ((5300, 5600), (71, None), None)
        assert (found.wanted_from, found.wanted_until) == (date(2027, 3, 1), date(2027, 3, 28))
        assert (found.new_eur, found.max_price) == (Decimal("46.50"), Decimal(24))
        assert (found.grade, found.max_km, found.accepts_untested) == (Grade.B, 60, True)
        assert (found.min_batch, found.note, len(found.substitutes)) == (Decimal(20), "Recht", 1)

    def test_what_may_be_left_open_is(self):
        found = facts()
        assert (found.wanted_from, found.wanted_until) == WINDOW
        assert (found.grade, found.max_km, found.max_price, found.accepts_untested) == (Grade.C, 50, None, False)

    @pytest.mark.parametrize("begins", ["feb 2027", "week 5 2027", "1-2-2027"])
    def test_without_a_last_day_it_is_wanted_until_the_project_ends(self, begins):
        found = facts(wanted_from=begins)
        assert (found.wanted_from, found.wanted_until) == (date(2027, 2, 1), WINDOW[1])
        assert facts(wanted_from="feb 2027", wanted_until="feb 2027").wanted_until == date(2027, 2, 28)

    def test_numbers_are_read_as_the_reader_writes_them(self):
        assert facts(new_eur="1.234,50").new_eur == Decimal("1234.50")
        assert facts(language="en", new_eur="1,234.50").new_eur == Decimal("1234.50")

    def test_sizes_are_those_of_the_kind_by_their_own_names(self):
        door = get_category("door_interior")
        first = door.dimensions[0]
        assert facts(sizes="2115 x 930 mm").length == (2115, None)
        assert getattr(facts(**{first.name.value: "2.110-2.120"}), first.slot.value) == (2110, 2120)
        assert "vragen we hier" in sentence("diameter", diameter="40")
        assert "eigen kolom" in sentence("sizes", sizes="2115", **{first.name.value: "2115"})

    def test_the_unit_may_stand_behind_the_number_but_not_against_its_own_cell(self):
        assert facts(category="PIR isolatieplaat", unit="", quantity="12,5 m²").quantity == Quantity(
            Decimal("12.5"), Unit.M2
        )
        assert "andere eenheid" in sentence("unit", quantity="20 m2")
        assert "niet per m³ geteld" in sentence("unit", unit="kuub")

    def test_a_list_without_kinds_is_read_by_its_titles(self):
        found = facts(category="", title="binnendeur")
        assert (found.category, found.title) == ("door_interior", "binnendeur")

    def test_a_name_of_several_kinds_offers_them_and_a_choice_settles_it(self):
        reading = read(category="deur")
        cell = reading.cells[Column.CATEGORY]
        assert "van alles" in str(cell.error)
        assert get_category("door_interior") in cell.choices
        chosen = read(category="deur", chosen=get_category("door_interior"))
        assert chosen.facts
        assert chosen.facts.category == "door_interior"
        assert facts(category="door_exterior").category == "door_exterior"

    @pytest.mark.parametrize(
        ("column", "text", "said"),
        [
            ("category", "", "Vul in wat het is"),
            ("category", "qqq", "Niets gevonden"),
            ("quantity", "", "hoeveel"),
            ("quantity", "veel", "geen getal"),
            ("quantity", "0", "groter dan nul"),
            ("quantity", "2,5", "heel getal"),
            ("unit", "dozijn", "geen eenheid"),
            ("new_eur", "", "wat nieuw kost"),
            ("new_eur", "1,005", "2 cijfers"),
            ("wanted_from", "lente", "geen dag"),
            ("wanted_until", "1-1-2020", "vóór de eerste dag"),
            ("max_km", "2000", "1.000 km"),
            ("grade", "goed", "A, B, C of D"),
            ("accepts_untested", "misschien", "ja of nee"),
            ("substitutes", "deur", "Schrijf de hele naam"),
            ("min_batch", "30", "groter dan wat u nodig hebt"),
            ("title", "x", "twee tekens"),
            ("sizes", "2120-2110", "kleiner dan de kleinste"),
        ],
    )
    def test_a_mistake_is_told_at_its_cell_and_what_stood_there_is_kept(self, column, text, said):
        assert said in sentence(column, **{column: text})
        assert read(**{column: text}).cells[Column(column)].text == text

    def test_mistakes_are_told_all_at_once(self):
        assert read(quantity="veel", grade="?", length="kort").missing == (
            Column.QUANTITY,
            Column.LENGTH,
            Column.GRADE,
        )

    @pytest.mark.parametrize("kind", ["qqq", "deur", "binnendeur"])
    def test_also_while_it_is_not_known_what_it_is(self, kind):
        wrong = {"sizes": "2120-2110", "quantity": "2,5", "wanted_from": "mei 2027", "wanted_until": "april 2027"}
        expected = (Column.QUANTITY, Column.SIZES, Column.UNTIL)
        missing = read(category=kind, max_price="99000000", **wrong).missing
        assert missing == (*(() if kind == "binnendeur" else (Column.CATEGORY,)), *expected, Column.MAX_PRICE)


class TestNames:
    @pytest.mark.parametrize(
        ("cells", "category", "sizes"),
        [
            ({"category": "stalen balk HEA200"}, "steel_hea", ((None), (200, None), (190, None))),
            ({"category": "hea", "title": "Ligger HEA 240, as 3"}, "steel_hea", (None, (240, None), (230, None))),
            ({"category": "heb", "sizes": "HEB 200"}, "steel_heb", (None, (200, None), (200, None))),
            ({"category": "IPE 240", "length": "6 m"}, "steel_ipe", ((6000, None), (120, None), (240, None))),
            ({"category": "IPE 240", "sizes": "6000 x 120"}, "steel_ipe", ((6000, None), (120, None), (240, None))),
            (
                {"category": "HEA 210", "sizes": "6000 x 205 x 200"},
                "steel_hea",
                ((6000, None), (205, None), (200, None)),
            ),
        ],
    )
    def test_a_steel_section_says_its_width_and_height(self, cells, category, sizes):
        found = facts(unit="m", **cells)
        assert (found.category, (found.length, found.width, found.height)) == (category, sizes)

    @pytest.mark.parametrize(
        ("cells", "said"),
        [
            ({"category": "HEA 210"}, "“HEA 210” kennen we niet"),
            ({"category": "hea", "title": "Ligger IPE 200"}, "“IPE 200” kennen we niet bij Stalen ligger HEA"),
            ({"category": "HEA 200", "sizes": "6000 x 240"}, "HE 200 A is daar 200 mm"),
        ],
    )
    def test_a_section_that_is_not_taken_over_is_told(self, cells, said):
        assert said in sentence("sizes", unit="m", **cells)

    def test_a_type_is_kept_in_the_title(self):
        found = facts(category="radiator type 22")
        assert (found.category, found.title) == ("radiator", "Radiator type 22, 20 st")


def test_every_kind_is_meant_by_its_own_name():
    for category in categories():
        for name in (category.name_nl, category.name_en):
            assert resolve(name, None)[0] is category, name


PIECES = st.one_of(
    st.sampled_from(["binnendeur", "deur", "20", "1.334", "st", "m²", "5.300-5.600", "mrt 2027", "week 53 2027"]),
    st.sampled_from(["31-2-2027", "Aantal", "Materiaal", "lengte (cm)", "²", "٣", "²7", "0000", "€", ",-", "B", "km"]),
    st.sampled_from(["\t", ";", "\n", '"', "±", "min", "x", "-"]),
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_text_does_anything_but_be_read_or_refused(text):
    try:
        table = table_of(text)
    except MarketplaceError:
        return
    for row in table.rows:
        read_row(row, window=WINDOW, language="nl")


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(Column), TEXTS), st.sampled_from(["nl", "en"]))
def test_no_row_raises_and_a_row_without_mistakes_is_a_need(texts, language):
    reading = read_row(SOUND | texts, window=WINDOW, language=language)
    assert (reading.facts is None) == bool(reading.missing)
    assert {column: cell.text for column, cell in reading.cells.items() if cell.text} == {
        column: text.strip() for column, text in (SOUND | texts).items() if text.strip()
    }
