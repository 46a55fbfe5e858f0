"""How a change is told in the journal: per changed field the old and the new value, as `FIELD_from` and `FIELD_to`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.kit.journal import Fact

_FROM: Final = "_from"
_TO: Final = "_to"


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one changed field, with its values as they were recorded."""

    field: str
    old: Fact
    new: Fact


def snapshot(thing: object, fields: Iterable[str]) -> dict[str, Fact]:
    """Return the present values of some fields of a row, as the journal can keep them."""
    return {field: as_fact(getattr(thing, field)) for field in fields}


def as_fact(value: object) -> Fact:
    """Return a value as a fact: decimals without trailing zeros and days as text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def differences(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return the facts that tell what changed between two snapshots; none where nothing did."""
    changed = [field for field in before if before[field] != after[field]]
    pairs = [((field + _FROM, before[field]), (field + _TO, after[field])) for field in changed]
    return dict(fact for pair in pairs for fact in pair)


def changes_in(facts: Mapping[str, Fact]) -> list[Change]:
    """Return the changes that the facts of a journal entry tell of, in order of field."""
    fields = sorted(key.removesuffix(_FROM) for key in facts if key.endswith(_FROM))
    return [Change(field, facts[field + _FROM], facts[field + _TO]) for field in fields if field + _TO in facts]
