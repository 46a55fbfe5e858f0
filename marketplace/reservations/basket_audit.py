"""Whether baskets are whole: as many reservations as were held together, all for whom and what the basket is."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Row, and_, func, select

from marketplace.kit.database import session
from marketplace.projects.models import Need
from marketplace.reservations.ledger import Told
from marketplace.reservations.models import Basket, Reservation


class Flaw(NamedTuple):
    """One thing that is wrong with a basket, at one of its reservations or as a whole."""

    what: str
    basket: str
    reservation: str = ""
    number: int | None = None


def flaws_of_baskets(held: Mapping[int, Told]) -> Iterator[Flaw]:
    """Return what is wrong with all baskets there are; `held` is what the journal tells of each, by its id."""
    counted = (
        select(Basket.id, Basket.reference, func.count(Reservation.id).label("reservations"))
        .outerjoin(Reservation, Reservation.basket_id == Basket.id)
        .group_by(Basket.id, Basket.reference)
        .order_by(Basket.id)
    )
    for row in session.execute(counted):
        yield from _not_whole(row, held.get(row.id))
    yield from _strangers()


def _not_whole(row: Row[int, str, int], told: Told | None) -> Iterator[Flaw]:
    if told is None:
        yield Flaw("the journal does not tell that it was held", row.reference)
        return
    # Before one lot could serve several needs, the number of lots was that of the reservations.
    number = told.facts.get("reservations", told.facts.get("lots"))
    if row.reservations != number:
        what = f"has {row.reservations} reservations, and {number} by the journal"
        yield Flaw(what, row.reference, number=told.number)


def _strangers() -> Iterator[Flaw]:
    """Return the reservations that are for another organisation, project or need than their basket."""
    of_need = Reservation.need_id.is_not_distinct_from(Basket.need_id) | Basket.need_id.is_(None)
    checks = {
        "organisation": Reservation.organisation_id == Basket.organisation_id,
        "project": Reservation.project_id.is_not_distinct_from(Basket.project_id),
        "need": of_need & (Need.id.is_(None) | Basket.project_id.is_(None) | (Need.project_id == Basket.project_id)),
    }
    pairs = (
        select(Basket.reference, Reservation.reference, *(checks[what].label(what) for what in checks))
        .join(Reservation, Reservation.basket_id == Basket.id)
        .outerjoin(Need, Need.id == Reservation.need_id)
        .where(~and_(*checks.values()))
        .order_by(Reservation.id)
    )
    for basket, reservation, *same in session.execute(pairs):
        for what, is_same in zip(checks, same, strict=True):
            if not is_same:
                yield Flaw(f"is for another {what} than its basket", basket, reservation)
