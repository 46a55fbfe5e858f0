"""The search index: the words under which each offer is found, the same on every database.

Stemming, synonyms and the taking apart of compounds happen here, so that the databases only look up whole words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Integer, Select, column, false, func, literal_column, select, table, text

from marketplace.kit.database import session
from marketplace.kit.words import query_stems, stems, words
from marketplace.listings.models import Listing
from marketplace.materials.profiles import find_by_section, find_profile_in
from marketplace.materials.vocabulary import Category, categories, get_category, groups
from marketplace.passports.models import Passport

Condition = ColumnElement[bool]

_SHORTEST_PART: Final = 4
"""Letters of a word that is looked for at the end of a compound; shorter ones end words by accident."""

_SHORTEST_REST: Final = 3
_MOST_WORDS: Final = 16
_STOP_WORDS: Final = frozenset({"a", "an", "and", "de", "een", "en", "het", "in", "met", "of", "the", "van", "voor"})
_SERIES: Final = {"steel_ipe": "IPE", "steel_hea": "HEA", "steel_heb": "HEB"}
_HE: Final = re.compile(r"HE\s*(?P<size>\d+)\s*(?P<kind>AA|[ABM])")

_REMOVE: Final = {
    "sqlite": text("DELETE FROM listing_words WHERE rowid = :id"),
    "postgresql": text("DELETE FROM listing_words WHERE listing_id = :id"),
}
_INSERT: Final = {
    "sqlite": text("INSERT INTO listing_words (rowid, words) VALUES (:id, :words)"),
    "postgresql": text(
        "INSERT INTO listing_words (listing_id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' ')))"
    ),
}


def index_listing(listing: Listing) -> None:
    """Write the words of an offer; call it after every change of the offer or of its passport."""
    index_listings([listing])


def index_listings(listings: Sequence[Listing]) -> None:
    """Write the words of these offers, at least one, in two statements."""
    dialect = session.get_bind().dialect.name
    rows = [
        {"id": listing.id, "words": " ".join(words_of(listing, session.get_one(Passport, listing.passport_id)))}
        for listing in listings
    ]
    session.execute(_REMOVE[dialect], [{"id": row["id"]} for row in rows])
    session.execute(_INSERT[dialect], rows)


def words_of(listing: Listing, passport: Passport) -> list[str]:
    """Return the search words of an offer, each once, in order of the alphabet."""
    category = get_category(passport.category)
    own = " ".join(
        [passport.name, passport.description, passport.origin, listing.place, listing.reference, passport.code]
    )
    sizes = [str(size) for size in passport.dimensions if size is not None]
    found = {*stems(own), *_parts(words(own)), *_words_of_category(category.id), *sizes, *_profile_words(passport)}
    return sorted(filter(_can_be_kept, found))


@cache
def _words_of_category(category_id: str) -> frozenset[str]:
    category = get_category(category_id)
    names = [category.name_nl, category.name_en, *category.synonyms_nl, *category.synonyms_en, *_shelf(category)]
    said = " ".join(names)
    return frozenset({*stems(said), *_parts(words(said))})


def _shelf(category: Category) -> Iterator[str]:
    """Give the names of the group, where it is the name of one thing.

    "Ramen, deuren en glas" would let a search for doors find windows.
    """
    group = next(group for group in groups() if group.id == category.group)
    yield from (name for name in (group.name_nl, group.name_en) if len(words(name)) == 1)


def _parts(compounds: Iterable[str]) -> Iterator[str]:
    """Give the stem of every word of the vocabulary that ends one of these: 'paneeldeur' is a kind of 'deur'."""
    for compound in compounds:
        for start in range(_SHORTEST_REST, len(compound) - _SHORTEST_PART + 1):
            if stem := _vocabulary().get(compound[start:]):
                yield stem


@cache
def _vocabulary() -> dict[str, str]:
    """Return the words that may end a compound, as they are written, with their stems."""
    names = (name for category in categories() for name in (category.name_nl, *category.synonyms_nl))
    long = {word for name in names for word in words(name) if len(word) >= _SHORTEST_PART and word.isalpha()}
    return {word: stem for word in long for stem in stems(word)} | {
        stem: stem for word in long for stem in stems(word) if len(stem) >= _SHORTEST_PART
    }


def _profile_words(passport: Passport) -> tuple[str, ...]:
    """Return the words for the steel section that the name or the sizes tell: an 'HE 200 A' is asked for as HEA 200."""
    profile = find_profile_in(passport.name)
    series = _SERIES.get(passport.category)
    if profile is None and series and passport.height_mm and passport.width_mm:
        profile = find_by_section(series, height_mm=Decimal(passport.height_mm), width_mm=Decimal(passport.width_mm))
    if profile is None:
        return ()
    spoken = _HE.sub(r"HE\g<kind>\g<size>", profile.name)
    return stems(f"{profile.name} {spoken}")


def matches(asked: str) -> Condition | None:
    """Return the condition that an offer has all words of `asked`, or None where it holds no word.

    Words that carry no meaning are left out, unless there are no others.
    """
    said = words(asked)
    wanted = query_stems(" ".join(word for word in said if word not in _STOP_WORDS) or " ".join(said))[:_MOST_WORDS]
    if not wanted:
        return None
    if not all(map(_can_be_kept, wanted)):
        return false()
    return Listing.id.in_(_hits_of[session.get_bind().dialect.name](wanted))


def _can_be_kept(word: str) -> bool:
    # Dutch and English are, once their marks are folded away. What other letters are words is not the same to both
    # databases, and one of them refuses what it takes to be two words.
    return word.isascii()


def _hits_in_sqlite(wanted: Sequence[str]) -> Select[int]:
    index = table("listing_words", column("rowid", Integer), column("listing_words"))
    query = " AND ".join(f'"{word}"' for word in wanted)
    return select(index.c.rowid).where(index.c.listing_words.op("MATCH", is_comparison=True)(query))


def _hits_in_postgresql(wanted: Sequence[str]) -> Select[int]:
    index = table("listing_words", column("listing_id", Integer), column("words"))
    query = " & ".join(f"'{word}'" for word in wanted)
    matches = index.c.words.op("@@", is_comparison=True)(func.to_tsquery(literal_column("'simple'"), query))
    # To skip nothing keeps it from going through all offers, the newest first, and looking at the words of each.
    return select(index.c.listing_id).where(matches).offset(0)


_hits_of: Final = {"sqlite": _hits_in_sqlite, "postgresql": _hits_in_postgresql}
