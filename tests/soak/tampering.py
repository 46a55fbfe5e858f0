"""Random edits of passports and of the journal, each undone again, and whether each is noticed and its place named."""

import json
import string
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Any

import msgspec
import rfc8785
from sqlalchemy import inspect as columns_of

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import InvalidInputError
from marketplace.kit.journal import JournalEntry
from marketplace.materials.vocabulary import categories
from marketplace.passports import actions, queries
from marketplace.passports.details import Condition, Later, Quality, QualityBasis, Scenario
from marketplace.passports.gate import HazardStatus
from marketplace.passports.inspection import Fault
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import Claim, HazardFinding, MaterialTest, Passport, PassportPhoto
from marketplace.passports.seal import Seal
from marketplace.passports.signatures import read_json
from marketplace.passports.verification import Standing, verify
from marketplace.passports.versions import whole
from tests.factories import by, make_finding, make_organisation, make_signed

_UNSTATED = {
    HazardFinding: {"id", "passport_id", "document_id"},
    Claim: {"id", "passport_id", "document_id", "person_id"},
    MaterialTest: {"id", "passport_id", "document_id", "person_id", "recorded_at", "note"},
    PassportPhoto: {"id", "passport_id", "position", "key", "width", "height"},
}
"""What no document states, and nobody therefore signed."""
_OF_PASSPORT = {
    "code": "",
    "granularity": "granularity",
    "category": "classification",
    "name": "name",
    "description": "description",
    "quantity": "figures",
    "unit": "unit",
    "kg_per_unit": "figures",
    "mass_is_estimate": "figures",
    "length_mm": "figures",
    "width_mm": "figures",
    "height_mm": "figures",
    "building_year": "origin",
    "origin": "origin",
    "is_example": "is_example",
}
_CHARACTERS = string.ascii_letters + string.digits + '-_.{}[]":, é€'


@dataclass(frozen=True)
class Edit:
    """One column of one row that gets another value; `place` is the fault or the member that must be named."""

    row: Any
    column: str
    value: Any
    place: str


def dice(seed: int) -> Random:
    """Return chance that is the same every time."""
    return Random(seed)  # noqa: S311 (it finds edits, no secrets)


def rich_passport(seal: Seal) -> Passport:
    """Add a signed passport with hazards, claims, tests and a photo, and return it whole."""
    passport = make_signed(make_organisation(kvk="04012345"), seal=seal, description="Met kozijn")
    kept = {"passport_id": passport.id}
    make_finding(passport, hazard="lead", status=HazardStatus.ABSENT_TESTED, report="RPS 26-1187", value=Decimal("0.4"))
    session.add(Claim(**kept, key="fire", value="30 minuten", level=EvidenceLevel.TESTED, report="26-0931"))
    session.add(
        MaterialTest(**kept, test="Druk", passed=True, tested_on=date(2026, 3, 1), recorded_at=passport.created_at)
    )
    session.add(PassportPhoto(**kept, position=0, key="a" * 32, sha256="b" * 64, width=4, height=3))
    actions.restate(passport, by(), seal=seal)
    return whole(passport)


def edits_of(passport: Passport, random: Random) -> Iterator[Edit]:
    """Yield random edits of one passport without end: of its signed version, and of each row that it rests on."""
    version = queries.find_version(passport.id)
    signed: list[Callable[[], Edit]] = [
        lambda: Edit(version, "credential", _other_text(version.credential, random), Fault.PROOF),
        lambda: Edit(version, "jwt", _other_token(version.jwt, random), Fault.TOKEN),
        lambda: Edit(version, "number", version.number + random.randint(1, 9), Fault.IDENTITY),
        lambda: Edit(version, "valid_from", _other(version.valid_from, random), Fault.IDENTITY),
        lambda: Edit(version, "content_sha256", _other(version.content_sha256, random), Fault.DIGEST),
    ]
    rows: list[Callable[[], Edit]] = [
        lambda: _of_row(passport, random, _OF_PASSPORT),
        lambda: Edit(passport, "details", _other_details(passport, random), ""),
        lambda: _of_row(passport.issuer, random, dict.fromkeys(("name", "kvk", "place"), "issuer")),
        *(
            lambda row=row, member=member: _of_row(row, random, _stated(row, member))
            for member, held in (
                ("hazards", passport.hazards),
                ("statements", passport.claims),
                ("tests", passport.tests),
                ("photos", passport.photos),
            )
            for row in held
        ),
    ]
    while True:
        yield random.choice(random.choice((signed, rows, rows)))()


def _stated(row: Any, member: str) -> dict[str, str]:
    return {each.key: member for each in columns_of(type(row)).columns if each.key not in _UNSTATED[type(row)]}


