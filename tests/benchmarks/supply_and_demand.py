"""A generated region with planned demolition and planned construction, written to the database in bulk.

Lots and needs come in projects of a dozen and half a dozen, half of them near a hub. The same seed, the same region.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from math import ceil, exp

from sqlalchemy import insert, select

from marketplace.accounts.models import OrganisationKind
from marketplace.kit import clock
from marketplace.kit.codes import new_passport_code, new_reference
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.passports.details import EMPTY
from marketplace.passports.models import Passport, PassportStatus
from marketplace.projects.models import Hub, Need, Project, ProjectKind
from tests.factories import make_hub, make_organisation

HUBS = ("Hoogeveen", "Zwolle", "Assen", "Groningen", "Drachten")
_AT_ONCE = 500
_WEEKS = 104
_NOWHERE = {"place": "Hoogeveen", "address": "", "latitude": 52.7, "longitude": 6.5}


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of material is counted here, what one of it weighs and costs new, its sizes, and how usual it is."""

    category: str
    unit: Unit
    kg: float
    eur: float
    sizes: tuple[tuple[int, int], ...]
    usual: int
    amount: int

    @property
    def is_long(self) -> bool:
        return self.sizes and self.sizes[0][1] > 3000


_DOOR = ((2015, 2315), (630, 1030), (38, 54))
_BEAM = ((1500, 8000), (80, 300), (100, 400))
KINDS = (
    Kind("asphalt_granulate", Unit.T, 1000, 38, (), 10, 300),
    Kind("concrete_granulate", Unit.T, 1000, 14, (), 10, 300),
    Kind("concrete_paver", Unit.M2, 180, 17, (), 9, 120),
    Kind("ceiling_tile", Unit.M2, 4, 16, (), 8, 120),
    Kind("carpet_tile", Unit.M2, 4.5, 21, (), 6, 120),
    Kind("ins_stonewool", Unit.M2, 4, 15, (), 7, 120),
    Kind("timber_joist", Unit.PIECE, 40, 45, _BEAM, 10, 14),
    Kind("timber_oak_beam", Unit.PIECE, 90, 190, _BEAM, 4, 14),
    Kind("steel_ipe", Unit.PIECE, 120, 220, ((1500, 12000), (55, 200), (100, 500)), 6, 14),
    Kind("steel_hea", Unit.PIECE, 190, 350, ((1500, 12000), (100, 300), (96, 500)), 5, 14),
    Kind("window_frame_wood", Unit.PIECE, 45, 420, ((500, 2400), (500, 2400), (67, 140)), 9, 12),
    Kind("door_interior", Unit.PIECE, 28, 130, _DOOR, 10, 12),
    Kind("door_exterior", Unit.PIECE, 55, 620, _DOOR, 5, 12),
    Kind("plywood", Unit.PIECE, 22, 38, ((2400, 2500), (1200, 1250), (9, 22)), 6, 12),
    Kind("radiator", Unit.PIECE, 38, 210, ((500, 2400), (300, 900), (60, 170)), 6, 12),
    Kind("toilet", Unit.PIECE, 25, 140, ((500, 700), (350, 400), (350, 450)), 7, 12),
)
_SUBSTITUTES = {"timber_joist": ["timber_oak_beam"], "steel_ipe": ["steel_hea"], "steel_hea": ["steel_ipe"]}


@dataclass(slots=True)
class Region:
    """What makes the rows: the chance that decides, whose they are, and from which day weeks are counted."""

    chance: random.Random
    owner_id: int
    builder_id: int
    hubs: list[Hub]
    monday: date
    passports: Iterator[int]

    def day(self, week: int) -> date:
        return self.monday + timedelta(weeks=week)

    def sites(self, many: int) -> list[tuple[float, float, int]]:
        """Return places in km with their first week; half of them near a hub."""
        made = []
        for _ in range(max(1, many)):
            near = self.chance.choice(self.hubs)
            x, y = near.x_km + self.chance.gauss(0, 6), near.y_km + self.chance.gauss(0, 6)
            if self.chance.random() < 0.5:
                x, y = near.x_km + self.chance.uniform(-60, 60), near.y_km + self.chance.uniform(-60, 60)
            made.append((round(x, 2), round(y, 2), self.chance.randrange(_WEEKS - 8)))
        return made

    def kind(self) -> Kind:
        return self.chance.choices(KINDS, [kind.usual for kind in KINDS])[0]

    def sizes(self, kind: Kind) -> list[int]:
        return [
            round(low + (high - low) * self.chance.randrange(6) / 5)
            if self.chance.random() < 0.7
            else self.chance.randint(low, high)
            for low, high in kind.sizes
        ]

    def amount(self, kind: Kind, shift: float = 0) -> int:
        return max(1, round(kind.amount * exp(self.chance.gauss(shift, 1))))


