"""What it is made of: each material with its share of the mass, and where that material came from."""

from dataclasses import replace
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField

from marketplace.passports.details import Component
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.passports.steps.step import Line, PercentField, StepForm, changed, plain, text

ORIGINS = ("primary", "reused", "recycled", "biobased")
_HUNDRED = Decimal(100)


class ComponentLine(Line):
    """One material."""

    material = text(_l("Materiaal"), 80)
    fraction = PercentField(_l("Aandeel"))
    primary = PercentField(_l("Primair"))
    reused = PercentField(_l("Opnieuw gebruikt"))
    recycled = PercentField(_l("Gerecycled"))
    biobased = PercentField(_l("Biobased"))
    country = text(_l("Land"), 2)


class CompositionForm(StepForm):
    """The materials, in lines."""

    composition = FieldList(FormField(ComponentLine))

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return the materials with their shares in percent, and a line to begin with where there are none."""
        return {"composition": [_values_of(component) for component in passport.details.composition] or [{}]}

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with these materials; a line that says nothing of origins is all reused."""
        components = tuple(_component(line.form) for line in self.composition)
        return replace(facts, details=changed(facts, composition=components))


def _values_of(component: Component) -> dict[str, object]:
    shares = {name: getattr(component, name) * _HUNDRED or None for name in ORIGINS}
    fraction = component.fraction * _HUNDRED
    return {"material": component.material, "fraction": fraction, "country": component.country, **shares}


def _component(line: ComponentLine) -> Component:
    shares = {name: _fraction(line[name].data) for name in ORIGINS}
    if all(line[name].data is None for name in ORIGINS):
        shares["reused"] = Decimal(1)
    return Component(
        plain(line.material.data), _fraction(line.fraction.data), country=plain(line.country.data).upper(), **shares
    )


def _fraction(percent: Decimal | None) -> Decimal:
    return (percent or Decimal(0)) / _HUNDRED
