"""The commands of the terminal, one module a group."""

from flask import Flask

from marketplace.cli.database import group as database
from marketplace.cli.journal import group as journal
from marketplace.cli.matching import group as matching
from marketplace.cli.passports import group as passports
from marketplace.cli.reservations import group as reservations
from marketplace.cli.vendor import vendor


def register(app: Flask) -> None:
    """Add every command group to the `flask` command."""
    for group in (database, journal, matching, passports, reservations, vendor):
        app.cli.add_command(group)
