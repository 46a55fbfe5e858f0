"""What finders report about a thing and its label, and how the owner settles it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.photos import read_photo
from marketplace.kit.places import NamedPlace
from marketplace.kit.texts import one_line
from marketplace.passports import photos
from marketplace.passports.models import Passport
from marketplace.scanning import queries
from marketplace.scanning.models import Complaint, FinderReport

LONGEST_NOTE = 500
MOST_OPEN = 50
"""Reports of one passport that wait for its owner; more of them tell nothing new."""


@dataclass(frozen=True, slots=True)
class Found:
    """Hold what a finder tells: what is wrong, and perhaps where it is, in words, and with a photo."""

    complaint: Complaint
    place: NamedPlace | None = None
    note: str = ""
    photo: bytes | None = None


def report(passport: Passport, found: Found, *, uploads: Path, at: datetime | None = None) -> FinderReport:
    """Keep what a finder tells, for the owner.

    Raises InvalidInputError for a note that is too long or missing where nothing else says what is wrong, and for a
    photo that is none; ConflictError where too many reports wait already.
    """
    note = _checked_note(found)
    if len(queries.open_reports([passport.id])) >= MOST_OPEN:
        raise ConflictError(N_("Over dit materiaal is al veel gemeld. De eigenaar kijkt ernaar; dank u wel."))
    row = FinderReport(
        passport_id=passport.id,
        complaint=found.complaint,
        place=found.place.name if found.place else "",
        x_km=found.place.point.x_km if found.place else None,
        y_km=found.place.point.y_km if found.place else None,
        note=note,
        photo_key=photos.store(read_photo(found.photo), uploads=uploads) if found.photo else None,
        at=at or clock.now(),
    )
    session.add(row)
    session.flush()
    told = {"complaint": row.complaint.value, "place": row.place, "with_photo": row.photo_key is not None}
    journal.record(passport.subject, "finder.reported", by=By(), **told)
    return row


def settle(report: FinderReport, by: By, *, at: datetime | None = None) -> None:
    """Note that the owner has seen to a report; what was reported stays. Raises ConflictError the second time."""
    if report.settled_at is not None:
        raise ConflictError(N_("Deze melding is al afgehandeld."))
    report.settled_at = at or clock.now()
    session.flush()
    journal.record(f"passport:{report.passport_id}", "finder.settled", by=by, complaint=report.complaint.value)


def _checked_note(found: Found) -> str:
    note = one_line(found.note, LONGEST_NOTE, "note")
    if found.complaint is Complaint.OTHER and not note:
        raise InvalidInputError(N_("Schrijf in een paar woorden wat er niet klopt."), field="note")
    return note
