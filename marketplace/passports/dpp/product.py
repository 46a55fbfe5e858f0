"""The product of a UNTP passport: what it is, its sizes, what it is made of, where it came out of, and who. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from marketplace.materials.hazards import Hazard
from marketplace.passports.details import Component, FigureKey, PartyRole
from marketplace.passports.document import HazardStatement, Organisation, PassportDocument, as_json
from marketplace.passports.dpp.claims import claims_of
from marketplace.passports.dpp.terms import (
    UNKNOWN,
    classification,
    country,
    file_link,
    hub_of,
    measure_of,
    named,
    number,
    passport_address,
    term,
)
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import Granularity

EXTENSION: Final = "passportDocument"
"""The member of the characteristics that holds the whole document."""

_DIMENSIONS: Final = {
    FigureKey.MASS: "weight",
    FigureKey.LENGTH: "length",
    FigureKey.WIDTH: "width",
    FigureKey.HEIGHT: "height",
    FigureKey.VOLUME: "volume",
}
_ROLES: Final = {
    PartyRole.SELLER: "distributor",
    PartyRole.REMOVER: "serviceProvider",
    PartyRole.INSPECTOR: "inspector",
    PartyRole.CERTIFIER: "certifier",
}
_CAS: Final = {
    Hazard.ASBESTOS: "1332-21-4",
    Hazard.PAK: "130498-29-2",
    Hazard.CHROMIUM6: "18540-29-9",
    Hazard.LEAD: "7439-92-1",
    Hazard.PCB: "1336-36-3",
    Hazard.HBCD: "25637-99-4",
}
"""The substances with one CAS number; the other hazards are families without."""
_CAS_SCHEME: Final = ("https://www.cas.org/cas-data/cas-registry", "CAS Registry Number")
_NLSFB: Final = ("https://identifier.buildingsmart.org/uri/nlsfb/nlsfb2005/2.2", "NL-SfB")
_IFC: Final = ("https://identifier.buildingsmart.org/uri/buildingsmart/ifc/4.3", "IFC 4.3")
_EURAL: Final = ("http://data.europa.eu/eli/dec/2000/532", "Eural")
_KVK: Final = ("https://www.kvk.nl/", "KVK Handelsregister")
_BAG: Final = ("https://bag.basisregistraties.overheid.nl/", "Basisregistratie Adressen en Gebouwen")
_MILLION: Final = Decimal(1_000_000)


def product_of(document: PassportDocument) -> dict[str, Any]:
    """Return the product that a passport describes, with the whole document in its characteristics."""
    product = named(
        "Product",
        document.uri,
        document.name,
        idScheme=_scheme(f"{hub_of(document)}/ID/", f"Passports of {hub_of(document)}"),
        **_identity(document),
        characteristics=_characteristics(document),
        productCategory=list(_categories(document)),
        relatedDocument=list(_documents(document)),
        relatedParty=list(_parties(document)),
        producedAtFacility=_donor(document),
        countryOfProduction=country("NL" if document.origin.bag_id else ""),
        dimensions={name: measure_of(figure) for key, name in _DIMENSIONS.items() if (figure := document.figure(key))},
        materialProvenance=list(_materials(document)),
        performanceClaim=claims_of(document),
    )
    if document.description:
        product["description"] = document.description
    if document.photos:
        product["productImage"] = file_link(document.photos[0], document.name, term(document, "photo"))
    return product


def _scheme(address: str, name: str) -> dict[str, Any]:
    return named("IdentifierScheme", address, name)


def _identity(document: PassportDocument) -> dict[str, Any]:
    """Return the granularity with its number. UNTP knows no works, of which each is one of its kind: an item."""
    if document.granularity is Granularity.BATCH:
        return {"idGranularity": "batch", "batchNumber": document.code}
    return {"idGranularity": "item", "itemNumber": document.code}


def _characteristics(document: PassportDocument) -> dict[str, Any]:
    """Return the document itself as a JSON literal, with the context of its one word beside it.

    UNTP allows no object in the outermost context, and JSON-LD takes one in any node.
    """
    return {
        "@context": {EXTENSION: {"@id": term(document, "document"), "@type": "@json"}},
        EXTENSION: msgspec.json.decode(msgspec.json.encode(as_json(document))),  # lists, as JSON has no tuples
    }


def _categories(document: PassportDocument) -> Iterator[dict[str, Any]]:
    kind = document.classification
    own = term(document, "category"), f"Categories of {hub_of(document)}"
    codes = ((kind.category, own), (kind.nlsfb, _NLSFB), (kind.ifc, _IFC), (kind.eural, _EURAL))
    for code, (scheme_id, scheme) in codes:
        if code:
            yield classification(code, kind.name_en, scheme_id, scheme)


def _documents(document: PassportDocument) -> Iterator[dict[str, Any]]:
    for kind, files in (("photo", document.photos), ("evidence", document.documents)):
        for position, sha256 in enumerate(files, start=1):
            yield file_link(sha256, f"{kind} {position}", term(document, kind))
    for ancestor in document.ancestors:
        yield _passport_link(document, ancestor.code, f"{ancestor.kind} {ancestor.part}".strip())
    for section in document.work.sections if document.work else ():
        for layer in section.layers:
            for source in layer.sources:
                if source.code:
                    yield _passport_link(document, source.code, source.name)


def _passport_link(document: PassportDocument, code: str, name: str) -> dict[str, Any]:
    return {"linkURL": passport_address(document, code), "linkName": name, "linkType": term(document, "ancestor")}


def _parties(document: PassportDocument) -> Iterator[dict[str, Any]]:
    yield {"role": "owner", "party": party(document, "owner", document.owner)}
    for position, stated in enumerate(document.parties, start=1):
        organisation = Organisation(stated.name, stated.kvk)
        yield {"role": _ROLES[stated.role], "party": party(document, f"party-{position}", organisation)}


def party(document: PassportDocument, key: str, organisation: Organisation) -> dict[str, Any]:
    """Return an organisation, with its number in the trade register where that was given."""
    register = {"registeredId": organisation.kvk, "idScheme": _scheme(*_KVK)} if organisation.kvk else {}
    return named("Party", f"{document.uri}#{key}", organisation.name, **register)


def _donor(document: PassportDocument) -> dict[str, Any]:
    """Return the building or road that it came out of; where nobody knows it is called unknown."""
    origin = document.origin
    name = UNKNOWN if origin.unknown else origin.name or origin.address or origin.road or origin.place or UNKNOWN
    register = {"registeredId": origin.bag_id, "idScheme": _scheme(*_BAG)} if origin.bag_id else {}
    return named("Facility", f"{document.uri}#origin", name, **register)


def _materials(document: PassportDocument) -> Iterator[dict[str, Any]]:
    """Yield the materials, the measured hazards among what is left, and what is then left as unknown, up to 1."""
    for component in document.composition:
        yield _material(document, component)
    stated = sum((component.fraction for component in document.composition), Decimal(0))
    for hazard in document.hazards:
        share = _measured_share(hazard)
        if 0 < share <= 1 - stated:
            stated += share
            yield _substance(document, hazard, share)
    if 0 < stated < 1:
        yield _material(document, Component(UNKNOWN, 1 - stated), recycled=False)


def _material(document: PassportDocument, component: Component, *, recycled: bool = True) -> dict[str, Any]:
    kind = classification(component.material, component.material, term(document, "material"), "Materials as stated")
    share = {"recycledMassFraction": number(component.recycled)} if recycled else {}
    return {
        "name": component.material,
        "originCountry": country(component.country),
        "materialType": kind,
        "massFraction": number(component.fraction),
        **share,
    }


def _measured_share(statement: HazardStatement) -> Decimal:
    """Return the share of the mass of a substance that was found and measured, and zero of any other."""
    measured = statement.status is HazardStatus.PRESENT and statement.unit.strip() == "mg/kg"
    return (statement.value or Decimal(0)) / _MILLION if measured and statement.hazard in _CAS else Decimal(0)


def _substance(document: PassportDocument, statement: HazardStatement, share: Decimal) -> dict[str, Any]:
    name = statement.hazard.label("en")
    return {
        "name": name,
        "originCountry": country(""),
        "materialType": classification(_CAS[statement.hazard], name, *_CAS_SCHEME),
        "massFraction": number(share),
        "hazardous": True,
        "materialSafetyInformation": {"linkURL": document.uri, "linkName": name},
    }
