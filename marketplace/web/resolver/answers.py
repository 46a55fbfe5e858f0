"""What an address of a passport answers: the page, the linkset, one of the links, or the passport itself."""

import json
from collections.abc import Sequence
from typing import Final

from flask import Response, redirect, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from marketplace.kit.errors import N_, InvalidInputError, NotFoundError
from marketplace.passports.assembly import ADDRESS
from marketplace.passports.epcis import MEDIA_TYPE as EVENTS
from marketplace.passports.linkset import (
    HTML,
    LANGUAGES,
    LINKSET,
    Relation,
    Target,
    context_header,
    for_all,
    in_languages,
    link_header,
    linkset,
    of_passport,
    requested,
)
from marketplace.passports.models import Passport, PassportStatus
from marketplace.web.resolver import forms, media
from marketplace.web.sealing import hub_seal

WHOLE: Final = {"linkset", "all"}
"""What a reader asks for who wants every link; `all` is the name that GS1 gave it until version 1.1."""

_SECTIONS: Final = {
    Relation.CERTIFICATE: "facts",
    Relation.SAFETY: "hazards",
    Relation.SUSTAINABILITY: "origin",
    Relation.TRACEABILITY: "life",
}
_OVER: Final = {
    PassportStatus.DRAFT: "concept / draft",
    PassportStatus.WITHDRAWN: "ingetrokken / withdrawn",
    PassportStatus.REPLACED: "vervangen / replaced",
    PassportStatus.DESTROYED: "bestaat niet meer / destroyed",
}


def address_of(passport: Passport) -> str:
    """Return the address of a passport for ever, the one that its credential names."""
    return f"{hub_seal().origin}{ADDRESS}{passport.code}"


def resolved(passport: Passport, anchor: str) -> AnyResponse:
    """Return what the reader asks for of a passport, found under the address `anchor`.

    Raises InvalidInputError for a link type that nobody knows, NotFoundError for one that this passport has not.
    """
    answer = _asked_by_link_type(passport, anchor) if "linkType" in request.args else _asked_by_form(passport, anchor)
    return linked(answer, anchor)


def linked(answer: AnyResponse, anchor: str) -> AnyResponse:
    """Return the answer with the header that leads to the linkset of `anchor`."""
    answer.headers.add("Link", link_header(f"{anchor}?linkType=linkset"))
    return answer


def targets_of(passport: Passport) -> tuple[Target, ...]:
    """Return everything that a passport links to, as whole addresses."""
    origin, path = hub_seal().origin, url_for("passports.show", code=passport.code)
    page = origin + path
    found = origin + url_for("verification.report", code=passport.code)
    files = {
        media.CREDENTIAL: origin + forms.file_path(passport, "json"),
        media.SIGNED: origin + forms.file_path(passport, "jwt"),
        media.PDF: origin + forms.file_path(passport, "pdf"),
    }
    return (
        *of_passport(page, {name: f"{page}?taal={name}" for name in LANGUAGES}, files),
        for_all(Relation.JWS, files[media.SIGNED], media.SIGNED),
        for_all(Relation.TRACEABILITY, origin + url_for("passports.as_events", code=passport.code), EVENTS),
        *in_languages(Relation.FOUND, {name: f"{found}?taal={name}" for name in LANGUAGES}),
        *(
            target
            for relation, section in _SECTIONS.items()
            for target in in_languages(relation, {name: f"{page}?taal={name}#{section}" for name in LANGUAGES})
        ),
    )


def _asked_by_form(passport: Passport, anchor: str) -> AnyResponse:
    media_type = media.wanted()
    if media_type == HTML:
        return redirect(url_for("passports.show", code=passport.code), 307)
    return _linkset(passport, anchor) if media_type == LINKSET else _form(passport, media_type)


def _asked_by_link_type(passport: Passport, anchor: str) -> AnyResponse:
    asked = request.args["linkType"]
    if asked in WHOLE:
        return _linkset(passport, anchor)
    relation = requested(asked)
    if relation is None:
        raise InvalidInputError(N_("Dit soort link kennen we niet. Vraag om linkType=linkset om te zien wat er is."))
    if relation is Relation.DPP:
        return _form(passport, media.accepted(media.PASSPORTS) or media.PASSPORTS[0])
    target = _in_language([target for target in targets_of(passport) if target.relation is relation])
    return redirect(target.href.removeprefix(hub_seal().origin), 307)


def _in_language(targets: Sequence[Target]) -> Target:
    if not targets:
        raise NotFoundError(N_("Van dit soort heeft dit paspoort geen link."))
    return next((target for target in targets if get_locale().language in target.languages), targets[0])


def _form(passport: Passport, media_type: str) -> AnyResponse:
    return forms.in_form(passport, forms.get_version(passport, forms.version_asked()), media_type)


def _linkset(passport: Passport, anchor: str) -> AnyResponse:
    over = f" ({_OVER[passport.status]})" if passport.status in _OVER else ""
    document = linkset(anchor, passport.name + over, targets_of(passport))
    answer = Response(json.dumps(document, ensure_ascii=False), mimetype=LINKSET)
    answer.headers.add("Link", context_header())
    return answer
