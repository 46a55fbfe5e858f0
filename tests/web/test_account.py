"""The own page, and the pages of organisations."""

import pytest
from sqlalchemy import select

from marketplace.accounts import queries
from marketplace.accounts.models import OrganisationKind, User
from marketplace.accounts.permissions import Role
from marketplace.kit.database import session
from marketplace.listings.models import ListingStatus
from tests.factories import make_hub, make_listing, make_member, make_organisation, make_project, make_user, sign_in
from tests.web.reading import get, post

BORK = {"name": "Bork Groep", "kind": "contractor", "place": "Hoogeveen", "address": "", "kvk": "12345678"}


class TestOverview:
    def test_invites_a_newcomer_to_found_an_organisation(self, client):
        page = get(sign_in(client, make_user()), "/account").text
        assert "U hoort nog bij geen organisatie" in page
        assert 'href="/organisaties/nieuw"' in page

    def test_names_the_organisations_and_what_one_may_do_there(self, client):
        bork = make_organisation(name="Bork Groep")
        page = get(sign_in(client, make_member(bork, Role.OWNER)), "/account").text
        assert "Bork Groep" in page
        assert "Eigenaar" in page
        assert f'href="/organisaties/{bork.slug}/leden"' in page

    def test_offers_members_to_owners_only(self, client):
        bork = make_organisation()
        page = get(sign_in(client, make_member(bork, Role.TRADER)), "/account").text
        assert f"/organisaties/{bork.slug}" in page
        assert "/leden" not in page

    def test_changes_the_own_name(self, client):
        user = make_user(name="Jan")
        number = user.id
        sign_in(client, user)
        assert post(client, "/account/naam", name="Jan Mulder").location == "/account"
        assert session.scalars(select(User.name).where(User.id == number)).one() == "Jan Mulder"

    def test_keeps_a_name_that_is_none_out(self, client):
        user = make_user(name="Jan")
        number = user.id
        answer = post(sign_in(client, user), "/account/naam", name="\u202e")
        assert answer.status_code == 422
        assert "ten minste twee tekens" in answer.text
        assert session.scalars(select(User.name).where(User.id == number)).one() == "Jan"


class TestNewOrganisation:
    def test_makes_its_founder_the_owner(self, client):
        sign_in(client, make_user())
        assert post(client, "/organisaties/nieuw", **BORK).location == "/account"
        assert "Bork Groep" in get(client, "/account").text
        bork = queries.get_organisation("bork-groep")
        assert [membership.role for membership in queries.members_of(bork.id)] == [Role.OWNER]

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"name": ""}, "Vul een naam in."),
            ({"place": "Hoogveen"}, "We kennen geen plaats met de naam “Hoogveen”."),
            ({"kvk": "1234"}, "Een KvK-nummer heeft acht cijfers."),
            ({"kind": ""}, "Kies een soort."),
            ({"kind": "pirate"}, 'href="#kind"'),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(self, client, fields, sentence):
        answer = post(sign_in(client, make_user()), "/organisaties/nieuw", **BORK | {"address": "Kade 1"} | fields)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Kade 1" in answer.text
        assert queries.find_organisation("bork-groep") is None


class TestEdit:
    def test_changes_what_is_shown(self, client):
        bork = make_organisation(name="Bork", kind=OrganisationKind.HUB)
        slug = bork.slug
        sign_in(client, make_member(bork, Role.OWNER))
        assert "checked" in get(client, f"/organisaties/{slug}/wijzigen").text
        assert post(client, f"/organisaties/{slug}/wijzigen", **BORK).location == f"/organisaties/{slug}"
        page = get(client, f"/organisaties/{slug}").text
        assert "Bork Groep" in page
        assert "12345678" in page


