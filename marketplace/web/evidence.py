"""What is known of a material and how, as rows for a page: its facts, its hazards, and the best proofs for a card."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from marketplace.kit.errors import N_
from marketplace.kit.quantities import Unit
from marketplace.materials.dimensions import Slot
from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import Claim, EvidenceDocument, HazardFinding, Passport
from marketplace.passports.queries import latest
from marketplace.web.filters import day, dimensions, each_unit, language, number

CLAIM_NAMES: Final = {
    "amount": N_("Hoeveelheid"),
    "bitumen": N_("Bitumen"),
    "borer": N_("Paalworm en boorders"),
    "ce": N_("CE-markering"),
    "certificate": N_("Certificaat"),
    "condition": N_("Conditie"),
    "core": N_("Boorkern"),
    "delamination": N_("Onthechting"),
    "density": N_("Dichtheid"),
    "detachability": N_("Losmaakbaarheid"),
    "dimensions": N_("Maten"),
    "direction": N_("Draairichting"),
    "drawings": N_("Tekeningen"),
    "durability": N_("Duurzaamheidsklasse"),
    "efficiency": N_("Rendement"),
    "fire": N_("Brandklasse"),
    "frost": N_("Vorstbestendigheid"),
    "grading": N_("Korrelverdeling"),
    "inspection": N_("Keuring"),
    "insulation": N_("Isolatiewaarde"),
    "load": N_("Draagkracht"),
    "lock": N_("Slot"),
    "marking": N_("Merkteken"),
    "mass": N_("Massa"),
    "mki_new_surface": N_("MKI van een deklaag zonder hergebruik"),
    "moisture": N_("Vochtgehalte"),
    "mortar": N_("Mortelresten"),
    "origin": N_("Herkomst"),
    "output": N_("Vermogen"),
    "pak10": N_("PAK10"),
    "preservation": N_("Verduurzaming"),
    "pressure": N_("Drukproef"),
    "provenance": N_("Bewijs van herkomst"),
    "reinforcement": N_("Wapening"),
    "service": N_("Onderhoud"),
    "soil_class": N_("Bodemklasse"),
    "sound": N_("Geluidwering"),
    "strength": N_("Sterkte"),
    "thickness": N_("Dikte"),
    "u_value": N_("U-waarde"),
    "wear": N_("Slijtage"),
    "woodworm": N_("Houtworm"),
    "yield": N_("Opbrengst"),
    "zinc": N_("Zinklaag"),
}
FINDING_NAMES: Final = {
    HazardStatus.UNKNOWN: N_("Onbekend"),
    HazardStatus.ABSENT_DECLARED: N_("Afwezig, naar eigen opgave"),
    HazardStatus.ABSENT_TESTED: N_("Afwezig, onderzocht"),
    HazardStatus.PRESENT: N_("Aangetroffen"),
}
"""How people choose what is known of a hazard, in every form that asks it."""
_STRENGTH: Final = {level: rank for rank, level in enumerate(EvidenceLevel)}
_PLAIN: Final = {"dimensions", "mass", "condition"}
"""Claims that nearly every lot has; others tell more of it."""

_OF_FINDING: Final = {
    HazardStatus.UNKNOWN: (N_("onbekend"), EvidenceLevel.UNKNOWN, "unknown"),
    HazardStatus.ABSENT_DECLARED: (N_("afwezig volgens opgave"), EvidenceLevel.DECLARED, "ok"),
    HazardStatus.ABSENT_TESTED: (N_("afwezig"), EvidenceLevel.TESTED, "ok"),
    HazardStatus.PRESENT: (N_("aangetroffen"), EvidenceLevel.TESTED, "warn"),
}


class FactRow(NamedTuple):
    """Hold one fact as the macro `fact_table` wants it."""

    label: str
    value: str
    level: str
    by_when: str


class HazardRow(NamedTuple):
    """Hold what is known of one hazard as the macro `hazard_list` wants it; `state` is ok, warn or unknown."""

    name: str
    status: str
    level: str
    source: str
    state: str


def claim_name(key: str) -> str:
    """Return what a claim is called on a page; a key without a name of ours is its own."""
    known = CLAIM_NAMES.get(key)
    if known is None and key.startswith("core_"):
        return f"{gettext(CLAIM_NAMES['core'])} {key.removeprefix('core_')}"
    return str(gettext(known)) if known else key.replace("_", " ").capitalize()


def proofs(passport: Passport, most: int = 2) -> list[tuple[str, str]]:
    """Return the best that is proven as (label, level): what is known of the hazards, then the strongest claims."""
    found = [*_of_hazards(passport.hazards)]
    claims = [claim for claim in passport.claims if claim.key != "condition"]
    strongest = sorted(claims, key=lambda claim: (-_STRENGTH[claim.level], claim.key in _PLAIN, claim.id))
    return [*found, *((claim_name(claim.key), claim.level.value) for claim in strongest)][:most]


def _of_hazards(findings: Sequence[HazardFinding]) -> list[tuple[str, str]]:
    """Return one line for all hazards together: the weakest of what is known, because unknown is not clean."""
    if not findings:
        return []
    weakest = min(findings, key=lambda finding: (finding.status is not HazardStatus.PRESENT, _rank(finding)))
    label = hazard_name(weakest.hazard) if len(findings) == 1 else str(gettext("Gevaarlijke stoffen"))
    if weakest.status is HazardStatus.PRESENT:
        label = str(gettext("%(hazard)s aangetroffen", hazard=hazard_name(weakest.hazard)))
    return [(label, _OF_FINDING[weakest.status][1].value)]


def _rank(finding: HazardFinding) -> int:
    return _STRENGTH[_OF_FINDING[finding.status][1]]


def hazard_name(hazard: Hazard) -> str:
    """Return what a hazard is called at the beginning of a line."""
    label = hazard.label(language())
    return label[:1].upper() + label[1:]


def hazard_rows(passport: Passport) -> list[HazardRow]:
    """Return what is known of each hazard on which the passport makes a statement, what is known to be safe last."""
    return sorted((_hazard_row(passport, finding) for finding in passport.hazards), key=lambda row: row.state == "ok")


def all_hazard_rows(passport: Passport) -> list[HazardRow]:
    """Return the same for every hazard that is to be suspected: what nobody stated is unknown, never clean."""
    stated = {finding.hazard for finding in passport.hazards}
    suspected = relevant_hazards(get_category(passport.category), passport.building_year)
    silent = [_unknown_row(hazard) for hazard in suspected if hazard not in stated]
    return sorted([*silent, *hazard_rows(passport)], key=lambda row: row.state == "ok")


def _unknown_row(hazard: Hazard) -> HazardRow:
    nobody = str(gettext("Niemand heeft dit nog opgegeven of onderzocht."))
    return HazardRow(hazard_name(hazard), str(gettext("onbekend")), "unknown", nobody, "unknown")


def _hazard_row(passport: Passport, finding: HazardFinding) -> HazardRow:
    if finding.status is HazardStatus.UNKNOWN:
        return _unknown_row(finding.hazard)
    status, level, state = _OF_FINDING[finding.status]
    if finding.status is HazardStatus.PRESENT and not finding.report:
        level = EvidenceLevel.DECLARED
    source = source_text(
        passport,
        finding.laboratory,
        finding.found_on,
        finding.report,
        method=_measured(finding),
        document=finding.document,
    )
    return HazardRow(hazard_name(finding.hazard), str(gettext(status)), level.value, source, state)


def _measured(finding: HazardFinding) -> str:
    """Return how much of it was found, and what allows it all the same."""
    value = f"{number(finding.value)} {finding.unit}".strip() if finding.value is not None else ""
    allowed = (
        str(gettext("mag op grond van %(permission)s", permission=finding.permission)) if finding.permission else ""
    )
    return ", ".join(part for part in (value, allowed) if part)


def fact_rows(passport: Passport) -> list[FactRow]:
    """Return what is known: sizes, mass, origin and year, then every claim.

    A size or a mass for which there is a claim is told by that claim alone; of a key the latest claim counts.
    """
    claimed = {claim.key for claim in passport.claims}
    own = [row for key, row in _own_facts(passport) if key not in claimed]
    return [*own, *(_claim_row(passport, claim) for claim in latest(passport.claims, "key"))]


def _own_facts(passport: Passport) -> list[tuple[str, FactRow]]:
    issuer, declared = passport.issuer.name, EvidenceLevel.DECLARED.value
    rows = []
    if sizes := dimensions(passport.dimensions):
        rows.append(("dimensions", FactRow(size_names(passport), sizes, declared, issuer)))
    mass = f"{number(passport.kg_per_unit)} {gettext('kg per %(unit)s', unit=each_unit(passport.unit))}"
    known = str(gettext("schatting naar soort en maat")) if passport.mass_is_estimate else issuer
    if passport.unit not in {Unit.KG, Unit.T}:
        rows.append(("mass", FactRow(str(gettext("Massa")), mass, declared, known)))
    if passport.origin:
        rows.append(("origin", FactRow(str(gettext("Herkomst")), passport.origin, declared, issuer)))
    if passport.building_year:
        rows.append(("year", FactRow(str(gettext("Bouwjaar")), str(passport.building_year), declared, issuer)))
    return rows


def size_names(passport: Passport) -> str:
    """Return what the known sizes are called in the field: 'Hoogte × breedte × dikte' for a door."""
    category = get_category(passport.category)
    pairs = zip(Slot, passport.dimensions, strict=True)
    rules = [category.dimension(slot) for slot, size in pairs if size is not None]
    named = " × ".join(rule.name.label(language()) for rule in rules if rule)
    return named[:1].upper() + named[1:] if named else str(gettext("Maten"))


def _claim_row(passport: Passport, claim: Claim) -> FactRow:
    source = source_text(
        passport, claim.source, claim.known_on, claim.report, method=claim.method, document=claim.document
    )
    return FactRow(claim_name(claim.key), claim.value, claim.level.value, source)


def source_text(
    passport: Passport,
    source: str,
    known_on: date | None,
    report: str = "",
    *,
    method: str = "",
    document: EvidenceDocument | None = None,
) -> Markup:
    """Return by whom, how and when something became known, with a link to the document that proves it."""
    told = gettext("rapport %(report)s", report=report) if report else ""
    texts = [escape(str(part)) for part in (source, method, day(known_on) if known_on else "", told) if part]
    return Markup(", ").join([*texts, *([_link(passport, document)] if document else [])])


def _link(passport: Passport, document: EvidenceDocument) -> Markup:
    url = url_for("passports.document", code=passport.code, sha256=document.sha256)
    return Markup('<a href="{}" download>{}</a>').format(url, document.name)
