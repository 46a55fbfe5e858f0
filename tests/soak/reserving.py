"""Tens of thousands of random steps of people who reserve, each compared with the model, until one differs."""

import secrets
import tempfile
import time
from pathlib import Path

from hypothesis import seed

from marketplace import create_app
from marketplace.config import Settings
from marketplace.kit.database import db, session
from marketplace.migrations import run
from tests.conftest import undone
from tests.reservations import machine

STEPS_OF_EACH = 50


def drive(steps: int = 20_000, *, database_url: str | None = None) -> int:
    """Take at least so many steps, other ones every time, and return how many were taken.

    On a new SQLite database, or in a transaction that is undone on the empty one of `database_url`. Raises what shows
    where program and model part, after the seed by which it can be had again.
    """
    with tempfile.TemporaryDirectory(prefix="materialenhub-soak-") as name:
        environment = {"INSTANCE_PATH": name, "UPLOADS_PATH": str(Path(name) / "uploads"), "DEMO": "0"}
        if database_url:
            environment["DATABASE_URL"] = database_url
        app = create_app(Settings.from_environment(environment))
        with app.app_context():
            run.upgrade()
        with undone(app):
            taken = _drive(steps)
        with app.app_context():
            session.remove()
            db.engine.dispose()
    return taken


def _drive(steps: int) -> int:
    before, began = machine.steps_taken.total(), time.perf_counter()
    while (taken := machine.steps_taken.total() - before) < steps:
        number = secrets.randbits(32)
        print(f"reservations: {taken:,} steps in {time.perf_counter() - began:.0f} s; next seed {number}", flush=True)
        machine.drive(50, STEPS_OF_EACH, repeatable=False, people=seed(number)(machine.Reserving))
    print(f"reservations: {taken:,} steps in {time.perf_counter() - began:.0f} s, none of them astray", flush=True)
    for what, times in sorted(machine.steps_taken.items()):
        print(f"    {what:<28}{times:>7,}")
    return taken
