"""The one vocabulary of materials: every category with its names, codes, units, mass, fit and hazards.

The figures and their sources are described in data/SOURCE.md.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, TypeAlias

from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.quantities import Unit
from marketplace.kit.tables import read_table
from marketplace.materials.dimensions import DimensionName, DimensionRule, Fit, Slot
from marketplace.materials.hazards import Hazard, HazardRule
from marketplace.materials.ranking import Names, names_of, query_of, score, without_sizes

# In the order in which a building comes together, then what lies around it.
_GROUPS: Final = {
    "concrete_struct": ("Beton en vloeren", "Concrete and floors"),
    "metal": ("Staal en andere metalen", "Steel and other metals"),
    "timber": ("Hout", "Timber"),
    "masonry": ("Stenen en blokken", "Bricks and blocks"),
    "roofing": ("Dak", "Roof"),
    "skin": ("Gevelbekleding", "Cladding"),
    "openings": ("Ramen, deuren en glas", "Windows, doors and glass"),
    "insulation": ("Isolatie", "Insulation"),
    "interior": ("Wanden, plafonds en vloerafwerking", "Walls, ceilings and floor finishes"),
    "fittings": ("Keuken, sanitair en meubilair", "Kitchen, sanitary ware and furniture"),
    "services": ("Installaties", "Building services"),
    "paving": ("Bestrating", "Paving"),
    "infra": ("Weg, riool en terrein", "Road, sewer and site"),
    "bulk": ("Grond, zand en granulaat", "Soil, sand and aggregate"),
    "temporary": ("Tijdelijke bouw", "Temporary buildings"),
}
_PACKAGE: Final = "marketplace.materials"
Row: TypeAlias = dict[str, str]
_SIGNS_OF_AN_ESTIMATE: Final = ("typical", "approx", "est.", "must be", "order of magnitude", "nominal", "use steel")


class UnknownCategoryError(NotFoundError):
    """Say that the vocabulary has no such category."""


@dataclass(frozen=True, slots=True)
class Category:
    """Hold what is known of one kind of material. `units` has the default unit first; masses are in kg."""

    id: str
    group: str
    name_nl: str
    name_en: str
    name_de: str
    synonyms_nl: tuple[str, ...]
    synonyms_en: tuple[str, ...]
    nlsfb: str
    nlsfb_name: str
    ifc_class: str
    eural: str
    units: tuple[Unit, ...]
    # None for a thing that differs so much that it must be weighed or taken from drawings.
    kg_per_unit: Decimal | None
    density_kg_m3: Decimal | None
    mass_is_estimate: bool
    # Only where length x width x height x this density is the mass: a solid thing, or a heap (then loose).
    gross_density_kg_m3: Decimal | None
    # Only where joints or overlap decide it, not the sizes of the piece: bricks and roof tiles.
    pieces_per_m2: Decimal | None
    layer: str
    checks: tuple[str, ...]
    dimensions: tuple[DimensionRule, ...]
    hazards: tuple[HazardRule, ...]
    # Why it may never be offered: Dutch and English, or empty where it may.
    ban_reasons: tuple[str, ...]

    @property
    def unit(self) -> Unit:
        """Return the default unit, to which `kg_per_unit` belongs."""
        return self.units[0]

    @property
    def banned(self) -> bool:
        """Tell whether this material may never be offered."""
        return bool(self.ban_reasons)

    def name(self, locale: str = "nl") -> str:
        """Return the name in Dutch, English ('en...') or German ('de...')."""
        return {"en": self.name_en, "de": self.name_de}.get(locale[:2], self.name_nl)

    def ban_reason(self, locale: str = "nl") -> str:
        """Return why this may never be offered, in Dutch or English; empty where it may."""
        return self.ban_reasons[locale.startswith("en")] if self.ban_reasons else ""

    def dimension(self, slot: Slot) -> DimensionRule | None:
        """Return the rule for one slot, or None where this category has no such dimension."""
        return next((rule for rule in self.dimensions if rule.slot is slot), None)


@dataclass(frozen=True, slots=True)
class Group:
    """Hold a shelf of the catalogue with its categories."""

    id: str
    name_nl: str
    name_en: str
    categories: tuple[Category, ...]

    def name(self, locale: str = "nl") -> str:
        """Return the name in Dutch, or in English where the locale starts with 'en'."""
        return self.name_en if locale.startswith("en") else self.name_nl


def categories() -> tuple[Category, ...]:
    """Return every category, in the order of the vocabulary."""
    return tuple(_by_id().values())


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups with their categories in the order of a catalogue page: structure, skin, inside, around."""
    members = defaultdict(list)
    for category in categories():
        members[category.group].append(category)
    return tuple(Group(id_, dutch, english, tuple(members[id_])) for id_, (dutch, english) in _GROUPS.items())