def fill(lots: int, needs: int, *, seed: int = 1) -> Region:
    """Add hubs, so many open lots and so many needs of projects, commit, and return what can add more."""
    begin_writing()
    hubs = [make_hub(at=at, capacity_m3=Decimal(round(0.35 * lots)), handle_eur_per_m3=Decimal("4.5")) for at in HUBS]
    for hub in hubs:
        hub.store_eur_per_m3_week = Decimal("0.55")
    owner, builder = make_organisation(), make_organisation(kind=OrganisationKind.BUILDER)
    chance = random.Random(seed)  # noqa: S311 (nothing is kept secret by it)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    region = Region(chance, owner.id, builder.id, hubs, monday, count(1))
    donors = region.sites(lots // 12)
    _in_bulk(Passport, Listing, [lot_rows(region, donors) for _ in range(lots)])
    projects = [project_row(region, site) for site in region.sites(needs // 6)]
    session.execute(insert(Project), projects)
    ids = session.scalars(select(Project.id).order_by(Project.id)).all()
    given = dict(zip(ids, projects, strict=True))
    session.execute(insert(Need), [need_row(region, given) for _ in range(needs)])
    commit()
    return region


def _in_bulk(first: type, second: type, rows: list[tuple[dict[str, object], dict[str, object]]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        session.execute(insert(first), [passport for passport, _ in some])
        session.execute(insert(second), [listing for _, listing in some])


def lot_rows(region: Region, donors: list[tuple[float, float, int]]) -> tuple[dict[str, object], dict[str, object]]:
    """Return a passport and a listing of one lot."""
    kind, (x, y, start) = region.kind(), region.chance.choice(donors)
    amount, sizes, number = region.amount(kind), region.sizes(kind), next(region.passports)
    first = start + region.chance.randrange(4)
    length, width, height = sizes or (None, None, None)
    passport = {
        "id": number,
        "code": new_passport_code(),
        "issuer_id": region.owner_id,
        "owner_id": region.owner_id,
        "status": PassportStatus.PUBLISHED,
        "category": kind.category,
        "name": kind.category,
        "quantity": Decimal(amount),
        "unit": kind.unit,
        "kg_per_unit": Decimal(str(kind.kg)),
        "mass_is_estimate": False,
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        "building_year": region.chance.choices((2018, 1970), (86, 14))[0],
        "origin": "",
        "details": EMPTY,
        "created_at": clock.now(),
    }
    least = amount if region.chance.random() < 0.1 else ceil(amount * region.chance.choice([0.01, 0.05, 0.2]))
    listing = {
        "id": number,
        "reference": new_reference(),
        "passport_id": number,
        "organisation_id": region.owner_id,
        "status": ListingStatus.PUBLISHED,
        "stage": Stage.IN_STOCK,
        "unit": kind.unit,
        "total": Decimal(amount),
        "available": Decimal(amount),
        "min_take": Decimal(least),
        "grade": region.chance.choices("ABCD", [2, 4, 3, 1])[0],
        "price_eur": Decimal(str(round(kind.eur * exp(region.chance.gauss(-0.8, 0.45)), 2))),
        "available_from": region.day(first),
        "available_until": region.day(first + region.chance.randrange(1, 9)),
        "created_at": clock.now(),
        "published_at": clock.now(),
        "x_km": x,
        "y_km": y,
        **_NOWHERE,
    }
    return passport, listing


def project_row(region: Region, site: tuple[float, float, int]) -> dict[str, object]:
    """Return a project that takes half a year."""
    x, y, week = site
    slug = f"plan-{new_reference().lower()}"
    of = {"organisation_id": region.builder_id, "client_id": region.builder_id, "kind": ProjectKind.CONSTRUCTION}
    window = {"starts_on": region.day(week), "ends_on": region.day(week + 26)}
    return {"slug": slug, "name": slug, **of, **window, "x_km": x, "y_km": y, **_NOWHERE}


def need_row(region: Region, projects: dict[int, dict[str, object]]) -> dict[str, object]:
    """Return a need of one of the projects, wanted for some weeks from about its start."""
    kind, project_id = region.kind(), region.chance.choice(list(projects))
    amount, sizes = region.amount(kind, 0.35), region.sizes(kind)
    if kind.is_long:
        sizes[0] = round(sizes[0] * region.chance.uniform(0.35, 1))
    slack = 40 if kind.is_long else 15
    windows: dict[str, int | None] = {}
    for at, slot in enumerate(("length", "width", "height")):
        windows[f"{slot}_min"] = sizes[at] - (0 if kind.is_long and not at else slack) if sizes else None
        windows[f"{slot}_max"] = sizes[at] + (0 if kind.is_long and not at else slack) if sizes else None
    start = projects[project_id]["starts_on"]
    assert isinstance(start, date)
    first = start + timedelta(weeks=4 + region.chance.randrange(6))
    return {
        "reference": new_reference(),
        "project_id": project_id,
        "title": kind.category,
        "category": kind.category,
        "substitutes": _SUBSTITUTES.get(kind.category, []) if region.chance.random() < 0.6 else [],
        "quantity": Decimal(amount),
        "unit": kind.unit,
        **windows,
        "wanted_from": first,
        "wanted_until": first + timedelta(weeks=region.chance.randrange(1, 7)),
        "max_km": region.chance.choices([25, 50, 100, 200], [15, 35, 35, 15])[0],
        "grade": region.chance.choices("BCD", [3, 4, 3])[0],
        "accepts_untested": region.chance.random() < 0.5,
        "new_eur": Decimal(str(kind.eur)),
        "max_price": Decimal(str(round(kind.eur * region.chance.choice([0.7, 0.85, 1.0]), 2))),
        "min_batch": Decimal(ceil(amount * region.chance.choice([0.05, 0.2, 0.5]))),
        "created_at": clock.now(),
    }
