"""Run Alembic inside the application, with the engine that the application uses."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from marketplace.kit.database import db


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = db.engine
    return config


def upgrade(revision: str = "head") -> None:
    """Bring the database to `revision`."""
    command.upgrade(_config(), revision)


def revision(message: str) -> None:
    """Write a new migration by comparing the models with the database."""
    command.revision(_config(), message=message, autogenerate=True)
