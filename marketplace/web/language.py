"""Which language a page is in: what the reader chose, else what the address or the browser asks for, else Dutch."""

from flask import Flask, request
from flask_babel import Babel

LANGUAGES = ("nl", "en")
COOKIE = "language"


def choose() -> str:
    """Return nl or en for this request."""
    for chosen in (request.cookies.get(COOKIE), request.args.get("taal")):
        if chosen in LANGUAGES:
            return chosen
    return request.accept_languages.best_match(LANGUAGES, default="nl")


def register(app: Flask) -> None:
    """Speak Dutch, the language of the templates, or English, from the catalogue."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "nl")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/Amsterdam")
    Babel(app, locale_selector=choose)
