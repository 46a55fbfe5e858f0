"""How complete a passport is, and what is still needed before it may be published. Pure.

The list is that of the field list of a passport: what is needed to publish, what is wanted but holds nothing up, what
counts when it applies, and what is optional.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from marketplace.kit.errors import N_
from marketplace.kit.quantities import Unit
from marketplace.materials.dimensions import Slot
from marketplace.materials.hazards import Hazard
from marketplace.materials.vocabulary import Category, find_category
from marketplace.passports.checks import is_tar
from marketplace.passports.details import ASPHALT, FigureKey, HowKnown, Layer, Work
from marketplace.passports.document import PassportDocument
from marketplace.passports.gate import Block, Reason
from marketplace.passports.levels import EvidenceLevel, Granularity

TAR_BEFORE: Final = 1995
"""Asphalt laid before this year may hold tar (CROW 210)."""

_PROVEN: Final = frozenset({EvidenceLevel.MEASURED, EvidenceLevel.TESTED, EvidenceLevel.CERTIFIED})


class Step(StrEnum):
    """The group of fields to which something belongs, in the order in which people fill them in."""

    AMOUNT = "amount"
    WORK = "work"
    COMPOSITION = "composition"
    ORIGIN = "origin"
    CONDITION = "condition"
    HAZARDS = "hazards"
    PROOF = "proof"
    DETACHING = "detaching"
    ENVIRONMENT = "environment"
    LATER = "later"


class Level(StrEnum):
    """How much something is missed: only what is needed holds up publication."""

    NEEDED = "needed"
    WANTED = "wanted"
    APPLIES = "applies"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Hold one thing that a passport may state, and whether it does.

    `sentence` says what to do while it does not, with a place for the name of `hazard` where that is given; `field`
    is the field of the form in which that is done.
    """

    key: str
    level: Level
    met: bool
    sentence: str
    step: Step
    field: str
    hazard: Hazard | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """Hold everything that a passport may state, in the order in which people fill it in."""

    requirements: tuple[Requirement, ...]

    @property
    def met(self) -> int:
        """Return how many of the requirements are met."""
        return sum(requirement.met for requirement in self.requirements)

    @property
    def share(self) -> int:
        """Return how much of it is there in whole percent, rounded down: 100 is everything."""
        return 100 * self.met // len(self.requirements)

    @property
    def missing_to_publish(self) -> tuple[Requirement, ...]:
        """Return what must still be done before it may be published."""
        return tuple(one for one in self.requirements if one.level is Level.NEEDED and not one.met)

    @property
    def missing_besides(self) -> tuple[Requirement, ...]:
        """Return what would make it better, the most missed first."""
        missing = [one for one in self.requirements if one.level is not Level.NEEDED and not one.met]
        return tuple(sorted(missing, key=lambda one: list(Level).index(one.level)))

    def of(self, step: Step) -> tuple[Requirement, ...]:
        """Return the requirements of one step."""
        return tuple(one for one in self.requirements if one.step is step)


def completeness(document: PassportDocument, blocks: Sequence[Block]) -> Completeness:
    """Return how complete a passport is, given what forbids offering its material now."""
    category = find_category(document.classification.category)  # a road or building as a whole has none
    found = [
        *_amount(document, category),
        *_work(document),
        *_composition(document),
        *_origin(document, category),
        *_condition(document),
        *_hazards(document, blocks),
        *_proof(document),
        *_rest(document),
    ]
    return Completeness(tuple(sorted(found, key=lambda one: list(Step).index(one.step))))


