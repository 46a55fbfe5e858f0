"""Reading offers: one, those of somebody, and the catalogue."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.kit import clock
from marketplace.kit.codes import normalise
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.places import Point
from marketplace.listings.criteria import PAGE_SIZE, Criteria, Facets, Heap, Page, Sort, Window
from marketplace.listings.models import ON_OFFER, Listing, ListingStatus, Stage
from marketplace.listings.search import matches
from marketplace.materials.dimensions import Fit, Slot
from marketplace.materials.vocabulary import categories, find_category, groups
from marketplace.passports.gate import HazardStatus
from marketplace.passports.models import Claim, HazardFinding, Passport
from marketplace.projects.models import Grade, Hub, Project, ProjectKind

Condition = ColumnElement[bool]
Found = TypeVar("Found")


def find(reference: str) -> Listing | None:
    """Return the offer of this reference in any case, with everything that its page shows, or None."""
    query = select(Listing).where(Listing.reference == normalise(reference)).options(*_whole())
    return session.scalars(query).one_or_none()


def get(reference: str) -> Listing:
    """Return the offer of this reference in any case, with everything that its page shows. Raises NotFoundError."""
    return _found(find(reference))


def id_of(reference: str) -> int:
    """Return the id of the offer of this reference in any case. Raises NotFoundError."""
    return _found(session.scalar(select(Listing.id).where(Listing.reference == normalise(reference))))


def ids_of(references: Sequence[str]) -> dict[str, int]:
    """Return the ids of the offers with these references, no drafts, in the order in which they are asked for."""
    query = select(Listing.reference, Listing.id).where(Listing.reference.in_(references))
    rows = session.execute(query.where(Listing.status != ListingStatus.DRAFT))
    found = {row.reference: row.id for row in rows}
    return {reference: found[reference] for reference in references if reference in found}


def get_named(reference: str) -> Listing:
    """Return the offer of this reference in any case, with its owner and the passport's row. Raises NotFoundError."""
    query = select(Listing).where(Listing.reference == normalise(reference))
    options = (joinedload(Listing.passport), joinedload(Listing.organisation))
    return _found(session.scalars(query.options(*options)).one_or_none())


def _found(found: Found | None) -> Found:
    if found is None:
        raise NotFoundError(N_("Deze partij bestaat niet, of niet meer."))
    return found


def of_passport(passport_id: int) -> Sequence[Listing]:
    """Return the offers of what a passport describes, the newest first, with owner and hub."""
    query = select(Listing).where(Listing.passport_id == passport_id)
    options = (joinedload(Listing.organisation), joinedload(Listing.hub))
    return session.scalars(query.options(*options).order_by(Listing.created_at.desc(), Listing.id.desc())).all()


def newest_of_passports(passport_ids: Collection[int]) -> dict[int, Listing]:
    """Return the newest offer of each of these passports that has one, by their ids, with owner and hub."""
    query = select(Listing).where(Listing.passport_id.in_(passport_ids))
    options = (joinedload(Listing.organisation), joinedload(Listing.hub))
    rows = session.scalars(query.options(*options).order_by(Listing.created_at, Listing.id))
    return {listing.passport_id: listing for listing in rows}


def of_organisation(organisation_id: int) -> Sequence[Listing]:
    """Return every offer of an organisation, drafts too, the newest first, ready to be shown as cards."""
    query = select(Listing).where(Listing.organisation_id == organisation_id).options(*_card())
    return session.scalars(query.order_by(Listing.created_at.desc(), Listing.id.desc())).all()


def of_project(project_id: int) -> Sequence[Listing]:
    """Return the published offers that come out of a project, the first to come free first, ready to be shown."""
    return of_projects([project_id])


def of_projects(project_ids: Collection[int]) -> Sequence[Listing]:
    """Return the published offers out of these projects, the first to come free first, ready to be shown as cards."""
    query = select(Listing).where(Listing.project_id.in_(project_ids), Listing.status == ListingStatus.PUBLISHED)
    return session.scalars(query.options(*_card()).order_by(Listing.available_from, Listing.id)).all()


def harvest_of(project_id: int, *, drafts_of: Collection[int] = ()) -> Sequence[Listing]:
    """Return what comes out of a project and is not gone, the first to come free first, ready to be shown as cards.

    Drafts belong to it where they are of the organisations `drafts_of`; what was withdrawn does not.
    """
    is_draft = and_(Listing.status == ListingStatus.DRAFT, Listing.organisation_id.in_(drafts_of))
    query = select(Listing).where(
        Listing.project_id == project_id,
        Listing.stage != Stage.GONE,
        or_(Listing.status == ListingStatus.PUBLISHED, is_draft),
    )
    return session.scalars(query.options(*_card()).order_by(Listing.available_from, Listing.id)).all()


def lots_per_hub(*, on: date | None = None) -> dict[int, int]:
    """Return how many open offers lie at each hub, by its id."""
    query = select(Listing.hub_id, func.count()).where(is_open(on or clock.today()), Listing.hub_id.is_not(None))
    return {hub_id: count for hub_id, count in session.execute(query.group_by(Listing.hub_id)) if hub_id is not None}


