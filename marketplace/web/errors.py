"""Errors as pages: the status is chosen here, the sentence comes with the error, and nothing leaks."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, render_template
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from wtforms import Field

from marketplace.kit.database import is_full, is_transient, session
from marketplace.kit.errors import (
    N_,
    ConflictError,
    InvalidInputError,
    MarketplaceError,
    NotAllowedError,
    NotFoundError,
    in_words,
)
from marketplace.kit.files import is_out_of_room

_STATUS: dict[type[MarketplaceError], int] = {
    InvalidInputError: 422,
    NotFoundError: 404,
    NotAllowedError: 403,
    ConflictError: 409,
}

_SENTENCES = {
    400: N_("Deze aanvraag is niet compleet of niet goed leesbaar. Ga terug en probeer het opnieuw."),
    403: N_("U mag deze pagina niet openen."),
    404: N_("Deze pagina bestaat niet, of niet meer."),
    405: N_("Dit kan hier niet."),
    413: N_("Wat u stuurt is te groot. Foto's mogen samen 60 MB zijn."),
    429: N_("Te veel pogingen achter elkaar. Wacht een minuut en probeer het opnieuw."),
    500: N_("Er ging bij ons iets mis. Wat u invulde is niet opgeslagen; probeer het over een minuut opnieuw."),
    503: N_("Het is even te druk. Uw gegevens zijn niet opgeslagen; probeer het over enkele seconden opnieuw."),
    507: N_("Onze opslag is vol. Er is niets verloren, maar we kunnen nu niets bewaren."),
}


def sentence(error: MarketplaceError) -> str:
    """Return the sentence of `error` in the reader's language."""
    text: str = gettext(error.message)
    return text % in_words(error.params, get_locale().language) if error.params else text


def add_to_form(form: FlaskForm, error: MarketplaceError, otherwise: str = "") -> None:
    """Put the sentence of `error` at the field it concerns.

    Where it names none it stands at the field `otherwise`, and without that at the top of the form.
    """
    field = form._fields.get(error.field or otherwise)  # a form has no public lookup that may fail
    if isinstance(field, Field):
        field.errors = [*field.errors, sentence(error)]
    else:
        form.form_errors.append(sentence(error))


Page = tuple[str, int, dict[str, str]]


def sentence_for(status: int) -> str:
    """Return what is said of a status about which nothing more is known."""
    return str(gettext(_SENTENCES.get(status, _SENTENCES[500 if status >= 500 else 400])))


@dataclass(frozen=True, slots=True)
class Again:
    """Hold what was typed into a form that was sent before with other values, to be sent after all."""

    led_to: str
    """Where the first sending led; may be empty."""
    fields: Sequence[tuple[str, str]]
    """Nothing where it cannot be sent from here: files are not kept."""


def page(
    status: int, text: str | None = None, *, again: Again | None = None, headers: dict[str, str] | None = None
) -> Page:
    """Return the page of an error, with a mark by which it is found in the log."""
    session.rollback()
    mark = secrets.token_hex(4)
    known = text or sentence_for(status)
    current_app.logger.info("error page %s: %s", mark, status)
    return render_template("errors/page.html", status=status, text=known, mark=mark, again=again), status, headers or {}


def status_of(error: MarketplaceError) -> int:
    """Return the HTTP status of an error by its kind, or by the kind that it descends from."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 422)


def _of_marketplace(error: MarketplaceError) -> Page:
    return page(status_of(error), sentence(error))


def _of_http(error: HTTPException) -> Page:
    return page(error.code or 500)


def _of_csrf(_: CSRFError) -> Page:
    return page(400, gettext("Dit formulier is verlopen. Ga terug, ververs de pagina en verstuur het opnieuw."))


def _of_database(error: DBAPIError) -> Page:
    if is_full(error):
        return _full(error)
    if is_transient(error):
        return page(503, headers={"Retry-After": "5"})
    return _of_bug(error)


def _of_system(error: OSError) -> Page:
    if is_out_of_room(error):
        return _full(error)
    if current_app.testing:
        raise error
    return _of_bug(error)


def _full(error: Exception) -> Page:
    current_app.logger.error("there is no room on the disk: %s", error)
    return page(507)


def _of_bug(error: Exception) -> Page:
    current_app.logger.exception("unexpected", exc_info=error)
    return page(500)


def register(app: Flask) -> None:
    """Give every kind of error its page."""
    app.register_error_handler(MarketplaceError, _of_marketplace)
    app.register_error_handler(CSRFError, _of_csrf)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(DBAPIError, _of_database)
    app.register_error_handler(OSError, _of_system)
    if not app.testing:
        app.register_error_handler(Exception, _of_bug)
