"""Alembic's environment: one connection of the application's own engine, one transaction for all steps."""

from importlib import import_module
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from marketplace.kit.database import Base, ExactDecimal, UtcDateTime

for feature in ("accounts", "projects", "passports", "listings", "reservations", "scanning"):
    import_module(f"marketplace.{feature}.models")
import_module("marketplace.kit.journal")

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


with context.config.attributes["engine"].connect().execution_options(writes=True) as connection:
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
    connection.commit()
