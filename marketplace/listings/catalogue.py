"""The catalogue: which open offers meet what somebody looks for, page by page, by category and by place."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.places import Point
from marketplace.listings.criteria import PAGE_SIZE, Criteria, Facets, Heap, Page, Sort, Window
from marketplace.listings.models import Listing
from marketplace.listings.queries import cards_of, is_open
from marketplace.listings.search import matches
from marketplace.materials.dimensions import Fit, Slot
from marketplace.materials.vocabulary import categories, find_category, groups
from marketplace.passports.gate import HazardStatus
from marketplace.passports.models import HazardFinding, Passport
from marketplace.projects.models import Grade

Condition = ColumnElement[bool]


def search(criteria: Criteria, page: int = 1, *, size: int = PAGE_SIZE, on: date | None = None) -> Page[Listing]:
    """Return one page of the open offers that meet all criteria on the day `on`, ready to be shown as cards.

    A page beyond the last is the last. Takes one statement to count, one to find which offers are on the page, and
    one each for these offers, their photos, hazards and claims.
    """
    conditions = _conditions(criteria, on or clock.today())
    total = session.scalar(select(func.count()).select_from(Listing).where(*conditions)) or 0
    return _page(criteria, conditions, total, page, size)


def search_with_facets(
    criteria: Criteria, page: int = 1, *, size: int = PAGE_SIZE, on: date | None = None
) -> tuple[Page[Listing], Facets]:
    """Return what `search` and `facets` do, in a statement less: what the categories have adds up to the total."""
    today = on or clock.today()
    found = _per_category(criteria, today)
    asked = _asked(criteria)
    total = sum(count for category, count in found.items() if asked is None or category in asked)
    return _page(criteria, _conditions(criteria, today), total, page, size), _facets(found)


def _page(criteria: Criteria, conditions: list[Condition], total: int, page: int, size: int) -> Page[Listing]:
    number = min(max(page, 1), max(1, -(-total // size)))
    wanted = select(Listing.id).where(*conditions).order_by(*_order(criteria)).limit(size).offset((number - 1) * size)
    return Page(cards_of(session.scalars(wanted).all()) if total else [], total, number, size)


def facets(criteria: Criteria, *, on: date | None = None) -> Facets:
    """Return how many open offers each category and group has under all criteria but those two; one statement."""
    return _facets(_per_category(criteria, on or clock.today()))


def _per_category(criteria: Criteria, on: date) -> dict[str, int]:
    conditions = _conditions(criteria, on, with_category=False)
    rows = session.execute(select(Listing.category, func.count()).where(*conditions).group_by(Listing.category))
    return {row.category: row[1] for row in rows}


def _facets(found: Mapping[str, int]) -> Facets:
    by_category = {category: count for category, count in found.items() if find_category(category)}
    by_group: Counter[str] = Counter()
    for group in groups():
        by_group[group.id] = sum(by_category.get(category.id, 0) for category in group.categories)
    return Facets(by_category, {group: count for group, count in by_group.items() if count})


def by_place(criteria: Criteria, *, on: date | None = None) -> list[Heap]:
    """Return what was found as heaps, one for each place and stage, the largest first; one statement."""
    middle = (func.avg(Listing.x_km).label("x_km"), func.avg(Listing.y_km).label("y_km"))
    counted = select(
        Listing.place, Listing.stage, func.count().label("lots"), *middle, func.min(Listing.id).label("one")
    )
    heap = (
        counted.where(*_conditions(criteria, on or clock.today())).group_by(Listing.place, Listing.stage).subquery()
    ).c
    query = (
        select(heap.place, heap.stage, heap.lots, heap.x_km, heap.y_km, Listing.reference, Passport.name)
        .join(Listing, Listing.id == heap.one)
        .join(Listing.passport)
    )
    rows = session.execute(query.order_by(heap.lots.desc(), heap.place, heap.stage))
    return [Heap(place, stage, lots, Point(x, y), *example) for place, stage, lots, x, y, *example in rows]


def _conditions(criteria: Criteria, on: date, *, with_category: bool = True) -> list[Condition]:
    return [
        is_open(on),
        *(_of_text(criteria) if criteria.text.strip() else []),
        *(_of_category(criteria) if with_category else []),
        *_of_sizes(criteria),
        *_of_terms(criteria),
        *_of_place(criteria),
        *_of_evidence(criteria),
    ]


def _of_text(criteria: Criteria) -> list[Condition]:
    found = matches(criteria.text)
    return [] if found is None else [found]


def _of_category(criteria: Criteria) -> list[Condition]:
    asked = _asked(criteria)
    return [] if asked is None else [Listing.category.in_(asked)]


def _asked(criteria: Criteria) -> Collection[str] | None:
    """Return the categories that are asked for, or None where any will do."""
    if criteria.categories:
        return criteria.categories
    if criteria.group is None:
        return None
    return [category.id for category in categories() if category.group == criteria.group]


def _of_sizes(criteria: Criteria) -> list[Condition]:
    """Return the conditions on sizes. An offer without a size that is asked for is no hit: it may be anything."""
    length = _within(Listing.length_mm, criteria.length)
    if length and criteria.longer_is_fine and criteria.length.at_most is not None:
        from_least = _within(Listing.length_mm, Window(at_least=criteria.length.at_least))
        longer = and_(Listing.length_mm.is_not(None), Listing.category.in_(_cuttable()), *from_least)
        length = [or_(and_(*length), longer)]
    return [*length, *_within(Listing.width_mm, criteria.width), *_within(Listing.height_mm, criteria.height)]


def _within(size: InstrumentedAttribute[int | None], window: Window) -> list[Condition]:
    lower = [] if window.at_least is None else [size >= window.at_least]
    return lower + ([] if window.at_most is None else [size <= window.at_most])


def _cuttable() -> list[str]:
    rules = ((category.id, category.dimension(Slot.LENGTH)) for category in categories())
    return [category for category, rule in rules if rule is not None and rule.fit is Fit.CUT]


def _of_terms(criteria: Criteria) -> list[Condition]:
    given: list[tuple[object, Callable[[Any], Condition]]] = [
        (criteria.quantity, lambda quantity: Listing.available >= quantity),
        (criteria.unit, lambda unit: Listing.unit == unit),
        (criteria.free_until, lambda day: Listing.available_from <= day),
        (criteria.free_from, lambda day: or_(Listing.available_until.is_(None), Listing.available_until >= day)),
        (criteria.price_max, lambda price: Listing.price_eur <= price),
        (criteria.grade, lambda worst: Listing.grade.in_([grade for grade in Grade if grade <= worst])),
        (criteria.stage, lambda stage: Listing.stage == stage),
        (criteria.hub_id, lambda hub: Listing.hub_id == hub),
        (criteria.organisation_id, lambda organisation: Listing.organisation_id == organisation),
    ]
    found = [condition(value) for value, condition in given if value is not None]
    return [*found, Listing.price_eur == Decimal(0)] if criteria.free_of_charge else found


def _of_place(criteria: Criteria) -> list[Condition]:
    """Return the conditions of a square, which an index can answer, and of the circle in it."""
    near, radius = criteria.near, criteria.within_km
    if near is None or radius is None:
        return []
    return [
        Listing.x_km.between(near.x_km - radius, near.x_km + radius),
        Listing.y_km.between(near.y_km - radius, near.y_km + radius),
        _distance_squared(near) <= float(radius) ** 2,
    ]


def _distance_squared(near: Point) -> ColumnElement[float]:
    east, north = Listing.x_km - near.x_km, Listing.y_km - near.y_km
    return east * east + north * north


def _of_evidence(criteria: Criteria) -> list[Condition]:
    found: list[Condition] = []
    if criteria.seen_since is not None:
        seen = select(Passport.id).where(Passport.last_seen_at >= criteria.seen_since)
        found.append(Listing.passport_id.in_(seen))
    if criteria.hazards_known:
        unknown = select(HazardFinding.id).where(
            HazardFinding.passport_id == Listing.passport_id, HazardFinding.status == HazardStatus.UNKNOWN
        )
        found.append(~unknown.exists())
    return found


def _order(criteria: Criteria) -> list[ColumnElement[Any]]:
    newest: list[ColumnElement[Any]] = [Listing.published_at.desc(), Listing.id.desc()]
    if criteria.sort is Sort.PRICE:
        return [Listing.price_eur.asc(), *newest]
    if criteria.sort is Sort.FREE:
        return [Listing.available_from.asc(), *newest]
    if criteria.sort is Sort.DISTANCE and criteria.near is not None:
        return [_distance_squared(criteria.near).asc(), *newest]
    return newest
