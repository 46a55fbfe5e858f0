"""Dutch text as search words, the same on every database.

SQLite's full-text search has no Dutch stemmer and PostgreSQL has its own, with its own version and stop words.
Stemming here instead means that both store plain words and a search gives the same answer on both.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from threading import Lock
from typing import Protocol

_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_LETTERS_WITHOUT_PARTS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"\d+|\D+")
_stemming = Lock()


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (the name that snowballstemmer gives it)


def fold(text: str) -> str:
    """Return the text in lower case without marks on letters: 'Geïsoleerd, 12 m²' becomes 'geisoleerd, 12 m2'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_LETTERS_WITHOUT_PARTS)


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text in order, unstemmed and repeated: 'Foto's: HEA-200' gives fotos, hea, 200."""
    return tuple(_WORD.findall(fold(text.translate(_APOSTROPHES))))


def stems(text: str) -> tuple[str, ...]:
    """Return the search words to store for a text: stemmed, in order, each once.

    A word of letters and digits counts as a whole and in its parts, so that 'HEA200' is stored as
    hea200, hea and 200 and found by 'HEA 200' too. Single letters of such a word are noise ('2015x830') and dropped.
    """
    return _once(stem for word in words(text) for piece in (word, *_parts(word)) for stem in (_stem(piece),))


def query_stems(text: str) -> tuple[str, ...]:
    """Return the search words to look for, all of which must occur in what `stems` stored.

    The same as `stems`, but a word of letters and digits only in its parts: 'HEA200' then also finds 'HEA 200'.
    """
    return _once(_stem(piece) for word in words(text) for piece in (_parts(word) or (word,)))


def _parts(word: str) -> tuple[str, ...]:
    parts = _PART.findall(word)
    if len(parts) < 2:
        return ()
    return tuple(part for part in parts if part.isdecimal() or len(part) > 1)


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    if not word.isalpha():
        return word
    # The stemmer keeps the word it works on in itself, so two threads must not use it at once.
    with _stemming:
        return _stemmer().stemWord(word)


@cache
def _stemmer() -> _Stemmer:
    # The import loads thirty languages; a start that searches nothing need not wait for them.
    from snowballstemmer import stemmer  # noqa: PLC0415 (see above)

    dutch: _Stemmer = stemmer("dutch")
    return dutch
