"""Jobs for label printers, drawn by an interpreter of their language and read back by a decoder."""

import io

import pytest
import zplkit
import zxingcpp
from PIL import Image, ImageChops

from marketplace.kit.errors import InvalidInputError
from marketplace.labels import media, qr, zpl
from marketplace.labels.media import MEDIA, Kind
from tests.labels import samples

ROLLS = [medium for medium in MEDIA.values() if medium.kind is Kind.ROLL]
HOSTILE = ["^XZ^XA", "~JA", "^FS^FO0,0^GB400,400,400^FS", "\"quotes\" 'and' \\& _5E", "Société À", "a\x1b\x02\r\n^XZ"]


def drawn(job: str, medium, dpi: int) -> list[Image.Image]:
    size = (round(medium.width * dpi / 25.4), round(medium.height * dpi / 25.4))
    result = zplkit.render(job, zplkit.Options(width=size[0], height=size[1], dpi=dpi))
    return [Image.open(io.BytesIO(label.png())).convert("L") for label in result.labels]


@pytest.mark.parametrize("dpi", zpl.RESOLUTIONS)
@pytest.mark.parametrize("medium", ROLLS, ids=lambda medium: medium.id)
@pytest.mark.parametrize("language", ["nl", "en", "both"])
def test_every_label_reads_back(medium, dpi, language):
    labels = [
        samples.label(0, language=language),
        samples.long(1, language=language, quantity="12.345,75 m"),
        samples.bare(2, language=language),
        samples.unbroken(3, language=language),
        samples.blank(4, language),
    ]
    pictures = drawn(zpl.render(labels, medium, dpi), medium, dpi)
    found = [[(code.text, code.ec_level) for code in zxingcpp.read_barcodes(picture)] for picture in pictures]
    assert found == [[(label.address, qr.symbol(label.address).level)] for label in labels]


@pytest.mark.parametrize("dpi", zpl.RESOLUTIONS)
@pytest.mark.parametrize("medium", ROLLS, ids=lambda medium: medium.id)
def test_nothing_is_printed_over_the_edge(medium, dpi):
    for make in (samples.unbroken, samples.label):
        (picture,) = drawn(zpl.render([make(language="both", quantity="96 st")], medium, dpi), medium, dpi)
        left, top, right, bottom = ImageChops.invert(picture).getbbox()
        assert min(left, top) >= 4
        assert right <= picture.width - 4
        assert bottom <= picture.height - 4


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_never_becomes_a_command(text):
    label = samples.label(name=text, owner=text, place=text, dimensions=text, quantity=text)
    job = zpl.render([label], media.SQUARE, 203)
    assert job.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in job)
    assert "~" not in job
    assert (job.count("^XA"), job.count("^XZ")) == (1, 1)
    (picture,) = drawn(job, media.SQUARE, 203)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [label.address]


def test_the_same_text_unescaped_does_become_a_command():
    job = zpl.render([samples.label(name="naam")], media.SQUARE, 203)
    assert len(drawn(job, media.SQUARE, 203)) == 1
    assert len(drawn(job.replace("FDnaam", "FD^FS^XZ^XA^FO0,0^A0N,20,20^FH^FDnaam"), media.SQUARE, 203)) == 2


@pytest.mark.parametrize(
    ("text", "sent"), [("Balk 71", "Balk 71"), ("^~_", "_5E_7E_5F"), ("é€", "_C3_A9_E2_82_AC"), ("\n", "_0A")]
)
def test_every_sign_that_could_mean_something_is_sent_as_its_number(text, sent):
    assert zpl.escaped(text) == sent


def test_an_address_that_is_not_in_capitals_reads_back_too():
    label = samples.label(address="https://hub.example/id/_a^b~c")
    (picture,) = drawn(zpl.render([label], media.get("102x51"), 300), media.get("102x51"), 300)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [label.address]


@pytest.mark.parametrize(("medium_id", "dpi", "field"), [("l7160", 203, "medium"), ("50x50", 72, "dpi")])
def test_a_sheet_and_an_unknown_printer_are_refused(medium_id, dpi, field):
    with pytest.raises(InvalidInputError) as refused:
        zpl.render([samples.label()], media.get(medium_id), dpi)
    assert refused.value.field == field


def test_a_code_that_this_printer_would_draw_too_small_is_refused():
    with pytest.raises(InvalidInputError):
        zpl.render([samples.label(address="https://" + "a" * 180)], media.SQUARE, 203)
    with pytest.raises(InvalidInputError):
        zpl.render([], media.SQUARE, 203)


def test_a_module_is_a_whole_number_of_dots():
    symbol = qr.symbol(samples.label().address)
    assert zpl.module_mm(media.SQUARE, symbol, 203) == pytest.approx(6 * 25.4 / 203, abs=0.001)
