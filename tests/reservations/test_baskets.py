"""A basket is held whole or not at all, by the rules of single reservations."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.journal import JournalEntry
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus
from marketplace.listings.stock import NotEnoughError
from marketplace.passports.admission import BlockedError
from marketplace.reservations import actions
from marketplace.reservations.baskets import MOST, LinesError, cancel_all, hold_all
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.queries import baskets_of, get_basket, of_basket
from marketplace.reservations.states import State
from tests.factories import by, make_listing, make_need, make_organisation, make_project
from tests.reservations.asking import AT, ask, parts, queue
from tests.reservations.fetching import hand_over


@pytest.fixture
def buyer(context):
    return make_organisation(name="Bouwbedrijf Es")


def hold(buyer, *lines, **purpose) -> Basket:
    """Hold these (listing, amount) together."""
    asked = [(listing.id, Decimal(amount)) for listing, amount in lines]
    return hold_all(lines=asked, purpose=Purpose(buyer, **purpose), by=by(buyer), at=AT)


def refused(buyer, *lines) -> LinesError:
    """Return the error of lines that cannot be held."""
    with pytest.raises(LinesError) as caught:
        hold(buyer, *lines)
    return caught.value


def count(model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def told(subject: str) -> list[str]:
    return [entry.action for entry in reversed(journal.history(subject))]


def test_twenty_doors_are_twelve_of_one_and_eight_of_another(buyer):
    first, second = make_listing(total=12), make_listing(total=40)
    need = make_need(make_project(buyer))
    basket = hold(buyer, (second, 8), (first, 12), need_id=need.id, project_id=need.project_id, note="Samen halen")
    made = of_basket(basket.id)
    assert [(each.listing_id, each.quantity, each.state) for each in made] == [
        (second.id, 8, State.REQUESTED),
        (first.id, 12, State.REQUESTED),
    ]
    assert {(each.organisation_id, each.need_id, each.project_id, each.note) for each in made} == {
        (buyer.id, need.id, need.project_id, "Samen halen")
    }
    assert (parts(first), parts(second)) == ((0, 12, 0, 0), (32, 8, 0, 0))
    assert (basket.need_id, basket.project_id, basket.organisation_id) == (need.id, need.project_id, buyer.id)


def test_each_lot_counts_in_its_own_unit(buyer):
    doors, slabs = make_listing(total=12), make_listing(total=100, unit=Unit.M2, category="hollowcore_slab")
    basket = hold(buyer, (doors, 3), (slabs, "12.345"))
    assert [(each.quantity, each.unit) for each in of_basket(basket.id)] == [
        (3, Unit.PIECE),
        (Decimal("12.345"), Unit.M2),
    ]
    assert "quantity" not in journal.history(basket.subject)[0].told


def test_the_journal_tells_of_the_basket_after_each_of_its_lots(buyer):
    first, second = make_listing(total=12), make_listing(total=40)
    basket = hold(buyer, (first, 12), (second, 8))
    entry = journal.find_last()
    assert (entry.subject, entry.action) == (basket.subject, "basket.held")
    facts = {"organisation": "Bouwbedrijf Es", "lots": 2, "quantity": "20", "unit": "piece"}
    assert facts.items() <= entry.told.items()
    assert told(first.subject) == told(second.subject) == ["reservation.requested"]


def test_when_one_lot_has_too_little_nothing_is_held_and_the_error_says_of_which_and_how_much_there_is(buyer):
    first, second = make_listing(total=12, name="Deur A"), make_listing(total=7, name="Deur B")
    entries = count(JournalEntry)
    error = refused(buyer, (first, 12), (second, 8))
    assert set(error.problems) == {second.id}
    assert isinstance(error.problems[second.id], NotEnoughError)
    assert error.problems[second.id].available == 7
    assert str(error) == "Er is niets vastgelegd. Deur B: Er is nog maar 7 st beschikbaar."
    session.commit()  # whatever the caller does
    assert (parts(first), parts(second)) == ((12, 0, 0, 0), (7, 0, 0, 0))
    assert (count(Reservation), count(Basket), count(JournalEntry)) == (0, 0, entries)


def test_exactly_what_there_is_can_be_held(buyer):
    first, second = make_listing(total=12), make_listing(total=8)
    hold(buyer, (first, 12), (second, 8))
    assert (parts(first), parts(second)) == ((0, 12, 0, 0), (0, 8, 0, 0))


def test_the_problems_of_all_lines_are_told_at_once(buyer):
    good, little, own = make_listing(total=12), make_listing(total=7), make_listing(buyer)
    least, closed = make_listing(min_take=Decimal(10)), make_listing(status=ListingStatus.WITHDRAWN)
    suspect = make_listing(building_year=1978)
    error = refused(buyer, (good, 1), (little, 8), (own, 1), (least, 9), (closed, 1), (suspect, 1))
    assert {listing_id: type(problem) for listing_id, problem in error.problems.items()} == {
        little.id: NotEnoughError,
        own.id: InvalidInputError,
        least.id: InvalidInputError,
        closed.id: NotFoundError,
        suspect.id: BlockedError,
    }
    assert parts(good) == (12, 0, 0, 0)


def test_what_the_need_does_not_accept_is_a_problem_of_its_line(buyer):
    doors, beams = make_listing(total=40), make_listing(total=40, category="steel_hea")
    need = make_need(make_project(buyer))
    with pytest.raises(LinesError) as refused:
        hold_all(
            lines=[(doors.id, Decimal(12)), (beams.id, Decimal(8))],
            purpose=Purpose(buyer, need.project_id, need.id),
            by=by(buyer),
            at=AT,
        )
    assert [(lot, problem.field) for lot, problem in refused.value.problems.items()] == [(beams.id, "purpose")]
    assert (parts(doors), parts(beams)) == ((40, 0, 0, 0), (40, 0, 0, 0))


def test_half_a_door_is_a_problem_of_its_line(buyer):
    first, second = make_listing(total=12), make_listing(total=12)
    assert set(refused(buyer, (first, 1), (second, "1.5")).problems) == {second.id}


def test_what_does_not_exist_is_a_problem_of_its_line(buyer):
    first = make_listing(total=12)
    with pytest.raises(LinesError) as caught:
        hold_all(lines=[(first.id, Decimal(1)), (987654, Decimal(1))], purpose=Purpose(buyer), by=by(), at=AT)
    assert set(caught.value.problems) == {987654}
    assert parts(first) == (12, 0, 0, 0)


def test_a_basket_has_one_to_thirty_lots_each_of_them_once(buyer):
    lots = [make_listing(total=2) for _ in range(MOST + 1)]
    for lines in ([], [(lots[0], 1), (lots[0], 1)], [(lot, 1) for lot in lots]):
        with pytest.raises(InvalidInputError):
            hold(buyer, *lines)
    assert count(Reservation) == 0
    assert len(of_basket(hold(buyer, *[(lot, 1) for lot in lots[:MOST]]).id)) == MOST
    assert len(of_basket(hold(buyer, (lots[MOST], 1)).id)) == 1


def test_what_lapsed_in_the_meantime_can_be_held(buyer):
    """The lots are settled first: what somebody else let lapse is available, though nobody looked since."""
    first, second = make_listing(total=12), make_listing(total=8)
    ask(second, 8)
    later = AT.replace(month=12)
    lines = [(first.id, Decimal(12)), (second.id, Decimal(8))]
    hold_all(lines=lines, purpose=Purpose(buyer), by=by(), at=later)
    assert parts(second) == (0, 8, 0, 0)


def test_giving_up_a_basket_gives_back_what_was_not_fetched_and_leaves_the_rest(buyer):
    fetched, confirmed, asked, declined = (make_listing(total=12) for _ in range(4))
    basket = hold(buyer, *[(lot, 5) for lot in (fetched, confirmed, asked, declined)])
    rows = of_basket(basket.id)
    for row in rows[:2]:
        actions.confirm(row, by=by(), at=AT)
    hand_over(rows[0], at=AT)
    actions.decline(rows[3], reason="Vol", by=by(), at=AT)
    given_up = cancel_all(basket, reason="Ontwerp gewijzigd", by=by(buyer), at=AT)
    assert [row.id for row in given_up] == [rows[1].id, rows[2].id]
    states = [State.HANDED_OVER, State.CANCELLED, State.CANCELLED, State.DECLINED]
    assert [row.state for row in of_basket(basket.id)] == states
    assert [row.reason for row in of_basket(basket.id)] == ["", "Ontwerp gewijzigd", "Ontwerp gewijzigd", "Vol"]
    assert [parts(lot) for lot in (fetched, confirmed, asked, declined)] == [(7, 0, 5, 0), *[(12, 0, 0, 0)] * 3]
    assert told(basket.subject) == ["basket.held", "basket.cancelled"]


def test_what_is_given_up_goes_to_who_waits(buyer):
    listing = make_listing(total=5)
    basket = hold(buyer, (listing, 5))
    next_one = queue(listing, 3)
    cancel_all(basket, by=by(buyer), at=AT)
    assert next_one.state is State.OFFERED
    assert parts(listing) == (2, 3, 0, 0)


def test_a_basket_of_which_nothing_is_left_cannot_be_given_up(buyer):
    basket = hold(buyer, (make_listing(total=5), 5))
    cancel_all(basket, by=by(buyer), at=AT)
    with pytest.raises(ConflictError):
        cancel_all(basket, by=by(buyer), at=AT)
    assert told(basket.subject) == ["basket.held", "basket.cancelled"]


def test_a_reservation_beside_the_basket_stays(buyer):
    listing = make_listing(total=12)
    beside = ask(listing, 2, buyer)
    cancel_all(hold(buyer, (listing, 5)), by=by(buyer), at=AT)
    assert beside.state is State.REQUESTED
    assert parts(listing) == (10, 2, 0, 0)


def test_a_basket_is_found_by_its_reference_and_among_those_of_its_organisation(buyer):
    basket = hold(buyer, (make_listing(total=5), 1))
    assert get_basket(basket.reference.lower()) is basket
    assert baskets_of([buyer.id]) == [basket]
    assert baskets_of([make_organisation().id]) == []
    with pytest.raises(NotFoundError):
        get_basket("BESTAATNIET")
