"""For whom and what something is reserved, and which purposes a lot can serve."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit.database import session
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.quantities import Quantity
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.projects.models import Need
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import State


@dataclass(frozen=True, slots=True)
class Purpose:
    """Hold for whom and what something is reserved: the organisation, and what it is needed for as far as known."""

    organisation: Organisation
    project_id: int | None = None
    need_id: int | None = None
    basket: Basket | None = None
    note: str = ""


def require_accepted(listing: Listing, need_id: int | None) -> None:
    """Check that a need accepts this kind of material: what it cannot use would count as what fills it.

    Raises InvalidInputError at the field `purpose`.
    """
    if need_id is None:
        return
    need = session.get_one(Need, need_id)
    if not need.accepts(session.get_one(Passport, listing.passport_id).category):
        message = N_("“%(need)s” vraagt ander materiaal. Kies een behoefte waar dit bij past, of alleen het project.")
        raise InvalidInputError(message, field="purpose", need=need.title)


def require_new(listing: Listing, quantity: Decimal, purpose: Purpose) -> None:
    """Check that nobody waits for the same amount for the same purpose already: a mistake, and no second wish.

    Raises InvalidInputError at the field `quantity`.
    """
    same = select(Reservation.reference).where(
        Reservation.listing_id == listing.id,
        Reservation.organisation_id == purpose.organisation.id,
        Reservation.state == State.WAITING,
        Reservation.waiting == quantity,
        Reservation.project_id.is_not_distinct_from(purpose.project_id),
        Reservation.need_id.is_not_distinct_from(purpose.need_id),
    )
    if reference := session.scalar(same.limit(1)):
        message = N_(
            "U wacht hier al op %(amount)s, voor hetzelfde (%(reference)s). Wilt u meer? Vul in hoeveel erbij."
        )
        amount = Quantity(quantity, listing.unit)
        raise InvalidInputError(message, field="quantity", amount=amount, reference=reference)
