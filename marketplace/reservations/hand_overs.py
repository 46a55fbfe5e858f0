"""Reading hand-overs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.journal import JournalEntry
from marketplace.reservations.ledger import Claim, Told
from marketplace.reservations.models import HandOver, HandOverState, Reservation


def of_reservation(reservation_id: int) -> Sequence[HandOver]:
    """Return what was handed over of a reservation, and what waits to be confirmed, the newest first."""
    counts = (HandOver.reservation_id == reservation_id, HandOver.state != HandOverState.REJECTED)
    query = select(HandOver).where(*counts).options(joinedload(HandOver.passport))
    return session.scalars(query.order_by(HandOver.id.desc())).all()


def get(reservation_id: int, reference: str) -> HandOver:
    """Return a hand-over of a reservation, with the passport that went along. Raises NotFoundError."""
    among = (HandOver.reservation_id == reservation_id, HandOver.reference == reference.upper())
    found = session.scalars(select(HandOver).where(*among).options(joinedload(HandOver.passport))).one_or_none()
    if found is None:
        raise NotFoundError(N_("Deze overdracht bestaat niet, of niet voor u."))
    return found


def find_said_before(row: HandOver) -> HandOver | None:
    """Return what the other side had reported of the same reservation since the last hand-over, or None."""
    return _find_said(row.reservation_id, HandOver.reported_by_id != row.reported_by_id, HandOver.id < row.id)


def find_said_to(reservation_id: int, organisation_id: int) -> HandOver | None:
    """Return what the side across from an organisation reported last, since the last hand-over, or None."""
    return _find_said(reservation_id, HandOver.reported_by_id != organisation_id)


@dataclass(frozen=True, slots=True)
class Then:
    """Hold how things were right after a hand-over: what was still held, and where it was fetched, if that was told."""

    left: Decimal
    where: str


def as_it_was(row: HandOver, history: Sequence[JournalEntry]) -> Then:
    """Return how things were right after a hand-over, by the `history` of its reservation, the newest first."""
    claim, since = Claim(), list(dropwhile(lambda entry: entry.told.get("hand_over") != row.reference, history))
    for entry in reversed(since):
        claim.enter(Told(entry.number, entry.action, entry.told))
    return Then(claim.parts["held"], str(since[0].told.get("where") or "") if since else "")


def _find_said(reservation_id: int, *among: ColumnElement[bool]) -> HandOver | None:
    of_it = HandOver.reservation_id == reservation_id
    query = select(HandOver).where(of_it, *among).order_by(HandOver.id.desc()).limit(1)
    done = select(func.max(HandOver.id)).where(of_it, HandOver.state == HandOverState.CONFIRMED).scalar_subquery()
    return session.scalars(query.where(HandOver.id > func.coalesce(done, 0))).one_or_none()


def find_open(reservation_id: int) -> HandOver | None:
    """Return what one side reported of a reservation and the other has not confirmed yet, or None."""
    return open_of([reservation_id]).get(reservation_id)


def find_of_passport(passport_id: int) -> HandOver | None:
    """Return the latest hand-over with which a passport went along, with its reservation and project, or None."""
    query = select(HandOver).where(HandOver.passport_id == passport_id).order_by(HandOver.confirmed_at.desc())
    project = joinedload(HandOver.reservation).joinedload(Reservation.project)
    return session.scalars(query.options(project).limit(1)).one_or_none()


def open_of(reservation_ids: Collection[int]) -> dict[int, HandOver]:
    """Return what was reported of these reservations and not confirmed yet, by the ids of those of which it was."""
    waiting = (HandOver.reservation_id.in_(reservation_ids), HandOver.state == HandOverState.REPORTED)
    return {row.reservation_id: row for row in session.scalars(select(HandOver).where(*waiting))}


def left_to_fetch(reservation: Reservation, reported: HandOver | None) -> Decimal:
    """Return how much of what is held nobody reported as fetched, broken or lost, nor as given back."""
    if reported is None:
        return reservation.held
    left = reservation.held - reported.quantity - reported.broken - reported.lost
    return Decimal(0) if reported.releases_rest else max(left, Decimal(0))
