"""The front page, the choice of language, and the page about this site."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.actions import choose_language
from marketplace.accounts.permissions import Permission
from marketplace.config import Settings
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.web import language as languages
from marketplace.web.access import current_person, requires
from marketplace.web.home.index import index
from marketplace.web.paths import own_path

blueprint = Blueprint("home", __name__)
blueprint.add_url_rule("/", view_func=index)

_YEAR = 365 * 24 * 3600
_VENDORED = Path(__file__).parent.parent / "static" / "vendor" / "vendor.json"


@blueprint.get("/taal/<code>")
@requires(Permission.PUBLIC)
def language(code: str) -> Response:
    """Remember the language for a year and return to where the reader was."""
    if code not in languages.LANGUAGES:
        raise NotFoundError(N_("Deze taal spreken we niet."))
    _write_in(code)
    settings: Settings = current_app.config["SETTINGS"]
    came_from = own_path(request.args.get("terug") or request.args.get("next"))
    answer = redirect(came_from or url_for("home.index"), 303)
    answer.set_cookie(languages.COOKIE, code, max_age=_YEAR, samesite="Lax", secure=settings.https, httponly=True)
    return answer


def _write_in(code: str) -> None:
    """Let mails to a signed-in person be in the language of the pages."""
    person = current_person()
    if person is None or person.language == code:
        return
    session.rollback()
    begin_writing()  # it is a link, so opened by GET, and yet it writes
    choose_language(user=person, language=code)
    commit()


@blueprint.get("/over")
@requires(Permission.PUBLIC)
def about() -> str:
    """Tell what this site is, where its figures come from, and under which licences its parts are used."""
    return render_template("home/about.html", vendored=_vendored())


@cache
def _vendored() -> tuple[dict[str, str], ...]:
    """Return package, version, licence and licence file of what comes with the pages, each package once."""
    parts: dict[str, dict[str, str]] = {}
    for part in json.loads(_VENDORED.read_text(encoding="utf-8")).values():
        parts.setdefault(part["package"], part)
    return tuple(parts[name] for name in sorted(parts))
