"""Dutch text becomes the search words that people would type."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kit.words import fold, query_stems, stems, words


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("dakpan", "dakpannen"),
        ("balk", "balken"),
        ("raam", "ramen"),
        ("kanaalplaat", "kanaalplaten"),
        ("deur", "deuren"),
    ],
)
def test_singular_and_plural_share_their_stem(one, many):
    assert stems(one) == stems(many)


@pytest.mark.parametrize(("word", "other"), [("dakpan", "dakplaat"), ("boomklomp", "boomstam"), ("balk", "balkon")])
def test_words_that_only_look_alike_do_not(word, other):
    assert stems(word) != stems(other)


def test_marks_capitals_and_apostrophes_make_no_difference():
    assert stems("Geïsoleerde FOTO'S van Azobé") == stems("geisoleerde fotos van azobe")
    assert fold("Ø 12 m²") == "o 12 m2"


def test_a_word_with_digits_is_found_whole_and_in_parts():
    assert stems("HEA200") == ("hea200", "hea", "200")


def test_the_parts_of_sizes_are_numbers_without_the_letter_between():
    assert stems("2015x830") == ("2015x830", "2015", "830")


@pytest.mark.parametrize(("stored", "typed"), [("HEA 200", "hea200"), ("HEA200", "HEA 200"), ("HEA200", "hea200")])
def test_a_profile_is_found_whichever_way_it_is_written(stored, typed):
    assert set(query_stems(typed)) <= set(stems(stored))


def test_another_size_of_the_profile_is_not_found():
    assert not set(query_stems("HEA 220")) <= set(stems("HEA200"))


def test_words_come_once_and_in_order():
    assert stems("balk, stalen balken en een balk") == ("balk", "staal", "en", "een")
    assert words("balk balk") == ("balk", "balk")


def test_nothing_gives_no_words():
    assert stems(" - ?! ") == ()


# Without a deadline, because the first word also loads the stemmer.
@settings(deadline=None)
@given(st.text())
def test_any_text_gives_words_that_can_be_stored(text):
    assert all(stem.strip() == stem and stem for stem in stems(text))
    assert set(query_stems(text)) <= set(stems(text)) | set(words(text))


def test_threads_that_stem_at_once_do_not_mix_their_words():
    texts = [f"{letter}{ending}" for letter in "bdfgklmnprst" for ending in ("alkenrij", "euren", "akpannen")]
    expected = [stems(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stems, texts * 20)) == expected * 20
