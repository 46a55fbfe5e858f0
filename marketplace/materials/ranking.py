"""How well what a person typed matches the names of a category."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from marketplace.kit.words import fold, query_stems, stems

EXACT: Final = 100
FIRST_WORDS: Final = 80
ALL_WORDS: Final = 60
BEGINNING: Final = 50
COMPOUND_PART: Final = 40
COMPOUND_HEAD: Final = 20
_IN_THE_NAME: Final = 5
# Shorter pieces of words occur by accident in too many others.
_SHORTEST_PART: Final = 4
_SHORTEST_BEGINNING: Final = 2
_BETWEEN_NAMES: Final = re.compile(r"[/()]")
_STOP_WORDS: Final = frozenset({"a", "an", "and", "de", "een", "en", "het", "in", "met", "of", "the", "van", "voor"})
_SIZE_WORDS: Final = frozenset({"mm", "cm", "dm", "m", "kg", "st", "stuk", "stuks", "ton", "x"})


class Term(NamedTuple):
    """Hold one name of a category, prepared for comparison."""

    text: str
    exact: tuple[str, ...]
    words: frozenset[str]


class Query(NamedTuple):
    """Hold what was typed, prepared for comparison."""

    text: str
    stems: tuple[str, ...]


def terms_of(names: Iterable[str]) -> tuple[Term, ...]:
    """Return the terms of some names, the first being the most important; 'Bad / douchebak' is two names as well."""
    parts = (part for name in names for part in (name, *_BETWEEN_NAMES.split(name)))
    unique = dict.fromkeys(" ".join(fold(part).split()) for part in parts)
    return tuple(Term(text, query_stems(text), frozenset(stems(text))) for text in unique if text)


def query_of(text: str) -> Query:
    """Return what to look for; words that carry no meaning are left out."""
    words = [word for word in fold(text).split() if word not in _STOP_WORDS]
    return Query(" ".join(words), query_stems(" ".join(words)))


def without_sizes(text: str) -> str:
    """Return the text without its numbers and units: 'HEA 200' names a kind of beam and a size, 'hea' the kind."""
    return " ".join(word for word in re.findall(r"[^\W\d_]+", fold(text)) if word not in _SIZE_WORDS)


def score(query: Query, terms: Sequence[Term]) -> int:
    """Return how well the query matches, 0 for not at all: the nearer the higher."""
    if not query.stems:
        return 0
    best = _best(query, terms)
    in_the_name = bool(best) and terms[0].words.issuperset(query.stems)
    return best + _IN_THE_NAME * in_the_name


def _best(query: Query, terms: Sequence[Term]) -> int:
    written = _spellings(query.text, query.stems)
    if any(written & _spellings(term.text, term.exact) for term in terms):
        return EXACT
    if any(term.exact[: len(query.stems)] == query.stems for term in terms):
        return FIRST_WORDS
    known = frozenset().union(*(term.words for term in terms))
    if known.issuperset(query.stems):
        return ALL_WORDS
    if len(query.text) >= _SHORTEST_BEGINNING and any(term.text.startswith(query.text) for term in terms):
        return BEGINNING
    if all(_is_part(stem, known) for stem in query.stems):
        return COMPOUND_PART
    heads = frozenset(term.exact[0] for term in terms if len(term.exact) == 1)
    return COMPOUND_HEAD if all(_is_part(stem, known) or _has_head(stem, heads) for stem in query.stems) else 0


def _spellings(text: str, exact: tuple[str, ...]) -> set[str]:
    # Whether a compound is written in one word is a habit: 'vurenbalken' are 'vuren balken'.
    return {"".join(text.split()), "".join(exact)}


def _is_part(stem: str, known: Iterable[str]) -> bool:
    """Tell whether a word occurs, or begins or ends a compound: 'deur' ends 'binnendeur'."""
    long = len(stem) >= _SHORTEST_PART
    return any(stem == word or (long and (word.startswith(stem) or word.endswith(stem))) for word in known)


def _has_head(stem: str, heads: Iterable[str]) -> bool:
    """Tell whether a compound is a kind of what a whole name says: 'eikenbalk' is a 'balk'."""
    return any(len(head) >= _SHORTEST_PART and stem.endswith(head) for head in heads)
