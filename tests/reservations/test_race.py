"""Two builders never hold the same piece, on both databases: proved under load, with a control that must fail.

Each client is a thread with a session of its own on a real connection, so that nothing is shared but the database.
"""

import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Organisation
from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, db, session
from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing
from marketplace.reservations import actions
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.states import State
from tests.factories import make_listing, make_organisation
from tests.racing import at_once, done

CLIENTS = 16
ROUNDS = 6
STOCK = 5


@pytest.fixture
def listings(app: Flask, emptied_afterwards):
    """Committed offers of a few pieces each."""
    with app.app_context():
        owner, buyer = make_organisation(), make_organisation()
        made = [make_listing(owner, total=STOCK).id for _ in range(ROUNDS)]
        owners = owner.id, buyer.id
        commit()
    return made, owners[1]


Take = Callable[[int, int], None]


def reserve(listing_id: int, buyer_id: int) -> None:
    """Reserve one piece as the program does."""
    begin_writing()
    buyer = session.get_one(Organisation, buyer_id)
    actions.request(listing_id=listing_id, quantity=Decimal(1), purpose=Purpose(buyer), by=By(), at=now())
    commit()


def race(app: Flask, take: Take, listing_id: int, buyer_id: int) -> int:
    """Let all clients take one piece at once, and return how many of them were told that they have it."""
    return len(done(at_once(app, [partial(take, listing_id, buyer_id)] * CLIENTS)))


def held(listing_id: int) -> tuple[Decimal, Decimal]:
    """Return what the listing says is held, and what is reserved of it."""
    reserved = select(func.sum(Reservation.quantity)).where(Reservation.listing_id == listing_id)
    return session.get_one(Listing, listing_id).held, session.scalar(reserved) or Decimal(0)


@pytest.mark.timeout(120)
def test_exactly_the_stock_is_given_out(app, listings):
    made, buyer = listings
    for listing_id in made:
        assert race(app, reserve, listing_id, buyer) == STOCK
        with app.app_context():
            assert held(listing_id) == (STOCK, STOCK)
            assert session.get_one(Listing, listing_id).available == 0


@pytest.mark.timeout(120)
def test_without_the_guard_the_same_race_gives_out_more_than_there_is(app, listings):
    """The control: checked in Python before the statement, instead of in it, the same race does oversell."""
    made, buyer = listings
    everyone_looked = threading.Barrier(CLIENTS)

    def reserve_unguarded(listing_id: int, buyer_id: int) -> None:
        seen = session.execute(select(Listing.available, Listing.held).where(Listing.id == listing_id)).one()
        session.rollback()
        everyone_looked.wait(timeout=30)
        if seen.available < 1:
            raise ConflictError("niet genoeg")
        left = {"available": seen.available - 1, "held": seen.held + 1}
        session.execute(update(Listing).where(Listing.id == listing_id).values(left))
        session.add(_one_piece(listing_id, buyer_id))
        commit()

    given_out = race(app, reserve_unguarded, made[0], buyer)
    with app.app_context():
        in_stock, reserved = held(made[0])
    assert given_out > STOCK
    assert reserved > in_stock, "more is promised than the stock says is held"


def _one_piece(listing_id: int, buyer_id: int) -> Reservation:
    piece = {
        "quantity": Decimal(1),
        "least": Decimal(1),
        "held": Decimal(1),
        "unit": Unit.PIECE,
        "price_eur": Decimal(15),
    }
    return Reservation(
        listing_id=listing_id, organisation_id=buyer_id, state=State.REQUESTED, created_at=now(), **piece
    )


def test_the_database_itself_refuses_stock_that_does_not_add_up(context):
    listing = make_listing(total=5)
    for change in ("available = available - 1", "held = held + 1", "available = -1, held = total + 1"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(f"UPDATE listing SET {change} WHERE id = :id"), {"id": listing.id})  # noqa: S608 (of our own)


def test_the_engine_is_a_real_one(app):
    """The races above need connections of their own; the transaction of other tests would serialise them."""
    with app.app_context():
        assert db.engine.__class__.__name__ == "Engine"
