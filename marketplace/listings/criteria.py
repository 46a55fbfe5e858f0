"""What somebody looks for in the catalogue, as plain values; every one of them stands in the address of the page."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Generic, TypeVar

from marketplace.kit.places import Point
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Stage
from marketplace.projects.models import Grade

PAGE_SIZE: Final = 24

Item = TypeVar("Item")


class Sort(StrEnum):
    """Name the order of what is found."""

    NEWEST = "newest"
    PRICE = "price"
    DISTANCE = "distance"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Window:
    """Hold the sizes in mm that do, both ends included; an open end is None."""

    at_least: int | None = None
    at_most: int | None = None

    def __bool__(self) -> bool:
        return self.at_least is not None or self.at_most is not None


@dataclass(frozen=True, slots=True)
class Criteria:
    """Hold what is looked for; whatever is left out restricts nothing.

    `categories` is any of these, `group` a whole shelf. `longer_is_fine` lets the length exceed its window where the
    category may be cut. `free_from` and `free_until` are the days between which somebody wants to fetch it.
    `within_km` is as the crow flies from `near`. `hazards_known` leaves out whatever has an unknown hazard.
    """

    text: str = ""
    categories: tuple[str, ...] = ()
    group: str | None = None
    length: Window = field(default_factory=Window)
    width: Window = field(default_factory=Window)
    height: Window = field(default_factory=Window)
    longer_is_fine: bool = False
    quantity: Decimal | None = None
    unit: Unit | None = None
    free_from: date | None = None
    free_until: date | None = None
    near: Point | None = None
    within_km: int | None = None
    price_max: Decimal | None = None
    free_of_charge: bool = False
    grade: Grade | None = None
    stage: Stage | None = None
    hub_id: int | None = None
    organisation_id: int | None = None
    seen_since: datetime | None = None
    hazards_known: bool = False
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Hold one page of what was found; pages count from 1, and nothing found is one empty page."""

    items: list[Item]
    total: int
    page: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Facets:
    """Hold how many offers each category has under the other criteria, for the tree beside the list."""

    by_category: dict[str, int]
    by_group: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_group.values())


@dataclass(frozen=True, slots=True)
class Heap:
    """Hold how many offers of one stage lie in one place, for a map.

    `point` is the middle of where they lie. `reference` and `name` are those of one of them, of the only one where
    `count` is 1.
    """

    place: str
    stage: Stage
    count: int
    point: Point
    reference: str
    name: str
