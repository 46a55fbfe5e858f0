"""Which language a page is in: what the reader chose, else what the browser asks for, else Dutch."""

from flask import Flask, request
from flask_babel import Babel

LANGUAGES = ("nl", "en")
COOKIE = "language"


def choose() -> str:
    """Return nl or en for this request."""
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, default="nl")


def register(app: Flask) -> None:
    """Speak Dutch, the language of the templates, or English, from the catalogue."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "nl")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/Amsterdam")
    Babel(app, locale_selector=choose)
