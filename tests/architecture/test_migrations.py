"""The migrations make exactly the tables that the models describe, on both databases."""

from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.exc import IntegrityError

from marketplace import create_app
from marketplace.config import Settings
from marketplace.kit.database import Base, begin_writing, db, session
from marketplace.migrations import run, state
from marketplace.passports.details import EMPTY
from marketplace.passports.models import Claim, Passport, PassportStatus


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


def test_what_stood_in_an_older_database_is_kept(tmp_path):
    """The table of passports is made anew on SQLite, with rows in it and others that point at them."""
    places = {"INSTANCE_PATH": str(tmp_path / "instance"), "UPLOADS_PATH": str(tmp_path / "uploads"), "DEMO": "0"}
    with create_app(Settings.from_environment(places)).app_context():
        run.upgrade("0003")
        _add_older_rows()
        run.upgrade()
        passport = session.scalars(select(Passport)).one()
        assert (passport.owner_id, passport.quantity, passport.details) == (passport.issuer_id, 40, EMPTY)
        assert session.scalars(select(Claim)).one().passport_id == passport.id
        passport.quantity, passport.status = Decimal(0), PassportStatus.REPLACED
        session.commit()
        passport.status = PassportStatus.PUBLISHED
        with pytest.raises(IntegrityError, match="quantity_left"):
            session.flush()
        session.rollback()
        session.add(Claim(passport_id=99, key="x", value="y", level="declared"))
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            session.flush()
        session.remove()
        db.engine.dispose()


def _add_older_rows() -> None:
    begin_writing()
    session.execute(
        text(
            "INSERT INTO organisation (id, slug, name, kind, kvk, place, address, latitude, longitude, x_km, y_km, "
            "is_example) VALUES (3, 'a', 'A', 'contractor', '', 'Assen', '', 53, 6, 1, 1, 0)"
        )
    )
    session.execute(
        text(
            "INSERT INTO passport (id, code, granularity, status, issuer_id, category, name, description, quantity, "
            "unit, kg_per_unit, mass_is_estimate, origin, last_seen_place, created_at, is_example) VALUES (7, 'C', "
            "'batch', 'published', 3, 'door_interior', 'Deur', '', 40000, 'piece', 20000, 0, '', '', '2026-01-01', 0)"
        )
    )
    session.execute(
        text(
            "INSERT INTO claim (passport_id, key, value, level, source, report) "
            "VALUES (7, 'k', 'v', 'declared', '', '')"
        )
    )
    session.commit()
    session.remove()
