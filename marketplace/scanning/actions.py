"""What people do on site after scanning a label.

Each step first notes the scan, then moves the stock, then tells the journal: everybody takes the rows in this order,
so that two people with the same lot wait for each other instead of standing in each other's way.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import as_fact, differences, snapshot
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from marketplace.kit.journal import By
from marketplace.kit.quantities import amount_of
from marketplace.kit.texts import one_line
from marketplace.listings import stock
from marketplace.listings.models import Listing
from marketplace.passports import lineage
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act
from marketplace.projects.models import Hub
from marketplace.reservations import harvest
from marketplace.reservations.hand_overs import find_open
from marketplace.reservations.handing_over import Fetched, by_scan
from marketplace.reservations.models import HandOverState, Reservation
from marketplace.scanning import queries
from marketplace.scanning.models import ScanEvent
from marketplace.scanning.steps import Step, possible

_PLACE: Final = ("hub_id", "place", "address")


@dataclass(frozen=True, slots=True)
class Scan:
    """Hold what was scanned, by whom and when: the same for every step.

    `lot` is loaded with its hub. The same `request_key` again does nothing, and returns what it did before.
    """

    passport: Passport
    lot: Listing
    act: Act
    request_key: str | None = None

    @property
    def by(self) -> By:
        """Return who scanned it."""
        return self.act.by


def seen(scan: Scan, *, rack: str = "") -> ScanEvent:
    """Record that the lot lies where it should, and in which rack if that is said."""
    if earlier := _earlier(scan):
        return earlier
    _require(Step.SEEN, scan)
    _put_in_rack(scan.lot, rack)
    event = _note(scan, Step.SEEN, note=rack)
    journal.record(scan.passport.subject, "scan.seen", by=scan.by, place=event.place, rack=event.note)
    return event


def received(
    scan: Scan,
    *,
    hub: Hub | None = None,
    rack: str = "",
    counted: Decimal | None = None,
    agreed: str | None = None,
) -> ScanEvent:
    """Take an expected lot into stock, as it was counted: where it is, or in one of the hubs that can receive it.

    Without a count all is there. Raises NotAgreedError, InvalidInputError and ConflictError as `harvest.count` does,
    and NotAllowedError for a hub that has nothing to do with the lot.
    """
    if earlier := _earlier(scan):
        return earlier
    _require(Step.RECEIVED, scan)
    amount = harvest.foresee(scan.lot, counted, scan.act, agreed=agreed).counted.value
    before = snapshot(scan.lot, _PLACE)
    _bring_to(scan.lot, hub)
    _put_in_rack(scan.lot, rack)
    event = _note(scan, Step.RECEIVED, quantity=amount, note=rack)
    harvest.count(scan.lot, amount, scan.act)
    if moved := differences(before, snapshot(scan.lot, _PLACE)):
        journal.record(scan.lot.subject, "listing.changed", by=scan.by, **moved)
    _tell_lot(scan, event, "scan.received", place=event.place, rack=event.note)
    return event


def handed_over(scan: Scan, *, reservation: Reservation, fetched: Fetched) -> ScanEvent:
    """Give a confirmed reservation of this lot, or a part of it, to who fetches it; or report that, see `by_scan`.

    Who fetches says what goes along now, besides what was reported already; who gives says all that went.
    Raises NotFoundError for a reservation of something else, ConflictError where it does not wait to be fetched, and
    InvalidInputError for amounts that cannot be.
    """
    if earlier := _earlier(scan):
        return earlier
    if reservation.listing_id != scan.lot.id:
        raise NotFoundError(N_("Deze reservering hoort niet bij deze partij."), field="reservation")
    _require(Step.HANDED_OVER, scan)
    event = _note(scan, Step.HANDED_OVER, quantity=fetched.quantity, note=fetched.reason)
    side = _side(scan, reservation)
    whole = _with_reported(fetched, reservation) if side.id == reservation.organisation_id else fetched
    made = by_scan(reservation, whole, side=side, act=scan.act)
    told = {"quantity": as_fact(made.quantity), "unit": scan.lot.unit.value, "hand_over": made.reference}
    if made.state is HandOverState.REPORTED:
        return event
    journal.record(scan.passport.subject, "scan.handed_over", by=scan.by, reservation=reservation.reference, **told)
    return event


def damaged(scan: Scan, *, quantity: Decimal, reason: str) -> ScanEvent:
    """Write off what is broken, with a reason, out of what is promised to nobody; it leaves the passport too.

    Raises InvalidInputError without a reason or with an amount that cannot be, and NotEnoughError where less is
    available.
    """
    if earlier := _earlier(scan):
        return earlier
    _require(Step.DAMAGED, scan)
    amount = amount_of(quantity, scan.lot.unit, field="quantity")
    if not reason.strip():
        raise InvalidInputError(N_("Vul in wat er gebeurd is."), field="reason")
    event = _note(scan, Step.DAMAGED, quantity=amount.value, note=reason)
    stock.write_off(scan.lot.id, amount.value)
    lineage.lose(scan.passport, amount.value, event.note, scan.act)
    _tell_lot(scan, event, "scan.damaged", reason=event.note)
    return event


def _earlier(scan: Scan) -> ScanEvent | None:
    return queries.find_event(scan.request_key) if scan.request_key else None


def _require(step: Step, scan: Scan) -> None:
    waiting = queries.count_to_fetch(scan.lot)
    if step not in possible(queries.situation_of(scan.passport, scan.lot, waiting=waiting)):
        raise ConflictError(N_("Deze stap kan nu niet meer: er is intussen iets veranderd. Ververs de pagina."))


def _side(scan: Scan, reservation: Reservation) -> Organisation:
    """Return for which side somebody scans: the buyer's people for the buyer, those of the hub for the owner."""
    is_buyer = scan.by.organisation_id == reservation.organisation_id
    is_handler = scan.by.organisation_id in queries.handled_by(scan.lot)
    side_id = reservation.organisation_id if is_buyer and not is_handler else scan.lot.organisation_id
    return session.get_one(Organisation, side_id)


