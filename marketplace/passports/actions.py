"""Making and changing passports."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

from marketplace.accounts.models import Organisation
from marketplace.kit import clock, journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.photos import read_photo
from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports import photos, queries, versions
from marketplace.passports.admission import require_open_gate
from marketplace.passports.checks import check_day, check_details
from marketplace.passports.completeness import completeness
from marketplace.passports.corrections import fixed_mass, require_correctable
from marketplace.passports.details import EMPTY, changed_parts, with_origin_unknown
from marketplace.passports.facts import PassportFacts, check, mass_of_one, name_of
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import (
    Claim,
    EvidenceDocument,
    HazardFinding,
    Passport,
    PassportPhoto,
    PassportStatus,
    PassportVersion,
)
from marketplace.passports.proposals import completed
from marketplace.passports.seal import Seal

_TOLD: Final = (
    "granularity",
    "category",
    "name",
    "description",
    "quantity",
    "unit",
    "kg_per_unit",
    "mass_is_estimate",
    "length_mm",
    "width_mm",
    "height_mm",
    "building_year",
    "origin",
    "origin_project_id",
)
_NO_DOCUMENTS: Final[Mapping[Hazard, EvidenceDocument]] = MappingProxyType({})
_PROVEN: Final = frozenset({EvidenceLevel.TESTED, EvidenceLevel.CERTIFIED})
_FINDING: Final = ("status", "report", "found_on", "laboratory", "value", "unit", "permission", "document_id")


def create(*, issuer: Organisation, facts: PassportFacts, by: By, at: datetime | None = None) -> Passport:
    """Add a draft passport with a new code, and an unknown finding for every hazard to be suspected.

    Raises InvalidInputError where the facts cannot be true.
    """
    at = at or clock.now()
    passport = Passport(
        issuer=issuer,
        owner=issuer,
        created_at=at,
        is_example=issuer.is_example,
        claims=[],
        photos=[],
        tests=[],
        documents=[],
    )
    _state(passport, facts, on=clock.day_of(at))
    category = get_category(facts.category)
    passport.details = completed(passport.details or EMPTY, category)
    suspected = relevant_hazards(category, facts.building_year)
    passport.hazards = [HazardFinding(hazard=hazard, status=HazardStatus.UNKNOWN) for hazard in suspected]
    session.add(passport)
    session.flush()
    journal.record(passport.subject, "passport.created", by=by, code=passport.code, **snapshot(passport, _TOLD))
    return passport


def change(passport: Passport, facts: PassportFacts, by: By) -> None:
    """Replace what the passport states. Findings that say something stay; what is newly suspected is unknown.

    Raises InvalidInputError where the facts cannot be true, and ConflictError where the passport is over or the facts
    say otherwise than what came out of it, or out of what it came.
    """
    require_correctable(passport, facts)
    before, details = snapshot(passport, _TOLD), passport.details
    _state(passport, facts, on=clock.today(), mass=fixed_mass(passport, facts))
    told = differences(before, snapshot(passport, _TOLD))
    if parts := changed_parts(details, passport.details):
        told["parts"] = " ".join(parts)
    if told:
        _suspect(passport)
        journal.record(passport.subject, "passport.changed", by=by, **told)


def _state(passport: Passport, facts: PassportFacts, *, on: date, mass: tuple[Decimal, bool] | None = None) -> None:
    check(facts, on=on)
    passport.kg_per_unit, passport.mass_is_estimate = mass or mass_of_one(facts)
    if facts.granularity is not None:
        passport.granularity = facts.granularity
    passport.category = facts.category
    passport.name = name_of(facts)
    passport.description = facts.description.strip()
    passport.quantity, passport.unit = facts.quantity.value, facts.quantity.unit
    passport.length_mm, passport.width_mm, passport.height_mm = facts.dimensions
    passport.building_year = facts.building_year
    passport.origin = facts.origin.strip()
    passport.origin_project_id = facts.origin_project_id
    if facts.details is not None:
        check_details(facts.details, on=on)
        passport.details = facts.details
    if facts.origin_unknown is not None:
        passport.details = with_origin_unknown(passport.details or EMPTY, facts.origin_unknown)


def _suspect(passport: Passport) -> None:
    """Add unknown findings for what is suspected now, and drop those of what no longer is."""
    suspected = relevant_hazards(get_category(passport.category), passport.building_year)
    known = {finding.hazard: finding for finding in queries.findings_of(passport.id)}
    for hazard, finding in known.items():
        if hazard not in suspected and finding.status is HazardStatus.UNKNOWN:
            session.delete(finding)
    for hazard in suspected:
        if hazard not in known:
            session.add(HazardFinding(passport_id=passport.id, hazard=hazard, status=HazardStatus.UNKNOWN))
    session.flush()
    session.expire(passport, ["hazards"])


def set_hazards(
    passport: Passport,
    findings: Mapping[Hazard, Finding],
    by: By,
    *,
    documents: Mapping[Hazard, EvidenceDocument] = _NO_DOCUMENTS,
) -> None:
    """Record what is known of these hazards, with the report as a document if there is one; others stay as they were.

    Raises InvalidInputError, for the field `report_HAZARD`, where a test has no report.
    """
    known = {finding.hazard: finding for finding in queries.findings_of(passport.id)}
    for hazard, finding in findings.items():
        _check_report(hazard, finding)
        row = known.get(hazard) or HazardFinding(passport_id=passport.id, hazard=hazard, status=HazardStatus.UNKNOWN)
        session.add(row)
        session.flush()
        before = snapshot(row, _FINDING)
        _record_finding(row, finding, documents.get(hazard))
        if told := differences(before, snapshot(row, _FINDING)):
            journal.record(passport.subject, "passport.hazard_stated", by=by, hazard=hazard.value, **told)
    session.expire(passport, ["hazards"])


def _record_finding(row: HazardFinding, finding: Finding, document: EvidenceDocument | None) -> None:
    row.status, row.report, row.found_on = finding.status, finding.report.strip(), finding.found_on
    row.laboratory, row.value, row.unit = finding.laboratory.strip(), finding.value, finding.unit.strip()
    row.permission = finding.permission.strip()
    if document is not None:
        row.document_id = document.id


def _check_report(hazard: Hazard, finding: Finding) -> None:
    if finding.status is HazardStatus.ABSENT_TESTED and not finding.report.strip():
        message = N_("Vul het nummer van het onderzoeksrapport in, of kies “Afwezig, naar eigen opgave”.")
        raise InvalidInputError(message, field=f"report_{hazard.value}")


def add_claim(
    passport: Passport,
    *,
    key: str,
    value: str,
    level: EvidenceLevel,
    source: str = "",
    report: str = "",
    method: str = "",
    known_on: date | None = None,
    document: EvidenceDocument | None = None,
    by: By,
) -> Claim:
    """Add one thing that is said of the material, and how it is known; what was said before is kept beneath it.

    Raises InvalidInputError for a day in the future, and where a test or certificate has neither report nor document.
    """
    check_day(known_on, on=clock.today(), field="known_on")
    if level in _PROVEN and not report.strip() and document is None:
        message = N_("Getest en gecertificeerd tellen alleen met een rapportnummer of een document.")
        raise InvalidInputError(message, field="report")
    claim = Claim(
        passport_id=passport.id,
        key=key,
        value=value,
        level=level,
        source=source,
        report=report,
        method=method,
        known_on=known_on,
        document_id=document.id if document else None,
        person_id=by.user_id,
    )
    session.add(claim)
    session.flush()
    session.expire(passport, ["claims"])
    told = snapshot(claim, ("key", "value", "level", "source", "report", "method", "known_on"))
    journal.record(passport.subject, "passport.claim_added", by=by, **told)
    return claim


def add_photo(passport: Passport, content: bytes, *, uploads: Path, by: By) -> PassportPhoto | None:
    """Add a photo behind the others, or return None where the passport already shows this very file.

    Its files are on disk before its row is. Raises InvalidInputError where it is no photo, or one too many.
    """
    shown = queries.photos_of(passport.id)
    if len(shown) >= photos.MOST:
        message = N_("Een paspoort heeft ten hoogste %(most)s foto's.")
        raise InvalidInputError(message, field="photos", most=str(photos.MOST))
    photo = read_photo(content)
    if any(photo.sha256 == other.sha256 for other in shown):
        return None
    row = PassportPhoto(
        passport_id=passport.id,
        position=shown[-1].position + 1 if shown else 0,
        key=photos.store(photo, uploads=uploads),
        sha256=photo.sha256,
        width=photo.width,
        height=photo.height,
    )
    session.add(row)
    session.flush()
    session.expire(passport, ["photos"])
    journal.record(passport.subject, "passport.photo_added", by=by, sha256=photo.sha256)
    return row


def remove_photo(passport: Passport, photo: PassportPhoto, by: By) -> None:
    """Take a photo off the passport; from then on it is served to nobody."""
    sha256 = photo.sha256
    session.delete(photo)
    session.flush()
    session.expire(passport, ["photos"])
    journal.record(passport.subject, "passport.photo_removed", by=by, sha256=sha256)


def publish(passport: Passport, by: By, *, seal: Seal, at: datetime | None = None) -> PassportVersion | None:
    """Show the passport to everyone, as a new signed version; None where the last version says the same already.

    Raises BlockedError where its material may not be offered, InvalidInputError where something needed is missing,
    and ConflictError where it has come to its end.
    """
    if passport.status.is_over:
        raise ConflictError(N_("Dit paspoort geldt niet meer; er komt geen nieuwe versie van."))
    require_open_gate(passport)
    _require_complete(passport, seal=seal, at=at or clock.now())
    if passport.status is not PassportStatus.PUBLISHED:
        passport.status = PassportStatus.PUBLISHED
        journal.record(passport.subject, "passport.published", by=by)
    return restate(passport, by, seal=seal, at=at)


def _require_complete(passport: Passport, *, seal: Seal, at: datetime) -> None:
    """Raise InvalidInputError, at the field where it is filled in, for the first thing that is needed and missing."""
    draft = versions.draft_of(versions.whole(passport), origin=seal.origin, at=at)
    if missing := completeness(draft, []).missing_to_publish:
        raise InvalidInputError(missing[0].sentence, field=missing[0].field)


def restate(passport: Passport, by: By, *, seal: Seal, at: datetime | None = None) -> PassportVersion | None:
    """Sign what a published passport states now, where that differs from its last version.

    The gate has no say in it: that a hazard was found must be told, and no more be offered.
    """
    if passport.status is not PassportStatus.PUBLISHED:
        return None
    version = versions.add_version(versions.whole(passport), seal=seal, at=at or clock.now())
    if version is not None:
        digest = version.content_sha256
        journal.record(passport.subject, "passport.version_signed", by=by, version=version.number, sha256=digest)
    return version


def withdraw(passport: Passport, by: By, *, reason: str = "", at: datetime | None = None) -> None:
    """Mark the passport as withdrawn; its page stays and says so, because labels may still be out there.

    Of one that came to its end otherwise only the versions are withdrawn. Raises ConflictError where that was done.
    """
    if passport.status is PassportStatus.WITHDRAWN:
        return
    if not passport.status.is_over:
        passport.status = PassportStatus.WITHDRAWN
    versions.withdraw(passport, reason=reason.strip(), at=at or clock.now())
    journal.record(passport.subject, "passport.withdrawn", by=by, reason=reason.strip())
