import pytest
from sqlalchemy import select

from marketplace.accounts import actions, queries
from marketplace.accounts.models import Membership, OrganisationKind, User
from marketplace.accounts.permissions import Role
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.journal import By

BY = By()

pytestmark = pytest.mark.usefixtures("context")


def found(name="Bork Sloopwerken", **facts):
    facts = {"kind": OrganisationKind.CONTRACTOR, "place": "Hoogeveen", "by": BY, **facts}
    return actions.add_organisation(name=name, **facts)


def person(email="j.mulder@bork.nl", **facts):
    facts = {"name": "Jan Mulder", "password_hash": None, "confirmed": True, **facts}
    return actions.add_user(email=email, **facts)


def happened(subject):
    return [entry.action for entry in reversed(journal.history(subject))]


class TestAddOrganisation:
    def test_gives_a_slug_and_a_position(self):
        bork = found()
        assert bork.slug == "bork-sloopwerken"
        assert (bork.place, round(bork.latitude, 1), round(bork.longitude, 1)) == ("Hoogeveen", 52.7, 6.5)
        assert happened(f"organisation:{bork.id}") == ["organisation.added"]

    def test_numbers_the_slug_of_a_namesake(self):
        assert [found().slug, found("Bork, Sloopwerken").slug, found("BORK: sloopwerken").slug] == [
            "bork-sloopwerken",
            "bork-sloopwerken-2",
            "bork-sloopwerken-3",
        ]

    def test_never_takes_an_address_that_is_a_page(self):
        assert found("Nieuw!").slug == "nieuw-2"

    def test_finds_a_slug_for_a_name_without_letters(self):
        assert found("+ + +").slug == "organisatie"

    def test_makes_its_founder_the_owner(self):
        jan = person()
        bork = found(owner=jan)
        assert jan.actor.roles == {bork.id: Role.OWNER}
        assert happened(f"organisation:{bork.id}") == ["organisation.added", "member.added"]

    @pytest.mark.parametrize("kvk", ["12345678", " 1234 5678 ", ""])
    def test_takes_a_number_of_eight_digits_or_none(self, kvk):
        assert found(kvk=kvk).kvk == kvk.replace(" ", "")

    @pytest.mark.parametrize("kvk", ["1234567", "123456789", "1234567a", "１２３４５６７８"])
    def test_refuses_another_number(self, kvk):
        with pytest.raises(InvalidInputError) as refused:
            found(kvk=kvk)
        assert refused.value.field == "kvk"

    def test_refuses_a_place_that_nobody_knows(self):
        with pytest.raises(InvalidInputError, match="Hoogveen") as refused:
            found(place="Hoogveen")
        assert refused.value.field == "place"

    @pytest.mark.parametrize("name", ["", "  ", "B", "\x00\x07", "B" * 121])
    def test_refuses_a_name_that_is_none(self, name):
        with pytest.raises(InvalidInputError) as refused:
            found(name)
        assert refused.value.field == "name"

    def test_drops_signs_that_cannot_be_seen(self):
        assert found("Bork\x00 \u202eGroep\n").name == "Bork Groep"


class TestChangeOrganisation:
    def test_keeps_its_address_on_the_web(self):
        bork = found()
        actions.change_organisation(
            organisation=bork,
            name="Bork Groep",
            kind=OrganisationKind.HUB,
            place="assen",
            address="Stationsplein 1",
            kvk="",
            by=BY,
        )
        assert (bork.slug, bork.name, bork.place) == ("bork-sloopwerken", "Bork Groep", "Assen")
        assert happened(f"organisation:{bork.id}")[-1] == "organisation.changed"


class TestAddUser:
    def test_is_found_by_its_address_in_any_case(self):
        jan = person("J.Mulder@Bork.NL ")
        assert queries.find_user("j.mulder@BORK.nl") is jan
        assert queries.find_user("mulder@bork.nl") is None
        assert happened(f"user:{jan.id}") == ["user.added"]

    def test_refuses_a_second_account_for_an_address(self):
        person()
        with pytest.raises(ConflictError) as refused:
            person("J.MULDER@bork.nl")
        assert refused.value.field == "email"

    def test_keeps_no_address_in_the_journal(self):
        jan = person()
        assert not [row for row in journal.history(f"user:{jan.id}") if "mulder" in row.facts]

    def test_tells_people_of_the_demo_apart(self):
        person("sloper@voorbeeld.nl", is_example=True)
        person("bouwer@voorbeeld.nl")
        emails = ["sloper@voorbeeld.nl", "bouwer@voorbeeld.nl", "niemand@voorbeeld.nl"]
        assert queries.example_emails(emails) == {"sloper@voorbeeld.nl"}


