"""Baskets over the same lots in opposite order: no deadlock, and never half a basket; with controls that do have them.

Each client is a thread with a session of its own on a real connection, so that nothing is shared but the database.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import Organisation
from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, is_transient, session
from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By
from marketplace.listings import stock
from marketplace.listings.models import Listing
from marketplace.reservations import actions
from marketplace.reservations.baskets import Line, hold_all, hold_for_project
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.purposes import Purpose
from tests.factories import make_listing, make_need, make_organisation, make_project
from tests.racing import at_once

CLIENTS = 12
LOTS = 4
STOCK = 5
_ONE = Decimal(1)


@pytest.fixture
def lots(app: Flask, emptied_afterwards):
    """Committed offers of a few pieces each of several owners, and a buyer."""
    with app.app_context():
        buyer = make_organisation()
        made = [make_listing(total=STOCK).id for _ in range(LOTS)]
        buyer_id = buyer.id
        commit()
    return made, buyer_id


Take = Callable[[Sequence[int], int], None]


def race(app: Flask, take: Take, lots: Sequence[int], buyer_id: int) -> list[str]:
    """Let all clients take one piece of every lot, half of them in opposite order, and return how each fared."""
    turned = list(reversed(lots))
    steps = [partial(take, lots if number % 2 else turned, buyer_id) for number in range(CLIENTS)]
    return [_fared(each) for each in at_once(app, steps, refused=(ConflictError, DBAPIError))]


def _fared(came: object) -> str:
    if isinstance(came, ConflictError):
        return "refused"
    if isinstance(came, DBAPIError):
        return "deadlock" if is_transient(came) else f"broken: {came}"
    return "held"


def together(lots: Sequence[int], buyer_id: int) -> None:
    """Hold as the program does."""
    begin_writing()
    purpose = Purpose(session.get_one(Organisation, buyer_id))
    hold_all(lines=[(listing_id, _ONE) for listing_id in lots], purpose=purpose, by=By(), at=now())
    commit()


@pytest.fixture
def project(app: Flask, lots) -> tuple[int, list[int]]:
    """A committed project of the buyer, and two of its needs, that want one of every lot each."""
    _, buyer_id = lots
    with app.app_context():
        made = make_project(session.get_one(Organisation, buyer_id))
        needs = [make_need(made).id for _ in range(2)]
        project_id = made.id
        commit()
    return project_id, needs


def for_project(project_id: int, needs: Sequence[int], lots: Sequence[int], _buyer_id: int) -> None:
    """Hold one of every lot for each need, as the match board does."""
    begin_writing()
    lines = [Line(listing_id, _ONE, need_id) for need_id in needs for listing_id in lots]
    hold_for_project(project_id=project_id, lines=lines, by=By(), at=now())
    commit()


def held() -> list[Decimal]:
    return list(session.scalars(select(Listing.held).order_by(Listing.id)))


@pytest.mark.timeout(120)
def test_baskets_in_opposite_order_are_held_whole_until_the_stock_is_gone(app, lots):
    made, buyer_id = lots
    fared = race(app, together, made, buyer_id)
    assert sorted(fared) == ["held"] * STOCK + ["refused"] * (CLIENTS - STOCK)
    with app.app_context():
        assert held() == [STOCK] * LOTS
        sizes = select(func.count()).select_from(Reservation).group_by(Reservation.basket_id)
        assert list(session.scalars(sizes)) == [LOTS] * STOCK
        assert session.scalar(select(func.count()).select_from(Basket)) == STOCK


@pytest.mark.timeout(120)
def test_baskets_for_projects_in_opposite_order_are_held_whole_for_all_their_needs(app, lots, project):
    """Of five pieces two baskets can have two of each lot, and no third can: the last piece stays."""
    made, buyer_id = lots
    project_id, needs = project
    fared = race(app, partial(for_project, project_id, needs), made, buyer_id)
    wins = STOCK // len(needs)
    assert sorted(fared) == ["held"] * wins + ["refused"] * (CLIENTS - wins)
    with app.app_context():
        assert held() == [wins * len(needs)] * LOTS
        per_need = select(func.count()).select_from(Reservation).group_by(Reservation.basket_id, Reservation.need_id)
        assert list(session.scalars(per_need)) == [LOTS] * wins * len(needs)


@pytest.mark.timeout(120)
def test_of_two_baskets_that_each_want_more_than_half_of_every_lot_one_is_held(app, lots, project):
    made, _ = lots
    project_id, needs = project
    turned = list(reversed(made))

    def take(order: Sequence[int], amounts: Sequence[int]) -> None:
        begin_writing()
        pairs = zip(needs, amounts, strict=True)
        lines = [Line(listing_id, Decimal(amount), need_id) for need_id, amount in pairs for listing_id in order]
        hold_for_project(project_id=project_id, lines=lines, by=By(), at=now())
        commit()

    steps = [partial(take, made, (1, 2)), partial(take, turned, (2, 1))]
    came = at_once(app, steps, refused=(ConflictError, DBAPIError))
    assert sorted(map(_fared, came)) == ["held", "refused"]
    with app.app_context():
        assert held() == [3] * LOTS


@pytest.mark.timeout(120)
def test_without_the_lock_in_order_the_same_baskets_wait_for_each_other(app, lots):
    """The control: each lot is locked when it is its turn, in the order that was given."""
    made, buyer_id = lots
    with app.app_context():
        if session.get_bind().dialect.name == "sqlite":
            pytest.skip("SQLite lets one transaction write at a time, so that none can wait for another")
    both_hold_one = threading.Barrier(2, timeout=1)

    def in_given_order(lots: Sequence[int], buyer_id: int) -> None:
        for position, listing_id in enumerate(lots):
            stock.hold(listing_id, _ONE)
            if position == 0:
                _meet(both_hold_one)
        commit()

    assert "deadlock" in race(app, in_given_order, made, buyer_id)


@pytest.mark.timeout(120)
def test_line_by_line_the_same_baskets_end_in_halves(app, lots):
    """The control: every line is a reservation of its own, and what was held before the refusal stays held."""
    made, buyer_id = lots
    all_hold_one = threading.Barrier(2 * STOCK, timeout=5)

    def line_by_line(lots: Sequence[int], buyer_id: int) -> None:
        for position, listing_id in enumerate(lots):
            if position == 1:
                _meet(all_hold_one)
            begin_writing()
            purpose = Purpose(session.get_one(Organisation, buyer_id))
            actions.request(listing_id=listing_id, quantity=_ONE, purpose=purpose, by=By(), at=now())
            commit()

    fared = race(app, line_by_line, made, buyer_id)
    with app.app_context():
        pieces = sum(held())
    assert pieces > fared.count("held") * LOTS, "some hold a part of what they asked for"


def _meet(barrier: threading.Barrier) -> None:
    with suppress(threading.BrokenBarrierError):  # the others wait for a lot that is held, which is the point
        barrier.wait()
