"""What finders reported, and that a label may be a copy, in the words of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Actor, Permission
from marketplace.kit import clock
from marketplace.kit.errors import N_
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.scanning import queries
from marketplace.scanning.models import Complaint, FinderReport
from marketplace.scanning.sightings import Sighting
from marketplace.web.filters import clock_time, day

COMPLAINT_NAMES = {
    Complaint.OTHER_THING: N_("Er staat iets anders dan op het paspoort"),
    Complaint.OTHER_PLACE: N_("Het staat op een andere plek"),
    Complaint.LABEL: N_("Het label is beschadigd of zit los"),
    Complaint.OTHER: N_("Iets anders"),
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """Hold one report of a finder; texts are as they are read."""

    title: str
    when: str
    note: str
    photo_url: str | None
    settle_url: str


def report_lines(passport: Passport, actor: Actor) -> list[ReportLine]:
    """Return what finders reported and nobody settled yet, for members of the owner; nothing for others."""
    if not actor.may(Permission.HANDLE, passport.owner_id):
        return []
    return [_line(report) for report in queries.open_reports([passport.id])]


def _line(report: FinderReport) -> ReportLine:
    when = ", ".join(part for part in (report.place, day(report.at)) if part)
    photo = url_for("verification.photo", number=report.id) if report.photo_key else None
    settle = url_for("verification.settle", number=report.id)
    return ReportLine(str(gettext(COMPLAINT_NAMES[report.complaint])), when, report.note, photo, settle)


def copied_text(passport: Passport, lots: Sequence[Listing]) -> str:
    """Return the sentence that says where a label was seen that may be a copy, or nothing."""
    pair = queries.find_copied(passport, lots, now=clock.now())
    if pair is None:
        return ""
    earlier, later = pair
    message = gettext(
        "Dit label is kort na elkaar op twee plaatsen gezien: %(first)s en %(second)s; mogelijk is het gekopieerd.",
        first=_where_and_when(earlier),
        second=_where_and_when(later),
    )
    return str(message)


def _where_and_when(sighting: Sighting) -> str:
    return f"{sighting.place} ({day(sighting.at)}, {clock_time(sighting.at)})"