class TestMembers:
    def test_a_person_is_a_member_once(self):
        bork, jan = found(), person()
        actions.add_member(organisation=bork, user=jan, role=Role.SITE, by=BY)
        with pytest.raises(ConflictError, match="Jan Mulder is al lid"):
            actions.add_member(organisation=bork, user=jan, role=Role.TRADER, by=BY)

    def test_the_last_owner_stays_owner(self):
        bork = found(owner=person())
        (membership,) = queries.members_of(bork.id)
        with pytest.raises(ConflictError, match="altijd een eigenaar"):
            actions.change_role(membership=membership, role=Role.TRADER, by=BY)
        with pytest.raises(ConflictError, match="altijd een eigenaar"):
            actions.remove_member(membership=membership, by=BY)
        assert membership.role is Role.OWNER

    def test_an_owner_may_go_where_another_stays(self):
        bork = found(owner=person())
        second = actions.add_member(organisation=bork, user=person("a@bork.nl"), role=Role.OWNER, by=BY)
        actions.change_role(membership=second, role=Role.SITE, by=BY)
        assert happened(f"organisation:{bork.id}")[-1] == "member.changed"
        actions.remove_member(membership=second, by=BY)
        session.expire_all()
        assert [membership.role for membership in queries.members_of(bork.id)] == [Role.OWNER]
        assert happened(f"organisation:{bork.id}")[-1] == "member.removed"

    def test_the_owner_of_another_organisation_does_not_count(self):
        bork = found(owner=person())
        found("Stadterij", owner=person("a@stadterij.nl"))
        (membership,) = queries.members_of(bork.id)
        with pytest.raises(ConflictError):
            actions.remove_member(membership=membership, by=BY)

    def test_a_role_that_stays_the_same_is_no_news(self):
        bork = found(owner=person())
        (membership,) = queries.members_of(bork.id)
        actions.change_role(membership=membership, role=Role.OWNER, by=BY)
        assert happened(f"organisation:{bork.id}")[-1] == "member.added"

    def test_a_membership_is_found_in_its_own_organisation_only(self):
        bork, other = found(owner=person()), found("Stadterij")
        (membership,) = queries.members_of(bork.id)
        assert queries.get_membership(bork.id, membership.id).user.name == "Jan Mulder"
        with pytest.raises(NotFoundError):
            queries.get_membership(other.id, membership.id)


def test_members_come_in_order_of_name_in_one_query(statements):
    bork = found(owner=person())
    for email, name in (("p@bork.nl", "Piet"), ("a@bork.nl", "Anna")):
        actions.add_member(organisation=bork, user=person(email, name=name), role=Role.SITE, by=BY)
    organisation_id = bork.id
    session.flush()
    session.expunge_all()
    statements.clear()
    names = [membership.user.name for membership in queries.members_of(organisation_id)]
    assert names == ["Anna", "Jan Mulder", "Piet"]
    assert len(statements) <= 2


def test_an_unknown_organisation_is_not_found():
    assert queries.find_organisation("geen") is None
    with pytest.raises(NotFoundError):
        queries.get_organisation("geen")


def test_a_rename_is_recorded_without_the_name():
    jan = person()
    actions.change_own_name(user=jan, name=" Jan  de Vries ")
    assert session.scalars(select(User.name).where(User.id == jan.id)).one() == "Jan de Vries"
    assert happened(f"user:{jan.id}") == ["user.added", "user.renamed"]
    assert not session.scalars(select(Membership).where(Membership.user_id == jan.id)).all()


def test_two_organisations_are_not_called_the_same(context):
    first = actions.add_organisation(name="Bork Noord", kind=OrganisationKind.BUILDER, place="Assen", by=By())
    with pytest.raises(ConflictError, match="al een organisatie"):
        actions.add_organisation(name="BORK noord", kind=OrganisationKind.BUILDER, place="Assen", by=By())
    unchanged = {"name": "Bork Noord", "kind": first.kind, "place": "Emmen", "address": "", "kvk": ""}
    actions.change_organisation(organisation=first, **unchanged, by=By())
    assert first.place == "Emmen"
