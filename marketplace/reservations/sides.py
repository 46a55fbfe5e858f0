"""The two sides of a reservation: who offers it and who reserved it."""

from marketplace.accounts.models import Organisation
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.listings.models import Listing
from marketplace.reservations.models import Reservation


def require_side(reservation: Reservation, side: Organisation) -> None:
    """Raise NotFoundError for an organisation that is neither the owner of the lot nor the one that reserved it."""
    owner_id = session.get_one(Listing, reservation.listing_id).organisation_id
    if side.id not in {owner_id, reservation.organisation_id}:
        raise NotFoundError(N_("Deze reservering bestaat niet, of niet voor u."))
