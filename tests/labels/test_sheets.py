"""Printed pages, every code on them read back by a decoder that did not set them."""

import io
import os
import re

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.typesetter import typeset_apart
from marketplace.labels import media
from marketplace.labels.artwork import render, render_sheet
from marketplace.labels.layout import layout
from marketplace.labels.media import MEDIA
from tests.labels import samples

DPI = 150
MM = DPI / 25.4

every_medium = pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA)


def read(page: pypdfium2.PdfPage) -> list[tuple[str, float, float]]:
    """Return the codes on a page: the text of each, and where its middle is, in mm."""
    found = []
    for code in zxingcpp.read_barcodes(page.render(scale=DPI / 72).to_pil()):
        corners = (code.position.top_left, code.position.bottom_right)
        x, y = (sum(getattr(corner, axis) for corner in corners) / 2 / MM for axis in "xy")
        found.append((code.text, x, y))
    return sorted(found)


def expected(labels, medium, skip=0):
    """Return what `read` has to find on each page."""
    box = layout(medium).qr
    pages: dict[int, list[tuple[str, float, float]]] = {}
    for n, label in enumerate(labels):
        place = medium.position(n, skip)
        middle = (place.x + box.x + box.width / 2, place.y + box.y + box.height / 2)
        pages.setdefault(place.page, []).append((label.address, *middle))
    return [sorted(page) for page in pages.values()]


def assert_all_read(content, labels, medium, skip=0):
    pdf = pypdfium2.PdfDocument(content)
    wanted = expected(labels, medium, skip)
    assert len(pdf) == len(wanted) == medium.pages(len(labels), skip)
    for page, codes in zip(pdf, wanted, strict=True):
        found = read(page)
        assert [text for text, *_ in found] == [text for text, *_ in codes]
        for (_, *place), (_, *wanted_place) in zip(found, codes, strict=True):
            assert place == pytest.approx(wanted_place, abs=0.7), "within a module of its place"


@every_medium
@pytest.mark.parametrize("language", ["nl", "en", "both"])
def test_every_code_of_a_full_page_and_one_label_more_reads_back_in_its_place(medium, language):
    makers = (samples.label, samples.long, samples.bare, samples.unbroken)
    labels = [makers[n % 4](n, language=language) for n in range(medium.per_page)]
    labels.append(samples.blank(medium.per_page, language))
    assert_all_read(render_sheet(labels, medium), labels, medium)


@pytest.mark.parametrize(("medium_id", "skip"), [("l7160", 1), ("l7160", 20), ("l7163", 5), ("a4-50x50", 7)])
def test_the_first_label_comes_after_the_places_that_are_used_up(medium_id, skip):
    medium = media.get(medium_id)
    labels = [samples.label(n) for n in range(4)]
    content = render_sheet(labels, medium, skip)
    assert_all_read(content, labels, medium, skip)
    first = read(pypdfium2.PdfDocument(content)[0])[0]
    unskipped = read(pypdfium2.PdfDocument(render_sheet(labels, medium))[0])[0]
    assert first[0] == unskipped[0]
    assert first[1:] != pytest.approx(unskipped[1:], abs=20), "or the comparison would prove nothing"


@every_medium
@pytest.mark.parametrize("make", [samples.long, samples.unbroken])
def test_no_letter_reaches_over_the_edge(medium, make):
    page = pypdfium2.PdfDocument(render(make(language="both"), "pdf", medium))[0]
    text = page.get_textpage()
    for n in range(text.count_chars()):
        left, bottom, right, top = (side / 72 * 25.4 for side in text.get_charbox(n))
        assert left >= 0
        assert bottom >= 0
        assert right <= medium.width
        assert top <= medium.height


@every_medium
def test_a_single_picture_reads_back(medium):
    picture = Image.open(io.BytesIO(render(samples.label(), "png", medium)))
    assert picture.size == pytest.approx((medium.width / 25.4 * 300, medium.height / 25.4 * 300), abs=1)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [samples.label().address]


def test_every_svg_reads_back_in_a_browser(chromium_page):
    for medium in MEDIA.values():
        svg = render(samples.label(), "svg", medium).decode()
        width, height = (float(size) for size in re.findall(r'(?:width|height)="([\d.]+)pt"', svg)[:2])
        chromium_page.set_viewport_size({"width": round(width * 4 / 3) + 2, "height": round(height * 4 / 3) + 2})
        chromium_page.set_content(f"<body style='margin:0'>{svg}")
        picture = Image.open(io.BytesIO(chromium_page.screenshot()))
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [samples.label().address], medium.id


def test_a_sheet_is_tagged_and_tells_its_language_title_and_codes_to_who_cannot_see_it():
    content = render_sheet([samples.label(n, language="en") for n in range(2)], media.get("l7160"))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == "Labels: 2"
        told = {str(thing.Alt) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing}
    assert told == {samples.label(n).address for n in range(2)}


def test_only_plain_paper_has_lines_to_cut_along():
    def dark_at_the_edge(medium_id):
        medium = media.get(medium_id)
        page = pypdfium2.PdfDocument(render_sheet([samples.label()], medium))[0]
        picture = page.render(scale=300 / 72).to_pil().convert("L")
        x, y = (round(side * 300 / 25.4) for side in (medium.margin_left, medium.margin_top))
        return min(picture.crop((x + 3, y - 3, x + 300, y + 3)).tobytes()) < 250

    assert dark_at_the_edge("a4-50x50")
    assert not dark_at_the_edge("l7165")


def test_nothing_to_print_is_refused():
    with pytest.raises(InvalidInputError):
        render_sheet([], media.get("l7160"))


def test_a_medium_on_which_the_code_would_be_too_small_is_refused():
    tiny = samples.label(address="https://" + "a" * 180)
    with pytest.raises(InvalidInputError) as refused:
        render_sheet([tiny], media.get("l7159"))
    assert refused.value.field == "medium"


@pytest.mark.parametrize("name", ["#set page(width: 1mm)", '"; $x^2$ \\ #[', "<b>&amp;", "regel\n\x00twee\x07"])
def test_a_name_is_text_and_never_a_command(name):
    label = samples.label(name=name)
    page = pypdfium2.PdfDocument(render(label, "pdf"))[0]
    assert page.get_size() == pytest.approx((141.7, 141.7), abs=0.1)
    shown = "".join(page.get_textpage().get_text_range().split())
    assert "".join(sign for sign in name if sign.isprintable() and sign != " ") in shown


def many(count):
    return [samples.label(n, name=f"Eiken balk {n}", owner=f"Eigenaar {n % 7}") for n in range(count)]


def test_a_thousand_different_labels_take_seconds():
    def spent_here_and_in_processes_of_our_own():
        return sum(os.times()[:4])

    labels = many(1000)
    before = spent_here_and_in_processes_of_our_own()
    content = render_sheet(labels, media.get("l7160"))
    spent = spent_here_and_in_processes_of_our_own() - before
    assert len(pypdfium2.PdfDocument(content)) == 48
    assert spent < 6, "2 s of one processor were measured; the rest is for a slower or a busy machine"


def test_many_labels_leave_no_memory_behind_and_are_the_same_labels():
    labels = many(101)
    content = render_sheet(labels, media.get("l7160"), 3)
    assert_all_read(content, labels, media.get("l7160"), 3)


def test_a_typesetter_that_fails_says_so():
    with pytest.raises(RuntimeError, match="typesetter"):
        typeset_apart("#panic()", {})
