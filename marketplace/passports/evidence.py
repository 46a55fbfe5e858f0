"""Proof: documents that were checked and are kept with their hash, and results of tests, all of which stay."""

import hashlib
import re
import secrets
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from marketplace.kit import clock, journal
from marketplace.kit.changes import snapshot
from marketplace.kit.database import flush_or, session
from marketplace.kit.documents import is_pdf, read_pdf
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.files import write_durably
from marketplace.kit.journal import By
from marketplace.kit.photos import read_photo
from marketplace.passports.checks import check_day
from marketplace.passports.models import DocumentKind, EvidenceDocument, MaterialTest, Passport

MOST: Final = 200
"""Documents of one passport."""

_LONGEST_NAME: Final = 120
_LONGEST: Final = {"test": 80, "value": 80, "method": 120, "laboratory": 120, "report": 80, "note": 500}
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
_ENDINGS: Final = {DocumentKind.PDF: "pdf", DocumentKind.PHOTO: "jpg"}
_INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of reading."""
_TOLD: Final = ("test", "passed", "value", "method", "laboratory", "report", "tested_on")


def add_document(passport: Passport, content: bytes, *, name: str, uploads: Path, by: By) -> EvidenceDocument:
    """Keep a PDF or photo as proof, and return its row; the same file again gives the row that is there.

    Its file is on disk before its row is. Raises InvalidInputError, for the field `document`, where it is neither of
    the two, or one too many.
    """
    kind, kept = _checked(content, name)
    sha256 = hashlib.sha256(kept).hexdigest()
    if known := find_document(passport.id, sha256):
        return known
    _require_room(passport.id)
    document = EvidenceDocument(
        passport_id=passport.id,
        kind=kind,
        key=secrets.token_hex(16),
        sha256=sha256,
        name=_plain(name) or f"document.{_ENDINGS[kind]}",
        size=len(kept),
        added_at=clock.now(),
    )
    write_durably(_path(uploads, document), kept)
    session.add(document)
    flush_or({"evidence_document.passport_id": ConflictError(N_("Dit document komt net al binnen."))})
    session.expire(passport, ["documents"])
    journal.record(passport.subject, "passport.document_added", by=by, **snapshot(document, ("kind", "name", "sha256")))
    return document


def find_document(passport_id: int, sha256: str) -> EvidenceDocument | None:
    """Return the document of a passport by the SHA-256 of its file, or None."""
    query = select(EvidenceDocument).where(EvidenceDocument.passport_id == passport_id)
    return session.scalars(query.where(EvidenceDocument.sha256 == sha256)).one_or_none()


def find_document_file(uploads: Path, document: EvidenceDocument) -> Path | None:
    """Return the file of a document, or None where it is not on disk."""
    path = _path(uploads, document)
    return path if path.is_file() else None


def record_test(
    passport: Passport,
    *,
    test: str,
    passed: bool,
    value: str = "",
    method: str = "",
    laboratory: str = "",
    report: str = "",
    tested_on: date,
    document: EvidenceDocument | None = None,
    note: str = "",
    by: By,
) -> MaterialTest:
    """Add the result of a test; earlier results of it are kept beneath it.

    Raises InvalidInputError, for the field it concerns, for a test without a name, a text that is too long, or a day
    that is still to come.
    """
    texts = {"test": test, "value": value, "method": method, "laboratory": laboratory, "report": report, "note": note}
    stated = {field: _checked_text(field, text) for field, text in texts.items()}
    check_day(tested_on, on=clock.today(), field="tested_on")
    row = MaterialTest(
        passport_id=passport.id,
        passed=passed,
        tested_on=tested_on,
        document_id=document.id if document else None,
        person_id=by.user_id,
        recorded_at=clock.now(),
        **stated,
    )
    session.add(row)
    session.flush()
    session.expire(passport, ["tests"])
    journal.record(passport.subject, "passport.test_recorded", by=by, **snapshot(row, _TOLD))
    return row


def _checked(content: bytes, name: str) -> tuple[DocumentKind, bytes]:
    """Return what a file is with the bytes to keep: a PDF exactly as it came, a photo freed of its metadata."""
    if is_pdf(content) or name.lower().rstrip(" .").endswith(".pdf") or not _may_be_picture(content):
        return DocumentKind.PDF, read_pdf(content).content
    try:
        return DocumentKind.PHOTO, read_photo(content).sizes["large"]
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field="document", **error.params) from error


def _may_be_picture(content: bytes) -> bool:
    return content.startswith(_PICTURES) or content[4:8] == b"ftyp"


def _require_room(passport_id: int) -> None:
    query = select(func.count()).select_from(EvidenceDocument).where(EvidenceDocument.passport_id == passport_id)
    if (session.scalar(query) or 0) >= MOST:
        message = N_("Een paspoort heeft ten hoogste %(most)s documenten.")
        raise InvalidInputError(message, field="document", most=str(MOST))


def _plain(name: str) -> str:
    """Return the last part of a name as people can read it, the ending included."""
    last = _INVISIBLE.sub("", re.split(r"[/\\]", name)[-1]).strip()
    stem, dot, ending = last.rpartition(".")
    return (
        f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 10 else last[:_LONGEST_NAME]
    )


def _path(uploads: Path, document: EvidenceDocument) -> Path:
    return uploads / "documents" / document.key[:2] / f"{document.key}.{_ENDINGS[document.kind]}"


def _checked_text(field: str, text: str) -> str:
    plain = text.strip() if field == "note" else " ".join(text.split())
    if field == "test" and not plain:
        raise InvalidInputError(N_("Vul in wat er is getest, zoals druksterkte."), field=field)
    if len(plain) > _LONGEST[field]:
        message = N_("Houd dit korter dan %(most)s tekens.")
        raise InvalidInputError(message, field=field, most=str(_LONGEST[field] + 1))
    return plain
