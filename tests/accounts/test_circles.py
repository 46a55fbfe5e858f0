"""Circles: nobody is in one without consent, trust needs both, and the last one out ends it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import circles, queries
from marketplace.accounts.circles import trust_each_other
from marketplace.accounts.models import Circle, CircleMembership
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from tests.factories import by, make_organisation

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def found(founder=None, name="Drentse woningcorporaties"):
    founder = founder or make_organisation()
    return circles.found(name=name, founder=founder, by=by(founder), at=AT)


def invite(circle, organisation, inviter):
    circles.invite(circle=circle, organisation=organisation, inviter=inviter, by=by(inviter), at=AT)


def take_in(circle, organisation, inviter, at=AT):
    invite(circle, organisation, inviter)
    circles.join(circle=circle, organisation=organisation, by=by(organisation), at=at)


def withdraw(circle, organisation, withdrawer):
    circles.withdraw(circle=circle, organisation=organisation, withdrawer=withdrawer, by=by(withdrawer))


def put_out(circle, organisation, keeper, reason="Haalt nooit op wat is toegezegd"):
    circles.put_out(circle=circle, organisation=organisation, keeper=keeper, reason=reason, by=by(keeper))


def happened(subject):
    return [entry.action for entry in reversed(journal.history(subject))]


def count(model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def three(context):
    return [make_organisation() for _ in range(3)]


@pytest.mark.usefixtures("context")
class TestFounding:
    def test_puts_the_founder_in_at_once(self, three):
        founder = three[0]
        circle = found(founder)
        assert (circle.slug, circle.created_at) == ("drentse-woningcorporaties", AT)
        assert [each.name for each in circles.circles_of(founder.id)] == ["Drentse woningcorporaties"]
        assert happened(circle.subject) == ["circle.founded"]
        assert happened(f"organisation:{founder.id}") == ["circle.founded"]

    @pytest.mark.parametrize("again", ["Kring CAFÉ", "kring café", "  KRING  Café "])
    def test_refuses_a_name_that_is_taken_in_other_capitals(self, again):
        found(name="Kring Café")
        with pytest.raises(ConflictError, match="Er is al een kring") as refused:
            found(name=again)
        assert refused.value.field == "name"
        assert found(name="Kring Cafe").slug == "kring-cafe-2", "another name, though its address would be the same"

    @pytest.mark.parametrize("name", ["", " ", "K", "\x00", "K" * 121])
    def test_refuses_a_name_that_is_none(self, name):
        with pytest.raises(InvalidInputError) as refused:
            found(name=name)
        assert refused.value.field == "name"

    def test_takes_the_longest_name_that_gets_longer_in_small_letters(self):
        assert found(name="\N{LATIN SMALL LIGATURE FFI}" * 120).name_key == "ffi" * 120


class TestInviting:
    def test_does_not_let_anybody_in_before_they_say_so(self, three):
        one, other, _ = three
        circle = found(one)
        invite(circle, other, one)
        assert circles.circles_of(other.id) == []
        assert not trust_each_other(one.id, other.id)
        (invitation,) = circles.invitations_of(other.id)
        assert (invitation.circle.name, invitation.invited_by.name) == (circle.name, one.name)
        assert happened(f"organisation:{other.id}") == ["circle.invited"]
        assert happened(circle.subject) == ["circle.founded", "circle.invited"]

    def test_is_for_those_in_the_circle(self, three):
        one, other, third = three
        circle = found(one)
        with pytest.raises(NotFoundError):
            invite(circle, third, other)
        invite(circle, other, one)
        with pytest.raises(NotFoundError):
            invite(circle, third, other)
        assert circles.invitations_of(third.id) == []

    def test_is_done_once(self, three):
        one, other, _ = three
        circle = found(one)
        invite(circle, other, one)
        for again in (one, other):
            with pytest.raises(ConflictError, match="al in deze kring") as refused:
                invite(circle, again, one)
            assert refused.value.field == "organisation"


class TestAnswering:
    def test_joining_makes_both_trust_each_other(self, three):
        one, other, third = three
        circle = found(one)
        take_in(circle, other, one)
        assert trust_each_other(one.id, other.id)
        assert trust_each_other(other.id, one.id)
        assert not trust_each_other(one.id, third.id)
        assert circles.invitations_of(other.id) == []
        assert happened(f"organisation:{other.id}") == ["circle.invited", "circle.joined"]

    def test_joining_needs_an_invitation(self, three):
        one, other, _ = three
        circle = found(one)
        with pytest.raises(NotFoundError):
            circles.join(circle=circle, organisation=other, by=by(other), at=AT)
        take_in(circle, other, one)
        with pytest.raises(NotFoundError):
            circles.join(circle=circle, organisation=other, by=by(other), at=AT)

    def test_declining_ends_the_invitation_and_another_may_follow(self, three):
        one, other, _ = three
        circle = found(one)
        invite(circle, other, one)
        circles.decline(circle=circle, organisation=other, by=by(other))
        assert circles.invitations_of(other.id) == []
        assert happened(f"organisation:{other.id}")[-1] == "circle.declined"
        take_in(circle, other, one)
        assert trust_each_other(one.id, other.id)

    def test_who_is_in_leaves_and_does_not_decline(self, three):
        one = three[0]
        circle = found(one)
        with pytest.raises(NotFoundError):
            circles.decline(circle=circle, organisation=one, by=by(one))
        assert circles.circles_of(one.id) == [circle]


class TestWithdrawing:
    def test_ends_the_invitation_and_another_may_follow(self, three):
        one, other, _ = three
        circle = found(one)
        invite(circle, other, one)
        withdraw(circle, other, one)
        assert circles.invitations_of(other.id) == []
        for subject in (circle.subject, f"organisation:{other.id}"):
            assert happened(subject)[-1] == "circle.withdrawn"
        with pytest.raises(NotFoundError):
            circles.join(circle=circle, organisation=other, by=by(other), at=AT)
        take_in(circle, other, one)
        assert trust_each_other(one.id, other.id)

    def test_is_for_who_sent_it_and_for_the_keeper_and_for_no_other_member(self, three):
        keeper, sender, bystander = three
        circle = found(keeper)
        for each in (sender, bystander):
            take_in(circle, each, keeper)
        guest = make_organisation()
        for withdrawer in (sender, keeper):
            invite(circle, guest, sender)
            with pytest.raises(NotAllowedError):
                withdraw(circle, guest, bystander)
            assert len(circles.invitations_of(guest.id)) == 1
            withdraw(circle, guest, withdrawer)
            assert circles.invitations_of(guest.id) == []

    def test_is_not_for_who_is_out_of_the_circle_since(self, three):
        keeper, sender, guest = three
        circle = found(keeper)
        take_in(circle, sender, keeper)
        invite(circle, guest, sender)
        circles.leave(circle=circle, organisation=sender, by=by(sender))
        for outside in (sender, guest):
            with pytest.raises(NotFoundError):
                withdraw(circle, guest, outside)
        withdraw(circle, guest, keeper)

    def test_is_too_late_once_it_was_answered(self, three):
        one, other, third = three
        circle = found(one)
        take_in(circle, other, one)
        for guest in (other, third):
            with pytest.raises(NotFoundError, match="is er niet meer"):
                withdraw(circle, guest, one)
        assert trust_each_other(one.id, other.id)


class TestKeeping:
    def test_is_of_the_founder_and_then_of_who_is_in_longest(self, three):
        founder, second, third = three
        circle = found(founder)
        take_in(circle, third, founder, AT + timedelta(hours=2))
        take_in(circle, second, founder, AT + timedelta(hours=1))
        invite(circle, make_organisation(), founder)

        def keeper():
            (read,) = circles.circles_of(second.id)
            return circles.keeper_id_of(read.memberships)

        assert keeper() == founder.id
        circles.leave(circle=circle, organisation=founder, by=by(founder))
        assert keeper() == second.id, "asked later than the third, and in earlier"
        take_in(circle, founder, second, AT + timedelta(hours=3))
        assert keeper() == second.id, "who comes back is the last in"


class TestPuttingOut:
    def test_ends_the_trust_with_everybody_and_tells_why(self, three):
        keeper, other, third = three
        circle = found(keeper)
        for each in (other, third):
            take_in(circle, each, keeper)
        put_out(circle, other, keeper, "  Haalt nooit op\nwat is toegezegd \u202e")
        assert not trust_each_other(keeper.id, other.id)
        assert not trust_each_other(other.id, third.id)
        assert trust_each_other(keeper.id, third.id)
        for subject in (circle.subject, f"organisation:{other.id}"):
            entry = journal.history(subject)[0]
            assert (entry.action, entry.told["organisation"]) == ("circle.put_out", other.name)
            assert entry.told["reason"] == "Haalt nooit op wat is toegezegd"

    def test_is_for_the_keeper_alone(self, three):
        keeper, inviter, third = three
        circle = found(keeper)
        take_in(circle, inviter, keeper)
        take_in(circle, third, inviter)
        outsider = make_organisation()
        invite(circle, outsider, keeper)
        with pytest.raises(NotAllowedError):
            put_out(circle, third, inviter)
        with pytest.raises(NotAllowedError):
            put_out(circle, keeper, third)
        with pytest.raises(NotFoundError):
            put_out(circle, third, outsider)
        (read,) = circles.circles_of(third.id)
        assert len(read.memberships) == 4

    def test_is_of_another_who_is_in(self, three):
        keeper, asked, outside = three
        circle = found(keeper)
        invite(circle, asked, keeper)
        with pytest.raises(ConflictError):
            put_out(circle, keeper, keeper)
        for nobody in (asked, outside):
            with pytest.raises(NotFoundError, match=f"{nobody.name} zit niet in deze kring"):
                put_out(circle, nobody, keeper)
        assert len(circles.invitations_of(asked.id)) == 1

    @pytest.mark.parametrize("reason", ["", " \n", "\u202e", "w" * 501])
    def test_asks_for_a_reason(self, three, reason):
        keeper, other, _ = three
        circle = found(keeper)
        take_in(circle, other, keeper)
        with pytest.raises(InvalidInputError) as refused:
            put_out(circle, other, keeper, reason)
        assert refused.value.field == "reason"
        assert trust_each_other(keeper.id, other.id)

    def test_lets_them_back_by_their_own_word(self, three):
        keeper, other, _ = three
        circle = found(keeper)
        take_in(circle, other, keeper)
        put_out(circle, other, keeper)
        take_in(circle, other, keeper)
        assert trust_each_other(keeper.id, other.id)


class TestLeaving:
    def test_ends_the_trust_and_nothing_else(self, three):
        one, other, third = three
        circle = found(one)
        for each in (other, third):
            take_in(circle, each, one)
        circles.leave(circle=circle, organisation=one, by=by(one))
        assert not trust_each_other(one.id, other.id)
        assert trust_each_other(other.id, third.id)
        assert circles.circles_of(other.id) == [circle]
        assert happened(f"organisation:{one.id}")[-1] == "circle.left"

    def test_by_the_last_one_ends_the_circle_and_its_invitations(self, three):
        one, other, third = three
        circle = found(one)
        subject = circle.subject
        take_in(circle, other, one)
        invite(circle, third, one)
        circles.leave(circle=circle, organisation=one, by=by(one))
        assert count(Circle) == 1
        circles.leave(circle=circle, organisation=other, by=by(other))
        assert (count(Circle), count(CircleMembership)) == (0, 0)
        assert circles.invitations_of(third.id) == []
        assert happened(subject)[-2:] == ["circle.withdrawn", "circle.left"], "what happened outlives it"
        assert happened(f"organisation:{third.id}") == ["circle.invited", "circle.withdrawn"]
        assert found(third).name == "Drentse woningcorporaties", "the name is free again"

    def test_is_for_those_in_the_circle(self, three):
        one, other, _ = three
        circle = found(one)
        invite(circle, other, one)
        with pytest.raises(NotFoundError):
            circles.leave(circle=circle, organisation=other, by=by(other))


class TestTrust:
    def test_in_two_circles_goes_on_when_one_is_left(self, three):
        one, other, _ = three
        first, second = found(one), found(other, "Hubs van het Noorden")
        take_in(first, other, one)
        take_in(second, one, other)
        circles.leave(circle=first, organisation=one, by=by(one))
        assert trust_each_other(one.id, other.id)

    def test_is_not_passed_on(self, three):
        one, other, third = three
        first, second = found(one), found(other, "Hubs van het Noorden")
        take_in(first, other, one)
        take_in(second, third, other)
        assert not trust_each_other(one.id, third.id)

    def test_costs_one_statement(self, three, statements):
        one, other, _ = [each.id for each in three]
        statements.clear()
        trust_each_other(one, other)
        assert len(statements) == 1


@pytest.mark.usefixtures("context")
class TestReading:
    def test_a_circle_is_there_for_those_in_it_and_those_asked(self, three):
        one, other, third = three
        circle = found(one)
        invite(circle, other, one)
        assert circles.get_circle(circle.slug, one.id) is circle
        assert circles.get_circle(circle.slug, other.id) is circle
        for slug, organisation in ((circle.slug, third), ("geen", one)):
            with pytest.raises(NotFoundError):
                circles.get_circle(slug, organisation.id)

    def test_circles_come_with_everybody_without_further_statements(self, three, statements):
        one, other, third = three
        number = one.id
        circle = found(one)
        take_in(circle, other, one)
        invite(circle, third, one)
        names = {each.name: each is not third for each in three}
        session.expunge_all()
        statements.clear()
        (read,) = circles.circles_of(number)
        assert {place.organisation.name: place.joined_at is not None for place in read.memberships} == names
        assert len(statements) == 2

    def test_an_organisation_is_found_by_name_in_any_capitals_or_by_slug(self):
        bork = make_organisation(name="Bork Groep", slug="bork")
        for text in ("Bork Groep", " bork  GROEP ", "bork", "BORK"):
            assert queries.find_called(text) is bork, text
        assert queries.find_called("Bork Gro") is None
        namesake = make_organisation(name="Bork", slug="bork-2")
        assert queries.find_called("bork") is namesake, "a name goes before the slug of another"
