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
_SIZE_WORDS: Final = frozenset({"mm", "cm", "dm", "m", "kg", "st", "stuk", "stuks", "ton", "type", "x"})


class Query(NamedTuple):
    """Hold what was typed, prepared for comparison."""

    text: str
    stems: tuple[str, ...]
    spellings: frozenset[str]


class Names(NamedTuple):
    """Hold the names of a category, prepared for comparison.

    The words of the main name, the words of all names, every name as a tuple of words, its spellings
    and its plain text, and the names of one word.
    """

    main: frozenset[str]
    words: frozenset[str]
    names: frozenset[tuple[str, ...]]
    spellings: frozenset[str]
    texts: tuple[str, ...]
    heads: frozenset[str]


def names_of(names: Sequence[str]) -> Names:
    """Return the names prepared, the first being the main one; 'Bad / douchebak' also counts as each of its parts."""
    parts = (part for name in names for part in (name, *_BETWEEN_NAMES.split(name)))
    texts = tuple(dict.fromkeys(" ".join(fold(part).split()) for part in parts if part.strip()))
    exact = frozenset(query_stems(text) for text in texts)
    return Names(
        main=frozenset(stems(names[0])),
        words=frozenset(stem for text in texts for stem in stems(text)),
        names=exact,
        spellings=frozenset(spelling for text in texts for spelling in _spellings(text, query_stems(text))),
        texts=texts,
        heads=frozenset(name[0] for name in exact if len(name) == 1 and len(name[0]) >= _SHORTEST_PART),
    )


def query_of(text: str) -> Query:
    """Return what to look for; words that carry no meaning are left out."""
    meaning = " ".join(word for word in fold(text).split() if word not in _STOP_WORDS)
    found = query_stems(meaning)
    return Query(meaning, found, _spellings(meaning, found))


def without_sizes(text: str) -> str:
    """Return the text without numbers, units and 'type': 'HEA 200' names a kind of beam and a size, 'hea' the kind."""
    return " ".join(word for word in re.findall(r"[^\W\d_]+", fold(text)) if word not in _SIZE_WORDS)


def score(query: Query, names: Names) -> int:
    """Return how well the query matches, 0 for not at all: the nearer the higher."""
    if not query.stems:
        return 0
    best = _best(query, names)
    in_the_name = bool(best) and names.main.issuperset(query.stems)
    return best + _IN_THE_NAME * in_the_name


def _best(query: Query, names: Names) -> int:
    if query.spellings & names.spellings:
        return EXACT
    if names.words.issuperset(query.stems):
        first = any(name[: len(query.stems)] == query.stems for name in names.names)
        return FIRST_WORDS if first else ALL_WORDS
    if len(query.text) >= _SHORTEST_BEGINNING and any(text.startswith(query.text) for text in names.texts):
        return BEGINNING
    return _best_of_compounds(query, names)


def _best_of_compounds(query: Query, names: Names) -> int:
    others = [stem for stem in query.stems if not _is_part(stem, names.words)]
    if not others:
        return COMPOUND_PART
    return COMPOUND_HEAD if all(_has_head(stem, names.heads) for stem in others) else 0


def _spellings(text: str, exact: tuple[str, ...]) -> frozenset[str]:
    # Whether a compound is written in one word is a habit: 'vurenbalken' are 'vuren balken'.
    return frozenset(("".join(text.split()), "".join(exact))) - {""}


def _is_part(stem: str, known: frozenset[str]) -> bool:
    """Tell whether a word occurs, or begins or ends a compound: 'deur' ends 'binnendeur'."""
    if len(stem) < _SHORTEST_PART:
        return stem in known
    return any(word.startswith(stem) or word.endswith(stem) for word in known)


def _has_head(stem: str, heads: Iterable[str]) -> bool:
    """Tell whether a compound is a kind of what a whole name says: 'eikenbalk' is a 'balk'."""
    return any(stem.endswith(head) for head in heads)
