"""Random edits of a passport and of the journal behind the back of the program: every one is noticed, and named."""

import pytest
from sqlalchemy import select

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.passports.verification import Standing, verify
from tests.factories import by
from tests.soak.tampering import dice, edits_of, missed_edits, missed_rows, rich_passport

EDITS = 600
"""On each database; `make soak` makes ten thousand."""


@pytest.fixture
def passport(context, seal):
    return rich_passport(seal)


@pytest.fixture
def entries(context):
    for number in range(40):
        journal.record(f"listing:{number}", "listing.changed", by=by(), price_eur_from=str(number), price_eur_to="1")
    return session.scalars(select(JournalEntry).order_by(JournalEntry.number)).all()


def test_every_edit_of_a_passport_is_noticed_and_its_place_named(passport, seal):
    missed, made = missed_edits(passport, seal, dice(7), EDITS)
    assert [(edit.column, edit.place, edit.value) for edit in missed] == []
    assert len(made) > 40
    assert verify(passport, seal).standing is Standing.GENUINE


def test_an_edit_that_changes_nothing_is_not_noticed(passport, seal):
    edits = edits_of(passport, dice(7))
    with session.no_autoflush:
        for _ in range(50):
            edit = next(edits)
            setattr(edit.row, edit.column, getattr(edit.row, edit.column))
            assert verify(passport, seal).standing is Standing.GENUINE
        version = next(edit.row for edit in edits if edit.column == "credential")
        version.credential = version.credential.replace('","', '" , "', 1) + "\n"
        assert verify(passport, seal).standing is Standing.GENUINE


def test_every_edit_of_the_journal_is_named(entries):
    assert journal.first_broken(entries) is None
    assert missed_rows(entries, dice(7), EDITS) == []
    assert journal.first_broken(entries) is None


def test_a_journal_without_its_end_is_beyond_the_chain(entries):
    assert journal.first_broken(entries[:-1]) is None
