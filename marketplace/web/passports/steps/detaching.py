"""How well it comes out undamaged, and how that is done."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.passports.details import Detachability
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.fields import DecimalField
from marketplace.web.passports.steps.step import StepForm, changed

FACTORS: Final = ("connection", "accessibility", "crossings", "edge")


class DetachingForm(StepForm):
    """The four factors of detachability, and instructions."""

    connection = DecimalField(_l("Type verbinding"))
    accessibility = DecimalField(_l("Toegankelijkheid"))
    crossings = DecimalField(_l("Doorkruisingen"))
    edge = DecimalField(_l("Randopsluiting"))
    dismantling = TextAreaField(_l("Hoe gaat het eruit?"), validators=[Length(max=2000)])
    hoisting = TextAreaField(_l("Hoe wordt het gehesen?"), validators=[Length(max=2000)])

    def prepare(self, passport: Passport) -> None:
        """Keep the index as it is stored, to be shown."""
        factors = passport.details.detachability
        self.index = factors.index if factors else None

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return the factors and the instructions."""
        details = passport.details
        factors = {name: getattr(details.detachability, name, None) for name in FACTORS}
        return {**factors, "dismantling": details.dismantling, "hoisting": details.hoisting}

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with these factors and instructions."""
        return replace(
            facts,
            details=changed(
                facts,
                detachability=self._factors(),
                dismantling=(self.dismantling.data or "").strip(),
                hoisting=(self.hoisting.data or "").strip(),
            ),
        )

    def _factors(self) -> Detachability | None:
        values: dict[str, Decimal | None] = {name: self[name].data for name in FACTORS}
        if all(value is None for value in values.values()):
            return None
        missing = next((name for name, value in values.items() if value is None), None)
        if missing:
            raise InvalidInputError(N_("Vul alle vier de factoren in, of geen."), field=missing)
        return Detachability(**{name: value for name, value in values.items() if value is not None})
