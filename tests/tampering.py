"""Changing rows behind the back of the program: the triggers that refuse it are put aside for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from marketplace.kit.database import session


@contextmanager
def tampered(database: str, table: str) -> Iterator[None]:
    """Let rows of one table be changed, and set its guards again."""
    session.flush()
    if database == "postgresql":
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        yield
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
        return
    of_table = {"type": "trigger", "table": table}
    query = text("SELECT name, sql FROM sqlite_master WHERE type = :type AND tbl_name = :table")
    guards = session.execute(query, of_table).all()
    for name, _sql in guards:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _name, sql in guards:
        session.execute(text(sql))
