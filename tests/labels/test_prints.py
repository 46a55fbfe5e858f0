"""The facts that are kept of a print."""

import pytest

from marketplace.kit.errors import InvalidInputError
from marketplace.labels import media
from marketplace.labels.prints import PrintFacts, facts_of
from tests.labels import samples


def test_a_print_keeps_medium_size_module_level_language_and_count():
    facts = facts_of([samples.label(n) for n in range(3)], media.get("l7160"), skip=2)
    assert facts == PrintFacts(
        medium="l7160",
        width_mm=63.5,
        height_mm=38.1,
        module_mm=pytest.approx(31.75 / 41, abs=0.001),
        level="H",
        language="nl",
        count=3,
        skipped=2,
    )


def test_the_weakest_label_counts():
    weaker = samples.label(1, address=samples.label().address + "0123456789")
    alone, together = (facts_of(labels, media.SQUARE) for labels in ([samples.label()], [samples.label(), weaker]))
    assert (alone.level, together.level) == ("H", "Q")
    weakest = facts_of([samples.label(), samples.label(address="https://hub.example/" + "a" * 80)], media.SQUARE)
    assert weakest.module_mm < alone.module_mm


def test_a_label_printer_draws_whole_dots():
    assert facts_of([samples.label()], media.SQUARE, dpi=203).module_mm == pytest.approx(0.751, abs=0.001)


def test_labels_in_different_languages_count_as_both():
    assert facts_of([samples.label(), samples.blank(1, "en")], media.SQUARE).language == "both"


@pytest.mark.parametrize(("labels", "skip"), [([], 0), ([samples.label()], 21)])
def test_a_print_that_cannot_be_has_no_facts(labels, skip):
    with pytest.raises(InvalidInputError):
        facts_of(labels, media.get("l7160"), skip=skip)
