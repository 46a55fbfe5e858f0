"""The pages on which owners form circles; what is foreign does not exist."""

from datetime import UTC, datetime

import pytest

from marketplace.accounts import circles, queries
from marketplace.accounts.circles import trust_each_other
from marketplace.accounts.permissions import Role
from marketplace.kit.database import session
from tests.factories import by, make_member, make_organisation, sign_in
from tests.web.reading import get, post

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def bork(context):
    return make_organisation(name="Bork Groep")


@pytest.fixture
def actium(context):
    return make_organisation(name="Actium", at="Assen")


@pytest.fixture
def owner(client, bork):
    """A client that asks as an owner of Bork."""
    return sign_in(client, make_member(bork, Role.OWNER))


def circle_of(founder, *, asked=(), joined=(), name="Slopers van Drenthe"):
    circle = circles.found(name=name, founder=founder, by=by(founder), at=AT)
    for guest in (*asked, *joined):
        circles.invite(circle=circle, organisation=guest, inviter=founder, by=by(founder), at=AT)
    for guest in joined:
        circles.join(circle=circle, organisation=guest, by=by(guest), at=AT)
    session.commit()
    return circle.slug


def page_of(organisation):
    return f"/organisaties/{organisation.slug}/kringen"


class TestFounding:
    def test_leads_on_to_the_first_invitation(self, owner, bork, actium):
        page = page_of(bork)
        number, other = bork.id, actium.id
        session.commit()
        assert "U zit nog in geen kring" in get(owner, page).text
        answer = post(owner, page, name="Slopers van Drenthe")
        assert (answer.status_code, answer.location) == (303, f"{page}/slopers-van-drenthe/uitnodigen")
        assert "Slopers van Drenthe" in get(owner, page).text
        form = get(owner, answer.location).text
        assert '<option value="Actium">' in form
        assert '<option value="Bork Groep">' not in form, "who is in it already is not proposed"
        assert post(owner, answer.location, organisation="actium").location == page
        assert [each.circle.name for each in circles.invitations_of(other)] == ["Slopers van Drenthe"]
        assert not trust_each_other(number, other)
        assert "Uitgenodigd" in get(owner, page).text

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("", "Vul een naam in."),
            ("SLOPERS van drenthe", "Er is al een kring met de naam"),
            ("\u202e", "ten minste twee tekens"),
            ("K" * 121, 'href="#name"'),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, owner, bork, actium, name, sentence):
        page, number = page_of(bork), bork.id
        circle_of(actium)
        answer = post(owner, page, name=name)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'id="name-error"' in answer.text
        assert circles.circles_of(number) == []


class TestInviting:
    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("", "Vul de naam van een organisatie in."),
            ("Actum", "We kennen geen organisatie met de naam “Actum”."),
            ("Bork Groep", "Bork Groep zit al in deze kring"),
            ("Actium", "Actium zit al in deze kring of is al uitgenodigd."),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, owner, bork, actium, name, sentence):
        page, circle = page_of(bork), circle_of(bork, asked=[actium])
        answer = post(owner, f"{page}/{circle}/uitnodigen", organisation=name)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'id="organisation-error"' in answer.text

    def test_is_not_for_those_who_were_only_asked_themselves(self, owner, bork, actium):
        third, page = make_organisation(name="Derde"), page_of(bork)
        circle, number = circle_of(actium, asked=[bork]), third.id
        assert get(owner, f"{page}/{circle}/uitnodigen").status_code == 404
        assert post(owner, f"{page}/{circle}/uitnodigen", organisation="Derde").status_code == 404
        assert circles.invitations_of(number) == []


class TestAnswering:
    def test_an_invitation_is_seen_and_accepted(self, owner, bork, actium):
        page, circle, ids = page_of(bork), circle_of(actium, asked=[bork]), (bork.id, actium.id)
        told = get(owner, f"/organisaties/{bork.slug}").text
        assert "Actium nodigt u uit voor de kring Slopers van Drenthe." in told
        assert "Actium nodigde u uit op 1 mrt" in get(owner, page).text
        assert post(owner, f"{page}/{circle}/aannemen").location == page
        assert trust_each_other(*ids)
        assert "Uitnodigingen" not in get(owner, page).text
        assert post(owner, f"{page}/{circle}/aannemen").status_code == 404

    def test_an_invitation_is_declined(self, owner, bork, actium):
        page, circle, number = page_of(bork), circle_of(actium, asked=[bork]), bork.id
        assert post(owner, f"{page}/{circle}/afslaan").location == page
        assert circles.invitations_of(number) == circles.circles_of(number) == []
        assert post(owner, f"{page}/{circle}/aannemen").status_code == 404

    def test_a_circle_is_left(self, owner, bork, actium):
        page, circle, ids = page_of(bork), circle_of(actium, joined=[bork]), (bork.id, actium.id)
        assert post(owner, f"{page}/{circle}/verlaten").location == page
        assert not trust_each_other(*ids)
        assert len(circles.circles_of(ids[1])) == 1

    @pytest.mark.parametrize("step", ["aannemen", "afslaan", "verlaten", "uitnodigen"])
    def test_nobody_answers_for_another(self, owner, bork, actium, step):
        third = make_organisation(name="Derde")
        circle, ours, theirs = circle_of(third, asked=[actium]), page_of(bork), page_of(actium)
        number = actium.id
        for page in (ours, theirs, page_of(third)):
            assert post(owner, f"{page}/{circle}/{step}", organisation="Bork Groep").status_code == 404, page
        assert len(circles.invitations_of(number)) == 1
        assert circles.circles_of(queries.get_organisation(theirs.split("/")[2]).id) == []

    @pytest.mark.parametrize("role", [Role.TRADER, Role.SITE])
    @pytest.mark.parametrize("step", ["", "/aannemen", "/afslaan", "/verlaten", "/uitnodigen"])
    def test_it_takes_an_owner(self, client, bork, actium, role, step):
        page, circle, number = page_of(bork), circle_of(actium, asked=[bork]), bork.id
        sign_in(client, make_member(bork, role))
        path = f"{page}/{circle}{step}" if step else page
        assert post(client, path, name="Andere kring", organisation="Actium").status_code == 403
        assert len(circles.invitations_of(number)) == 1


class TestPublicPage:
    def test_names_circles_with_who_is_in_and_no_invitations(self, client, bork, actium):
        circle_of(actium, joined=[bork])
        circle_of(actium, asked=[bork], name="Geheime kring")
        page = get(client, f"/organisaties/{bork.slug}").text
        assert "Slopers van Drenthe" in page
        assert "2 organisaties" in page
        assert "hoeft niet op antwoord te wachten" in page
        for hidden in ("Geheime kring", "nodigt u uit", "/kringen", "/regels"):
            assert hidden not in page

    def test_says_nothing_of_circles_where_there_are_none(self, client, bork):
        page = get(client, f"/organisaties/{bork.slug}").text
        assert "Kring" not in page
        assert "hoeft niet op antwoord te wachten" not in page


def test_the_page_asks_the_database_no_more_for_more(owner, bork, statements):
    page, counts = page_of(bork), []
    for _ in range(2):
        ours = queries.get_organisation(page.split("/")[2])
        for number in range(3):
            circle_of(ours, asked=[make_organisation()], name=f"Kring {len(counts)}-{number}")
            circle_of(make_organisation(), asked=[ours], name=f"Andere kring {len(counts)}-{number}")
        session.expire_all()
        statements.clear()
        assert get(owner, page).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
