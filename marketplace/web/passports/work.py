"""What the passport of a work shows beyond that of a batch: a road in sections and layers, a building in elements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from types import MappingProxyType
from typing import Final, NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.kit.errors import N_
from marketplace.passports.checks import is_tar
from marketplace.passports.details import ASPHALT, Layer, LayerKind, Mki, Section, Work
from marketplace.passports.gate import PAK10_LIMIT
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Claim, Passport
from marketplace.web.cards import mass_text
from marketplace.web.drawings.road import Block, BlockWords, Slab, block
from marketplace.web.drawings.road_strip import Stretch, strip
from marketplace.web.filters import day, each_unit, language, money, number
from marketplace.web.passports.elements import ElementRow, element_rows, elements_text
from marketplace.web.passports.words import LAYERS

_CONSISTS: Final = {
    LayerKind.SURFACE: N_("Waar de deklaag uit bestaat"),
    LayerKind.BINDER: N_("Waar de tussenlaag uit bestaat"),
    LayerKind.BASE: N_("Waar de onderlaag uit bestaat"),
    LayerKind.FOUNDATION: N_("Waar de fundering uit bestaat"),
    LayerKind.SAND_BED: N_("Waar het zandbed uit bestaat"),
}
_NOTHING: Final[Mapping[str, Decimal]] = MappingProxyType({})


class Part(NamedTuple):
    """One part of what a layer consists of, and where its piece of the bar lies, in percent."""

    manner: str
    """source, new or bitumen."""
    name: str
    url: str | None
    percent: str
    mass: str
    start: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class Composition:
    """Hold what one layer consists of."""

    title: str
    mass: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class LayerRow:
    """Hold one layer as it is read; an empty text is not known."""

    name: str
    mix: str
    standard: str
    thickness: str
    area: str
    mass: str
    year: str
    laid: str
    """To the day where that is known, else the year."""
    reclaimed: str
    sources: list[tuple[str, str | None]]
    bitumen: str
    plant: str
    report: str
    has_pak10: bool
    """False where the layer is no asphalt, of which PAK10 says nothing."""
    pak10: str
    pak10_report: str
    is_tar: bool
    mki_label: str
    mki: str
    mki_set: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Hold what the layers of a section cost the environment; MKI is never added across sets or modules."""

    basis: str
    per_tonne_label: str
    per_tonne: str
    all_new: str
    whole: str
    known: str


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Hold the section that was chosen."""

    title: str
    lead: str
    block: Block | None
    layers: list[LayerRow]
    core: str
    compositions: list[Composition]
    environment: Environment | None


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Hold a work: a road with the section that was chosen, or a building with its elements."""

    lead: str
    strip: tuple[str, str] | None
    section: SectionPage | None
    elements: list[ElementRow]
    elements_text: str
    pak10_limit: str


def work_of(passport: Passport, *, chosen: str = "", harvested: Mapping[str, Decimal] = _NOTHING) -> WorkPage | None:
    """Return what the page of a work shows, or None where the passport describes no work of which parts are known.

    `chosen` is the id of a section, the first without one. `harvested` is how much was taken out of each element.
    """
    work = passport.details.work
    if passport.granularity is not Granularity.WORK or work is None or not (work.sections or work.elements):
        return None
    section = next((one for one in work.sections if one.id == chosen), next(iter(work.sections), None))
    return WorkPage(
        lead=_lead(work),
        strip=_strip(work.sections, section) if section else None,
        section=_section(section, passport.claims) if section else None,
        elements=element_rows(work.elements, harvested),
        elements_text=elements_text(work.elements, harvested),
        pak10_limit=number(PAK10_LIMIT),
    )


def _lead(work: Work) -> str:
    if not work.sections:
        mass = sum((element.mass_kg for element in work.elements), Decimal(0))
        kinds = ngettext("%(num)s soort bouwdelen", "%(num)s soorten bouwdelen", len(work.elements))
        return ", ".join((str(gettext("Paspoort van het gebouw")), str(kinds), mass_text(mass)))
    parts = [
        str(gettext("Paspoort van het werk")),
        f"{number(_length_km(work.sections))} km",
        str(ngettext("%(num)s wegvak", "%(num)s wegvakken", len(work.sections))),
        str(gettext("%(mass)s asfalt", mass=_tonnes(_asphalt_t(work.sections)))),
    ]
    return ", ".join(parts)


def _length_km(sections: Sequence[Section]) -> Decimal:
    """Return how much of the road the sections cover; where two lie beside each other it counts once."""
    covered, reached = Decimal(0), Decimal(0)
    for section in sorted(sections, key=lambda one: one.from_hm):
        covered += max(section.to_hm - max(section.from_hm, reached), Decimal(0))
        reached = max(reached, section.to_hm)
    return covered


