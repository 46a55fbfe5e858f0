"""Letting clocks run out before a page is read, so that what it shows is exact whether or not a worker runs."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from flask import current_app, request

from marketplace.kit import clock
from marketplace.kit.database import begin_writing, commit, session
from marketplace.reservations.settling import due, settle

_WITHOUT_STOCK: Final = {"static", "health.live", "health.ready"}


def settle_before_reading() -> None:
    """Settle what is due, where this request reads; one that writes settles what it touches itself."""
    if request.method in {"GET", "HEAD"} and request.endpoint not in _WITHOUT_STOCK:
        settle_due()


def settle_due() -> None:
    """Settle what is due, each listing in a transaction of its own; nothing may have been changed before."""
    at = clock.now()
    if not (ids := due(at)):
        return
    for listing_id, error in settle_each(ids, at):
        current_app.logger.error("listing %s could not be settled", listing_id, exc_info=error)


def settle_each(listing_ids: Iterable[int], at: datetime) -> Iterator[tuple[int, Exception]]:
    """Settle each listing in a transaction of its own, and yield those at which it went wrong, with the error.

    What the present transaction has done is undone first. Whatever is wrong with one lot, or with writing at all, keeps
    no other from being settled and closes no page.
    """
    session.rollback()
    for listing_id in listing_ids:
        try:
            begin_writing()
            settle([listing_id], at)
            commit()
        except Exception as error:
            session.rollback()
            yield listing_id, error