def _of_row(row: Any, random: Random, members: dict[str, str]) -> Edit:
    column = random.choice(sorted(members))
    return Edit(row, column, _other_of(row, column, random), members[column] or Fault.IDENTITY)


def _other_of(row: Any, column: str, random: Random) -> Any:
    value = getattr(row, column)
    if column == "category":
        return random.choice([each.id for each in categories() if each.id != value])
    if value is None:
        kind = columns_of(type(row)).columns[column].type.python_type
        empty = {int: 0, Decimal: Decimal(0), date: date(2020, 1, 1), str: ""}
        return _other(empty[kind], random)
    return _other(value, random)


def _other(value: Any, random: Random) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, StrEnum):
        return random.choice([each for each in type(value) if each is not value])
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return _mutated(value, random, string.ascii_letters)
    return value + _step(value, random)


def _step(value: Any, random: Random) -> Any:
    if isinstance(value, datetime):
        return timedelta(seconds=random.randint(1, 10**6))
    if isinstance(value, date):
        return timedelta(days=random.randint(1, 999))
    return Decimal(random.randint(1, 9999)) / 1000 if isinstance(value, Decimal) else random.randint(1, 99)


def _mutated(value: str, random: Random, characters: str) -> str:
    """Return the text with one character put in, taken out, or changed."""
    at, new = random.randrange(len(value) + 1), random.choice(characters)
    kind = random.choice("+-=") if value else "+"
    if kind == "+":
        return value[:at] + new + value[at:]
    at = min(at, len(value) - 1)
    if kind == "-":
        return value[:at] + value[at + 1 :]
    return value[:at] + random.choice([each for each in characters if each != value[at]]) + value[at + 1 :]


def _other_text(credential: str, random: Random) -> str:
    """Return the document changed in one character that means something: a space between members means nothing."""
    while True:
        text = _mutated(credential, random, _CHARACTERS)
        if not _means_the_same(text, credential):
            return text


def _means_the_same(text: str, other: str) -> bool:
    try:
        return rfc8785.dumps(read_json(text.encode())) == rfc8785.dumps(json.loads(other))
    except InvalidInputError:
        return False


def _other_token(jwt: str, random: Random) -> str:
    return _mutated(jwt, random, string.ascii_letters + string.digits + "-_.")


def _other_details(passport: Passport, random: Random) -> Any:
    changes = [
        {"dismantling": "met de hamer"},
        {"hoisting": "twee hijspunten"},
        {"condition": Condition(score=random.randint(1, 6))},
        {"later": Later(scenario=random.choice(list(Scenario)))},
        {"quality": Quality(basis=random.choice([each for each in QualityBasis if each is not QualityBasis.UNTESTED]))},
    ]
    others = (msgspec.structs.replace(passport.details, **change) for change in random.sample(changes, len(changes)))
    return next(each for each in others if each != passport.details)


def missed_edits(passport: Passport, seal: Seal, random: Random, count: int) -> tuple[list[Edit], Counter[str]]:
    """Make so many edits, one at a time; return those that went unnoticed or misnamed, and how many of each kind."""
    missed, made = [], Counter[str]()
    edits = edits_of(passport, random)
    with session.no_autoflush:
        for _ in range(count):
            edit = next(edits)
            before = getattr(edit.row, edit.column)
            setattr(edit.row, edit.column, edit.value)
            found = verify(passport, seal)
            setattr(edit.row, edit.column, before)
            made[f"{type(edit.row).__tablename__}.{edit.column}"] += 1
            named = not edit.place or edit.place == found.fault or edit.place in found.changed
            if found.standing is not Standing.ALTERED or not named:
                missed.append(edit)
    return missed, made


_OF_JOURNAL = tuple(each.key for each in columns_of(JournalEntry).columns)


def missed_rows(entries: list[JournalEntry], random: Random, count: int) -> list[tuple[int, str]]:
    """Change one column of one row so many times, or take a row out, and return what was not named as the first."""
    missed = []
    for _ in range(count):
        column = random.choice((*_OF_JOURNAL, "gone", "swapped"))
        at = random.randrange(len(entries) - (column in {"gone", "swapped"}))
        if _first_broken(entries, at, column, random) != at + 1:
            missed.append((at + 1, column))
    return missed


def _first_broken(entries: list[JournalEntry], at: int, column: str, random: Random) -> int | None:
    if column in {"gone", "swapped"}:
        rest = entries[at + 1 :] if column == "gone" else [entries[at + 1], entries[at], *entries[at + 2 :]]
        return journal.first_broken(entries[:at] + rest)
    row = entries[at]
    before = getattr(row, column)
    setattr(row, column, _other(0 if before is None else before, random))
    broken = journal.first_broken(entries)
    setattr(row, column, before)
    return broken
