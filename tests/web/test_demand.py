"""Who needs this: the demand for the harvest of a project, for those whom it concerns, in few statements."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from marketplace.accounts.models import OrganisationKind, User
from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import ListingStatus, Stage
from marketplace.matching.board import coverage_of
from marketplace.projects.models import Grade, Project, ProjectKind
from marketplace.web.filters import money
from tests.factories import (
    make_hub,
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_project,
    make_reservation,
    sign_in,
)
from tests.planned import plan_all

ADDRESS = "/projecten/sleen/vraag"


def in_days(days):
    return clock.today() + timedelta(days=days)


@pytest.fixture
def contractor(context):
    return make_organisation(name="Sloper Zuid")


@pytest.fixture
def corporation(context):
    return make_organisation(name="Woonservice", kind=OrganisationKind.HOUSING_CORPORATION)


@pytest.fixture
def demolition(contractor, corporation):
    return make_project(
        contractor, name="Sloop Sleen", slug="sleen", at="Hoogeveen", kind=ProjectKind.DEMOLITION,
        client_id=corporation.id,
    )  # fmt: skip


@pytest.fixture
def lister(client, contractor):
    return sign_in(client, make_member(contractor))


def harvest(project, **more):
    facts = {"stage": Stage.EXPECTED, "available_from": in_days(40), "project_id": project.id}
    owner = more.pop("owner", project.organisation_id)
    return make_listing(organisation_id=owner, **facts | more)


def text_of(client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    main = re.sub(r"<(svg|script)\b.*?</\1>", " ", answer.text.split("<main", 1)[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_a_draft_of_the_harvest_shows_who_asks_for_it_what_for_and_when(lister, demolition):
    harvest(demolition, status=ListingStatus.DRAFT, name="Opdekdeuren")
    need = make_need(make_project(name="Twaalf woningen", at="Assen"), quantity=Decimal(25))
    text = text_of(lister)
    for part in ("Opdekdeuren", "Concept", "25 st · Twaalf woningen", "Assen ·", "waarde € 1.", "nodig vanaf"):
        assert part in text
    assert f'href="/behoeften/{need.reference}"' in lister.get(ADDRESS).text


def test_a_draft_without_a_price_counts_for_nothing(lister, demolition):
    harvest(demolition, status=ListingStatus.DRAFT, price_eur=Decimal(0), price_open=True)
    make_need(make_project(name="Twaalf woningen", at="Assen"), quantity=Decimal(25))
    text = text_of(lister)
    assert "25 st · Twaalf woningen" in text
    assert "prijs nog niet bekend" in text
    assert "waarde € " not in text


def test_what_has_no_use_yet_is_listed_by_its_day_at_the_crusher(lister, demolition):
    harvest(demolition, name="Later", category="timber_joist", crusher_on=in_days(90), building_year=2015)
    harvest(demolition, name="Eerst", category="plywood", crusher_on=in_days(60), building_year=2015)
    harvest(demolition, name="Deels", total=40)
    make_need(quantity=Decimal(25))
    plan_all()
    text = text_of(lister)
    unused = text.split("Naar de breker", 1)[1]
    assert unused.index("Eerst") < unused.index("Later") < unused.index("Deels")
    assert re.search(r"Deels 15 st .*geen dag bekend", unused)
    assert "3 partijen de eerste gaat op" in text


def test_it_tells_what_stands_on_the_boards_of_who_asks(lister, demolition):
    for name in ("Noord", "Zuid"):
        harvest(demolition, name=name, total=20)
    need = make_need(quantity=Decimal(20))
    before = text_of(lister)
    assert "Er is nog geen plan berekend" in before
    assert "20 st voorgesteld" not in before
    (proposal,) = plan_all()
    text = text_of(lister)
    ((standing,),) = (one.proposals for one in coverage_of([need]))
    assert standing.id == proposal.id
    assert f"{money(standing.value_eur)} van wat is voorgesteld" in text
    assert text.count("20 st voorgesteld waarde") == 1
    unused = text.split("Naar de breker", 1)[1]
    there, gone = ("Zuid", "Noord") if standing.listing.passport.name == "Noord" else ("Noord", "Zuid")
    assert there in unused
    assert gone not in unused


def test_a_draft_that_fits_is_not_without_a_use_and_not_proposed(lister, demolition):
    harvest(demolition, status=ListingStatus.DRAFT, name="Opdekdeuren")
    make_need(quantity=Decimal(25))
    assert plan_all() == []
    text = text_of(lister)
    assert "Een concept wordt pas voorgesteld als u het publiceert." in text
    assert "25 st · " in text
    assert "Naar de breker" not in text


def test_the_own_need_of_who_offers_is_told_as_such(lister, contractor, demolition):
    harvest(demolition)
    make_need(make_project(contractor))
    assert plan_all() == []
    assert "behoefte van de aanbieder zelf" in text_of(lister)


def test_what_costs_more_than_it_saves_is_asked_for_by_nobody(lister, demolition):
    listing = harvest(demolition, total=2, price_eur=Decimal("93.00"))
    make_need(make_project(name="Verre woningen", at="Assen"), quantity=Decimal(2))
    text = text_of(lister)
    assert "2 st · Verre woningen" in text
    assert "kost meer dan het bespaart" in text
    assert "Hier vraagt nog niemand om." in text
    assert "Gevraagd 0 van 1 partij" in text
    page = lister.get(f"/aanbod/{listing.reference}").text
    for told in (text, page):
        assert "waarde €" not in told
        assert "past net niet" not in told
    assert "kost meer dan het bespaart" in page


def test_what_is_reserved_is_not_asked_for_again(lister, demolition):
    listing = harvest(demolition, total=20, held=Decimal(20))
    make_reservation(listing, demolition.client_id, 20)
    make_need(quantity=Decimal(20))
    page = lister.get(ADDRESS).text
    assert 'aria-label="20 gereserveerd van 20 st"' in page
    assert "Nog zonder bestemming" in page
    assert "Naar de breker" not in page


def test_a_near_miss_leads_its_lister_to_what_mends_it(lister, demolition):
    need = make_need(make_project(at="Assen"))
    listing = harvest(demolition, available_from=need.wanted_until + timedelta(weeks=2))
    page = lister.get(ADDRESS).text
    assert "als het 2 weken eerder vrijkomt" in page
    assert f'href="/aanbod/{listing.reference}/wijzigen#available_from"' in page


def test_no_price_of_a_draft_finds_the_budget_of_somebody_else(lister, demolition):
    lot = harvest(demolition, status=ListingStatus.DRAFT, price_eur=Decimal("25.00"))
    make_need(make_project(name="Zuinige woningen"), max_price=Decimal("25.00"))

    def told(price):
        session.get_one(type(lot), lot.id).price_eur = Decimal(price)
        session.flush()
        return [re.sub(r"€ [\d.,]+", "€", text) for text in (text_of(lister), told_at_the_lot())]

    def told_at_the_lot():
        page = lister.get(f"/aanbod/{lot.reference}").text
        return re.sub(r"<[^>]+>|\s+", " ", page.split("Zuinige woningen", 1)[-1][:600])

    below, above = told("25.00"), told("25.01")
    assert "20 st · Zuinige woningen" in below[0]
    assert below == above


@pytest.mark.parametrize("who", ["contractor", "corporation", "owner of a lot"])
def test_whom_it_concerns_sees_it_and_finds_it_on_the_project(client, contractor, corporation, demolition, who):
    owner = make_organisation(name="Eigenaar")
    harvest(demolition, owner=owner.id, name="Opdekdeuren")
    organisation = {"contractor": contractor, "corporation": corporation, "owner of a lot": owner}[who]
    sign_in(client, make_member(organisation, role=Role.SITE))
    assert "Opdekdeuren" in text_of(client)
    assert f'href="{ADDRESS}"' in client.get("/projecten/sleen").text


def test_for_others_it_does_not_exist_and_drafts_are_for_their_owner_alone(client, corporation, demolition):
    listing = harvest(demolition, status=ListingStatus.DRAFT, name="Nog geheim")
    assert client.get(ADDRESS).status_code == 302
    sign_in(client, make_member())
    assert client.get(ADDRESS).status_code == 404
    assert f'href="{ADDRESS}"' not in client.get("/projecten/sleen").text
    sign_in(client, make_member(corporation))
    assert "Nog geheim" not in text_of(client)
    assert listing.reference not in client.get(ADDRESS).text


def test_the_page_of_a_lot_leads_its_owner_there(lister, demolition):
    page = lister.get(f"/aanbod/{harvest(demolition).reference}").text
    assert f'href="{ADDRESS}"' in page


def test_a_project_without_a_harvest_says_how_to_begin(lister, demolition):
    assert "Nog geen oogst" in text_of(lister)
    harvest(demolition, status=ListingStatus.WITHDRAWN)
    harvest(demolition, stage=Stage.GONE)
    assert "Nog geen oogst" in text_of(lister)


def test_more_lots_and_more_needs_take_no_more_statements(client, contractor, demolition, statements):
    make_hub()
    member, project = make_member(contractor).id, demolition.id
    counts = []
    for _ in range(2):
        for number in range(4):
            harvest(session.get_one(Project, project), grade=Grade.D if number % 2 else Grade.B)
            make_need()
        session.expunge_all()
        sign_in(client, session.get_one(User, member))
        statements.clear()
        assert client.get(ADDRESS).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 22
