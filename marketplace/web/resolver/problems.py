"""What goes wrong while resolving: a page for people, a problem document (RFC 9457) for machines."""

import json
from typing import Final

from flask import Response, redirect, render_template, url_for
from flask_babel import get_locale, gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from marketplace.kit.errors import N_, InvalidInputError, MarketplaceError
from marketplace.labels.models import LabelStatus
from marketplace.web import errors
from marketplace.web.errors import sentence
from marketplace.web.lookups import LabelAloneError
from marketplace.web.resolver import media
from marketplace.web.resolver.blueprint import blueprint

_TITLES: Final = {
    400: N_("De vraag klopt niet"),
    404: N_("Niet gevonden"),
    405: N_("Hier kan alleen gelezen worden"),
    410: N_("Niet meer geldig"),
    429: N_("Te veel pogingen"),
}

Answer = Response | errors.Page | tuple[str, int]


class UnknownCodeError(MarketplaceError):
    """Say that the code in an address is nobody's, with the sentence that helps who typed it."""

    def __init__(self, code: str, error: MarketplaceError) -> None:
        super().__init__(error.message, field=error.field, **error.params)
        self.code = code


@blueprint.errorhandler(UnknownCodeError)
def _of_unknown_code(error: UnknownCodeError) -> Answer:
    if not media.is_for_people():
        return _problem(404, sentence(error))
    return render_template("passports/unknown.html", code=error.code, reason=sentence(error)), 404


@blueprint.errorhandler(LabelAloneError)
def _of_label_alone(error: LabelAloneError) -> Answer | BaseResponse:
    """Lead people to what is known of the label; a machine must not take a void one for the thing."""
    if media.is_for_people():
        return redirect(url_for("label_desk.of_code", code=error.label.code), 307)
    return _problem(410 if error.label.status is LabelStatus.VOID else 404, sentence(error))


@blueprint.errorhandler(MarketplaceError)
def _of_marketplace(error: MarketplaceError) -> Answer:
    # GS1 wants 400 for an address that is not well formed; a form that is filled in wrongly is another matter.
    status = 400 if isinstance(error, InvalidInputError) else errors.status_of(error)
    text = sentence(error)
    return errors.page(status, text) if media.is_for_people() else _problem(status, text)


@blueprint.errorhandler(HTTPException)
def _of_http(error: HTTPException) -> Answer:
    status = error.code or 500
    return errors.page(status) if media.is_for_people() else _problem(status, errors.sentence_for(status))


def _problem(status: int, detail: str) -> Response:
    title = gettext(_TITLES[status]) if status in _TITLES else gettext("Er ging iets mis")
    members = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    answer = Response(json.dumps(members, ensure_ascii=False), status, mimetype=media.PROBLEM)
    answer.content_language.add(get_locale().language)
    return answer
