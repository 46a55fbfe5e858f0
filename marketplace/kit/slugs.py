"""Names as the last part of an address: in lower case, without marks, with a number where they are taken."""

from collections.abc import Callable

from marketplace.kit.words import words

_RESERVED = frozenset({"nieuw"})
"""Words that stand in the same place of an address as a slug."""

_LONGEST = 50


def free_slug(name: str, *, taken: Callable[[str], bool], otherwise: str) -> str:
    """Return a slug for a name that is not `taken`; a name without letters is called `otherwise`.

    'Bork: sloopwerken' gives bork-sloopwerken, and the second of that name bork-sloopwerken-2.
    """
    base = "-".join(words(name))[:_LONGEST].strip("-") or otherwise
    slug, number = base, 1
    while slug in _RESERVED or taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug
