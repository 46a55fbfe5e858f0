"""Whether the program lives, and whether it can do its work: for whoever watches over it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, current_app
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.config import Settings
from marketplace.kit.database import begin_writing, session
from marketplace.web.access import requires

blueprint = Blueprint("health", __name__)

ENOUGH_BYTES = 200_000_000
"""Room for a day of photos, so that whoever is warned has time to act."""


@blueprint.get("/healthz")
@requires(Permission.PUBLIC)
def live() -> dict[str, str]:
    """Answer that the program runs."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@requires(Permission.PUBLIC)
def ready() -> tuple[dict[str, object], int]:
    """Answer 200 where the database can be written and the disks have room, else 503 and what is wrong."""
    settings: Settings = current_app.config["SETTINGS"]
    checks: dict[str, Callable[[], bool]] = {
        "database": _can_write,
        "instance": lambda: _has_room(settings.instance_path),
        "uploads": lambda: _has_room(settings.uploads_path),
    }
    found = {name: check() for name, check in checks.items()}
    well = all(found.values())
    told = {name: "ok" if fine else "failing" for name, fine in found.items()}
    return {"status": "ok" if well else "failing", "checks": told}, 200 if well else 503


def _can_write() -> bool:
    try:
        session.rollback()
        begin_writing()
        session.execute(update(Organisation).where(Organisation.id < 0).values(name=Organisation.name))
    except SQLAlchemyError:
        current_app.logger.exception("the database cannot be written")
        return False
    finally:
        session.rollback()
    return True


def _has_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free > ENOUGH_BYTES
    except OSError:
        return False
