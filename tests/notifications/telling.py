"""A reservation with people on both sides, and steps that are recorded as the program does."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.models import Organisation, User
from marketplace.accounts.permissions import Role
from marketplace.kit import journal
from marketplace.kit.clock import now
from marketplace.kit.database import session
from marketplace.kit.journal import By, JournalEntry
from marketplace.listings.models import Listing
from marketplace.notifications import actions
from marketplace.notifications.models import Notice
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State
from tests.factories import make_listing, make_member, make_organisation, make_reservation, make_user


@dataclass
class Deal:
    """Twelve of forty doors of a demolisher, reserved by a builder."""

    owner: Organisation
    buyer: Organisation
    seller: User
    builder: User
    listing: Listing
    reservation: Reservation

    def record(self, action: str, *, by: By | None = None, **facts: object) -> JournalEntry:
        """Record a step of the reservation: at the reservation, and at the listing as well."""
        told = {"quantity": "12", "unit": "piece", **facts}
        entry = journal.record(self.reservation.subject, action, by=by or By(), **told)
        journal.record(self.listing.subject, action, by=by or By(), **told)
        return entry

    @property
    def by_owner(self) -> By:
        return By(self.seller.id, self.owner.id)

    @property
    def by_buyer(self) -> By:
        return By(self.builder.id, self.buyer.id)


def make_deal(**of_reservation: object) -> Deal:
    """Add a reservation of twelve doors, with a trader and somebody on site on each side; nothing is recorded."""
    owner = make_organisation(name="Sloopwerken Bork")
    buyer = make_organisation(name="Bouwbedrijf Esdorp")
    seller, builder = make_member(owner, name="Jan"), make_member(buyer, Role.OWNER, name="Ans")
    for organisation in (owner, buyer):
        make_member(organisation, Role.SITE)
        make_member(organisation, confirmed_at=None)
        make_member(organisation, active=False)
    make_user()
    listing = make_listing(owner, total=40, held=12, name="Binnendeuren")
    reservation = make_reservation(listing, buyer.id, 12, **{"state": State.REQUESTED} | of_reservation)
    return Deal(owner, buyer, seller, builder, listing, reservation)


def gather_all() -> None:
    """Read the journal to its end."""
    while actions.gather(now() + timedelta(seconds=1)):
        pass


def told(entry: JournalEntry) -> list[int]:
    """Return the ids of the people who are told of a row."""
    query = select(Notice.user_id).where(Notice.journal_number == entry.number).order_by(Notice.user_id)
    return list(session.scalars(query))


def told_of(deal: Deal, action: str, *, by: By | None = None, **facts: object) -> list[int]:
    """Record a step, read on, and return who is told of it; nobody is told of it by the row at the listing."""
    actions.begin()
    entry = deal.record(action, by=by, **facts)
    gather_all()
    listed = session.scalars(select(Notice.id).where(Notice.journal_number == entry.number + 1)).all()
    assert not listed
    return told(entry)
