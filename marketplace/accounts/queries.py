"""Reading people, organisations and who is a member of what."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.permissions import Permission, Role, roles_that_may
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError


def normalise_email(email: str) -> str:
    """Return an e-mail address as it is stored: without spaces around it, in lower case."""
    return email.strip().lower()


def find_user(email: str) -> User | None:
    """Return the person with this e-mail address, in any case, or None."""
    return session.scalars(select(User).where(User.email == normalise_email(email))).first()


def names_of(user_ids: Collection[int | None]) -> dict[int, str]:
    """Return what these people are called, by their ids; who left no name is called by the address."""
    query = select(User.id, User.name, User.email).where(User.id.in_([one for one in user_ids if one is not None]))
    return {id_: name or email for id_, name, email in session.execute(query)}


def example_emails(emails: Collection[str]) -> frozenset[str]:
    """Return which of these addresses belong to people of the demo."""
    return frozenset(session.scalars(select(User.email).where(User.email.in_(emails), User.is_example)))


def find_organisation(slug: str) -> Organisation | None:
    """Return the organisation with this slug, or None."""
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).first()


def get_organisation(slug: str) -> Organisation:
    """Return the organisation with this slug, or raise NotFoundError."""
    organisation = find_organisation(slug)
    if organisation is None:
        raise NotFoundError(N_("Deze organisatie bestaat niet, of niet meer."))
    return organisation


def find_called(text: str) -> Organisation | None:
    """Return the organisation with this name, in any capitals, or else with this slug, or None."""
    wanted = " ".join(text.split())
    for called in (Organisation.name == wanted, func.lower(Organisation.name) == wanted.lower()):
        if found := session.scalars(select(Organisation).where(called).limit(1)).first():
            return found
    return find_organisation(wanted.lower())


def name_is_taken(name: str, *, by_other_than: int | None = None) -> bool:
    """Tell whether another organisation is called so, in whatever capitals: two that look alike invite mistakes."""
    query = select(Organisation.id).where(func.lower(Organisation.name) == name.lower())
    if by_other_than is not None:
        query = query.where(Organisation.id != by_other_than)
    return session.scalar(query.limit(1)) is not None


def organisations_in_order() -> list[Organisation]:
    """Return every organisation in order of name."""
    return list(session.scalars(select(Organisation).order_by(Organisation.name, Organisation.id)))


def find_membership(organisation_id: int, user_id: int) -> Membership | None:
    """Return this person's membership of this organisation, or None."""
    query = select(Membership).where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
    return session.scalars(query).first()


def get_membership(organisation_id: int, membership_id: int) -> Membership:
    """Return a membership of this organisation with its person, or raise NotFoundError."""
    query = (
        select(Membership)
        .where(Membership.id == membership_id, Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.user))
    )
    membership = session.scalars(query).first()
    if membership is None:
        raise NotFoundError(N_("Dit lid is er niet meer."))
    return membership


def members_of(organisation_id: int) -> list[Membership]:
    """Return the memberships of an organisation with their people, in order of name."""
    query = (
        select(Membership)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.user))
        .order_by(User.name, User.email)
    )
    return list(session.scalars(query))


def owner_ids(organisation_id: int) -> list[int]:
    """Return the ids of the memberships that own this organisation, in order."""
    query = select(Membership.id).where(Membership.organisation_id == organisation_id, Membership.role == Role.OWNER)
    return list(session.scalars(query.order_by(Membership.id)))


def contacts_of(organisation_id: int) -> list[User]:
    """Return the people with whom others deal about what an organisation has or reserved, in order of name."""
    ids = people_who_may(Permission.TRADE, [organisation_id]).get(organisation_id, [])
    return list(session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)))


def people_who_may(permission: Permission, organisation_ids: Collection[int]) -> dict[int, list[int]]:
    """Return per organisation the ids of the people who hold `permission` for it, in order.

    Only of those who can sign in: who never confirmed the address, or was put out, is left out.
    """
    query = (
        select(Membership.organisation_id, Membership.user_id)
        .join(Membership.user)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role.in_(roles_that_may(permission)),
            User.active,
            User.confirmed_at.is_not(None),
        )
        .order_by(Membership.organisation_id, Membership.user_id)
    )
    people: dict[int, list[int]] = {}
    for organisation_id, user_id in session.execute(query):
        people.setdefault(organisation_id, []).append(user_id)
    return people
