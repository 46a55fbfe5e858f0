"""Appointments in the words of a calendar, and the address under which a calendar asks for them.

The address is a signed token for one member and one organisation. It stops working when the membership ends, or when
the member changes their password.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, url_for
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer

from marketplace.accounts.models import Organisation, User
from marketplace.accounts.permissions import Permission
from marketplace.config import Settings
from marketplace.kit.clock import day_of
from marketplace.kit.database import session
from marketplace.reservations.calendar import Appointment, calendar
from marketplace.reservations.models import PickUp, PickUpState, Reservation
from marketplace.reservations.states import State
from marketplace.web.access import current_person
from marketplace.web.filters import quantity

_STATUS: Final = {
    PickUpState.PROPOSED: "TENTATIVE",
    PickUpState.AGREED: "CONFIRMED",
    PickUpState.CANCELLED: "CANCELLED",
}
_STANDS: Final = {State.CONFIRMED, State.HANDED_OVER}


def calendar_of(rows: Iterable[tuple[PickUp, Reservation]], *, name: str, at: datetime) -> bytes:
    """Return these appointments as a calendar; the reservations are loaded with their world.

    Each names what is left to fetch, and all that it was about where nothing is.
    """
    return calendar([_appointment(row, reservation) for row, reservation in rows], name=name, at=at)


def lapsed(row: PickUp, reservation: Reservation) -> bool:
    """Tell whether nobody called an appointment off, and yet nothing is fetched then: the reservation ended before.

    What was fetched on the day itself, or later, was fetched as agreed.
    """
    early = reservation.decided_at is not None and day_of(reservation.decided_at) < day_of(row.starts_at)
    over = reservation.state not in _STANDS or (reservation.state is State.HANDED_OVER and early)
    return over and row.state is not PickUpState.CANCELLED


def _appointment(row: PickUp, reservation: Reservation) -> Appointment:
    settings: Settings = current_app.config["SETTINGS"]
    listing = reservation.listing
    is_off = lapsed(row, reservation)
    url = url_for("reservations.show", reference=reservation.reference, _external=True)
    amount = quantity(reservation.held or reservation.quantity, reservation.unit)
    sides = gettext(
        "%(buyer)s haalt op bij %(owner)s.", buyer=reservation.organisation.name, owner=listing.organisation.name
    )
    return Appointment(
        uid=f"{row.reference}@{urlsplit(settings.origin).hostname}",
        sequence=row.sequence + is_off,
        status="CANCELLED" if is_off else _STATUS[row.state],
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=str(gettext("Ophalen: %(amount)s %(name)s", amount=amount, name=listing.passport.name)),
        description="\n".join(line for line in (str(sides), row.note, url) if line),
        location=", ".join(part for part in (listing.address, listing.place) if part),
        url=url,
    )


def feed_url(organisation: Organisation) -> str:
    """Return the address of the calendar of an organisation for the person who asks."""
    person = current_person()
    token = _serializer().dumps([organisation.id, person.id, _mark(person)]) if person else ""
    return url_for("reservations.feed", token=token, _external=True)


def find_subscriber(token: str) -> Organisation | None:
    """Return the organisation of which this token shows the appointments; None where it is or became void."""
    try:
        organisation_id, user_id, mark = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    person = session.get(User, user_id)
    if person is None or not person.active or mark != _mark(person):
        return None
    is_member = person.actor.may(Permission.HANDLE, organisation_id)
    return session.get(Organisation, organisation_id) if is_member else None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="agenda")


def _mark(person: User) -> str:
    """Return what changes with the password of a person."""
    return hashlib.sha256(f"agenda {person.fs_uniquifier}".encode()).hexdigest()[:16]
