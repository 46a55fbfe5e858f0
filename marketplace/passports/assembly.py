"""Making the document of a passport out of its rows: what would be published if it were published now."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from marketplace.accounts import models as accounts
from marketplace.kit.quantities import Unit
from marketplace.materials.eural import find_eural
from marketplace.materials.hazards import relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports import queries
from marketplace.passports.details import FigureKey, HowKnown
from marketplace.passports.document import (
    Ancestor,
    Classification,
    Figure,
    HazardStatement,
    Organisation,
    Origin,
    PassportDocument,
    Statement,
    TestStatement,
    as_json,
)
from marketplace.passports.gate import HazardStatus
from marketplace.passports.models import Claim, EvidenceDocument, HazardFinding, MaterialTest, Passport

ADDRESS: Final = "/ID/"
"""Where every passport is found for ever, behind the origin of the hub."""

MOMENTARY: Final = frozenset({"uri", "number", "valid_from"})
"""Fields that differ from version to version although the same is stated."""

_NAMES: Final = zip(PassportDocument.__struct_fields__, PassportDocument.__struct_encode_fields__, strict=True)
_MOMENTARY_MEMBERS: Final = frozenset(member for field, member in _NAMES if field in MOMENTARY)


def document_of(passport: Passport, *, origin: str, number: int, at: datetime) -> PassportDocument:
    """Return what a passport states at the moment `at`, as its version `number` under the web address `origin`.

    `passport` is loaded whole, as `queries.get_by_code` does.
    """
    details = passport.details
    return PassportDocument(
        code=passport.code,
        uri=f"{origin}{ADDRESS}{passport.code}",
        number=number,
        valid_from=at.replace(microsecond=0),
        granularity=passport.granularity,
        name=passport.name,
        description=passport.description,
        issuer=_organisation(passport.issuer),
        owner=_organisation(passport.owner),
        classification=classification_of(passport),
        unit=passport.unit,
        figures=tuple(_figures(passport)),
        origin=_origin(passport),
        photos=tuple(photo.sha256 for photo in passport.photos),
        documents=tuple(document.sha256 for document in passport.documents),
        hazards=_hazards(passport),
        statements=tuple(_statement(claim) for claim in queries.latest(passport.claims, "key")),
        tests=tuple(_test(test) for test in queries.latest(passport.tests, "test")),
        ancestors=_ancestors(passport),
        composition=details.composition,
        condition=details.condition,
        quality=details.quality,
        detachability=details.detachability,
        dismantling=details.dismantling,
        hoisting=details.hoisting,
        mki=details.mki,
        gwp=details.gwp,
        later=details.later,
        parties=details.parties,
        work=details.work,
        is_example=passport.is_example,
    )


def classification_of(passport: Passport) -> Classification:
    """Return what kind of thing it is: a road or a building as such, or else the category of its material."""
    work, category = passport.details.work, get_category(passport.category)
    if work is not None:
        names, ifc = (("Weg", "Road"), "IfcRoad") if work.sections else (("Gebouw", "Building"), "IfcBuilding")
        return Classification(category.id, *names, ifc=ifc)
    eural = str(find_eural(category.eural) or category.eural)
    return Classification(category.id, category.name_nl, category.name_en, category.nlsfb, category.ifc_class, eural)


def content_sha256(document: PassportDocument) -> str:
    """Return the SHA-256 of what is stated, whichever version says it and wherever it is served."""
    content = {name: value for name, value in as_json(document).items() if name not in _MOMENTARY_MEMBERS}
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _organisation(organisation: accounts.Organisation) -> Organisation:
    return Organisation(organisation.name, organisation.kvk, organisation.place)


def _figures(passport: Passport) -> Iterator[Figure]:
    stated: dict[FigureKey, tuple[Decimal | int | None, str]] = {
        FigureKey.QUANTITY: (passport.quantity, passport.unit.rec20),
        FigureKey.MASS: (passport.mass_kg, Unit.KG.rec20),
        FigureKey.LENGTH: (passport.length_mm, "MMT"),
        FigureKey.WIDTH: (passport.width_mm, "MMT"),
        FigureKey.HEIGHT: (passport.height_mm, "MMT"),
        FigureKey.AREA: (_extra(passport, FigureKey.AREA), Unit.M2.rec20),
        FigureKey.VOLUME: (_extra(passport, FigureKey.VOLUME), Unit.M3.rec20),
    }
    for key, (value, unit) in stated.items():
        if value is not None:
            note = passport.details.figure(key)
            known = note.known if note else _usually_known(passport, key)
            yield Figure(key, _plain(Decimal(value)), unit, known, note.tolerance if note else None)


def _extra(passport: Passport, key: FigureKey) -> Decimal | None:
    note = passport.details.figure(key)
    return note.value if note else None


def _usually_known(passport: Passport, key: FigureKey) -> HowKnown:
    """Return how a figure is known of which nobody said it: the lister's word, or the vocabulary's estimate."""
    by_estimate = key is FigureKey.MASS and passport.mass_is_estimate
    return HowKnown.ESTIMATED if by_estimate else HowKnown.SUPPLIER


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _origin(passport: Passport) -> Origin:
    donor, project = passport.details.donor, passport.origin_project
    return Origin(
        name=passport.origin,
        building_year=passport.building_year,
        place=project.place if project else "",
        latitude=round(project.latitude, 3) if project else None,  # to a hundred metres
        longitude=round(project.longitude, 3) if project else None,
        project=project.name if project else "",
        client=donor.client,
        bag_id=donor.bag_id,
        address=donor.address,
        road=donor.road,
        floor=donor.floor,
        axis=donor.axis,
        layer=donor.layer,
        unknown=donor.unknown,
    )


def _hazards(passport: Passport) -> tuple[HazardStatement, ...]:
    stated = {row.hazard: _hazard(row) for row in passport.hazards}
    suspected = relevant_hazards(get_category(passport.category), passport.building_year)
    unknown = {hazard: HazardStatement(hazard, HazardStatus.UNKNOWN) for hazard in suspected}
    return tuple((unknown | stated).values())


def _hazard(row: HazardFinding) -> HazardStatement:
    return HazardStatement(
        row.hazard,
        row.status,
        row.report,
        row.found_on,
        row.laboratory,
        row.value,
        row.unit,
        row.permission,
        _sha256(row.document),
    )


def _statement(claim: Claim) -> Statement:
    return Statement(
        claim.key,
        claim.value,
        claim.level,
        claim.source,
        claim.method,
        claim.report,
        claim.known_on,
        _sha256(claim.document),
    )


def _test(test: MaterialTest) -> TestStatement:
    return TestStatement(
        test.test,
        test.passed,
        test.tested_on,
        test.value,
        test.method,
        test.laboratory,
        test.report,
        _sha256(test.document),
    )


def _sha256(document: EvidenceDocument | None) -> str:
    return document.sha256 if document else ""


def _ancestors(passport: Passport) -> tuple[Ancestor, ...]:
    links = queries.parents_of(passport.id)
    return tuple(Ancestor(link.parent.code, link.kind.value, _plain(link.mass_kg), link.part) for link in links)
