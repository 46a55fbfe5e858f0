"""The page that the code on a label leads to: for everyone, without signing in and without a cookie."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.codes import normalise
from marketplace.kit.errors import NotFoundError
from marketplace.labels import queries as labels
from marketplace.passports.assembly import ADDRESS
from marketplace.passports.linkset import link_header
from marketplace.web import lookups
from marketplace.web.access import current_actor, requires
from marketplace.web.errors import sentence
from marketplace.web.passports import documents, editing, exports, lineage_pages, owned
from marketplace.web.passports.blueprint import blueprint
from marketplace.web.passports.page import page_of
from marketplace.web.sealing import hub_seal

__all__ = ["blueprint", "documents", "editing", "exports", "lineage_pages", "owned"]


@blueprint.get("/paspoort/<code>", strict_slashes=False)
@requires(Permission.PUBLIC)
def show(code: str) -> Response | tuple[str, int]:
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
    void = labels.find_own_void(passport)
    answer = make_response(render_template("passports/show.html", page=page, void=void))
    answer.headers.add("Link", link_header(f"{hub_seal().origin}{ADDRESS}{passport.code}?linkType=linkset"))
    return answer


def _to_own_address(code: str) -> Response:
    return redirect(url_for(".show", code=normalise(code)[:40] or "-"), 308)
