"""The form in which material is offered, and what it states as facts, terms and findings."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.location import Site
from marketplace.kit.places import find_place
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings.models import Listing, ShortHarvest, Stage
from marketplace.listings.offers import Estimate, Offer
from marketplace.materials.dimensions import Slot
from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import Category, get_category
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.projects.models import Grade, Hub, Project
from marketplace.web.evidence import FINDING_NAMES
from marketplace.web.fields import (
    CategoryField,
    DayField,
    DecimalField,
    MillimetreField,
    MoneyField,
    OptionalIntField,
    PhotosField,
    PlaceField,
    QuantityField,
)
from marketplace.web.filters import language, unit_label
from marketplace.web.listings.naming import GRADE_NAMES, SHORT_HARVEST_NAMES, STAGE_NAMES

OWN, AT_PROJECT, ELSEWHERE = "own", "project", "elsewhere"
_HUB: Final = "hub:"


class OfferForm(FlaskForm):
    """Everything about an offer on one page; only what, how much, how good and for how much must be filled in."""

    organisation = SelectField(_l("Namens"), coerce=int, validators=[InputRequired()])
    photos = PhotosField(_l("Foto's"))
    remove_photos = SelectMultipleField(_l("Foto's verwijderen"))
    category = CategoryField(_l("Wat is het?"))
    length_mm = MillimetreField(_l("Lengte"))
    width_mm = MillimetreField(_l("Breedte"))
    height_mm = MillimetreField(_l("Hoogte"))
    quantity = QuantityField(_l("Hoeveel"), validators=[InputRequired(_l("Vul in hoeveel u aanbiedt."))])
    unit = SelectField(_l("Eenheid"))
    grade = RadioField(_l("Staat"), validators=[InputRequired(_l("Kies in welke staat het is."))])
    price_eur = MoneyField(_l("Prijs per eenheid"))
    free = BooleanField(_l("Gratis mee te nemen"))
    stage = RadioField(_l("Waar is het nu?"), default=Stage.IN_STOCK.value, validators=[InputRequired()])
    site = SelectField(_l("Waar ligt het?"), default=OWN, validators=[InputRequired()])
    place = PlaceField(_l("Plaats"))
    address = StringField(_l("Adres"), validators=[Length(max=160)])
    rack = StringField(_l("Vak of stelling"), validators=[Length(max=40)])
    project = SelectField(_l("Komt uit project"), default="")
    available_from = DayField(
        _l("Beschikbaar vanaf"), default=clock.today, validators=[InputRequired(_l("Vul de eerste dag in."))]
    )
    available_until = DayField(_l("Tot en met"))
    crusher_on = DayField(_l("Gaat naar de breker op"))
    short_harvest = RadioField(
        _l("Bij een tegenvallende oogst"), default=ShortHarvest.FIRST_COME.value, validators=[Optional()]
    )
    estimate_low = QuantityField(_l("Schatting, minstens"))
    estimate_high = QuantityField(_l("Schatting, hoogstens"))
    building_year = OptionalIntField(_l("Bouwjaar van het gebouw"), least=1000, most=2100)
    origin = StringField(_l("Gebouw of weg"), validators=[Length(max=160)])
    origin_unknown = BooleanField(_l("Niemand weet waar het uit komt"))
    name = StringField(_l("Titel"), validators=[Length(max=120)])
    description = TextAreaField(_l("Toelichting"), validators=[Length(max=2000)])
    min_take = QuantityField(_l("Kleinste afname"))
    kg_per_unit = DecimalField(_l("Gewicht per eenheid"))
    label = HiddenField(validators=[Length(max=40)])
    """The code of a label that was printed ahead and hangs on what is offered; empty for none."""

    may_lack_price: bool = False
    """Whether it is to be a draft, of which the price may follow later."""

    def set_choices(
        self, organisations: Sequence[Organisation], hubs: Sequence[Hub], projects: Sequence[Project]
    ) -> None:
        """Let people choose for whom they offer, where it lies and where it comes from."""
        self.organisation.choices = [(organisation.id, organisation.name) for organisation in organisations]
        self.grade.choices = [(grade.value, gettext(name)) for grade, name in GRADE_NAMES.items()]
        self.stage.choices = [(stage.value, gettext(name)) for stage, name in STAGE_NAMES.items()]
        self.short_harvest.choices = [(rule.value, gettext(name)) for rule, name in SHORT_HARVEST_NAMES.items()]
        self.site.choices = [
            (OWN, gettext("Op ons eigen adres")),
            *((f"{_HUB}{hub.id}", f"{hub.name}, {hub.place}") for hub in hubs),
            (AT_PROJECT, gettext("Bij het project waar het uit komt")),
            (ELSEWHERE, gettext("Ergens anders")),
        ]
        self.project.choices = [
            ("", gettext("Geen project")),
            *((str(project.id), f"{project.name}, {project.place}") for project in projects),
        ]
        self.adapt()

    def adapt(self) -> None:
        """Name sizes and units as people do for the chosen kind: the first size of a door is its height."""
        category: Category | None = self.category.data
        for slot in Slot:
            rule = category.dimension(slot) if category else None
            if rule:
                self[f"{slot.value}_mm"].label.text = rule.name.label(language()).capitalize()
        units = category.units if category else tuple(Unit)
        usual = [] if category else [("", gettext("gebruikelijk"))]
        self.unit.choices = usual + [(unit.value, unit_label(unit)) for unit in units]
        if not self.unit.data and category:
            self.unit.data = category.unit.value

    def suspected(self) -> tuple[Hazard, ...]:
        """Return the hazards that matter for the chosen kind and year; all of them while no kind is chosen."""
        if self.category.data is None:
            return tuple(Hazard)
        return relevant_hazards(self.category.data, self.building_year.data)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 (as in wtforms)
        """Check what concerns more than one field, after each by itself."""
        sound = bool(super().validate(extra_validators))
        self._check_price()
        self._check_site()
        self._check_estimate()
        judged = (self.price_eur, self.place, self.project, self.site, self.estimate_low, self.estimate_high)
        return sound and not any(field.errors for field in judged)

    def _check_price(self) -> None:
        is_needed = not self.may_lack_price and not self.free.data
        if self.price_eur.data is None and is_needed and not self.price_eur.errors:
            self.price_eur.errors = [gettext("Vul een prijs in, of kies gratis.")]
        elif self.price_eur.data and self.free.data:
            self.price_eur.errors = [gettext("U vulde een prijs in en koos ook gratis: kies één van beide.")]

    def _check_estimate(self) -> None:
        ends = (self.estimate_low, self.estimate_high)
        if self.stage.data != Stage.EXPECTED.value:
            for end in ends:
                end.errors = []
            return
        for end, other in (ends, ends[::-1]):
            if end.data is None and other.data is not None and not end.errors:
                end.errors = [gettext("Vul beide grenzen van de schatting in, of geen van beide.")]

    def _check_site(self) -> None:
        if self.site.data == ELSEWHERE and self.place.data is None and not self.place.errors:
            self.place.errors = [gettext("Vul in in welke plaats het ligt.")]
        elif self.site.data == AT_PROJECT and not self.project.data:
            self.project.errors = [gettext("Kies het project waar het ligt.")]
        if self.site.data != ELSEWHERE and self.place.data is not None:
            self.site.errors = [gettext("U vulde een plaats in: kies “Ergens anders”, of maak de plaats leeg.")]


for _hazard in Hazard:
    setattr(
        OfferForm,
        f"hazard_{_hazard.value}",
        SelectField(_hazard.label(), default=HazardStatus.UNKNOWN.value),
    )
    setattr(OfferForm, f"report_{_hazard.value}", StringField(_l("Rapportnummer"), validators=[Length(max=80)]))


def name_findings(form: OfferForm) -> None:
    """Put the words of the page's language to the findings that can be chosen."""
    for hazard in Hazard:
        field = form[f"hazard_{hazard.value}"]
        field.label.text = hazard.label(language()).capitalize()
        field.choices = [(status.value, gettext(name)) for status, name in FINDING_NAMES.items()]


