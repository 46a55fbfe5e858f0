"""What a person states of a hub, a project or a need, checked before it becomes a row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.location import Site
from marketplace.kit.quantities import Quantity
from marketplace.materials.checks import check_building_year, check_quantity, check_size
from marketplace.materials.dimensions import Slot
from marketplace.materials.vocabulary import Category, find_category
from marketplace.projects.buildings import BuildingType
from marketplace.projects.models import Grade, ProjectKind

LONGEST_NAME: Final = 120
LARGEST_AMOUNT: Final = Decimal(10_000_000)
FARTHEST_KM: Final = 1000
LONGEST_YEARS: Final = 15
LARGEST_FLOOR_M2: Final = 1_000_000
MOST_DWELLINGS: Final = 5_000
_LEAST_M2_PER_DWELLING: Final = 10
_CENT: Final = Decimal("0.01")

Window: TypeAlias = tuple[int | None, int | None]
"""The least and the most in mm; None is open on that side."""


@dataclass(frozen=True, slots=True)
class HubFacts:
    """Hold what is stated of a hub: its room in m3 and its tariffs in euros, without VAT."""

    name: str
    site: Site
    capacity_m3: Decimal
    handle_eur_per_m3: Decimal
    store_eur_per_m3_week: Decimal


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Hold what is stated of a project; `client_id` is the organisation for whom the work is done.

    The floor area is gross (bvo), in m2.
    """

    name: str
    kind: ProjectKind
    client_id: int
    site: Site
    starts_on: date
    ends_on: date
    programme_id: int | None = None
    building_year: int | None = None
    building_type: BuildingType | None = None
    floor_area_m2: int | None = None
    dwellings: int | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """Hold what is stated of a need.

    Windows are in mm, in the slots of the category; None where the size does not matter. Distance is by road, prices
    are per unit without VAT, and `max_price` None means that there is no limit.
    """

    title: str
    category: str
    quantity: Quantity
    wanted_from: date
    wanted_until: date
    new_eur: Decimal
    substitutes: tuple[str, ...] = ()
    length: Window | None = None
    width: Window | None = None
    height: Window | None = None
    max_km: int = 50
    grade: Grade = Grade.C
    accepts_untested: bool = False
    max_price: Decimal | None = None
    min_batch: Decimal = Decimal(1)
    note: str = ""


def check_hub(facts: HubFacts) -> None:
    """Raise InvalidInputError, for the field it concerns, where these facts cannot be true."""
    check_name(facts.name)
    if facts.capacity_m3 <= 0:
        raise InvalidInputError(N_("Vul de ruimte van de hub in, in m³."), field="capacity_m3")
    _check_amount(facts.handle_eur_per_m3, "handle_eur_per_m3")
    _check_amount(facts.store_eur_per_m3_week, "store_eur_per_m3_week")


def check_project(facts: ProjectFacts, *, on: date) -> None:
    """Raise InvalidInputError, for the field it concerns, where these facts cannot be true on the day `on`."""
    stated = {each.name: getattr(facts, each.name) for each in fields(facts)}
    for mistake in mistakes_in_project(stated, on=on):
        raise mistake


def mistakes_in_project(stated: Mapping[str, Any], *, on: date) -> Iterator[InvalidInputError]:
    """Return each mistake in what is stated so far of a project, by the names of ProjectFacts; None is not known."""
    known = {name: value for name, value in stated.items() if value is not None}
    starts, ends = known.get("starts_on"), known.get("ends_on")
    if "name" in known:
        yield from _caught(check_name, known["name"])
    if starts and ends and ends < starts:
        yield InvalidInputError(N_("Het einde ligt vóór het begin van het werk."), field="ends_on")
    for name, day in (("starts_on", starts), ("ends_on", ends)):
        if day and not on.year - LONGEST_YEARS <= day.year <= on.year + LONGEST_YEARS:
            message = N_("Een project ligt hier ten hoogste %(years)s jaar in het verleden of in de toekomst.")
            yield InvalidInputError(message, field=name, years=str(LONGEST_YEARS))
    yield from _caught(check_building_year, known.get("building_year"), on=on)
    yield from _mistakes_in_building(known.get("floor_area_m2"), known.get("dwellings"))


def _mistakes_in_building(area: int | None, dwellings: int | None) -> Iterator[InvalidInputError]:
    if area is not None and not 0 < area <= LARGEST_FLOOR_M2:
        yield InvalidInputError(N_("Een vloeroppervlak ligt tussen 1 en 1.000.000 m²."), field="floor_area_m2")
    if dwellings is not None and not 0 < dwellings <= MOST_DWELLINGS:
        yield InvalidInputError(N_("Een aantal woningen ligt tussen 1 en 5.000."), field="dwellings")
    if area is not None and dwellings is not None and area < dwellings * _LEAST_M2_PER_DWELLING:
        message = N_("Dat is minder dan %(least)s m² per woning. Vul het vloeroppervlak van alle woningen samen in.")
        yield InvalidInputError(message, field="floor_area_m2", least=str(_LEAST_M2_PER_DWELLING))


