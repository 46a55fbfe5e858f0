"""The migrations make exactly the tables that the models describe, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect

from marketplace.kit.database import Base, db
from marketplace.migrations import state


def test_the_migrated_database_equals_the_models(context):
    migration = MigrationContext.configure(db.engine, opts={"include_object": _is_ours})
    assert compare_metadata(migration, Base.metadata) == []


def test_an_upgraded_database_is_seen_as_current(context):
    assert state.is_current()


def test_the_checks_of_the_models_are_in_the_database(context, database):
    """Comparing metadata leaves checks out, and the stock depends on them."""
    names = {
        str(check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint) and check.name
    }
    assert "ck_listing_stock_adds_up" in names
    assert names <= _checks_in(database)


def _checks_in(database: str) -> set[str]:
    inspector = inspect(db.engine)
    return {
        check["name"]
        for table in inspector.get_table_names()
        if not table.startswith("listing_words")
        for check in inspector.get_check_constraints(table)
        if check["name"]
    }


def _is_ours(_thing, name, *_) -> bool:
    return not (name or "").startswith("listing_words")
