"""What time does to reservations: clocks that run out, and the queue that moves up.

It is done at use, before anything else happens to a listing, so that a moment counts whether or not a worker runs.
Whoever settles holds the listings until the transaction ends, so that nothing is given to two and nobody is told
twice.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, CompoundSelect, Integer, bindparam, or_, select, union_all, update

from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.clock import day_of
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.journal import By
from marketplace.listings import stock
from marketplace.listings.actions import keep_to_the_gate
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.passports.admission import blocks_of
from marketplace.passports.models import Passport
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import Reservation
from marketplace.reservations.sharing import Wish, allot
from marketplace.reservations.states import HOLDING, State, may_become
from marketplace.reservations.telling import tell
from marketplace.reservations.terms import Terms, answer_by, decide_by, end_of_day, hold_until, warn_from

_INSTANT: Final = timedelta(microseconds=1)
_NOTHING: Final = Decimal(0)
_PROGRAM: Final = By()
_COLUMNS: Final = Reservation.__table__.columns.keys()


def due(at: datetime, *, limit: int = 100) -> list[int]:
    """Return the ids of listings at which something has to happen before they are shown, in order of id."""
    return _found(_DUE, at, limit)


def due_for_worker(at: datetime, *, limit: int = 100) -> list[int]:
    """Return the same, and where people are to be warned or a clock is to start, which is seen by nobody yet."""
    return _found(_DUE_FOR_WORKER, at, limit)


def settle(listing_ids: Collection[int], at: datetime) -> dict[int, Listing]:
    """Let everything happen that time brought to these listings, and hold them until the transaction ends.

    Returns those that exist, by id.
    """
    listings = stock.lock(listing_ids)
    _forget(listing_ids)
    for listing in listings:
        rows = _concerned(listing.id, at)
        if not rows:
            continue
        terms = terms_of(listing.organisation_id)
        closed = _may_not_be_fetched(listing, rows)
        if closed:
            keep_to_the_gate(listing, session.get_one(Passport, listing.passport_id), _PROGRAM)
        for row in rows:
            if closed and row.state is State.CONFIRMED:
                pause(row, at)
            else:
                _by_time(row, listing, terms, at)
        move_up(listing, terms, at)
    return {listing.id: listing for listing in listings}


def move_up(listing: Listing, terms: Terms, at: datetime) -> None:
    """Offer what is available to the first in the queue who can use it, and let the next wait on.

    Who gets only a part waits on for the rest, in the same place.
    """
    queue = _queue(listing.id)
    if not queue or not listing.is_open:
        return
    shares = allot(listing.available, [Wish(row.waiting, row.least) for row in queue])
    if not any(shares):
        return
    passport = session.get_one(Passport, listing.passport_id)
    if blocks_of(passport):
        keep_to_the_gate(listing, passport, _PROGRAM)
        return
    for row, share in zip(queue, shares, strict=True):
        if share:
            row.price_eur = listing.price_eur  # who waited decides about the offer as it is now
            _offer(row, share, terms, at)


def step(reservation: Reservation, wanted: State, at: datetime, **changes: object) -> None:
    """Move a reservation on, with these changes of its columns.

    Raises ConflictError where that step is not open to it, or somebody else took one a moment ago.
    """
    state = reservation.state
    session.flush()
    if may_become(state, wanted):
        moved = session.execute(
            update(Reservation)
            .where(Reservation.id == reservation.id, Reservation.state == state)
            .values({"state": wanted, "decided_at": at, "expires_at": None, "warn_at": None, **changes})
            .returning(Reservation.id)
        ).first()
        session.refresh(reservation, _COLUMNS)
        if moved:
            return
    raise overtaken()


def overtaken() -> ConflictError:
    """Return the error that says that a step came too late."""
    return ConflictError(N_("Deze stap kan niet meer: de reservering is intussen veranderd. Ververs de pagina."))


def clock(until: datetime | None, terms: Terms, at: datetime | None = None) -> dict[str, object]:
    """Return the columns of a reservation that lapses then, and of whose lapse people are warned before.

    Where the clock starts `at` a moment, they are not warned before half of the time is over.
    """
    if until is None:
        return {"expires_at": None, "warn_at": None}
    warn = warn_from(terms, until)
    return {"expires_at": until, "warn_at": warn if at is None else max(warn, until - (until - at) / 2)}


def set_clock(reservation: Reservation, until: datetime, terms: Terms, at: datetime | None = None) -> None:
    """Let the present step of a reservation lapse then, with its warning as `clock` has it."""
    for name, value in clock(until, terms, at).items():
        setattr(reservation, name, value)
    session.flush()


def first_end(reservation: Reservation, listing: Listing, terms: Terms, at: datetime) -> datetime:
    """Return until when a request may be answered, or a promise is kept, of which the clock starts `at` a moment."""
    if reservation.state is State.REQUESTED:
        return answer_by(terms, at)
    return hold_until(terms, at, listing.available_from)


def pause(promise: Reservation, at: datetime) -> None:
    """Let the clock of a promise stand still from now on, and keep how many days were left; once."""
    if promise.days_left is not None:
        return
    last = promise.expires_at and day_of(promise.expires_at - _INSTANT)
    promise.days_left = max((last - day_of(at)).days, 0) if last else 0
    promise.expires_at = promise.warn_at = None
    session.flush()
    tell(promise, "reservation.paused", _PROGRAM, promise.held)


def give_up(reservation: Reservation, wanted: State, at: datetime, reason: str = "") -> Decimal:
    """End a reservation and return how much of it is available again."""
    held, waiting = reservation.held, reservation.waiting
    released = reservation.released + held + waiting
    step(reservation, wanted, at, held=_NOTHING, waiting=_NOTHING, released=released, reason=reason)
    if held:
        stock.release(reservation.listing_id, held)
    return held


def leave_queue(offered: Reservation, wanted: State, at: datetime, by: By = _PROGRAM) -> None:
    """Take who did not take what was offered out of the queue with the rest of that wish, so that it moves on.

    The rest would otherwise be the first again, and be offered the same without end.
    """
    rest = select(Reservation).where(
        Reservation.listing_id == offered.listing_id,
        Reservation.organisation_id == offered.organisation_id,
        Reservation.created_at == offered.created_at,
        Reservation.state == State.WAITING,
    )
    for row in session.scalars(rest.order_by(Reservation.id)).all():
        give_up(row, wanted, at)
        tell(row, "reservation.left_queue", by, part=offered.reference)


def _moves_up() -> ColumnElement[bool]:
    served = Listing.is_open & (Listing.available >= Reservation.least) & (Listing.available > 0)
    return (Reservation.state == State.WAITING) & (served | _in_vain())


def _in_vain() -> ColumnElement[bool]:
    never = (Listing.status == ListingStatus.WITHDRAWN) | (Listing.stage == Stage.GONE)
    too_little = Listing.available + Listing.held < Reservation.least
    return never | (Listing.unit != Reservation.unit) | too_little


def _without_clock() -> ColumnElement[bool]:
    runs_now = (Reservation.state == State.REQUESTED) | (Listing.stage == Stage.IN_STOCK)
    stands = Reservation.days_left.is_not(None) & (Listing.status == ListingStatus.DRAFT)
    has_none = Reservation.state.in_([State.REQUESTED, State.CONFIRMED]) & Reservation.expires_at.is_(None)
    return has_none & runs_now & ~stands


def _found(statement: CompoundSelect[int], at: datetime, limit: int) -> list[int]:
    return sorted(set(session.scalars(statement, {"at": at, "limit": limit})))


_AT: Final = bindparam("at", type_=Reservation.expires_at.type)
_MOST: Final = bindparam("limit", type_=Integer)
_IDS: Final = select(Reservation.listing_id)
_HELD: Final = _IDS.where(Reservation.state.in_(HOLDING))
_SEEN: Final = (_HELD.where(Reservation.expires_at <= _AT), _IDS.join(Reservation.listing).where(_moves_up()))
_UNSEEN: Final = (_HELD.where(Reservation.warn_at <= _AT), _IDS.join(Reservation.listing).where(_without_clock()))
# One part for each reason, so that each is found by an index: every page asks for what is due.
_DUE: Final = union_all(*_SEEN).limit(_MOST)
_DUE_FOR_WORKER: Final = union_all(*_SEEN, *_UNSEEN).limit(_MOST)


def _concerned(listing_id: int, at: datetime) -> Sequence[Reservation]:
    """Return the reservations of a listing that time may have done something to, those that lapsed first in order.

    Of one that is off the market these are all: the gate may have closed.
    """
    ticks = or_(Reservation.expires_at.is_(None), Reservation.expires_at <= at, Reservation.warn_at <= at)
    timed = ticks | (Listing.status == ListingStatus.DRAFT)
    concerned = Reservation.state.in_(HOLDING) & timed | (Reservation.state == State.WAITING)
    query = select(Reservation).join(Reservation.listing).where(Reservation.listing_id == listing_id, concerned)
    return session.scalars(query.order_by(Reservation.expires_at.nulls_last(), Reservation.id)).all()


def _forget(listing_ids: Collection[int]) -> None:
    """Have what was read of these reservations before they were locked read again."""
    for known in list(session.identity_map.values()):
        if isinstance(known, Reservation) and known.listing_id in listing_ids:
            session.expire(known, _COLUMNS)


def _queue(listing_id: int) -> Sequence[Reservation]:
    query = select(Reservation).where(Reservation.listing_id == listing_id, Reservation.state == State.WAITING)
    return session.scalars(query.order_by(Reservation.created_at, Reservation.id)).all()


def _may_not_be_fetched(listing: Listing, rows: Sequence[Reservation]) -> bool:
    """Tell whether the gate is closed to what one of these would have to fetch."""
    if listing.stage is not Stage.IN_STOCK or not any(row.state is State.CONFIRMED for row in rows):
        return False
    return bool(blocks_of(session.get_one(Passport, listing.passport_id)))


def _by_time(row: Reservation, listing: Listing, terms: Terms, at: datetime) -> None:
    if row.state is State.WAITING:
        _turn_away(row, listing, at)
    elif row.state not in HOLDING:
        return  # it left the queue a moment ago, with what it was offered
    elif row.expires_at is None:
        _start_clock(row, listing, terms, at)
    elif row.expires_at <= at:
        was, ended = row.state, row.expires_at
        released = give_up(row, State.EXPIRED, ended)
        tell(row, "reservation.expired", _PROGRAM, released, was=was.value)
        if was is State.OFFERED:
            leave_queue(row, State.EXPIRED, ended)
    elif row.warn_at is not None and row.warn_at <= at:
        row.warn_at = None
        session.flush()
        tell(row, "reservation.expiring", _PROGRAM, row.held, until=row.expires_at.isoformat())


def _turn_away(row: Reservation, listing: Listing, at: datetime) -> None:
    """Tell who waits that nothing will come of it: no offer any more, counted otherwise, or never enough again."""
    gone = listing.status is ListingStatus.WITHDRAWN or listing.stage is Stage.GONE
    if gone or listing.unit is not row.unit:
        give_up(row, State.DECLINED, at)
        tell(row, "reservation.left_queue", _PROGRAM)
    elif listing.still_there < row.least:
        give_up(row, State.DECLINED, at)
        tell(row, "reservation.left_queue", _PROGRAM, left=as_fact(listing.still_there))


def _start_clock(row: Reservation, listing: Listing, terms: Terms, at: datetime) -> None:
    """Let a clock run from now on for what has none: what came out of its building, or may be fetched again.

    Who was kept from fetching it has all of the time that the rules give, or the days that were left if those are more.
    """
    if row.state is State.CONFIRMED and listing.stage is not Stage.IN_STOCK:
        return
    until, days_left = first_end(row, listing, terms, at), row.days_left
    if days_left is None:
        set_clock(row, until, terms, at)
        return
    until, row.days_left = max(until, end_of_day(at, days_left)), None
    set_clock(row, until, terms, at)
    tell(row, "reservation.resumed", _PROGRAM, row.held, until=until.isoformat())


def _offer(row: Reservation, share: Decimal, terms: Terms, at: datetime) -> None:
    """Hold a share for who waits, until they take it or the clock runs out; the rest of their wish waits on."""
    stock.hold(row.listing_id, share)
    by_then = decide_by(terms, at)
    until = clock(by_then, terms, at)
    if share == row.waiting:
        step(row, State.OFFERED, at, waiting=_NOTHING, held=share, **until)
        offered = row
    else:
        row.waiting -= share
        row.quantity -= share
        row.least = min(row.least, row.waiting)
        offered = _part_of(row, share, at, until)
        rest = {"quantity": as_fact(row.waiting), "unit": row.unit.value, "offered": offered.reference}
        journal.record(row.subject, "reservation.waits_on", by=_PROGRAM, **rest)
    tell(offered, "reservation.offered", _PROGRAM, share, until=by_then.isoformat())


def _part_of(row: Reservation, share: Decimal, at: datetime, until: dict[str, object]) -> Reservation:
    part = Reservation(
        listing_id=row.listing_id,
        organisation_id=row.organisation_id,
        project_id=row.project_id,
        need_id=row.need_id,
        basket_id=row.basket_id,
        unit=row.unit,
        quantity=share,
        least=share,
        price_eur=row.price_eur,
        held=share,
        state=State.OFFERED,
        note=row.note,
        created_at=row.created_at,
        decided_at=at,
        **until,
    )
    session.add(part)
    session.flush()
    return part
