"""Serving the documents of a passport: exactly the bytes of which the hash stands in it, to be saved and not shown."""

from pathlib import Path
from typing import Final

from flask import abort, send_file
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.passports import evidence
from marketplace.passports.models import DocumentKind, EvidenceDocument, PassportStatus
from marketplace.web import lookups
from marketplace.web.access import requires
from marketplace.web.passports.blueprint import blueprint
from marketplace.web.uploads import uploads_path

_TYPES: Final = {DocumentKind.PDF: ("application/pdf", ".pdf"), DocumentKind.PHOTO: ("image/jpeg", ".jpg")}
_A_YEAR: Final = 31_536_000


@blueprint.get("/paspoort/<code>/documenten/<sha256>")
@requires(Permission.PUBLIC)
def document(code: str, sha256: str) -> Response:
    """Serve a document by its hash: of a published passport to everyone, of a draft to members of its owner."""
    passport = lookups.get_passport(code)
    found = evidence.find_document(passport.id, sha256.lower())
    file = evidence.find_document_file(uploads_path(), found) if found else None
    if found is None or file is None:
        abort(404)
    mimetype, _ending = _TYPES[found.kind]
    response = send_file(file, mimetype=mimetype, as_attachment=True, download_name=_name_of(found), max_age=_A_YEAR)
    # Whatever is in it, it runs nothing and asks for nothing, should a browser show it after all.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.cache_control.no_cache = None
    response.cache_control.immutable = True
    if passport.status is PassportStatus.DRAFT:
        response.cache_control.private = True
    else:
        response.cache_control.public = True
    return response


def _name_of(found: EvidenceDocument) -> str:
    """Return what the file is called where it is saved: with the ending of what it is, whatever it was called."""
    ending = _TYPES[found.kind][1]
    return found.name if found.name.lower().endswith(ending) else f"{Path(found.name).stem or 'document'}{ending}"
