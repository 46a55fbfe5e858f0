"""What the journal tells, in words for a page: the life of a passport and of its offers, the newest first.

The public reads the life of the material. What is business (prices, who reserved, why somebody refused) and what
people typed for each other (racks, addresses, reasons) is told to members of the owner alone.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.kit.journal import JournalEntry
from marketplace.web.filters import day
from marketplace.web.history import baskets, fetching, labels, lineage, offers, passports, sightings
from marketplace.web.history.losses import OF_SCANS_AND_RESERVATIONS, told_once
from marketplace.web.history.told import Tellers

_TOLD_ELSEWHERE: Final = {"scan.handed_over"}
"""The offer tells the same in `reservation.handed_over`."""

_FOR_MEMBERS: Final = {
    "passport.created",
    "passport.photo_added",
    "passport.photo_removed",
    "listing.posted",
    "reservation.requested",
    "reservation.waiting",
    "reservation.offered",
    "reservation.accepted",
    "reservation.confirmed",
    "reservation.extended",
    "reservation.expiring",
    "reservation.counted",
    "reservation.paused",
    "reservation.resumed",
    "reservation.declined",
    "reservation.cancelled",
    "reservation.shortened",
    "reservation.left_queue",
    "reservation.waits_on",
    "reservation.expired",
    "finder.reported",
    "finder.settled",
    "hand_over.reported",
    "hand_over.rejected",
    "pickup.proposed",
    "pickup.agreed",
    "pickup.cancelled",
    "reservation.released",
    "reservation.written_off",
}

_TELLERS: Final[Tellers] = {
    **passports.TELLERS,
    **lineage.TELLERS,
    **labels.TELLERS,
    **offers.TELLERS,
    **baskets.TELLERS,
    **fetching.TELLERS,
    **sightings.TELLERS,
}


class TimelineEntry(NamedTuple):
    """One line of the `timeline` macro; `state` is past, now (the newest) or future."""

    date_text: str
    title: str
    text: str
    state: str


class _Line(NamedTuple):
    date_text: str
    action: str
    title: str
    text: str


def entries(
    journal_entries: Sequence[JournalEntry], *, public: bool, ours: Collection[int] = ()
) -> list[TimelineEntry]:
    """Return journal entries as lines of a timeline, the newest first.

    With `public`, only what anyone may know, and of what changed hands between the organisations `ours` (ids) and
    others, between whom. An action that has no words here gets a sentence that fits all.
    """
    shown = [entry for entry in journal_entries if not _is_hidden(entry, public=public)]
    newest_first = sorted(told_once(shown, OF_SCANS_AND_RESERVATIONS), key=lambda entry: entry.number, reverse=True)
    lines = [line for entry in newest_first if (line := _line(entry, public=public and not _is_between(entry, ours)))]
    merged = [_merged(list(same)) for _key, same in groupby(lines, key=_sameness)]
    return [
        TimelineEntry(line.date_text, line.title, line.text, "past" if position else "now")
        for position, line in enumerate(merged)
    ]


def _is_hidden(entry: JournalEntry, *, public: bool) -> bool:
    return entry.action in _TOLD_ELSEWHERE or (public and entry.action in _FOR_MEMBERS)


def _is_between(entry: JournalEntry, ours: Collection[int]) -> bool:
    """Tell whether a thing came from or went to one of these organisations."""
    sides = {entry.told.get("from_id"), entry.told.get("to_id")}
    return entry.action == "passport.transferred" and not sides.isdisjoint(ours)


def _line(entry: JournalEntry, *, public: bool) -> _Line | None:
    tell = _TELLERS.get(entry.action)
    told = tell(entry.told, public) if tell else (_("Gegevens bijgewerkt"), "")
    return _Line(day(entry.at), entry.action, *told) if told else None


def _sameness(line: _Line) -> tuple[str, ...]:
    # Twelve photos of one morning are one line.
    return (line.date_text, line.action) if line.action == "passport.photo_added" else line


def _merged(same: list[_Line]) -> _Line:
    first = same[0]
    if first.action != "passport.photo_added":
        return first
    title = ngettext("Foto toegevoegd", "%(num)s foto's toegevoegd", len(same))
    return first._replace(title=title)
