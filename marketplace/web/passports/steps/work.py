"""What a work consists of: sections of a road with their layers from the top down, or elements of a building."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from marketplace.kit.quantities import Unit
from marketplace.materials.vocabulary import categories
from marketplace.passports.details import Element, Layer, LayerKind, MkiSet, Reclaimed, Section, Work
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.fields import DayField, DecimalField, MillimetreField, OptionalIntField
from marketplace.web.filters import language
from marketplace.web.passports.steps.environment import mki_of, mki_values
from marketplace.web.passports.steps.step import Line, PercentField, StepForm, changed, named, plain, text, unit_field
from marketplace.web.passports.words import LAYERS

_NOTHING: Final = Decimal(0)
_OF_LAYER: Final = ("standard", "bitumen", "polymer", "rejuvenator", "plant", "report", "pak10_report")
_OF_SECTION: Final = ("road", "side", "lane")


def _id_field() -> HiddenField:
    return HiddenField(validators=[Length(max=19)])


class SourceLine(Line):
    """A source of reclaimed material."""

    name = text(_l("Uit"), 120)
    percent = PercentField(_l("Deel van de laag"))
    code = text(_l("Code van het paspoort"), 24)


class LayerLine(Line):
    """One layer."""

    id = _id_field()
    kind = SelectField(_l("Laag"), choices=lambda: named(LAYERS))
    mix = StringField(
        _l("Mengsel"), validators=[DataRequired(_l("Vul het mengsel in, zoals SMA-NL 11 of zand.")), Length(max=60)]
    )
    thickness_mm = MillimetreField(_l("Dikte"))
    area_m2 = DecimalField(_l("Oppervlakte"))
    mass_t = DecimalField(_l("Massa"))
    laid_on = DayField(_l("Gelegd op"))
    laid_year = OptionalIntField(_l("Of in het jaar"), least=1000, most=2100)
    bitumen = text(_l("Bitumen"), 40)
    bitumen_percent = PercentField(_l("Bitumengehalte"))
    polymer = text(_l("Polymeer"), 40)
    rejuvenator = text(_l("Verjongingsmiddel"), 60)
    reclaimed_percent = PercentField(_l("Hergebruikt asfalt"))
    sources = FieldList(FormField(SourceLine))
    plant = text(_l("Centrale"))
    standard = text(_l("Norm"), 40)
    report = text(_l("Typeonderzoek of DoP"), 80)
    pak10 = DecimalField(_l("PAK10"))
    pak10_report = text(_l("Laboratoriumrapport"), 80)
    mki_eur = DecimalField(_l("MKI per ton"))
    mki_set = SelectField(_l("Set"), choices=lambda: [(one.value, one.value) for one in MkiSet])
    mki_modules = text(_l("Modules"), 60)
    mki_source = text(_l("Bron"))
    mki_nmd_category = OptionalIntField(_l("NMD-categorie"), least=1, most=3)


class SectionLine(Line):
    """One stretch of a road with its layers."""

    id = _id_field()
    road = text(_l("Weg"), 20)
    side = text(_l("Zijde"), 20)
    lane = text(_l("Rijstrook"), 40)
    from_hm = DecimalField(_l("Van hectometer"))
    to_hm = DecimalField(_l("Tot hectometer"))
    width_m = DecimalField(_l("Breedte"))
    layers = FieldList(FormField(LayerLine))


class ElementLine(Line):
    """One kind of element of a building."""

    id = _id_field()
    category = SelectField(_l("Soort"), choices=lambda: [(one.id, one.name(language())) for one in categories()])
    name = StringField(_l("Naam"), validators=[DataRequired(_l("Vul in wat het is.")), Length(max=120)])
    quantity = DecimalField(_l("Hoeveel"))
    unit = unit_field(_l("Eenheid"))
    mass_kg = DecimalField(_l("Massa samen"))
    place = text(_l("Plaats in het gebouw"), 80)


class WorkForm(StepForm):
    """The sections of a road, and the elements of a building."""

    sections = FieldList(FormField(SectionLine))
    elements = FieldList(FormField(ElementLine))

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return what the work consists of."""
        work = passport.details.work or Work()
        return {
            "sections": [_section_values(section) for section in work.sections],
            "elements": [_as_values(element) for element in work.elements],
        }

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with these parts; what has no number yet gets the next one."""
        before = (facts.details and facts.details.work) or Work()
        ids = _numbers(self.sections, (section.id for section in before.sections))
        sections = tuple(_section(line.form, name) for line, name in zip(self.sections, ids, strict=True))
        names = _numbers(self.elements, (element.id for element in before.elements))
        elements = tuple(_element(line.form, name) for line, name in zip(self.elements, names, strict=True))
        work = Work(sections, elements) if sections or elements else None
        return replace(facts, details=changed(facts, work=work))


def _numbers(lines: Iterable[Any], used: Iterable[str]) -> list[str]:
    """Return the id of each line; new ones count on from the highest number that was ever given out here."""
    ids = [plain(line.form.id.data) for line in lines]
    highest = max((int(name) for name in {*ids, *used} if name.isascii() and name.isdecimal()), default=0)
    fresh = iter(range(highest + 1, highest + len(ids) + 1))
    return [name or str(next(fresh)) for name in ids]


def _as_values(part: Section | Layer | Element | Reclaimed) -> dict[str, object]:
    return {name: getattr(part, name) for name in part.__struct_fields__}


def _section_values(section: Section) -> dict[str, object]:
    return _as_values(section) | {"layers": [_layer_values(layer) for layer in section.layers]}


def _layer_values(layer: Layer) -> dict[str, object]:
    sources = [_as_values(source) for source in layer.sources]
    shares = {"reclaimed_percent": layer.reclaimed_percent or None, "sources": sources}
    return _as_values(layer) | shares | {"mki_set": MkiSet.A2.value} | mki_values(layer.mki)


def _section(line: Any, section_id: str) -> Section:  # noqa: ANN401 (a SectionLine, of which wtforms knows only the base)
    ids = _numbers(line.layers, ())
    pairs = zip(line.layers, ids, strict=True)
    return Section(
        section_id,
        line.from_hm.data if line.from_hm.data is not None else _NOTHING,
        line.to_hm.data or _NOTHING,
        width_m=line.width_m.data,
        layers=tuple(_layer(entry.form, entry.name, layer_id) for entry, layer_id in pairs),
        **{field: plain(line[field].data) for field in _OF_SECTION},
    )


def _layer(line: Any, name: str, layer_id: str) -> Layer:  # noqa: ANN401 (a LayerLine)
    sources = tuple(
        Reclaimed(plain(entry.form["name"].data), entry.form.percent.data or _NOTHING, plain(entry.form.code.data))
        for entry in line.sources
    )
    return Layer(
        layer_id,
        LayerKind(line.kind.data),
        plain(line.mix.data),
        line.thickness_mm.data or 0,
        line.area_m2.data or _NOTHING,
        line.mass_t.data or _NOTHING,
        laid_on=line.laid_on.data,
        laid_year=line.laid_year.data,
        bitumen_percent=line.bitumen_percent.data,
        reclaimed_percent=line.reclaimed_percent.data or _NOTHING,
        sources=sources,
        pak10=line.pak10.data,
        mki=mki_of(line, Unit.T, f"{name}-mki_eur"),
        **{field: plain(line[field].data) for field in _OF_LAYER},
    )


def _element(line: Any, element_id: str) -> Element:  # noqa: ANN401 (an ElementLine)
    return Element(
        element_id,
        line.category.data,
        plain(line["name"].data),
        line.quantity.data or _NOTHING,
        Unit(line.unit.data),
        line.mass_kg.data or _NOTHING,
        plain(line.place.data),
    )