def check_need(facts: NeedFacts) -> None:
    """Raise InvalidInputError, for the field it concerns, where these facts contradict each other."""
    for mistake in mistakes_in_need({each.name: getattr(facts, each.name) for each in fields(facts)}):
        raise mistake


def mistakes_in_need(stated: Mapping[str, Any]) -> Iterator[InvalidInputError]:
    """Return each mistake in what is stated so far of a need, by the names of NeedFacts; None is not known (yet)."""
    known = {name: value for name, value in stated.items() if value is not None}
    if "title" in known:
        yield from _caught(check_name, known["title"], "title")
    if "category" in known:
        yield from _caught(_known, known["category"], "category")
    for substitute in known.get("substitutes", ()):
        yield from _caught(_known, substitute, "substitutes")
    yield from _mistakes_in_amounts(known)
    for slot in Slot:
        yield from _caught(check_window, slot.value, known.get(slot.value))
    if {"wanted_from", "wanted_until"} <= known.keys() and known["wanted_until"] < known["wanted_from"]:
        message = N_("De laatste dag ligt vóór de eerste dag waarop u het nodig hebt.")
        yield InvalidInputError(message, field="wanted_until")
    if not 0 < known.get("max_km", FARTHEST_KM) <= FARTHEST_KM:
        yield InvalidInputError(N_("Een afstand ligt tussen 1 en 1.000 km."), field="max_km")
    for name in ("new_eur", "max_price"):
        if name in known:
            yield from _caught(_check_amount, known[name], name)


def _mistakes_in_amounts(known: Mapping[str, Any]) -> Iterator[InvalidInputError]:
    quantity, category = known.get("quantity"), find_category(known.get("category", ""))
    if quantity is not None and category is not None:
        yield from _caught(check_quantity, quantity, category)
    if quantity is not None and "min_batch" in known:
        yield from _caught(_check_least, known["min_batch"], quantity)


def _caught(check: Callable[..., object], *values: object, **more: object) -> Iterator[InvalidInputError]:
    try:
        check(*values, **more)
    except InvalidInputError as mistake:
        yield mistake


def substitutes_of(facts: NeedFacts) -> list[str]:
    """Return the other categories that would do, each once and without the wanted one."""
    return [category for category in dict.fromkeys(facts.substitutes) if category != facts.category]


def one_line(text: str) -> str:
    """Return a name as it is stored: on one line, with single spaces."""
    return " ".join(text.split())


def check_name(name: str, field: str = "name") -> None:
    """Raise InvalidInputError, for `field`, where this is too short or too long for a name."""
    length = len(one_line(name))
    if length < 2:
        raise InvalidInputError(N_("Vul een naam van ten minste twee tekens in."), field=field)
    if length > LONGEST_NAME:
        raise InvalidInputError(N_("Houd de naam korter dan %(most)s tekens."), field=field, most=str(LONGEST_NAME))


def _check_amount(amount: Decimal, field: str) -> None:
    if not 0 <= amount <= LARGEST_AMOUNT:
        raise InvalidInputError(N_("Een bedrag ligt tussen 0 en 10 miljoen euro."), field=field)
    if amount != amount.quantize(_CENT):
        raise InvalidInputError(N_("Een bedrag heeft ten hoogste twee cijfers achter de komma."), field=field)


def _known(category_id: str, field: str) -> Category:
    category = find_category(category_id)
    if category is None:
        raise InvalidInputError(N_("De materiaalsoort “%(id)s” bestaat niet."), field=field, id=category_id[:60])
    if category.banned:
        message = N_("%(category)s mag niet opnieuw worden gebruikt en kan dus niet worden gevraagd.")
        raise InvalidInputError(message, field=field, category=category.name())
    return category


def _check_least(least: Decimal, quantity: Quantity) -> None:
    if least <= 0:
        raise InvalidInputError(N_("De kleinste levering is groter dan nul."), field="min_batch")
    if least > quantity.value:
        raise InvalidInputError(N_("De kleinste levering is groter dan wat u nodig hebt."), field="min_batch")
    if quantity.unit.round(least) != least:
        raise InvalidInputError(N_("De kleinste levering past niet bij de eenheid."), field="min_batch")


def check_window(slot: str, window: Window | None) -> None:
    """Raise InvalidInputError, for the end that it concerns, where no size can lie in this window in mm."""
    for end, size in zip(("min", "max"), window or (None, None), strict=True):
        check_size(size, field=f"{slot}_{end}")
    least, most = window or (None, None)
    if least is not None and most is not None and most < least:
        raise InvalidInputError(N_("De grootste maat is kleiner dan de kleinste."), field=f"{slot}_max")
