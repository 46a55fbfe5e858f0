"""How long a text that somebody types may be. Pure."""

from marketplace.kit.errors import N_, InvalidInputError


def at_most(text: str, longest: int, field: str) -> str:
    """Return the text. Raises InvalidInputError, for `field`, where it has more than `longest` characters."""
    if len(text) > longest:
        raise InvalidInputError(N_("Gebruik ten hoogste %(longest)s tekens."), field=field, longest=longest)
    return text


def one_line(text: str, longest: int, field: str) -> str:
    """Return the text on one line, with single spaces. Raises InvalidInputError as `at_most` does."""
    return at_most(" ".join(text.split()), longest, field)
