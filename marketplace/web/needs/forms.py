"""The form in which a project says what it looks for, and what it states as facts."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.quantities import LARGEST, Quantity, Unit
from marketplace.materials.dimensions import Slot
from marketplace.materials.profiles import Profile
from marketplace.materials.vocabulary import Category, find_category, get_category, groups
from marketplace.projects.facts import NeedFacts, Window, mistakes_in_need
from marketplace.projects.models import Grade, Need, Project
from marketplace.projects.sections import section_in, sizes_of
from marketplace.web.errors import add_to_form
from marketplace.web.fields import (
    CategoryField,
    DayField,
    MillimetreField,
    MoneyField,
    OptionalIntField,
    QuantityField,
)
from marketplace.web.filters import language, unit_label

_SAME: Final = (
    "title",
    "quantity",
    "length_min",
    "length_max",
    "width_min",
    "width_max",
    "height_min",
    "height_max",
    "wanted_from",
    "wanted_until",
    "max_km",
    "accepts_untested",
    "new_eur",
    "max_price",
    "min_batch",
    "note",
    "substitutes",
)


class NeedForm(FlaskForm):
    """Everything about a need; what may be left open restricts nothing."""

    title = StringField(
        _l("Titel"), validators=[InputRequired(_l("Vul in hoe u deze behoefte noemt.")), Length(max=120)]
    )
    category = CategoryField(_l("Wat zoekt u?"))
    substitutes = SelectMultipleField(_l("Dit is ook goed"), validate_choice=False)
    quantity = QuantityField(_l("Hoeveel"), validators=[InputRequired(_l("Vul in hoeveel u nodig hebt."))])
    unit = SelectField(_l("Eenheid"), validate_choice=False)
    length_min = MillimetreField(_l("Kleinste lengte"))
    length_max = MillimetreField(_l("Grootste lengte"))
    width_min = MillimetreField(_l("Kleinste breedte"))
    width_max = MillimetreField(_l("Grootste breedte"))
    height_min = MillimetreField(_l("Kleinste hoogte"))
    height_max = MillimetreField(_l("Grootste hoogte"))
    wanted_from = DayField(_l("Nodig vanaf"), validators=[InputRequired(_l("Vul de eerste dag in."))])
    wanted_until = DayField(_l("Uiterlijk op"), validators=[InputRequired(_l("Vul de laatste dag in."))])
    max_km = OptionalIntField(
        _l("Hoogstens zo ver"), least=1, most=1000, default=50, validators=[InputRequired(_l("Vul een afstand in."))]
    )
    grade = RadioField(_l("Minste kwaliteit"), default=Grade.C.value, validators=[InputRequired()])
    accepts_untested = BooleanField(_l("Ook als gevaarlijke stoffen nog niet zijn onderzocht"))
    new_eur = MoneyField(
        _l("Prijs van nieuw, per eenheid"),
        validators=[InputRequired(_l("Vul in wat nieuw kost. Een schatting is goed."))],
    )
    max_price = MoneyField(_l("Uw grens per eenheid"))
    min_batch = QuantityField(_l("Kleinste levering"))
    note = TextAreaField(_l("Toelichting"), validators=[Length(max=2000)])

    def adapt(self) -> None:
        """Name sizes and units as people do for the chosen kind, and offer the kinds beside it as substitutes."""
        category: Category | None = self.category.data
        self.grade.choices = [(grade.value, _grade_name(grade)) for grade in Grade]
        for slot in Slot:
            name = self.slot_name(slot)
            self[f"{slot.value}_min"].label.text = gettext("%(size)s van", size=name)
            self[f"{slot.value}_max"].label.text = gettext("%(size)s tot", size=name)
        units = category.units if category else tuple(Unit)
        self.unit.choices = [(unit.value, unit_label(unit)) for unit in units]
        if category and self.unit.data not in {unit.value for unit in units}:
            self.unit.data = category.unit.value
        self.substitutes.choices = _beside(category, self.substitutes.data or [])
        if (section := self._section()) and not self._says_section_sizes():
            for slot, (size, _) in sizes_of(section).items():
                self[f"{slot.value}_min"].process(None, data=size)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Say all that is wrong at once: of each field by itself, and of what the fields say together."""
        each_is_sound = super().validate(extra_validators)
        mistakes = [error for error in self._mistakes() if not self[error.field or "title"].errors]
        for error in mistakes:
            add_to_form(self, error)
        return each_is_sound and not mistakes

    def _mistakes(self) -> list[InvalidInputError]:
        category: Category | None = self.category.data
        stated = {name: self[name].data for name in _SAME if name != "quantity"}
        stated |= {slot.value: _window(self, slot) for slot in Slot}
        found = []
        if self.quantity.data is not None and self.unit.data in set(Unit):
            try:
                stated["quantity"] = _quantity(self.quantity.data, Unit(self.unit.data))
            except InvalidInputError as error:
                found.append(error)
        if category is not None and not self._says_section_sizes():
            try:
                section_in(self.category.text, category)
            except InvalidInputError as error:
                found.append(InvalidInputError(error.message, field="width_min", **error.params))
        return [*found, *mistakes_in_need(stated | {"category": category.id if category else None})]

    def _section(self) -> Profile | None:
        """Return the steel section that was typed as the kind, 'HEA 200', where there is such a one."""
        try:
            return section_in(self.category.text, self.category.data) if self.category.data else None
        except InvalidInputError:
            return None

    def _says_section_sizes(self) -> bool:
        ends = (f"{slot.value}_{end}" for slot in (Slot.WIDTH, Slot.HEIGHT) for end in ("min", "max"))
        return any(self[name]._value() for name in ends)

    def slot_name(self, slot: Slot) -> str:
        """Return what a size of the chosen kind is called, with a capital."""
        category: Category | None = self.category.data
        rule = category.dimension(slot) if category else None
        names = {Slot.LENGTH: gettext("lengte"), Slot.WIDTH: gettext("breedte"), Slot.HEIGHT: gettext("hoogte")}
        return str(rule.name.label(language()) if rule else names[slot]).capitalize()

    def slots(self) -> list[Slot]:
        """Return the sizes that the chosen kind has; all of them while no kind is chosen."""
        category: Category | None = self.category.data
        return [rule.slot for rule in category.dimensions] if category and category.dimensions else list(Slot)


