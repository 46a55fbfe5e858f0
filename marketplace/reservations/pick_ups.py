"""Appointments to fetch what is reserved: one side proposes, the other agrees, and what is agreed keeps it reserved.

So they may be for after the last day of the reservation: what both sides want goes before the rules of one. A proposal
alone keeps nothing, or somebody could keep a lot by proposing for ever; pages therefore say what becomes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.clock import day_of
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By, Event, Fact
from marketplace.kit.texts import one_line
from marketplace.listings.models import Listing, Stage
from marketplace.passports.admission import require_open_gate_of
from marketplace.reservations.actions import LONGEST
from marketplace.reservations.keeping import keep_until
from marketplace.reservations.models import PickUp, PickUpState, Reservation
from marketplace.reservations.settling import overtaken, settle
from marketplace.reservations.sides import require_side
from marketplace.reservations.states import State
from marketplace.reservations.telling import told
from marketplace.reservations.terms import end_of_day

MOST: Final = timedelta(hours=12)
"""How long the window of one appointment may be."""
FURTHEST: Final = timedelta(days=366)
"""How far ahead an appointment may be: a year that was mistyped would keep a lot from everybody else."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hold between which moments something is fetched, and a remark about it."""

    starts_at: datetime
    ends_at: datetime
    note: str = ""


def propose(reservation: Reservation, window: Window, *, side: Organisation, by: By, at: datetime) -> PickUp:
    """Propose to fetch what is reserved between these moments, for the other side to agree to.

    Raises InvalidInputError, at its field, for a time that cannot be, ConflictError where it is not promised, still in
    its building, or where there is an appointment already, which is moved instead, and BlockedError where nobody may
    fetch it.
    """
    listing = _to_fetch(reservation, side, at)
    checked = _checked(window, listing, at)
    if find_live(reservation.id) is not None:
        raise _exists()
    made = PickUp(
        reservation_id=reservation.id,
        starts_at=checked.starts_at,
        ends_at=checked.ends_at,
        proposed_by_id=side.id,
        note=checked.note,
        created_at=at,
    )
    session.add(made)
    flush_or({"pick_up.reservation_id": _exists()})
    _tell(reservation, made, "pickup.proposed", side, by)
    return made


def move(pick_up: PickUp, window: Window, *, side: Organisation, by: By, at: datetime) -> None:
    """Propose another time for an appointment, agreed or not; the other side has to agree (again).

    Raises the same as `propose`.
    """
    reservation = session.get_one(Reservation, pick_up.reservation_id)
    listing = _to_fetch(reservation, side, at)
    _require_live(pick_up)
    checked = _checked(window, listing, at)
    pick_up.state, pick_up.proposed_by_id = PickUpState.PROPOSED, side.id
    pick_up.starts_at, pick_up.ends_at, pick_up.note = checked.starts_at, checked.ends_at, checked.note
    pick_up.sequence += 1
    session.flush()
    _tell(reservation, pick_up, "pickup.proposed", side, by)


def agree(pick_up: PickUp, *, side: Organisation, by: By, at: datetime, seen: int | None = None, **facts: Fact) -> None:
    """Agree to what the other side proposed: what is reserved is kept until the end of that day, or longer.

    `seen` is the `sequence` of what the person saw; the journal tells `facts` too. Raises ConflictError where the same
    side proposed it, it is past or it was changed meanwhile.
    """
    reservation = session.get_one(Reservation, pick_up.reservation_id)
    _to_fetch(reservation, side, at)
    _require_live(pick_up)
    if pick_up.state is not PickUpState.PROPOSED or seen not in {None, pick_up.sequence}:
        raise overtaken()
    if pick_up.proposed_by_id == side.id:
        raise ConflictError(N_("Deze tijd hebt u zelf voorgesteld. De andere kant stemt ermee in."))
    if pick_up.ends_at <= at:
        raise ConflictError(N_("Deze tijd is al voorbij. Stel een andere voor."))
    pick_up.state = PickUpState.AGREED
    pick_up.sequence += 1
    session.flush()
    keep_until(reservation, end_of_day(pick_up.ends_at - timedelta(microseconds=1), 0))
    _tell(reservation, pick_up, "pickup.agreed", side, by, **facts)


def cancel(pick_up: PickUp, *, side: Organisation, by: By, at: datetime) -> None:
    """Call an appointment off; what is reserved stays so. Raises ConflictError where that was done."""
    reservation = session.get_one(Reservation, pick_up.reservation_id)
    settle([reservation.listing_id], at)
    require_side(reservation, side)
    _require_live(pick_up)
    pick_up.state = PickUpState.CANCELLED
    pick_up.sequence += 1
    session.flush()
    _tell(reservation, pick_up, "pickup.cancelled", side, by)


