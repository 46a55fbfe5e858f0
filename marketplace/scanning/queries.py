"""Reading what a person on site needs: which lot this is, what waits to be fetched, and where it can be put."""

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.kit.database import session
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing, Stage
from marketplace.passports.models import Passport
from marketplace.projects.models import Hub
from marketplace.reservations import queries as reservations
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State
from marketplace.scanning.models import ScanEvent
from marketplace.scanning.steps import Situation, may_handle


def find_lot(passport_id: int, actor: Actor) -> Listing | None:
    """Return the lot of this passport that the person handles, or None.

    Where there are several, it is the newest that has not gone, or else the newest.
    """
    lots = [lot for lot in listings.of_passport(passport_id) if may_handle(actor, handled_by(lot))]
    return min(lots, key=lambda lot: lot.stage is Stage.GONE, default=None)


def handled_by(lot: Listing) -> frozenset[int]:
    """Return the ids of the organisations whose people handle a lot: its owner, and the owner of the hub it lies in."""
    return frozenset({lot.organisation_id, lot.hub.organisation_id} if lot.hub else {lot.organisation_id})


def to_fetch(listing_id: int) -> list[Reservation]:
    """Return the confirmed reservations of a lot that wait to be fetched, the oldest first."""
    return [each for each in reservations.of_listing(listing_id) if each.state is State.CONFIRMED]


def situation_of(passport: Passport, lot: Listing, *, waiting: int) -> Situation:
    """Return what decides which steps can be done with a lot, given how many reservations wait to be fetched."""
    return Situation(
        withdrawn=passport.status.is_over,
        in_building=lot.stage is Stage.EXPECTED,
        gone=lot.stage is Stage.GONE,
        has_available=lot.available > 0,
        to_fetch=waiting,
    )


def hubs_for(lot: Listing) -> list[Hub]:
    """Return the hubs in which a lot can be received: those of its owner, and the one where it was announced."""
    query = select(Hub).where((Hub.organisation_id == lot.organisation_id) | (Hub.id == lot.hub_id))
    return list(session.scalars(query.order_by(Hub.name, Hub.id)))


def find_event(request_key: str) -> ScanEvent | None:
    """Return what an earlier sending of the same form did, or None."""
    return session.scalars(select(ScanEvent).where(ScanEvent.request_key == request_key)).one_or_none()