def _amount(document: PassportDocument, category: Category | None) -> Iterator[Requirement]:
    step = Step.AMOUNT
    yield Requirement("name", Level.NEEDED, bool(document.name), N_("Geef het een naam."), step, "name")
    amounts = [document.figure(key) for key in (FigureKey.QUANTITY, FigureKey.MASS)]
    told = all(figure is not None and figure.value > 0 for figure in amounts)
    yield Requirement("amount", Level.NEEDED, told, N_("Vul in hoeveel het is en wat het weegt."), step, "quantity")
    photo = N_("Voeg een foto toe; tot die tijd staat er een tekening.")
    yield Requirement("photo", Level.WANTED, bool(document.photos), photo, step, "photos")
    if missing := _missing_sizes(document, category):
        sizes = N_("Vul de maten in.")
        yield Requirement("sizes", Level.APPLIES, missing == (None,), sizes, step, f"{missing[0] or Slot.LENGTH}_mm")
    known = all(figure.known is not HowKnown.ESTIMATED for figure in document.figures)
    measured = N_("Meet of weeg wat nu is geschat, en zeg hoe u het weet.")
    yield Requirement("figures", Level.OPTIONAL, known, measured, step, "figures-0-known")
    described = N_("Beschrijf het in een paar zinnen.")
    yield Requirement("description", Level.OPTIONAL, bool(document.description), described, step, "description")


def _missing_sizes(document: PassportDocument, category: Category | None) -> tuple[Slot | None, ...]:
    """Return the sizes that are not stated; `(None,)` where all are, and nothing where this kind has none."""
    if category is None or document.unit in {Unit.KG, Unit.T, Unit.M3} or not category.dimensions:
        return ()
    missing = tuple(rule.slot for rule in category.dimensions if document.figure(FigureKey(rule.slot.value)) is None)
    return missing or (None,)


def _work(document: PassportDocument) -> Iterator[Requirement]:
    if document.granularity is not Granularity.WORK and document.work is None:
        return
    work, step = document.work or Work(), Step.WORK
    parts = bool(document.work and document.work.part_ids())
    sentence = N_("Voeg ten minste één wegvak met lagen toe, of één element van een gebouw.")
    yield Requirement("parts", Level.NEEDED, parts, sentence, step, "sections")
    clean = not any(is_tar(layer) for _place, layer in _layers(work))
    tar = N_("Een laag bevat teer (meer dan 75 mg/kg PAK10). Zo'n werk komt niet op de markt.")
    yield Requirement("tar", Level.NEEDED, clean, tar, step, _first(work, is_tar, "pak10"))
    pak = N_("Laat PAK10 bepalen van het asfalt van voor 1995.")
    met = not any(_is_suspect(layer) for _place, layer in _layers(work))
    yield Requirement("pak10", Level.APPLIES, met, pak, step, _first(work, _is_suspect, "pak10"))


def _layers(work: Work) -> list[tuple[str, Layer]]:
    """Return every layer with the beginning of the names of its fields."""
    return [
        (f"sections-{number}-layers-{place}", layer)
        for number, section in enumerate(work.sections)
        for place, layer in enumerate(section.layers)
    ]


def _first(work: Work, is_it: Callable[[Layer], bool], field: str) -> str:
    return next((f"{place}-{field}" for place, layer in _layers(work) if is_it(layer)), "sections")


def _is_suspect(layer: Layer) -> bool:
    """Tell whether PAK10 of this layer must be known and is not: asphalt of before 1995, or of nobody knows when."""
    old = layer.year is None or layer.year < TAR_BEFORE
    return layer.kind in ASPHALT and old and layer.pak10 is None


def _composition(document: PassportDocument) -> Iterator[Requirement]:
    step, field = Step.COMPOSITION, "composition-0-material"
    layered = bool(document.work and document.work.part_ids())
    stated = bool(document.composition) or layered
    yield Requirement("composition", Level.NEEDED, stated, N_("Zeg waar het van gemaakt is."), step, field)
    if document.composition:
        whole = sum((component.fraction for component in document.composition), Decimal(0)) == 1
        rest = N_("Vul de samenstelling aan tot 100 procent.")
        yield Requirement("composition_whole", Level.OPTIONAL, whole, rest, step, "composition-0-fraction")
        made = all(component.country for component in document.composition)
        country = N_("Vul in in welk land elk materiaal is gemaakt.")
        yield Requirement("countries", Level.OPTIONAL, made, country, step, "composition-0-country")


