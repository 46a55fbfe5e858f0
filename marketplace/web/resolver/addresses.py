"""The addresses that stand on labels, in every spelling and of every age."""

from typing import Final
from urllib.parse import urlencode

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.codes import normalise
from marketplace.kit.errors import NotFoundError
from marketplace.passports.models import Passport
from marketplace.web import lookups
from marketplace.web.access import requires
from marketplace.web.resolver.answers import address_of, resolved
from marketplace.web.resolver.blueprint import blueprint
from marketplace.web.resolver.problems import UnknownCodeError

_LONGEST: Final = 40
_ASKED: Final = ("linkType", "versie")
"""What goes along when an address is led on to another spelling of it."""


@blueprint.get("/ID/<code>", strict_slashes=False)
@requires(Permission.PUBLIC)
def resolve(code: str) -> Response:
    """Answer people with the way to the page, machines with what they ask for; lead another spelling to this one."""
    if code != normalise(code):
        return _to_own_address(code)
    passport = passport_of(code)
    return resolved(passport, address_of(passport))


@blueprint.get("/<any(id, Id, iD):_spelling>/<code>", strict_slashes=False)
@requires(Permission.PUBLIC)
def resolve_misspelt(_spelling: str, code: str) -> Response:
    """Lead an address that was typed in small letters to the one that is meant."""
    return _to_own_address(code)


@blueprint.get("/<any(ID, id, Id, iD):_spelling>/<code>/label")
@requires(Permission.PUBLIC)
def old_label_page(_spelling: str, code: str) -> Response:
    """Lead to the page of a label where it stood before."""
    return redirect(url_for("labels.sheet", code=_plain(code)), 308)


@blueprint.get("/<any(ID, id, Id, iD):_spelling>/<code>/label.<any(svg, png, pdf):form>")
@requires(Permission.PUBLIC)
def old_label_file(_spelling: str, code: str, form: str) -> Response:
    """Lead to the file of a label where it stood before."""
    return redirect(url_for(f"labels.{form}", code=_plain(code)), 308)


def passport_of(code: str) -> Passport:
    """Return the passport that a label leads to.

    Raises UnknownCodeError with what helps who typed its code, and LabelAloneError for a label without a passport.
    """
    try:
        return lookups.get_passport(code)
    except lookups.LabelAloneError:
        raise
    except NotFoundError as error:
        raise UnknownCodeError(code, error) from error


def _to_own_address(code: str) -> Response:
    asked = urlencode({name: request.args[name] for name in _ASKED if name in request.args})
    return redirect(url_for(".resolve", code=_plain(code)) + (asked and f"?{asked}"), 308)


def _plain(code: str) -> str:
    return normalise(code)[:_LONGEST] or "-"
