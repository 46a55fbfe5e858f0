"""Handing over what was reserved: one side reports it and the other confirms it, or a scan of the label does at once.

Nothing moves before that. Then what was fetched, broken or lost leaves the stock and the passport in one transaction,
which takes the rows in the order passport, listing, reservation, journal.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select, update

from marketplace.accounts.models import Organisation
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By, Fact
from marketplace.kit.quantities import Quantity, amount_of
from marketplace.listings import stock
from marketplace.listings.models import Listing, Stage
from marketplace.listings.ownership import withdraw_left_over
from marketplace.passports import lineage
from marketplace.passports.admission import require_open_gate_of
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act, lock
from marketplace.passports.transferring import give
from marketplace.reservations.actions import check_reason
from marketplace.reservations.hand_overs import find_open
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.keeping import keep_until
from marketplace.reservations.models import HandOver, HandOverState, Reservation
from marketplace.reservations.pick_ups import is_agreed_for
from marketplace.reservations.settling import move_up, overtaken, settle, step
from marketplace.reservations.sides import require_side
from marketplace.reservations.states import State
from marketplace.reservations.telling import tell
from marketplace.reservations.terms import answer_by

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fetched:
    """Hold what became of a reservation at one time; whatever of it is not named stays held, or is released."""

    quantity: Decimal = _NOTHING
    broken: Decimal = _NOTHING
    lost: Decimal = _NOTHING
    reason: str = ""
    """What happened to what is broken or lost."""
    releases_rest: bool = False
    """Whether the rest is given back, instead of waiting for a next time."""

    @property
    def written_off(self) -> Decimal:
        """Return how much of it is broken or lost."""
        return self.broken + self.lost


def report(reservation: Reservation, fetched: Fetched, *, side: Organisation, by: By, at: datetime) -> HandOver:
    """Let one side say what was fetched; it replaces what either side said before, and nothing moves yet.

    What is reported does not lapse while the other side may still answer; saying it anew, after a correction or a
    refusal, takes no more time. Raises InvalidInputError, at its field, for amounts that cannot be and without a
    reason for a loss, ConflictError where it does not wait to be fetched, and BlockedError where it may not leave.
    """
    listing = _waiting_to_be_fetched(reservation, side, at)
    checked = _checked(fetched, reservation)
    said = _said_by_the_other(reservation, side)
    _set_aside(reservation)
    is_first = not _said_in_vain(reservation, side)
    made = _add(reservation, checked, side, at, state=HandOverState.REPORTED)
    if is_first:
        keep_until(reservation, answer_by(terms_of(listing.organisation_id), at))
    tell(reservation, "hand_over.reported", by, checked.quantity, **_facts(checked, side), **said)
    return made


def confirm(hand_over: HandOver, *, side: Organisation, act: Act) -> None:
    """Let the other side say so too: now it moves. Raises ConflictError where that was done, or by the same side."""
    reservation = session.get_one(Reservation, hand_over.reservation_id)
    _lock_passport(reservation)
    listing = _waiting_to_be_fetched(reservation, side, act.at)
    if hand_over.reported_by_id == side.id:
        raise ConflictError(N_("Dit hebt u zelf gemeld. De andere kant bevestigt het."))
    _claim(hand_over, act.at)
    _check_held(_fetched(hand_over), reservation)
    _move(hand_over, reservation, listing, act)


def reject(hand_over: HandOver, *, reason: str, side: Organisation, by: By, at: datetime) -> None:
    """Let either side say that it was not so: nothing moves. Raises InvalidInputError without a reason."""
    reservation = session.get_one(Reservation, hand_over.reservation_id)
    settle([reservation.listing_id], at)
    require_side(reservation, side)
    text = check_reason(reason, N_("Vul in wat er niet klopt."))
    if not _leaves_open(hand_over, HandOverState.REJECTED):
        raise overtaken()
    tell(reservation, "hand_over.rejected", by, hand_over.quantity, reason=text, **{"from": side.name})


def by_scan(reservation: Reservation, fetched: Fetched, *, side: Organisation, act: Act) -> HandOver:
    """Hand over because somebody scanned the label; what was reported before is set aside.

    People of the owner, or of its hub, stand before the thing and let it go: it moves at once. Who fetches may type the
    code anywhere, so their scan moves it only on the day that both agreed, and never for a loss; else it is a report.
    Raises the same as `report`.
    """
    is_buyer = side.id == reservation.organisation_id
    if is_buyer and (fetched.written_off or not is_agreed_for(reservation.id, act.at)):
        return report(reservation, fetched, side=side, by=act.by, at=act.at)
    _lock_passport(reservation)
    listing = _waiting_to_be_fetched(reservation, side, act.at)
    checked = _checked(fetched, reservation)
    _set_aside(reservation)
    made = _add(reservation, checked, side, act.at, state=HandOverState.CONFIRMED, confirmed_at=act.at, by_scan=True)
    _move(made, reservation, listing, act)
    return made


def can_be_fetched(reservation: Reservation, listing: Listing) -> bool:
    """Tell whether a reservation waits to be fetched: promised, out of its building, and nothing found in it."""
    return reservation.state is State.CONFIRMED and listing.stage is Stage.IN_STOCK and not reservation.is_paused


def _lock_passport(reservation: Reservation) -> None:
    listing = session.get_one(Listing, reservation.listing_id)
    lock(session.get_one(Passport, listing.passport_id))


def _waiting_to_be_fetched(reservation: Reservation, side: Organisation, at: datetime) -> Listing:
    """Settle and hold the listing of a reservation, and return it."""
    listing = settle([reservation.listing_id], at)[reservation.listing_id]
    require_side(reservation, side)
    if reservation.state is not State.CONFIRMED:
        raise overtaken()
    if listing.stage is Stage.EXPECTED:
        raise ConflictError(N_("Dit zit nog in het gebouw. Neem het eerst in ontvangst."))
    require_open_gate_of(listing.passport_id)
    return listing


def _checked(fetched: Fetched, reservation: Reservation) -> Fetched:
    """Return what was fetched with its reason in one line. Raises InvalidInputError for what cannot be."""
    for field in ("quantity", "broken", "lost"):
        amount_of(getattr(fetched, field), reservation.unit, field=field)
    if not fetched.quantity + fetched.written_off:
        raise InvalidInputError(N_("Vul in hoeveel er is opgehaald."), field="quantity")
    missing = N_("Vul in wat er gebeurd is met wat stuk of zoek is.") if fetched.written_off else ""
    _check_held(fetched, reservation)
    return replace(fetched, reason=check_reason(fetched.reason, missing))


def _check_held(fetched: Fetched, reservation: Reservation) -> None:
    total = _NOTHING
    for field in ("quantity", "broken", "lost"):
        total += getattr(fetched, field)
        if total > reservation.held:
            message = N_("Samen is dat meer dan er klaarligt: %(held)s.")
            raise InvalidInputError(message, field=field, held=Quantity(reservation.held, reservation.unit))


def _claim(hand_over: HandOver, at: datetime) -> None:
    """Let a report be confirmed once, whoever else does so at the same moment. Raises ConflictError for the second."""
    if not _leaves_open(hand_over, HandOverState.CONFIRMED, confirmed_at=at):
        raise overtaken()


def _leaves_open(hand_over: HandOver, state: HandOverState, **changes: object) -> bool:
    session.flush()
    statement = (
        update(HandOver)
        .where(HandOver.id == hand_over.id, HandOver.state == HandOverState.REPORTED)
        .values({"state": state, **changes})
        .returning(HandOver.id)
    )
    done = session.execute(statement, execution_options={"synchronize_session": False}).first()
    session.refresh(hand_over)
    return done is not None


def _set_aside(reservation: Reservation) -> None:
    """Let what was reported before and not confirmed count no more."""
    if row := find_open(reservation.id):
        _leaves_open(row, HandOverState.REJECTED)


def _said_by_the_other(reservation: Reservation, side: Organisation) -> dict[str, Fact]:
    """Return what the other side reported to be fetched, which is now said to be otherwise."""
    row = find_open(reservation.id)
    return {"said": as_fact(row.quantity)} if row and row.reported_by_id != side.id else {}


def _said_in_vain(reservation: Reservation, side: Organisation) -> bool:
    """Tell whether this side said something before that came to nothing: nobody keeps a lot by saying so for ever."""
    in_vain = (HandOver.reported_by_id == side.id, HandOver.state == HandOverState.REJECTED)
    query = select(HandOver.id).where(HandOver.reservation_id == reservation.id, *in_vain)
    return session.scalar(query.limit(1)) is not None


def _add(reservation: Reservation, fetched: Fetched, side: Organisation, at: datetime, **columns: object) -> HandOver:
    made = HandOver(
        reservation_id=reservation.id,
        quantity=fetched.quantity,
        broken=fetched.broken,
        lost=fetched.lost,
        reason=fetched.reason,
        releases_rest=fetched.releases_rest,
        reported_by_id=side.id,
        reported_at=at,
        **columns,
    )
    session.add(made)
    session.flush()
    return made


def _move(hand_over: HandOver, reservation: Reservation, listing: Listing, act: Act) -> None:
    fetched = _fetched(hand_over)
    passport = session.get_one(Passport, listing.passport_id)
    released = _book(reservation, fetched, act.at)
    where = ", ".join(part for part in (listing.address, listing.place) if part)
    told: dict[str, Fact] = {
        "hand_over": hand_over.reference,
        "fetched": as_fact(fetched.quantity),
        "where": where,
    }
    freed: dict[str, Fact] = {"released": as_fact(released)} if released else {}
    for what, amount in (("broken", fetched.broken), ("lost", fetched.lost)):
        if amount:
            stock.write_off(listing.id, amount, from_held=True)
            lineage.lose(passport, amount, fetched.reason, act)
            tell(reservation, "reservation.written_off", act.by, amount, what=what, reason=fetched.reason, **told)
    if fetched.quantity:
        stock.hand_over(listing.id, fetched.quantity)
        buyer = session.get_one(Organisation, reservation.organisation_id)
        given = give(passport, fetched.quantity, buyer, act)
        withdraw_left_over(given, act.by)
        hand_over.passport_id = given.id
        what_went = {"organisation": buyer.name, "code": given.code, "reason": fetched.reason, **_losses(fetched)}
        tell(reservation, "reservation.handed_over", act.by, fetched.quantity, **told, **freed, **what_went)
    if released:
        stock.release(listing.id, released)
        side = "buyer" if hand_over.reported_by_id == reservation.organisation_id else "owner"
        tell(reservation, "reservation.released", act.by, released, side=side, **told)
        move_up(listing, terms_of(listing.organisation_id), act.at)


def _book(reservation: Reservation, fetched: Fetched, at: datetime) -> Decimal:
    """Move the parts of a reservation, end it where nothing is held any more, and return what is released."""
    left = reservation.held - fetched.quantity - fetched.written_off
    released = left if fetched.releases_rest else _NOTHING
    parts = {
        "held": left - released,
        "handed_over": reservation.handed_over + fetched.quantity,
        "written_off": reservation.written_off + fetched.written_off,
        "released": reservation.released + released,
    }
    if not parts["held"]:
        step(reservation, _end_of(parts), at, **parts)
        return released
    for name, value in parts.items():
        setattr(reservation, name, value)
    session.flush()
    return released


def _end_of(parts: dict[str, Decimal]) -> State:
    if parts["handed_over"]:
        return State.HANDED_OVER
    return State.WRITTEN_OFF if parts["written_off"] else State.CANCELLED


def _fetched(row: HandOver) -> Fetched:
    return Fetched(row.quantity, row.broken, row.lost, row.reason, row.releases_rest)


def _facts(fetched: Fetched, side: Organisation) -> dict[str, Fact]:
    losses = _losses(fetched)
    return {"from": side.name, "reason": fetched.reason, "releases_rest": fetched.releases_rest, **losses}


def _losses(fetched: Fetched) -> dict[str, Fact]:
    return {name: as_fact(getattr(fetched, name)) for name in ("broken", "lost") if getattr(fetched, name)}