class TestMembers:
    @pytest.fixture
    def ours(self, client):
        bork = make_organisation(name="Bork")
        self.slug, self.id = bork.slug, bork.id
        sign_in(client, make_member(bork, Role.OWNER, email="eigenaar@bork.nl", name="Eigen Aar"))
        return f"/organisaties/{bork.slug}/leden"

    def roles(self):
        return {membership.user.email: membership.role for membership in queries.members_of(self.id)}

    def number(self, email):
        (found,) = [each.id for each in queries.members_of(self.id) if each.user.email == email]
        return found

    def test_are_taken_in_by_the_address_of_their_account(self, client, ours):
        make_user(email="piet@bork.nl", name="Piet")
        session.commit()
        assert post(client, ours, email="PIET@bork.nl", role="site").location == ours
        assert self.roles() == {"eigenaar@bork.nl": Role.OWNER, "piet@bork.nl": Role.SITE}
        assert "Piet is nu lid" in get(client, ours).text

    def test_need_an_account(self, client, ours):
        answer = post(client, ours, email="niemand@bork.nl", role="site")
        assert answer.status_code == 422
        assert "Er is geen account met dit e-mailadres." in answer.text
        assert "niemand@bork.nl" in answer.text

    def test_get_another_role_and_go(self, client, ours):
        make_member(queries.get_organisation(self.slug), Role.SITE, email="piet@bork.nl")
        session.commit()
        piet = f"{ours}/{self.number('piet@bork.nl')}"
        assert post(client, f"{piet}/rol", role="trader").location == ours
        assert self.roles()["piet@bork.nl"] is Role.TRADER
        assert post(client, f"{piet}/rol", role="king").status_code == 409
        assert post(client, f"{piet}/verwijderen").location == ours
        assert "piet@bork.nl" not in self.roles()

    @pytest.mark.parametrize(("step", "fields"), [("rol", {"role": "site"}), ("verwijderen", {})])
    def test_the_last_owner_stays(self, client, ours, step, fields):
        answer = post(client, f"{ours}/{self.number('eigenaar@bork.nl')}/{step}", **fields)
        assert answer.status_code == 409
        assert "altijd een eigenaar" in answer.text
        assert self.roles() == {"eigenaar@bork.nl": Role.OWNER}

    def test_an_owner_who_leaves_returns_to_the_own_page(self, client, ours):
        make_member(queries.get_organisation(self.slug), Role.OWNER, email="piet@bork.nl")
        session.commit()
        answer = post(client, f"{ours}/{self.number('eigenaar@bork.nl')}/verwijderen")
        assert answer.location == "/account"
        assert self.roles() == {"piet@bork.nl": Role.OWNER}

    def test_of_another_organisation_are_out_of_reach(self, client, ours):
        other = make_organisation()
        make_member(other, Role.OWNER, email="ander@stadterij.nl")
        session.commit()
        (theirs,) = [each.id for each in queries.members_of(other.id)]
        assert post(client, f"{ours}/{theirs}/verwijderen").status_code == 404
        assert post(client, f"/organisaties/{other.slug}/leden/{theirs}/verwijderen").status_code == 404
        assert len(queries.members_of(other.id)) == 1


class TestPublicPage:
    def test_shows_what_is_offered_planned_and_run(self, client):
        bork = make_organisation(name="Bork", is_example=True)
        slug = bork.slug
        make_listing(bork, name="Grenen balken")
        make_listing(bork, name="Geheime partij", status=ListingStatus.DRAFT)
        make_listing(name="Andermans deuren")
        make_project(bork, name="Sloop Lijsterstraat")
        make_hub(bork, name="Hub Hoogeveen")
        session.commit()
        page = get(client, f"/organisaties/{slug}").text
        for shown in (
            "Bork",
            "Grenen balken",
            "1 partij",
            f"organisatie={slug}",
            "Sloop Lijsterstraat",
            "Hub Hoogeveen",
        ):
            assert shown in page
        for hidden in ("Geheime partij", "Andermans deuren", "Leden"):
            assert hidden not in page

    def test_asks_the_database_no_more_for_more(self, client, statements):
        bork = make_organisation()
        slug = bork.slug
        counts = []
        for _ in range(2):
            for _ in range(3):
                make_listing(bork)
                make_project(bork)
            session.commit()
            session.expunge_all()
            statements.clear()
            assert get(client, f"/organisaties/{slug}").status_code == 200
            counts.append(len(statements))
            bork = queries.get_organisation(slug)
        assert counts[0] == counts[1] <= 8


class TestLanguage:
    def test_is_remembered_for_a_year(self, client):
        answer = get(client, "/taal/en?terug=/over")
        assert (answer.status_code, answer.location) == (303, "/over")
        cookie = client.get_cookie("language")
        assert (cookie.value, cookie.max_age, cookie.same_site) == ("en", 31536000, "Lax")
        assert '<html lang="en">' in get(client, "/over").text

    @pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example"])
    def test_leads_nowhere_else(self, client, elsewhere):
        answer = client.get("/taal/en", query_string={"terug": elsewhere})
        assert answer.location == "/"

    def test_is_one_of_two(self, client):
        assert get(client, "/taal/fy").status_code == 404


def test_the_page_about_the_site_names_sources_and_licences(client):
    page = get(client, "/over").text
    for named in ("GeoNames", "Boverket", "Vademecum", "CC BY 4.0", "htmx.org", "OFL-1.1", 'id="toegankelijkheid"'):
        assert named in page
