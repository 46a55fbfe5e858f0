"""Commands for the database: bring it up to date."""

from flask.cli import AppGroup

from marketplace.migrations import run

group = AppGroup("database", help="The database and its migrations.")


@group.command("upgrade")
def upgrade() -> None:
    """Bring the tables up to date."""
    run.upgrade()


@group.command("revision")
def revision() -> None:
    """Write a migration for what changed in the models; look it over before it is committed."""
    run.revision("change")
