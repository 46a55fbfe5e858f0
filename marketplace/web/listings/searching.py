"""What the address of the catalogue asks for: read field by field, kept where it cannot be right, told as chips."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import find_organisation
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.criteria import Criteria, Sort, Window
from marketplace.listings.models import Stage
from marketplace.materials.vocabulary import Category, Group, find_category, groups
from marketplace.projects.models import Grade, Hub
from marketplace.web.fields import (
    DayField,
    MillimetreField,
    MoneyField,
    OptionalIntField,
    PlaceField,
    QuantityField,
    TypedField,
)
from marketplace.web.filters import day, each_unit, language, money, number, quantity, unit_label

VIEWS: Final = ("kaarten", "tabel", "kaart")
SORTS: Final = {"nieuw": Sort.NEWEST, "prijs": Sort.PRICE, "afstand": Sort.DISTANCE, "vrij": Sort.FREE}
STAGES: Final = {"voorraad": Stage.IN_STOCK, "gebouw": Stage.EXPECTED}
_UNSAID: Final = {("sorteer", "nieuw"), ("weergave", "kaarten")}
_LONGEST_TEXT: Final = 200


class SearchForm(FlaskForm):
    """The filters of the catalogue, by the names that they have in its address."""

    class Meta:
        csrf = False  # it only reads

    q = StringField(lazy_gettext("Materiaal, maat of code"))
    lengte_van = MillimetreField(lazy_gettext("Lengte van"))
    lengte_tot = MillimetreField(lazy_gettext("Lengte tot"))
    langer = BooleanField(lazy_gettext("Langer mag, waar inkorten kan"), false_values=("", "0"))
    breedte_van = MillimetreField(lazy_gettext("Breedte van"))
    breedte_tot = MillimetreField(lazy_gettext("Breedte tot"))
    hoogte_van = MillimetreField(lazy_gettext("Hoogte of dikte van"))
    hoogte_tot = MillimetreField(lazy_gettext("Hoogte of dikte tot"))
    hoeveel = QuantityField(lazy_gettext("Minstens"))
    eenheid = SelectField(lazy_gettext("Eenheid"), validate_choice=False)
    vrij = DayField(lazy_gettext("Vrij uiterlijk"))
    plaats = PlaceField(lazy_gettext("Rond plaats"))
    straal = OptionalIntField(lazy_gettext("Straal"), least=1, most=400)
    stand = SelectField(lazy_gettext("Waar is het nu"), validate_choice=False)
    hub = SelectField(lazy_gettext("Hub"), validate_choice=False)
    graad = SelectField(lazy_gettext("Kwaliteit"), validate_choice=False)
    bekend = BooleanField(lazy_gettext("Gevaarlijke stoffen bekend"), false_values=("", "0"))
    gezien = DayField(lazy_gettext("Gezien sinds"))
    prijs = MoneyField(lazy_gettext("Prijs hoogstens"))
    gratis = BooleanField(lazy_gettext("Alleen gratis"), false_values=("", "0"))
    sorteer = SelectField(lazy_gettext("Volgorde"), validate_choice=False)

    def __init__(self, arguments: MultiDict[str, str], hubs: Iterable[Hub]) -> None:
        super().__init__(formdata=arguments)
        self.eenheid.choices = [("", gettext("elke eenheid")), *((unit.value, unit_label(unit)) for unit in Unit)]
        self.stand.choices = [
            ("", gettext("Overal")),
            ("voorraad", gettext("Op voorraad")),
            ("gebouw", gettext("Nog in een gebouw")),
        ]
        self.hub.choices = [("", gettext("Elke hub of plaats")), *((hub.slug, hub.name) for hub in hubs)]
        self.graad.choices = [("", gettext("Elke kwaliteit")), *((grade.value, better(grade)) for grade in Grade)]
        self.sorteer.choices = [
            ("nieuw", gettext("Nieuwste eerst")),
            ("prijs", gettext("Laagste prijs eerst")),
            ("afstand", gettext("Dichtstbij eerst")),
            ("vrij", gettext("Eerst vrij")),
        ]


def better(grade: Grade) -> str:
    """Return how the worst acceptable grade is said: `B of beter`."""
    return str(gettext("%(grade)s of beter", grade=grade.value) if grade is not Grade.A else gettext("alleen A"))


@dataclass(frozen=True, slots=True)
class Address:
    """Hold what stands behind the question mark, without the page and what is empty or goes without saying."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> "Address":
        """Return the address of these arguments."""
        given = ((name, value.strip()) for name, value in arguments.items(multi=True) if name != "bladzijde")
        return cls(tuple(pair for pair in given if pair[1] and pair not in _UNSAID))

    def url(self, **changes: object) -> str:
        """Return the address with other values for some names; an empty value takes a name out."""
        kept = [pair for pair in self.pairs if pair[0] not in changes]
        new = [(name, str(value)) for name, value in changes.items() if value not in {None, ""}]
        query = urlencode([*kept, *new])
        return url_for("listings.catalogue") + ("?" + query if query else "")

    def without(self, *pairs: tuple[str, str | None]) -> "Address":
        """Return the address without these names, or where a value is given without that value of the name."""
        gone = {pair for pair in pairs if pair[1] is not None}
        names = {name for name, value in pairs if value is None}
        return Address(tuple(pair for pair in self.pairs if pair not in gone and pair[0] not in names))


