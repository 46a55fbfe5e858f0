"""A need that begins with what is on offer: "I am looking for something like this"."""

from datetime import timedelta
from html import unescape

import pytest

from marketplace.accounts.models import OrganisationKind
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import ListingStatus
from marketplace.projects.models import Need, ProjectKind
from tests.factories import make_listing, make_member, make_organisation, make_project, sign_in
from tests.web.reading import sent_back


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es", kind=OrganisationKind.BUILDER)


@pytest.fixture
def doors(context):
    return make_listing(name="Binnendeuren opdek", total=40)


@pytest.fixture
def planner(client, builder):
    return sign_in(client, make_member(builder))


def test_the_form_begins_with_what_the_listing_is_and_leaves_the_price_of_new_open(planner, builder, doors):
    make_project(builder, slug="twaalf")
    reference = doors.reference
    answer = planner.get(f"/aanbod/{reference}/zoiets?hoeveel=12")
    assert answer.location == f"/projecten/twaalf/behoeften/nieuw?zoals={reference}&hoeveel=12"
    page = planner.get(answer.location)
    sent = sent_back(page.text)
    assert (sent["category"], sent["quantity"], sent["unit"], sent["grade"]) == ("door_interior", "12", "piece", "B")
    assert int(sent["length_min"]) <= 2115 <= int(sent["length_max"])
    assert (sent["new_eur"], sent["max_price"]) == ("", "")
    refused = planner.post(answer.location, data=sent)
    assert refused.status_code == 422
    assert "Ingevuld naar" in refused.text
    assert planner.post(answer.location, data=sent | {"new_eur": "95"}).status_code == 303
    assert session.query(Need).one().title == "Binnendeuren opdek"


def test_with_several_projects_one_is_chosen_of_those_that_still_need_something(planner, builder, doors):
    past = clock.today() - timedelta(days=9)
    for name, more in (
        ("Bouw een", {}),
        ("Bouw twee", {}),
        ("Sloop", {"kind": ProjectKind.DEMOLITION}),
        ("Oud", {"starts_on": past, "ends_on": past}),
    ):
        make_project(builder, name=name, **more)
    make_project(name="Van een ander")
    page = unescape(planner.get(f"/aanbod/{doors.reference}/zoiets").text)
    assert "Bouw een" in page
    assert "Bouw twee" in page
    for hidden in ("Sloop<", "Oud<", "Van een ander"):
        assert hidden not in page


def test_without_a_project_it_tells_to_plan_one(planner, doors):
    page = planner.get(f"/aanbod/{doors.reference}/zoiets").text
    assert "U hebt nog geen project" in page
    assert 'href="/projecten/nieuw"' in page


def test_only_members_find_the_way_on_the_page_of_a_listing(client, builder, doors):
    path = f"/aanbod/{doors.reference}"
    assert "Ik zoek zoiets" not in client.get(path).text
    sign_in(client, make_member(builder))
    assert f"{path}/zoiets" in client.get(path).text


def test_a_draft_of_another_is_no_example(planner, builder):
    make_project(builder, slug="twaalf")
    draft = make_listing(status=ListingStatus.DRAFT, name="Geheim").reference
    assert planner.get(f"/aanbod/{draft}/zoiets").status_code == 404
    page = planner.get(f"/projecten/twaalf/behoeften/nieuw?zoals={draft}")
    assert page.status_code == 200
    assert "Geheim" not in page.text
