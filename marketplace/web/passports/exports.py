"""The files of a passport: on paper, as it was signed, and as a spreadsheet; and one's own offers as a spreadsheet."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flask import request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock, journal
from marketplace.kit.errors import N_, ConflictError, NotFoundError
from marketplace.listings import queries as listings
from marketplace.passports import pdf, queries
from marketplace.passports.assembly import ADDRESS
from marketplace.passports.csv_export import Value, facts_of, spreadsheet
from marketplace.passports.document import PassportDocument
from marketplace.passports.epcis import MEDIA_TYPE, Happening, events_of
from marketplace.passports.inspection import inspect
from marketplace.passports.models import Passport, PassportStatus, PassportVersion
from marketplace.passports.photos import find_file
from marketplace.web import lookups
from marketplace.web.access import current_actor, requires
from marketplace.web.downloads import download
from marketplace.web.filters import language
from marketplace.web.history.losses import OF_SCANS, told_once
from marketplace.web.language import LANGUAGES
from marketplace.web.passports import spreadsheets
from marketplace.web.passports.blueprint import blueprint
from marketplace.web.passports.printing import sheet_of
from marketplace.web.sealing import hub_seal
from marketplace.web.uploads import uploads_path

_A_YEAR = 31_536_000

# The sheet is the key, with every text on it, so that whatever changes is set anew.
_set = lru_cache(maxsize=64)(pdf.passport_pdf)


@blueprint.get("/paspoort/<code>.pdf")
@requires(Permission.PUBLIC)
def as_pdf(code: str) -> Response:
    """Send the passport as PDF/A-3a in the language of `taal`, with the signed passport attached."""
    passport, version = _published(code)
    document, signed = _document(passport, version), version.credential.encode()
    with force_locale(_language()):
        sheet = sheet_of(
            document,
            signed=signed,
            signer=json.loads(signed)["issuer"]["id"],
            photo=_photo(passport, document),
            is_withdrawn=passport.status is PassportStatus.WITHDRAWN,
        )
    # It says whether the passport still holds, so that even that of one version may change.
    return _file(_set(sheet, signed), "application/pdf", _name(version, passport, f"{_language()}.pdf"))


@blueprint.get("/paspoort/<code>.json")
@requires(Permission.PUBLIC)
def as_json(code: str) -> Response:
    """Send the credential as it was signed, byte for byte."""
    passport, version = _published(code)
    return _signed(version.credential, "application/vc", _name(version, passport, "json"))


@blueprint.get("/paspoort/<code>.jwt")
@requires(Permission.PUBLIC)
def as_jwt(code: str) -> Response:
    """Send the credential as a signed token."""
    passport, version = _published(code)
    return _signed(version.jwt, "application/vc+jwt", _name(version, passport, "jwt"))


@blueprint.get("/paspoort/<code>.csv")
@requires(Permission.PUBLIC)
def as_csv(code: str) -> Response:
    """Send what the passport states as rows for a spreadsheet, in the language of `taal`."""
    passport, version = _published(code)
    document = _document(passport, version)
    with force_locale(_language()):
        rows = [spreadsheets.head(), *(spreadsheets.row(fact, document) for fact in facts_of(document))]
        content = spreadsheet(rows, language=language())
    return _file(content, "text/csv", _name(version, passport, "csv"))


@blueprint.get("/paspoort/<code>/levensloop.json")
@requires(Permission.PUBLIC)
def as_events(code: str) -> Response:
    """Send the life of what the passport describes as events in the shape of EPCIS 2.0."""
    passport, version = _published(code)
    lots = [lot.subject for lot in listings.of_passport(passport.id) if lot.published_at is not None]
    happened = reversed(told_once(journal.history(passport.subject, *lots), OF_SCANS))
    happenings = [Happening(entry.number, entry.at, entry.action, entry.told) for entry in happened]
    base = f"{hub_seal().origin}{ADDRESS}"
    content = json.dumps(events_of(passport.code, happenings, base=base, made_at=clock.now()), ensure_ascii=False)
    return _file(content.encode(), MEDIA_TYPE, _name(version, passport, "levensloop.json"))


@blueprint.get("/aanbod/mijn.csv")
@requires(Permission.TRADE)
def mine() -> Response:
    """Send what one's organisations offer, drafts too, one lot a row with its passport."""
    with force_locale(_language()):
        rows = [spreadsheets.lot_head(), *_own_rows()]
        content = spreadsheet(rows, language=language())
    return _file(content, "text/csv", "aanbod.csv")


def _own_rows() -> Iterator[list[Value]]:
    for organisation_id in current_actor().organisations(Permission.TRADE):
        yield from (spreadsheets.lot_row(lot) for lot in listings.of_organisation(organisation_id))


def _published(code: str) -> tuple[Passport, PassportVersion]:
    """Return the passport of a code with the version that was asked for, the newest where none was."""
    passport = lookups.get_passport(code)
    wanted = request.args.get("versie")
    if wanted is not None and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 7):
        raise NotFoundError(N_("Een versie van een paspoort heeft een nummer, zoals 1 of 2."))
    version = queries.find_version(passport.id, int(wanted) if wanted else None)
    if version is None and wanted:
        raise NotFoundError(N_("Van dit paspoort bestaat geen versie %(number)s."), number=int(wanted))
    if version is None:
        raise NotFoundError(N_("Van dit paspoort is nog geen ondertekende versie."))
    return passport, version


def _document(passport: Passport, version: PassportVersion) -> PassportDocument:
    """Return what a version states; what was altered after signing is never made into a file that looks sound."""
    found = inspect(version, code=passport.code, seal=hub_seal())
    if found.document is None:
        raise ConflictError(N_("Deze versie is na het ondertekenen veranderd. Daarom maken we er geen bestand van."))
    return found.document


def _language() -> str:
    """Return the language that was asked for, or else that of the reader."""
    wanted = request.args.get("taal")
    return wanted if wanted in LANGUAGES else language()


def _photo(passport: Passport, document: PassportDocument) -> Path | None:
    """Return the file of the first photo of the document, where it is still there."""
    keys = {photo.sha256: photo.key for photo in passport.photos}
    key = next((keys[sha256] for sha256 in document.photos if sha256 in keys), None)
    return find_file(uploads_path(), key, "card") if key else None


def _name(version: PassportVersion, passport: Passport, ending: str) -> str:
    return f"paspoort-{passport.code}-v{version.number}.{ending}"


def _signed(text: str, kind: str, name: str) -> Response:
    """Send what was signed, to checkers on other sites too; under the number of its version it never changes."""
    response = _file(text.encode(), kind, name)
    response.access_control_allow_origin = "*"
    if "versie" in request.args:
        response.headers["Cache-Control"] = f"private, max-age={_A_YEAR}, immutable"
    return response


def _file(content: bytes, kind: str, name: str) -> Response:
    response = download(content, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, name)
    response.add_etag()
    return response.make_conditional(request)
