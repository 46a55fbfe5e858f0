"""What a label says, and that it says it strongly."""

import pytest
import zxingcpp
from PIL import Image

from marketplace.labels import qr

CODE = "7KQ9M2FX4HTB8WPN"


def test_a_label_says_the_address_in_capitals():
    assert qr.address("https://hub.example", CODE) == f"HTTPS://HUB.EXAMPLE/ID/{CODE}"


def test_capitals_keep_the_code_at_twenty_nine_modules():
    small, large = (
        qr.symbol(qr.address("https://hub.example", CODE)),
        qr.symbol(f"https://hub.example/id/{CODE.lower()}"),
    )
    assert small.size == 29
    assert large.size > small.size


@pytest.mark.parametrize(("text", "level"), [("HTTPS://HUB.EXAMPLE/ID/" + CODE, "Q"), ("A", "H")])
def test_the_level_is_q_or_h_where_that_costs_nothing(text, level):
    assert qr.symbol(text).level == level


def test_the_drawing_has_a_quiet_zone_of_four_modules():
    code = qr.symbol("A")
    assert f'viewBox="0 0 {code.size + 8} {code.size + 8}"' in qr.svg(code)
    assert 'd="M4 4h7v1H4z' in qr.svg(code), "the first finder pattern begins after the quiet zone"


@pytest.mark.parametrize(
    "text", [f"HTTPS://HUB{'A' * more}.EXAMPLE/ID/{CODE}" for more in range(0, 40, 3)] + ["a", "Ab/1"]
)
def test_another_maker_of_codes_comes_to_the_same_size_and_level(text):
    from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
    from qrcode.main import QRCode

    sizes = {}
    for level, number in (("Q", ERROR_CORRECT_Q), ("H", ERROR_CORRECT_H)):
        code = QRCode(error_correction=number, border=0)
        code.add_data(text, optimize=0)
        code.make(fit=True)
        sizes[level] = code.modules_count
    found = qr.symbol(text)
    assert (found.size, found.level) == (sizes["Q"], "H" if sizes["H"] == sizes["Q"] else "Q")


def test_the_modules_read_back_at_the_level_that_is_told():
    found = qr.symbol(qr.address("https://hub.example", CODE))
    side = found.size + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(found.modules, 4):
        for x, dark in enumerate(row, 4):
            picture.putpixel((x, y), 0 if dark else 255)
    code = zxingcpp.read_barcode(picture.resize((side * 4, side * 4), Image.Resampling.NEAREST))
    assert (code.text, code.ec_level) == (f"HTTPS://HUB.EXAMPLE/ID/{CODE}", found.level)
