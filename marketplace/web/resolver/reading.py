"""Read paths for machines, aligned with the shape of EN 18222: by the passport, by the product, and by moment."""

from urllib.parse import urlsplit

from flask import request
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.errors import N_, InvalidInputError, NotFoundError
from marketplace.passports import queries
from marketplace.passports.models import Passport, PassportVersion
from marketplace.web import gs1_keys
from marketplace.web.access import requires
from marketplace.web.resolver import forms, identifiers, media, moments
from marketplace.web.resolver.addresses import passport_of
from marketplace.web.resolver.answers import address_of, linked
from marketplace.web.resolver.blueprint import blueprint
from marketplace.web.sealing import hub_seal

_FORMS = (media.JSON, *(form for form in media.PASSPORTS if form != media.JSON))


@blueprint.get("/v1/dpps/<path:identifier>")
@requires(Permission.PUBLIC)
def by_passport(identifier: str) -> Response:
    """Answer with a passport by its own identifier, in the version that this names or else the newest."""
    passport, number = _found(identifier)
    return _answer(passport, forms.get_version(passport, number))


@blueprint.get("/v1/dppsByProductId/<path:identifier>")
@requires(Permission.PUBLIC)
def by_product(identifier: str) -> Response:
    """Answer with the newest passport of what carries this identifier."""
    passport, _ = _found(identifier)
    return _answer(passport, forms.get_version(passport))


@blueprint.get("/v1/dppsByIdAndDate/<path:identifier>")
@requires(Permission.PUBLIC)
def by_moment(identifier: str) -> Response:
    """Answer with the version that was valid at the moment of `?date=`."""
    text = request.args.get("date")
    if not text:
        raise InvalidInputError(N_("Geef met date een dag of een moment, zoals 2026-09-01 of 2026-09-01T12:00:00Z."))
    moment = moments.read(text, clock.now())
    passport, _ = _found(identifier)
    version = queries.find_version_at(passport.id, moment)
    if version is None:
        raise NotFoundError(N_("Op dat moment was er van dit paspoort nog geen ondertekende versie."))
    return _answer(passport, version)


def _found(identifier: str) -> tuple[Passport, int | None]:
    hosts = {urlsplit(hub_seal().origin).netloc.lower(), request.host.lower()}
    asked = identifiers.read(identifier, hosts, gs1_keys.prefix())
    return passport_of(asked.code), asked.number


def _answer(passport: Passport, version: PassportVersion) -> Response:
    media_type = media.accepted(_FORMS) or media.JSON
    return linked(forms.in_form(passport, version, media_type), address_of(passport))
