"""Its environmental cost and greenhouse gas: each only with what makes the figure mean something."""

import re
from dataclasses import replace
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.passports.details import Gwp, Mki, MkiSet
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.fields import DecimalField, OptionalIntField
from marketplace.web.passports.steps.step import Line, StepForm, changed, plain, text, unit_field

_LIST: Final = re.compile(r"[\s,;+]+")


class GwpLine(Line):
    """Greenhouse gas of one module."""

    module = text(_l("Module"), 4)
    kg = DecimalField(_l("CO2"))
    unit = unit_field(_l("Per"))
    source = text(_l("Bron"))


class EnvironmentForm(StepForm):
    """MKI and greenhouse gas."""

    mki_eur = DecimalField(_l("MKI"))
    mki_set = SelectField(_l("Set"), choices=lambda: [(one.value, one.value) for one in MkiSet])
    mki_modules = text(_l("Modules"), 60)
    mki_unit = unit_field(_l("Per"))
    mki_source = text(_l("Bron"))
    mki_nmd_category = OptionalIntField(_l("NMD-categorie"), least=1, most=3)
    gwp = FieldList(FormField(GwpLine))

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return the figures with what belongs to them."""
        lines = [
            {"module": gwp.module, "kg": gwp.kg, "unit": gwp.unit, "source": gwp.source} for gwp in passport.details.gwp
        ]
        return {"mki_unit": passport.unit.value, "mki_set": MkiSet.A2.value, "gwp": lines} | mki_values(
            passport.details.mki
        )

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with these figures."""
        mki = mki_of(self, Unit(self.mki_unit.data), "mki_eur")
        gwp = tuple(_gwp(line.form, line.name) for line in self.gwp)
        return replace(facts, details=changed(facts, mki=mki, gwp=gwp))


def _gwp(line: GwpLine, name: str) -> Gwp:
    if line.kg.data is None:
        raise InvalidInputError(N_("Vul in hoeveel kg CO2 het is."), field=f"{name}-kg")
    return Gwp(line.kg.data, plain(line.module.data).upper(), Unit(line.unit.data), plain(line.source.data))


def mki_values(mki: Mki | None) -> dict[str, object]:
    """Return an MKI as the fields of a form show it; nothing where there is none."""
    if mki is None:
        return {}
    return {
        "mki_eur": mki.eur,
        "mki_set": mki.set.value,
        "mki_modules": ", ".join(mki.modules),
        "mki_unit": mki.unit.value,
        "mki_source": mki.source,
        "mki_nmd_category": mki.nmd_category,
    }


def mki_of(form: Any, unit: Unit, field: str) -> Mki | None:  # noqa: ANN401 (a step or a line, with the same fields)
    """Return the MKI that a form states, or None where none of it is. Raises InvalidInputError, for `field`."""
    modules = tuple(filter(None, _LIST.split((form.mki_modules.data or "").upper())))
    source, nmd = plain(form.mki_source.data), form.mki_nmd_category.data
    if form.mki_eur.data is None:
        if modules or source or nmd:
            raise InvalidInputError(N_("Vul het bedrag van de MKI in, of maak de rest leeg."), field=field)
        return None
    return Mki(form.mki_eur.data, MkiSet(form.mki_set.data), modules, unit, source, nmd)
