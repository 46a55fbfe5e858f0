"""The application identifiers of GS1: what each may hold, and what may stand beside it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

from marketplace.kit.tables import read_table

_ALONE: Final = "alone"
_COMPONENT: Final = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,\w+)*)")


@dataclass(frozen=True)
class Component:
    """One part of a value: its kind (N, X, Y or Z), its length in characters, and the names of its rules."""

    kind: str
    length: int
    variable: bool
    optional: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Identifier:
    """One application identifier, by the GS1 Barcode Syntax Dictionary.

    `fixed` says that no separator follows its value, `attribute` that it may stand behind the question mark of a
    Digital Link. `requires` lists groups of which one must be there whole, `excludes` what may not be there; in both
    an `n` stands for any digit. `qualifiers` is None unless it is a primary key; each choice is in the order of a path.
    """

    ai: str
    title: str
    fixed: bool
    attribute: bool
    components: tuple[Component, ...]
    requires: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None


def find_identifier(ai: str) -> Identifier | None:
    """Return the application identifier of these two to four digits, or None where GS1 has none."""
    return _identifiers().get(ai)


def is_primary_key(ai: str) -> bool:
    """Tell whether a Digital Link may begin with this identifier."""
    return (ai,) in _paths()


def is_path(ais: tuple[str, ...]) -> bool:
    """Tell whether these identifiers, in this order, may be the path of a Digital Link."""
    return ais in _paths()


def paths_of(key: str) -> tuple[tuple[str, ...], ...]:
    """Return every path that may begin with a primary key, sorted."""
    return tuple(sorted(path for path in _paths() if path[0] == key))


@cache
def _identifiers() -> dict[str, Identifier]:
    rows = read_table("marketplace.passports", "gs1_identifiers")
    return {ai: _identifier(ai, row) for row in rows for ai in _range(row["ai"])}


@cache
def _paths() -> frozenset[tuple[str, ...]]:
    return frozenset(path for identifier in _identifiers().values() for path in _paths_from(identifier))


def _paths_from(identifier: Identifier) -> Iterator[tuple[str, ...]]:
    for choice in identifier.qualifiers or ():
        for size in range(len(choice) + 1):
            yield from ((identifier.ai, *some) for some in combinations(choice, size))


def _range(text: str) -> Iterator[str]:
    first, _, last = text.partition("-")
    yield from (f"{number:0{len(first)}d}" for number in range(int(first), int(last or first) + 1))


def _identifier(ai: str, row: dict[str, str]) -> Identifier:
    return Identifier(
        ai=ai,
        title=row["title"],
        fixed=bool(row["fixed"]),
        attribute=bool(row["attribute"]),
        components=tuple(_component(text) for text in row["format"].split()),
        requires=tuple(tuple(group.split("+")) for group in row["requires"].split(",") if group),
        excludes=tuple(ai for ai in row["excludes"].split(",") if ai),
        qualifiers=_qualifiers(row["key"]) if row["key"] else None,
    )


def _qualifiers(text: str) -> tuple[tuple[str, ...], ...]:
    return ((),) if text == _ALONE else tuple(tuple(choice.split(",")) for choice in text.split("|"))


def _component(text: str) -> Component:
    found = _COMPONENT.fullmatch(text)
    if found is None:
        raise ValueError(f"no part of a GS1 value: {text}")
    optional, kind, dots, length, rules = found.groups()
    return Component(kind, int(length), bool(dots), bool(optional), tuple(rules.split(",")[1:]))
