"""Moving what is still in its building along with the work: when a project shifts, its harvest does not by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.kit import journal
from marketplace.kit.changes import Change, as_fact, changes_in, differences, snapshot
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By
from marketplace.listings import stock
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.projects.models import Project

_DAYS: Final = ("available_from", "available_until", "crusher_on")
_NO_SHIFT: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Move:
    """Hold a lot and the days it would get: the first moves as far as the start of the work, the others as its end."""

    listing: Listing
    available_from: date
    available_until: date | None
    crusher_on: date | None

    @property
    def token(self) -> str:
        """Return what tells this move from any other, for who agrees with it before it is done."""
        now = (str(as_fact(getattr(self.listing, field)) or "") for field in _DAYS)
        new = (str(as_fact(getattr(self, field)) or "") for field in _DAYS)
        return " ".join([self.listing.reference, ",".join(now), ",".join(new)])


def moves_of(project: Project, *, on: date) -> list[Move]:
    """Return the project's own lots that have the days of before the work shifted, the first to come free first.

    What was offered, or got other days, after that is as it was meant. Nothing moves to before the day `on`. The
    passports are loaded.
    """
    shifts = _shifts_of(project)
    if not shifts:
        return []
    lots = _still_inside(project)
    stated = _last_stated(lots)
    moves = [_moved(lot, project, shifts, stated.get(lot.subject, 0), on) for lot in lots]
    return [move for move in moves if any(getattr(move, field) != getattr(move.listing, field) for field in _DAYS)]


def move(project: Project, agreed: Collection[str], *, on: date, by: By) -> list[Listing]:
    """Move these lots, by the tokens of what was agreed to, and return them; who has an option reads of it.

    Raises InvalidInputError where none was chosen, and ConflictError where one has other days by now.
    """
    if not agreed:
        raise InvalidInputError(N_("Kies ten minste één partij, of laat alles staan."))
    stock.lock([lot.id for lot in _still_inside(project)])
    moves = [each for each in moves_of(project, on=on) if each.token in agreed]
    if len(moves) != len(set(agreed)):
        raise ConflictError(
            N_("Van sommige partijen zijn de dagen intussen veranderd. Kijk opnieuw wat er verschuift.")
        )
    for each in moves:
        before = snapshot(each.listing, _DAYS)
        for field in _DAYS:
            setattr(each.listing, field, getattr(each, field))
        session.flush()
        told = differences(before, snapshot(each.listing, _DAYS))
        journal.record(each.listing.subject, "listing.changed", by=by, **told)
    return [each.listing for each in moves]


def _still_inside(project: Project) -> Sequence[Listing]:
    query = select(Listing).where(
        Listing.project_id == project.id,
        Listing.organisation_id == project.organisation_id,
        Listing.stage == Stage.EXPECTED,
        Listing.status != ListingStatus.WITHDRAWN,
    )
    query = query.options(joinedload(Listing.passport)).order_by(Listing.available_from, Listing.id)
    return session.scalars(query).all()


def _shifts_of(project: Project) -> list[tuple[int, Change]]:
    """Return how the days of a project changed, each with its number in the journal, the oldest first."""
    entries = reversed(journal.history(f"project:{project.id}", only={"project.changed"}))
    found = [(entry.number, change) for entry in entries for change in changes_in(entry.told)]
    return [(number, change) for number, change in found if change.field in {"starts_on", "ends_on"}]


def _last_stated(lots: Sequence[Listing]) -> dict[str, int]:
    """Return of each lot, by its subject, where in the journal its days were stated last."""
    entries = journal.history(*(lot.subject for lot in lots), only={"listing.posted", "listing.changed"})
    found: dict[str, int] = {}
    for entry in entries:
        changed = {change.field for change in changes_in(entry.told)}
        if entry.action == "listing.posted" or changed & set(_DAYS):
            found.setdefault(entry.subject, entry.number)
    return found


def _moved(lot: Listing, project: Project, shifts: Sequence[tuple[int, Change]], stated: int, on: date) -> Move:
    since = [change for number, change in shifts if number > stated]
    was: Mapping[str, date] = {
        change.field: date.fromisoformat(str(change.old)) for change in reversed(since) if change.old
    }
    start = project.starts_on - was.get("starts_on", project.starts_on)
    end = project.ends_on - was.get("ends_on", project.ends_on)
    first = max(lot.available_from + start, on) if start != _NO_SHIFT else lot.available_from
    return Move(lot, first, _not_before(first, lot.available_until, end), _not_before(first, lot.crusher_on, end))


def _not_before(first: date, day: date | None, shift: timedelta) -> date | None:
    return None if day is None else max(day + shift, first)
