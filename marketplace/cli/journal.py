"""Commands for the journal: verify that nobody rewrote it."""

import sys

import click
from flask.cli import AppGroup

from marketplace.kit import journal

group = AppGroup("journal", help="The record of what happened.")


@group.command("verify")
def verify() -> None:
    """Walk the chain and name the first row that is missing, changed or out of place."""
    broken = journal.first_broken()
    if broken is None:
        click.echo(f"The journal holds: {journal.length()} rows.")
    else:
        click.echo(f"The journal is broken at row {broken}.", err=True)
        sys.exit(1)