def _with_reported(fetched: Fetched, reservation: Reservation) -> Fetched:
    """Return what is fetched now together with what was reported before, whose place it takes."""
    before = find_open(reservation.id)
    if before is None:
        return fetched
    return Fetched(
        before.quantity + fetched.quantity,
        before.broken + fetched.broken,
        before.lost + fetched.lost,
        "; ".join(reason for reason in (before.reason, fetched.reason) if reason),
        fetched.releases_rest,
    )


def _note(scan: Scan, step: Step, *, quantity: Decimal | None = None, note: str = "") -> ScanEvent:
    if scan.by.user_id is None:
        raise NotAllowedError(N_("Alleen een persoon kan dit melden."))
    at = scan.act.at
    place, point = (scan.lot.hub.name, scan.lot.hub.point) if scan.lot.hub else (scan.lot.place, scan.lot.point)
    scan.passport.last_seen_at, scan.passport.last_seen_place = at, place
    event = ScanEvent(
        request_key=scan.request_key or None,
        passport_id=scan.passport.id,
        user_id=scan.by.user_id,
        step=step,
        at=at,
        place=place,
        x_km=point.x_km,
        y_km=point.y_km,
        quantity=quantity,
        note=one_line(note, 500, "reason"),
    )
    session.add(event)
    flush_or({"scan_event.request_key": ConflictError(N_("Dit is al gemeld."))})
    return event


def _tell_lot(scan: Scan, event: ScanEvent, action: str, **facts: str) -> None:
    quantity = str(event.quantity)
    journal.record(scan.lot.subject, action, by=scan.by, quantity=quantity, unit=scan.lot.unit.value, **facts)


def _put_in_rack(lot: Listing, rack: str) -> None:
    if rack.strip():
        lot.rack = one_line(rack, 40, "rack")


def _bring_to(lot: Listing, hub: Hub | None) -> None:
    if hub is None or hub.id == lot.hub_id:
        return
    if hub not in queries.hubs_for(lot):
        raise NotAllowedError(N_("Deze partij kan niet in die hub worden ontvangen."), field="hub")
    lot.hub = hub
    lot.put_at(place=hub.place, latitude=hub.latitude, longitude=hub.longitude, address=hub.address)
