"""Telling the journal what became of a reservation: at the reservation, and at its listing, where others see it.

The entries of a listing are its ledger as well: which move each of them stands for is in `ledger`.
"""

from decimal import Decimal

from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.journal import By, Event, Fact
from marketplace.listings.models import Listing, Stage
from marketplace.reservations.models import Reservation


def tell(reservation: Reservation, action: str, by: By, quantity: Decimal | None = None, **facts: Fact) -> None:
    """Record a step that moves or concerns `quantity`; without one, all that the reservation is for."""
    journal.record_all(told(reservation, action, quantity, **facts), by=by)


def told(reservation: Reservation, action: str, quantity: Decimal | None = None, **facts: Fact) -> list[Event]:
    """Return what `tell` records, so that many steps are recorded together."""
    listing = session.get_one(Listing, reservation.listing_id)
    amount = as_fact(reservation.quantity if quantity is None else quantity)
    # As it was then: what is written of it later must know an option from what could be fetched.
    kind: dict[str, Fact] = {"option": True} if listing.stage is Stage.EXPECTED else {}
    known = {"quantity": amount, "unit": reservation.unit.value, **kind, **facts}
    return [
        Event(reservation.subject, action, {"listing": listing.reference, **known}),
        Event(listing.subject, action, {"reservation": reservation.reference, **known}),
    ]
