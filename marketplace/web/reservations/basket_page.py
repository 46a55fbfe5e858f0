"""What the page of a basket shows: need by need how far it is, each lot with who has to do what, and how it went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import url_for
from flask_babel import gettext

from marketplace.kit import journal
from marketplace.kit.errors import N_
from marketplace.matching.conversion import in_need
from marketplace.matching.filling import Progress, progress_by_need
from marketplace.matching.models import OwnRates
from marketplace.matching.queries import reserved_for
from marketplace.matching.rates import rates_for
from marketplace.projects.models import Need
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import State
from marketplace.web.filters import day, quantity
from marketplace.web.history.entries import TimelineEntry, entries
from marketplace.web.history.told import joined
from marketplace.web.moments import ahead, last_day

_STEPS: Final = {
    State.WAITING: N_("Wacht tot er weer iets vrijkomt"),
    State.OFFERED: N_("U beslist, uiterlijk op %(day)s"),
    State.REQUESTED: N_("%(owner)s antwoordt uiterlijk op %(day)s"),
    State.CONFIRMED: N_("U haalt het op, uiterlijk op %(day)s"),
    State.HANDED_OVER: N_("Opgehaald"),
}
_FROM: Final = N_("U haalt het op vanaf %(first)s, uiterlijk op %(day)s")
_PAUSED: Final = N_("Mag nu niet worden opgehaald; zolang vervalt het niet")
_IN_BUILDING: Final = N_("Nog in het gebouw: de tijd om het op te halen loopt pas als het er is")


@dataclass(frozen=True, slots=True)
class BasketRow:
    """Hold one lot of a basket: where its reservation stands, who has to do what until when."""

    reservation: Reservation
    url: str
    amount_text: str
    fills_text: str
    step_text: str


@dataclass(frozen=True, slots=True)
class ForNeed:
    """Hold what of a basket is for one need, or for none: how far it is, and what nothing is reserved for at all.

    `missing` counts what was reserved by this basket and another way, in the unit of the need.
    """

    need: Need | None
    progress: Progress | None
    missing: Decimal
    rows: list[BasketRow]


def by_need(reservations: Sequence[Reservation]) -> list[ForNeed]:
    """Return the reservations of a basket need by need, in the order in which they are wanted, and last the rest."""
    far = progress_by_need(reservations)
    kept, own = reserved_for([each.need for each in far]), rates_for([each.need for each in far])
    found = [
        ForNeed(
            each.need,
            each,
            max(each.need.quantity - kept[each.need.id], Decimal(0)),
            _rows(reservations, each.need, own[each.need.id]),
        )
        for each in far
    ]
    others = _rows(reservations, None, None)
    return [*found, ForNeed(None, None, Decimal(0), others)] if others else found


def history_of(found: Basket, reservations: Sequence[Reservation]) -> list[TimelineEntry]:
    """Return what happened to a basket and to each of its lots, the newest first; what happened to all is told once."""
    lots = {reservation.subject: reservation.listing.passport.name for reservation in reservations}
    lines: list[TimelineEntry] = []
    for entry in journal.history(found.subject, *lots):
        if entry.told.get("basket") == found.reference:
            continue
        for line in entries([entry], public=False):
            text = joined(lots.get(entry.subject, ""), line.text)
            lines.append(line._replace(text=text, state="past" if lines else "now"))
    return lines


def _rows(reservations: Iterable[Reservation], need: Need | None, rates: OwnRates | None) -> list[BasketRow]:
    return [_row(row, need, rates) for row in reservations if row.need_id == (need.id if need else None)]


def _row(reservation: Reservation, need: Need | None, rates: OwnRates | None) -> BasketRow:
    filled = in_need(reservation.listing, need, reservation.quantity, rates) if need else None
    shows = need and filled is not None and (need.unit is not reservation.unit or filled != reservation.quantity)
    return BasketRow(
        reservation=reservation,
        url=url_for("reservations.show", reference=reservation.reference),
        amount_text=quantity(reservation.quantity, reservation.unit),
        fills_text=gettext("vult %(amount)s", amount=quantity(filled, need.unit)) if need and filled and shows else "",
        step_text=step_text(reservation),
    )


def step_text(reservation: Reservation) -> str:
    """Return who has to do what until when, or why nothing more will come of it."""
    until = reservation.expires_at
    told = _STEPS.get(reservation.state)
    if told is None:
        return reservation.reason or str(gettext("Hiervan komt niets meer"))
    first = ahead(reservation.listing.available_from)
    if reservation.is_paused:
        told = _PAUSED
    elif reservation.state is State.CONFIRMED and (until is None or first):
        told = _FROM if until else _IN_BUILDING
    days = {"day": day(last_day(until)) if until else "", "first": day(first) if first else ""}
    return str(gettext(told, owner=reservation.listing.organisation.name, **days))
