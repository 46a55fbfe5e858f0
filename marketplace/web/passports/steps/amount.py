"""What it is and how much, with how each figure is known."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings import queries as listings
from marketplace.materials.dimensions import Slot
from marketplace.materials.vocabulary import get_category
from marketplace.passports import actions
from marketplace.passports.ancestry import family_of, losses_of
from marketplace.passports.details import FigureKey, FigureNote, HowKnown
from marketplace.passports.facts import PassportFacts
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Passport
from marketplace.web.fields import DecimalField, MillimetreField, PhotosField, QuantityField
from marketplace.web.filters import language, unit_label
from marketplace.web.passports.steps.step import Line, StepForm, changed, named, plain, text

GRANULARITY_NAMES: Final = {
    Granularity.ITEM: N_("Eén ding"),
    Granularity.BATCH: N_("Een partij"),
    Granularity.WORK: N_("Een werk: een weg of een gebouw"),
}
KNOWN_NAMES: Final = {
    HowKnown.MEASURED: N_("gemeten of gewogen"),
    HowKnown.DRAWING: N_("van tekening"),
    HowKnown.SUPPLIER: N_("volgens opgave"),
    HowKnown.ESTIMATED: N_("geschat"),
}
_FIGURE_NAMES: Final = {
    FigureKey.QUANTITY: N_("Hoeveelheid"),
    FigureKey.MASS: N_("Gewicht"),
    FigureKey.LENGTH: N_("Lengte"),
    FigureKey.WIDTH: N_("Breedte"),
    FigureKey.HEIGHT: N_("Hoogte of dikte"),
    FigureKey.AREA: N_("Oppervlakte"),
    FigureKey.VOLUME: N_("Inhoud"),
}
_UNITS: Final = {FigureKey.MASS: "kg", FigureKey.AREA: "m²", FigureKey.VOLUME: "m³"}
STATED_HERE: Final = (FigureKey.AREA, FigureKey.VOLUME)


class MarginField(DecimalField):
    """Read a margin: nothing or more."""

    def read(self, text: str) -> Decimal:
        number = super().read(text)
        if number < 0:
            raise ValueError(gettext("Een marge is nul of meer."))
        return number


class FigureLine(Line):
    """How one figure is known; area and volume also have their value here."""

    stays = True
    title = ""
    sign = ""
    is_stated_here = False

    key = HiddenField()
    value = QuantityField(_l("Waarde"))
    tolerance = MarginField(_l("Marge (±)"))
    known = SelectField(_l("Hoe bekend"), choices=lambda: named(KNOWN_NAMES, none=N_("niet gezegd")))


class AmountForm(StepForm):
    """The first step: name, amount, sizes and mass."""

    name = text(_l("Titel"))
    description = TextAreaField(_l("Toelichting"), validators=[Length(max=2000)])
    granularity = RadioField(_l("Dit paspoort gaat over"), choices=lambda: named(GRANULARITY_NAMES))
    quantity = QuantityField(_l("Hoeveel"), validators=[InputRequired(_l("Vul in hoeveel het is."))])
    unit = SelectField(_l("Eenheid"))
    kg_per_unit = QuantityField(_l("Gewicht per eenheid"))
    length_mm = MillimetreField(_l("Lengte"))
    width_mm = MillimetreField(_l("Breedte"))
    height_mm = MillimetreField(_l("Hoogte"))
    figures = FieldList(FormField(FigureLine))
    photos = PhotosField(_l("Foto's"))

    is_on_offer = False
    is_counted = False
    """Whether the amount follows from an offer, or from what was split off, put together or lost."""

    def prepare(self, passport: Passport) -> None:
        """Name sizes and units as people do for this kind; what is counted elsewhere keeps its amount."""
        category = get_category(passport.category)
        for slot in Slot:
            if rule := category.dimension(slot):
                self[f"{slot.value}_mm"].label.text = rule.name.label(language()).capitalize()
        units = dict.fromkeys((passport.unit, *category.units))
        self.unit.choices = [(unit.value, unit_label(unit)) for unit in units]
        self.is_on_offer = bool(listings.of_passport(passport.id))
        self.is_counted = self.is_on_offer or bool(family_of(passport).links or losses_of(passport.id))
        if self.is_counted:
            self.quantity.data, self.quantity.raw_data, self.quantity.validators = passport.quantity, None, ()
            self.quantity.errors, self.quantity.process_errors = [], []
            self.unit.data = passport.unit.value
        for line in self.figures:
            key = FigureKey(line.form.key.data) if line.form.key.data in set(FigureKey) else FigureKey.QUANTITY
            line.form.title = gettext(_FIGURE_NAMES[key])
            line.form.sign = _UNITS.get(key, unit_label(passport.unit) if key is FigureKey.QUANTITY else "mm")
            line.form.is_stated_here = key in STATED_HERE

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return what it is, and every figure with how it is known."""
        columns = ("name", "description", "quantity", "length_mm", "width_mm", "height_mm")
        notes = [passport.details.figure(key) or FigureNote(key) for key in FigureKey]
        known = {note.key for note in passport.details.figures}
        return {name: getattr(passport, name) for name in columns} | {
            "granularity": passport.granularity.value,
            "unit": passport.unit.value,
            "kg_per_unit": None if passport.mass_is_estimate else passport.kg_per_unit,
            "figures": [
                {
                    "key": note.key.value,
                    "value": note.value,
                    "tolerance": note.tolerance,
                    "known": note.known.value if note.key in known else "",
                }
                for note in notes
            ],
        }

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with this amount, these sizes and how they are known."""
        unit = Unit(self.unit.data or facts.quantity.unit)
        return replace(
            facts,
            name=plain(self.name.data),
            description=self.description.data or "",
            granularity=Granularity(self.granularity.data) if self.granularity.data else None,
            quantity=self._quantity(unit),
            kg_per_unit=self.kg_per_unit.data,
            length_mm=self.length_mm.data,
            width_mm=self.width_mm.data,
            height_mm=self.height_mm.data,
            details=changed(facts, figures=self._figures()),
        )

    def _quantity(self, unit: Unit) -> Quantity:
        try:
            return Quantity(self.quantity.data, unit)
        except InvalidInputError as error:
            raise InvalidInputError(error.message, field="quantity", **error.params) from error

    def _figures(self) -> tuple[FigureNote, ...]:
        notes = [_note_of(line.form) for line in self.figures]
        return tuple({note.key: note for note in notes if note}.values())

    def save(self, passport: Passport, *, uploads: Path, by: By) -> None:
        """Record what it is and how much, and add the photos."""
        super().save(passport, uploads=uploads, by=by)
        for content in self.photos.contents():
            actions.add_photo(passport, content, uploads=uploads, by=by)


def _note_of(line: FigureLine) -> FigureNote | None:
    """Return what a line says of a figure, or None where it says nothing. An area without its value is nothing."""
    key = line.key.data
    if key not in set(FigureKey) or (key in set(STATED_HERE) and line.value.data is None):
        return None
    if not line.known.data and line.tolerance.data is None and line.value.data is None:
        return None
    value = line.value.data if key in set(STATED_HERE) else None
    return FigureNote(FigureKey(key), HowKnown(line.known.data or HowKnown.ESTIMATED), line.tolerance.data, value)
