"""The passport on paper: the archival file, what is attached to it, and texts that would like to be markup."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest

from marketplace.passports.pdf import ATTACHMENT, passport_pdf
from marketplace.passports.sheet import Cell, Column, Note, Picture, Section, Sheet, Table, Terms

SIGNED = '{"name":"Deur ≥ 2 m, “groen”","number":1.50}\n'.encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3z" fill="#1F6B4A"/></svg>'
COLUMNS = (Column("Stof"), Column("Bewijs", 0), Column("Gehalte", 0, is_number=True))


def sheet(**changes) -> Sheet:
    table = Table(
        COLUMNS, (("asbest", Cell("getest", "rapport 7", ticks=3), "0,1"), ("lood", Cell("onbekend", ticks=0), "–"))
    )
    made = Sheet(
        language="nl",
        at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        band=("Materialenpaspoort", "versie 3"),
        name="Binnendeur",
        author="Hub Assen",
        lead="1 st",
        description="Wit.",
        code="7K3M-9PQR-STVW-X",
        address="https://hub.example/ID/7K3M9PQRSTVWX",
        picture=Picture(SVG, "svg", "Tekening van een deur"),
        qr=Picture(SVG, "svg", "QR-code"),
        issued=Terms((("Uitgegeven door", "Hub Assen"), ("SHA-256", "ab" * 32))),
        sections=(
            Section("Gevaarlijke stoffen", "1 van 2", (table, Note("Onbekend is niet schoon.", is_warning=True))),
        ),
        page="Pagina {page} van {pages}",
        attachment="Het ondertekende paspoort",
    )
    return replace(made, **changes)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pdf:
        return "\n".join(_text(page) for page in pdf)


def _text(page: pypdfium2.PdfPage) -> str:
    words = page.get_textpage()
    try:
        return words.get_text_bounded()
    finally:
        words.close()
        page.close()


def tags(pdf: pikepdf.Pdf) -> list[str]:
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S))
            children = node.get("/K", [])
            waiting += list(children) if isinstance(children, pikepdf.Array) else [children]
    return found


def test_it_is_an_archival_file_of_part_3_and_level_a():
    with opened(passport_pdf(sheet(), SIGNED)) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["dc:title"] == "Binnendeur"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "nl"


def test_headings_tables_lists_and_pictures_are_tagged():
    with opened(passport_pdf(sheet(), SIGNED)) as pdf:
        found = tags(pdf)
    assert {"/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/L", "/Figure"} <= set(found)
    assert found.count("/TH") == len(COLUMNS)
    assert found.count("/Figure") == 2


def test_every_figure_says_what_it_shows():
    content = passport_pdf(sheet(), SIGNED)
    with opened(content) as pdf:
        texts = {
            str(each.Alt)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        }
    assert texts == {"Tekening van een deur", "QR-code"}


def test_the_signed_passport_is_attached_byte_for_byte_as_the_data_of_the_document():
    with opened(passport_pdf(sheet(), SIGNED)) as pdf:
        assert list(pdf.attachments) == [ATTACHMENT]
        spec = pdf.attachments[ATTACHMENT]
        assert spec.get_file().read_bytes() == SIGNED
        assert spec.get_file().mime_type == "application/vc"
        assert str(spec.relationship) == "/Data"


def test_the_same_sheet_gives_the_same_bytes_and_another_gives_others():
    first, again = passport_pdf(sheet(), SIGNED), passport_pdf(sheet(), SIGNED)
    assert first == again
    assert passport_pdf(sheet(name="Buitendeur"), SIGNED) != first
    assert passport_pdf(sheet(), SIGNED + b" ") != first


def test_the_language_of_the_document_is_that_of_its_texts():
    with opened(passport_pdf(sheet(language="en"), SIGNED)) as pdf:
        assert str(pdf.Root.Lang) == "en"


HOSTILE = [
    '#import "@preview/evil:1.0"',
    "#panic()",
    "$x^2$",
    "*vet* _schuin_ `code`",
    "= Kop",
    "<label> @verwijzing",
    "\\ // /* */ [ ] { }",
    "%(page)s",
    '"; quit',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_text_and_never_markup(text):
    section = Section(
        text, text, (Table(COLUMNS, ((text, Cell(text, text), text),), text), Note(text), Terms(((text, text),)))
    )
    content = passport_pdf(sheet(name=text, description=text, author=text, sections=(section,)), SIGNED)
    assert text.split()[0] in text_of(content)
    with opened(content) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == text


@pytest.mark.parametrize(
    "text", ["漢字 😀", "שלום", "a\u0007b\u202ec", "\ue000", "e\u0301\u0301\u0301", "\u200b\u200d", ""]
)
def test_what_the_typeface_cannot_show_does_not_stop_the_print(text):
    with opened(passport_pdf(sheet(name=f"Deur {text}", description=text), SIGNED)) as pdf:
        assert len(pdf.pages) == 1


def test_a_word_without_end_stays_on_the_paper():
    word = "Hogedrukpolyetheenleiding" * 6
    table = Table(COLUMNS, ((word, word, "1"),))
    content = passport_pdf(sheet(name=word, sections=(Section("Kop", "", (table,)),)), SIGNED)
    with pypdfium2.PdfDocument(content) as pdf:
        page = pdf[0]
        words = page.get_textpage()
        right = max(words.get_charbox(n)[2] for n in range(words.count_chars()))
        width = page.get_width()
        words.close()
        page.close()
    assert right < width - 40


def test_a_long_table_repeats_its_head_on_every_page():
    rows = tuple((f"stof {n}", Cell("getest", ticks=3), str(n)) for n in range(120))
    content = passport_pdf(sheet(sections=(Section("Stoffen", "120", (Table(COLUMNS, rows),)),)), SIGNED)
    with opened(content) as pdf:
        pages = len(pdf.pages)
    assert pages > 2
    assert text_of(content).count("Gehalte") == pages
    assert f"Pagina {pages} van {pages}" in text_of(content)
