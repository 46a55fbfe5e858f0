"""Stock: each change checks and changes at once, and the four parts always add up to the total."""

from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.quantities import Unit
from marketplace.listings import stock
from marketplace.listings.models import Listing, ListingStatus, Stage
from tests.factories import make_listing


def parts(listing):
    return listing.available, listing.held, listing.handed_over, listing.written_off


@pytest.fixture
def lot(context):
    """Forty pieces, of which five are held."""
    return make_listing(total=40, held=Decimal(5))


def test_holding_takes_from_what_is_available(lot):
    assert stock.hold(lot.id, Decimal(35)) == 0
    assert parts(lot) == (0, 40, 0, 0)


def test_one_piece_more_than_there_is_cannot_be_held_and_the_sentence_says_how_many_there_are(lot):
    with pytest.raises(stock.NotEnoughError, match=r"Er is nog maar 35 st beschikbaar\.") as refused:
        stock.hold(lot.id, Decimal(36))
    assert refused.value.available == 35
    assert parts(lot) == (35, 5, 0, 0)


def test_fractions_are_held_exactly(context):
    lot = make_listing(category="sand", unit=Unit.T, total=Decimal("0.3"))
    for _ in range(3):
        stock.hold(lot.id, Decimal("0.1"))
    assert parts(lot) == (0, Decimal("0.3"), 0, 0)
    with pytest.raises(stock.NotEnoughError):
        stock.hold(lot.id, Decimal("0.001"))


@pytest.mark.parametrize("closed", [{"status": ListingStatus.DRAFT}, {"status": "withdrawn"}, {"stage": Stage.GONE}])
def test_nothing_is_held_of_what_is_not_on_offer(context, closed):
    lot = make_listing(**closed)
    with pytest.raises(ConflictError, match="niet meer aangeboden"):
        stock.hold(lot.id, Decimal(1))
    assert parts(lot) == (40, 0, 0, 0)


def test_what_was_held_can_be_released_but_no_more_than_that(lot):
    assert stock.release(lot.id, Decimal(2)) == 37
    with pytest.raises(stock.NotEnoughError, match="nog maar 3 st gereserveerd"):
        stock.release(lot.id, Decimal(4))
    assert parts(lot) == (37, 3, 0, 0)


def test_handing_over_takes_from_what_is_held(lot):
    stock.hand_over(lot.id, Decimal(5))
    assert parts(lot) == (35, 0, 5, 0)
    assert lot.stage is Stage.IN_STOCK
    with pytest.raises(stock.NotEnoughError):
        stock.hand_over(lot.id, Decimal(1))


def test_an_offer_is_gone_with_the_last_of_it_and_not_before(lot):
    stock.write_off(lot.id, Decimal(34))
    stock.hand_over(lot.id, Decimal(5))
    assert (parts(lot), lot.stage) == ((1, 0, 5, 34), Stage.IN_STOCK)
    stock.write_off(lot.id, Decimal(1))
    assert (parts(lot), lot.stage) == ((0, 0, 5, 35), Stage.GONE)


def test_what_is_held_can_be_written_off_only_where_that_is_said(lot):
    with pytest.raises(stock.NotEnoughError, match="35 st beschikbaar"):
        stock.write_off(lot.id, Decimal(36))
    stock.write_off(lot.id, Decimal(5), from_held=True)
    assert parts(lot) == (35, 0, 0, 5)


@pytest.mark.parametrize(
    ("counted", "kept", "total", "expected"),
    [
        (40, 5, 40, (35, 5, 0, 0)),
        (38, 5, 40, (33, 5, 0, 2)),
        (44, 5, 44, (39, 5, 0, 0)),
        (5, 5, 40, (0, 5, 0, 35)),
        (3, 3, 40, (0, 3, 0, 37)),
        (0, 0, 40, (0, 0, 0, 40)),
    ],
)
def test_what_comes_in_is_counted_and_the_difference_is_accounted_for(lot, counted, kept, total, expected):
    lot.stage = Stage.EXPECTED
    stock.receive(lot.id, Decimal(counted), held=Decimal(5), kept=Decimal(kept))
    assert (lot.total, parts(lot)) == (total, expected)
    assert lot.stage is (Stage.IN_STOCK if counted else Stage.GONE)


def test_what_is_in_stock_or_held_for_more_than_was_known_is_not_received(lot):
    with pytest.raises(ConflictError, match="al in ontvangst"):
        stock.receive(lot.id, Decimal(40), held=Decimal(5), kept=Decimal(5))
    lot.stage = Stage.EXPECTED
    with pytest.raises(ConflictError, match="intussen veranderd"):
        stock.receive(lot.id, Decimal(40), held=Decimal(4), kept=Decimal(4))
    assert (parts(lot), lot.stage) == ((35, 5, 0, 0), Stage.EXPECTED)


@pytest.mark.parametrize(("counted", "kept"), [(4, 5), (3, -1)])
def test_the_database_keeps_no_more_of_a_count_than_came(lot, counted, kept):
    lot.stage = Stage.EXPECTED
    with pytest.raises(IntegrityError), session.begin_nested():
        stock.receive(lot.id, Decimal(counted), held=Decimal(5), kept=Decimal(kept))


def test_the_total_can_shrink_to_what_is_held_and_no_further(lot):
    stock.resize(lot.id, Decimal(5), Unit.PIECE)
    assert (lot.total, parts(lot)) == (5, (0, 5, 0, 0))
    with pytest.raises(ConflictError, match="5 st al gereserveerd"):
        stock.resize(lot.id, Decimal(4), Unit.PIECE)


def test_the_unit_changes_only_while_nothing_has_moved(lot):
    with pytest.raises(ConflictError, match="eenheid"):
        stock.resize(lot.id, Decimal(800), Unit.KG)
    stock.release(lot.id, Decimal(5))
    stock.resize(lot.id, Decimal(800), Unit.KG)
    assert (lot.total, lot.unit, lot.available) == (800, Unit.KG, 800)


def test_nothing_less_than_nothing_is_moved(lot):
    for step in (stock.hold, stock.release, stock.hand_over, stock.write_off):
        with pytest.raises(InvalidInputError):
            step(lot.id, Decimal(-1))


def test_what_does_not_exist_has_no_stock(context):
    with pytest.raises(NotFoundError):
        stock.hold(999_999, Decimal(1))


@pytest.mark.parametrize("wrong", [{"available": Decimal(39)}, {"held": Decimal(-1), "available": Decimal(41)}])
def test_the_database_refuses_parts_that_do_not_add_up(context, wrong):
    lot = make_listing(total=40)
    with pytest.raises(IntegrityError, match="stock"), session.begin_nested():
        session.execute(update(Listing).where(Listing.id == lot.id).values(wrong))


def test_a_change_of_stock_is_one_statement(lot, statements):
    stock.hold(lot.id, Decimal(1))
    assert len(statements) == 1
    assert statements[0].startswith("UPDATE listing")
