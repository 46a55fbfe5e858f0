"""Materialenhub: materials passports and a reuse marketplace for recovered building materials."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from marketplace.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Return the application: settings, database, doors; nothing else."""
    # Imported here, because whatever part of this package is imported comes through this module first: a pure rule
    # would bring the web and the database along, and the start could not be tuned before them.
    from marketplace.cli import commands, notifications  # noqa: PLC0415 (see above)
    from marketplace.config import Settings, secret  # noqa: PLC0415 (see above)
    from marketplace.kit.database import db  # noqa: PLC0415 (see above)
    from marketplace.passports.keys import KeyRing  # noqa: PLC0415 (see above)
    from marketplace.passports.seal import Seal  # noqa: PLC0415 (see above)
    from marketplace.web import door  # noqa: PLC0415 (see above)
    from marketplace.web.notices.sending import gather_and_send  # noqa: PLC0415 (see above)
    from marketplace.worker import work_alone  # noqa: PLC0415 (see above)

    settings = settings or Settings.from_environment()
    app = door.Door(__name__, static_folder="web/static", template_folder="web/templates")
    app.config.from_mapping(
        SETTINGS=settings,
        SEAL=Seal(settings.origin, KeyRing(settings.instance_path / "keys")),
        SECRET_KEY=secret(settings.instance_path, "secret_key"),
        SECURITY_PASSWORD_SALT=secret(settings.instance_path, "password_salt"),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
    )
    db.init_app(app)
    door.open_door(app)
    commands.register(app)
    notifications.register(app, send=gather_and_send, work=work_alone)
    return app