@dataclass(frozen=True, slots=True)
class Harvest:
    """Hold what is on offer out of one project: how many lots, how many still in place, and the next crusher day."""

    lots: int
    expected: int
    crusher_on: date | None


def harvest_per_project(project_ids: Collection[int], *, on: date | None = None) -> dict[int, Harvest]:
    """Return what is on offer out of each of these projects, by their ids; one statement."""
    today = on or clock.today()
    expected = func.count(Listing.id).filter(Listing.stage == Stage.EXPECTED)
    crusher = func.min(Listing.crusher_on).filter(Listing.crusher_on >= today)
    query = select(Listing.project_id, func.count(), expected, crusher).where(
        is_open(today), Listing.project_id.in_(project_ids)
    )
    rows = session.execute(query.group_by(Listing.project_id))
    return {id_: Harvest(lots, waiting, on_day) for id_, lots, waiting, on_day in rows if id_ is not None}


@dataclass(frozen=True, slots=True)
class Places:
    """Hold where an offer may lie and come from: every hub, and the organisations' own projects that yield material."""

    hubs: Sequence[Hub]
    projects: Sequence[Project]


def drafts_of_project(project_id: int, organisation_id: int) -> Sequence[Listing]:
    """Return what an organisation holds ready to offer out of a project, with passport and hazards, by name."""
    query = (
        select(Listing)
        .join(Listing.passport)
        .where(
            Listing.project_id == project_id,
            Listing.organisation_id == organisation_id,
            Listing.status == ListingStatus.DRAFT,
            Listing.stage != Stage.GONE,
        )
    )
    options = (contains_eager(Listing.passport), selectinload(Listing.passport, Passport.hazards))
    return session.scalars(query.options(*options).order_by(Passport.name, Listing.id)).all()


def templates_for(project: Project) -> Sequence[Project]:
    """Return the buildings of which a project can take over the harvest: its organisation's own, then the examples.

    Only those whose floor area is known, and out of which something is or was on offer.
    """
    own = Project.organisation_id == project.organisation_id
    lots = _to_copy(project.organisation_id).where(Listing.project_id == Project.id)
    query = select(Project).where(
        Project.id != project.id,
        Project.kind.in_((ProjectKind.DEMOLITION, ProjectKind.RENOVATION)),
        Project.floor_area_m2.is_not(None),
        or_(own, Project.is_example),
        lots.exists(),
    )
    return session.scalars(query.order_by(own.desc(), Project.name, Project.id)).all()


def lots_to_copy(template_id: int, organisation_id: int) -> Sequence[Listing]:
    """Return what came or will come out of a building, as far as this organisation may see it, with passports."""
    query = _to_copy(organisation_id).where(Listing.project_id == template_id).join(Listing.passport)
    return session.scalars(query.options(contains_eager(Listing.passport)).order_by(Passport.name, Listing.id)).all()


def _to_copy(organisation_id: int) -> Select[Listing]:
    own_draft = (Listing.status == ListingStatus.DRAFT) & (Listing.organisation_id == organisation_id)
    return select(Listing).where(or_(Listing.status == ListingStatus.PUBLISHED, own_draft))


def places_for(organisation_ids: Sequence[int]) -> Places:
    """Return the hubs in order of name, and these organisations' projects, the latest first."""
    own = or_(Project.organisation_id.in_(organisation_ids), Project.client_id.in_(organisation_ids))
    projects = select(Project).where(own, Project.kind != ProjectKind.CONSTRUCTION)
    return Places(
        hubs=session.scalars(select(Hub).order_by(Hub.name, Hub.id)).all(),
        projects=session.scalars(projects.order_by(Project.starts_on.desc(), Project.id)).all(),
    )


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
    return Page(_cards_of(session.scalars(wanted).all()) if total else [], total, number, size)


def _cards_of(ids: Sequence[int]) -> list[Listing]:
    rows = session.scalars(select(Listing).where(Listing.id.in_(ids)).options(*_card()))
    found = {listing.id: listing for listing in rows}
    return [found[id_] for id_ in ids if id_ in found]


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


def published_since(moment: datetime) -> int:
    """Return how many of the open offers were published at or after this moment."""
    query = select(func.count()).select_from(Listing).where(is_open(clock.today()), Listing.published_at >= moment)
    return session.scalar(query) or 0


def is_open(on: date) -> Condition:
    """Return the condition that others can reserve of an offer on the day `on`."""
    return and_(
        ON_OFFER,
        or_(Listing.available_until.is_(None), Listing.available_until >= on),
    )


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


def _card() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Listing.passport),
        selectinload(Listing.passport, Passport.photos),
        selectinload(Listing.passport, Passport.hazards),
        selectinload(Listing.passport, Passport.claims),
        joinedload(Listing.organisation),
        joinedload(Listing.hub),
    )


def _whole() -> tuple[ExecutableOption, ...]:
    passport = joinedload(Listing.passport)
    return (
        passport.joinedload(Passport.issuer),
        passport.joinedload(Passport.origin_project),
        passport.selectinload(Passport.hazards).joinedload(HazardFinding.document),
        passport.selectinload(Passport.claims).joinedload(Claim.document),
        passport.selectinload(Passport.photos),
        joinedload(Listing.organisation),
        joinedload(Listing.hub),
        joinedload(Listing.project),
    )
