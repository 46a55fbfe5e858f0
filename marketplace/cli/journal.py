"""Commands for the journal: verify that nobody rewrote it."""

import re
import sys
from typing import Final, NoReturn

import click
from flask.cli import AppGroup

from marketplace.kit import journal

_SEEN: Final = re.compile(r"(?P<number>[1-9][0-9]{0,17}):(?P<hash>[0-9a-f]{64})")

group = AppGroup("journal", help="The record of what happened.")


@group.command("verify")
@click.option("--contains", metavar="NUMBER:HASH", help="The last row of an earlier check, kept elsewhere.")
def verify(contains: str | None) -> None:
    """Walk the chain and name the first row that is missing, changed or out of place.

    A chain cannot tell that rows at its end are gone, or that somebody made all of it anew. Versions and withdrawals
    of passports are therefore compared with it; and whoever keeps the last line of this command elsewhere, and gives
    it back with --contains, is told when that row is no longer there.
    """
    if (broken := journal.first_broken()) is not None:
        _end(f"The journal is broken at row {broken}.")
    if contains is not None:
        _require(contains)
    _require_versions()
    click.echo(f"The journal holds: {journal.length()} rows.")
    if last := journal.find_last():
        click.echo(f"{last.number}:{last.hash}")


def _require(contains: str) -> None:
    seen = _SEEN.fullmatch(contains.strip())
    if seen is None:
        raise click.UsageError("--contains takes a line of an earlier check: NUMBER:HASH.")
    entry = journal.find(int(seen["number"]))
    if entry is None or entry.hash != seen["hash"]:
        _end(f"The journal is broken at row {seen['number']}: it is not the row of the earlier check.")


def _require_versions() -> None:
    # What checks passports is loaded here, so that no other command waits for it.
    from marketplace.passports.inspection import Fault  # noqa: PLC0415 (for this command alone)
    from marketplace.passports.verification import find_unrecorded  # noqa: PLC0415 (for this command alone)

    found = find_unrecorded()
    if found is None:
        return
    what = f"version {found.number}" if found.number else "the withdrawal"
    tells = "tells of it, and it is gone" if found.fault is Fault.MISSING else "has no row of it"
    _end(f"The journal is broken at {what} of passport {found.code}: it {tells}.")


def _end(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
