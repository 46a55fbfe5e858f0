"""Alembic's environment: one connection of the application's own engine, one transaction for all steps."""

from importlib import import_module
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from marketplace.kit.database import Base, ExactDecimal, UtcDateTime

for feature in ("accounts", "projects", "passports", "listings", "labels", "reservations", "matching", "scanning"):
    import_module(f"marketplace.{feature}.models")
for module in ("kit.answers", "kit.journal", "notifications.models", "reservations.house_rules"):
    import_module(f"marketplace.{module}")

_SEARCH_TABLES = "listing_words"
"""The search index is not a model: SQLite keeps it in a virtual table with tables of its own beside it."""


def _rendered(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 (as Alembic declares it)
    if kind == "type" and isinstance(thing, ExactDecimal):
        autogen.imports.add("from marketplace.kit.database import ExactDecimal")
        return f"ExactDecimal({thing.precision}, {thing.scale})"
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogen.imports.add("from marketplace.kit.database import UtcDateTime")
        return "UtcDateTime()"
    return False


def _included(_thing: object, name: str | None, *_: object) -> bool:
    return not (name or "").startswith(_SEARCH_TABLES)


def _keep_references(connection: Connection, on: bool) -> None:
    """Switch SQLite's foreign keys, which would not let a table be made anew; only outside a transaction."""
    if connection.dialect.name == "sqlite":
        pragma = connection.connection.cursor()
        pragma.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
        pragma.close()


with context.config.attributes["engine"].connect().execution_options(writes=True) as connection:
    _keep_references(connection, on=False)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_rendered,
        include_object=_included,
        compare_type=False,
        render_as_batch=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration left a row that points nowhere")
    connection.commit()
    _keep_references(connection, on=True)
