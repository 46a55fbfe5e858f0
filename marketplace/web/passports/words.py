"""What the parts of a passport are called where it is printed or exported, in the language of the reader."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from flask_babel import get_locale, gettext

from marketplace.kit.errors import N_
from marketplace.kit.quantities import Unit
from marketplace.materials.dimensions import Slot
from marketplace.materials.vocabulary import find_category
from marketplace.passports.details import (
    ConditionScale,
    FigureKey,
    HowKnown,
    Layer,
    LayerKind,
    PartyRole,
    QualityBasis,
    Scenario,
    Section,
)
from marketplace.passports.document import Figure, PassportDocument
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel, Granularity
from marketplace.passports.models import LinkKind
from marketplace.web.filters import language, number, unit_label

Key = TypeVar("Key", bound=StrEnum)

GRANULARITIES: Final = {
    Granularity.ITEM: N_("één ding"),
    Granularity.BATCH: N_("partij"),
    Granularity.WORK: N_("werk"),
}
FIGURES: Final = {
    FigureKey.QUANTITY: N_("Hoeveelheid"),
    FigureKey.MASS: N_("Massa"),
    FigureKey.LENGTH: N_("Lengte"),
    FigureKey.WIDTH: N_("Breedte"),
    FigureKey.HEIGHT: N_("Hoogte"),
    FigureKey.AREA: N_("Oppervlakte"),
    FigureKey.VOLUME: N_("Volume"),
}
KNOWN: Final = {
    HowKnown.MEASURED: N_("gemeten"),
    HowKnown.DRAWING: N_("van tekening"),
    HowKnown.ESTIMATED: N_("geschat"),
    HowKnown.SUPPLIER: N_("volgens opgave"),
}
LEVELS: Final = {
    EvidenceLevel.UNKNOWN: N_("onbekend"),
    EvidenceLevel.DECLARED: N_("opgegeven"),
    EvidenceLevel.MEASURED: N_("gemeten"),
    EvidenceLevel.TESTED: N_("getest"),
    EvidenceLevel.CERTIFIED: N_("gecertificeerd"),
}
HAZARD_STATUSES: Final = {
    HazardStatus.UNKNOWN: N_("onbekend"),
    HazardStatus.ABSENT_DECLARED: N_("afwezig volgens opgave"),
    HazardStatus.ABSENT_TESTED: N_("afwezig"),
    HazardStatus.PRESENT: N_("aangetroffen"),
}
SCALES: Final = {
    ConditionScale.OWN: N_("eigen schatting"),
    ConditionScale.NEN_2767: "NEN 2767",
}
QUALITIES: Final = {
    QualityBasis.UNTESTED: N_("niet onderzocht"),
    QualityBasis.VISUAL: N_("bekeken"),
    QualityBasis.TESTED: N_("getest"),
    QualityBasis.CERTIFIED: N_("gecertificeerd"),
}
SCENARIOS: Final = {
    Scenario.REUSE: N_("opnieuw gebruiken"),
    Scenario.REMANUFACTURE: N_("herfabriceren"),
    Scenario.RECYCLE: N_("recyclen"),
    Scenario.ENERGY: N_("verbranden met terugwinning van energie"),
    Scenario.LANDFILL: N_("storten"),
}
ROLES: Final = {
    PartyRole.SELLER: N_("Verkoper"),
    PartyRole.REMOVER: N_("Sloper"),
    PartyRole.INSPECTOR: N_("Inspecteur"),
    PartyRole.CERTIFIER: N_("Certificerende instelling"),
}
LAYERS: Final = {
    LayerKind.SURFACE: N_("Deklaag"),
    LayerKind.BINDER: N_("Tussenlaag"),
    LayerKind.BASE: N_("Onderlaag"),
    LayerKind.FOUNDATION: N_("Fundering"),
    LayerKind.SAND_BED: N_("Zandbed"),
}
LINKS: Final = {
    LinkKind.SPLIT: N_("afgesplitst"),
    LinkKind.MERGE: N_("samengevoegd"),
    LinkKind.HARVEST: N_("geoogst"),
    LinkKind.MILL: N_("gefreesd"),
}

_OWN_SIGNS: Final = {"MMT": "mm"}
_UNITS: Final = {unit.rec20: unit for unit in Unit}
_SLOTS: Final = {FigureKey.LENGTH: Slot.LENGTH, FigureKey.WIDTH: Slot.WIDTH, FigureKey.HEIGHT: Slot.HEIGHT}


def layer_name(section: Section, layer: Layer) -> str:
    """Return what a layer of a road is called: `vak V1, deklaag AC 16 surf`."""
    kind = called(layer.kind, LAYERS).lower()
    return say(N_("vak %(section)s, %(layer)s %(mix)s"), section=section.id, layer=kind, mix=layer.mix)


def say(message: str, **params: object) -> str:
    """Return a marked sentence in the language of the reader."""
    return str(gettext(message, **params))


def called(key: Key, names: Mapping[Key, str]) -> str:
    """Return what a key is called."""
    return say(names[key])


def figure_name(key: FigureKey, document: PassportDocument) -> str:
    """Return what a figure is called in the field: the first size of a door is its height."""
    category, slot = find_category(document.classification.category), _SLOTS.get(key)
    rule = category.dimension(slot) if category and slot else None
    return capital(rule.name.label(language())) if rule else say(FIGURES[key])


def unit_sign(rec20: str) -> str:
    """Return a unit of UN/ECE Recommendation 20 as it stands behind a number."""
    unit = _UNITS.get(rec20)
    return unit_label(unit) if unit else _OWN_SIGNS.get(rec20, rec20)


def amount(figure: Figure) -> str:
    """Return a figure with its unit and, where it is stated, plus or minus how much."""
    margin = "" if figure.tolerance is None else f" ± {exact(figure.tolerance)}"
    return f"{exact(figure.value)}{margin} {unit_sign(figure.unit)}"


def exact(value: Decimal) -> str:
    """Return a number with all its decimals."""
    _sign, _digits, exponent = value.normalize().as_tuple()
    return number(value, max(0, -int(exponent)))


def percent(fraction: Decimal) -> str:
    """Return a share of 1 as percents."""
    return f"{number(fraction * 100)} %"


def country_name(code: str) -> str:
    """Return the name of a country, or that nobody knows it."""
    return str(get_locale().territories.get(code, code)) if code else say(N_("onbekend"))


def capital(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Return a text that begins without a capital; "IPE-profiel" and "PIR-plaat" keep theirs."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def joined(*parts: str) -> str:
    """Return the parts that say something, one after the other."""
    return ", ".join(part for part in parts if part)
