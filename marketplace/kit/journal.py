"""What happened: an append-only record, chained by hashes, written in the transaction that it tells of.

It is the audit trail, the history that people see on a page, and the outbox from which they are told.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String, Text, bindparam, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.clock import now
from marketplace.kit.database import Base, session

GENESIS = "0" * 64
_LOCK = 0x4D48_4A4F  # an arbitrary number by which PostgreSQL knows the lock on the end of the chain

Fact = str | int | bool | None


class JournalEntry(Base):
    """One thing that happened to one subject. Database triggers refuse to change or delete a row."""

    __tablename__ = "journal"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Counts without gaps, so that a missing row shows."""
    at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(String(40), index=True)
    """Kind and id, such as `listing:12`; no foreign key, because the record outlives its subject."""
    action: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    facts: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def computed_hash(self) -> str:
        """Return the SHA-256 over this row and the hash of the row before it, in hexadecimal."""
        row = [
            self.number,
            self.at.isoformat(),
            self.subject,
            self.action,
            self.user_id,
            self.organisation_id,
            self.facts,
            self.previous_hash,
        ]
        return hashlib.sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    @property
    def about(self) -> tuple[str, int]:
        """Return kind and id of the subject; an id of 0 where it has no number."""
        kind, _, number = self.subject.partition(":")
        return kind, int(number) if number.isdecimal() else 0

    @property
    def told(self) -> Mapping[str, Fact]:
        """Return the facts as they were recorded."""
        facts: Mapping[str, Fact] = json.loads(self.facts)
        return facts


@dataclass(frozen=True, slots=True)
class By:
    """Who does something: a user on behalf of an organisation, or the program itself."""

    user_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one subject, before it is recorded."""

    subject: str
    action: str
    facts: Mapping[str, Fact]


def record(subject: str, action: str, *, by: By, **facts: Fact) -> JournalEntry:
    """Append to the journal that `by` did `action` to `subject`, in the present transaction; see `record_all`."""
    return record_all([Event(subject, action, facts)], by=by)[0]


def record_all(events: Sequence[Event], *, by: By) -> list[JournalEntry]:
    """Append to the journal what `by` did, in this order, in the present transaction.

    Call it after the rows themselves are changed: it locks the end of the chain until the transaction ends, and
    taking that lock last keeps two transactions from waiting for each other.
    """
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = find_last()
    entries: list[JournalEntry] = []
    for event in events:
        last = _following(last, event, by)
        entries.append(last)
    session.add_all(entries)
    session.flush()
    return entries


def history(*subjects: str, only: Collection[str] = ()) -> list[JournalEntry]:
    """Return what happened to these subjects, the newest first: everything, or `only` these actions."""
    query = select(JournalEntry).where(JournalEntry.subject.in_(subjects)).order_by(JournalEntry.number.desc())
    return list(session.scalars(query.where(JournalEntry.action.in_(only)) if only else query))


def first_broken(entries: Iterable[JournalEntry] | None = None) -> int | None:
    """Return the number of the first row that is missing, changed or out of place, or None where the chain holds.

    Without `entries`, of the whole journal. What a chain cannot tell is that rows at its end are gone.
    """
    expected, previous = 1, GENESIS
    for entry in in_order() if entries is None else entries:
        if entry.number != expected or entry.previous_hash != previous or entry.hash != entry.computed_hash():
            return expected
        expected, previous = expected + 1, entry.hash
    return None


def find(number: int) -> JournalEntry | None:
    """Return one row by its number, or None."""
    return session.get(JournalEntry, number)


def find_last() -> JournalEntry | None:
    """Return the row at the end, or None where nothing happened yet."""
    return session.scalars(select(JournalEntry).order_by(JournalEntry.number.desc()).limit(1)).first()


def after(number: int, limit: int) -> list[JournalEntry]:
    """Return the first rows behind that of `number`, in order."""
    return list(session.scalars(_AFTER.limit(limit), {"last": number}))


def length() -> int:
    """Return how many rows the journal has."""
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def in_order() -> Iterator[JournalEntry]:
    """Return the whole journal from its beginning, a thousand rows at a time."""
    last = 0
    while rows := session.scalars(_AFTER, {"last": last}).all():
        yield from rows
        last = rows[-1].number


def _following(last: JournalEntry | None, event: Event, by: By) -> JournalEntry:
    entry = JournalEntry(
        number=last.number + 1 if last else 1,
        at=now(),
        subject=event.subject,
        action=event.action,
        user_id=by.user_id,
        organisation_id=by.organisation_id,
        facts=json.dumps(event.facts, ensure_ascii=False, sort_keys=True),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = entry.computed_hash()
    return entry


_AFTER = select(JournalEntry).where(JournalEntry.number > bindparam("last")).order_by(JournalEntry.number).limit(1000)
