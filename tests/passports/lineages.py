"""Things to take apart and works to take from, for tests of what becomes of a passport."""

from decimal import Decimal
from typing import Any

from marketplace.kit.journal import By
from marketplace.kit.quantities import Unit
from marketplace.passports.details import Details, Donor, Element, Layer, LayerKind, Section, Work
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act
from tests.factories import make_passport
from tests.sealing import SEAL

ACT = Act(By(), SEAL)


def make_clean(owner: Any = None, **overrides: Any) -> Passport:
    """Add the passport of 40 interior doors of 2020, of which nothing is to be suspected."""
    return make_passport(owner, **{"building_year": 2020} | overrides)


def layer(name: str, tonnes: int, *, kind: LayerKind = LayerKind.SURFACE, **more: Any) -> Layer:
    """Return a layer of 50 mm of asphalt, laid in 2003."""
    facts = {"mix": "AC 16 surf", "thickness_mm": 50, "area_m2": Decimal(1000), "laid_year": 2003}
    return Layer(id=name, kind=kind, mass_t=Decimal(tonnes), **facts | more)


def make_road(*layers: Layer, owner: Any = None, **overrides: Any) -> Passport:
    """Add the passport of one section V1 of the N376 with these layers, counted in t."""
    section = Section("V1", Decimal("1.0"), Decimal("1.2"), road="N376", layers=layers)
    total = sum((each.mass_t for each in layers), Decimal(0))
    facts = {
        "category": "asphalt_granulate",
        "name": "N376",
        "quantity": total,
        "unit": Unit.T,
        "kg_per_unit": Decimal(1000),
        "length_mm": None,
        "width_mm": None,
        "height_mm": None,
        "building_year": 2003,
        "origin": "N376",
        "granularity": "work",
        "details": Details(donor=Donor(road="N376"), work=Work(sections=(section,))),
    }
    return make_passport(owner, **facts | overrides)


def make_building(*elements: Element, owner: Any = None, **overrides: Any) -> Passport:
    """Add the passport of a school of 1995 with these elements: by default 20 doors of 25 kg."""
    doors = Element("deur", "door_interior", "Binnendeur", Decimal(20), Unit.PIECE, Decimal(500), place="1e verdieping")
    work = Work(elements=elements or (doors,))
    facts = {
        "category": "hollowcore_slab",
        "name": "School Beilen",
        "quantity": Decimal(1),
        "unit": Unit.PIECE,
        "kg_per_unit": Decimal(90_000),
        "building_year": 1995,
        "origin": "School Beilen",
        "granularity": "work",
        "details": Details(donor=Donor(address="Dorpsstraat 1, Beilen"), work=work),
    }
    return make_passport(owner, **facts | overrides)
