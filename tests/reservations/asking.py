"""Reserving as the program does, in few words."""

from datetime import UTC, datetime
from decimal import Decimal

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.reservations import actions
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from tests.factories import by, make_listing, make_organisation

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
"""A Monday morning on which things are asked, unless a test says otherwise."""


def ask(
    listing: Listing, quantity: Decimal | int | str, buyer: Organisation | None = None, *, at: datetime = AT, **purpose
) -> Reservation:
    """Reserve an amount for a buyer, by default a new one."""
    return actions.request(listing_id=listing.id, quantity=Decimal(quantity), at=at, **_who(buyer, purpose))


def promised(listing: Listing, quantity: Decimal | int | str, *arguments, at: datetime = AT, **more) -> Reservation:
    """Reserve an amount, and let the owner confirm it at once."""
    reservation = ask(listing, quantity, *arguments, at=at, **more)
    actions.confirm(reservation, by=by(), at=at)
    return reservation


def queue(
    listing: Listing,
    quantity: Decimal | int | str,
    buyer: Organisation | None = None,
    *,
    least: Decimal | int | None = None,
    at: datetime = AT,
    **purpose,
) -> Reservation:
    """Wait for an amount, of which `least` is already of use."""
    useful = None if least is None else Decimal(least)
    who = _who(buyer, purpose)
    return actions.wait(listing_id=listing.id, quantity=Decimal(quantity), least=useful, at=at, **who)


def posted(*arguments, **columns) -> Listing:
    """Add an offer of which the journal tells how it began, as it does of every offer that is posted."""
    listing = make_listing(*arguments, **columns)
    told = {"total": as_fact(listing.total), "unit": listing.unit.value, "place": listing.place}
    journal.record(listing.subject, "listing.posted", by=by(), **told)
    return listing


def parts(listing: Listing) -> tuple[int, int, int, int]:
    """Return what is available, held, handed over and written off, having seen that they add up."""
    session.refresh(listing)
    found = (listing.available, listing.held, listing.handed_over, listing.written_off)
    assert listing.total == sum(found)
    return tuple(int(part) for part in found)  # type: ignore[return-value]  # four parts, which a generator does not tell


def _who(buyer: Organisation | None, purpose: dict) -> dict:
    buyer = buyer or make_organisation()
    return {"purpose": Purpose(buyer, **purpose), "by": by(buyer)}
