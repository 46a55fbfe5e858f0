"""What people are told of a basket: each owner once of all that is theirs in it, instead of by every reservation."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Organisation, User
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.listings.models import Listing
from marketplace.notifications.recipients import Side
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import State

_STEPS: Final = {
    "basket.held": ("reservation.requested", "reservation.confirmed"),
    "basket.confirmed": ("reservation.confirmed",),
    "basket.cancelled": ("reservation.cancelled",),
}
"""What a step of a basket is of each of its reservations, the last of it at the end."""


class Part(NamedTuple):
    """One reservation of a basket, with the row of the journal that tells what became of it by the step."""

    reservation: Reservation
    entry: JournalEntry


class Concerned(NamedTuple):
    """Whom a basket concerns, by id: the owners of its lots, and who holds it."""

    owners: list[int]
    buyer: int


@dataclass(frozen=True, slots=True)
class BasketNews:
    """What one person is told of a basket: the parts of it that are theirs, two or more, and how those are now."""

    entry: JournalEntry
    person: User
    organisation: Organisation
    side: Side
    basket: Basket
    parts: list[Part]

    @property
    def state(self) -> str:
        """Return where the parts stand that ask for something: requested, else confirmed, else nothing."""
        states = {part.reservation.state for part in self.parts}
        return next((each.value for each in (State.REQUESTED, State.CONFIRMED) if each in states), "")

    @property
    def promised(self) -> bool:
        """Tell whether these were promised at once, as within a circle."""
        return all(part.entry.action == "reservation.confirmed" for part in self.parts)


def concerned_by(basket_ids: Collection[int]) -> dict[int, Concerned]:
    """Return whom these baskets concern, by their ids."""
    query = (
        select(Basket.id, Basket.organisation_id, Listing.organisation_id.label("owner_id"))
        .join(Reservation, Reservation.basket_id == Basket.id)
        .join(Reservation.listing)
        .where(Basket.id.in_(basket_ids))
        .distinct()
        .order_by(Basket.id, Listing.organisation_id)
    )
    found: dict[int, Concerned] = {}
    for basket_id, buyer_id, owner_id in session.execute(query) if basket_ids else ():
        found.setdefault(basket_id, Concerned([], buyer_id)).owners.append(owner_id)
    return found


def organisations_told(entry: JournalEntry, found: Collection[Side], concerned: Mapping[int, Concerned]) -> list[int]:
    """Return the ids of the organisations on these sides of a step of a basket, owners in order and then the buyer."""
    of_it = concerned.get(entry.about[1])
    if of_it is None:
        return []
    owners = of_it.owners if Side.OWNER in found else []
    return [*owners, of_it.buyer] if Side.BUYER in found else owners


def find_parts(entry: JournalEntry, organisation: Organisation) -> tuple[Side, list[Part]]:
    """Return on which side of a basket an organisation stands, and what of the step is told to it.

    To an owner that is all that is theirs; to who holds it what was promised at once, which nobody else tells, or what
    one owner confirmed together.
    """
    query = select(Reservation).options(
        joinedload(Reservation.listing).joinedload(Listing.passport),
        joinedload(Reservation.listing).joinedload(Listing.organisation),
        joinedload(Reservation.organisation),
        joinedload(Reservation.project),
        joinedload(Reservation.need),
    )
    rows = session.scalars(query.where(Reservation.basket_id == entry.about[1]).order_by(Reservation.id)).all()
    if entry.action == "basket.confirmed":
        answered = str(entry.told.get("which")).split()
        return Side.BUYER, _told_of([row for row in rows if row.reference in answered], entry.action)
    own = [row for row in rows if row.listing.organisation_id == organisation.id]
    side = Side.OWNER if own else Side.BUYER
    told = _told_of(own or [row for row in rows if row.organisation_id == organisation.id], entry.action)
    if side is Side.BUYER:
        told = [part for part in told if part.entry.action == "reservation.confirmed"]
    return side, told


def _told_of(rows: Iterable[Reservation], action: str) -> list[Part]:
    by_subject = {row.subject: row for row in rows}
    steps = _STEPS.get(action, ())
    last: dict[str, JournalEntry] = {}
    named = "together" if action == "basket.confirmed" else "basket"
    for entry in reversed(journal.history(*by_subject, only=steps) if by_subject and steps else []):
        if entry.told.get(named):
            last[entry.subject] = entry
    return [Part(row, last[subject]) for subject, row in by_subject.items() if subject in last]
