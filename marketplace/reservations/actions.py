"""Keeping stock for somebody, and what becomes of it.

Every action changes the stock of the listing and the state of the reservation in one transaction. The stock comes
first: it is one conditional update, which fails where somebody else was earlier.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import update

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.clock import now
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity
from marketplace.listings import stock
from marketplace.listings.models import Listing
from marketplace.passports.admission import require_open_gate_of
from marketplace.reservations import queries
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State, may_become


def request(
    *,
    listing_id: int,
    organisation: Organisation,
    quantity: Decimal,
    by: By,
    project_id: int | None = None,
    need_id: int | None = None,
    note: str = "",
    request_key: str | None = None,
    at: datetime | None = None,
) -> Reservation:
    """Keep `quantity` of a listing for `organisation`, until its owner answers.

    The same `request_key` again returns the reservation that it made before. Raises InvalidInputError for a
    quantity that the listing does not allow, NotEnoughError where less is available, BlockedError where a hazard is
    unknown or present without permission, and ConflictError where the key came before with something else.
    """
    if request_key and (earlier := queries.find_by_request(request_key)):
        _require_the_same(earlier, listing_id, organisation, quantity)
        return earlier
    listing = session.get(Listing, listing_id)
    if listing is None or not listing.is_open:
        raise NotFoundError(N_("Deze partij is niet meer te reserveren."))
    if listing.organisation_id == organisation.id:
        raise InvalidInputError(N_("Dit is een partij van uw eigen organisatie."))
    _check_quantity(listing, quantity)
    require_open_gate_of(listing.passport_id)
    stock.hold(listing_id, quantity)
    reservation = Reservation(
        listing_id=listing_id,
        organisation_id=organisation.id,
        quantity=quantity,
        project_id=project_id,
        need_id=need_id,
        note=note,
        request_key=request_key,
        created_at=at or now(),
    )
    session.add(reservation)
    flush_or({"reservation.request_key": _sent_already()})
    _tell(reservation, "reservation.requested", by, organisation=organisation.name)
    return reservation


def confirm(reservation: Reservation, *, by: By, at: datetime | None = None) -> None:
    """Promise the reserved quantity: from now on it waits to be fetched."""
    _step(reservation, State.CONFIRMED, at=at)
    _tell(reservation, "reservation.confirmed", by)


def decline(reservation: Reservation, *, reason: str, by: By, at: datetime | None = None) -> None:
    """Refuse a request, with a reason; the quantity is available again."""
    if not reason.strip():
        raise InvalidInputError(N_("Vul in waarom u deze reservering afwijst."), field="reason")
    _release(reservation, State.DECLINED, reason, at)
    _tell(reservation, "reservation.declined", by, reason=reason.strip())


def cancel(reservation: Reservation, *, reason: str = "", by: By, at: datetime | None = None) -> None:
    """Give a reservation up; the quantity is available again."""
    _release(reservation, State.CANCELLED, reason, at)
    _tell(reservation, "reservation.cancelled", by, reason=reason.strip())


def hand_over(reservation: Reservation, *, by: By, at: datetime | None = None) -> None:
    """Record that the reserved quantity has been fetched. Raises BlockedError where it may not leave."""
    require_open_gate_of(session.get_one(Listing, reservation.listing_id).passport_id)
    _step(reservation, State.HANDED_OVER, at=at)
    stock.hand_over(reservation.listing_id, reservation.quantity)
    _tell(reservation, "reservation.handed_over", by)


def _require_the_same(earlier: Reservation, listing_id: int, organisation: Organisation, quantity: Decimal) -> None:
    if (earlier.listing_id, earlier.organisation_id, earlier.quantity) != (listing_id, organisation.id, quantity):
        raise _sent_already()


def _sent_already() -> ConflictError:
    return ConflictError(N_("Dit formulier is al verstuurd. Kijk bij Reserveringen wat u hebt vastgelegd."))


def _check_quantity(listing: Listing, quantity: Decimal) -> None:
    amount = Quantity(quantity, listing.unit)
    if not amount.value:
        raise InvalidInputError(N_("Vul in hoeveel u wilt reserveren."), field="quantity")
    rest_is_taken = quantity == listing.available
    if quantity < listing.min_take and not rest_is_taken:
        raise InvalidInputError(
            N_("Van deze partij neemt u ten minste %(least)s af."),
            field="quantity",
            least=str(Quantity(listing.min_take, listing.unit)),
        )


def _release(reservation: Reservation, state: State, reason: str, at: datetime | None) -> None:
    _step(reservation, state, at=at)
    reservation.reason = reason.strip()
    stock.release(reservation.listing_id, reservation.quantity)


def _step(reservation: Reservation, wanted: State, *, at: datetime | None) -> None:
    """Move the reservation on, unless somebody else did so a moment ago."""
    state = reservation.state
    if may_become(state, wanted):
        moved = session.execute(
            update(Reservation)
            .where(Reservation.id == reservation.id, Reservation.state == state)
            .values(state=wanted, decided_at=at or now())
            .returning(Reservation.id)
        ).first()
        session.refresh(reservation)
        if moved:
            return
    raise ConflictError(N_("Deze stap kan niet meer: de reservering is intussen veranderd. Ververs de pagina."))


def _tell(reservation: Reservation, action: str, by: By, **facts: str) -> None:
    """Record the step at the reservation, and at the listing, where others see it in its history."""
    listing = session.get_one(Listing, reservation.listing_id)
    amount = str(Quantity(reservation.quantity, listing.unit).value)
    told = {"quantity": amount, "unit": listing.unit.value, **facts}
    journal.record(reservation.subject, action, by=by, listing=listing.reference, **told)
    journal.record(listing.subject, action, by=by, **told)
