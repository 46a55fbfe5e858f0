"""The database: one declarative base, exact types, and transactions that cannot lose an update."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, Dialect, Engine, MetaData, Numeric, event
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, registry, scoped_session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine

from marketplace.kit.errors import MarketplaceError
from marketplace.kit.turns import Turn


class ExactDecimal(TypeDecorator[Decimal]):
    """Store a decimal exactly on both databases.

    PostgreSQL has NUMERIC. SQLite has none and would keep a binary float, so there the value is kept as a whole
    number of its smallest unit; comparing, adding and summing work on that just as well.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        exact = Decimal(value).scaleb(self.scale)
        whole = int(exact)
        if whole != exact:
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return whole if dialect.name == "sqlite" else Decimal(value)

    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)


class UtcDateTime(TypeDecorator[datetime]):
    """Store a moment in UTC and refuse one without a time zone, which could mean any of two moments."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return (
            None if value is None else value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)
        )


QUANTITY = ExactDecimal(14, 3)
MONEY = ExactDecimal(12, 2)


class Base(DeclarativeBase):
    """The base of every model."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UtcDateTime(),
            StrEnum: SqlEnum(
                StrEnum,
                native_enum=False,
                create_constraint=True,
                length=40,
                values_callable=lambda kind: [member.value for member in kind],
            ),
        },
    )


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
session: scoped_session[Session] = db.session  # type: ignore[assignment]  # its own subclass of Session, typed as ours


def begin_writing() -> None:
    """Begin a transaction that will write.

    On SQLite it waits for its turn and takes the write lock at once: a transaction that reads first and writes later
    would work on what it read before another one committed, and lose that update. On PostgreSQL nothing special is
    needed, because stock changes are single conditional updates.
    """
    session.connection(execution_options={"writes": True})


def end_reading() -> None:
    """End a transaction that only read, and keep what was read as it is: it is not read again when it is used."""
    present = session()
    present.expire_on_commit = False
    try:
        present.commit()
    finally:
        present.expire_on_commit = True


def begin_reading() -> None:
    """Begin a transaction that sees the database as it is now, however long it reads and whatever others commit.

    SQLite always does so; on PostgreSQL each statement would otherwise see what was committed before it.
    """
    if isinstance(session.get_bind(), Engine) and session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def commit() -> None:
    """Commit the one transaction of a request or command; only doors call this. Inside `held_commit` only flush."""
    held: HeldCommit | None = session.info.get(_HELD)
    if held is None:
        session.commit()
    else:
        session.flush()
        held.wanted = True


@dataclass(slots=True)
class HeldCommit:
    """Hold whether `commit` was called."""

    wanted: bool = False


_HELD: Final = "held_commit"


@contextmanager
def held_commit() -> Iterator[HeldCommit]:
    """Let `commit` only flush and say that it was called; whoever opened this commits the transaction afterwards."""
    held = session.info[_HELD] = HeldCommit()
    try:
        yield held
    finally:
        session.info.pop(_HELD, None)


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: object, _record: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        # The driver would begin transactions on its own and too late; `_begin` does it instead.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "rollback")
def _roll_back(connection: Connection) -> None:
    # Where psycopg rolls back itself, it forgets which statements PostgreSQL has planned; every page that only reads
    # ends so, and each page would be planned anew. A connection that is no longer in a transaction it leaves alone.
    if connection.dialect.driver == "psycopg" and not (connection.closed or connection.invalidated):
        from psycopg.pq import TransactionStatus  # noqa: PLC0415 (SQLite need not pay for it)

        link = connection.connection.dbapi_connection.pgconn  # type: ignore[union-attr]  # that of psycopg
        if link.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            link.exec_(b"ROLLBACK")


_TURN: Final = "turn"


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", False)
        if writes and (path := connection.engine.url.database):
            _end_turn_of(connection.info)
            connection.info[_TURN] = Turn(path)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(Engine, "checkin")
def _end_turn(_connection: object, record: ConnectionPoolEntry) -> None:
    # Not when it commits, which is told before it is done, but when the connection is free again.
    _end_turn_of(record.info)


def _end_turn_of(info: dict[Any, Any]) -> None:
    if turn := info.pop(_TURN, None):
        turn.end()


def is_transient(error: DBAPIError) -> bool:
    """Tell whether the same transaction may succeed when it is tried again: a deadlock, or a database that is busy."""
    # PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
    if getattr(error.orig, "sqlstate", None) in {"40001", "40P01", "55P03"}:
        return True
    return "database is locked" in str(error.orig)


def is_full(error: DBAPIError) -> bool:
    """Tell whether the database could not write because its disk is full."""
    return getattr(error.orig, "sqlstate", None) == "53100" or "disk is full" in str(error.orig)


def flush_or(errors: Mapping[str, MarketplaceError]) -> None:
    """Flush, and raise the error that stands for the constraint that the change breaks.

    `errors` maps a column of a unique constraint, as `table.column`, to its error. SQLite names the column,
    PostgreSQL the constraint; both follow from it by the naming convention.
    """
    try:
        session.flush()
    except IntegrityError as broken:
        text = str(broken.orig)
        for column, error in errors.items():
            if column in text or f"uq_{column.replace('.', '_')}" in text:
                session.rollback()
                raise error from broken
        raise