def facts_of(form: OfferForm) -> PassportFacts:
    """Return what the form states of the material. Raises InvalidInputError for half a door."""
    category = form.category.data
    if category is None:
        raise InvalidInputError(N_("Vul in wat het is."), field="category")
    return PassportFacts(
        category=category.id,
        name=form.name.data or "",
        quantity=_quantity(form.quantity.data, Unit(form.unit.data or category.unit)),
        description=form.description.data or "",
        kg_per_unit=form.kg_per_unit.data,
        length_mm=form.length_mm.data,
        width_mm=form.width_mm.data,
        height_mm=form.height_mm.data,
        building_year=form.building_year.data,
        origin=form.origin.data or "",
        origin_project_id=_id(form.project.data),
        origin_unknown=bool(form.origin_unknown.data),
    )


def _quantity(value: Decimal, unit: Unit) -> Quantity:
    try:
        return Quantity(value, unit)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field="quantity", **error.params) from error


def _id(text: str | None) -> int | None:
    return int(text) if text else None


def offer_of(form: OfferForm, organisation: Organisation) -> Offer:
    """Return what the form states of the terms."""
    site: str = form.site.data
    return Offer(
        grade=Grade(form.grade.data),
        price_eur=Decimal(0) if form.free.data else form.price_eur.data,
        available_from=form.available_from.data or clock.today(),
        available_until=form.available_until.data,
        crusher_on=form.crusher_on.data,
        stage=Stage(form.stage.data),
        short_harvest=ShortHarvest(form.short_harvest.data or ShortHarvest.FIRST_COME),
        min_take=form.min_take.data or min(Decimal(1), form.quantity.data),
        hub_id=int(site.removeprefix(_HUB)) if site.startswith(_HUB) else None,
        project_id=_id(form.project.data),
        site=_site(form, organisation),
        rack=form.rack.data or "",
        estimate=_estimate(form),
    )


