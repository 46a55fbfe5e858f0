"""Materialenhub: materials passports and a reuse marketplace for recovered building materials."""

from flask import Flask

from marketplace.config import Settings, secret
from marketplace.kit.database import db


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application: settings, database, doors; nothing else."""
    from marketplace.cli import commands  # noqa: PLC0415 (the doors import the features, which import this package)
    from marketplace.web import door  # noqa: PLC0415

    settings = settings or Settings.from_environment()
    app = door.Door(__name__, static_folder="web/static", template_folder="web/templates")
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=secret(settings.instance_path, "secret_key"),
        SECURITY_PASSWORD_SALT=secret(settings.instance_path, "password_salt"),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
    )
    db.init_app(app)
    door.open_door(app)
    commands.register(app)
    return app
