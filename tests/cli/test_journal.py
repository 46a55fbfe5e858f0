"""`flask journal verify` says whether the journal holds, and where it does not."""

import pytest
from sqlalchemy import text

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.passports import actions
from tests.factories import by, make_signed
from tests.tampering import tampered


def test_an_untouched_journal_holds(context):
    journal.record("listing:1", "listing.posted", by=By())
    result = context.test_cli_runner().invoke(args=["journal", "verify"])
    last = journal.find_last()
    assert (result.exit_code, result.output) == (0, f"The journal holds: 1 rows.\n1:{last.hash}\n")


def test_the_first_rewritten_row_is_named(context, database):
    for step in range(3):
        journal.record("listing:1", f"listing.step{step}", by=By())
    with tampered(database, "journal"):
        session.execute(text("UPDATE journal SET facts = '{}', action = 'listing.sold' WHERE number = 2"))
    session.expire_all()
    result = context.test_cli_runner().invoke(args=["journal", "verify"])
    assert result.exit_code == 1
    assert "row 2" in result.output


@pytest.fixture
def verified(context):
    return lambda *more: context.test_cli_runner().invoke(args=["journal", "verify", *more])


@pytest.mark.parametrize("action", ["passport.version_signed", "passport.withdrawn"])
def test_rows_that_are_gone_from_the_end_show_by_the_versions_of_passports(verified, seal, database, action):
    passport = make_signed(seal=seal)
    actions.withdraw(passport, by())
    assert verified().exit_code == 0
    with tampered(database, "journal"):
        session.execute(
            text("DELETE FROM journal WHERE number >= (SELECT number FROM journal WHERE action = :action)"),
            {"action": action},
        )
    session.expire_all()
    assert journal.first_broken() is None
    result = verified()
    assert result.exit_code == 1
    what = "version 1" if action == "passport.version_signed" else "the withdrawal"
    assert f"{what} of passport {passport.code}: it has no row of it" in result.output


def test_a_version_that_is_gone_shows_by_the_journal(verified, seal, database):
    passport = make_signed(seal=seal)
    with tampered(database, "passport_version"):
        session.execute(text("DELETE FROM passport_version"))
    session.expire_all()
    result = verified()
    assert (result.exit_code, f"version 1 of passport {passport.code}: it tells of it" in result.output) == (1, True)


def test_an_earlier_last_row_that_was_kept_elsewhere_shows_what_a_chain_cannot(verified, database):
    for step in range(3):
        journal.record("listing:1", f"listing.step{step}", by=By())
    kept = verified().output.splitlines()[-1]
    assert verified("--contains", kept).exit_code == 0
    with tampered(database, "journal"):
        session.execute(text("DELETE FROM journal WHERE number = 3"))
    session.expire_all()
    assert verified().exit_code == 0
    result = verified("--contains", kept)
    assert (result.exit_code, "row 3" in result.output) == (1, True)
    journal.record("listing:1", "listing.other", by=By())
    assert verified("--contains", kept).exit_code == 1
    assert verified("--contains", "3").exit_code == 2
