"""The check digits and check characters of GS1 keys. Pure."""

from typing import Final

_CSET_82: Final = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CSET_32: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def check_digit(digits: str) -> str:
    """Return the check digit that belongs behind `digits`: weights 3 and 1 from the right, modulo 10.

    Source: GS1 General Specifications, section 7.9.1.
    """
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def has_check_digit(digits: str) -> bool:
    """Tell whether the last of `digits` is the check digit of those before it."""
    return digits[-1:] == check_digit(digits[:-1])


def check_pair(text: str) -> str:
    """Return the two check characters behind a Global Model Number of at most 23 characters.

    Prime weights from the right, modulo 1021. Source: GS1 General Specifications, section 7.9.5.
    """
    weighted = zip(reversed(text), _PRIMES, strict=False)
    total = sum(_CSET_82.index(character) * prime for character, prime in weighted) % 1021
    return _CSET_32[total // 32] + _CSET_32[total % 32]


def has_check_pair(text: str) -> bool:
    """Tell whether `text` ends with the check characters of what stands before them."""
    return len(text) > 2 and text[-2:] == check_pair(text[:-2])
