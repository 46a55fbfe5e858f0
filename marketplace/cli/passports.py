"""Commands for passports: whether what came out of each still adds up."""

import sys

import click
from flask.cli import AppGroup

from marketplace.passports.audit import lineage_imbalances

group = AppGroup("passports", help="The passports of materials.")


@group.command("audit")
def audit() -> None:
    """Add up what went into and came out of every passport, and name each where it does not match."""
    found = lineage_imbalances()
    if not found:
        click.echo("Every lineage adds up.")
        return
    for imbalance in found:
        click.echo(str(imbalance), err=True)
    sys.exit(1)