def _origin(document: PassportDocument, category: Category | None) -> Iterator[Requirement]:
    step, origin = Step.ORIGIN, document.origin
    told = bool(origin.name or origin.address or origin.road or origin.unknown)
    sentence = N_("Vul in uit welk gebouw of welke weg het komt, of geef aan dat niemand het weet.")
    yield Requirement("origin", Level.NEEDED, told, sentence, step, "origin")
    if document.hazards or (category and category.hazards):
        year = N_("Vul het bouwjaar in: het bepaalt welke gevaarlijke stoffen moeten worden uitgesloten.")
        met = origin.building_year is not None
        yield Requirement("building_year", Level.APPLIES, met, year, step, "building_year")
    place = bool(origin.floor or origin.axis or origin.layer)
    where = N_("Vul in waar het zat: verdieping, as of laag.")
    yield Requirement("place", Level.OPTIONAL, place, where, step, "floor")


def _condition(document: PassportDocument) -> Iterator[Requirement]:
    step = Step.CONDITION
    scored = N_("Geef de conditie een cijfer van 1 tot en met 6.")
    yield Requirement("condition", Level.WANTED, document.condition is not None, scored, step, "condition")


def _hazards(document: PassportDocument, blocks: Sequence[Block]) -> Iterator[Requirement]:
    """Yield one requirement for each hazard, by the gravest of its reasons, and one for a kind that is banned."""
    shut = {block.hazard: block.reason for block in reversed(blocks)}
    if None in shut:
        yield Requirement("category", Level.NEEDED, False, _SHUT[Reason.BANNED], Step.HAZARDS, "category")  # noqa: FBT003 (a field)
    named = dict.fromkeys([*(stated.hazard for stated in document.hazards), *filter(None, shut)])
    for hazard in named:
        reason = shut.get(hazard)
        field = "report" if reason is Reason.UNREPORTED else "permission" if reason is Reason.PRESENT else "hazard"
        sentence = _SHUT[reason] if reason else ""
        key = f"hazard_{hazard.value}"
        name = f"{field}_{hazard.value}"
        yield Requirement(key, Level.NEEDED, reason is None, sentence, Step.HAZARDS, name, hazard)


_SHUT: Final = {
    Reason.BANNED: N_("Deze soort mag nooit worden aangeboden."),
    Reason.TAR: N_("Dit asfalt bevat teer: het komt niet op de markt en moet worden gereinigd."),
    Reason.PRESENT: N_("Zeg op grond van welke vergunning het mag, hoewel er %(hazard)s in zit."),
    Reason.UNKNOWN: N_("Zeg of er %(hazard)s in zit; nu is het onbekend, en onbekend is niet schoon."),
    Reason.UNREPORTED: N_("Vul het rapport in dat zegt dat er geen %(hazard)s in zit."),
}


def _proof(document: PassportDocument) -> Iterator[Requirement]:
    proven = bool(document.tests) or any(statement.level in _PROVEN for statement in document.statements)
    sentence = N_("Voeg een meting, test of certificaat toe.")
    yield Requirement("proof", Level.OPTIONAL, proven, sentence, Step.PROOF, "key")
    papers = N_("Voeg een rapport toe als PDF of foto.")
    yield Requirement("documents", Level.OPTIONAL, bool(document.documents), papers, Step.PROOF, "document")


def _rest(document: PassportDocument) -> Iterator[Requirement]:
    optional = Level.OPTIONAL
    if document.granularity is not Granularity.WORK:
        factors = N_("Geef aan hoe los het zit.")
        loose = document.detachability is not None
        yield Requirement("detachability", optional, loose, factors, Step.DETACHING, "connection")
    taken = N_("Schrijf op hoe het eruit gaat.")
    yield Requirement("dismantling", optional, bool(document.dismantling), taken, Step.DETACHING, "dismantling")
    cost = N_("Vul MKI of CO2 in, met de bron.")
    yield Requirement("mki", optional, bool(document.mki or document.gwp), cost, Step.ENVIRONMENT, "mki_eur")
    later = N_("Kies wat er later mee gebeurt.")
    yield Requirement("scenario", Level.NEEDED, document.later is not None, later, Step.LATER, "scenario")
    lasting = document.later is not None and document.later.remaining_years is not None
    years = N_("Schat hoe lang het nog meegaat.")
    yield Requirement("remaining_years", optional, lasting, years, Step.LATER, "remaining_years")
