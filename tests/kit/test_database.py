"""What pages that only read leave behind: nothing in the database, and its plans on the connection."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, OperationalError

from marketplace.kit.database import db, session

_USES = 10
_PLANS = text("SELECT count(*) FROM pg_prepared_statements")


# SQLite plans in this process, for next to nothing.
pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True, scope="session")


@pytest.fixture
def on_postgresql(app):
    with app.app_context():
        db.engine.dispose()  # so that one connection serves all that follows: tests before this one may have left many
        yield
        session.remove()


def read_a_page() -> None:
    assert session.scalar(text("SELECT :number + 1"), {"number": 1}) == 2
    session.rollback()


def test_what_was_planned_for_one_page_is_planned_for_the_next(on_postgresql):
    for _ in range(_USES):
        read_a_page()
    before = session.scalar(_PLANS)
    session.rollback()
    assert before > 0
    assert session.scalar(_PLANS) >= before


def test_a_transaction_that_failed_is_undone(on_postgresql):
    session.execute(text("CREATE TEMPORARY TABLE undone (number integer)"))
    session.rollback()
    assert session.scalar(text("SELECT to_regclass('undone')")) is None
    with pytest.raises(DataError, match="division by zero"):
        session.execute(text("SELECT 1 / 0"))
    session.rollback()
    read_a_page()


def test_a_connection_that_broke_is_replaced(on_postgresql):
    ours = session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as another:
        another.execute(text("SELECT pg_terminate_backend(:ours)"), {"ours": ours})
    with pytest.raises(OperationalError):
        read_a_page()
    session.rollback()
    read_a_page()
