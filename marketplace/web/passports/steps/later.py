"""What comes after, and who had to do with it."""

from dataclasses import replace
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, RadioField, SelectField

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.passports.details import Later, Party, PartyRole, Scenario
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.fields import OptionalIntField
from marketplace.web.passports.steps.step import Line, StepForm, changed, named, plain, text

SCENARIO_NAMES: Final = {
    Scenario.REUSE: N_("Opnieuw gebruiken zoals het is"),
    Scenario.REMANUFACTURE: N_("Opknappen of omwerken"),
    Scenario.RECYCLE: N_("Nieuw materiaal van maken"),
    Scenario.ENERGY: N_("Verbranden met terugwinning van warmte"),
    Scenario.LANDFILL: N_("Storten"),
}
ROLE_NAMES: Final = {
    PartyRole.SELLER: N_("verkoper"),
    PartyRole.REMOVER: N_("haalde het eruit"),
    PartyRole.INSPECTOR: N_("inspecteerde"),
    PartyRole.CERTIFIER: N_("certificeerde"),
}

_STRATEGIES: Final = [("", "–"), *((f"R{step}", f"R{step}") for step in range(10))]


class PartyLine(Line):
    """One organisation with its role."""

    role = SelectField(_l("Rol"), choices=lambda: named(ROLE_NAMES))
    name = text(_l("Organisatie"))
    kvk = text(_l("KvK-nummer"), 8)


class LaterForm(StepForm):
    """End of life, and the organisations that had to do with it."""

    scenario = RadioField(_l("Wat gebeurt ermee na het volgende gebruik?"), choices=lambda: named(SCENARIO_NAMES))
    remaining_years = OptionalIntField(_l("Gaat nog mee"), least=0, most=500)
    strategy = SelectField(_l("R-strategie"), choices=lambda: _STRATEGIES)
    parties = FieldList(FormField(PartyLine))

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return the scenario and the organisations."""
        later = passport.details.later
        return {
            "scenario": later.scenario.value if later else None,
            "remaining_years": later.remaining_years if later else None,
            "strategy": later.strategy if later else "",
            "parties": [
                {"role": party.role.value, "name": party.name, "kvk": party.kvk} for party in passport.details.parties
            ],
        }

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with this scenario and these organisations."""
        later = Later(Scenario(self.scenario.data), self.remaining_years.data, self.strategy.data or "")
        parties = tuple(_party(line.form, line.name) for line in self.parties)
        return replace(facts, details=changed(facts, later=later, parties=parties))


def _party(line: PartyLine, name: str) -> Party:
    organisation, kvk = plain(line.name.data), plain(line.kvk.data)
    if not organisation:
        raise InvalidInputError(
            N_("Vul de naam van de organisatie in; een persoon hoort hier niet."), field=f"{name}-name"
        )
    if kvk and not (kvk.isascii() and kvk.isdecimal() and len(kvk) == 8):
        raise InvalidInputError(N_("Een KvK-nummer heeft acht cijfers."), field=f"{name}-kvk")
    return Party(PartyRole(line.role.data), organisation, kvk)
