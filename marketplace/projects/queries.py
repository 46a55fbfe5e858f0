"""Reading hubs, programmes, projects and their needs."""

from collections.abc import Collection, Sequence

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.kit import clock, journal
from marketplace.kit.codes import normalise
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.projects.models import Hub, Need, Programme, Project, ProjectKind


def find_project(slug: str) -> Project | None:
    """Return the project with this slug, with its organisations, programme and needs, or None."""
    return session.scalars(_projects().where(Project.slug == slug).options(selectinload(Project.needs))).one_or_none()


def get_project(slug: str) -> Project:
    """Return the project with this slug, with its organisations, programme and needs, or raise NotFoundError."""
    project = find_project(slug)
    if project is None:
        raise NotFoundError(N_("Dit project bestaat niet, of niet meer."))
    return project


def list_projects(
    kind: ProjectKind | None = None, programme_slug: str | None = None, place: str | None = None
) -> Sequence[Project]:
    """Return the projects that meet these filters with their needs, the first to start first."""
    query = _projects().options(selectinload(Project.needs))
    if kind is not None:
        query = query.where(Project.kind == kind)
    if programme_slug is not None:
        query = query.where(Project.programme_id == _programme_id(programme_slug))
    if place is not None:
        query = query.where(func.lower(Project.place) == place.lower())
    return session.scalars(query.order_by(Project.starts_on, Project.id)).all()


def places() -> Sequence[str]:
    """Return every place with a project, in order."""
    return session.scalars(select(Project.place).distinct().order_by(Project.place)).all()


def of_organisation(organisation_id: int) -> Sequence[Project]:
    """Return the projects that an organisation plans or has done, with their needs, the first to start first."""
    own = or_(Project.organisation_id == organisation_id, Project.client_id == organisation_id)
    query = _projects().where(own).options(selectinload(Project.needs))
    return session.scalars(query.order_by(Project.starts_on, Project.id)).all()


def with_needs_of(organisation_ids: Collection[int]) -> list[Project]:
    """Return the projects that these organisations plan, with their needs and programmes, in order of name."""
    query = _projects().where(Project.organisation_id.in_(organisation_ids)).options(selectinload(Project.needs))
    return list(session.scalars(query.order_by(Project.name, Project.id)))


def open_needs(limit: int | None = None) -> Sequence[Need]:
    """Return the needs of which the last day has not passed, with their projects, the first to be wanted first."""
    query = _needs().where(Need.wanted_until >= clock.today()).order_by(Need.wanted_from, Need.id)
    return session.scalars(query.limit(limit)).all()


def find_need(reference: str) -> Need | None:
    """Return the need of this reference in any case, with its project and organisations, or None."""
    return session.scalars(_needs().where(Need.reference == normalise(reference))).one_or_none()


def get_need(reference: str) -> Need:
    """Return the need of this reference in any case, with its project and organisations, or raise NotFoundError."""
    need = find_need(reference)
    if need is None:
        raise NotFoundError(N_("Deze behoefte bestaat niet, of niet meer."))
    return need


def programmes() -> Sequence[Programme]:
    """Return every programme in order of name."""
    return session.scalars(select(Programme).order_by(Programme.name, Programme.id)).all()


def find_programme(slug: str) -> Programme | None:
    """Return the programme with this slug, or None."""
    return session.scalars(select(Programme).where(Programme.slug == slug)).one_or_none()


def get_programme(slug: str) -> Programme:
    """Return the programme with this slug, or raise NotFoundError."""
    programme = find_programme(slug)
    if programme is None:
        raise NotFoundError(N_("Dit programma bestaat niet, of niet meer."))
    return programme


def starter_of(programme: Programme) -> int | None:
    """Return the id of the organisation that started a programme, as the journal tells; None where nobody did."""
    told = journal.history(f"programme:{programme.id}", only=("programme.added",))
    return told[-1].organisation_id if told else None


def hubs() -> Sequence[Hub]:
    """Return every hub with its organisation, in order of name."""
    return session.scalars(select(Hub).options(joinedload(Hub.organisation)).order_by(Hub.name, Hub.id)).all()


def find_hub(slug: str) -> Hub | None:
    """Return the hub with this slug and its organisation, or None."""
    return session.scalars(select(Hub).where(Hub.slug == slug).options(joinedload(Hub.organisation))).one_or_none()


def find_hub_by_id(hub_id: int) -> Hub | None:
    """Return a hub, or None."""
    return session.get(Hub, hub_id)


def get_hub(slug: str) -> Hub:
    """Return the hub with this slug and its organisation, or raise NotFoundError."""
    hub = find_hub(slug)
    if hub is None:
        raise NotFoundError(N_("Deze hub bestaat niet, of niet meer."))
    return hub


def _programme_id(slug: str) -> ScalarSelect[int]:
    return select(Programme.id).where(Programme.slug == slug).scalar_subquery()


def _projects() -> Select[Project]:
    return select(Project).options(
        joinedload(Project.organisation), joinedload(Project.client), joinedload(Project.programme)
    )


def _needs() -> Select[Need]:
    project = joinedload(Need.project)
    return select(Need).options(
        project.joinedload(Project.organisation),
        project.joinedload(Project.client),
        project.joinedload(Project.programme),
    )
