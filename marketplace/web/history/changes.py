"""What changed, field by field, in words; of what is private only members of the owner read it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from flask_babel import gettext as _

from marketplace.kit.changes import Change, changes_in
from marketplace.kit.journal import Fact
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ShortHarvest
from marketplace.projects.queries import find_hub_by_id
from marketplace.web.counted import RULE_NAMES
from marketplace.web.filters import category_name, day, money, unit_label
from marketplace.web.history.told import Facts, written

_PRIVATE_FIELDS: Final = {"price_eur", "address", "rack", "hub_id", "project_id", "origin_project_id", "description"}


def changes_told(facts: Facts, *, public: bool) -> str | None:
    """Return what changed, or None where the reader may know nothing of it."""
    shown = [change for change in changes_in(facts) if not (public and change.field in _PRIVATE_FIELDS)]
    named = [_change(change) for change in shown if change.field in _field_names()]
    return "; ".join(named) if shown else None


def _change(change: Change) -> str:
    label = _field_names()[change.field]
    write = _WRITTEN.get(change.field)
    if write is None:
        return label
    old, new = _value(write, change.old), _value(write, change.new)
    return str(_("%(field)s van %(old)s naar %(new)s", field=label, old=old, new=new))


def _value(write: Callable[[Fact], str], value: Fact) -> str:
    if value in {None, ""}:
        return str(_("niet ingevuld"))
    try:
        return write(value)
    except (ValueError, ArithmeticError, LookupError):
        return str(value)


def _field_names() -> dict[str, str]:
    return {
        "name": _("naam"),
        "category": _("soort"),
        "description": _("omschrijving"),
        "quantity": _("hoeveelheid"),
        "total": _("hoeveelheid te koop"),
        "unit": _("eenheid"),
        "estimate_low": _("schatting, minstens"),
        "estimate_high": _("schatting, hoogstens"),
        "kg_per_unit": _("gewicht"),
        "length_mm": _("lengte"),
        "width_mm": _("breedte"),
        "height_mm": _("hoogte of dikte"),
        "building_year": _("bouwjaar"),
        "origin": _("herkomst"),
        "origin_project_id": _("project van herkomst"),
        "stage": _("stadium"),
        "min_take": _("kleinste afname"),
        "grade": _("kwaliteit"),
        "price_eur": _("prijs"),
        "available_from": _("beschikbaar vanaf"),
        "available_until": _("beschikbaar tot"),
        "crusher_on": _("dag van de breker"),
        "short_harvest": _("regel bij een tegenvallende oogst"),
        "hub_id": _("hub"),
        "project_id": _("project"),
        "place": _("plaats"),
        "address": _("adres"),
        "rack": _("rek"),
    }


def _stage(value: Fact) -> str:
    return {"expected": str(_("nog in gebouw")), "in_stock": str(_("op voorraad")), "gone": str(_("weg"))}[str(value)]


def _millimetres(value: Fact) -> str:
    return f"{written(value)} mm"


def _kilograms(value: Fact) -> str:
    return f"{written(value)} kg"


def _hub(value: Fact) -> str:
    hub = find_hub_by_id(int(str(value)))
    return hub.name if hub else str(value)


def _rule(value: Fact) -> str:
    return str(_(RULE_NAMES[ShortHarvest(str(value))]))


def _day(value: Fact) -> str:
    return day(date.fromisoformat(str(value)))


_WRITTEN: Final[Mapping[str, Callable[[Fact], str]]] = {
    "name": str,
    "category": lambda value: category_name(str(value)),
    "quantity": written,
    "total": written,
    "unit": lambda value: unit_label(Unit(str(value))),
    "estimate_low": written,
    "estimate_high": written,
    "kg_per_unit": _kilograms,
    "length_mm": _millimetres,
    "width_mm": _millimetres,
    "height_mm": _millimetres,
    "building_year": str,
    "origin": str,
    "stage": _stage,
    "min_take": written,
    "grade": str,
    "price_eur": lambda value: money(Decimal(str(value))),
    "available_from": _day,
    "available_until": _day,
    "crusher_on": _day,
    "short_harvest": _rule,
    "hub_id": _hub,
    "place": str,
    "address": str,
    "rack": str,
}
"""How the values of a field are written; a field that is not here is only named."""
