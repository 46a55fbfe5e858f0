"""The page behind the code on a label: for everyone, without signing in and without a cookie."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.codes import normalise
from marketplace.kit.errors import NotFoundError
from marketplace.labels import queries as labels
from marketplace.web import lookups
from marketplace.web.access import current_actor, requires
from marketplace.web.errors import sentence
from marketplace.web.passports import documents, editing, lineage_pages
from marketplace.web.passports.blueprint import blueprint
from marketplace.web.passports.page import page_of
from marketplace.web.sealing import hub_seal

__all__ = ["blueprint", "documents", "editing", "lineage_pages"]


@blueprint.get("/ID/<code>", strict_slashes=False)
@requires(Permission.PUBLIC)
def show(code: str) -> str | Response | tuple[str, int]:
    """Show a passport, or help with a code that is not one.

    A code in another spelling is led to this address, that of a label on the thing to the passport's own.
    """
    if code != normalise(code):
        return _to_own_address(code)
    try:
        passport = lookups.get_passport(code)
    except lookups.LabelAloneError:
        return redirect(url_for("label_desk.of_code", code=code), 307)
    except NotFoundError as error:
        return render_template("passports/unknown.html", code=code, reason=sentence(error)), 404
    if code != passport.code:
        return redirect(url_for(".show", code=passport.code), 307)
    page = page_of(passport, current_actor(), hub_seal(), section=request.args.get("vak", ""))
    return render_template("passports/show.html", page=page, void=labels.find_own_void(passport))


@blueprint.get("/<any(id, Id, iD):_spelling>/<code>", strict_slashes=False)
@requires(Permission.PUBLIC)
def show_misspelt(_spelling: str, code: str) -> Response:
    """Lead an address that was typed in small letters to the page itself."""
    return _to_own_address(code)


def _to_own_address(code: str) -> Response:
    return redirect(url_for(".show", code=normalise(code)[:40] or "-"), 308)
