"""What others need to check a passport themselves: the keys of the hub, what it withdrew, and a page that does it."""

from typing import Final

from flask import Response, abort, jsonify, render_template, request
from limits import RateLimitItemPerMinute

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.passports import queries
from marketplace.passports.presented import check_upload
from marketplace.passports.status_list import MINIMUM_BITS, encode, status_list_credential
from marketplace.passports.versions import status_list_url
from marketplace.web import limits
from marketplace.web.access import requires
from marketplace.web.sealing import hub_seal
from marketplace.web.verification import reporting
from marketplace.web.verification.blueprint import blueprint
from marketplace.web.verification.checking import Answer, answer_to_code, answer_to_upload, unreadable
from marketplace.web.verification.forms import CheckForm

__all__ = ["blueprint", "reporting"]

_CHECKS: Final = RateLimitItemPerMinute(30, namespace="passport_checks")
_DID_TYPES: Final = ["application/json", "application/did+json", "application/did+ld+json"]
_TOKEN: Final = "application/vc+jwt"  # noqa: S105 (a media type)
_READABLE: Final = ["application/vc", "application/json", "application/ld+json", _TOKEN]
_SHARED: Final = {"Access-Control-Allow-Origin": "*", "Vary": "Accept"}
"""Checkers in a browser come from other sites."""


@blueprint.get("/.well-known/did.json")
@requires(Permission.PUBLIC)
def did() -> Response:
    """Answer with every key that ever signed for this hub, as did:web wants it."""
    answer = jsonify(hub_seal().did_document())
    answer.mimetype = request.accept_mimetypes.best_match(_DID_TYPES, default=_DID_TYPES[0])
    answer.headers.extend(_SHARED)
    return answer


@blueprint.get("/status/<int(max=16383):number>")
@requires(Permission.PUBLIC)
def status(number: int) -> Response:
    """Answer with one signed list of which passports were withdrawn: readable, or as a token for who asks for that."""
    first = number * MINIMUM_BITS
    if number and not queries.has_passport_from(first):
        abort(404)
    seal, now = hub_seal(), clock.now()
    withdrawn = queries.withdrawn_ids(first=first, most=MINIMUM_BITS)
    encoded = encode(each - first for each in withdrawn)
    url = status_list_url(number, seal.origin)
    signed, jwt = seal.sign(status_list_credential(list_url=url, issuer=seal.did, encoded=encoded, valid_from=now), now)
    if request.accept_mimetypes.best_match(_READABLE, default=_READABLE[0]) == _TOKEN:
        return Response(jwt, mimetype=_TOKEN, headers=_SHARED)
    answer = jsonify(signed)
    answer.mimetype = "application/vc"
    answer.headers.extend(_SHARED)
    return answer


@blueprint.get("/controleren")
@requires(Permission.PUBLIC)
def check() -> tuple[str, int]:
    """Show the page that checks a code, a file or a token; with `code`, what that code is worth."""
    code = request.args.get("code", "").strip()
    return _page(CheckForm(formdata=None), answer_to_code(code, hub_seal()) if code else None, code)


@blueprint.post("/controleren")
@requires(Permission.PUBLIC)
def check_file() -> tuple[str, int]:
    """Check a file or a token; nothing of it is kept."""
    limits.count(_CHECKS)
    session.rollback()  # nothing is written, so that nobody need wait while a file is read
    form = CheckForm()
    if not form.validate_on_submit():
        return _page(form, unreadable(form))
    return _page(form, answer_to_upload(check_upload(form.content(), hub_seal())))


def _page(form: CheckForm, answer: Answer | None, code: str = "") -> tuple[str, int]:
    text = render_template("verification/check.html", form=form, answer=answer, code=code)
    return text, 422 if answer and answer.unreadable else 200
