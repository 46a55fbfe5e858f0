"""The appointment that goes with a mail as a file, for the reader's own calendar."""

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final

from flask_babel import gettext

from marketplace.kit import clock
from marketplace.kit.journal import JournalEntry
from marketplace.notifications.baskets import BasketNews
from marketplace.notifications.queries import News
from marketplace.notifications.recipients import moves_place
from marketplace.reservations import pick_ups
from marketplace.reservations.models import PickUp, Reservation
from marketplace.reservations.queries import of_listing
from marketplace.reservations.states import State
from marketplace.web.reservations.appointments import calendar_of, lapsed

_ABOUT_IT: Final = {"pickup.proposed", "pickup.agreed", "pickup.cancelled"}
_ENDS_IT: Final = {"reservation.cancelled", "reservation.expired"}
"""With what was reserved, the appointment to fetch it goes."""


def attach_appointment(message: EmailMessage, news: News | BasketNews) -> None:
    """Add the appointment as it is now to a mail about one, or those of a basket; other mails stay as they are.

    It is published and asks for no reply (RFC 5546, 3.2.1), because one agrees on the page. Whoever has an earlier
    state of it in their calendar sees it moved or called off there, by its number and `sequence`.
    """
    rows = _agreed_in(news) if isinstance(news, BasketNews) else _appointments_of(news)
    if not rows:
        return
    content = calendar_of(rows, name=str(gettext("Afspraak")), at=clock.now())
    message.add_attachment(
        content,
        maintype="text",
        subtype="calendar",
        filename=f"afspraak-{rows[0][0].reference}.ics",
        params={"charset": "utf-8", "method": "PUBLISH"},
    )


def _agreed_in(news: BasketNews) -> list[tuple[PickUp, Reservation]]:
    """Return the days that were agreed to by what of a basket was confirmed."""
    found = [(_find_agreed(part.entry), part.reservation) for part in news.parts]
    return [(row, reservation) for row, reservation in found if row]


def _find_agreed(entry: JournalEntry) -> PickUp | None:
    return pick_ups.find(str(entry.told.get("pick_up"))) if entry.told.get("agreed") else None


def _appointments_of(news: News) -> list[tuple[PickUp, Reservation]]:
    if news.entry.action == "listing.changed" and moves_place(news.entry.told):
        return list(_live_ones(news))
    row = _appointment_of(news)
    return [(row, news.reservation)] if row else []


def _live_ones(news: News) -> Iterator[tuple[PickUp, Reservation]]:
    """Yield every appointment of the reader at the place that changed, which the calendar then shows at the new one."""
    for reservation in of_listing(news.reservation.listing_id):
        if reservation.organisation_id == news.organisation.id and reservation.state is State.CONFIRMED:
            row = pick_ups.find_live(reservation.id)
            if row is not None:
                yield row, reservation


def _appointment_of(news: News) -> PickUp | None:
    action = news.entry.action
    if action in _ABOUT_IT:
        return pick_ups.find(str(news.entry.told.get("pick_up")))
    if action == "reservation.confirmed":
        return _find_agreed(news.entry)
    if action not in _ENDS_IT:
        return None
    row = pick_ups.find_last(news.reservation.id)
    return row if row and lapsed(row, news.reservation) and _was_told(row, news.reservation) else None


def _was_told(row: PickUp, reservation: Reservation) -> bool:
    """Tell whether somebody may have it in their calendar: a day proposed with the request was only written of."""
    return row.sequence > 0 or row.created_at != reservation.created_at
