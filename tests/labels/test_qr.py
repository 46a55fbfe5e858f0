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


def read(symbol: qr.Symbol):
    side = symbol.size + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(symbol.modules, 4):
        for x, dark in enumerate(row, 4):
            picture.putpixel((x, y), 0 if dark else 255)
    return zxingcpp.read_barcode(picture.resize((side * 4, side * 4), Image.Resampling.NEAREST))


@pytest.mark.parametrize(
    "text", [f"HTTPS://HUB{'A' * more}.EXAMPLE/ID/{CODE}" for more in range(0, 40, 3)] + ["a", "Ab/1"]
)
def test_both_makers_of_codes_come_to_the_same_size_level_and_text(text):
    alone, (of_many,) = qr.symbol(text), qr.symbols([text])
    assert (alone.size, alone.level) == (of_many.size, of_many.level)
    for symbol in (alone, of_many):
        code = read(symbol)
        assert (code.text, code.ec_level) == (text, symbol.level)


def test_many_codes_come_in_the_order_of_their_texts():
    assert [read(symbol).text for symbol in qr.symbols(["A", "B", "A"])] == ["A", "B", "A"]
