"""Deciding who is told of what happened, and keeping whether they were.

The journal is the outbox: what happened stands in it from the transaction in which it happened. Here it is read,
each row once, and made into notices; a door sends them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from marketplace.accounts.circles import members_of
from marketplace.accounts.permissions import Permission
from marketplace.accounts.queries import people_who_may
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import Fact, JournalEntry
from marketplace.notifications import queries
from marketplace.notifications.baskets import concerned_by
from marketplace.notifications.baskets import organisations_told as of_basket
from marketplace.notifications.circles import organisations_told
from marketplace.notifications.models import LONGEST_ERROR, Notice, NoticeCursor
from marketplace.notifications.recipients import Side, Step, sides
from marketplace.notifications.retries import LEASE, OLDEST, next_try
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State

_BATCH = 500
_KEPT = timedelta(days=90)


def begin() -> int:
    """Take the place to which the journal was read, which nobody else can have at once, and return it.

    On a database whose journal was never read, that is its end.
    """
    end = select(func.coalesce(func.max(JournalEntry.number), 0)).scalar_subquery()
    taken = update(NoticeCursor).values(read_to=func.coalesce(NoticeCursor.read_to, end))
    return session.execute(taken.returning(NoticeCursor.read_to)).scalar_one() or 0


def gather(at: datetime) -> int:
    """Read on in the journal, make a notice for everyone who is told, and return how many rows were read.

    It reads a few hundred rows at most: call it until it returns 0. Notices and place are kept in one transaction, so
    that two processes make none twice and one that dies makes none too few.
    """
    entries = journal.after(begin(), _BATCH)
    if not entries:
        return 0
    session.add_all(_notices([entry for entry in entries if entry.at > at - OLDEST], at))
    session.execute(update(NoticeCursor).values(read_to=entries[-1].number))
    session.flush()
    return len(entries)


def claim(limit: int, at: datetime) -> list[int]:
    """Take at most `limit` notices that are to be sent, the oldest first, and return their ids.

    For as long as the lease lasts nobody else can take them. Commit before sending.
    """
    oldest = select(Notice.id).where(*queries.due(at)).order_by(Notice.journal_number, Notice.id).limit(limit)
    taken = (
        update(Notice)
        .where(Notice.id.in_(oldest), *queries.due(at))
        .values(next_try_at=at + LEASE, attempts=Notice.attempts + 1)
        .returning(Notice.id)
    )
    return sorted(session.scalars(taken))


def sent(notice_id: int, at: datetime) -> None:
    """Keep that a notice was sent."""
    notice = session.get_one(Notice, notice_id)
    notice.sent_at, notice.next_try_at, notice.last_error = at, None, ""
    session.flush()


def failed(notice_id: int, at: datetime, why: str) -> bool:
    """Keep that a notice could not be sent and when to try again; return False where it is given up."""
    notice = session.get_one(Notice, notice_id)
    notice.next_try_at, notice.last_error = next_try(notice.attempts, at), why[:LONGEST_ERROR]
    session.flush()
    return notice.next_try_at is not None


def drop(notice_id: int, why: str) -> None:
    """Give a notice up, because there is nobody or nothing left to tell."""
    notice = session.get_one(Notice, notice_id)
    notice.next_try_at, notice.last_error = None, why[:LONGEST_ERROR]
    session.flush()


def forget(at: datetime) -> None:
    """Take away notices of longer ago than anybody will ask after; the journal keeps what happened."""
    session.execute(delete(Notice).where(Notice.happened_at < at - _KEPT))


def _notices(entries: Sequence[JournalEntry], at: datetime) -> Iterator[Notice]:
    told = _told(entries)
    wanted: dict[Permission, set[int]] = {}
    for entry in entries:
        wanted.setdefault(queries.permission_to_hear(entry), set()).update(told.get(entry.number, []))
    people = {permission: people_who_may(permission, ids) for permission, ids in wanted.items() if ids}
    for entry in entries:
        may = people.get(queries.permission_to_hear(entry), {})
        # Who stands on both sides is told once.
        each = {user_id: id_ for id_ in reversed(told.get(entry.number, [])) for user_id in may.get(id_, ())}
        for user_id, organisation_id in sorted(each.items()):
            if user_id != entry.user_id:
                yield Notice(
                    journal_number=entry.number,
                    user_id=user_id,
                    organisation_id=organisation_id,
                    action=entry.action,
                    happened_at=entry.at,
                    next_try_at=at,
                )


def _told(entries: Sequence[JournalEntry]) -> dict[int, list[int]]:
    """Return per number of an entry the ids of the organisations that are told, the one it concerns most first."""
    reservations = queries.reservations_by_id(queries.ids_of(entries, "reservation"))
    steps = [(entry, _step(entry, reservations)) for entry in entries]
    known = [(entry, sides(step)) for entry, step in steps]
    told = [(entry, found) for entry, found in known if found]
    holders = queries.holders_of(queries.ids_of((entry for entry, _ in told), "listing"))
    members = members_of(queries.ids_of((entry for entry, _ in told), "circle"))
    baskets = concerned_by(queries.ids_of((entry for entry, _ in told), "basket"))
    organisations: dict[int, list[int]] = {}
    for entry, found in told:
        kind, id_ = entry.about
        if kind == "reservation":
            organisations[entry.number] = _on_sides(reservations.get(id_), found)
        elif kind == "circle":
            organisations[entry.number] = organisations_told(entry, found, members.get(id_, {}))
        elif kind == "basket":
            organisations[entry.number] = of_basket(entry, found, baskets)
        else:
            organisations[entry.number] = holders.get(id_, [])
    return organisations


def _step(entry: JournalEntry, reservations: dict[int, Reservation]) -> Step:
    kind, id_ = entry.about
    reservation = reservations.get(id_) if kind == "reservation" else None
    if reservation is None:
        return Step(kind, entry.action, entry.told)
    return Step(
        kind,
        entry.action,
        entry.told,
        by=_acting(entry, reservation),
        unanswered=reservation.state is State.REQUESTED,
        automatic=reservation.state is State.CONFIRMED and reservation.decided_at is None,
        in_time=_runs_still(entry.told.get("until"), reservation.expires_at),
    )


def _runs_still(until: Fact, expires_at: datetime | None) -> bool:
    return until is None or (expires_at is not None and datetime.fromisoformat(str(until)) == expires_at)


def _acting(entry: JournalEntry, reservation: Reservation) -> Side | None:
    """Return the side that did it: as the facts state, or else the one in whose name it was done."""
    owner, buyer = reservation.listing.organisation, reservation.organisation
    stated = str(entry.told.get("side") or entry.told.get("from"))
    by_name = {
        Side.OWNER.value: Side.OWNER,
        Side.BUYER.value: Side.BUYER,
        owner.name: Side.OWNER,
        buyer.name: Side.BUYER,
    }
    by_id = {owner.id: Side.OWNER, buyer.id: Side.BUYER}
    return by_name.get(stated) or by_id.get(entry.organisation_id or 0)


def _on_sides(reservation: Reservation | None, found: frozenset[Side]) -> list[int]:
    if reservation is None:
        return []
    both = ((Side.OWNER, reservation.listing.organisation_id), (Side.BUYER, reservation.organisation_id))
    return [organisation_id for side, organisation_id in both if side in found]
