"""Public codes: random, easy to read aloud, with a check character against typing errors."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty characters without 0, 1, I, L, O and U: nothing that a dirty label or a tired eye confuses."""

PASSPORT_LENGTH = 16
REFERENCE_LENGTH = 8

_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def check_character(body: str) -> str:
    """Return the check character of `body`.

    ISO/IEC 7064 hybrid system with 30 characters (MOD 31,30): it finds every single wrong character and almost
    every swap of two neighbours.
    """
    size = len(ALPHABET)
    product = size
    for character in body:
        total = (product + _VALUE[character]) % size or size
        product = total * 2 % (size + 1)
    return ALPHABET[(size + 1 - product) % size]


def new_passport_code() -> str:
    """Return a new code of fifteen random characters (73 bits) and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(PASSPORT_LENGTH - 1))
    return body + check_character(body)


def new_reference() -> str:
    """Return a short random reference (39 bits) for what is looked up only by those who may see it anyway."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


def normalise(text: str) -> str:
    """Return `text` as a code is stored: upper case, without spaces and hyphens."""
    return "".join(text.upper().replace("-", " ").split())


def is_passport_code(code: str) -> bool:
    """Tell whether a normalised `code` can be one of ours: its length, its characters and its check character."""
    if len(code) != PASSPORT_LENGTH or any(character not in _VALUE for character in code):
        return False
    return code[-1] == check_character(code[:-1])


def grouped(code: str) -> str:
    """Return `code` in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
