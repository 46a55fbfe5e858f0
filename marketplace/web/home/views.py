"""The front page, the choice of language, and the page about this site."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.config import Settings
from marketplace.kit.errors import N_, NotFoundError
from marketplace.web import language as languages
from marketplace.web.access import requires
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
    settings: Settings = current_app.config["SETTINGS"]
    came_from = own_path(request.args.get("terug") or request.args.get("next"))
    answer = redirect(came_from or url_for("home.index"), 303)
    answer.set_cookie(languages.COOKIE, code, max_age=_YEAR, samesite="Lax", secure=settings.https, httponly=True)
    return answer


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
