"""The commands of the terminal, one module a group."""

from collections.abc import Callable

from flask import Flask

from marketplace.cli import notifications
from marketplace.cli.database import group as database
from marketplace.cli.journal import group as journal
from marketplace.cli.matching import group as matching
from marketplace.cli.passports import group as passports
from marketplace.cli.vendor import vendor


def register(app: Flask, *, send: notifications.Send, work: Callable[[Flask], None]) -> None:
    """Add every command group to the `flask` command; `send` and `work` are what the web does to tell people."""
    for group in (database, journal, matching, passports, vendor):
        app.cli.add_command(group)
    notifications.register(app, send=send, work=work)
