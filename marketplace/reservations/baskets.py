"""Holding several lots of several owners for one need: all together, or nothing at all.

All lots are locked first, always in the same order, so that two baskets over the same lots cannot wait for each other;
then each line passes the checks of a single reservation. The journal is told when all is held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, MarketplaceError
from marketplace.kit.journal import By, Fact
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.reservations import actions
from marketplace.reservations.actions import check_reason
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.settling import settle
from marketplace.reservations.states import ACTIVE

MOST: Final = 30
"""Lots in one basket."""

Line = tuple[int, Decimal]
"""The id of a listing, and how much of it in its own unit."""


class LinesError(ConflictError):
    """Say that nothing is held, because of some of the lines; `problems` holds the error of each, by its listing."""

    def __init__(self, problems: Mapping[int, MarketplaceError], *, lots: str) -> None:
        super().__init__(N_("Er is niets vastgelegd. %(lots)s"), lots=lots)
        self.problems = problems


def hold_all(*, lines: Sequence[Line], purpose: Purpose, by: By, at: datetime) -> Basket:
    """Hold every line, or nothing: each as `actions.request` would, for one purpose, in a basket of its own.

    Raises InvalidInputError for less than one line, more than `MOST`, or a listing that stands there twice, and
    LinesError with the error of every line that cannot be held.
    """
    ids = _checked(lines)
    settled = settle(ids, at)
    with session.begin_nested():
        basket = _add(purpose, at)
        made = _place_all(lines, settled, replace(purpose, basket=basket), at)
    for reservation in made:
        actions.tell_placed(reservation, purpose, by)
    facts: dict[str, Fact] = {"organisation": purpose.organisation.name, "lots": len(made), **_amount(made)}
    journal.record(basket.subject, "basket.held", by=by, reference=basket.reference, **facts)
    return basket


def cancel_all(basket: Basket, *, reason: str = "", by: By, at: datetime) -> Sequence[Reservation]:
    """Give up whatever of a basket is not fetched yet or waits in a queue, and return those reservations.

    Raises ConflictError where there is nothing of the kind, and InvalidInputError for a reason that is too long.
    """
    reason = check_reason(reason)
    settle(session.scalars(select(Reservation.listing_id).where(Reservation.basket_id == basket.id)).all(), at)
    given_up = _active(basket)
    if not given_up:
        raise ConflictError(N_("Hiervan is niets meer op te geven: alles is al opgehaald of vervallen."))
    for reservation in given_up:
        actions.cancel(reservation, reason=reason, by=by, at=at)
    journal.record(basket.subject, "basket.cancelled", by=by, lots=len(given_up), reason=reason)
    return given_up


def _checked(lines: Sequence[Line]) -> list[int]:
    ids = [listing_id for listing_id, _ in lines]
    if not ids:
        raise InvalidInputError(N_("Vul bij ten minste één partij in hoeveel u ervan neemt."))
    if len(ids) > MOST:
        raise InvalidInputError(N_("Leg ten hoogste %(most)s partijen tegelijk vast."), most=MOST)
    if len(set(ids)) < len(ids):
        raise InvalidInputError(N_("Elke partij kan maar één keer in een mandje."))
    return ids


def _place_all(
    lines: Sequence[Line], settled: Mapping[int, Listing], purpose: Purpose, at: datetime
) -> list[Reservation]:
    """Place every line. Raises LinesError after all of them were tried, which undoes those that could be."""
    made: list[Reservation] = []
    problems: dict[int, MarketplaceError] = {}
    for listing_id, quantity in lines:
        try:
            made.append(actions.place(settled.get(listing_id), quantity, purpose, at))
        except MarketplaceError as problem:
            problems[listing_id] = problem
    if problems:
        told = (f"{_name_of(listing_id)}: {problem}" for listing_id, problem in problems.items())
        raise LinesError(problems, lots=" ".join(told))
    return made


def _add(purpose: Purpose, at: datetime) -> Basket:
    basket = Basket(
        organisation_id=purpose.organisation.id,
        project_id=purpose.project_id,
        need_id=purpose.need_id,
        created_at=at,
    )
    session.add(basket)
    session.flush()
    return basket


def _active(basket: Basket) -> Sequence[Reservation]:
    query = select(Reservation).where(Reservation.basket_id == basket.id, Reservation.state.in_(ACTIVE))
    return session.scalars(query.order_by(Reservation.id)).all()


def _amount(made: Sequence[Reservation]) -> dict[str, Fact]:
    """Return how much it is altogether, where all lots count in one unit."""
    units = {reservation.unit for reservation in made}
    if len(units) > 1:
        return {}
    return {"quantity": as_fact(sum((each.quantity for each in made), Decimal(0))), "unit": units.pop().value}


def _name_of(listing_id: int) -> str:
    query = select(Passport.name).join(Listing, Listing.passport_id == Passport.id).where(Listing.id == listing_id)
    return session.scalar(query) or str(listing_id)
