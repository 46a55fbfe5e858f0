"""Planning: hubs, programmes, projects and what they need."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Organisation
from marketplace.kit import clock, journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By, Fact
from marketplace.kit.location import Located, Site
from marketplace.kit.slugs import free_slug
from marketplace.projects.facts import (
    HubFacts,
    NeedFacts,
    ProjectFacts,
    check_hub,
    check_name,
    check_need,
    check_project,
    one_line,
    substitutes_of,
)
from marketplace.projects.models import Hub, Need, Programme, Project
from marketplace.projects.queries import find_hub, find_programme, find_project

_OF_HUB: Final = ("name", "place", "address", "capacity_m3", "handle_eur_per_m3", "store_eur_per_m3_week")
_OF_PROGRAMME: Final = ("name", "summary")
_OF_PROJECT: Final = (
    "name",
    "kind",
    "client_id",
    "programme_id",
    "place",
    "address",
    "starts_on",
    "ends_on",
    "building_year",
    "building_type",
    "floor_area_m2",
    "dwellings",
    "summary",
)
_OF_NEED: Final = (
    "title",
    "category",
    "substitutes",
    "quantity",
    "unit",
    "length_min",
    "length_max",
    "width_min",
    "width_max",
    "height_min",
    "height_max",
    "wanted_from",
    "wanted_until",
    "max_km",
    "grade",
    "accepts_untested",
    "new_eur",
    "max_price",
    "min_batch",
    "note",
)


def add_programme(
    *, name: str, summary: str = "", slug: str | None = None, is_example: bool = False, by: By
) -> Programme:
    """Add a programme, to put projects under. Raises InvalidInputError for a name that cannot be one."""
    title = one_line(name)
    check_name(title)
    programme = Programme(name=title, summary=summary.strip(), is_example=is_example)
    programme.slug = slug or free_slug(title, taken=_is_programme, otherwise="programma")
    session.add(programme)
    flush_or({"programme.slug": _taken()})
    journal.record(f"programme:{programme.id}", "programme.added", by=by, name=title)
    return programme


def change_programme(*, programme: Programme, name: str, summary: str, by: By) -> None:
    """Call a programme otherwise; its address on the web stays. Raises InvalidInputError as adding does."""
    before = snapshot(programme, _OF_PROGRAMME)
    title = one_line(name)
    check_name(title)
    programme.name, programme.summary = title, summary.strip()
    session.flush()
    if told := differences(before, snapshot(programme, _OF_PROGRAMME)):
        journal.record(f"programme:{programme.id}", "programme.changed", by=by, **told)


def put_in_programme(
    *, programme: Programme, own: Iterable[Project], chosen: Collection[int], by: By
) -> tuple[list[Project], list[Project]]:
    """Let the chosen of these projects belong to a programme, and no other of them; return who came and who left.

    A project belongs to one programme, so it leaves the one where it was. `own` are those that the person may plan;
    projects of others stay where they are.
    """
    came, left = [], []
    for project in own:
        before = snapshot(project, _OF_PROJECT)
        if project.id in chosen and project.programme_id != programme.id:
            project.programme_id = programme.id
            came.append(project)
        elif project.id not in chosen and project.programme_id == programme.id:
            project.programme_id = None
            left.append(project)
        if told := differences(before, snapshot(project, _OF_PROJECT)):
            journal.record(f"project:{project.id}", "project.changed", by=by, **told)
    return came, left


def add_hub(
    *, organisation: Organisation, facts: HubFacts, slug: str | None = None, is_example: bool = False, by: By
) -> Hub:
    """Add a hub of this organisation. Raises InvalidInputError where the facts cannot be true."""
    check_hub(facts)
    hub = Hub(
        organisation=organisation,
        name=one_line(facts.name),
        capacity_m3=facts.capacity_m3,
        handle_eur_per_m3=facts.handle_eur_per_m3,
        store_eur_per_m3_week=facts.store_eur_per_m3_week,
        is_example=is_example,
    )
    _put(hub, facts.site)
    hub.slug = slug or free_slug(hub.name, taken=_is_hub, otherwise="hub")
    session.add(hub)
    flush_or({"hub.slug": _taken()})
    journal.record(f"hub:{hub.id}", "hub.added", by=by, **snapshot(hub, _OF_HUB))
    return hub


def change_hub(*, hub: Hub, capacity_m3: Decimal, handle_eur_per_m3: Decimal, store_eur: Decimal, by: By) -> None:
    """Set the room of a hub in m3, and its tariffs in EUR: per m3 moved in or out, and per m3 and week (`store_eur`).

    Raises InvalidInputError, for the field it concerns, where these cannot be true.
    """
    site = Site(hub.place, hub.latitude, hub.longitude, hub.address)
    check_hub(HubFacts(hub.name, site, capacity_m3, handle_eur_per_m3, store_eur))
    before = snapshot(hub, _OF_HUB)
    hub.capacity_m3, hub.handle_eur_per_m3, hub.store_eur_per_m3_week = capacity_m3, handle_eur_per_m3, store_eur
    session.flush()
    if told := differences(before, snapshot(hub, _OF_HUB)):
        journal.record(f"hub:{hub.id}", "hub.changed", by=by, **told)


def add_project(
    *, organisation: Organisation, facts: ProjectFacts, slug: str | None = None, is_example: bool = False, by: By
) -> Project:
    """Add a project that this organisation plans. Raises InvalidInputError where the facts cannot be true."""
    project = Project(organisation=organisation, is_example=is_example, needs=[])
    _state_project(project, facts)
    project.slug = slug or free_slug(project.name, taken=_is_project, otherwise="project")
    session.add(project)
    flush_or({"project.slug": _taken()})
    journal.record(f"project:{project.id}", "project.added", by=by, **snapshot(project, _OF_PROJECT))
    return project


def change_project(*, project: Project, facts: ProjectFacts, by: By) -> None:
    """Replace what is known of a project; its address on the web stays. Raises InvalidInputError as adding does."""
    before = snapshot(project, _OF_PROJECT)
    _state_project(project, facts)
    session.flush()
    if told := differences(before, snapshot(project, _OF_PROJECT)):
        journal.record(f"project:{project.id}", "project.changed", by=by, **told)


def add_need(*, project: Project, facts: NeedFacts, by: By, at: datetime | None = None) -> Need:
    """Add something that a project looks for. Raises InvalidInputError where the facts contradict each other."""
    need = Need(project=project, created_at=at or clock.now())
    _state_need(need, facts)
    session.add(need)
    session.flush()
    journal.record(f"need:{need.id}", "need.added", by=by, project_id=project.id, **_told(need))
    return need


def change_need(*, need: Need, facts: NeedFacts, by: By) -> None:
    """Replace what is looked for. Raises InvalidInputError where the facts contradict each other."""
    before = _told(need)
    _state_need(need, facts)
    if told := differences(before, _told(need)):
        journal.record(f"need:{need.id}", "need.changed", by=by, **told)


def remove_need(*, need: Need, by: By, frees: Collection[int] = ()) -> None:
    """Stop looking for something. Raises ConflictError where something was reserved for it.

    `frees` are the ids of the listings that were meant for it, which the record keeps.
    """
    subject, title, project_id = f"need:{need.id}", need.title, need.project_id
    freed = {"frees": ",".join(map(str, sorted(frees)))} if frees else {}
    session.delete(need)
    try:
        session.flush()
    except IntegrityError as kept:
        session.rollback()
        message = N_("Voor deze behoefte is al iets gereserveerd. Pas de hoeveelheid of de dagen aan.")
        raise ConflictError(message) from kept
    journal.record(subject, "need.removed", by=by, project_id=project_id, title=title, **freed)


def _state_project(project: Project, facts: ProjectFacts) -> None:
    check_project(facts, on=clock.today())
    client = session.get(Organisation, facts.client_id)
    if client is None:
        raise InvalidInputError(N_("Kies voor wie het werk is."), field="client_id")
    programme = session.get(Programme, facts.programme_id) if facts.programme_id is not None else None
    if programme is None and facts.programme_id is not None:
        raise InvalidInputError(N_("Dit programma bestaat niet."), field="programme_id")
    project.name, project.kind = one_line(facts.name), facts.kind
    project.client, project.programme = client, programme
    project.client_id, project.programme_id = facts.client_id, facts.programme_id
    project.starts_on, project.ends_on = facts.starts_on, facts.ends_on
    project.building_year, project.building_type = facts.building_year, facts.building_type
    project.floor_area_m2, project.dwellings = facts.floor_area_m2, facts.dwellings
    project.summary = facts.summary.strip()
    _put(project, facts.site)


def _state_need(need: Need, facts: NeedFacts) -> None:
    check_need(facts)
    need.title, need.note = one_line(facts.title), facts.note.strip()
    need.category, need.substitutes = facts.category, substitutes_of(facts)
    need.quantity, need.unit, need.min_batch = facts.quantity.value, facts.quantity.unit, facts.min_batch
    need.length_min, need.length_max = facts.length or (None, None)
    need.width_min, need.width_max = facts.width or (None, None)
    need.height_min, need.height_max = facts.height or (None, None)
    need.wanted_from, need.wanted_until, need.max_km = facts.wanted_from, facts.wanted_until, facts.max_km
    need.grade, need.accepts_untested = facts.grade, facts.accepts_untested
    need.new_eur, need.max_price = facts.new_eur, facts.max_price


def _told(need: Need) -> dict[str, Fact]:
    return {**snapshot(need, _OF_NEED), "substitutes": ", ".join(need.substitutes)}


def _put(thing: Located, site: Site) -> None:
    thing.put_at(place=site.place, latitude=site.latitude, longitude=site.longitude, address=site.address.strip())


def _taken() -> ConflictError:
    return ConflictError(N_("Deze naam is net in gebruik genomen."), field="name")


def _is_programme(slug: str) -> bool:
    return find_programme(slug) is not None


def _is_hub(slug: str) -> bool:
    return find_hub(slug) is not None


def _is_project(slug: str) -> bool:
    return find_project(slug) is not None
