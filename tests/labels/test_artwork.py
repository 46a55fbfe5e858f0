"""Labels in three forms, each read back by a decoder that did not draw it."""

import io

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from marketplace.labels import qr
from marketplace.labels.artwork import render
from marketplace.labels.content import Label

ADDRESS = qr.address("https://materialenhub.example", "7KQ9M2FX4HTB8WPN")


def label(**changes: str) -> Label:
    facts = {
        "address": ADDRESS,
        "code": "7KQ9-M2FX-4HTB-8WPN",
        "name": "Kanaalplaat 200, 5,40 m",
        "dimensions": "5.400 × 1.196 × 200 mm",
        "quantity": "96 st",
        "place": "Stadterij Hoogeveen, rek B-04",
        "owner": "Bork Groep",
        "language": "nl",
    }
    return Label(**facts | changes)


LONG = {"name": "Gelamineerde ligger met stalen kopplaten uit de sporthal " * 3, "owner": "Aannemersbedrijf " * 6}


def read(picture: Image.Image) -> str:
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == 1
    return codes[0].text


@pytest.mark.parametrize("changes", [{}, LONG, {"dimensions": "", "place": ""}])
def test_the_png_reads_back(changes):
    picture = Image.open(io.BytesIO(render(label(**changes), "png")))
    assert picture.size == (591, 591), "50 mm at 300 dots per inch"
    assert read(picture) == ADDRESS


@pytest.mark.parametrize("changes", [{}, LONG])
def test_the_pdf_is_one_page_of_fifty_millimetres_and_reads_back_at_150_dots_per_inch(changes):
    content = render(label(**changes), "pdf")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        assert [round(float(side) / 72 * 25.4, 1) for side in pdf.pages[0].mediabox[2:]] == [50, 50]
    page = pypdfium2.PdfDocument(content)[0]
    assert read(page.render(scale=150 / 72).to_pil()) == ADDRESS
    text = page.get_textpage().get_text_range()
    assert "7KQ9-M2FX-4HTB-8WPN" in text
    assert "96 st" in text


def test_the_svg_stands_alone_and_reads_back_in_a_browser(chromium_page):
    svg = render(label(), "svg").decode()
    assert "<script" not in svg
    assert "font-family" not in svg, "text is outlined, so that it looks the same everywhere"
    chromium_page.set_viewport_size({"width": 500, "height": 500})
    chromium_page.set_content(f"<body style='margin:0'>{svg}")
    assert read(Image.open(io.BytesIO(chromium_page.screenshot()))) == ADDRESS


def test_a_soiled_label_still_reads():
    picture = Image.open(io.BytesIO(render(label(), "png"))).convert("L")
    picture.paste(128, (190, 330, 240, 380))
    assert read(picture) == ADDRESS
