"""The journal: appended only, chained, and its verifier names the first broken row."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import GENESIS, By, JournalEntry


def three_entries() -> list[JournalEntry]:
    return [journal.record("listing:1", f"listing.step{step}", by=By(7, 3), quantity=str(step)) for step in (1, 2, 3)]


def test_each_row_carries_the_hash_of_the_row_before(context):
    first, second, third = three_entries()
    assert first.previous_hash == GENESIS
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert journal.first_broken() is None


def test_the_history_of_a_subject_has_its_own_rows_newest_first(context):
    three_entries()
    journal.record("listing:12", "listing.posted", by=By())
    assert [entry.action for entry in journal.history("listing:1")] == [
        "listing.step3",
        "listing.step2",
        "listing.step1",
    ]
    assert [entry.action for entry in journal.history("listing:1", only={"listing.step2", "listing.posted"})] == [
        "listing.step2"
    ]


@pytest.mark.parametrize("statement", ["UPDATE journal SET action = 'x'", "DELETE FROM journal"])
def test_the_database_refuses_to_rewrite_history(context, statement):
    three_entries()
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize("column", ["at", "subject", "action", "user_id", "organisation_id", "facts", "hash"])
def test_a_changed_column_is_found_and_its_row_named(context, database, column):
    second = three_entries()[1]
    other = getattr(journal.record("need:9", "need.added", by=By(8, 4), other="x"), column)
    _without_triggers(database)
    session.execute(update(JournalEntry).where(JournalEntry.number == second.number).values({column: other}))
    session.expire_all()
    assert journal.first_broken() == second.number


def test_a_missing_row_is_found(context, database):
    _, second, _ = three_entries()
    number = second.number
    _without_triggers(database)
    session.execute(text("DELETE FROM journal WHERE number = :number"), {"number": number})
    session.expire_all()
    assert journal.first_broken() == number


def _without_triggers(database: str) -> None:
    if database == "sqlite":
        session.execute(text("DROP TRIGGER journal_no_update"))
        session.execute(text("DROP TRIGGER journal_no_delete"))
    else:
        session.execute(text("ALTER TABLE journal DISABLE TRIGGER ALL"))
