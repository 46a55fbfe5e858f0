"""A passport in the forms that machines keep: the bytes of a version exactly as they were signed."""

from urllib.parse import quote

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from marketplace.kit.errors import N_, NotFoundError
from marketplace.passports import queries
from marketplace.passports.models import Passport, PassportVersion
from marketplace.passports.status_list import MINIMUM_BITS
from marketplace.passports.versions import status_list_url
from marketplace.web.resolver import media
from marketplace.web.sealing import hub_seal

_MOST_DIGITS = 6


def version_asked() -> int | None:
    """Return the number behind `?versie=`, or None without one. Raises NotFoundError where it can be no version."""
    text = request.args.get("versie")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise NotFoundError(N_("Deze versie van het paspoort is er niet."))
    return int(text)


def get_version(passport: Passport, number: int | None = None) -> PassportVersion:
    """Return a version by its number, the newest without one. Raises NotFoundError where there is none."""
    version = queries.find_version(passport.id, number)
    if version is None and number is None:
        raise NotFoundError(N_("Van dit paspoort is nog geen ondertekende versie gepubliceerd."))
    if version is None:
        raise NotFoundError(N_("Deze versie van het paspoort is er niet."))
    return version


def file_path(passport: Passport, form: str, number: int | None = None) -> str:
    """Return the path of the passport as a file: `form` is pdf, json or jwt."""
    path = f"{url_for('passports.show', code=passport.code)}.{form}"
    return path if number is None else f"{path}?versie={number}"


def in_form(passport: Passport, version: PassportVersion, media_type: str) -> AnyResponse:
    """Return a version as one of `media.PASSPORTS`: its own bytes, or the way to the PDF.

    Whoever keeps it is told where to ask whether it was withdrawn since, by the relation `status` of RFC 8631.
    """
    if media_type == media.PDF:
        return redirect(file_path(passport, "pdf", version.number), 307)
    stored = version.jwt if media_type == media.SIGNED else version.credential
    answer = Response(stored, mimetype=media_type)
    answer.set_etag(f"{version.number}-{quote(media_type, safe='')}")
    answer.headers.add("Link", f'<{status_list_url(passport.id // MINIMUM_BITS, hub_seal().origin)}>; rel="status"')
    return answer.make_conditional(request)
