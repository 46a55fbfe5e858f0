"""A basket for a project holds lots for several of its needs, whole or not at all."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import InvalidInputError, NotFoundError
from marketplace.listings.stock import NotEnoughError
from marketplace.reservations.audit import audit
from marketplace.reservations.baskets import MOST_FOR_PROJECT, Line, LinesError, cancel_all, hold_for_project
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.queries import of_basket, of_project
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms
from tests.factories import by, make_listing, make_need, make_organisation, make_project
from tests.reservations.asking import AT, ask, parts, posted, queue


@pytest.fixture
def project(context):
    return make_project(make_organisation(name="Bouwbedrijf Es"), name="Twaalf woningen")


@pytest.fixture
def doors(project):
    return make_need(project, title="Binnendeuren")


@pytest.fixture
def cellar(project):
    return make_need(project, title="Kelderdeuren")


@pytest.fixture
def boards(project):
    return make_need(project, title="Platen", category="plywood")


def hold(project, *lines, **more) -> Basket:
    """Hold these (listing, amount, need) for a project."""
    asked = [Line(listing.id, Decimal(amount), need.id) for listing, amount, need in lines]
    return hold_for_project(project_id=project.id, lines=asked, by=by(), at=AT, **more)


def refused(project, *lines) -> LinesError:
    with pytest.raises(LinesError) as caught:
        hold(project, *lines)
    return caught.value


def count(model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_lots_are_held_for_several_needs_together(project, doors, boards):
    north, south, sheets = posted(total=12), posted(total=8), posted(total=6, category="plywood")
    basket = hold(project, (north, 12, doors), (sheets, 6, boards), (south, 5, doors), note="Samen halen")
    assert [(row.listing_id, row.quantity, row.need_id, row.note) for row in of_basket(basket.id)] == [
        (north.id, 12, doors.id, "Samen halen"),
        (sheets.id, 6, boards.id, "Samen halen"),
        (south.id, 5, doors.id, "Samen halen"),
    ]
    assert (basket.project_id, basket.need_id, basket.organisation_id) == (project.id, None, project.organisation_id)
    assert [row.basket_id for row in of_project(project.id)] == [basket.id] * 3
    assert audit(AT).differences == []


def test_the_journal_tells_of_the_whole_once_and_every_part_names_it(project, doors, boards):
    north, sheets = make_listing(total=12), make_listing(total=6, category="plywood")
    basket = hold(project, (north, 12, doors), (sheets, 6, boards))
    whole = journal.find_last()
    assert (whole.subject, whole.action) == (basket.subject, "basket.held")
    assert whole.told == {
        "reference": basket.reference,
        "organisation": "Bouwbedrijf Es",
        "lots": 2,
        "reservations": 2,
        "promised": 0,
        "needs": 2,
    }
    assert [(entry.action, entry.told["basket"]) for entry in journal.history(north.subject)] == [
        ("pickup.proposed", basket.reference),
        ("reservation.requested", basket.reference),
    ]
    assert journal.first_broken() is None


def test_one_lot_serves_two_needs_by_two_reservations_that_share_its_stock(project, doors, cellar):
    lot = posted(total=12)
    basket = hold(project, (lot, 7, doors), (lot, 5, cellar))
    assert {(row.need_id, row.quantity) for row in of_basket(basket.id)} == {(doors.id, 7), (cellar.id, 5)}
    assert parts(lot) == (0, 12, 0, 0)
    assert journal.history(basket.subject)[0].told["lots"] == 1
    assert audit(AT).differences == []


def test_what_one_need_takes_of_a_lot_is_not_there_for_the_next(project, doors, cellar):
    lot, other = make_listing(total=12), make_listing(total=5)
    error = refused(project, (other, 5, doors), (lot, 7, doors), (lot, 6, cellar))
    assert list(error.lines) == [Line(lot.id, Decimal(6), cellar.id)]
    (problem,) = error.lines.values()
    assert isinstance(problem, NotEnoughError)
    assert problem.available == 5
    session.commit()
    assert (parts(lot), parts(other), count(Reservation), count(Basket)) == ((12, 0, 0, 0), (5, 0, 0, 0), 0, 0)


@pytest.mark.parametrize("amounts", [(3, 9), (9, 3)])
def test_only_who_takes_the_rest_takes_less_than_the_least_in_whatever_order_it_is_asked(
    project, doors, cellar, amounts
):
    lot = make_listing(total=12, min_take=Decimal(5))
    asked = list(zip((lot, lot), amounts, (doors, cellar), strict=True))
    hold(project, *asked)
    assert parts(lot) == (0, 12, 0, 0)


def test_two_amounts_below_the_least_are_not_taken_together(project, doors, cellar):
    lot = make_listing(total=12, min_take=Decimal(5))
    error = refused(project, (lot, 4, doors), (lot, 4, cellar))
    assert len(error.lines) == 2


def test_the_most_that_one_organisation_may_reserve_counts_over_its_needs(project, doors, cellar):
    owner = make_organisation()
    set_terms(owner, Terms(most_percent=50), by())
    lot = make_listing(owner, total=12)
    assert len(refused(project, (lot, 4, doors), (lot, 3, cellar)).lines) == 1
    hold(project, (lot, 4, doors), (lot, 2, cellar))


def test_a_need_of_another_project_is_refused_at_its_line_and_not_named(project, doors):
    lot, stranger = make_listing(total=12), make_need(title="Geheime behoefte")
    sibling = make_need(make_project(make_organisation()))
    for other in (stranger, sibling):
        error = refused(project, (lot, 2, doors), (lot, 3, other))
        assert [(line.need_id, type(problem)) for line, problem in error.lines.items()] == [(other.id, NotFoundError)]
        assert "Geheime" not in str(error)
    assert count(Reservation) == 0


def test_what_a_need_does_not_accept_is_refused_at_its_line(project, doors, boards):
    lot = make_listing(total=12)
    error = refused(project, (lot, 2, doors), (lot, 3, boards))
    assert [(line.need_id, problem.field) for line, problem in error.lines.items()] == [(boards.id, "purpose")]


def test_a_basket_for_a_project_has_at_most_two_hundred_lines_each_lot_once_for_a_need(project, doors, cellar):
    lot = make_listing(total=12)
    none = [Line(900000 + number, Decimal(1), doors.id) for number in range(MOST_FOR_PROJECT + 1)]
    twice = [Line(lot.id, Decimal(1), doors.id)] * 2
    for lines in ([], none, twice):
        with pytest.raises(InvalidInputError):
            hold_for_project(project_id=project.id, lines=lines, by=by(), at=AT)
    with pytest.raises(NotFoundError):
        hold_for_project(project_id=987654, lines=twice[:1], by=by(), at=AT)
    with pytest.raises(LinesError) as caught:
        hold_for_project(project_id=project.id, lines=none[1:], by=by(), at=AT)
    assert len(caught.value.lines) == MOST_FOR_PROJECT
    assert len(str(caught.value)) < 500, "few are named where many are refused"


def test_two_hundred_lines_take_few_statements_each(project, doors, cellar, statements):
    owners = [make_organisation() for _ in range(4)]
    lots = [make_listing(owners[number % 4], total=4) for number in range(20)]
    ids, needs, project_id = [lot.id for lot in lots], (doors.id, cellar.id), project.id

    def statements_for(number: int) -> int:
        lines = [Line(each, Decimal(1), need) for need in needs for each in ids[:number]]
        session.commit()
        session.expunge_all()
        statements.clear()
        hold_for_project(project_id=project_id, lines=lines, by=by(), at=AT)
        return len(statements)

    few, many = statements_for(10), statements_for(20)
    assert (many - few) / 20 <= 4, "for each line: what is due at its lot, the lot before and after, the reservation"


def test_giving_up_a_basket_for_a_project_gives_all_back_and_lets_queues_move_up_once(project, doors, cellar):
    lot = posted(total=12)
    basket = hold(project, (lot, 7, doors), (lot, 5, cellar))
    first, second = queue(lot, 9), queue(lot, 3)
    given_up = cancel_all(basket, reason="Ontwerp gewijzigd", by=by(), at=AT)
    assert [row.state for row in given_up] == [State.CANCELLED] * 2
    assert (first.state, second.state) == (State.OFFERED, State.OFFERED)
    assert parts(lot) == (0, 12, 0, 0)
    whole = journal.history(basket.subject)[0]
    assert (whole.action, whole.told) == ("basket.cancelled", {"lots": 1, "reason": "Ontwerp gewijzigd"})
    assert audit(AT).differences == []


def test_a_basket_that_is_not_whole_or_holds_what_is_of_others_is_named(project, doors, cellar):
    first, second, other = posted(total=12), posted(total=12), posted(total=12)
    basket = hold(project, (first, 2, doors), (second, 3, cellar))
    stray = ask(other, 1)
    lost, kept = of_basket(basket.id)
    assert audit(AT).differences == []
    for row, changes in (
        (lost, {"basket_id": None}),
        (kept, {"need_id": make_need().id}),
        (stray, {"basket_id": basket.id}),
    ):
        session.execute(update(Reservation).where(Reservation.id == row.id).values(changes))
    session.expire_all()
    found = sorted(map(str, audit(AT).differences))
    whole = f"basket {basket.reference}"
    assert found == sorted(
        f"{whole}, reservation {row.reference}: is for another {what} than its basket"
        for row, what in ((kept, "need"), (stray, "organisation"), (stray, "project"))
    )
    session.execute(update(Reservation).where(Reservation.id == stray.id).values({"basket_id": None}))
    number = journal.history(basket.subject)[0].number
    told = f"{whole}: has 1 reservations, and 2 by the journal (journal {number})"
    assert told in map(str, audit(AT).differences)
