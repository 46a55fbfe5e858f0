"""The desk of who offers: what asks for an answer, what to lay ready, what is fetched today, and who needs it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from flask import render_template

from marketplace.accounts.permissions import Permission
from marketplace.accounts.queries import contacts_of
from marketplace.kit import clock
from marketplace.listings.models import Listing, Stage
from marketplace.reservations import desk as reading
from marketplace.reservations import queries
from marketplace.reservations.models import PickUp, PickUpState, Reservation
from marketplace.reservations.proposed_days import proposed_with
from marketplace.reservations.states import State
from marketplace.web.access import current_actor, requires
from marketplace.web.fits import FitRow, fit_rows
from marketplace.web.reservations.blueprint import blueprint

_SOON: Final = timedelta(days=3)
_MOST_LISTINGS: Final = 4
_MOST_NEEDS: Final = 2


class Waiting(NamedTuple):
    """Who waits for one listing: how many, for how much together, in its unit."""

    listing: Listing
    number: int
    quantity: Decimal


class Wanted(NamedTuple):
    """A listing of which something is left, and the needs that it fits best."""

    listing: Listing
    needs: list[FitRow]


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold what lies on the desk, each list in the order in which it asks for attention."""

    to_answer: list[Reservation]
    to_agree: list[Reservation]
    today: list[PickUp]
    to_prepare: list[Reservation]
    ending: list[Reservation]
    options: list[Reservation]
    waiting: list[Waiting]
    appointments: Mapping[int, PickUp]
    reported: Collection[int]

    @property
    def questions(self) -> list[list[Reservation]]:
        """Return what is to be answered, with what one organisation asked of another together in one basket as one."""
        found: dict[object, list[Reservation]] = {}
        for row in self.to_answer:
            one = ("alone", row.id) if row.basket_id is None else (row.basket_id, row.listing.organisation_id)
            found.setdefault(one, []).append(row)
        return list(found.values())

    @property
    def is_empty(self) -> bool:
        lists = (self.to_answer, self.to_agree, self.today, self.to_prepare, self.options, self.waiting)
        return not any(lists)


@blueprint.get("/balie")
@requires(Permission.HANDLE)
def desk() -> str:
    """Show what others want of our organisations."""
    return desk_page()


def desk_page(problems: Mapping[str, str] | None = None, left_out: Collection[str] = ()) -> str:
    """Return the desk; with what could not be confirmed and why, and what was not ticked, by their references."""
    actor = current_actor()
    ours, trades_for = actor.organisations(Permission.HANDLE), actor.organisations(Permission.TRADE)
    found = desk_of(
        reading.received(ours),
        _on_our_side(reading.pick_ups(ours), ours),
        clock.now(),
        reported=reading.reported_to(ours),
    )
    return render_template(
        "reservations/desk.html",
        desk=found,
        proposed=proposed_with(found.to_answer),
        problems=problems or {},
        gone=_gone(problems or {}, found.to_answer),
        left_out=left_out,
        wanted=_wanted(ours),
        trades_for=trades_for,
        answerers={each: _names(each) for each in ours if each not in trades_for},
    )


def desk_of(
    received: Sequence[Reservation],
    pick_ups: Sequence[PickUp],
    at: datetime,
    *,
    reported: Collection[int] = (),
) -> Desk:
    """Return the desk as it lies at a moment, of what is received with the first to lapse first.

    Of what is in `reported`, by id, the buyer says that it was fetched; that, and a time that a buyer proposes, waits
    for an answer and stands in no other list but of what ends soon.
    """
    confirmed = [row for row in received if row.state is State.CONFIRMED]
    options = [row for row in confirmed if row.listing.stage is Stage.EXPECTED]
    here = [row for row in confirmed if row.listing.stage is not Stage.EXPECTED]
    appointments = {pick_up.reservation_id: pick_up for pick_up in pick_ups}
    to_agree = [row for row in here if row.id in reported or _is_proposed(row, appointments)]
    here = [row for row in here if row not in to_agree]
    ids = {row.id for row in here}
    today = [pick_up for pick_up in pick_ups if pick_up.reservation_id in ids and _is_due(pick_up, at)]
    due = {pick_up.reservation_id for pick_up in today}
    return Desk(
        to_answer=[row for row in received if row.state is State.REQUESTED],
        to_agree=to_agree,
        today=today,
        to_prepare=sorted((row for row in here if row.id not in due), key=lambda row: _by_start(row, appointments)),
        ending=[row for row in received if _ends_soon(row, at)],
        options=sorted(options, key=lambda row: (row.listing.available_from, row.listing_id, row.id)),
        waiting=_waiting([row for row in received if row.state is State.WAITING]),
        appointments=appointments,
        reported=reported,
    )


def _gone(problems: Mapping[str, str], to_answer: Sequence[Reservation]) -> list[tuple[Reservation, str]]:
    """Return what could not be confirmed and asks for no answer any more, with why."""
    still = {row.reference for row in to_answer}
    return [(queries.get(reference), why) for reference, why in problems.items() if reference not in still]


def _names(organisation_id: int) -> str:
    """Return who answers for an organisation, by name or address."""
    return ", ".join(person.name or person.email for person in contacts_of(organisation_id))


def _waiting(rows: Sequence[Reservation]) -> list[Waiting]:
    by_listing: dict[int, list[Reservation]] = {}
    for row in rows:
        by_listing.setdefault(row.listing_id, []).append(row)
    return [
        Waiting(
            same[0].listing, len({row.organisation_id for row in same}), sum((row.waiting for row in same), Decimal(0))
        )
        for same in by_listing.values()
    ]


def _wanted(ours: Sequence[int]) -> list[Wanted]:
    """Return a few of our offers with needs that they fit; matching all of them would take too long for a page."""
    found = [
        Wanted(listing, [row for row in fit_rows(listing) if row.fits][:_MOST_NEEDS])
        for listing in reading.unclaimed(ours, limit=_MOST_LISTINGS)
    ]
    return [wanted for wanted in found if wanted.needs]


def _on_our_side(pick_ups: Sequence[PickUp], ours: Sequence[int]) -> list[PickUp]:
    return [pick_up for pick_up in pick_ups if pick_up.reservation.listing.organisation_id in ours]


def _is_due(pick_up: PickUp, at: datetime) -> bool:
    return clock.day_of(pick_up.starts_at) <= clock.day_of(at)


def _is_proposed(row: Reservation, appointments: Mapping[int, PickUp]) -> bool:
    pick_up = appointments.get(row.id)
    return (
        pick_up is not None
        and pick_up.state is PickUpState.PROPOSED
        and pick_up.proposed_by_id != row.listing.organisation_id
    )


def _ends_soon(row: Reservation, at: datetime) -> bool:
    runs = row.state in {State.CONFIRMED, State.OFFERED} and row.expires_at is not None
    return runs and row.expires_at is not None and row.expires_at <= at + _SOON


def _by_start(row: Reservation, appointments: Mapping[int, PickUp]) -> tuple[bool, datetime, int]:
    appointment = appointments.get(row.id)
    return (appointment is None, appointment.starts_at if appointment else row.created_at, row.id)
