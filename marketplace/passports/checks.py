"""What the details of a passport may be together: each rule raises at the field of the form that it concerns. Pure.

Fields of lists are named as forms name them: `composition-0-fraction`, `sections-1-layers-0-thickness_mm`.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.kit.codes import is_passport_code, normalise
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.materials.checks import OLDEST_YEAR
from marketplace.materials.vocabulary import find_category
from marketplace.passports.details import (
    ASPHALT,
    Component,
    Condition,
    Detachability,
    Details,
    Element,
    FigureKey,
    FigureNote,
    Gwp,
    Layer,
    Mki,
    QualityBasis,
    Section,
    Work,
)
from marketplace.passports.gate import PAK10_LIMIT

LARGEST_FIGURE: Final = Decimal(1_000_000_000)
THICKEST_MM: Final = 5_000
MODULES: Final = ("A1", "A2", "A3", "A4", "A5", "B", "C", "C1", "C2", "C3", "C4", "D")
"""Life-cycle modules of EN 15804 by which an MKI or GWP says what it covers."""

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_PART_ID: Final = re.compile(r"[A-Za-z0-9-]{1,19}")
_ONE: Final = Decimal(1)


def check_details(details: Details, *, on: date) -> None:
    """Raise InvalidInputError, for the field it concerns, where these details cannot be true on the day `on`."""
    for number, note in enumerate(details.figures):
        _check_figure(note, f"figures-{number}")
    _check_composition(details.composition)
    if details.condition is not None:
        _check_condition(details.condition, on)
    _check_quality(details)
    if details.detachability is not None:
        _check_detachability(details.detachability)
    _check_environment(details)
    years = details.later.remaining_years if details.later else None
    if years is not None and not 0 <= years <= 500:
        raise InvalidInputError(N_("Een levensduur ligt tussen 0 en 500 jaar."), field="remaining_years")
    if details.work is not None:
        _check_work(details.work, on)


def check_day(day: date | None, *, on: date, field: str) -> None:
    """Raise InvalidInputError where something that was found or done lies in the future."""
    if day is not None and day > on:
        raise InvalidInputError(N_("Deze dag moet nog komen. Vul de dag in waarop het is vastgesteld."), field=field)


def _check_figure(note: FigureNote, field: str) -> None:
    stated_here = note.key in {FigureKey.AREA, FigureKey.VOLUME}
    if stated_here and (note.value is None or not 0 < note.value <= LARGEST_FIGURE):
        raise InvalidInputError(N_("Vul een getal groter dan nul in."), field=f"{field}-value")
    if note.tolerance is not None and not 0 <= note.tolerance <= LARGEST_FIGURE:
        raise InvalidInputError(N_("Een marge is nul of meer."), field=f"{field}-tolerance")


def _check_composition(components: Sequence[Component]) -> None:
    for number, component in enumerate(components):
        _check_component(component, f"composition-{number}")
    total = sum((component.fraction for component in components), Decimal(0))
    if total > _ONE:
        message = N_("De aandelen zijn samen %(percent)s %%. Samen zijn ze ten hoogste 100 %%.")
        raise InvalidInputError(message, field="composition", percent=_percent(total))


def _check_component(component: Component, field: str) -> None:
    if not component.material.strip():
        raise InvalidInputError(N_("Vul in welk materiaal dit is."), field=f"{field}-material")
    if not 0 < component.fraction <= _ONE:
        message = N_("Een aandeel is meer dan 0 en ten hoogste 100 procent.")
        raise InvalidInputError(message, field=f"{field}-fraction")
    if any(not 0 <= share <= _ONE for share in component.origins):
        raise InvalidInputError(N_("Een aandeel ligt tussen 0 en 100 procent."), field=f"{field}-origins")
    if sum(component.origins) != _ONE:
        message = N_("Primair, hergebruikt, gerecycled en biobased zijn samen %(percent)s %%; dat moet 100 %% zijn.")
        raise InvalidInputError(message, field=f"{field}-origins", percent=_percent(sum(component.origins, Decimal(0))))
    if component.country and not _COUNTRY.fullmatch(component.country):
        message = N_("Schrijf een land als twee hoofdletters, zoals NL of DE, of laat het leeg als het onbekend is.")
        raise InvalidInputError(message, field=f"{field}-country")


def _percent(share: Decimal) -> str:
    return f"{share * 100:f}".rstrip("0").rstrip(".").replace(".", ",") if share else "0"


def _check_condition(condition: Condition, on: date) -> None:
    if not 1 <= condition.score <= 6:
        raise InvalidInputError(N_("Een conditie ligt tussen 1 (als nieuw) en 6 (zeer slecht)."), field="condition")
    if condition.scale != "own" and not condition.inspector.strip():
        message = N_("Alleen de score van een inspecteur heet NEN 2767. Vul in welk bureau de inspectie deed.")
        raise InvalidInputError(message, field="inspector")
    check_day(condition.on, on=on, field="condition_on")


def _check_quality(details: Details) -> None:
    proven = details.quality.basis in {QualityBasis.TESTED, QualityBasis.CERTIFIED}
    if proven and not details.quality.document.strip():
        message = N_("Vul in welk document dit bewijst: een rapportnummer, NTA 8713 of een BRL-nummer.")
        raise InvalidInputError(message, field="quality_document")


def _check_detachability(factors: Detachability) -> None:
    for name in ("connection", "accessibility", "crossings", "edge"):
        if not Decimal("0.1") <= getattr(factors, name) <= _ONE:
            raise InvalidInputError(N_("Een factor van losmaakbaarheid ligt tussen 0,10 en 1,00."), field=name)


def _check_environment(details: Details) -> None:
    if details.mki is not None:
        _check_mki(details.mki, "mki")
    for number, gwp in enumerate(details.gwp):
        _check_gwp(gwp, f"gwp-{number}")


def _check_mki(mki: Mki, field: str) -> None:
    if not mki.source.strip():
        raise InvalidInputError(N_("Een MKI telt alleen met haar bron."), field=f"{field}_source")
    if not mki.modules or any(module not in MODULES for module in mki.modules):
        message = N_("Noem de modules waarover de MKI gaat, zoals A1, A2, A3, C en D.")
        raise InvalidInputError(message, field=f"{field}_modules")
    if not abs(mki.eur) <= LARGEST_FIGURE:
        raise InvalidInputError(N_("Dit getal is te groot."), field=f"{field}_eur")
    if mki.nmd_category not in {None, 1, 2, 3}:
        raise InvalidInputError(N_("Een NMD-categorie is 1, 2 of 3."), field=f"{field}_nmd_category")


def _check_gwp(gwp: Gwp, field: str) -> None:
    if not gwp.source.strip():
        raise InvalidInputError(N_("CO2 telt alleen met haar bron."), field=f"{field}-source")
    if gwp.module not in MODULES:
        raise InvalidInputError(N_("Noem de module, zoals A1 of C3."), field=f"{field}-module")
    if not abs(gwp.kg) <= LARGEST_FIGURE:
        raise InvalidInputError(N_("Dit getal is te groot."), field=f"{field}-kg")


def _check_work(work: Work, on: date) -> None:
    _check_ids([section.id for section in work.sections], "sections")
    _check_ids([element.id for element in work.elements], "elements")
    for number, section in enumerate(work.sections):
        _check_section(section, f"sections-{number}", on)
    for number, element in enumerate(work.elements):
        _check_element(element, f"elements-{number}")


def _check_ids(ids: Iterable[str], field: str) -> None:
    seen = set[str]()
    for number, name in enumerate(ids):
        if not _PART_ID.fullmatch(name):
            message = N_("Een nummer heeft ten hoogste 19 letters, cijfers of streepjes.")
            raise InvalidInputError(message, field=f"{field}-{number}-id")
        if name in seen:
            message = N_("Het nummer “%(name)s” komt twee keer voor.")
            raise InvalidInputError(message, field=f"{field}-{number}-id", name=name)
        seen.add(name)


def _check_section(section: Section, field: str, on: date) -> None:
    if not 0 <= section.from_hm <= LARGEST_FIGURE:
        raise InvalidInputError(N_("Een hectometerpaal is nul of meer."), field=f"{field}-from_hm")
    if section.to_hm <= section.from_hm:
        message = N_("Het einde van het vak ligt niet voorbij het begin.")
        raise InvalidInputError(message, field=f"{field}-to_hm")
    if section.width_m is not None and not 0 < section.width_m <= 200:
        raise InvalidInputError(N_("Een breedte ligt tussen 0 en 200 m."), field=f"{field}-width_m")
    _check_ids([layer.id for layer in section.layers], f"{field}-layers")
    for number, layer in enumerate(section.layers):
        _check_layer(layer, f"{field}-layers-{number}", on)


def _check_layer(layer: Layer, field: str, on: date) -> None:
    if not 0 < layer.thickness_mm <= THICKEST_MM:
        raise InvalidInputError(N_("Een laag is dikker dan 0 en ten hoogste 5.000 mm."), field=f"{field}-thickness_mm")
    for name in ("area_m2", "mass_t"):
        if not 0 < getattr(layer, name) <= LARGEST_FIGURE:
            raise InvalidInputError(N_("Vul een getal groter dan nul in."), field=f"{field}-{name}")
    if layer.bitumen_percent is not None and not 0 <= layer.bitumen_percent <= 20:
        raise InvalidInputError(N_("Bitumen is 0 tot 20 procent van de massa."), field=f"{field}-bitumen_percent")
    check_day(layer.laid_on, on=on, field=f"{field}-laid_on")
    if layer.laid_year is not None and not OLDEST_YEAR <= layer.laid_year <= on.year:
        raise InvalidInputError(N_("Dit jaar kan niet: de laag ligt er al."), field=f"{field}-laid_year")
    _check_reclaimed(layer, field)
    _check_pak(layer, field)
    if layer.mki is not None:
        _check_mki(layer.mki, f"{field}-mki")


def _check_reclaimed(layer: Layer, field: str) -> None:
    if not 0 <= layer.reclaimed_percent <= 100:
        message = N_("Het hergebruikte deel ligt tussen 0 en 100 procent.")
        raise InvalidInputError(message, field=f"{field}-reclaimed_percent")
    for number, source in enumerate(layer.sources):
        if not 0 < source.percent <= 100:
            message = N_("Het hergebruikte deel ligt tussen 0 en 100 procent.")
            raise InvalidInputError(message, field=f"{field}-sources-{number}-percent")
        if source.code and not is_passport_code(normalise(source.code)):
            message = N_("Dit is geen code van een paspoort. Vergelijk hem met het label.")
            raise InvalidInputError(message, field=f"{field}-sources-{number}-code")
    total = sum((source.percent for source in layer.sources), Decimal(0))
    if layer.sources and total != layer.reclaimed_percent:
        message = N_("De bronnen zijn samen %(total)s %%, maar de laag is voor %(reclaimed)s %% hergebruikt.")
        raise InvalidInputError(
            message,
            field=f"{field}-reclaimed_percent",
            total=_percent(total / 100),
            reclaimed=_percent(layer.reclaimed_percent / 100),
        )


def _check_pak(layer: Layer, field: str) -> None:
    if layer.pak10 is None:
        return
    if layer.kind not in ASPHALT:
        raise InvalidInputError(N_("PAK10 geldt alleen voor asfalt."), field=f"{field}-pak10")
    if not 0 <= layer.pak10 <= LARGEST_FIGURE:
        raise InvalidInputError(N_("PAK10 is nul of meer mg/kg."), field=f"{field}-pak10")
    if not layer.pak10_report.strip():
        message = N_("Een PAK10-gehalte telt alleen met het nummer van het laboratoriumrapport.")
        raise InvalidInputError(message, field=f"{field}-pak10_report")


def is_tar(layer: Layer) -> bool:
    """Tell whether a layer holds tar: more PAK10 than the limit for reuse, so that it never reaches the market."""
    return layer.pak10 is not None and layer.pak10 > PAK10_LIMIT


def _check_element(element: Element, field: str) -> None:
    if find_category(element.category) is None:
        raise InvalidInputError(N_("Deze soort materiaal bestaat niet."), field=f"{field}-category")
    for name in ("quantity", "mass_kg"):
        if not 0 < getattr(element, name) <= LARGEST_FIGURE:
            raise InvalidInputError(N_("Vul een getal groter dan nul in."), field=f"{field}-{name}")
