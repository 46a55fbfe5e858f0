"""Where the parts of a label come: side by side, never on one another, and the code never too small."""

from itertools import combinations, product

import pytest

from marketplace.kit.errors import InvalidInputError
from marketplace.labels import media, qr
from marketplace.labels.content import rules, texts
from marketplace.labels.layout import LEAST_MODULE_MM, Box, layout, module_mm
from marketplace.labels.media import MEDIA
from marketplace.labels.setting import DESCENT, PITCH, measured
from marketplace.labels.zpl import width_in_font_0
from tests.labels import samples

every_medium = pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA)


def overlap(one: Box, other: Box) -> bool:
    margin = 0.02
    return (
        min(one.right, other.right) - max(one.x, other.x) > margin
        and min(one.bottom, other.bottom) - max(one.y, other.y) > margin
    )


def covered(text, measure) -> Box:
    width = max(measure(line, text.is_bold) for line in text.lines) * text.size
    height = text.height + (PITCH - 1) * DESCENT * text.size
    return Box(text.x - (width / 2 if text.is_centred else 0), text.y, width, height)


@every_medium
def test_boxes_stay_on_the_label_and_apart(medium):
    boxes = layout(medium)
    parts = [boxes.name, boxes.qr, boxes.facts, boxes.code]
    for part in parts:
        assert min(part.x, part.y, part.width, part.height) > 0
        assert part.right <= medium.width
        assert part.bottom <= medium.height
    assert not [pair for pair in combinations(parts, 2) if overlap(*pair)]


@every_medium
def test_texts_stay_on_the_label_apart_and_off_the_code(medium):
    boxes = layout(medium)
    makes = (samples.label, samples.long, samples.unbroken, samples.bare)
    for measure, language, make in product((measured, width_in_font_0), ("nl", "en", "both"), makes):
        found = [covered(text, measure) for text in texts(make(language=language), boxes, measure) if text.lines]
        case = (measure.__name__, language, make.__name__)
        assert found, case
        for box in found:
            assert box.x >= 0.5, case
            assert box.right <= medium.width - 0.5, case
            assert box.bottom <= medium.height - 0.5, case
        assert not [pair for pair in combinations([*found, boxes.qr], 2) if overlap(*pair)], case


@every_medium
def test_a_quantity_stays_whole_however_much_else_there_is(medium):
    shown = [" ".join(text.lines).replace("\u00a0", " ") for text in texts(samples.long(), layout(medium), measured)]
    assert "12.345,75 m²" in shown


@every_medium
def test_a_common_label_says_everything_in_full(medium):
    shown = [" ".join(text.lines).replace("\u00a0", " ") for text in texts(samples.label(), layout(medium), measured)]
    assert shown[:-1] == [
        "Kanaalplaat 200, 5,40 m",
        *("Aantal", "96 st"),
        *("Maten", "5.400 × 1.196 × 200 mm"),
        *("Plaats", "Stadterij Hoogeveen"),
        *("Eigenaar", "Bork Groep"),
    ]
    assert shown[-1].replace(" ", "") == samples.label().code


def test_what_is_not_known_is_left_out():
    shown = [text.lines[0] for text in texts(samples.bare(), layout(media.SQUARE), measured)]
    assert "Maten" not in shown
    assert "Eigenaar" in shown


def test_both_languages_stand_on_one_label():
    shown = [
        " ".join(text.lines) for text in texts(samples.label(language="both"), layout(media.get("l7165")), measured)
    ]
    assert "Aantal\u00a0/ Quantity" in shown


def test_another_language_is_refused():
    with pytest.raises(InvalidInputError) as refused:
        texts(samples.label(language="de"), layout(media.SQUARE), measured)
    assert refused.value.field == "language"


@every_medium
def test_a_blank_label_has_three_lines_to_write_on_under_their_words(medium):
    boxes = layout(medium)
    captions = texts(samples.blank(), boxes, measured)[1:-1]
    assert [caption.lines for caption in captions] == [("Wat",), ("Aantal",), ("Plaats",)]
    for caption, rule in zip(captions, rules(samples.blank(), boxes, measured), strict=True):
        assert caption.y + caption.height < rule.y <= boxes.facts.bottom + 0.001
    assert rules(samples.label(), boxes, measured) == []


@every_medium
def test_a_module_is_half_a_millimetre_at_least_on_every_medium(medium):
    assert module_mm(medium, qr.symbol(samples.label().address)) >= LEAST_MODULE_MM


def test_a_code_that_would_become_too_small_is_refused():
    long_address = qr.symbol("https://" + "a" * 180)
    assert module_mm(media.get("crane-a4"), long_address) > 1
    with pytest.raises(InvalidInputError) as refused:
        module_mm(media.get("50x50"), long_address)
    assert refused.value.field == "medium"
    assert "0,5 mm" in str(refused.value)