def _asphalt_t(sections: Sequence[Section]) -> Decimal:
    layers = (layer for section in sections for layer in section.layers if layer.kind in ASPHALT)
    return sum((layer.mass_t for layer in layers), Decimal(0))


def _tonnes(mass_t: Decimal) -> str:
    return f"{number(mass_t, 0 if mass_t >= 100 else 1)} t"


def _percent(share: Decimal) -> str:
    return f"{number(share)}{'' if language() == 'en' else ' '}%"


def _whole_euros(amount: Decimal) -> str:
    return money(amount.quantize(Decimal(1))).removesuffix(",00").removesuffix(".00")


def _hm(section: Section) -> tuple[str, str]:
    return number(section.from_hm, 1), number(section.to_hm, 1)


def _strip(sections: Sequence[Section], chosen: Section | None) -> tuple[str, str]:
    return strip([_stretch(section, is_chosen=section is chosen) for section in sections])


def _stretch(section: Section, *, is_chosen: bool) -> Stretch:
    start, end = _hm(section)
    top = section.layers[0] if section.layers else None
    year = str(top.year) if top and top.year else str(gettext("onbekend"))
    reclaimed = _percent(top.reclaimed_percent) if top and top.reclaimed_percent else ""
    title = [str(gettext("Wegvak %(id)s, hm %(start)s tot %(end)s", id=section.id, start=start, end=end))]
    title.append(str(gettext("gelegd %(year)s", year=year)))
    if reclaimed:
        title.append(str(gettext("%(percent)s hergebruikt", percent=reclaimed)))
    return Stretch(
        id=section.id,
        name=str(gettext("vak %(id)s", id=section.id)),
        title=", ".join(title),
        url=f"?vak={section.id}#section",
        start=start,
        end=end,
        length=float(section.to_hm - section.from_hm),
        year=year,
        reclaimed=reclaimed,
        is_chosen=is_chosen,
    )


def _section(section: Section, claims: Sequence[Claim]) -> SectionPage:
    start, end = _hm(section)
    return SectionPage(
        title=str(gettext("Wegvak hm %(start)s–%(end)s", start=start, end=end)),
        lead=_section_lead(section),
        block=_block(section) if section.layers else None,
        layers=[_layer(layer) for layer in section.layers],
        core=_core(section, claims),
        compositions=[_composition(layer) for layer in section.layers if layer.sources],
        environment=_environment(section, claims),
    )


def _section_lead(section: Section) -> str:
    metres = (section.to_hm - section.from_hm) * 1000
    parts = [section.side, section.lane, f"{number(metres)} m"]
    parts.append(str(gettext("%(mass)s asfalt", mass=_tonnes(_asphalt_t([section])))))
    parts.append(str(ngettext("%(num)s laag", "%(num)s lagen", len(section.layers))))
    return ", ".join(part for part in parts if part)


def _block(section: Section) -> Block:
    layers = [f"{gettext(LAYERS[layer.kind])} {number(layer.thickness_mm)} mm" for layer in section.layers]
    words = BlockWords(
        title=str(gettext("Doorsnede van het wegvak, van boven naar beneden: %(layers)s", layers=", ".join(layers))),
        width=f"{number(section.width_m, 2)} m" if section.width_m else "",
        note=_note(section),
    )
    return block([Slab(layer.kind, layer.thickness_mm) for layer in section.layers], words)


def _note(section: Section) -> str:
    if len(section.layers) > 1 and section.layers[-1].kind is LayerKind.SAND_BED:
        return str(gettext("Dikten niet op schaal. Breeklijn in het zandbed."))
    return str(gettext("Dikten niet op schaal."))


def _layer(layer: Layer) -> LayerRow:
    return LayerRow(
        name=str(gettext(LAYERS[layer.kind])),
        mix=layer.mix,
        standard=layer.standard,
        thickness=f"{number(layer.thickness_mm)} mm",
        area=f"{number(layer.area_m2)} m²",
        mass=f"{number(layer.mass_t, 1)} t",
        year=str(layer.year or ""),
        laid=day(layer.laid_on) if layer.laid_on else str(layer.laid_year or ""),
        reclaimed=_percent(layer.reclaimed_percent),
        sources=[(f"{_percent(one.percent)} {one.name}", _url(one.code)) for one in layer.sources],
        bitumen=_bitumen(layer),
        plant=layer.plant,
        report=layer.report,
        has_pak10=layer.kind in ASPHALT,
        pak10=number(layer.pak10) if layer.pak10 is not None else "",
        pak10_report=layer.pak10_report,
        is_tar=is_tar(layer),
        mki_label=_mki_label(layer.mki),
        mki=money(layer.mki.eur) if layer.mki else "",
        mki_set=layer.mki.set.value if layer.mki else "",
    )


