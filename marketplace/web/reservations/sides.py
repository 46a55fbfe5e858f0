"""For which side of a reservation a person acts."""

from dataclasses import dataclass

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.journal import By
from marketplace.reservations import queries
from marketplace.reservations.models import Reservation
from marketplace.web.access import current_actor


@dataclass(frozen=True, slots=True)
class Sides:
    """Hold on which sides of a reservation the reader stands: their people, and who trades for them."""

    buyer: bool
    owner: bool
    trades_for_buyer: bool
    trades_for_owner: bool


def ours(reference: str) -> Reservation:
    """Return a reservation of which we are one of the two sides, or raise NotFoundError."""
    reservation = queries.get(reference)
    side_of(reservation)
    return reservation


def side_of(reservation: Reservation, *, against: int | None = None) -> Organisation:
    """Return the side for which this person handles things, of both the owner; where they can, not that of `against`.

    Raises NotFoundError for who belongs to neither.
    """
    sides = (reservation.listing.organisation, reservation.organisation)
    own = [side for side in sides if current_actor().may(Permission.HANDLE, side.id)]
    if not own:
        raise NotFoundError(N_("Deze reservering bestaat niet, of niet voor u."))
    return next((side for side in own if side.id != against), own[0])


def sides_of(reservation: Reservation) -> Sides:
    """Return on which sides the reader stands."""
    owner, buyer, actor = reservation.listing.organisation_id, reservation.organisation_id, current_actor()
    return Sides(
        buyer=actor.may(Permission.HANDLE, buyer),
        owner=actor.may(Permission.HANDLE, owner),
        trades_for_buyer=actor.may(Permission.TRADE, buyer),
        trades_for_owner=actor.may(Permission.TRADE, owner),
    )


def other_side(reservation: Reservation, side: Organisation) -> Organisation:
    """Return the side across from this one."""
    owner = reservation.listing.organisation
    return reservation.organisation if side.id == owner.id else owner


def acting_for(side: Organisation) -> By:
    """Return who is named in the journal for what this person does for a side."""
    return By(current_actor().user_id, side.id)
