"""Whether the database is up to date, found without loading Alembic."""

from pathlib import Path

from sqlalchemy import inspect, text

from marketplace.kit.database import db, session


def newest() -> str:
    """Return the newest revision: files in versions/ are named `NUMBER_what.py` and the number is the revision."""
    return max(path.name.partition("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def is_current() -> bool:
    """Tell whether every migration has been applied."""
    if not inspect(db.engine).has_table("alembic_version"):
        return False
    applied = session.scalar(text("SELECT version_num FROM alembic_version"))
    session.remove()
    return bool(applied == newest())
