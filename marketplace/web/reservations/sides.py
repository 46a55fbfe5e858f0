"""For which side of a reservation a person acts."""

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.journal import By
from marketplace.reservations import queries
from marketplace.reservations.models import Reservation
from marketplace.web.access import current_actor


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


def other_side(reservation: Reservation, side: Organisation) -> Organisation:
    """Return the side across from this one."""
    owner = reservation.listing.organisation
    return reservation.organisation if side.id == owner.id else owner


def acting_for(side: Organisation) -> By:
    """Return who is named in the journal for what this person does for a side."""
    return By(current_actor().user_id, side.id)
