"""What a work consists of, as the tables of a printed passport: a road by section and layer, a building by element."""

from decimal import Decimal

from marketplace.kit.codes import grouped
from marketplace.kit.errors import N_
from marketplace.passports.details import Element, Layer, Mki, Reclaimed, Section, Work
from marketplace.passports.document import PassportDocument
from marketplace.passports.sheet import Cell, Column, Table
from marketplace.passports.sheet import Section as Part
from marketplace.web.filters import day, each_unit, money, number, quantity
from marketplace.web.passports.words import LAYERS, called, joined, say


def structure(document: PassportDocument) -> Part | None:
    """Return the sections of a road or the elements of a building, or None where it is no work."""
    work = document.work
    if work is None or not (work.sections or work.elements):
        return None
    tables = [_layers(section) for section in work.sections]
    if work.elements:
        tables.append(_elements(work))
    return Part(say(N_("Opbouw")), _count(work), tuple(tables))


def _count(work: Work) -> str:
    sections = say(N_("%(count)s wegvakken"), count=len(work.sections)) if work.sections else ""
    elements = say(N_("%(count)s soorten elementen"), count=len(work.elements)) if work.elements else ""
    return joined(sections, elements)


def _layers(section: Section) -> Table:
    columns = (
        Column(say(N_("Laag")), 0),
        Column(say(N_("Mengsel")), 1),
        Column(say(N_("Dikte")), 0, is_number=True),
        Column(say(N_("Oppervlakte")), 0, is_number=True),
        Column(say(N_("Massa")), 0, is_number=True),
        Column(say(N_("Aangelegd")), 0, is_number=True),
        Column(say(N_("Hergebruikt asfalt")), 0.75),
        Column(say(N_("PAK10")), 0),
    )
    return Table(columns, tuple(_layer(layer) for layer in section.layers), section_title(section))


def section_title(section: Section) -> str:
    """Return what a section is called: `Vak V1: N376, hm 12,0–12,7, R, strook 1, 3,25 m breed`."""
    lane = say(N_("strook %(lane)s"), lane=section.lane) if section.lane else ""
    width = say(N_("%(width)s m breed"), width=number(section.width_m)) if section.width_m else ""
    posts = f"hm {number(section.from_hm, 1)}–{number(section.to_hm, 1)}"
    where = joined(section.road, posts, section.side, lane, width)
    return say(N_("Vak %(id)s: %(where)s"), id=section.id, where=where)


def _layer(layer: Layer) -> tuple[Cell | str, ...]:
    return (
        Cell(called(layer.kind, LAYERS), layer.id),
        Cell(layer.mix, mixture(layer)),
        f"{number(Decimal(layer.thickness_mm))} mm",
        f"{number(layer.area_m2)} m²",
        f"{number(layer.mass_t)} t",
        day(layer.laid_on) if layer.laid_on else str(layer.laid_year or say(N_("onbekend"))),
        Cell(f"{number(layer.reclaimed_percent)} %", joined(*(_source(source) for source in layer.sources))),
        _pak(layer),
    )


def mixture(layer: Layer) -> str:
    """Return what else is known of a mixture: standard, bitumen, rejuvenator, plant, report and environmental cost."""
    share = f"{number(layer.bitumen_percent)} %" if layer.bitumen_percent is not None else ""
    bitumen = " ".join(part for part in (layer.bitumen, share, layer.polymer) if part)
    return joined(
        layer.standard,
        say(N_("bitumen %(bitumen)s"), bitumen=bitumen) if bitumen else "",
        say(N_("verjonger %(name)s"), name=layer.rejuvenator) if layer.rejuvenator else "",
        layer.plant,
        layer.report,
        mki_text(layer.mki) if layer.mki else "",
    )


def mki_text(mki: Mki) -> str:
    """Return an environmental cost with all that it means nothing without: `MKI € 7,43 per t; set A1; A1, EPD`."""
    modules = ", ".join(mki.modules)
    per = say(N_("per %(unit)s"), unit=each_unit(mki.unit))
    return f"MKI {money(mki.eur)} {per}; set {mki.set.value}; {joined(modules, mki.source)}"


def _source(source: Reclaimed) -> str:
    return f"{number(source.percent)} % {source.name}" + (f" ({grouped(source.code)})" if source.code else "")


def _pak(layer: Layer) -> Cell | str:
    if layer.pak10 is None:
        return "–"
    report = say(N_("rapport %(report)s"), report=layer.pak10_report) if layer.pak10_report else ""
    return Cell(f"{number(layer.pak10)} mg/kg", report)


def _elements(work: Work) -> Table:
    columns = (
        Column(say(N_("Nummer")), 0),
        Column(say(N_("Element")), 1),
        Column(say(N_("Plaats")), 1),
        Column(say(N_("Hoeveelheid")), 0, is_number=True),
        Column(say(N_("Massa")), 0, is_number=True),
    )
    return Table(columns, tuple(_element(element) for element in work.elements))


def _element(element: Element) -> tuple[str, ...]:
    amount, mass = quantity(element.quantity, element.unit), f"{number(element.mass_kg)} kg"
    return element.id, element.name, element.place, amount, mass
