"""Where it came out of: the building or road, and the place in it."""

from dataclasses import replace
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from marketplace.passports.details import Donor
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.fields import OptionalIntField
from marketplace.web.passports.steps.step import StepForm, changed, plain, text

_OF_DONOR: Final = ("address", "road", "bag_id", "client", "floor", "axis", "layer")


class OriginForm(StepForm):
    """The donor, or that nobody knows it."""

    origin = text(_l("Gebouw of weg"), 160)
    building_year = OptionalIntField(_l("Bouwjaar"), least=1000, most=2100)
    address = text(_l("Adres"), 160)
    road = text(_l("Weg en hectometers"), 80)
    bag_id = text(_l("BAG-nummer"), 16)
    client = text(_l("Opdrachtgever"))
    floor = text(_l("Verdieping"), 40)
    axis = text(_l("As of ruimte"), 40)
    layer = text(_l("Laag"), 40)
    unknown = BooleanField(_l("Niemand weet waar het vandaan komt"))

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return what is known of the donor."""
        donor = passport.details.donor
        return {name: getattr(donor, name) for name in (*_OF_DONOR, "unknown")} | {
            "origin": passport.origin,
            "building_year": passport.building_year,
        }

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with this donor."""
        donor = Donor(unknown=self.unknown.data, **{name: plain(self[name].data) for name in _OF_DONOR})
        return replace(
            facts,
            origin=plain(self.origin.data),
            building_year=self.building_year.data,
            details=changed(facts, donor=donor),
        )
