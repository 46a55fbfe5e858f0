"""The rows of a spreadsheet in the words of the reader: one fact a row, or one lot a row."""

from typing import Final

from marketplace.kit.errors import N_
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.materials.hazards import Hazard
from marketplace.passports.csv_export import Fact, Value
from marketplace.passports.details import FigureKey
from marketplace.passports.document import PassportDocument
from marketplace.web.evidence import claim_name, hazard_name
from marketplace.web.filters import category_name, unit_label
from marketplace.web.passports.words import (
    HAZARD_STATUSES,
    KNOWN,
    LEVELS,
    LINKS,
    QUALITIES,
    SCALES,
    figure_name,
    say,
    unit_sign,
)

_GROUPS: Final = {
    "identity": N_("Paspoort"),
    "figure": N_("Wat en hoeveel"),
    "hazard": N_("Gevaarlijke stoffen"),
    "composition": N_("Samenstelling"),
    "origin": N_("Herkomst"),
    "quality": N_("Staat en kwaliteit"),
    "statement": N_("Eigenschappen"),
    "test": N_("Proeven"),
    "environment": N_("Milieu"),
    "layer": N_("Lagen"),
    "reclaimed": N_("Hergebruikt asfalt"),
    "pak10": N_("PAK10"),
    "element": N_("Elementen"),
    "ancestor": N_("Voorgeschiedenis"),
}
_FIELDS: Final = {
    "code": N_("Code"),
    "uri": N_("Adres"),
    "version": N_("Versie"),
    "valid_from": N_("Geldig vanaf"),
    "name": N_("Naam"),
    "description": N_("Omschrijving"),
    "issuer": N_("Uitgegeven door"),
    "owner": N_("Eigenaar"),
    "category": N_("Soort"),
    "nlsfb": "NL-SfB",
    "ifc": "IFC",
    "eural": "Eural",
    "building_year": N_("Bouwjaar"),
    "place": N_("Plaats"),
    "address": N_("Adres"),
    "road": N_("Weg"),
    "project": N_("Project"),
    "client": N_("Opdrachtgever"),
    "bag_id": N_("BAG-nummer"),
    "basis": N_("Kwaliteit"),
    "condition": N_("Conditie"),
    "detachability": N_("Losmaakbaarheidsindex"),
    "mki": "MKI",
    "gwp": N_("Broeikasgas"),
}
_NAMED: Final = frozenset({"identity", "origin", "quality", "environment"})
_KNOWN: Final[dict[str, str]] = {
    **{key.value: name for names in (KNOWN, LEVELS, HAZARD_STATUSES, SCALES, LINKS) for key, name in names.items()},
    "passed": N_("gehaald"),
    "failed": N_("niet gehaald"),
}
_BASES: Final[dict[str, str]] = {key.value: name for key, name in QUALITIES.items()}
_STATUSES: Final = {
    ListingStatus.DRAFT: N_("concept"),
    ListingStatus.PUBLISHED: N_("gepubliceerd"),
    ListingStatus.WITHDRAWN: N_("ingetrokken"),
}
_STAGES: Final = {
    Stage.EXPECTED: N_("nog in gebouw"),
    Stage.IN_STOCK: N_("op voorraad"),
    Stage.GONE: N_("weg"),
}


def head() -> list[Value]:
    """Return the first row over the facts of one passport."""
    names = (
        N_("Groep"),
        N_("Wat"),
        N_("Waarde"),
        N_("Eenheid"),
        N_("Hoe bekend"),
        N_("Bron"),
        N_("Rapport"),
        N_("Datum"),
    )
    return [say(name) for name in names]


def row(fact: Fact, document: PassportDocument) -> list[Value]:
    """Return one fact of a passport as a row."""
    value = _said(fact.value, _BASES) if fact.field == "basis" else fact.value
    unit, known, source = unit_sign(fact.unit), _said(fact.known, _KNOWN), _said(fact.source, _KNOWN)
    return [say(_GROUPS[fact.group]), _field(fact, document), value, unit, known, source, fact.report, fact.on]


def _field(fact: Fact, document: PassportDocument) -> str:
    if fact.group == "figure":
        return figure_name(FigureKey(fact.field), document)
    if fact.group == "hazard":
        return hazard_name(Hazard(fact.field))
    if fact.group == "statement":
        return claim_name(fact.field)
    return say(_FIELDS[fact.field]) if fact.group in _NAMED else fact.field


def _said(value: Value, names: dict[str, str]) -> str:
    text = str(value)
    return say(names[text]) if text in names else text


def lot_head() -> list[Value]:
    """Return the first row over the lots of an organisation."""
    names = (
        N_("Code"),
        N_("Naam"),
        N_("Soort"),
        N_("Status"),
        N_("Waar nu"),
        N_("Eenheid"),
        N_("Totaal"),
        N_("Beschikbaar"),
        N_("Gereserveerd"),
        N_("Meegegeven"),
        N_("Afgeschreven"),
        N_("Prijs per eenheid in euro"),
        N_("Kilo per eenheid"),
        N_("Lengte in mm"),
        N_("Breedte in mm"),
        N_("Hoogte in mm"),
        N_("Kwaliteitsklasse"),
        N_("Vrij vanaf"),
        N_("Plaats"),
        N_("Hub"),
        N_("Vak"),
        N_("Bouwjaar"),
        N_("Herkomst"),
        N_("Referentie"),
    )
    return [say(name) for name in names]


def lot_row(lot: Listing) -> list[Value]:
    """Return one lot with its passport as a row; `lot` is loaded as a card needs it."""
    passport = lot.passport
    return [
        passport.code,
        passport.name,
        category_name(passport.category),
        say(_STATUSES[lot.status]),
        say(_STAGES[lot.stage]),
        unit_label(lot.unit),
        lot.total,
        lot.available,
        lot.held,
        lot.handed_over,
        lot.written_off,
        None if lot.price_open else lot.price_eur,
        passport.kg_per_unit,
        *passport.dimensions,
        lot.grade.value,
        lot.available_from,
        lot.place,
        lot.hub.name if lot.hub else "",
        lot.rack,
        passport.building_year,
        passport.origin,
        lot.reference,
    ]