@dataclass(frozen=True, slots=True)
class Chip:
    """Hold one filter that is set: what it asks, and what is to be taken out of the address to be rid of it."""

    label: str
    taken_out: tuple[tuple[str, str | None], ...]


class Search:
    """What somebody asks of the catalogue, with the form that shows it and the address that keeps it."""

    def __init__(self, arguments: MultiDict[str, str]) -> None:
        self.address = Address.of(arguments)
        self.hubs = list(session.scalars(select(Hub).order_by(Hub.name, Hub.id)))
        self.form = SearchForm(arguments, self.hubs)
        self.form.validate()
        self.groups = [group for group in groups() if group.id in arguments.getlist("groep")]
        self.categories = [
            category for wanted in dict.fromkeys(arguments.getlist("soort")) if (category := find_category(wanted))
        ]
        self.view = arguments.get("weergave") if arguments.get("weergave") in VIEWS else VIEWS[0]
        self.page = _page_number(arguments.get("bladzijde", ""))
        self._check_together()

    def _check_together(self) -> None:
        """Say at the field what cannot be asked together; it is then left out."""
        for low, high in self._windows():
            if low.data is not None and high.data is not None and low.data > high.data:
                high.errors = [*high.errors, gettext("Deze maat is kleiner dan de maat ervoor.")]
                low.data = high.data = None
        if self.form.straal.data and not self.form.plaats.data and not self.form.plaats.errors:
            self.form.straal.errors = [gettext("Vul ook een plaats in; een straal is rond een plaats.")]

    def _windows(self) -> list[tuple[TypedField, TypedField]]:
        form = self.form
        return [
            (form.lengte_van, form.lengte_tot),
            (form.breedte_van, form.breedte_tot),
            (form.hoogte_van, form.hoogte_tot),
        ]

    @property
    def text(self) -> str:
        """Return the words that were typed."""
        return " ".join((self.form.q.data or "").split())[:_LONGEST_TEXT]

    @cached_property
    def hub(self) -> Hub | None:
        """Return the hub that was chosen."""
        return next((hub for hub in self.hubs if hub.slug == self.form.hub.data), None)

    @cached_property
    def organisation(self) -> Organisation | None:
        """Return the organisation whose offers are asked for."""
        slug = dict(self.address.pairs).get("organisatie")
        return find_organisation(slug) if slug else None

    @cached_property
    def wanted_categories(self) -> tuple[str, ...]:
        """Return the chosen kinds, and all kinds of a chosen group of which none was chosen."""
        narrowed = {category.group for category in self.categories}
        whole = [category.id for group in self.groups if group.id not in narrowed for category in group.categories]
        return (*(category.id for category in self.categories), *whole)

    @property
    def heading(self) -> str:
        """Return what the page is called: the one kind or group that is asked for, or the catalogue."""
        chosen: list[Category | Group] = [*self.categories] or [*self.groups]
        return chosen[0].name(language()) if len(chosen) == 1 else str(gettext("Aanbod"))

    @cached_property
    def criteria(self) -> Criteria:
        """Return what is asked for, without the filters that cannot be right."""
        form = self.form
        windows = [Window(low.data, high.data) for low, high in self._windows()]
        near = form.plaats.data.point if form.plaats.data else None
        return Criteria(
            text=self.text,
            categories=self.wanted_categories,
            length=windows[0],
            width=windows[1],
            height=windows[2],
            longer_is_fine=form.langer.data,
            quantity=form.hoeveel.data,
            unit=Unit(form.eenheid.data) if form.eenheid.data in set(Unit) else None,
            free_until=form.vrij.data,
            near=near,
            within_km=form.straal.data if near else None,
            price_max=form.prijs.data,
            free_of_charge=form.gratis.data,
            grade=Grade(form.graad.data) if form.graad.data in set(Grade) else None,
            stage=STAGES.get(form.stand.data or ""),
            hub_id=self.hub.id if self.hub else None,
            organisation_id=self.organisation.id if self.organisation else None,
            seen_since=_morning(form.gezien.data),
            hazards_known=form.bekend.data,
            sort=SORTS.get(form.sorteer.data or "", Sort.NEWEST),
        )

    def without(self, chip: Chip) -> "Search":
        """Return the same search without one of its filters."""
        return Search(MultiDict(self.address.without(*chip.taken_out).pairs))

    def chips(self) -> list[Chip]:
        """Return every filter that is set, in the order of the page."""
        return [*self._chips_of_what(), *self._chips_of_sizes(), *self._chips_of_terms(), *self._chips_of_evidence()]

    def _chips_of_what(self) -> Iterator[Chip]:
        if self.text:
            yield Chip(f"“{self.text}”", (("q", None),))
        for group in self.groups:
            yield Chip(group.name(language()), (("groep", group.id),))
        for category in self.categories:
            yield Chip(category.name(language()), (("soort", category.id),))
        if self.form.plaats.data:
            name, km = self.form.plaats.data.name, self.form.straal.data
            yield Chip(f"{name}, {km} km" if km else name, (("plaats", None), ("straal", None)))

    def _chips_of_sizes(self) -> Iterator[Chip]:
        words = (
            (gettext("%(size)s mm lang"), "lengte"),
            (gettext("%(size)s mm breed"), "breedte"),
            (gettext("%(size)s mm hoog of dik"), "hoogte"),
        )
        for (low, high), (sentence, name) in zip(self._windows(), words, strict=True):
            if low.data is not None or high.data is not None:
                taken_out = ((f"{name}_van", None), (f"{name}_tot", None), *([("langer", None)] * (name == "lengte")))
                yield Chip(sentence.replace("%(size)s", _span(low.data, high.data)), taken_out)

    def _chips_of_terms(self) -> Iterator[Chip]:
        criteria = self.criteria
        if criteria.quantity is not None:
            amount = quantity(criteria.quantity, criteria.unit) if criteria.unit else number(criteria.quantity)
            yield Chip(gettext("minstens %(amount)s", amount=amount), (("hoeveel", None), ("eenheid", None)))
        elif criteria.unit:
            yield Chip(gettext("per %(unit)s", unit=each_unit(criteria.unit)), (("eenheid", None),))
        if criteria.free_until:
            yield Chip(gettext("vrij uiterlijk %(day)s", day=day(criteria.free_until)), (("vrij", None),))
        if criteria.stage:
            in_stock = criteria.stage is Stage.IN_STOCK
            yield Chip(gettext("op voorraad") if in_stock else gettext("nog in een gebouw"), (("stand", None),))
        if self.hub:
            yield Chip(self.hub.name, (("hub", None),))
        if self.organisation:
            yield Chip(self.organisation.name, (("organisatie", None),))
        if criteria.price_max is not None:
            yield Chip(gettext("hoogstens %(price)s", price=money(criteria.price_max)), (("prijs", None),))
        if criteria.free_of_charge:
            yield Chip(gettext("gratis"), (("gratis", None),))

    def _chips_of_evidence(self) -> Iterator[Chip]:
        if self.criteria.grade:
            yield Chip(gettext("kwaliteit %(grade)s", grade=better(self.criteria.grade)), (("graad", None),))
        if self.criteria.hazards_known:
            yield Chip(gettext("gevaarlijke stoffen bekend"), (("bekend", None),))
        if self.form.gezien.data:
            yield Chip(gettext("gezien sinds %(day)s", day=day(self.form.gezien.data)), (("gezien", None),))


def _span(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        known = number(low if low is not None else high or 0)
        return str(gettext("vanaf %(size)s", size=known) if high is None else gettext("tot %(size)s", size=known))
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _morning(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, clock.AMSTERDAM) if day else None


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
