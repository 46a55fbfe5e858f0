"""Signing in, by Flask-Security-Too with our own user table, words and pages, and with a limit on trying."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, uia_email_mapper
from flask_security.signals import password_changed, password_reset, user_confirmed, user_registered

from marketplace.accounts.models import User
from marketplace.accounts.queries import example_emails, normalise_email
from marketplace.config import Settings
from marketplace.demo import sign_ins
from marketplace.kit import clock, journal
from marketplace.kit.database import begin_writing, db, session
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.journal import By
from marketplace.web import language, mail, sign_in_forms
from marketplace.web.paths import own_path
from marketplace.web.sign_in_words import MESSAGES, SUBJECTS

_TRIES = "20 per minute"
_LIMITED = ("login", "register", "send_confirmation", "forgot_password", "reset_password", "change_password", "verify")


class NoRole(RoleMixin):
    """The library asks for a model of roles; ours are memberships, so that nobody has one of this kind."""


def register(app: Flask) -> None:
    """Set up registration, confirmation, signing in and out, and recovery."""
    settings: Settings = app.config["SETTINGS"]
    app.config.update(_features() | _addresses() | _cookies(settings) | _forms())
    app.config["SECURITY_EMAIL_SENDER"] = mail.sender_of(settings)
    app.config.update({f"SECURITY_MSG_{key}": said for key, said in MESSAGES.items()})
    app.config.update({f"SECURITY_EMAIL_SUBJECT_{key}": subject for key, subject in SUBJECTS.items()})
    app.before_request(_check)
    mail.register(app)
    people = SQLAlchemyUserDatastore(db, User, NoRole)  # type: ignore[arg-type]  # mypy sees a stand-in for its base
    security = Security(app, people, mail_util_cls=mail.Mail)
    security.want_json(_never)
    security.login_context_processor(_demo_sign_ins)
    _limit_tries(app)
    for signal, action in _RECORDED.items():
        signal.connect(action, app)


def _features() -> dict[str, object]:
    return {
        "SECURITY_REGISTERABLE": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
        "SECURITY_PASSWORD_CONFIRM_REQUIRED": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "allow_smtputf8": False},
        # Addresses are kept in lower case, so that looking one up uses the index.
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper}}],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_DATETIME_FACTORY": clock.now,
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(Path(__file__).parent.parent / "translations")],
        "SECURITY_STATIC_FOLDER": None,
    }


def _addresses() -> dict[str, object]:
    return {
        "SECURITY_LOGIN_URL": "/aanmelden",
        "SECURITY_LOGOUT_URL": "/afmelden",
        "SECURITY_REGISTER_URL": "/registreren",
        "SECURITY_CONFIRM_URL": "/bevestigen",
        "SECURITY_RESET_URL": "/wachtwoord-vergeten",
        "SECURITY_CHANGE_URL": "/wachtwoord-wijzigen",
        "SECURITY_VERIFY_URL": "/opnieuw-aanmelden",
        "SECURITY_POST_LOGIN_VIEW": "account.overview",
        "SECURITY_POST_LOGOUT_VIEW": "home.index",
        "SECURITY_POST_REGISTER_VIEW": "security.login",
        "SECURITY_POST_CHANGE_VIEW": "account.overview",
        "SECURITY_POST_VERIFY_VIEW": "account.overview",
    }


def _cookies(settings: Settings) -> dict[str, object]:
    return {
        "REMEMBER_COOKIE_NAME": "__Host-remember" if settings.https else "remember",
        "REMEMBER_COOKIE_SECURE": settings.https,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
    }


def _forms() -> dict[str, object]:
    return {
        "SECURITY_LOGIN_FORM": sign_in_forms.SignIn,
        "SECURITY_REGISTER_FORM": sign_in_forms.Registration,
        "SECURITY_SEND_CONFIRMATION_FORM": sign_in_forms.Confirmation,
        "SECURITY_FORGOT_PASSWORD_FORM": sign_in_forms.Recovery,
        "SECURITY_RESET_PASSWORD_FORM": sign_in_forms.NewPassword,
        "SECURITY_CHANGE_PASSWORD_FORM": sign_in_forms.PasswordChange,
        "SECURITY_VERIFY_FORM": sign_in_forms.Verification,
    }


def _never(_request: object) -> bool:
    # These pages are for people; machines do not sign in here.
    return False


def _check() -> None:
    if request.blueprint != "security":
        return
    if any(own_path(wanted) is None for wanted in request.values.getlist("next") if wanted):
        raise InvalidInputError(N_("Deze link wijst naar een andere site."))
    if request.endpoint == "security.confirm_email":
        session.rollback()
        begin_writing()  # it is opened from a mail, so by GET, and yet it writes


def _demo_sign_ins() -> dict[str, object]:
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.demo:
        return {"demo_sign_ins": ()}
    present = example_emails([sign_in.email for sign_in in sign_ins.SIGN_INS])
    shown = tuple(sign_in for sign_in in sign_ins.SIGN_INS if sign_in.email in present)
    return {"demo_sign_ins": shown, "demo_password": sign_ins.PASSWORD}


def _limit_tries(app: Flask) -> None:
    limiter = Limiter(_address, app=app, storage_uri="memory://")
    for name in _LIMITED:
        view: Callable[..., Any] = app.view_functions[f"security.{name}"]
        for key in (_address, _typed_email):
            view = limiter.limit(_TRIES, key_func=key, methods=["POST"], exempt_when=_unlimited)(view)
        app.view_functions[f"security.{name}"] = view


def _address() -> str:
    return f"address:{request.remote_addr}"


def _typed_email() -> str:
    return f"email:{normalise_email(request.form.get('email', ''))[:255] or request.remote_addr}"


def _unlimited() -> bool:
    return not current_app.config["RATELIMIT_ENABLED"]


def _registered(_app: Flask, user: User, **_: object) -> None:
    user.language = language.choose()
    journal.record(_subject(user), "user.registered", by=By())


def _confirmed(_app: Flask, user: User, **_: object) -> None:
    journal.record(_subject(user), "user.confirmed", by=By(user.id))


def _password_changed(_app: Flask, user: User, **_: object) -> None:
    journal.record(_subject(user), "user.password_changed", by=By(user.id))


def _password_reset(_app: Flask, user: User, **_: object) -> None:
    journal.record(_subject(user), "user.password_reset", by=By(user.id))


_RECORDED = {
    user_registered: _registered,
    user_confirmed: _confirmed,
    password_changed: _password_changed,
    password_reset: _password_reset,
}


def _subject(user: User) -> str:
    db.session.flush()  # a person who has just registered has no number before this
    return f"user:{user.id}"
