"""This will make ten thousand random edits behind the back of the program and say how many were noticed."""

import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from marketplace import create_app
from marketplace.config import Settings
from marketplace.kit import journal
from marketplace.kit.database import begin_writing, commit, db, session
from marketplace.kit.journal import JournalEntry
from marketplace.migrations import run
from tests.factories import by
from tests.sealing import SEAL
from tests.soak.tampering import dice, missed_edits, missed_rows, rich_passport

EDITS = 10_000
_SHARE_OF_JOURNAL = 4
"""One edit in so many is of the journal."""


def main() -> int:
    """Make the edits, print what came of them, and return how many went unnoticed."""
    with tempfile.TemporaryDirectory(prefix="materialenhub-soak-") as name:
        folder = Path(name)
        environment = {"INSTANCE_PATH": str(folder), "UPLOADS_PATH": str(folder / "uploads"), "DEMO": "0"}
        with create_app(Settings.from_environment(environment)).app_context():
            run.upgrade()
            missed = _of_passports(EDITS - EDITS // _SHARE_OF_JOURNAL) + _of_journal(EDITS // _SHARE_OF_JOURNAL)
            session.remove()
            db.engine.dispose()
    return missed


def _of_passports(count: int) -> int:
    begin_writing()
    passport = rich_passport(SEAL)
    before = time.perf_counter()
    missed, made = missed_edits(passport, SEAL, dice(1), count)
    _say("passport", count, len(missed), time.perf_counter() - before)
    for place, times in sorted(made.items()):
        print(f"    {place:<36}{times:>6}")
    session.rollback()
    return len(missed)


def _of_journal(count: int) -> int:
    begin_writing()
    for number in range(200):
        journal.record(f"listing:{number}", "listing.changed", by=by(), price_eur_from=str(number), price_eur_to="1")
    commit()
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.number)).all()
    before = time.perf_counter()
    with session.no_autoflush:
        missed = missed_rows(entries, dice(2), count)
    _say("journal", count, len(missed), time.perf_counter() - before)
    session.rollback()
    return len(missed)


def _say(what: str, made: int, missed: int, taken: float) -> None:
    print(f"{what}: {made:,} edits, {made - missed:,} noticed and named, {missed} missed, {taken:.0f} s", flush=True)
