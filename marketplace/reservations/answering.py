"""Answering at once what somebody asked together: an owner confirms several reservations of one basket, or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, MarketplaceError, NotFoundError
from marketplace.kit.journal import By
from marketplace.listings.models import Listing
from marketplace.reservations import proposed_days
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.settling import settle

MOST: Final = 200
"""Reservations that are confirmed at once, as many as a basket holds."""


class AnswersError(ConflictError):
    """Say that nothing is confirmed; `problems` holds the error of each that cannot be, by its reference."""

    def __init__(self, problems: Mapping[str, MarketplaceError]) -> None:
        super().__init__(N_("Er is niets bevestigd. Bij de regel staat waarom."))
        self.problems = problems


def confirm_all(references: Sequence[str], *, owner: Organisation, by: By, at: datetime) -> Sequence[Reservation]:
    """Promise all of these, each as `proposed_days.confirm` does with the day that was proposed, or none of them.

    They are of one basket and of lots of one `owner`; whether `by` may answer for that owner is for the caller to know.
    Who asked is told of all of them once.

    Raises InvalidInputError for none or too many of them, NotFoundError where they do not belong together, and
    AnswersError with the error of each that cannot be confirmed.
    """
    if not references:
        raise InvalidInputError(N_("Vink ten minste één aanvraag aan."))
    if len(references) > MOST:
        raise InvalidInputError(N_("Bevestig ten hoogste %(most)s aanvragen tegelijk."), most=MOST)
    rows = _of_one_basket(references, owner)
    settle(sorted({row.listing_id for row in rows}), at)
    basket = session.get_one(Basket, rows[0].basket_id)
    problems: dict[str, MarketplaceError] = {}
    with session.begin_nested():
        for row in rows:
            try:
                proposed_days.confirm(row, by=by, at=at, together=basket.reference)
            except MarketplaceError as problem:
                problems[row.reference] = problem
        if problems:
            raise AnswersError(problems)
    which = " ".join(row.reference for row in rows)
    journal.record(
        basket.subject, "basket.confirmed", by=by, owner=owner.name, lots=_lots(rows), confirmed=len(rows), which=which
    )
    return rows


def _lots(rows: Sequence[Reservation]) -> int:
    return len({row.listing_id for row in rows})


def _of_one_basket(references: Sequence[str], owner: Organisation) -> Sequence[Reservation]:
    query = (
        select(Reservation)
        .join(Reservation.listing)
        .where(Reservation.reference.in_(references), Listing.organisation_id == owner.id)
    )
    rows = session.scalars(query.order_by(Reservation.id)).all()
    baskets = {row.basket_id for row in rows}
    if len(rows) != len(set(references)) or len(baskets) != 1 or None in baskets:
        raise NotFoundError(N_("Deze reservering bestaat niet, of niet voor u."))
    return rows