def values_for(project: Project) -> dict[str, Any]:
    """Return what an empty form begins with: the time in which the project works."""
    return {"wanted_from": project.starts_on, "wanted_until": project.ends_on}


def values_of(need: Need) -> dict[str, Any]:
    """Return a need as the form shows it, to be changed."""
    same = {name: getattr(need, name) for name in _SAME}
    return {**same, "category": get_category(need.category), "unit": need.unit.value, "grade": need.grade.value}


def proposed_in(values: Mapping[str, str]) -> dict[str, Any]:
    """Return what a link to the form fills in for review, as `fields_of` a mend writes it; what is no value is left."""
    found: dict[str, Any] = {}
    for name, read in _PROPOSED.items():
        with suppress(ValueError, ArithmeticError):
            if name in values:
                found[name] = read(values[name])
    return found


def _whole(text: str) -> int | None:
    return int(text) if text else None


_PROPOSED: Final[dict[str, Callable[[str], object]]] = {
    "length_min": _whole,
    "length_max": _whole,
    "width_min": _whole,
    "width_max": _whole,
    "height_min": _whole,
    "height_max": _whole,
    "wanted_from": date.fromisoformat,
    "wanted_until": date.fromisoformat,
    "max_km": int,
    "grade": lambda text: Grade(text).value,
    "max_price": lambda text: _finite(Decimal(text)),
    "quantity": lambda text: _finite(Decimal(text)),
    "min_batch": lambda text: _finite(Decimal(text)),
}


def _finite(value: Decimal) -> Decimal:
    if not 0 <= value <= LARGEST:
        raise ValueError(value)
    return value


def facts_of(form: NeedForm) -> NeedFacts:
    """Return what the form states. Raises InvalidInputError for half a door."""
    category = form.category.data
    if category is None:
        raise InvalidInputError(N_("Vul in wat het is."), field="category")
    quantity = _quantity(form.quantity.data, Unit(form.unit.data or category.unit))
    return NeedFacts(
        title=form.title.data or "",
        category=category.id,
        quantity=quantity,
        wanted_from=form.wanted_from.data,
        wanted_until=form.wanted_until.data,
        new_eur=form.new_eur.data,
        substitutes=tuple(form.substitutes.data or ()),
        length=_window(form, Slot.LENGTH),
        width=_window(form, Slot.WIDTH),
        height=_window(form, Slot.HEIGHT),
        max_km=form.max_km.data,
        grade=Grade(form.grade.data),
        accepts_untested=bool(form.accepts_untested.data),
        max_price=form.max_price.data,
        min_batch=form.min_batch.data or min(Decimal(1), quantity.value),
        note=form.note.data or "",
    )


def _quantity(value: Decimal, unit: Unit) -> Quantity:
    try:
        return Quantity(value, unit)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field="quantity", **error.params) from error


def _window(form: NeedForm, slot: Slot) -> Window | None:
    window = (form[f"{slot.value}_min"].data, form[f"{slot.value}_max"].data)
    return None if window == (None, None) else window


def _grade_name(grade: Grade) -> str:
    if grade is Grade.A:
        return str(gettext("alleen A"))
    if grade is Grade.D:
        return str(gettext("D, elke kwaliteit"))
    return str(gettext("%(grade)s of beter", grade=grade.value))


def _beside(category: Category | None, chosen: list[str]) -> list[tuple[str, str]]:
    """Return the kinds on the same shelf, and whatever was chosen before."""
    if category is None:
        return []
    shelf = next(group for group in groups() if group.id == category.group)
    others = [each for each in (find_category(each) for each in chosen) if each and each.group != category.group]
    return [(each.id, each.name(language())) for each in (*shelf.categories, *others) if each.id != category.id]
