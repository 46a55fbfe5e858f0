"""Commands for the database: bring it up to date, and write what changed."""

from flask.cli import AppGroup

group = AppGroup("database", help="The database and its migrations.")

# Alembic takes half a second to load, which no start of the server need wait for: each command loads it itself.


@group.command("upgrade")
def upgrade() -> None:
    """Bring the tables up to date."""
    from marketplace.migrations import run  # noqa: PLC0415 (see above)

    run.upgrade()


@group.command("revision")
def revision() -> None:
    """Write a migration for what changed in the models; look it over before it is committed."""
    from marketplace.migrations import run  # noqa: PLC0415 (see above)

    run.revision("change")
