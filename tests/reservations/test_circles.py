"""What trust and the rules of a house do to reservations: at once or by an answer, and never to what stands."""

import pytest

from marketplace.accounts import circles
from marketplace.kit.errors import InvalidInputError
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms, answer_by, hold_until
from tests.factories import by, make_listing, make_organisation
from tests.reservations.asking import AT, ask, parts

pytestmark = pytest.mark.usefixtures("context")


def circle_of(founder, *, asked=(), joined=()):
    circle = circles.found(name="Slopers van Drenthe", founder=founder, by=by(founder), at=AT)
    for guest in (*asked, *joined):
        circles.invite(circle=circle, organisation=guest, inviter=founder, by=by(founder), at=AT)
    for guest in joined:
        circles.join(circle=circle, organisation=guest, by=by(guest), at=AT)
    return circle


def test_inside_a_circle_it_is_promised_at_once_and_outside_by_an_answer():
    owner, friend, invited, stranger = (make_organisation() for _ in range(4))
    circle_of(owner, joined=[friend], asked=[invited])
    listing = make_listing(owner)
    inside = ask(listing, 4, friend)
    assert (inside.state, inside.expires_at) == (State.CONFIRMED, hold_until(Terms(), AT, AT.date()))
    for outside in (ask(listing, 4, invited), ask(listing, 4, stranger)):
        assert (outside.state, outside.expires_at) == (State.REQUESTED, answer_by(Terms(), AT))


@pytest.mark.parametrize("who", ["owner", "friend"])
def test_leaving_a_circle_leaves_what_is_reserved_as_it_stands(who):
    owner, friend = make_organisation(), make_organisation()
    circle = circle_of(owner, joined=[friend])
    listing = make_listing(owner)
    before = ask(listing, 4, friend)
    until = before.expires_at
    leaver = owner if who == "owner" else friend
    circles.leave(circle=circle, organisation=leaver, by=by(leaver))
    assert (before.state, before.expires_at, before.held) == (State.CONFIRMED, until, 4)
    assert parts(listing) == (36, 4, 0, 0)
    assert ask(listing, 4, friend).state is State.REQUESTED


@pytest.mark.parametrize("who", ["owner", "friend"])
def test_putting_somebody_out_leaves_what_was_promised_as_it_stands(who):
    owner, friend = make_organisation(), make_organisation()
    keeper, other = (owner, friend) if who == "friend" else (friend, owner)
    circle = circle_of(keeper, joined=[other])
    listing = make_listing(owner)
    before = ask(listing, 4, friend)
    until = before.expires_at
    circles.put_out(circle=circle, organisation=other, keeper=keeper, reason="Haalt niets op", by=by(keeper))
    assert (before.state, before.expires_at, before.held) == (State.CONFIRMED, until, 4)
    assert parts(listing) == (36, 4, 0, 0)
    assert ask(listing, 4, friend).state is State.REQUESTED


def test_the_rules_of_the_owner_hold_and_not_those_of_the_buyer():
    owner, buyer = make_organisation(), make_organisation()
    set_terms(owner, Terms(answer_days=2, most_percent=50, least_percent=10), by(owner))
    set_terms(buyer, Terms(answer_days=9, most_percent=5), by(buyer))
    listing = make_listing(owner)
    assert ask(listing, 20, buyer).expires_at == answer_by(Terms(answer_days=2), AT)
    other = make_listing(owner)
    for lot, wrong, organisation in ((other, 3, make_organisation()), (other, 21, buyer), (listing, 4, buyer)):
        with pytest.raises(InvalidInputError) as refused:
            ask(lot, wrong, organisation)
        assert refused.value.field == "quantity"
    assert ask(listing, 4, make_organisation()).held == 4


def test_new_rules_leave_the_clocks_that_run():
    owner = make_organisation()
    made = ask(make_listing(owner), 4)
    set_terms(owner, Terms(answer_days=1), by(owner))
    assert made.expires_at == answer_by(Terms(), AT)
