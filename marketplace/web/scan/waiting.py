"""What waits at a scanned lot: what is still to be fetched, and what was reported as fetched but not confirmed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Actor, Permission
from marketplace.reservations.hand_overs import left_to_fetch
from marketplace.reservations.models import HandOver, Reservation
from marketplace.web.filters import quantity


@dataclass(frozen=True, slots=True)
class ToFetch:
    """Hold a reservation with how much of it may go along now, and what was reported of it and not confirmed."""

    reservation: Reservation
    amount: Decimal
    reported: HandOver | None


@dataclass(frozen=True, slots=True)
class Report:
    """Hold what was reported of a reservation, in words, with the page to confirm or correct it for its two sides."""

    title: str
    text: str
    url: str | None
    link: str


def to_fetch(waiting: Sequence[Reservation], open_: Mapping[int, HandOver], *, handles: bool) -> list[ToFetch]:
    """Return what may go along: of each what nobody reported yet.

    Who `handles` the lot says how much went in all, and so confirms or corrects what was reported.
    """
    reported = ((each, open_.get(each.id)) for each in waiting)
    found = [ToFetch(each, each.held if handles else left_to_fetch(each, row), row) for each, row in reported]
    return [each for each in found if each.amount]


def reports(waiting: Sequence[Reservation], open_: Mapping[int, HandOver], actor: Actor) -> list[Report]:
    """Return what was reported of these reservations: by whom, how much, and who has to confirm it."""
    return [_report(each, open_[each.id], actor) for each in waiting if each.id in open_]


def _report(reservation: Reservation, row: HandOver, actor: Actor) -> Report:
    sides = (reservation.listing.organisation, reservation.organisation)
    by, other = sides if row.reported_by_id == sides[0].id else sides[::-1]
    may_see = any(actor.may(Permission.HANDLE, side.id) for side in sides)
    may_confirm = actor.may(Permission.HANDLE, other.id)
    return Report(
        title=str(
            gettext("%(name)s meldde: %(amounts)s.", name=by.name, amounts=", ".join(_amounts(row, reservation)))
        ),
        text=str(gettext("%(name)s moet dat nog bevestigen.", name=other.name)),
        url=url_for("reservations.show", reference=reservation.reference) if may_see else None,
        link=str(gettext("Bevestig of corrigeer het") if may_confirm else gettext("Bekijk de reservering")),
    )


def _amounts(row: HandOver, reservation: Reservation) -> Iterator[str]:
    unit = reservation.unit
    if row.quantity:
        yield str(gettext("%(amount)s opgehaald", amount=quantity(row.quantity, unit)))
    if row.broken:
        yield str(gettext("%(amount)s stuk", amount=quantity(row.broken, unit)))
    if row.lost:
        yield str(gettext("%(amount)s zoek", amount=quantity(row.lost, unit)))
