"""Reading who is to be told, and all that a mail tells them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Organisation, User
from marketplace.accounts.permissions import Permission
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.listings.models import Listing
from marketplace.notifications.baskets import BasketNews, find_parts
from marketplace.notifications.circles import CircleNews, news_of
from marketplace.notifications.models import Notice, NoticeCursor
from marketplace.notifications.recipients import Side
from marketplace.notifications.retries import OLDEST
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import ACTIVE


@dataclass(frozen=True, slots=True)
class News:
    """What one person is told: what happened, and how the things that it concerns are now.

    `more` tells that the organisation has other reservations on the same listing, which the same news concerns.
    """

    entry: JournalEntry
    person: User
    organisation: Organisation
    side: Side
    reservation: Reservation
    more: bool = False

    @property
    def state(self) -> str:
        """Return how the reservation is now."""
        return self.reservation.state.value


def is_unread() -> bool:
    """Tell whether something happened since the journal was read last."""
    last = session.scalar(select(func.max(JournalEntry.number))) or 0
    return last != session.scalar(select(NoticeCursor.read_to))


def due(at: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of what is to be sent now: not sent, not given up, with nobody, and still news."""
    return [Notice.sent_at.is_(None), Notice.next_try_at <= at, Notice.happened_at > at - OLDEST]


def is_due(at: datetime) -> bool:
    """Tell whether a mail is to be sent now."""
    return session.scalar(select(Notice.id).where(*due(at)).limit(1)) is not None


def reservations_by_id(ids: Collection[int]) -> dict[int, Reservation]:
    """Return these reservations with the organisations on both sides, by their ids."""
    sides = (joinedload(Reservation.listing).joinedload(Listing.organisation), joinedload(Reservation.organisation))
    query = select(Reservation).where(Reservation.id.in_(ids)).options(*sides)
    return {reservation.id: reservation for reservation in session.scalars(query)}


def holders_of(listing_ids: Collection[int]) -> dict[int, list[int]]:
    """Return per listing the ids of the organisations that hold something of it or wait for it, in order."""
    query = (
        select(Reservation.listing_id, Reservation.organisation_id)
        .where(Reservation.listing_id.in_(listing_ids), Reservation.state.in_(ACTIVE))
        .distinct()
        .order_by(Reservation.listing_id, Reservation.organisation_id)
    )
    found: dict[int, list[int]] = {}
    for listing_id, organisation_id in session.execute(query):
        found.setdefault(listing_id, []).append(organisation_id)
    return found


def permission_to_hear(entry: JournalEntry) -> Permission:
    """Return what somebody holds for an organisation who is told of this: to do what may follow."""
    return Permission.ADMINISTER if entry.about[0] == "circle" else Permission.TRADE


def find_news(notice_id: int) -> News | CircleNews | BasketNews | None:
    """Return what a notice tells, or None where there is nothing to tell any more.

    That is where the person was taken off the organisation, may no longer act upon it, or where the thing is gone.
    """
    notice = session.get_one(Notice, notice_id)
    entry, person = journal.find(notice.journal_number), session.get(User, notice.user_id)
    if entry is None or person is None or not (person.active and person.confirmed_at):
        return None
    if not person.actor.may(permission_to_hear(entry), notice.organisation_id):
        return None
    organisation = session.get_one(Organisation, notice.organisation_id)
    kind, id_ = entry.about
    if kind == "circle":
        return news_of(id_, entry, person, organisation)
    if kind == "basket":
        return _of_basket(entry, person, organisation)
    found = _concerned(kind, id_, organisation.id)
    if not found:
        return None
    side = Side.OWNER if found[0].listing.organisation_id == organisation.id else Side.BUYER
    return News(entry, person, organisation, side, found[0], more=len(found) > 1)


def _of_basket(entry: JournalEntry, person: User, organisation: Organisation) -> News | BasketNews | None:
    """Return what an organisation is told of a basket; of one reservation in it, the same as of one alone."""
    side, parts = find_parts(entry, organisation)
    if not parts:
        return None
    if len(parts) == 1:
        return News(parts[0].entry, person, organisation, side, parts[0].reservation)
    return BasketNews(entry, person, organisation, side, session.get_one(Basket, entry.about[1]), parts)


def ids_of(entries: Iterable[JournalEntry], kind: str) -> set[int]:
    """Return the ids of the things of one kind that these entries are about."""
    return {id_ for found, id_ in (entry.about for entry in entries) if found == kind}


def _concerned(kind: str, id_: int, organisation_id: int) -> list[Reservation]:
    """Return the reservation itself, or those of an organisation on a listing: what is under way first.

    Of other things nobody is told; of some, people once were.
    """
    query = select(Reservation).options(
        joinedload(Reservation.listing).joinedload(Listing.passport),
        joinedload(Reservation.listing).joinedload(Listing.organisation),
        joinedload(Reservation.organisation),
    )
    if kind == "reservation":
        return list(session.scalars(query.where(Reservation.id == id_)))
    if kind != "listing":
        return []
    of_it = query.where(Reservation.listing_id == id_, Reservation.organisation_id == organisation_id)
    found = list(session.scalars(of_it.order_by(Reservation.id)))
    return [one for one in found if one.state in ACTIVE] or found[-1:]
