"""What happens in a circle is told to the owners whom it concerns, once, and to nobody who came later."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import circles
from marketplace.accounts.models import CircleMembership, Membership
from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.notifications import actions, queries
from marketplace.notifications.models import Notice
from marketplace.notifications.recipients import Side
from tests.factories import by, make_member, make_organisation
from tests.notifications.telling import gather_all


class Scene:
    """A circle of three, kept by Bork, into which Domesta was asked by Actium; everybody has an owner and a trader."""

    def __init__(self) -> None:
        names = ("Bork", "Actium", "Woonservice", "Domesta")
        self.bork, self.actium, self.woonservice, self.domesta = self.all = [make_organisation(name=n) for n in names]
        self.owners = {each.id: make_member(each, Role.OWNER) for each in self.all}
        for each in self.all:
            make_member(each)
            make_member(each, Role.SITE)
        at = clock.now()
        self.circle = circles.found(name="Kring", founder=self.bork, by=by(self.bork), at=at)
        for guest in (self.actium, self.woonservice):
            self.invite(guest, self.bork)
            self.join(guest)
        self.invite(self.domesta, self.actium)
        actions.begin()

    def by(self, organisation) -> By:
        return By(self.owners[organisation.id].id, organisation.id)

    def invite(self, guest, inviter):
        circles.invite(circle=self.circle, organisation=guest, inviter=inviter, by=self.by(inviter), at=clock.now())

    def join(self, guest):
        circles.join(circle=self.circle, organisation=guest, by=self.by(guest), at=clock.now())

    def withdraw(self, guest, withdrawer):
        by_ = self.by(withdrawer)
        circles.withdraw(circle=self.circle, organisation=guest, withdrawer=withdrawer, by=by_)

    def put_out(self, member):
        circles.put_out(
            circle=self.circle, organisation=member, keeper=self.bork, reason="Haalt niets op", by=self.by(self.bork)
        )

    def told(self) -> list[str]:
        """Return what each is told since, as `name of the organisation: action`; all of them are owners of it."""
        gather_all()
        names = {each.id: each.name for each in self.all}
        notices = session.scalars(select(Notice).order_by(Notice.id)).all()
        assert all(self.owners[one.organisation_id].id == one.user_id for one in notices)
        return sorted(f"{names[one.organisation_id]}: {one.action.removeprefix('circle.')}" for one in notices)


@pytest.fixture
def scene(context):
    return Scene()


def test_whoever_is_invited_is_told(scene):
    scene.withdraw(scene.domesta, scene.actium)
    scene.invite(scene.domesta, scene.actium)
    assert scene.told() == ["Domesta: invited", "Domesta: withdrawn"]


def test_of_an_invitation_that_is_withdrawn_who_was_invited_is_told(scene):
    colleague = make_member(scene.actium, Role.OWNER)
    scene.withdraw(scene.domesta, scene.actium)
    assert scene.told() == ["Domesta: withdrawn"]
    assert not session.scalars(select(Notice).where(Notice.user_id == colleague.id)).all()


def test_who_invited_is_told_where_the_keeper_withdraws_it(scene):
    scene.withdraw(scene.domesta, scene.bork)
    assert scene.told() == ["Actium: withdrawn", "Domesta: withdrawn"]


def test_of_a_refusal_who_invited_is_told(scene):
    circles.decline(circle=scene.circle, organisation=scene.domesta, by=scene.by(scene.domesta))
    assert scene.told() == ["Actium: declined"]


def test_who_invited_and_left_since_is_told_of_no_answer(scene):
    circles.leave(circle=scene.circle, organisation=scene.actium, by=scene.by(scene.actium))
    circles.decline(circle=scene.circle, organisation=scene.domesta, by=scene.by(scene.domesta))
    assert scene.told() == ["Bork: left", "Woonservice: left"]


def test_of_who_enters_everybody_in_the_circle_is_told(scene):
    scene.join(scene.domesta)
    assert scene.told() == ["Actium: joined", "Bork: joined", "Woonservice: joined"]


def test_of_who_leaves_those_who_stay_are_told(scene):
    circles.leave(circle=scene.circle, organisation=scene.woonservice, by=scene.by(scene.woonservice))
    assert scene.told() == ["Actium: left", "Bork: left"]


def test_who_is_put_out_is_told_and_so_are_those_who_stay_but_not_who_did_it(scene):
    scene.put_out(scene.actium)
    assert scene.told() == ["Actium: put_out", "Woonservice: put_out"]


def test_a_colleague_of_who_did_it_is_told(scene):
    colleague = make_member(scene.bork, Role.OWNER)
    scene.put_out(scene.actium)
    gather_all()
    assert colleague.id in session.scalars(select(Notice.user_id)).all()


def test_who_enters_later_is_told_nothing_of_before(scene):
    circles.leave(circle=scene.circle, organisation=scene.woonservice, by=scene.by(scene.woonservice))
    scene.join(scene.domesta)
    place = session.scalars(select(CircleMembership).filter_by(organisation_id=scene.domesta.id)).one()
    place.joined_at += timedelta(seconds=1)
    session.flush()
    assert scene.told() == ["Actium: joined", "Actium: left", "Bork: joined", "Bork: left"]


def test_where_the_circle_ends_who_was_invited_is_told_that_it_is_off(scene):
    for each in (scene.actium, scene.woonservice, scene.bork):
        circles.leave(circle=scene.circle, organisation=each, by=scene.by(each))
    assert scene.told() == ["Domesta: withdrawn"]


def test_who_owns_both_is_told_once_as_the_one_whom_it_concerns(scene):
    both = scene.owners[scene.actium.id]
    session.add(Membership(user_id=both.id, organisation_id=scene.woonservice.id, role=Role.OWNER))
    session.flush()
    scene.put_out(scene.actium)
    gather_all()
    (notice,) = session.scalars(select(Notice).where(Notice.user_id == both.id))
    assert notice.organisation_id == scene.actium.id
    session.refresh(both, ["memberships"])
    assert queries.find_news(notice.id).side is Side.CONCERNED


def test_who_is_no_owner_any_more_is_told_nothing(scene):
    scene.put_out(scene.actium)
    gather_all()
    owner = scene.owners[scene.actium.id]
    (notice,) = session.scalars(select(Notice).where(Notice.user_id == owner.id))
    assert queries.find_news(notice.id).side is Side.CONCERNED
    owner.memberships[0].role = Role.TRADER
    session.flush()
    assert queries.find_news(notice.id) is None
