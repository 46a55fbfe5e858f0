"""What the journal tells of a harvest: how it was counted, what each option got, and how its days slipped before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import Change, as_fact, changes_in
from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ShortHarvest, Stage
from marketplace.reservations.models import Reservation

_DAYS: Final = ("available_from", "available_until", "crusher_on")
_COUNTED: Final = "listing.counted"
_OF_OPTIONS: Final = {"reservation.counted", "reservation.shortened"}


@dataclass(frozen=True, slots=True)
class CountedOption:
    """Hold what one option was promised and got, whose it is, and under which reference."""

    reference: str
    organisation_id: int
    organisation: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Count:
    """Hold a count as it was done: what was expected and found, by which rule, and what each option got, in order."""

    at: datetime
    expected: Decimal
    counted: Decimal
    unit: Unit
    rule: ShortHarvest
    options: Sequence[CountedOption]

    def find_option(self, reference: str) -> CountedOption | None:
        """Return what a reservation got, or None where it was no option then."""
        return next((option for option in self.options if option.reference == reference), None)


@dataclass(frozen=True, slots=True)
class Slip:
    """Hold a day of the harvest that moved since somebody asked for it; None where there was or is no such day."""

    field: str
    was: date | None
    now: date | None


def find_count(listing: Listing) -> Count | None:
    """Return the last count of a lot, or None while nothing was counted."""
    newest_first = journal.history(listing.subject, only={_COUNTED, *_OF_OPTIONS})
    counted = next((entry for entry in newest_first if entry.action == _COUNTED), None)
    if counted is None:
        return None
    facts = counted.told
    since = takewhile(lambda entry: entry.number > counted.number, newest_first)
    return Count(
        at=counted.at,
        expected=Decimal(str(facts["expected"])),
        counted=Decimal(str(facts["counted"])),
        unit=Unit(str(facts["unit"])),
        rule=ShortHarvest(str(facts["rule"])),
        options=_options(reversed(list(since))),
    )


def slips_of(reservation: Reservation) -> list[Slip]:
    """Return the days that moved since this was asked for, while the lot is still in its building."""
    listing = reservation.listing
    if listing.stage is not Stage.EXPECTED:
        return []
    oldest_first = list(reversed(journal.history(reservation.subject, listing.subject)))
    asked = next((at for at, entry in enumerate(oldest_first) if entry.subject == reservation.subject), 0)
    moved: dict[str, Change] = {}
    for entry in oldest_first[asked:]:
        for change in changes_in(entry.told) if entry.action == "listing.changed" else ():
            moved.setdefault(change.field, change)
    first = [(field, moved[field].old, getattr(listing, field)) for field in _DAYS if field in moved]
    return [Slip(field, _day(was), now) for field, was, now in first if was != as_fact(now)]


def _day(fact: object) -> date | None:
    return date.fromisoformat(str(fact)) if fact else None


def _options(entries: Iterable[JournalEntry]) -> list[CountedOption]:
    told = {str(entry.told["reservation"]): entry.told for entry in entries}
    query = select(Reservation.reference, Organisation.id, Organisation.name)
    rows = session.execute(query.join(Reservation.organisation).where(Reservation.reference.in_(told)))
    owners = {reference: (organisation_id, name) for reference, organisation_id, name in rows}
    return [
        CountedOption(reference, *owners[reference], Decimal(str(facts["before"])), Decimal(str(facts["after"])))
        for reference, facts in told.items()
        if reference in owners
    ]
