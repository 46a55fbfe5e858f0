"""What a passport is worth now: its signatures, what its rows say today, and what the journal knows of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import func, select

from marketplace.kit.database import session
from marketplace.kit.errors import N_
from marketplace.kit.journal import Fact, JournalEntry
from marketplace.passports import queries
from marketplace.passports.assembly import document_of
from marketplace.passports.document import PassportDocument
from marketplace.passports.inspection import FAULTS, Fault, differences, inspect
from marketplace.passports.models import Passport, PassportStatus, PassportVersion, Withdrawal
from marketplace.passports.seal import Seal

SIGNED: Final = "passport.version_signed"
WITHDRAWN: Final = "passport.withdrawn"
_CHANGES_NOTHING: Final = frozenset({SIGNED, "passport.published", WITHDRAWN})
_OTHERS: Final = frozenset({"organisation.changed", "project.changed"})


class Standing(StrEnum):
    """Say what a passport is worth to who holds its code."""

    GENUINE = "genuine"
    OUTDATED = "outdated"
    ALTERED = "altered"
    UNSIGNED = "unsigned"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    DESTROYED = "destroyed"
    DRAFT = "draft"
    UNKNOWN = "unknown"

    @property
    def holds(self) -> bool:
        """Tell whether the last version can be relied upon."""
        return self in {Standing.GENUINE, Standing.OUTDATED}


SENTENCES: Final = {
    Standing.GENUINE: N_(
        "Echt en ongewijzigd: beide handtekeningen kloppen en de gegevens zijn nog wat is ondertekend."
    ),
    Standing.OUTDATED: N_("De handtekeningen kloppen, maar daarna is iets opgeslagen dat nog niet is ondertekend."),
    Standing.ALTERED: N_("Vertrouw dit paspoort niet: wat er staat is niet wat is ondertekend."),
    Standing.UNSIGNED: N_("Van dit paspoort is nog geen versie ondertekend."),
    Standing.WITHDRAWN: N_("Dit paspoort is ingetrokken; geen enkele versie ervan geldt nog."),
    Standing.REPLACED: N_("Dit paspoort is opgegaan in andere paspoorten."),
    Standing.DESTROYED: N_("Wat dit paspoort beschreef bestaat niet meer."),
    Standing.DRAFT: N_("Dit paspoort is een concept en nog niet uitgegeven."),
    Standing.UNKNOWN: N_("Deze hub kent geen paspoort met deze code. Het label kan vals zijn of van een andere hub."),
}

_OF_STATUS: Final[Mapping[PassportStatus, Standing]] = MappingProxyType(
    {
        PassportStatus.WITHDRAWN: Standing.WITHDRAWN,
        PassportStatus.REPLACED: Standing.REPLACED,
        PassportStatus.DESTROYED: Standing.DESTROYED,
        PassportStatus.DRAFT: Standing.DRAFT,
    }
)


@dataclass(frozen=True, slots=True)
class Verification:
    """Hold what checking a passport found, with Dutch sentences that are also their keys in the catalogue.

    `fault` and `why` are there where something was altered, `changed` are the members of the document that say
    something else now; `document` is the last signed version where that is whole, and `number` says which it is.
    """

    standing: Standing
    number: int | None = None
    document: PassportDocument | None = None
    signed_at: datetime | None = None
    fault: Fault | None = None
    changed: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Return the sentence that says what this standing means."""
        return SENTENCES[self.standing]

    @property
    def why(self) -> str:
        """Return the sentence that says what does not fit, empty where all does."""
        return FAULTS[self.fault] if self.fault else ""


@dataclass(frozen=True, slots=True)
class Broken:
    """Hold the first version that does not hold: of which passport, and why; no `number` for the passport itself."""

    code: str
    number: int | None
    fault: Fault


def verify(passport: Passport, seal: Seal) -> Verification:
    """Check a passport, loaded whole: its newest version, and whether it still is what the passport states."""
    version = queries.find_version(passport.id)
    signed = _last(passport, SIGNED)
    if version is None:
        if signed is not None:
            return Verification(Standing.ALTERED, fault=Fault.MISSING)
        return Verification(_end_of(passport) or Standing.UNSIGNED)
    found = inspect(version, code=passport.code, seal=seal)
    fault = found.fault or _fault_in_journal(version, signed)
    standing, changed = _standing(passport, version, found.document, fault, signed)
    if standing is Standing.ALTERED and fault is None:
        fault = Fault.ROWS
    return Verification(standing, version.number, found.document, version.valid_from, fault, changed)


def verify_code(code: str, seal: Seal) -> Verification:
    """Check the passport of a code in any case; a code that nobody has is UNKNOWN."""
    try:
        passport = queries.find_by_code(code)
    except queries.UnreadableError:
        return Verification(Standing.ALTERED, fault=Fault.UNREADABLE)
    return verify(passport, seal) if passport else Verification(Standing.UNKNOWN)


def find_broken(seal: Seal) -> Broken | None:
    """Check every version of every passport, and return the first that does not hold, or None."""
    return next(_broken(seal), None)


def count_versions() -> int:
    """Return how many versions were ever published."""
    return session.scalar(select(func.count()).select_from(PassportVersion)) or 0


