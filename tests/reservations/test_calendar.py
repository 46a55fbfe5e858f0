"""A calendar reads the appointments back as they are, whatever people typed."""

from dataclasses import replace
from datetime import UTC, datetime

import icalendar

from marketplace.kit.clock import AMSTERDAM
from marketplace.reservations.calendar import Appointment, calendar

AT = datetime(2027, 3, 1, 9, 0, 0, 123, tzinfo=UTC)
ONE = Appointment(
    uid="AB23CD45@hub.example",
    sequence=3,
    status="CONFIRMED",
    starts_at=datetime(2027, 3, 28, 9, tzinfo=AMSTERDAM),
    ends_at=datetime(2027, 3, 28, 10, 30, tzinfo=AMSTERDAM),
    summary="Ophalen: 15 st Binnendeuren; opdek, “wit”",
    description="Regel een\nRegel twee, met \\ en ; " + "é" * 120,
    location="Industrieweg 1, Hoogeveen",
    url="https://hub.example/reserveringen/AB23CD45",
)


def read(*appointments):
    return icalendar.Calendar.from_ical(calendar(appointments, name="Afspraken", at=AT))


def test_what_was_written_is_read_back():
    (event,) = read(ONE).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (ONE.uid, 3, "CONFIRMED")
    assert event.decoded("DTSTART") == datetime(2027, 3, 28, 7, tzinfo=UTC), "nine o'clock in summer time"
    assert event.decoded("DTEND") == datetime(2027, 3, 28, 8, 30, tzinfo=UTC)
    assert event.decoded("DTSTAMP") == AT.replace(microsecond=0)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (ONE.summary, ONE.location)
    assert str(event["DESCRIPTION"]) == ONE.description
    assert str(event["URL"]) == ONE.url


def test_lines_end_and_fold_as_calendars_expect():
    content = calendar([ONE], name="Afspraken", at=AT)
    lines = content.split(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert b"DTSTART:20270328T070000Z" in lines
    assert b"VERSION:2.0" in lines


def test_several_stand_in_one_calendar_and_none_is_one_too():
    both = read(ONE, replace(ONE, uid="other", status="CANCELLED", sequence=4))
    assert [event["STATUS"] for event in both.walk("VEVENT")] == ["CONFIRMED", "CANCELLED"]
    assert read().walk("VEVENT") == []