def _url(code: str) -> str | None:
    return url_for("passports.show", code=code) if code else None


def _bitumen(layer: Layer) -> str:
    share = _percent(layer.bitumen_percent) if layer.bitumen_percent is not None else ""
    return ", ".join(part for part in (share, layer.bitumen, layer.polymer, layer.rejuvenator) if part)


def _mki_label(mki: Mki | None) -> str:
    return str(gettext("MKI per %(unit)s", unit=each_unit(mki.unit) if mki else "t"))


def _core(section: Section, claims: Sequence[Claim]) -> str:
    """Return what was last drilled in this section, with its day and report; empty where nothing was."""
    found = [claim for claim in claims if claim.key == f"core_{section.id}"]
    if not found:
        return ""
    claim = found[-1]
    report = gettext("rapport %(report)s", report=claim.report) if claim.report else ""
    return ", ".join(str(part) for part in (claim.value, day(claim.known_on) if claim.known_on else "", report) if part)


def _composition(layer: Layer) -> Composition:
    parts = list(_shares(layer))
    starts = accumulate((share for _, _, _, share in parts), initial=Decimal(0))
    return Composition(
        title=str(gettext(_CONSISTS[layer.kind])),
        mass=_tonnes(layer.mass_t),
        parts=[
            Part(manner, name, url, _percent(share), _tonnes(layer.mass_t * share / 100), start, share)
            for (manner, name, url, share), start in zip(parts, starts, strict=False)
        ],
    )


def _shares(layer: Layer) -> Iterator[tuple[str, str, str | None, Decimal]]:
    """Return what a layer consists of, to a whole of 100 percent: its sources, what is new, and the bitumen."""
    for source in layer.sources:
        yield "source", source.name, _url(source.code), source.percent
    rest = 100 - sum((source.percent for source in layer.sources), Decimal(0))
    bitumen = min(layer.bitumen_percent or Decimal(0), rest)
    if rest > bitumen:
        new = gettext("Nieuw steenslag, zand en vulstof") if bitumen else gettext("Nieuw materiaal")
        yield "new", str(new), None, rest - bitumen
    if bitumen:
        yield "bitumen", " ".join((str(gettext("Bitumen")), layer.bitumen)).strip(), None, bitumen


def _environment(section: Section, claims: Sequence[Claim]) -> Environment | None:
    """Return the MKI of the uppermost layer that has one, and that of all layers that are stated on the same basis."""
    known = [(layer, layer.mki) for layer in section.layers if layer.mki]
    if not known:
        return None
    first, mki = known[0]
    same = [(layer, one) for layer, one in known if _basis(one) == _basis(mki)]
    whole = sum((layer.mass_t * one.eur for layer, one in same), Decimal(0))
    return Environment(
        basis=str(gettext("set %(set)s, modules %(modules)s", set=mki.set.value, modules=modules_text(mki.modules))),
        per_tonne_label=f"{_mki_label(mki)}, {str(gettext(LAYERS[first.kind])).lower()}",
        per_tonne=money(mki.eur),
        all_new=next((claim.value for claim in reversed(claims) if claim.key == f"mki_new_{first.kind.value}"), ""),
        whole=_whole_euros(whole) if mki.unit == "t" else "",
        known=_counted(len(same), len(known) - len(same), len(section.layers) - len(known)),
    )


def _counted(same: int, other: int, unknown: int) -> str:
    """Return of how many layers the MKI was added, and why that of the others was not."""
    parts = [ngettext("over %(num)s laag", "over %(num)s lagen", same)]
    if other:
        parts.append(
            ngettext("%(num)s met een andere set telt niet mee", "%(num)s met een andere set tellen niet mee", other)
        )
    if unknown:
        parts.append(ngettext("van %(num)s onbekend", "van %(num)s onbekend", unknown))
    return ", ".join(str(part) for part in parts)


def _basis(mki: Mki) -> tuple[object, ...]:
    return mki.set, mki.modules, mki.unit


def modules_text(modules: Sequence[str]) -> str:
    """Return modules as they are written: A1, A2, A3, C, D is 'A1–A3, C, D'."""
    text = ", ".join(modules)
    return text.replace("A1, A2, A3, A4, A5", "A1–A5").replace("A1, A2, A3", "A1–A3")
