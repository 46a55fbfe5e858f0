"""Appointments as a calendar reads them (RFC 5545). Pure: texts come ready, in the language of the reader.

Moments are in UTC, which every calendar shows on its own clock, so that no rules of a time zone go along.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from icalendar import Calendar, Event

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_MAKER: Final = "-//Materialenhub//Afspraken//NL"


@dataclass(frozen=True, slots=True)
class Appointment:
    """Hold one appointment; `uid` never changes, and of two with the same one the higher `sequence` counts."""

    uid: str
    sequence: int
    status: str
    """TENTATIVE, CONFIRMED or CANCELLED."""
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str


def calendar(appointments: Iterable[Appointment], *, name: str, at: datetime) -> bytes:
    """Return a calendar of this name, as it is at the moment `at`."""
    made = Calendar()
    made.add("PRODID", _MAKER)
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", name)
    for appointment in appointments:
        made.add_component(_event(appointment, at))
    return bytes(made.to_ical())


def _event(appointment: Appointment, at: datetime) -> Event:
    event = Event()
    event.add("UID", appointment.uid)
    event.add("DTSTAMP", _in_utc(at))
    event.add("SEQUENCE", appointment.sequence)
    event.add("STATUS", appointment.status)
    event.add("DTSTART", _in_utc(appointment.starts_at))
    event.add("DTEND", _in_utc(appointment.ends_at))
    event.add("SUMMARY", appointment.summary)
    event.add("DESCRIPTION", appointment.description)
    event.add("LOCATION", appointment.location)
    event.add("URL", appointment.url)
    return event


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
