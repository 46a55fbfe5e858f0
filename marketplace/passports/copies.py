"""New passports out of old ones: the same material under a new code, with everything that is known of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.passports.details import Details
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Claim, EvidenceDocument, HazardFinding, MaterialTest, Passport, PassportPhoto
from marketplace.passports.taking import Act

Row = TypeVar("Row", EvidenceDocument, HazardFinding, Claim, MaterialTest, PassportPhoto)

_OWN: Final = {"id", "code", "status", "created_at", "quantity", "details", "granularity", "issuer_id"}
"""What a copy does not take over from the passport that it came out of."""


def successor(parent: Passport, *, quantity: Decimal, details: Details, act: Act) -> Passport:
    """Add a draft of the same material as `parent`, with a code of its own and as yet without evidence."""
    same = {name: getattr(parent, name) for name in _columns(Passport) if name not in _OWN}
    is_one = parent.unit is Unit.PIECE and quantity == 1
    child = Passport(
        **same,
        issuer_id=parent.owner_id,
        quantity=quantity,
        details=details,
        granularity=Granularity.ITEM if is_one else parent.granularity,
        created_at=act.at,
    )
    session.add(child)
    session.flush()
    return child


def copy_evidence(parent: Passport, child: Passport, *, keep: Callable[[Claim], bool] = lambda _claim: True) -> None:
    """Give a passport the documents, tests, photos and claims of the one that it came out of.

    Files are shared, not copied: they were checked once and never change. What the child has already stays as it is.
    """
    documents = copy_documents(parent, child)
    for claim in _rows(Claim, Claim.passport_id, parent):
        if keep(claim):
            _copy(claim, child, documents)
    for test in _rows(MaterialTest, MaterialTest.passport_id, parent):
        _copy(test, child, documents)
    shown = {photo.sha256 for photo in _rows(PassportPhoto, PassportPhoto.passport_id, child)}
    for photo in _rows(PassportPhoto, PassportPhoto.passport_id, parent):
        if photo.sha256 not in shown:
            _copy(photo, child, documents)
    session.flush()


def copy_findings(parent: Passport, child: Passport) -> None:
    """Give a passport what is known of the hazards of the one that it came out of, with the reports."""
    documents = copy_documents(parent, child)
    for finding in _rows(HazardFinding, HazardFinding.passport_id, parent):
        _copy(finding, child, documents)
    session.flush()


def copy_documents(parent: Passport, child: Passport) -> dict[int, int]:
    """Give a passport the documents of another, and return its own document for each of theirs, by id."""
    own = {row.sha256: row.id for row in _rows(EvidenceDocument, EvidenceDocument.passport_id, child)}
    copies = dict[int, int]()
    for document in _rows(EvidenceDocument, EvidenceDocument.passport_id, parent):
        if document.sha256 not in own:
            copy = _copy(document, child, {})
            session.flush()
            own[document.sha256] = copy.id
        copies[document.id] = own[document.sha256]
    return copies


def _columns(model: type) -> list[str]:
    return [column.key for column in model.__mapper__.column_attrs]  # type: ignore[attr-defined]  # of every model


def _rows(model: type[Row], owner: InstrumentedAttribute[int], passport: Passport) -> list[Row]:
    return list(session.scalars(select(model).where(owner == passport.id).order_by(model.id)))


def _copy(row: Row, child: Passport, documents: dict[int, int]) -> Row:
    values = {name: getattr(row, name) for name in _columns(type(row)) if name != "id"} | {"passport_id": child.id}
    if values.get("document_id") is not None:
        values["document_id"] = documents[values["document_id"]]
    copy = type(row)(**values)
    session.add(copy)
    return copy
