"""The small form of each step in the life of a thing, and the button that says what it commits."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.kit import clock
from marketplace.passports.balance import Left
from marketplace.passports.details import Work
from marketplace.passports.models import Passport
from marketplace.projects.models import Project
from marketplace.web.fields import DayField, DecimalField, OptionalIntField, QuantityField
from marketplace.web.filters import quantity

LAYER: Final = "layer_"
"""What the names of the fields of layers begin with; a number follows."""


class SplitForm(FlaskForm):
    """How much of it gets a label of its own, and into how many such parts."""

    quantity = QuantityField(_l("Hoeveel per deel"), validators=[InputRequired(_l("Vul in hoeveel u afsplitst."))])
    parts = OptionalIntField(_l("Aantal delen"), least=1, most=50, default=1)

    @property
    def quantities(self) -> list[Decimal]:
        """Return the amount of each part."""
        return [self.quantity.data] * (self.parts.data or 1)


class MergeForm(FlaskForm):
    """With which others it becomes one."""

    codes = SelectMultipleField(
        _l("Samen met"),
        validators=[InputRequired(_l("Kies waarmee u dit samenvoegt."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, others: Sequence[Passport]) -> None:
        """Let people choose of these."""
        self.codes.choices = [
            (each.code, f"{each.name}, {quantity(each.quantity, each.unit)} ({each.code})") for each in others
        ]


class InstallForm(FlaskForm):
    """How much is built in, where and when."""

    quantity = QuantityField(_l("Hoeveel"), validators=[InputRequired(_l("Vul in hoeveel u inbouwt."))])
    project = SelectField(_l("Project"))
    place = StringField(_l("Gebouw of weg"), validators=[Length(max=160)])
    where = StringField(_l("Plek daarin"), validators=[Length(max=120)])
    into = StringField(_l("Code van het paspoort van dat werk"), validators=[Length(max=200)])
    on = DayField(_l("Ingebouwd op"), validators=[InputRequired(_l("Vul in wanneer."))], default=clock.today)

    def offer(self, projects: Sequence[Project]) -> None:
        """Let people choose one of these projects, or none."""
        self.project.choices = [
            ("", gettext("Geen project van ons")),
            *((str(each.id), each.name) for each in projects),
        ]


class HarvestForm(FlaskForm):
    """What comes out, what breaks on the way, and out of which element of a work."""

    part = SelectField(_l("Onderdeel"), validate_choice=False)
    quantity = QuantityField(_l("Komt er heel uit"), validators=[InputRequired(_l("Vul in hoeveel u oogst."))])
    lost = DecimalField(_l("Gaat stuk"))
    reason = StringField(_l("Wat is er gebeurd"), validators=[Length(max=500)])

    def offer(self, work: Work | None, left: Mapping[str, Left]) -> None:
        """Let people choose one of the elements of which something is left."""
        elements = work.elements if work else ()
        self.part.choices = [
            (each.id, f"{each.name}, {quantity(left[each.id].left, each.unit)}")
            for each in elements
            if left[each.id].left
        ]


class LoseForm(FlaskForm):
    """How much became nothing else, and why."""

    part = SelectField(_l("Onderdeel"), validate_choice=False)
    quantity = QuantityField(_l("Hoeveel"), validators=[InputRequired(_l("Vul in hoeveel er weg is."))])
    reason = StringField(
        _l("Wat is er gebeurd"), validators=[InputRequired(_l("Vul in wat er gebeurd is.")), Length(max=500)]
    )

    def offer(self, left: Mapping[str, Left]) -> None:
        """Let people choose one of the parts of which something is left."""
        self.part.choices = [(each.part, f"{each.part}, {quantity(each.left, each.unit)}") for each in left.values()]


class WithdrawForm(FlaskForm):
    """Why nobody is to rely on it any longer, and that this was meant."""

    reason = TextAreaField(
        _l("Waarom trekt u het in?"),
        validators=[InputRequired(_l("Vul in waarom u dit paspoort intrekt.")), Length(max=500)],
    )
    is_sure = BooleanField(
        _l("Ja, trek dit paspoort voorgoed in"),
        validators=[InputRequired(_l("Vink aan dat u dit paspoort voorgoed intrekt."))],
    )


class MillForm(FlaskForm):
    """How many tonnes came out of each layer; a subclass has a field for each."""

    parts: Mapping[str, str] = {}
    """The layer of each field, by the name of the field."""

    @property
    def tonnes(self) -> dict[str, Decimal]:
        """Return what was filled in, by layer."""
        filled = {part: self._fields[name].data for name, part in self.parts.items()}
        return {part: amount for part, amount in filled.items() if amount is not None}

    def name_of(self, part: str | None) -> str | None:
        """Return the field of a layer."""
        return next((name for name, each in self.parts.items() if each == part), part)


def mill_form(layers: Mapping[str, str], data: Any) -> MillForm:  # noqa: ANN401 (what a form reads)
    """Return the form for these layers: what each is called, by part."""
    parts = {f"{LAYER}{number}": part for number, part in enumerate(layers)}
    fields = {name: QuantityField(layers[part]) for name, part in parts.items()}
    kind = type("MillFormOfWork", (MillForm,), {**fields, "parts": parts})
    form: MillForm = kind(data)
    return form
