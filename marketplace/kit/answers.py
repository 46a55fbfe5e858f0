"""Answers that are kept for a while, so that who sends the same request again gets the same answer and nothing more.

A request carries a key. Whoever comes first with it claims it, in the transaction of what the request does; another
one that comes at the same moment waits for the end of that transaction, and then finds the answer or the key free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ColumnElement, String, Text, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.database import Base, session
from marketplace.kit.errors import N_, ConflictError

LONGEST_KEY: Final = 64
KEPT_FOR: Final = timedelta(days=7)
NOBODY: Final = 0
"""The user id of everyone who is not signed in."""


class KeptAnswer(Base):
    """What a request with a key was, and what it was answered."""

    __tablename__ = "kept_answer"
    __table_args__ = (CheckConstraint("status BETWEEN 200 AND 399", name="status"),)

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key, because 0 is everyone who is not signed in."""
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    request: Mapped[str] = mapped_column(Text)
    """Method and address, such as `POST /aanbieden`."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was sent, in hexadecimal."""
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    """None only inside the transaction that makes the answer."""
    is_remade: Mapped[bool] = mapped_column(default=False)
    """Whether the body is what the answer is made of, each time, instead of the answer itself."""
    headers: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """Name and value of each."""
    body: Mapped[bytes] = mapped_column(default=b"")
    said: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """Kind and text of each message for the next page."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold what tells one request from another: who sends it, under which key, where to, and what."""

    user_id: int
    key: str
    request: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold an answer as it is kept."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    said: Sequence[tuple[str, str]] = ()
    is_remade: bool = False


class SentBeforeError(ConflictError):
    """Say that the key came with something else; `led_to` is the address to which that led, or nothing."""

    def __init__(self, led_to: str) -> None:
        super().__init__(N_("Dit formulier is al eerder verstuurd, met andere gegevens."))
        self.led_to = led_to


def claim(sent: Sent, *, at: datetime) -> KeptAnswer | None:
    """Return the answer that was given before, or None: then the key is ours until this transaction ends.

    Waits for another transaction that holds the key. Raises SentBeforeError where the key came with something else.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"user_id": sent.user_id, "key": sent.key, "request": sent.request, "fingerprint": sent.fingerprint}
    row = insert(KeptAnswer).values(**values, at=at, is_remade=False, headers=[], body=b"", said=[])
    if session.scalars(row.on_conflict_do_nothing().returning(KeptAnswer.key)).first() is not None:
        return None
    earlier = session.get_one(KeptAnswer, (sent.user_id, sent.key), populate_existing=True)
    if (earlier.request, earlier.fingerprint) != (sent.request, sent.fingerprint):
        raise SentBeforeError(dict(earlier.headers).get("Location", ""))
    return earlier


def keep(sent: Sent, answer: Answer) -> bool:
    """Keep the answer under the claimed key, and return whether that is still claimed."""
    values: Mapping[str, object] = {
        "status": answer.status,
        "is_remade": answer.is_remade,
        "headers": [list(header) for header in answer.headers],
        "body": answer.body,
        "said": [list(message) for message in answer.said],
    }
    kept = update(KeptAnswer).where(*_is(sent)).values(values).returning(KeptAnswer.key)
    return session.scalars(kept).first() is not None


def release(sent: Sent) -> None:
    """Let the key go without an answer."""
    session.execute(delete(KeptAnswer).where(*_is(sent)))


def forget(before: datetime) -> int:
    """Delete what was answered before this moment, and return how many answers that were."""
    return len(session.scalars(delete(KeptAnswer).where(KeptAnswer.at < before).returning(KeptAnswer.key)).all())


def _is(sent: Sent) -> tuple[ColumnElement[bool], ...]:
    return KeptAnswer.user_id == sent.user_id, KeptAnswer.key == sent.key
