"""Codes: random, readable, and a typing error does not lead to another passport."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit import codes

CODES = st.text(codes.ALPHABET, min_size=15, max_size=15).map(lambda body: body + codes.check_character(body))


def test_a_new_code_is_a_code_of_ours():
    made = {codes.new_passport_code() for _ in range(1000)}
    assert len(made) == 1000
    assert all(codes.is_passport_code(code) for code in made)


@given(CODES, st.integers(0, 15), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_always_found(code, place, character):
    wrong = code[:place] + character + code[place + 1 :]
    assert codes.is_passport_code(wrong) == (wrong == code)


@given(CODES)
def test_a_code_reads_the_same_as_people_type_it(code):
    assert codes.normalise(f" {codes.grouped(code).lower()} ") == code


def test_what_is_no_code_is_refused():
    for text in ("", "ABC", "0" * 16, "I" * 16, "7KQ9M2FX4HTB8WP", "é" * 16):
        assert not codes.is_passport_code(codes.normalise(text))
