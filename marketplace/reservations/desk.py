"""What waits for whom: the queue of a listing, what is to be answered, and what is planned, for pages that tell it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.reservations.models import HandOver, HandOverState, PickUp, PickUpState, Reservation
from marketplace.reservations.states import ACTIVE, State

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Queue:
    """Hold how many places are taken and for how much together, in the unit of the listing.

    Of that `own` is what the asking side waits for itself; `others` is how many other organisations wait.
    """

    count: int = 0
    quantity: Decimal = _NOTHING
    others: int = 0
    own: Decimal = _NOTHING

    @property
    def of_others(self) -> Decimal:
        """Return how much the others wait for together."""
        return self.quantity - self.own


def queue_at(listing_id: int, *, before: Reservation | None = None, own: Collection[int] = ()) -> Queue:
    """Return who waits for a listing, or only who is ahead of one that waits; one statement.

    `own` are the organisations, by id, that are not others to who asks.
    """
    is_own, waiting = Reservation.organisation_id.in_(own), func.sum(Reservation.waiting)
    others = func.count(Reservation.organisation_id.distinct()).filter(~is_own)
    query = select(func.count(), waiting, others, waiting.filter(is_own)).where(
        Reservation.listing_id == listing_id, Reservation.state == State.WAITING
    )
    if before is not None:
        earlier = Reservation.created_at < before.created_at
        as_early = and_(Reservation.created_at == before.created_at, Reservation.id < before.id)
        query = query.where(earlier | as_early)
    count, quantity, other_organisations, of_own = session.execute(query).one()
    return Queue(count, quantity or _NOTHING, other_organisations, of_own or _NOTHING)


@dataclass(frozen=True, slots=True)
class Waits:
    """Hold how many things wait for a person: as owner at the desk, and as who reserves."""

    desk: int = 0
    own: int = 0


def waits_for(*, trading: Collection[int], handling: Collection[int]) -> Waits:
    """Return how much waits for who trades and handles for these organisations, by id; one statement, or none."""
    if not handling:
        return Waits()
    return Waits(*session.execute(_WAITS, {"trading": list(trading), "handling": list(handling)}).one())


def received(organisation_ids: Collection[int]) -> Sequence[Reservation]:
    """Return what others hold or wait for of these organisations, the first that lapses first, with its world."""
    query = _with_its_world().where(Listing.organisation_id.in_(organisation_ids), Reservation.state.in_(ACTIVE))
    order = (Reservation.expires_at.is_(None), Reservation.expires_at, Reservation.created_at, Reservation.id)
    return session.scalars(query.order_by(*order)).all()


def active(organisation_ids: Collection[int]) -> Sequence[Reservation]:
    """Return what is held or waits on either side of these organisations, with its world."""
    ours = or_(Reservation.organisation_id.in_(organisation_ids), Listing.organisation_id.in_(organisation_ids))
    query = _with_its_world().where(ours, Reservation.state.in_(ACTIVE))
    return session.scalars(query.order_by(Reservation.created_at, Reservation.id)).all()


def pick_ups(
    organisation_ids: Collection[int], *, starts: datetime | None = None, ends: datetime | None = None
) -> Sequence[PickUp]:
    """Return the appointments of these organisations on either side that still stand, the first first.

    One that was cancelled does not, nor one at which nothing is left to fetch. With `starts` and `ends`, those that
    begin from the one and before the other.
    """
    ours = or_(Reservation.organisation_id.in_(organisation_ids), Listing.organisation_id.in_(organisation_ids))
    reservation = contains_eager(PickUp.reservation)
    query = (
        select(PickUp)
        .join(PickUp.reservation)
        .join(Reservation.listing)
        .where(ours, PickUp.state != PickUpState.CANCELLED, Reservation.state == State.CONFIRMED)
        .options(
            reservation.joinedload(Reservation.organisation),
            reservation.contains_eager(Reservation.listing).options(
                joinedload(Listing.passport), joinedload(Listing.organisation)
            ),
        )
    )
    if starts is not None:
        query = query.where(PickUp.starts_at >= starts)
    if ends is not None:
        query = query.where(PickUp.starts_at < ends)
    return session.scalars(query.order_by(PickUp.starts_at, PickUp.id)).all()


def reported_to(organisation_ids: Collection[int]) -> frozenset[int]:
    """Return the reservations, by id, of which the buyer says that something was fetched and the owner not yet."""
    query = (
        select(HandOver.reservation_id)
        .join(HandOver.reservation)
        .join(Reservation.listing)
        .where(
            Listing.organisation_id.in_(organisation_ids),
            Reservation.state == State.CONFIRMED,
            HandOver.state == HandOverState.REPORTED,
            HandOver.reported_by_id != Listing.organisation_id,
        )
    )
    return frozenset(session.scalars(query))


def crusher_days(organisation_ids: Collection[int], *, first: date, last: date) -> Sequence[Listing]:
    """Return the offers of these organisations of which the rest goes to the crusher in these days, in that order."""
    query = (
        select(Listing)
        .where(
            Listing.organisation_id.in_(organisation_ids),
            Listing.is_open,
            Listing.crusher_on.between(first, last),
        )
        .options(joinedload(Listing.passport), joinedload(Listing.organisation))
    )
    return session.scalars(query.order_by(Listing.crusher_on, Listing.id)).all()


def unclaimed(organisation_ids: Collection[int], *, limit: int) -> Sequence[Listing]:
    """Return some open offers of these organisations of which something is left, the first to be crushed first.

    They are ready to be matched with needs.
    """
    query = (
        select(Listing)
        .where(
            Listing.organisation_id.in_(organisation_ids),
            Listing.is_open,
            Listing.available > 0,
        )
        .options(joinedload(Listing.passport).selectinload(Passport.hazards), joinedload(Listing.hub))
    )
    order = (Listing.crusher_on.is_(None), Listing.crusher_on, Listing.available_from, Listing.id)
    return session.scalars(query.order_by(*order).limit(limit)).all()


def claims_on(listing_id: int) -> Sequence[Reservation]:
    """Return who holds something of a listing and then who waits, each in order, with the organisation."""
    query = _CLAIMS.options(joinedload(Reservation.organisation), joinedload(Reservation.listing))
    return session.scalars(query.where(Reservation.listing_id == listing_id)).all()


def claims_of(organisation_ids: Collection[int], listing_id: int) -> Sequence[Reservation]:
    """Return what these organisations hold of a listing and then what they wait for, each in order; alone."""
    ours = Reservation.organisation_id.in_(organisation_ids), Reservation.listing_id == listing_id
    return session.scalars(_CLAIMS.where(*ours)).all()


_CLAIMS: Final = (
    select(Reservation)
    .where(Reservation.state.in_(ACTIVE))
    .order_by(Reservation.state == State.WAITING, Reservation.created_at, Reservation.id)
)


def _with_its_world() -> Select[Reservation]:
    listing = contains_eager(Reservation.listing)
    return (
        select(Reservation)
        .join(Reservation.listing)
        .options(
            listing.joinedload(Listing.passport),
            listing.joinedload(Listing.organisation),
            joinedload(Reservation.organisation),
            joinedload(Reservation.project),
            joinedload(Reservation.need),
        )
    )


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count(Reservation.id)).join(Reservation.listing).where(*conditions).correlate(None)
    ).scalar_subquery()


def _asked_by_other_side(side: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Return how many appointments and hand-overs the other side put to this one, of what is still to be fetched."""
    open_to_us = (Reservation.state == State.CONFIRMED, side.in_(_HANDLING))
    proposed = (
        select(func.count(PickUp.id))
        .join(PickUp.reservation)
        .join(Reservation.listing)
        .where(*open_to_us, PickUp.state == PickUpState.PROPOSED, PickUp.proposed_by_id != side)
    )
    reported = (
        select(func.count(HandOver.id))
        .join(HandOver.reservation)
        .join(Reservation.listing)
        .where(*open_to_us, HandOver.state == HandOverState.REPORTED, HandOver.reported_by_id != side)
    )
    return proposed.scalar_subquery() + reported.scalar_subquery()


_TRADING: Final[BindParameter[Any]] = bindparam("trading", expanding=True)
_HANDLING: Final[BindParameter[Any]] = bindparam("handling", expanding=True)
_WAITS: Final = select(
    _count(Reservation.state == State.REQUESTED, Listing.organisation_id.in_(_TRADING))
    + _asked_by_other_side(Listing.organisation_id),
    _count(Reservation.state == State.OFFERED, Reservation.organisation_id.in_(_TRADING))
    + _asked_by_other_side(Reservation.organisation_id),
)
"""Made once, because every page asks it and making it takes longer than answering it."""
