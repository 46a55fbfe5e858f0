"""The pages on which owners form circles; what is foreign does not exist."""

from datetime import UTC, datetime

import pytest

from marketplace.accounts import circles, queries
from marketplace.accounts.circles import trust_each_other
from marketplace.accounts.permissions import Role
from marketplace.kit import journal
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

    @pytest.mark.parametrize(
        "step",
        ["aannemen", "afslaan", "verlaten", "uitnodigen", "{actium}/intrekken", "{derde}/uitzetten"],
    )
    def test_nobody_answers_for_another(self, owner, bork, actium, step):
        third = make_organisation(name="Derde")
        circle, ours, theirs = circle_of(third, asked=[actium]), page_of(bork), page_of(actium)
        number, step = actium.id, step.format(actium=actium.slug, derde=third.slug)
        for page in (ours, theirs, page_of(third)):
            assert post(owner, f"{page}/{circle}/{step}", organisation="Bork Groep", reason="Zo").status_code == 404, (
                page
            )
        assert len(circles.invitations_of(number)) == 1
        assert circles.circles_of(queries.get_organisation(theirs.split("/")[2]).id) == []

    @pytest.mark.parametrize("role", [Role.TRADER, Role.SITE])
    @pytest.mark.parametrize(
        "step",
        ["", "/aannemen", "/afslaan", "/verlaten", "/uitnodigen", "/{bork}/intrekken", "/{bork}/uitzetten"],
    )
    def test_it_takes_an_owner(self, client, bork, actium, role, step):
        page, circle, number = page_of(bork), circle_of(actium, asked=[bork]), bork.id
        sign_in(client, make_member(bork, role))
        path = f"{page}/{circle}{step.format(bork=bork.slug)}" if step else page
        assert post(client, path, name="Andere kring", organisation="Actium").status_code == 403
        assert len(circles.invitations_of(number)) == 1


class TestWithdrawing:
    def test_is_a_step_beside_the_invitation(self, owner, bork, actium):
        page, circle, number, path = page_of(bork), circle_of(bork, asked=[actium]), actium.id, actium.slug
        step = f"{page}/{circle}/{path}/intrekken"
        assert f'action="{step}"' in get(owner, page).text
        assert post(owner, step).location == page
        assert circles.invitations_of(number) == []
        told = get(owner, page).text
        assert "De uitnodiging aan Actium is ingetrokken." in told
        assert "Uitgenodigd" not in told
        again = post(owner, step)
        assert again.status_code == 404
        assert "Deze uitnodiging is er niet meer." in again.text

    def test_sent_twice_with_one_key_is_done_once_and_answered_the_same(self, owner, bork, actium):
        page, circle, path, number = page_of(bork), circle_of(bork, asked=[actium]), actium.slug, bork.id
        answers = [post(owner, f"{page}/{circle}/{path}/intrekken", request_key="k" * 22) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        (circle,) = circles.circles_of(number)
        withdrawn = [entry for entry in journal.history(circle.subject) if entry.action == "circle.withdrawn"]
        assert len(withdrawn) == 1

    def test_is_not_for_a_member_who_neither_asked_nor_keeps_it(self, owner, bork, actium):
        third, page, number, path = make_organisation(), page_of(bork), actium.id, actium.slug
        circle = circle_of(third, joined=[bork], asked=[actium])
        seen = get(owner, page).text
        assert "Uitgenodigd" in seen
        assert "intrekken" not in seen
        refused = post(owner, f"{page}/{circle}/{path}/intrekken")
        assert refused.status_code == 403
        assert "Een uitnodiging trekt in wie haar deed, of wie de kring beheert." in refused.text
        assert len(circles.invitations_of(number)) == 1


class TestPuttingOut:
    def test_says_what_follows_and_asks_why(self, owner, bork, actium):
        page, circle, ids = page_of(bork), circle_of(bork, joined=[actium]), (bork.id, actium.id)
        step = f"{page}/{circle}/{actium.slug}/uitzetten"
        assert f'href="{step}"' in get(owner, page).text
        form = get(owner, step).text
        assert "Actium uit de kring Slopers van Drenthe zetten" in form
        assert "Wat al gereserveerd is, blijft staan" in form
        assert "u zit er het langst in" in form
        answer = post(owner, step, reason="Haalt niets op")
        assert answer.location == page
        assert not trust_each_other(*ids)
        assert "Actium zit niet meer in de kring." in get(owner, page).text
        assert get(owner, step).status_code == post(owner, step, reason="Nog eens").status_code == 404

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            ("", "Vul in waarom u deze organisatie uit de kring zet."),
            ("\u202e", "Vul in waarom u deze organisatie uit de kring zet."),
            ("w" * 501, 'href="#reason"'),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, owner, bork, actium, reason, sentence):
        page, circle, ids = page_of(bork), circle_of(bork, joined=[actium]), (bork.id, actium.id)
        answer = post(owner, f"{page}/{circle}/{actium.slug}/uitzetten", reason=reason)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'id="reason-error"' in answer.text
        assert trust_each_other(*ids)

    def test_is_not_for_who_does_not_keep_the_circle(self, owner, bork, actium):
        third, page, ids = make_organisation(), page_of(bork), (bork.id, actium.id)
        path = actium.slug
        circle = circle_of(third, joined=[bork, actium])
        seen = get(owner, page).text
        assert "uitzetten" not in seen
        assert "beheert de kring" in seen
        for answer in (
            get(owner, f"{page}/{circle}/{path}/uitzetten"),
            post(owner, f"{page}/{circle}/{path}/uitzetten", reason="Zo"),
        ):
            assert answer.status_code == 403
            assert "Alleen wie het langst in de kring zit, zet anderen eruit." in answer.text
        assert trust_each_other(*ids)

    def test_is_not_of_oneself(self, owner, bork):
        page, circle = page_of(bork), circle_of(bork)
        assert "uitzetten" not in get(owner, page).text
        answer = get(owner, f"{page}/{circle}/{bork.slug}/uitzetten")
        assert (answer.status_code, "u verlaat hem" in answer.text) == (409, True)


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
