"""The appointment that goes with a mail as a file, for the reader's own calendar."""

from email.message import EmailMessage
from typing import Final

from flask_babel import gettext

from marketplace.kit import clock
from marketplace.notifications.queries import News
from marketplace.reservations import pick_ups
from marketplace.reservations.models import PickUp
from marketplace.web.reservations.appointments import calendar_of, lapsed

_ABOUT_IT: Final = {"pickup.proposed", "pickup.agreed", "pickup.cancelled"}
_ENDS_IT: Final = {"reservation.cancelled", "reservation.expired"}
"""With what was reserved, the appointment to fetch it goes."""


def attach_appointment(message: EmailMessage, news: News) -> None:
    """Add the appointment as it is now to a mail about one; other mails stay as they are.

    It is published and asks for no reply (RFC 5546, 3.2.1), because one agrees on the page. Whoever has an earlier
    state of it in their calendar sees it moved or called off there, by its number and `sequence`.
    """
    row = _appointment_of(news)
    if row is None:
        return
    content = calendar_of([(row, news.reservation)], name=str(gettext("Afspraak")), at=clock.now())
    message.add_attachment(
        content,
        maintype="text",
        subtype="calendar",
        filename=f"afspraak-{row.reference}.ics",
        params={"charset": "utf-8", "method": "PUBLISH"},
    )


def _appointment_of(news: News) -> PickUp | None:
    action = news.entry.action
    if action in _ABOUT_IT:
        return pick_ups.find(str(news.entry.told.get("pick_up")))
    if action not in _ENDS_IT:
        return None
    row = pick_ups.find_last(news.reservation.id)
    return row if row and lapsed(row, news.reservation) else None
