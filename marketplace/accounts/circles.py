"""Circles of organisations that trust each other: founding, inviting, joining, leaving, and who trusts whom.

Nobody is in a circle without having said so. Leaving one changes nothing about what was reserved before.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.accounts.models import Circle, CircleMembership, Organisation
from marketplace.accounts.names import checked_name
from marketplace.kit import journal
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, NotFoundError
from marketplace.kit.journal import By
from marketplace.kit.slugs import free_slug


def found(*, name: str, founder: Organisation, by: By, at: datetime, is_example: bool = False) -> Circle:
    """Found a circle, with `founder` in it.

    Raises InvalidInputError for a name that is none, and ConflictError for one that is taken, in whatever capitals.
    """
    called = checked_name(name)
    taken = ConflictError(N_("Er is al een kring met de naam “%(name)s”."), field="name", name=called)
    key = called.casefold()
    if session.scalar(select(Circle.id).where(Circle.name_key == key)) is not None:
        raise taken
    circle = Circle(slug=_free_slug(called), name=called, name_key=key, is_example=is_example, created_at=at)
    session.add(circle)
    flush_or({"circle.name_key": taken, "circle.slug": taken})
    session.add(_place(circle, founder, invited_by=founder, at=at, joined_at=at))
    _tell(circle, founder, "circle.founded", by)
    return circle


def invite(
    *, circle: Circle, organisation: Organisation, inviter: Organisation, by: By, at: datetime
) -> CircleMembership:
    """Ask an organisation into the circle on behalf of `inviter`; it is in once it joins.

    Raises NotFoundError where `inviter` is not in the circle, and ConflictError where the other is in it or was
    asked already.
    """
    _lock(circle)
    if _find_place(circle.id, inviter.id, joined=True) is None:
        raise _no_circle()
    already = ConflictError(
        N_("%(name)s zit al in deze kring of is al uitgenodigd."), field="organisation", name=organisation.name
    )
    if _find_place(circle.id, organisation.id) is not None:
        raise already
    invitation = _place(circle, organisation, invited_by=inviter, at=at)
    session.add(invitation)
    flush_or({"circle_membership.circle_id": already})
    _tell(circle, organisation, "circle.invited", by, invited_by=inviter.name)
    return invitation


def join(*, circle: Circle, organisation: Organisation, by: By, at: datetime) -> None:
    """Accept an invitation. Raises NotFoundError where there is none, or none that waits for an answer."""
    _lock(circle)
    invitation = _get_place(circle.id, organisation.id, joined=False)
    invitation.joined_at = at
    _tell(circle, organisation, "circle.joined", by)


def decline(*, circle: Circle, organisation: Organisation, by: By) -> None:
    """Refuse an invitation; another may follow. Raises NotFoundError where none waits for an answer."""
    _lock(circle)
    session.delete(_get_place(circle.id, organisation.id, joined=False))
    _tell(circle, organisation, "circle.declined", by)


def leave(*, circle: Circle, organisation: Organisation, by: By) -> None:
    """Step out of a circle; with the last one in it, the circle ends. Raises NotFoundError for who is not in it."""
    _lock(circle)
    session.delete(_get_place(circle.id, organisation.id, joined=True))
    session.flush()
    left = session.scalar(select(func.count()).where(CircleMembership.circle_id == circle.id, _JOINED)) or 0
    if not left:
        _end(circle)
    _tell(circle, organisation, "circle.left", by, ended=not left)


def trust_each_other(one_id: int, other_id: int) -> bool:
    """Tell whether two organisations, by id, are in one circle together. What waits for an answer does not count."""
    other = aliased(CircleMembership)
    together = (
        select(CircleMembership.id)
        .join(other, other.circle_id == CircleMembership.circle_id)
        .where(CircleMembership.organisation_id == one_id, other.organisation_id == other_id)
        .where(_JOINED, other.joined_at.is_not(None))
    )
    return session.scalar(together.limit(1)) is not None


def circles_of(organisation_id: int) -> list[Circle]:
    """Return the circles that an organisation is in, with everybody in or asked into them, in order of name."""
    query = (
        select(Circle)
        .join(Circle.memberships)
        .where(CircleMembership.organisation_id == organisation_id, _JOINED)
        .options(selectinload(Circle.memberships).joinedload(CircleMembership.organisation))
        .order_by(Circle.name, Circle.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def invitations_of(organisation_id: int) -> list[CircleMembership]:
    """Return the invitations that wait for the answer of an organisation, with circle and inviter, oldest first."""
    query = (
        select(CircleMembership)
        .where(CircleMembership.organisation_id == organisation_id, CircleMembership.joined_at.is_(None))
        .options(joinedload(CircleMembership.circle), joinedload(CircleMembership.invited_by))
        .order_by(CircleMembership.invited_at, CircleMembership.id)
    )
    return list(session.scalars(query))


def get_circle(slug: str, organisation_id: int, *, joined: bool = False) -> Circle:
    """Return the circle that an organisation is in, or, unless `joined` is asked, was asked into.

    Another raises NotFoundError, as none does.
    """
    query = select(Circle).join(Circle.memberships)
    query = query.where(Circle.slug == slug, CircleMembership.organisation_id == organisation_id)
    circle = session.scalar(query.where(_JOINED) if joined else query)
    if circle is None:
        raise _no_circle()
    return circle


def names_outside(circle_id: int) -> list[str]:
    """Return the names of the organisations that are neither in a circle nor asked into it, in order."""
    inside = select(CircleMembership.organisation_id).where(CircleMembership.circle_id == circle_id)
    query = select(Organisation.name).where(Organisation.id.not_in(inside))
    return list(session.scalars(query.order_by(Organisation.name)))


_JOINED = CircleMembership.joined_at.is_not(None)


def _no_circle() -> NotFoundError:
    return NotFoundError(N_("Deze kring bestaat niet, of niet meer voor u."))


def _lock(circle: Circle) -> None:
    # The last one leaves while another joins: on PostgreSQL one waits here for the other, and may find nothing left.
    if session.scalar(select(Circle.id).where(Circle.id == circle.id).with_for_update()) is None:
        raise _no_circle()


def _find_place(circle_id: int, organisation_id: int, *, joined: bool | None = None) -> CircleMembership | None:
    query = select(CircleMembership).where(
        CircleMembership.circle_id == circle_id, CircleMembership.organisation_id == organisation_id
    )
    if joined is not None:
        query = query.where(_JOINED if joined else CircleMembership.joined_at.is_(None))
    return session.scalar(query)


def _get_place(circle_id: int, organisation_id: int, *, joined: bool) -> CircleMembership:
    place = _find_place(circle_id, organisation_id, joined=joined)
    if place is None:
        message = N_("U zit niet in deze kring.") if joined else N_("Deze uitnodiging is er niet meer.")
        raise NotFoundError(message)
    return place


def _place(
    circle: Circle,
    organisation: Organisation,
    *,
    invited_by: Organisation,
    at: datetime,
    joined_at: datetime | None = None,
) -> CircleMembership:
    return CircleMembership(
        circle_id=circle.id,
        organisation_id=organisation.id,
        invited_by_id=invited_by.id,
        invited_at=at,
        joined_at=joined_at,
    )


def _end(circle: Circle) -> None:
    """Remove a circle with the invitations to it that nobody answered."""
    for place in session.scalars(select(CircleMembership).where(CircleMembership.circle_id == circle.id)):
        session.delete(place)
    session.flush()
    session.delete(circle)


def _tell(circle: Circle, organisation: Organisation, action: str, by: By, **facts: str | bool) -> None:
    """Record a step at the circle and at the organisation that it concerns."""
    subject, told = circle.subject, {"circle": circle.name, "organisation": organisation.name, **facts}
    journal.record(subject, action, by=by, **told)
    journal.record(f"organisation:{organisation.id}", action, by=by, **told)


def _free_slug(name: str) -> str:
    taken = select(Circle.id)
    return free_slug(
        name, taken=lambda slug: session.scalar(taken.where(Circle.slug == slug)) is not None, otherwise="kring"
    )