def find_category(category_id: str) -> Category | None:
    """Return the category with this id, or None."""
    return _by_id().get(category_id)


def get_category(category_id: str) -> Category:
    """Return the category with this id. Raises UnknownCategoryError."""
    category = find_category(category_id)
    if category is None:
        raise UnknownCategoryError(N_("De materiaalsoort “%(id)s” bestaat niet."), id=category_id[:60])
    return category


def search_categories(text: str, limit: int = 8) -> tuple[Category, ...]:
    """Return the categories that a person may mean by this text in Dutch, English or German, best first.

    An exact name comes before its first words, before all words, a beginning and parts of compounds. Numbers are taken
    as a size where no category has them in its name: 'HEA 200' finds the beam HEA. Nothing fitting gives nothing.
    """
    return (_ranked(text) or _ranked(without_sizes(text)))[:limit]


def _ranked(text: str) -> tuple[Category, ...]:
    query = query_of(text)
    scored = ((score(query, names), category) for category, names in _names())
    found = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return tuple(category for _, category in found)


@cache
def _names() -> tuple[tuple[Category, Names], ...]:
    return tuple(
        (each, names_of((each.name_nl, each.name_en, each.name_de, *each.synonyms_nl, *each.synonyms_en)))
        for each in categories()
    )


@cache
def _by_id() -> dict[str, Category]:
    tables = {name: _rows_by_category(name) for name in ("fit", "hazards", "solids", "banned")}
    return {
        row["id"]: _category(row, {name: rows[row["id"]] for name, rows in tables.items()})
        for row in read_table(_PACKAGE, "categories")
    }


def _rows_by_category(table: str) -> defaultdict[str, list[Row]]:
    found = defaultdict(list)
    for row in read_table(_PACKAGE, table):
        found[row["category"]].append(row)
    return found


def _category(row: Row, more: dict[str, list[Row]]) -> Category:
    solid = more["solids"][0] if more["solids"] else {}
    ban = more["banned"][0] if more["banned"] else {}
    return Category(
        id=row["id"],
        group=row["group"],
        name_nl=row["name_nl"],
        name_en=row["name_en"],
        name_de=row["name_de"],
        synonyms_nl=_list(row["synonyms_nl"]),
        synonyms_en=_list(row["synonyms_en"]),
        nlsfb=row["nlsfb"],
        nlsfb_name=row["nlsfb_name"],
        ifc_class=row["ifc_class"],
        eural=row["ewc"],
        units=tuple(Unit(unit) for unit in (row["unit"], *_list(row["other_units"]))),
        kg_per_unit=_decimal(row["kg_per_unit"]),
        density_kg_m3=_decimal(row["density_kg_m3"]),
        mass_is_estimate=any(sign in row["mass_basis"] for sign in _SIGNS_OF_AN_ESTIMATE),
        gross_density_kg_m3=_decimal(solid.get("gross_density_kg_m3", "")),
        pieces_per_m2=_decimal(solid.get("pieces_per_m2", "")),
        layer=row["layer"],
        checks=_list(row["check_before_reuse"]),
        dimensions=tuple(_dimension_rule(fit) for fit in more["fit"]),
        hazards=tuple(_hazard_rule(hazard) for hazard in more["hazards"]),
        ban_reasons=(ban["reason_nl"], ban["reason_en"]) if ban else (),
    )


def _dimension_rule(row: Row) -> DimensionRule:
    return DimensionRule(Slot(row["slot"]), DimensionName(row["name"]), Fit(row["fit"]), int(row["tolerance_mm"]))


def _hazard_rule(row: Row) -> HazardRule:
    year = row["relevant_before_year"]
    return HazardRule(Hazard(row["hazard"]), int(year) if year else None)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
