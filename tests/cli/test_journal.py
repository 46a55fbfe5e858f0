"""`flask journal verify` says whether the journal holds, and where it does not."""

from sqlalchemy import text

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import By


def test_an_untouched_journal_holds(context):
    journal.record("listing:1", "listing.posted", by=By())
    result = context.test_cli_runner().invoke(args=["journal", "verify"])
    assert (result.exit_code, result.output) == (0, "The journal holds: 1 rows.\n")


def test_the_first_rewritten_row_is_named(context, database):
    for step in range(3):
        journal.record("listing:1", f"listing.step{step}", by=By())
    if database == "sqlite":
        session.execute(text("DROP TRIGGER journal_no_update"))
    else:
        session.execute(text("ALTER TABLE journal DISABLE TRIGGER ALL"))
    session.execute(text("UPDATE journal SET facts = '{}', action = 'listing.sold' WHERE number = 2"))
    session.expire_all()
    result = context.test_cli_runner().invoke(args=["journal", "verify"])
    assert result.exit_code == 1
    assert "row 2" in result.output
