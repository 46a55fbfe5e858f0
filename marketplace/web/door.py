"""The door for people: what every request passes through, and the areas behind it."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, g, request
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from marketplace.config import Settings
from marketplace.kit.database import begin_writing, end_reading, is_transient, session
from marketplace.web import (
    access,
    counted,
    errors,
    filters,
    idempotency,
    language,
    moments,
    navigation,
    sign_in,
    timekeeping,
)
from marketplace.web.account.views import blueprint as account
from marketplace.web.board.views import blueprint as board
from marketplace.web.demand.views import blueprint as demand
from marketplace.web.health.views import blueprint as health
from marketplace.web.home.views import blueprint as home
from marketplace.web.hubs.views import blueprint as hubs
from marketplace.web.labels.views import blueprint as labels
from marketplace.web.labels.views import label_desk
from marketplace.web.listings.views import blueprint as listings
from marketplace.web.needs.views import blueprint as needs
from marketplace.web.organisations.views import blueprint as organisations
from marketplace.web.passports.views import blueprint as passports
from marketplace.web.projects.programmes import blueprint as programmes
from marketplace.web.projects.views import blueprint as projects
from marketplace.web.reservations.views import blueprint as reservations
from marketplace.web.resolver.views import blueprint as resolver
from marketplace.web.scan.views import blueprint as scan
from marketplace.web.verification.views import blueprint as verification

_AREAS = (
    home,
    listings,
    passports,
    resolver,
    labels,
    label_desk,
    scan,
    projects,
    programmes,
    demand,
    needs,
    board,
    hubs,
    reservations,
    organisations,
    account,
    verification,
    health,
)
_READS = {"GET", "HEAD", "OPTIONS"}
_ONLY_READ = {"security.login", "security.verify"}
"""Compare a password, which is meant to take long. In the year that it is hashed anew the second try writes it."""
_TRIES = 3

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that nobody can type and that PostgreSQL, or UTF-8, cannot hold: NUL and halves of pairs."""

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",  # the label reader is WebAssembly
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


class Door(Flask):
    """Flask, that does what a key names once, and tries a write anew where another transaction was in its way."""

    def dispatch_request(self) -> Any:  # noqa: ANN401 (as in Flask)
        _take_lock()
        for attempt in range(1, _TRIES + 1):
            try:
                return idempotency.answer_once(super().dispatch_request)
            except DBAPIError as error:
                if attempt == _TRIES or not is_transient(error):
                    raise
                session.rollback()
                _rewind()
        raise AssertionError("unreachable")


def open_door(app: Flask) -> None:
    """Set up everything that stands between a request and a view."""
    settings: Settings = app.config["SETTINGS"]
    app.config.update(
        MAX_CONTENT_LENGTH=64_000_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form that is filled in on site must not expire
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    language.register(app)
    filters.register(app)
    counted.register(app)
    moments.register(app)
    navigation.register(app)
    idempotency.register(app)
    app.before_request(_begin)
    app.before_request(timekeeping.settle_before_reading)
    CSRFProtect(app)
    sign_in.register(app)
    app.before_request(access.enforce)
    app.after_request(_headers)
    app.after_request(_stay_here)
    errors.register(app)
    for area in _AREAS:
        app.register_blueprint(area)


def _begin() -> None:
    texts = (request.path, *_texts(request.args), *_texts(request.form))
    if any(_UNSTORABLE.search(text) for text in texts):
        abort(400)


def _take_lock() -> None:
    """Begin to write, where this request may: after all of it was sent, which may take a phone on site minutes.

    Who asks was read before, and is not read again while others wait.
    """
    if request.method not in _READS and request.url_rule is not None and request.endpoint not in _ONLY_READ:
        end_reading()
        begin_writing()


def _texts(values: MultiDict[str, str]) -> Iterator[str]:
    for name, text in values.items(multi=True):
        yield from (name, text)


def _rewind() -> None:
    for _name, uploads in request.files.lists():
        for upload in uploads:
            upload.seek(0)
    for of_the_last_try in ("actor", "mail"):
        g.pop(of_the_last_try, None)
    begin_writing()


def _stay_here(response: Response) -> Response:
    """Lead on without the name of the host, which werkzeug takes from the request and anybody can make up."""
    location = response.headers.get("Location", "")
    path = location.removeprefix(request.host_url.rstrip("/"))
    if path != location and path.startswith("/") and not path.startswith(("//", "/\\")):
        response.headers["Location"] = path
    return response


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response
