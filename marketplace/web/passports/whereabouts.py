"""Where a thing was seen last, or to whom it went if nobody saw it since."""

from collections.abc import Collection, Sequence

from flask_babel import gettext

from marketplace.kit.journal import JournalEntry
from marketplace.passports.models import Passport
from marketplace.reservations.hand_overs import find_of_passport
from marketplace.web.filters import day


def last_seen(passport: Passport, told: Sequence[JournalEntry], ours: Collection[int]) -> str:
    """Return where it was seen last, or where it went; to whom and for what is told to the organisations `ours` alone.

    `told` is the journal of the passport. Where it was fetched is not told: it lies there no more.
    """
    transfers = [entry for entry in told if entry.action == "passport.transferred"]
    latest = max(transfers, key=lambda entry: entry.number, default=None)
    if latest is not None and (passport.last_seen_at is None or passport.last_seen_at <= latest.at):
        return _went(passport, latest, ours)
    if passport.last_seen_at is None:
        return str(gettext("Nog niemand heeft dit label ter plaatse gescand."))
    when = day(passport.last_seen_at)
    if not passport.last_seen_place:
        return str(gettext("Laatst gezien op %(day)s.", day=when))
    return str(gettext("Laatst gezien in %(place)s, %(day)s.", place=passport.last_seen_place, day=when))


def _went(passport: Passport, transfer: JournalEntry, ours: Collection[int]) -> str:
    when, facts = day(transfer.at), transfer.told
    if {facts.get("from_id"), facts.get("to_id")}.isdisjoint(ours):
        return str(gettext("Overgedragen op %(day)s; sindsdien niet gescand.", day=when))
    to = str(facts.get("to") or "")
    row = find_of_passport(passport.id)
    project = row.reservation.project if row and row.reservation.organisation_id == facts.get("to_id") else None
    if project is None:
        return str(gettext("Overgedragen op %(day)s aan %(name)s; sindsdien niet gescand.", day=when, name=to))
    return str(
        gettext(
            "Overgedragen op %(day)s aan %(name)s, voor %(project)s in %(place)s; sindsdien niet gescand.",
            day=when,
            name=to,
            project=project.name,
            place=project.place,
        )
    )
