"""The commands of the terminal, one module a group."""

from flask import Flask

from marketplace.cli.database import group as database


def register(app: Flask) -> None:
    """Add every command group to the `flask` command."""
    for group in (database,):
        app.cli.add_command(group)
