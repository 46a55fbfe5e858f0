"""What the steps of the guided form have in common: each shows a group of fields, and states them anew."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.validators import Length

from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.passports import actions
from marketplace.passports.details import Details
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.fields import DecimalField
from marketplace.web.filters import unit_label

LONGEST: Final = 120


class StepForm(FlaskForm):
    """A group of fields of a passport, saved by itself."""

    def prepare(self, passport: Passport) -> None:
        """Offer the choices that suit this passport."""

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return what the passport states, as the fields show it."""
        raise NotImplementedError

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with what the form states. Raises InvalidInputError."""
        raise NotImplementedError

    def save(self, passport: Passport, *, uploads: Path, by: By) -> None:  # noqa: ARG002 (for steps with documents)
        """Record what the form states. Raises InvalidInputError, for the field it concerns."""
        actions.change(passport, self.stated(facts_of(passport)), by)


class Line(Form):
    """One line of a list in a form. A line in which nothing was typed is none."""

    stays = False
    """Whether it is there whatever was typed in it."""

    line = HiddenField(default="1")
    """Says that the line is there, whatever stands in it."""


class PercentField(DecimalField):
    """Read a share in percent; the value is a percentage, not a fraction."""

    decimals = 4


def text(label: str, most: int = LONGEST, **more: Any) -> StringField:  # noqa: ANN401 (passed on to wtforms)
    """Return a field for one line of text."""
    return StringField(label, validators=[Length(max=most)], **more)


def unit_field(label: str) -> SelectField:
    """Return a choice of units, named in the language of the page when the form is made."""
    return SelectField(label, choices=lambda: [(unit.value, unit_label(unit)) for unit in Unit])


def named(names: Mapping[Any, str], *, none: str | None = None) -> list[tuple[str, str]]:
    """Return the choices of an enumeration in the words of the page, after one for none of them."""
    first = [] if none is None else [("", str(gettext(none)) if none else "")]
    return first + [(str(value), str(gettext(name))) for value, name in names.items()]


def plain(value: str | None) -> str:
    """Return what was typed in one line, without the spaces around and doubled in it."""
    return " ".join((value or "").split())


def facts_of(passport: Passport) -> PassportFacts:
    """Return what the passport states now, to be changed in part."""
    return PassportFacts(
        category=passport.category,
        name=passport.name,
        quantity=Quantity(passport.quantity, passport.unit),
        description=passport.description,
        kg_per_unit=None if passport.mass_is_estimate else passport.kg_per_unit,
        length_mm=passport.length_mm,
        width_mm=passport.width_mm,
        height_mm=passport.height_mm,
        building_year=passport.building_year,
        origin=passport.origin,
        origin_project_id=passport.origin_project_id,
        granularity=passport.granularity,
        details=passport.details,
    )


def changed(facts: PassportFacts, **parts: object) -> Details:
    """Return the details of the facts with some of their parts replaced."""
    return msgspec.structs.replace(facts.details or Details(), **parts)
