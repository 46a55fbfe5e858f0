"""Signing in, by Flask-Security-Too with our own user table and pages."""

from flask import Flask
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore

from marketplace.accounts.models import User
from marketplace.kit.database import db


class NoRole(RoleMixin):
    """The library asks for a model of roles; ours are memberships, so that nobody has one of this kind."""


def register(app: Flask) -> None:
    """Set up registration, confirmation, signing in and out, and recovery."""
    app.config.update(
        SECURITY_REGISTERABLE=True,
        SECURITY_USE_REGISTER_V2=True,
        SECURITY_CONFIRMABLE=True,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (the name of an algorithm)
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_LOGIN_URL="/aanmelden",
        SECURITY_LOGOUT_URL="/afmelden",
        SECURITY_REGISTER_URL="/registreren",
        SECURITY_CONFIRM_URL="/bevestigen",
        SECURITY_RESET_URL="/wachtwoord-vergeten",
        SECURITY_CHANGE_URL="/wachtwoord-wijzigen",
        SECURITY_VERIFY_URL="/opnieuw-aanmelden",
    )
    Security(app, SQLAlchemyUserDatastore(db, User, NoRole))
