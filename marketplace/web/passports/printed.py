"""The sections of a printed passport; each is None where the passport says nothing of it."""

from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.kit.codes import grouped
from marketplace.kit.errors import N_
from marketplace.passports.details import Component, Gwp
from marketplace.passports.document import Ancestor, Figure, HazardStatement, PassportDocument, Statement, TestStatement
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import LinkKind
from marketplace.passports.sheet import Cell, Column, Note, Section, Table, Terms
from marketplace.web.evidence import claim_name, hazard_name
from marketplace.web.filters import day, each_unit, language, money, number
from marketplace.web.passports.words import (
    GRANULARITIES,
    HAZARD_STATUSES,
    KNOWN,
    LEVELS,
    LINKS,
    QUALITIES,
    ROLES,
    SCALES,
    SCENARIOS,
    amount,
    called,
    capital,
    country_name,
    figure_name,
    joined,
    percent,
    say,
)

_TICKS: Final = {level: ticks for ticks, level in enumerate(EvidenceLevel)}
_LEVEL_OF: Final = {
    HazardStatus.UNKNOWN: EvidenceLevel.UNKNOWN,
    HazardStatus.ABSENT_DECLARED: EvidenceLevel.DECLARED,
    HazardStatus.ABSENT_TESTED: EvidenceLevel.TESTED,
    HazardStatus.PRESENT: EvidenceLevel.TESTED,
}


def figures(document: PassportDocument) -> Section:
    """Return what it is and how much of it there is."""
    kind = document.classification
    name = kind.name_en if language() == "en" else kind.name_nl
    codes = [("NL-SfB", kind.nlsfb), ("IFC", kind.ifc), ("Eural", kind.eural)]
    what = [(say(N_("Soort")), name), (say(N_("Omvang")), called(document.granularity, GRANULARITIES))]
    columns = (
        Column(say(N_("Wat")), 0.7),
        Column(say(N_("Waarde")), 0.5, is_number=True),
        Column(say(N_("Hoe bekend")), 1),
    )
    rows = tuple(_figure(figure, document) for figure in document.figures)
    count = say(N_("%(count)s gegevens"), count=len(rows))
    return Section(say(N_("Wat en hoeveel")), count, (_stated(*what, *codes), Table(columns, rows)))


def _figure(figure: Figure, document: PassportDocument) -> tuple[str, ...]:
    return figure_name(figure.key, document), amount(figure), called(figure.known, KNOWN)


def hazards(document: PassportDocument) -> Section:
    """Return what is known of each hazardous substance, what is found or unknown first."""
    title, stated = say(N_("Gevaarlijke stoffen")), document.hazards
    if not stated:
        none = say(N_("Bij deze soort en dit bouwjaar is er geen gevaarlijke stof die eerst moet worden uitgesloten."))
        return Section(title, say(N_("niets verdacht")), (Note(none),))
    columns = (
        Column(say(N_("Stof")), 1),
        Column(say(N_("Uitkomst")), 1),
        Column(say(N_("Bewijs")), 0),
        Column(say(N_("Rapport")), 1.2),
    )
    worst = {HazardStatus.PRESENT: 0, HazardStatus.UNKNOWN: 1}
    rows = tuple(_hazard(each) for each in sorted(stated, key=lambda each: worst.get(each.status, 2)))
    known = sum(each.status is not HazardStatus.UNKNOWN for each in stated)
    count = say(N_("%(known)s van %(total)s bekend"), known=known, total=len(stated))
    warning = Note(_not_clean(), is_warning=True)
    return Section(title, count, (Table(columns, rows), *([warning] if known < len(stated) else [])))


def _not_clean() -> str:
    advice = say(N_("Behandel het als verdacht en laat het onderzoeken voordat u zaagt, boort of schuurt."))
    return f"{say(N_('Onbekend is niet schoon.'))} {advice}"


def _hazard(each: HazardStatement) -> tuple[Cell | str, ...]:
    value = f"{number(each.value)} {each.unit}".strip() if each.value is not None else ""
    permission = say(N_("hergebruik mag volgens %(permission)s"), permission=each.permission) if each.permission else ""
    found = joined(called(each.status, HAZARD_STATUSES), value)
    proof = _proof("", each.laboratory, "", _date(each.found_on))
    return hazard_name(each.hazard), Cell(found, permission), _level(level_of(each)), Cell(each.report or "–", proof)


def level_of(each: HazardStatement) -> EvidenceLevel:
    """Return how the finding on a hazard is known: what was found without a report is somebody's word."""
    found_by_word = each.status is HazardStatus.PRESENT and not each.report
    return EvidenceLevel.DECLARED if found_by_word else _LEVEL_OF[each.status]


