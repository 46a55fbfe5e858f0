"""Changing who there is: people, organisations and memberships."""

from uuid import uuid4

from sqlalchemy import select

from marketplace.accounts.models import Membership, Organisation, OrganisationKind, User
from marketplace.accounts.names import checked_name, printable
from marketplace.accounts.permissions import Role
from marketplace.accounts.queries import (
    find_membership,
    find_organisation,
    find_user,
    name_is_taken,
    normalise_email,
    owner_ids,
)
from marketplace.kit import clock, journal
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.places import find_place
from marketplace.kit.slugs import free_slug
from marketplace.kit.texts import at_most


def add_user(
    *,
    email: str,
    name: str,
    password_hash: str | None,
    confirmed: bool,
    is_example: bool = False,
    by: By | None = None,
) -> User:
    """Add a person who can sign in; without a password they first have to recover one.

    Raises InvalidInputError for an empty name and ConflictError for an address that has an account already.
    """
    address = normalise_email(email)
    taken = ConflictError(N_("Er is al een account met dit e-mailadres."), field="email")
    if find_user(address) is not None:
        raise taken
    user = User(
        email=address,
        name=checked_name(name),
        password=password_hash,
        active=True,
        fs_uniquifier=uuid4().hex,
        confirmed_at=clock.now() if confirmed else None,
        is_example=is_example,
        memberships=[],
    )
    session.add(user)
    flush_or({"user_account.email": taken})
    journal.record(f"user:{user.id}", "user.added", by=by or By(user.id), confirmed=confirmed)
    return user


def change_own_name(*, user: User, name: str) -> None:
    """Change what a person is called. Raises InvalidInputError for an empty or overlong name."""
    user.name = checked_name(name)
    journal.record(f"user:{user.id}", "user.renamed", by=By(user.id))


def choose_language(*, user: User, language: str) -> None:
    """Let mails to a person be written in this language, nl or en. It is a taste, not an event, so not recorded."""
    user.language = language
    session.flush()


def add_organisation(
    *,
    name: str,
    kind: OrganisationKind,
    place: str,
    by: By,
    owner: User | None = None,
    address: str = "",
    kvk: str = "",
    is_example: bool = False,
) -> Organisation:
    """Add an organisation, with `owner` as its first owner.

    Raises InvalidInputError for a name, a place or a number of the trade register that cannot be right, and
    ConflictError for a name that is taken.
    """
    organisation = Organisation(kind=kind, is_example=is_example, memberships=[])
    _describe(organisation, name=name, place=place, address=address, kvk=kvk)
    organisation.slug = _free_slug(organisation.name)
    session.add(organisation)
    flush_or({"organisation.slug": ConflictError(N_("Deze naam is net in gebruik genomen."), field="name")})
    journal.record(_subject(organisation), "organisation.added", by=by, name=organisation.name, kind=kind.value)
    if owner is not None:
        add_member(organisation=organisation, user=owner, role=Role.OWNER, by=by)
    return organisation


def change_organisation(
    *, organisation: Organisation, name: str, kind: OrganisationKind, place: str, address: str, kvk: str, by: By
) -> None:
    """Change what is known of an organisation; its address on the web stays, because labels may carry it.

    Raises InvalidInputError as `add_organisation` does.
    """
    _describe(organisation, name=name, place=place, address=address, kvk=kvk)
    organisation.kind = kind
    journal.record(_subject(organisation), "organisation.changed", by=by, name=organisation.name, kind=kind.value)


def add_member(*, organisation: Organisation, user: User, role: Role, by: By) -> Membership:
    """Make a person a member. Raises ConflictError where they are one already."""
    already = ConflictError(N_("%(name)s is al lid."), field="email", name=user.name or user.email)
    if find_membership(organisation.id, user.id) is not None:
        raise already
    membership = Membership(user=user, organisation=organisation, role=role)
    session.add(membership)
    flush_or({"membership.user_id": already})
    journal.record(_subject(organisation), "member.added", by=by, member_id=user.id, role=role.value)
    return membership


def change_role(*, membership: Membership, role: Role, by: By) -> None:
    """Give a member another role. Raises ConflictError where nobody would be left as owner."""
    if membership.role is role:
        return
    _keep_an_owner(membership)
    before, membership.role = membership.role, role
    journal.record(
        f"organisation:{membership.organisation_id}",
        "member.changed",
        by=by,
        member_id=membership.user_id,
        role=role.value,
        role_before=before.value,
    )


def remove_member(*, membership: Membership, by: By) -> None:
    """End a membership. Raises ConflictError where nobody would be left as owner."""
    _keep_an_owner(membership)
    session.delete(membership)
    journal.record(f"organisation:{membership.organisation_id}", "member.removed", by=by, member_id=membership.user_id)


def _keep_an_owner(membership: Membership) -> None:
    if membership.role is not Role.OWNER:
        return
    # Two owners who leave at once would each see the other. PostgreSQL makes the second wait for this row; SQLite,
    # which knows no such lock, lets one transaction write at a time.
    row = select(Organisation.id).where(Organisation.id == membership.organisation_id).with_for_update()
    session.execute(row)
    if owner_ids(membership.organisation_id) == [membership.id]:
        raise ConflictError(N_("Een organisatie heeft altijd een eigenaar. Maak eerst iemand anders eigenaar."))


def _describe(organisation: Organisation, *, name: str, place: str, address: str, kvk: str) -> None:
    found = find_place(place)
    if found is None:
        raise InvalidInputError(
            N_("We kennen geen plaats met de naam “%(place)s”."), field="place", place=printable(place)[:60]
        )
    organisation.name, organisation.kvk = checked_name(name), _kvk(kvk)
    if name_is_taken(organisation.name, by_other_than=organisation.id):
        message = N_("Er is al een organisatie met de naam “%(name)s”. Vraag een eigenaar u toe te voegen.")
        raise ConflictError(message, field="name", name=organisation.name)
    organisation.put_at(
        place=found.name,
        latitude=found.latitude,
        longitude=found.longitude,
        address=at_most(printable(address), 160, "address"),
    )


def _kvk(text: str) -> str:
    number = "".join(text.split())
    if number and not (len(number) == 8 and number.isascii() and number.isdecimal()):
        raise InvalidInputError(N_("Een KvK-nummer heeft acht cijfers."), field="kvk")
    return number


def _free_slug(name: str) -> str:
    return free_slug(name, taken=lambda slug: find_organisation(slug) is not None, otherwise="organisatie")


def _subject(organisation: Organisation) -> str:
    return f"organisation:{organisation.id}"
