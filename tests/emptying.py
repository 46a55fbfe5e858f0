"""Emptying the database after a test whose changes were seen by several connections, and so cannot be undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, text, update

from marketplace.kit.database import Base, begin_writing, commit, session
from marketplace.notifications.models import NoticeCursor


def emptied() -> None:
    """Remove every row of every table, and count from the start again: other tests count on an empty database."""
    session.rollback()
    begin_writing()
    with _without_guards():
        session.execute(text("DELETE FROM listing_words"))  # of the search; no model stands for it
        for table in reversed(Base.metadata.sorted_tables):
            if table is not NoticeCursor.__table__:  # its one row comes with the database
                session.execute(delete(table))
        session.execute(update(NoticeCursor).values(read_to=None))
    commit()
    session.remove()


@contextmanager
def _without_guards() -> Iterator[None]:
    """Put the triggers aside that refuse to remove what is to be kept for good."""
    if session.get_bind().dialect.name == "postgresql":
        guarded = session.scalars(text("SELECT DISTINCT event_object_table FROM information_schema.triggers")).all()
        for table in guarded:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in guarded:
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in triggers:
        session.execute(text(sql))
