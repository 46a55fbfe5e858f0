"""Labels: the page to print one from, and the files.

The label of a published passport is for everyone: it holds nothing that the passport page does not tell, and whoever
moves the material may have to replace a lost label. A draft has a label for the members of its owner alone, and a
withdrawn passport has none, because nobody should put a new one on anything.
"""

from functools import lru_cache

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.codes import normalise
from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.typesetter import Format
from marketplace.labels import queries
from marketplace.labels.artwork import render
from marketplace.listings import queries as listings
from marketplace.passports.models import Passport, PassportStatus
from marketplace.web import lookups
from marketplace.web.access import requires
from marketplace.web.labels import desk, issued
from marketplace.web.labels.blueprint import blueprint as label_desk
from marketplace.web.labels.files import TYPES
from marketplace.web.labels.forms import VoidForm
from marketplace.web.labels.page import page_of
from marketplace.web.labels_of import label_of

__all__ = ["blueprint", "desk", "issued", "label_desk"]

blueprint = Blueprint("labels", __name__, url_prefix="/paspoort/<code>")

# Setting a label takes a tenth of a second, and a page with its downloads asks for the same one more than once.
_rendered = lru_cache(maxsize=64)(render)


@blueprint.get("/label")
@requires(Permission.PUBLIC)
def sheet(code: str) -> str:
    """Show the label as it will be printed, its size, and the files; its owner may print it otherwise or replace it."""
    passport = _labelled(code)
    return page_of(passport, _printed_code(passport, code), VoidForm(formdata=None))


@blueprint.get("/label.svg")
@requires(Permission.PUBLIC)
def svg(code: str) -> Response:
    """Send the label as SVG."""
    return _file(code, "svg")


@blueprint.get("/label.png")
@requires(Permission.PUBLIC)
def png(code: str) -> Response:
    """Send the label as PNG."""
    return _file(code, "png")


@blueprint.get("/label.pdf")
@requires(Permission.PUBLIC)
def pdf(code: str) -> Response:
    """Send the label as PDF."""
    return _file(code, "pdf")


def _labelled(code: str) -> Passport:
    passport = lookups.get_passport(code)
    if passport.status is PassportStatus.WITHDRAWN:
        raise NotFoundError(N_("Dit paspoort is ingetrokken; er worden geen labels meer van gemaakt."))
    return passport


def _printed_code(passport: Passport, asked: str) -> str | None:
    """Return the code for a label: that of the label that was asked for, else the one that holds; None for none."""
    code = normalise(asked)
    return code if code != passport.code else queries.codes_to_print([passport]).get(passport.id)


def _file(asked: str, form: Format) -> Response:
    passport = _labelled(asked)
    code = _printed_code(passport, asked)
    if code is None:
        raise NotFoundError(N_("Elk label van dit paspoort is ongeldig. De eigenaar kan een nieuw uitgeven."))
    response = make_response(_rendered(label_of(passport, listings.of_passport(passport.id), code), form))
    response.mimetype = TYPES[form]
    response.headers["Content-Disposition"] = f'inline; filename="label-{code}.{form}"'
    # Where no public address is set, the label carries the host that was asked, which a shared cache must not mix up.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
