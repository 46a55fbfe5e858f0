"""The server with one guard taken away, for the controls: `python -m tests.soak.unguarded GUARD`."""

import sys
import time
from collections.abc import Collection
from decimal import Decimal

from flask import after_this_request
from sqlalchemy import select, update

from marketplace import serve
from marketplace.kit.database import session
from marketplace.listings import stock
from marketplace.listings.models import Listing
from marketplace.web import door, errors, idempotency

_GAP = 0.02
"""Seconds between looking and writing, so that the others look as well."""


def _never(*_: object) -> bool:
    return False


def _nothing(*_: object) -> None:
    pass


def _look_then_take(listing_id: int, quantity: Decimal) -> Decimal:
    seen = session.execute(select(Listing.available, Listing.held).where(Listing.id == listing_id)).one()
    if seen.available < quantity:
        raise stock.NotEnoughError("niet genoeg", available=seen.available, unit=session.get(Listing, listing_id).unit)
    session.rollback()
    time.sleep(_GAP)
    left = {"available": seen.available - quantity, "held": seen.held + quantity}
    session.execute(update(Listing).where(Listing.id == listing_id).values(left))
    return left["available"]


def _only_read(listing_ids: Collection[int]) -> list[Listing]:
    for listing_id in listing_ids:
        stock._forget(listing_id)
    return [listing for id_ in sorted(set(listing_ids)) if (listing := session.get(Listing, id_))]


def _lock_in_the_order_given(listing_ids: Collection[int]) -> list[Listing]:
    for listing_id in dict.fromkeys(listing_ids):
        session.execute(select(Listing.id).where(Listing.id == listing_id).with_for_update())
        time.sleep(_GAP)
    return _only_read(listing_ids)


def _commit_after_the_answer() -> None:
    unfinished = session()
    unfinished.flush()
    session.registry.clear()  # so that the end of the request does not undo it

    def finish() -> None:
        time.sleep(_GAP)
        unfinished.commit()
        unfinished.close()

    after_this_request(lambda response: (response.call_on_close(finish), response)[1])


def without_one_statement() -> None:
    """Check whether there is enough in one transaction, and write in another."""
    stock.lock, stock.hold = _only_read, _look_then_take
    door.begin_writing = _nothing


def without_order() -> None:
    """Lock lots in the order of the basket, and try nothing again."""
    stock.lock, door._TRIES = _lock_in_the_order_given, 1


def without_commit() -> None:
    """Say that it is done before it is kept."""
    idempotency.commit = _commit_after_the_answer


def without_full_disk() -> None:
    """Know no full disk."""
    errors.is_full = errors.is_out_of_room = _never


GUARDS = {
    "one-statement": without_one_statement,
    "order": without_order,
    "commit": without_commit,
    "full-disk": without_full_disk,
}

if __name__ == "__main__":
    GUARDS[sys.argv[1]]()
    serve.main()
