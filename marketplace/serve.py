"""Serve the app as `make run` does: bring the database up to date, load the demo once, and answer."""

import gc
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from marketplace import create_app, worker
from marketplace.config import SettingError, Settings
from marketplace.kit.database import begin_writing, commit, db, session
from marketplace.migrations import state
from marketplace.notifications import actions as notifications

_THREADS = 3
"""With more, who holds a row waits for the interpreter, and the last of a crowd for all (docs/reliability.md)."""


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no annotations
    """Gunicorn around an application that is already made, so that its workers share what was imported."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def prepare(app: Flask, settings: Settings) -> None:
    """Bring the database up to date and, where the demo is wanted, load it into an empty one."""
    with app.app_context():
        if not state.is_current():
            # Alembic and the demo cost a second to import, which a restart need not pay.
            from marketplace.migrations import run  # noqa: PLC0415 (a restart need not pay for it)

            run.upgrade()
        if settings.demo:
            from flask_security import hash_password  # noqa: PLC0415 (a restart need not pay for it)

            from marketplace.demo.actions import load_once  # noqa: PLC0415 (a restart need not pay for it)

            load_once(uploads=settings.uploads_path, seal=app.config["SEAL"], hash_password=hash_password)
        session.rollback()
        begin_writing()
        notifications.begin()  # the example is told to nobody, and whatever happens from here on is
        commit()
        db.engine.dispose()  # connections must not be shared with the workers


def main() -> None:
    """Serve until stopped."""
    try:
        settings = Settings.from_environment()
        app = create_app(settings)
    except SettingError as error:
        sys.exit(str(error))
    prepare(app, settings)
    gc.freeze()  # what was loaded so far stays for good: no collection need look at it, and the workers share it
    gc.enable()
    options = _options(settings)
    if settings.worker:
        lifeline = worker.start(app)
        options["post_fork"] = lambda _server, _worker: lifeline.let_go()
    print(f"Materialenhub: http://{settings.host}:{settings.port}", flush=True)
    Server(app, options).run()


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "bind": f"{settings.host}:{settings.port}",
        "workers": 2,
        "threads": _THREADS,
        "worker_class": "gthread",
        # A connection that stays open stays with one process, however busy that is and however idle the other. So each
        # brings one request, and a process takes few at a time; the others wait where both can take them.
        "keepalive": 0,
        "worker_connections": 2 * _THREADS,
        "timeout": 60,
        "limit_request_line": 8190,  # the longest there is: every filter of the catalogue stands in the address
        "loglevel": "warning",
    }
