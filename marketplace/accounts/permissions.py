"""Who may do what: pure rules over who acts and for which organisation.

Doors ask these rules and nothing else; a route declares one `Permission`, an action on a thing of one organisation
asks `Actor.may` with that organisation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a member does for an organisation."""

    OWNER = "owner"
    TRADER = "trader"
    SITE = "site"


class Permission(StrEnum):
    """What a route needs of the person who asks for it."""

    PUBLIC = "public"
    """Anyone, signed in or not."""
    SIGNED_IN = "signed_in"
    """A person with an account, member of an organisation or not."""
    HANDLE = "handle"
    """See, receive, move and hand over what an organisation has: every member."""
    TRADE = "trade"
    """List, reserve, confirm and plan for an organisation: its traders and owners."""
    ADMINISTER = "administer"
    """Change the organisation itself and its members: its owners."""


_ROLES_FOR: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.HANDLE: frozenset(Role),
        Permission.TRADE: frozenset({Role.OWNER, Role.TRADER}),
        Permission.ADMINISTER: frozenset({Role.OWNER}),
    }
)


def roles_that_may(permission: Permission) -> frozenset[Role]:
    """Return the roles that hold a permission for their organisation; none for those that need no role."""
    return _ROLES_FOR.get(permission, frozenset())


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, with the roles held per organisation id; nobody in particular has no user id."""

    user_id: int | None = None
    roles: Mapping[int, Role] = field(default_factory=dict)

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    def organisations(self, permission: Permission) -> list[int]:
        """Return the ids of the organisations for which this person holds `permission`, in order of id."""
        roles = roles_that_may(permission)
        return sorted(organisation for organisation, role in self.roles.items() if role in roles)

    def may(self, permission: Permission, organisation_id: int | None = None) -> bool:
        """Tell whether this person holds `permission`: for this organisation, or without one, for any."""
        if permission is Permission.PUBLIC:
            return True
        if permission is Permission.SIGNED_IN:
            return self.signed_in
        held = self.organisations(permission)
        return bool(held) if organisation_id is None else organisation_id in held


NOBODY = Actor()