def composition(document: PassportDocument) -> Section | None:
    """Return of what it consists, and where each material came from."""
    if not document.composition:
        return None
    columns = (
        Column(say(N_("Materiaal")), 1),
        Column(say(N_("Aandeel")), 0, is_number=True),
        Column(say(N_("Nieuw")), 0, is_number=True),
        Column(say(N_("Opnieuw gebruikt")), 0, is_number=True),
        Column(say(N_("Gerecycled")), 0, is_number=True),
        Column(say(N_("Biobased")), 0, is_number=True),
        Column(say(N_("Land van herkomst")), 0.6),
    )
    total = sum((component.fraction for component in document.composition), Decimal(0))
    count = say(N_("%(share)s van de massa"), share=percent(total))
    rows = tuple(_component(component) for component in document.composition)
    return Section(say(N_("Samenstelling")), count, (Table(columns, rows),))


def _component(component: Component) -> tuple[str, ...]:
    shares = (percent(share) for share in component.origins)
    return component.material, percent(component.fraction), *shares, country_name(component.country)


def origin(document: PassportDocument) -> Section:
    """Return where it came out of."""
    donor = document.origin
    if donor.unknown:
        nobody = Note(say(N_("Niemand weet waar dit materiaal vandaan komt.")), is_warning=True)
        return Section(say(N_("Herkomst")), say(N_("onbekend")), (nobody,))
    year = str(donor.building_year) if donor.building_year else say(N_("onbekend"))
    facts = _stated(
        (say(N_("Gebouw of weg")), donor.name or say(N_("niet opgegeven"))),
        (say(N_("Bouwjaar")), year),
        (say(N_("Project")), donor.project),
        (say(N_("Opdrachtgever")), donor.client),
        (say(N_("Adres")), donor.address),
        (say(N_("Weg")), donor.road),
        (say(N_("Plaats")), donor.place),
        (say(N_("BAG-nummer")), donor.bag_id),
        (say(N_("Verdieping")), donor.floor),
        (say(N_("As")), donor.axis),
        (say(N_("Laag")), donor.layer),
    )
    return Section(say(N_("Herkomst")), "", (facts,))


def condition(document: PassportDocument) -> Section:
    """Return its state and on what its quality rests."""
    state, quality = document.condition, document.quality
    basis = joined(called(quality.basis, QUALITIES), quality.document)
    facts = [(say(N_("Kwaliteit")), basis)]
    if state:
        score = say(N_("%(score)s op een schaal van 1 (als nieuw) tot 6 (zeer slecht)"), score=state.score)
        facts += [
            (say(N_("Conditie")), f"{score}, {called(state.scale, SCALES)}"),
            (say(N_("Gebreken")), state.defects),
            (say(N_("Beoordeeld door")), joined(state.inspector, _date(state.on))),
        ]
    return Section(say(N_("Staat en kwaliteit")), "", (_stated(*facts),))


def statements(document: PassportDocument) -> Section | None:
    """Return what is said of it and how that is known."""
    if not document.statements:
        return None
    columns = (
        Column(say(N_("Eigenschap")), 1),
        Column(say(N_("Waarde")), 1.2),
        Column(say(N_("Bewijs")), 0),
        Column(say(N_("Bron")), 1.2),
    )
    rows = tuple(_statement(each) for each in document.statements)
    count = say(N_("%(count)s gegevens"), count=len(rows))
    return Section(say(N_("Eigenschappen")), count, (Table(columns, rows),))


def _statement(each: Statement) -> tuple[Cell | str, ...]:
    more = _proof(each.method, "", each.report, _date(each.known_on))
    return claim_name(each.key), each.value, _level(each.level), Cell(each.source or more, more if each.source else "")


def tests(document: PassportDocument) -> Section | None:
    """Return the latest result of each test."""
    if not document.tests:
        return None
    columns = (
        Column(say(N_("Proef")), 1),
        Column(say(N_("Uitkomst")), 0.8),
        Column(say(N_("Methode")), 1),
        Column(say(N_("Laboratorium")), 1.2),
    )
    passed = sum(test.passed for test in document.tests)
    count = say(N_("%(passed)s van %(total)s gehaald"), passed=passed, total=len(document.tests))
    return Section(say(N_("Proeven")), count, (Table(columns, tuple(_test(test) for test in document.tests)),))


def _test(test: TestStatement) -> tuple[Cell | str, ...]:
    outcome = say(N_("gehaald")) if test.passed else say(N_("niet gehaald"))
    proof = _proof("", "", test.report, day(test.tested_on))
    return (
        capital(test.test),
        Cell(outcome, test.value),
        test.method,
        Cell(test.laboratory or proof, proof if test.laboratory else ""),
    )


def detachability(document: PassportDocument) -> Section | None:
    """Return how well it comes out undamaged, and how."""
    parts, facts = document.detachability, []
    if parts:
        facts = [
            (say(N_("Losmaakbaarheidsindex")), number(parts.index, 2)),
            (say(N_("Type verbinding")), number(parts.connection, 2)),
            (say(N_("Toegankelijkheid")), number(parts.accessibility, 2)),
            (say(N_("Doorkruisingen")), number(parts.crossings, 2)),
            (say(N_("Randopsluiting")), number(parts.edge, 2)),
        ]
    facts += [(say(N_("Losmaken")), document.dismantling), (say(N_("Hijsen en tillen")), document.hoisting)]
    stated = _stated(*facts)
    scale = say(N_("index van 0,10 tot 1,00")) if parts else ""
    return Section(say(N_("Losmaakbaarheid")), scale, (stated,)) if stated.items else None


