"""What somebody or something may be called."""

import unicodedata
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.texts import at_most

LONGEST_NAME: Final = 120


def checked_name(text: str) -> str:
    """Return a name without what cannot be seen. Raises InvalidInputError where it is empty or overlong."""
    name = at_most(printable(text), LONGEST_NAME, "name")
    if len(name) < 2:
        raise InvalidInputError(N_("Vul een naam van ten minste twee tekens in."), field="name")
    return name


def printable(text: str) -> str:
    """Return the text with single spaces, and without signs that belong in no name.

    Those are control characters, lone surrogates and marks that reverse the direction of text.
    """
    return " ".join("".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text).split())