def _estimate(form: OfferForm) -> Estimate | None:
    low, high = form.estimate_low.data, form.estimate_high.data
    return Estimate(low, high) if low is not None and high is not None else None


def _site(form: OfferForm, organisation: Organisation) -> Site | None:
    if form.site.data == ELSEWHERE:
        place = form.place.data
        return Site(place.name, place.latitude, place.longitude, (form.address.data or "").strip())
    if form.site.data == OWN:
        return Site(organisation.place, organisation.latitude, organisation.longitude, organisation.address)
    return None


def findings_of(form: OfferForm) -> dict[Hazard, Finding]:
    """Return what the form states of the hazards that matter, and of any other of which something is known."""
    stated = {
        hazard: Finding(HazardStatus(form[f"hazard_{hazard.value}"].data), form[f"report_{hazard.value}"].data or "")
        for hazard in Hazard
    }
    matter = form.suspected()
    return {
        hazard: finding
        for hazard, finding in stated.items()
        if hazard in matter or finding.status is not HazardStatus.UNKNOWN
    }


def values_of(listing: Listing) -> Mapping[str, object]:
    """Return an offer as the form shows it, to be changed."""
    passport = listing.passport
    values = {name: getattr(passport, name) for name in _OF_PASSPORT} | {
        name: getattr(listing, name) for name in _OF_LISTING
    }
    for finding in passport.hazards:
        values |= {f"hazard_{finding.hazard}": finding.status.value, f"report_{finding.hazard}": finding.report}
    return values | {
        "organisation": listing.organisation_id,
        "category": get_category(passport.category),
        "quantity": listing.total,
        "unit": listing.unit.value,
        "grade": listing.grade.value,
        "stage": listing.stage.value,
        "short_harvest": listing.short_harvest.value,
        "price_eur": None if listing.price_open else listing.price_eur,
        "free": listing.price_eur == 0 and not listing.price_open,
        "kg_per_unit": None if passport.mass_is_estimate else passport.kg_per_unit,
        "project": str(listing.project_id or ""),
        "origin_unknown": passport.details.donor.unknown,
        **_where(listing),
    }


_OF_PASSPORT: Final = ("name", "description", "length_mm", "width_mm", "height_mm", "building_year", "origin")
_OF_LISTING: Final = (
    "min_take",
    "available_from",
    "available_until",
    "crusher_on",
    "rack",
    "estimate_low",
    "estimate_high",
)


def _where(listing: Listing) -> dict[str, object]:
    if listing.hub_id is not None:
        return {"site": f"{_HUB}{listing.hub_id}"}
    own = listing.organisation
    if (listing.place, listing.address) == (own.place, own.address):
        return {"site": OWN}
    if listing.project is not None and (listing.place, listing.address) == (
        listing.project.place,
        listing.project.address,
    ):
        return {"site": AT_PROJECT}
    return {"site": ELSEWHERE, "place": find_place(listing.place), "address": listing.address}
