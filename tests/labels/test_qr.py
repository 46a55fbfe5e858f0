"""What a label says, and that it says it strongly."""

import pytest

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