def environment(document: PassportDocument) -> Section | None:
    """Return the environmental cost and the greenhouse gas, each with what it means nothing without."""
    rows = [*_mki(document), *(_gwp(each) for each in document.gwp)]
    if not rows:
        return None
    columns = (
        Column(say(N_("Wat")), 1),
        Column(say(N_("Waarde")), 0, is_number=True),
        Column(say(N_("Modules")), 0.6),
        Column(say(N_("Bron")), 1),
    )
    apart = Note(
        say(N_("MKI-waarden volgens set A1 en set A2 zijn niet met elkaar te vergelijken en niet op te tellen."))
    )
    table, count = Table(columns, tuple(rows)), say(N_("%(count)s gegevens"), count=len(rows))
    return Section(say(N_("Milieu")), count, (table, apart) if document.mki else (table,))


def _mki(document: PassportDocument) -> list[tuple[Cell | str, ...]]:
    mki = document.mki
    if mki is None:
        return []
    kind = say(N_("NMD-categorie %(category)s"), category=mki.nmd_category) if mki.nmd_category else ""
    value = f"{money(mki.eur)} {say(N_('per %(unit)s'), unit=each_unit(mki.unit))}"
    return [(Cell("MKI", f"set {mki.set.value}"), value, ", ".join(mki.modules), Cell(mki.source, kind))]


def _gwp(each: Gwp) -> tuple[Cell | str, ...]:
    value = f"{number(each.kg)} kg CO₂-eq {say(N_('per %(unit)s'), unit=each_unit(each.unit))}"
    return say(N_("Broeikasgas")), value, each.module, each.source


def later(document: PassportDocument) -> Section | None:
    """Return what is to become of it."""
    after = document.later
    if after is None:
        return None
    years = say(N_("%(years)s jaar"), years=after.remaining_years) if after.remaining_years is not None else ""
    facts = _stated(
        (say(N_("Na het volgende gebruik")), called(after.scenario, SCENARIOS)),
        (say(N_("Resterende levensduur")), years),
        (say(N_("R-strategie")), after.strategy),
    )
    return Section(say(N_("Later")), "", (facts,))


def parties(document: PassportDocument) -> Section | None:
    """Return which organisations had to do with it, beyond issuer and owner, who stand at the top."""
    if not document.parties:
        return None
    columns = (Column(say(N_("Rol")), 1), Column(say(N_("Organisatie")), 1), Column(say(N_("KvK")), 1))
    rows = tuple((called(party.role, ROLES), party.name, party.kvk or "–") for party in document.parties)
    return Section(say(N_("Betrokken organisaties")), str(len(rows)), (Table(columns, rows),))


def ancestors(document: PassportDocument) -> Section | None:
    """Return out of which passports this one came."""
    if not document.ancestors:
        return None
    columns = (
        Column(say(N_("Uit paspoort")), 1),
        Column(say(N_("Hoe")), 1),
        Column(say(N_("Deel")), 1),
        Column(say(N_("Massa")), 0, is_number=True),
    )
    rows = tuple(_ancestor(each) for each in document.ancestors)
    return Section(say(N_("Voorgeschiedenis")), str(len(rows)), (Table(columns, rows),))


def _ancestor(each: Ancestor) -> tuple[str, ...]:
    return grouped(each.code), called(LinkKind(each.kind), LINKS), each.part or "–", f"{number(each.mass_kg)} kg"


def files(document: PassportDocument) -> Section | None:
    """Return the photos and reports by their hash, so that anyone who has the file can compare."""
    photos = [(say(N_("Foto %(number)s"), number=n), sha) for n, sha in enumerate(document.photos, 1)]
    reports = [(say(N_("Bewijsstuk %(number)s"), number=n), sha) for n, sha in enumerate(document.documents, 1)]
    if not photos and not reports:
        return None
    columns = (Column(say(N_("Bestand")), 0), Column("SHA-256", 1))
    return Section(say(N_("Bestanden")), str(len(photos + reports)), (Table(columns, (*photos, *reports)),))


def _level(level: EvidenceLevel) -> Cell:
    return Cell(called(level, LEVELS), ticks=_TICKS[level])


def _proof(method: str, laboratory: str, report: str, on: str) -> str:
    named = say(N_("rapport %(report)s"), report=report) if report else ""
    return joined(method, laboratory, named, on)


def _date(value: date | None) -> str:
    return day(value) if value else ""


def _stated(*facts: tuple[str, str]) -> Terms:
    return Terms(tuple(fact for fact in facts if fact[1]))