def find_live(reservation_id: int) -> PickUp | None:
    """Return the appointment of a reservation that was not called off, or None."""
    live = (PickUp.reservation_id == reservation_id, PickUp.state != PickUpState.CANCELLED)
    return session.scalars(select(PickUp).where(*live)).one_or_none()


def find_last(reservation_id: int) -> PickUp | None:
    """Return the newest appointment of a reservation, called off or not, or None."""
    query = select(PickUp).where(PickUp.reservation_id == reservation_id)
    return session.scalars(query.order_by(PickUp.id.desc()).limit(1)).one_or_none()


def find(reference: str) -> PickUp | None:
    """Return the appointment of this reference, or None."""
    return session.scalars(select(PickUp).where(PickUp.reference == reference)).one_or_none()


def of_organisation(organisation_id: int, *, most: int = 500) -> Sequence[PickUp]:
    """Return the appointments of an organisation, of either side, the latest first, with all that they are about.

    Those of what was fetched already, given up or lapsed are not among them; those that were called off are.
    """
    query = (
        select(PickUp)
        .join(PickUp.reservation)
        .join(Reservation.listing)
        .where((Reservation.organisation_id == organisation_id) | (Listing.organisation_id == organisation_id))
        .where(Reservation.state == State.CONFIRMED)
        .options(
            contains_eager(PickUp.reservation).contains_eager(Reservation.listing).joinedload(Listing.passport),
            contains_eager(PickUp.reservation).contains_eager(Reservation.listing).joinedload(Listing.organisation),
            contains_eager(PickUp.reservation).joinedload(Reservation.organisation),
        )
    )
    return session.scalars(query.order_by(PickUp.starts_at.desc(), PickUp.id.desc()).limit(most)).all()


def comes_late(pick_up: PickUp, reservation: Reservation) -> bool:
    """Tell whether a reservation lapses before the appointment, unless that is agreed to in time."""
    proposed, end = pick_up.state is PickUpState.PROPOSED, reservation.expires_at
    return proposed and end is not None and pick_up.ends_at > end


def is_agreed_for(reservation_id: int, at: datetime) -> bool:
    """Tell whether both sides agreed to meet on the day in Amsterdam of this moment."""
    pick_up = find_live(reservation_id)
    if pick_up is None or pick_up.state is not PickUpState.AGREED:
        return False
    first, day, last = (day_of(one) for one in (pick_up.starts_at, at, pick_up.ends_at))
    return first <= day <= last


def told_of(reservation: Reservation, pick_up: PickUp, action: str, side: Organisation, **facts: Fact) -> list[Event]:
    """Return what to record of a step of an appointment that this side took, with what else is known of it."""
    times = {"starts_at": pick_up.starts_at.isoformat(), "ends_at": pick_up.ends_at.isoformat()}
    known = {"from": side.name, "note": pick_up.note, "pick_up": pick_up.reference}
    return told(reservation, action, reservation.held, **known, **times, **facts)


def _to_fetch(reservation: Reservation, side: Organisation, at: datetime) -> Listing:
    listing = settle([reservation.listing_id], at)[reservation.listing_id]
    require_side(reservation, side)
    if reservation.state is not State.CONFIRMED:
        raise overtaken()
    if listing.stage is Stage.EXPECTED:
        raise ConflictError(N_("Dit zit nog in het gebouw. Spreek een tijd af zodra het er is."))
    require_open_gate_of(listing.passport_id)
    return listing


def _require_live(pick_up: PickUp) -> None:
    session.flush()
    session.refresh(pick_up)
    if pick_up.state is PickUpState.CANCELLED:
        raise overtaken()


def _checked(window: Window, listing: Listing, at: datetime) -> Window:
    starts_at, ends_at = window.starts_at, window.ends_at
    if starts_at < at:
        raise InvalidInputError(N_("Deze tijd is al voorbij."), field="starts")
    if day_of(starts_at) < listing.available_from:
        day = f"{listing.available_from:%d-%m-%Y}"
        raise InvalidInputError(N_("Het kan pas vanaf %(day)s worden opgehaald."), field="day", day=day)
    if starts_at - at > FURTHEST:
        raise InvalidInputError(N_("Dat is meer dan een jaar vooruit. Klopt het jaar?"), field="day")
    if ends_at <= starts_at:
        raise InvalidInputError(N_("Het einde ligt na het begin."), field="ends")
    if ends_at - starts_at > MOST:
        raise InvalidInputError(
            N_("Spreek ten hoogste %(hours)s uur af."), field="ends", hours=MOST // timedelta(hours=1)
        )
    return replace(window, note=one_line(window.note, LONGEST, "note"))


def _exists() -> ConflictError:
    return ConflictError(N_("Er is al een afspraak. Ververs de pagina, en verzet die."))


def _tell(reservation: Reservation, pick_up: PickUp, action: str, side: Organisation, by: By, **facts: Fact) -> None:
    journal.record_all(told_of(reservation, pick_up, action, side, **facts), by=by)
