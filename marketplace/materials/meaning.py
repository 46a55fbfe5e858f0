"""What kind of material somebody means by what was typed and chosen."""

from functools import lru_cache
from typing import Final

from marketplace.kit.words import fold, words
from marketplace.materials.ranking import without_sizes
from marketplace.materials.vocabulary import Category, search_categories

SHOWN: Final = 8
"""Kinds that are offered to choose from."""

_ALL: Final = 200


def resolve(text: str, chosen: Category | None) -> tuple[Category | None, tuple[Category, ...]]:
    """Return the kind that is meant, if it is clear, and the kinds to choose from.

    A choice counts while what is typed may still mean it. Otherwise a name counts, and a synonym unless it is also
    the general word for others: a 'deur' may be of any kind, a 'binnendeur' is one.
    """
    hits = _hits(text) if text else ()
    if chosen is not None and (not text or chosen in hits):
        return chosen, _with_first(chosen, hits)
    named = (
        [hit for hit in hits if _is_name(text, hit)]
        or [hit for hit in hits if _is_name(without_sizes(text), hit)]
        or [hit for hit in hits if _is_synonym(text, hit, hits)]
    )
    if len(named) == 1:
        return named[0], _with_first(named[0], hits)
    return (hits[0] if len(hits) == 1 else None), hits[:SHOWN]


@lru_cache(maxsize=1000)
def _hits(text: str) -> tuple[Category, ...]:
    # A list of needs is read again each time it is looked at, and names the same kinds over and over.
    return search_categories(text, limit=_ALL)


def _with_first(chosen: Category, hits: tuple[Category, ...]) -> tuple[Category, ...]:
    return (chosen, *(hit for hit in hits if hit is not chosen))[:SHOWN]


def _is_name(text: str, category: Category) -> bool:
    names = (category.name_nl, category.name_en, category.name_nl.partition("(")[0])
    return fold(text) in {fold(name).strip() for name in names}


def _is_synonym(text: str, category: Category, hits: tuple[Category, ...]) -> bool:
    own = {fold(synonym) for synonym in (*category.synonyms_nl, *category.synonyms_en)}
    others = [hit for hit in hits if hit is not category]
    # 'HEA 200' names a kind of beam and a size.
    said = {fold(text), without_sizes(text)}
    return bool(said & own) and not any(_is_general_for(word, other) for word in said for other in others)


def _is_general_for(text: str, category: Category) -> bool:
    last = words(text)[-1:]
    said = words(" ".join((category.name_nl, *category.synonyms_nl)))
    return any(word.endswith(ending) for ending in last for word in said)