def find_unrecorded() -> Broken | None:
    """Return the first version or withdrawal that the journal does not know, or that only the journal knows, or None.

    Only the rows themselves are compared, so that it needs no keys and tells what a chain of hashes cannot: that rows
    at the end of the journal are gone.
    """
    return next(_unrecorded(), None)


def _standing(
    passport: Passport,
    version: PassportVersion,
    signed: PassportDocument | None,
    fault: Fault | None,
    entry: JournalEntry | None,
) -> tuple[Standing, tuple[str, ...]]:
    if fault is not None or signed is None:
        return Standing.ALTERED, ()
    if (end := _end_of(passport)) is not None:
        return (Standing.ALTERED if end is Standing.DRAFT else end), ()
    now = document_of(passport, origin="", number=version.number, at=version.valid_from)
    changed = differences(signed, now)
    if not changed:
        return Standing.GENUINE, ()
    return (Standing.OUTDATED if entry and _was_saved_since(passport, entry) else Standing.ALTERED), changed


def _end_of(passport: Passport) -> Standing | None:
    """Return where a passport stands by its status alone; what was withdrawn stays so, whatever its rows say."""
    if queries.find_withdrawal(passport.id) is not None or _last(passport, WITHDRAWN) is not None:
        return Standing.WITHDRAWN
    return _OF_STATUS.get(passport.status)


def _fault_in_journal(version: PassportVersion, signed: JournalEntry | None) -> Fault | None:
    told = _facts(signed)
    if (told.get("version"), told.get("sha256")) == (version.number, version.content_sha256):
        return None
    later = told.get("version")
    return Fault.MISSING if isinstance(later, int) and later > version.number else Fault.UNRECORDED


def _last(passport: Passport, action: str) -> JournalEntry | None:
    about = (JournalEntry.subject == passport.subject, JournalEntry.action == action)
    return session.scalars(select(JournalEntry).where(*about).order_by(JournalEntry.number.desc()).limit(1)).first()


def _was_saved_since(passport: Passport, signed: JournalEntry) -> bool:
    """Tell whether the journal knows of a change since: to the passport, or to what its document names besides."""
    own = JournalEntry.action.like("passport.%") & JournalEntry.action.not_in(_CHANGES_NOTHING)
    names = {f"organisation:{passport.issuer_id}", f"organisation:{passport.owner_id}"}
    if passport.origin_project_id:
        names.add(f"project:{passport.origin_project_id}")
    ours = (JournalEntry.subject == passport.subject) & own
    others = JournalEntry.subject.in_(names) & JournalEntry.action.in_(_OTHERS)
    query = select(JournalEntry.number).where(JournalEntry.number > signed.number, ours | others).limit(1)
    return session.scalar(query) is not None


def _broken(seal: Seal) -> Iterator[Broken]:
    for passport_id, code in session.execute(select(Passport.id, Passport.code).order_by(Passport.id)).all():
        for number, version in enumerate(reversed(queries.versions_of(passport_id)), 1):
            fault = inspect(version, code=code, seal=seal).fault
            if fault or version.number != number:
                yield Broken(code, version.number, fault or Fault.MISSING)
        found = verify_code(code, seal)
        if found.fault:
            yield Broken(code, found.number, found.fault)
        session.expunge_all()


def _unrecorded() -> Iterator[Broken]:
    codes = {row[0]: row[1] for row in session.execute(select(Passport.id, Passport.code))}
    for action, kept in ((SIGNED, _signed_rows()), (WITHDRAWN, _withdrawn_rows())):
        told = _told(action)
        for passport_id, number, _digest in sorted(told - kept, key=_in_order):
            yield Broken(codes.get(passport_id, str(passport_id)), number, Fault.MISSING)
        for passport_id, number, _digest in sorted(kept - told, key=_in_order):
            yield Broken(codes.get(passport_id, str(passport_id)), number, Fault.UNRECORDED)


_Row = tuple[int, int | None, str]


def _in_order(row: _Row) -> tuple[int, int]:
    return row[0], row[1] or 0


def _signed_rows() -> set[_Row]:
    columns = (PassportVersion.passport_id, PassportVersion.number, PassportVersion.content_sha256)
    return {(row[0], row[1], row[2]) for row in session.execute(select(*columns))}


def _withdrawn_rows() -> set[_Row]:
    return {(passport_id, None, "") for passport_id in session.scalars(select(Withdrawal.passport_id))}


def _told(action: str) -> set[_Row]:
    entries: Sequence[JournalEntry] = session.scalars(select(JournalEntry).where(JournalEntry.action == action)).all()
    return {_row(entry) for entry in entries}


def _row(entry: JournalEntry) -> _Row:
    told = _facts(entry)
    number = told.get("version")
    passport_id = entry.subject.removeprefix("passport:")
    known = int(passport_id) if passport_id.isdecimal() else 0
    return known, number if isinstance(number, int) else None, str(told.get("sha256") or "")


def _facts(entry: JournalEntry | None) -> Mapping[str, Fact]:
    """Return what an entry tells; nothing where somebody made it unreadable."""
    try:
        return entry.told if entry else {}
    except ValueError:
        return {}
