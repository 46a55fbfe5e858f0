"""Circles of organisations that trust each other: founding, inviting, joining, leaving, and who trusts whom.

Nobody is in a circle without having said so. Whoever is in it longest keeps it, and alone may put others out. However
somebody gets out, nothing changes about what was reserved before.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.accounts.models import Circle, CircleMembership, Organisation
from marketplace.accounts.names import checked_name, printable
from marketplace.kit import journal
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from marketplace.kit.journal import By
from marketplace.kit.slugs import free_slug
from marketplace.kit.texts import at_most

LONGEST_REASON: Final = 500


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
    _require_in(circle, inviter)
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


def withdraw(*, circle: Circle, organisation: Organisation, withdrawer: Organisation, by: By) -> None:
    """Take back an invitation that was not answered, on behalf of `withdrawer`; another may follow.

    Raises NotFoundError where none waits for an answer or `withdrawer` is not in the circle, and NotAllowedError for
    one who is, but neither sent the invitation nor keeps the circle.
    """
    _lock(circle)
    _require_in(circle, withdrawer)
    invitation = _get_place(circle.id, organisation.id, joined=False)
    if not may_withdraw(invitation, withdrawer.id, _keeper_id(circle)):
        raise NotAllowedError(
            N_("Een uitnodiging trekt in wie haar deed, of wie de kring beheert. Dat is uw organisatie niet.")
        )
    _take_back(circle, invitation, organisation, by)


def join(*, circle: Circle, organisation: Organisation, by: By, at: datetime) -> None:
    """Accept an invitation. Raises NotFoundError where there is none, or none that waits for an answer."""
    _lock(circle)
    invitation = _get_place(circle.id, organisation.id, joined=False)
    invitation.joined_at = at
    _tell(circle, organisation, "circle.joined", by)


def decline(*, circle: Circle, organisation: Organisation, by: By) -> None:
    """Refuse an invitation; another may follow. Raises NotFoundError where none waits for an answer."""
    _lock(circle)
    invitation = _get_place(circle.id, organisation.id, joined=False)
    session.delete(invitation)
    _tell(circle, organisation, "circle.declined", by, inviter_id=invitation.invited_by_id)


def leave(*, circle: Circle, organisation: Organisation, by: By) -> None:
    """Step out of a circle; with the last one in it, the circle ends. Raises NotFoundError for who is not in it."""
    _lock(circle)
    session.delete(_get_place(circle.id, organisation.id, joined=True))
    session.flush()
    left = session.scalar(select(func.count()).where(CircleMembership.circle_id == circle.id, _JOINED)) or 0
    if not left:
        _end(circle, by)
    _tell(circle, organisation, "circle.left", by, ended=not left)


def check_put_out(*, circle: Circle, organisation: Organisation, keeper: Organisation) -> CircleMembership:
    """Return the place that `organisation` loses where `keeper` puts it out of the circle.

    Raises NotFoundError where one of them is not in the circle, NotAllowedError where `keeper` does not keep it, and
    ConflictError where the two are one.
    """
    _require_in(circle, keeper)
    if keeper.id != _keeper_id(circle):
        raise NotAllowedError(
            N_("Alleen wie het langst in de kring zit, zet anderen eruit. Dat is uw organisatie niet.")
        )
    if keeper.id == organisation.id:
        raise ConflictError(N_("Uzelf zet u niet uit een kring: u verlaat hem."))
    place = _find_place(circle.id, organisation.id, joined=True)
    if place is None:
        raise NotFoundError(N_("%(name)s zit niet in deze kring, of niet meer."), name=organisation.name)
    return place


def put_out(*, circle: Circle, organisation: Organisation, keeper: Organisation, reason: str, by: By) -> None:
    """End the place of another in the circle, with a reason that everybody in it reads.

    Raises what `check_put_out` does, and InvalidInputError, at the field `reason`, for none or a long one.
    """
    told = at_most(printable(reason), LONGEST_REASON, "reason")
    if not told:
        raise InvalidInputError(N_("Vul in waarom u deze organisatie uit de kring zet."), field="reason")
    _lock(circle)
    session.delete(check_put_out(circle=circle, organisation=organisation, keeper=keeper))
    _tell(circle, organisation, "circle.put_out", by, put_out_by=keeper.name, reason=told)


def keeper_id_of(places: Iterable[CircleMembership]) -> int | None:
    """Return the id of the organisation that keeps a circle: of those in it, the one that is in it longest.

    At first that is its founder. It needs no election and no heir: somebody always keeps a circle, and nobody comes to
    keep it by an act of their own.
    """
    inside = [(place.joined_at, place.id, place.organisation_id) for place in places if place.joined_at]
    return min(inside)[-1] if inside else None


def may_withdraw(invitation: CircleMembership, organisation_id: int, keeper_id: int | None) -> bool:
    """Tell whether an organisation in the circle may take an invitation to it back."""
    return organisation_id in {invitation.invited_by_id, keeper_id}


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


def members_of(circle_ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    """Return per circle, by id, since when each organisation is in it, by id."""
    query = (
        select(CircleMembership.circle_id, CircleMembership.organisation_id, CircleMembership.joined_at)
        .where(CircleMembership.circle_id.in_(circle_ids))
        .order_by(CircleMembership.organisation_id)
    )
    found: dict[int, dict[int, datetime]] = {}
    for circle_id, organisation_id, joined_at in session.execute(query):
        if joined_at is not None:
            found.setdefault(circle_id, {})[organisation_id] = joined_at
    return found


def is_asked(circle_id: int, organisation_id: int) -> bool:
    """Tell whether an invitation to a circle waits for the answer of an organisation."""
    return _find_place(circle_id, organisation_id, joined=False) is not None


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


def _require_in(circle: Circle, organisation: Organisation) -> None:
    if _find_place(circle.id, organisation.id, joined=True) is None:
        raise _no_circle()


def _keeper_id(circle: Circle) -> int | None:
    places = select(CircleMembership).where(CircleMembership.circle_id == circle.id)
    return keeper_id_of(session.scalars(places.execution_options(populate_existing=True)))


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


def _take_back(circle: Circle, invitation: CircleMembership, organisation: Organisation, by: By) -> None:
    session.delete(invitation)
    _tell(circle, organisation, "circle.withdrawn", by, inviter_id=invitation.invited_by_id)


def _end(circle: Circle, by: By) -> None:
    """Remove a circle, and before that the invitations to it that nobody answered."""
    waiting = select(CircleMembership).where(CircleMembership.circle_id == circle.id)
    for place in session.scalars(waiting.options(joinedload(CircleMembership.organisation))).all():
        _take_back(circle, place, place.organisation, by)
    session.delete(circle)


def _tell(circle: Circle, organisation: Organisation, action: str, by: By, **facts: str | int) -> None:
    """Record a step at the circle and at the organisation that it concerns.

    The row at the circle is the one by which people are told, so the facts name the organisations by their ids too.
    """
    names = {"circle": circle.name, "organisation": organisation.name}
    subject, told = circle.subject, {**names, "organisation_id": organisation.id, **facts}
    journal.record(subject, action, by=by, **told)
    journal.record(f"organisation:{organisation.id}", action, by=by, **told)


def _free_slug(name: str) -> str:
    taken = select(Circle.id)
    return free_slug(
        name, taken=lambda slug: session.scalar(taken.where(Circle.slug == slug)) is not None, otherwise="kring"
    )
