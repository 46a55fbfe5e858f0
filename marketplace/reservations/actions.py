"""Keeping stock for somebody, and what becomes of it.

Every action first settles what time brought to the listing, then moves its stock and the reservation in one
transaction. The stock moves by one conditional update, which fails where somebody else was earlier.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from marketplace.accounts.circles import trust_each_other
from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.clock import day_of
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.journal import By, Event, Fact
from marketplace.kit.quantities import Quantity, amount_of
from marketplace.kit.texts import at_most, one_line
from marketplace.listings import stock
from marketplace.listings.models import Listing, Stage
from marketplace.passports.admission import require_open_gate_of
from marketplace.reservations import hand_overs
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose, require_accepted, require_new
from marketplace.reservations.settling import clock, give_up, leave_queue, move_up, overtaken, set_clock, settle, step
from marketplace.reservations.states import HOLDING, State
from marketplace.reservations.telling import tell, told
from marketplace.reservations.terms import Terms, answer_by, extended, hold_until, least_of, most_of

LONGEST: Final = 500
"""Characters of a message or a reason."""
_NOTHING: Final = Decimal(0)
_GIVES_BACK: Final = frozenset({State.REQUESTED, State.CONFIRMED})


def request(*, listing_id: int, quantity: Decimal, purpose: Purpose, by: By, at: datetime) -> Reservation:
    """Keep `quantity` of a listing: promised at once inside a circle of trust, else until the owner answers.

    Raises InvalidInputError for a quantity that the listing or the rules of its owner do not allow, or for a need that
    does not accept this kind of material, NotEnoughError where less is available, NotFoundError where it is not on
    offer, and BlockedError where a hazard is unknown or present without permission.
    """
    made = place(settle([listing_id], at).get(listing_id), quantity, purpose, at)
    journal.record_all(told_placed(made, purpose), by=by)
    return made


@dataclass(frozen=True, slots=True)
class Dealing:
    """Hold how an owner and who reserves deal: by the terms of the owner, and whether they trust each other."""

    terms: Terms
    trusted: bool


def dealing(owner_id: int, buyer_id: int) -> Dealing:
    """Return how these two organisations deal with each other."""
    return Dealing(terms_of(owner_id), trust_each_other(owner_id, buyer_id))


def place(
    settled: Listing | None,
    quantity: Decimal,
    purpose: Purpose,
    at: datetime,
    *,
    footing: Callable[[int, int], Dealing] = dealing,
    require_gate: Callable[[int], None] = require_open_gate_of,
) -> Reservation:
    """Check and hold as `request` does, of a listing that is settled, if it exists; `told_placed` says what to record.

    Nothing has changed where it raises an error of its own. `footing` and `require_gate` may be what answers the same
    without looking it up again for every line of a basket.
    """
    listing = _on_offer(settled, purpose, at)
    _check_amount(listing, quantity)
    stock.require_available(listing, quantity)  # told before anything is looked up that only matters where there is
    found = footing(listing.organisation_id, purpose.organisation.id)
    _check_share(listing, quantity, purpose, found.terms)
    require_gate(listing.passport_id)
    stock.hold(listing.id, quantity)
    state, until = _next_step(listing, found.terms, at, promised=found.trusted)
    columns = clock(until, found.terms, at)
    return _add(listing, quantity, quantity, purpose, at, state=state, held=quantity, **columns)


def told_placed(made: Reservation, purpose: Purpose, **facts: Fact) -> list[Event]:
    """Return what to record of a reservation that was placed, and of its promise where it needed no answer.

    One of a basket names it: people are told of that as a whole. The journal tells `facts` too.
    """
    together: dict[str, Fact] = {"basket": purpose.basket.reference, **facts} if purpose.basket else facts
    requested = told(made, "reservation.requested", None, organisation=purpose.organisation.name, **together)
    if made.state is not State.CONFIRMED:
        return requested
    return [*requested, *told(made, "reservation.confirmed", None, automatic=True, **together)]


def wait(
    *, listing_id: int, quantity: Decimal, least: Decimal | None = None, purpose: Purpose, by: By, at: datetime
) -> Reservation:
    """Queue for a quantity of which there is not enough now; `least` is the smallest part that is of use.

    Raises InvalidInputError for amounts that cannot be, where there is enough to reserve it at once, or where the same
    is waited for already, and NotFoundError where it is not on offer.
    """
    listing = _on_offer(settle([listing_id], at).get(listing_id), purpose, at)
    terms = terms_of(listing.organisation_id)
    _check_amount(listing, quantity)
    _check_share(listing, quantity, purpose, terms, rest_counts=False)
    least = quantity if least is None else least
    _check_amount(listing, least, field="least")
    if least > quantity:
        raise InvalidInputError(N_("Dit is meer dan u vraagt."), field="least")
    if listing.available >= quantity:
        raise InvalidInputError(N_("Hiervan is genoeg: reserveer het meteen."), field="quantity")
    if listing.still_there < least:
        raise InvalidInputError(N_("Zoveel is er niet meer, ook niet als iedereen afziet."), field="quantity")
    require_new(listing, quantity, purpose)
    made = _add(listing, quantity, least, purpose, at, state=State.WAITING, waiting=quantity)
    tell(made, "reservation.waiting", by, organisation=purpose.organisation.name)
    move_up(listing, terms, at)
    return made


def accept(reservation: Reservation, *, by: By, at: datetime) -> None:
    """Take what is offered out of the queue.

    Raises ConflictError where its clock has run out, and BlockedError as `request` does.
    """
    listing, terms = _settled(reservation, at)
    _require(reservation, State.OFFERED)
    require_open_gate_of(listing.passport_id)
    promised = trust_each_other(listing.organisation_id, reservation.organisation_id)
    state, until = _next_step(listing, terms, at, promised=promised)
    step(reservation, state, at, **clock(until, terms, at))
    tell(reservation, "reservation.accepted", by)
    if promised:
        tell(reservation, "reservation.confirmed", by, automatic=True)


def confirm(reservation: Reservation, *, by: By, at: datetime, **facts: Fact) -> None:
    """Promise the reserved quantity: from now on it waits to be fetched. Raises BlockedError as `request` does.

    The journal tells `facts` too.
    """
    listing, terms = _settled(reservation, at)
    _require(reservation, State.REQUESTED)
    require_open_gate_of(listing.passport_id)
    _, until = _next_step(listing, terms, at, promised=True)
    step(reservation, State.CONFIRMED, at, **clock(until, terms, at))
    tell(reservation, "reservation.confirmed", by, None, **facts)


def decline(reservation: Reservation, *, reason: str, by: By, at: datetime) -> None:
    """Refuse a request, with a reason; what was held goes to the next in the queue, or is available again."""
    reason = check_reason(reason, N_("Vul in waarom u deze reservering afwijst."))
    _settled(reservation, at)
    _require(reservation, State.REQUESTED)
    _end(reservation, State.DECLINED, reason, at, by=by)


def cancel(reservation: Reservation, *, reason: str = "", by: By, at: datetime) -> None:
    """Give a reservation or a place in the queue up; what was held goes to the next, or is available again."""
    _end(reservation, State.CANCELLED, check_reason(reason), at, by=by, side="buyer")


def give_back(reservation: Reservation, quantity: Decimal, *, reason: str = "", by: By, at: datetime) -> None:
    """Give a part of what is held back; it goes to the next in the queue, or is available again, and the rest stays.

    Raises InvalidInputError, at the field `quantity`, for what is no part of it or leaves less than the least take, and
    ConflictError where it is not held, or where more was reported to be fetched than would be left.
    """
    text = check_reason(reason)
    listing, terms = _settled(reservation, at)
    if reservation.state not in _GIVES_BACK:
        raise overtaken()
    _check_part(reservation, quantity, least_of(terms, listing.total, listing.min_take, listing.unit))
    reservation.held -= quantity
    reservation.released += quantity
    session.flush()
    stock.release(listing.id, quantity)
    tell(reservation, "reservation.released", by, quantity, reason=text)
    move_up(listing, terms, at)


def may_give_back(reservation: Reservation) -> bool:
    """Tell whether the holder may give back a part: of more than the smallest amount, taken and not only offered."""
    smallest = Decimal(1) if reservation.unit.whole else Decimal("0.001")
    return reservation.state in _GIVES_BACK and reservation.held > smallest


def call_off(reservation: Reservation, *, reason: str, by: By, at: datetime) -> None:
    """Take back, as the owner, what was promised, with a reason."""
    reason = check_reason(reason, N_("Vul in waarom u deze reservering intrekt."))
    _end(reservation, State.CANCELLED, reason, at, by=by, side="owner")


def extend(reservation: Reservation, *, by: By, at: datetime) -> None:
    """Keep what is to be fetched for longer, as often as the rules of the owner allow.

    Raises ConflictError where it may not be extended (again).
    """
    listing, terms = _settled(reservation, at)
    _require(reservation, State.CONFIRMED)
    if reservation.is_paused:
        raise ConflictError(N_("De tijd staat stil zolang niemand dit mag ophalen. Verlengen hoeft nu niet."))
    if reservation.expires_at is None:
        raise ConflictError(N_("Dit zit nog in het gebouw: de tijd loopt pas als het er is."))
    if reservation.extensions >= terms.extensions:
        raise ConflictError(N_("Deze reservering is al verlengd. Overleg met %(owner)s."), owner=_name_of(listing))
    until = extended(terms, reservation.expires_at)
    set_clock(reservation, until, terms, at)
    reservation.extensions += 1
    tell(reservation, "reservation.extended", by, reservation.held, until=until.isoformat())


def may_extend(reservation: Reservation, terms: Terms) -> bool:
    """Tell whether the holder may keep it for longer by the rules of the owner."""
    runs = reservation.state is State.CONFIRMED and reservation.expires_at is not None
    return runs and reservation.extensions < terms.extensions


def check_reason(reason: str, missing: str = "") -> str:
    """Return a reason in one line. Raises InvalidInputError, at the field `reason`, for a long or a `missing` one."""
    text = one_line(reason, LONGEST, "reason")
    if missing and not text:
        raise InvalidInputError(missing, field="reason")
    return text


def _next_step(listing: Listing, terms: Terms, at: datetime, *, promised: bool) -> tuple[State, datetime | None]:
    """Return how far a claim goes by itself, and until when; no clock runs for what is still in a building."""
    if not promised:
        return State.REQUESTED, answer_by(terms, at)
    if listing.stage is Stage.EXPECTED:
        return State.CONFIRMED, None
    return State.CONFIRMED, hold_until(terms, at, listing.available_from)


def _on_offer(listing: Listing | None, purpose: Purpose, at: datetime) -> Listing:
    if listing is None or not listing.is_open:
        raise NotFoundError(N_("Deze partij is niet meer te reserveren."))
    if listing.available_until and listing.available_until < day_of(at):
        message = N_("Deze partij was beschikbaar tot en met %(day)s. Vraag de aanbieder of het nog kan.")
        raise ConflictError(message, day=f"{listing.available_until:%d-%m-%Y}")
    if listing.organisation_id == purpose.organisation.id:
        raise InvalidInputError(N_("Dit is een partij van uw eigen organisatie."))
    at_most(purpose.note, LONGEST, "note")
    require_accepted(listing, purpose.need_id)
    return listing


def _check_share(
    listing: Listing, quantity: Decimal, purpose: Purpose, terms: Terms, *, rest_counts: bool = True
) -> None:
    least = least_of(terms, listing.total, listing.min_take, listing.unit)
    takes_the_rest = rest_counts and quantity == listing.available
    if quantity < least and not takes_the_rest:
        message = N_("Van deze partij neemt u ten minste %(least)s af.")
        if rest_counts and listing.available < least:
            message = N_("Van deze partij neemt u ten minste %(least)s af, of alles wat er nog is.")
        raise InvalidInputError(message, field="quantity", least=Quantity(least, listing.unit))
    if terms.most_percent == 100:
        return
    most = most_of(terms, listing.total, listing.unit, listing.min_take)
    if _claimed_by(purpose.organisation.id, listing.id) + quantity > most:
        message = N_("Van deze partij reserveert één organisatie ten hoogste %(most)s, alles bij elkaar.")
        raise InvalidInputError(message, field="quantity", most=Quantity(most, listing.unit))


def _check_amount(listing: Listing, quantity: Decimal, field: str = "quantity") -> None:
    if not amount_of(quantity, listing.unit, field=field).value:
        raise InvalidInputError(N_("Vul in hoeveel u wilt reserveren."), field=field)


def _check_part(reservation: Reservation, quantity: Decimal, least: Decimal) -> None:
    """Check what is given back; what was fetched before counts for the `least` that is taken."""
    unit = reservation.unit
    left = reservation.held - amount_of(quantity, unit, field="quantity").value
    if not quantity:
        raise InvalidInputError(N_("Vul in hoeveel u teruggeeft."), field="quantity")
    if left < 0:
        message = N_("Dat is meer dan we voor u vasthouden: %(held)s.")
        raise InvalidInputError(message, field="quantity", held=Quantity(reservation.held, unit))
    if not left:
        raise InvalidInputError(N_("Dat is alles. Annuleer dan de reservering."), field="quantity")
    if left + reservation.handed_over < least:
        message = N_("Van deze partij neemt u ten minste %(least)s af. Houd meer, of geef alles terug.")
        raise InvalidInputError(message, field="quantity", least=Quantity(least, unit))
    reported = hand_overs.find_open(reservation.id)
    if reported and reported.quantity + reported.broken + reported.lost > left:
        amount = Quantity(reported.quantity + reported.broken + reported.lost, unit)
        message = N_("Gemeld is dat %(amount)s is opgehaald, en dat is nog niet bevestigd. Laat minstens zoveel over.")
        raise ConflictError(message, field="quantity", amount=amount)


def _claimed_by(organisation_id: int, listing_id: int) -> Decimal:
    claimed = func.sum(Reservation.waiting + Reservation.held + Reservation.handed_over)
    query = select(claimed).where(Reservation.listing_id == listing_id, Reservation.organisation_id == organisation_id)
    return session.scalar(query) or _NOTHING


def _add(
    listing: Listing, quantity: Decimal, least: Decimal, purpose: Purpose, at: datetime, **columns: object
) -> Reservation:
    made = Reservation(
        listing_id=listing.id,
        organisation_id=purpose.organisation.id,
        project_id=purpose.project_id,
        need_id=purpose.need_id,
        basket_id=purpose.basket.id if purpose.basket else None,
        unit=listing.unit,
        quantity=quantity,
        least=least,
        price_eur=listing.price_eur,
        note=purpose.note.strip(),
        created_at=at,
        **columns,
    )
    session.add(made)
    session.flush()
    return made


def _settled(reservation: Reservation, at: datetime) -> tuple[Listing, Terms]:
    """Settle the listing of a reservation and return it with the rules of its owner; the reservation is read again."""
    listing = settle([reservation.listing_id], at)[reservation.listing_id]
    return listing, terms_of(listing.organisation_id)


def _require(reservation: Reservation, state: State) -> None:
    if reservation.state is not state:
        raise overtaken()


def _end(reservation: Reservation, wanted: State, reason: str, at: datetime, *, by: By, side: str = "owner") -> None:
    listing, terms = _settled(reservation, at)
    held, offered = reservation.state in HOLDING, reservation.state is State.OFFERED
    released = give_up(reservation, wanted, at, reason)
    action = f"reservation.{wanted.value}" if held else "reservation.left_queue"
    tell(reservation, action, by, released if held else None, reason=reason, side=side)
    if offered:
        leave_queue(reservation, wanted, at, by)
    move_up(listing, terms, at)


def _name_of(listing: Listing) -> str:
    return session.get_one(Organisation, listing.organisation_id).name
