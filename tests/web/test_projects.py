"""The pages about planned work: for who looks, for who plans, and for nobody else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.listings.models import ListingStatus, Stage
from marketplace.listings.queries import Harvest
from marketplace.projects import actions, queries
from marketplace.projects.models import Project, ProjectKind
from marketplace.web.projects.axis import Span, axis_of, next_quarter, span_of
from tests.factories import (
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_passport,
    make_project,
    make_reservation,
    sign_in,
)
from tests.planned import plan_all


def in_days(days):
    return clock.today() + timedelta(days=days)


@pytest.fixture
def corporation(context):
    return make_organisation(name="Woonservice")


@pytest.fixture
def demolition(corporation):
    return make_project(
        corporation, name="Sloop Sleen", slug="sleen", at="Sleen", kind=ProjectKind.DEMOLITION, address="Kerkstraat 1"
    )


@pytest.fixture
def construction(corporation):
    return make_project(corporation, name="Bouw Assen", slug="assen", summary="Twaalf woningen")


def harvest(project, **more):
    return make_listing(project_id=project.id, **{"stage": Stage.EXPECTED, "available_from": in_days(40)} | more)


class TestIndex:
    def test_without_projects_says_so(self, client):
        assert "Er zijn nog geen projecten" in client.get("/projecten").text

    def test_shows_every_project_on_the_axis_as_a_card_and_in_the_table(self, client, demolition, construction):
        harvest(demolition, crusher_on=in_days(90))
        make_need(construction)
        page = client.get("/projecten").text
        assert page.count('href="/projecten/sleen"') >= 3
        assert "plan__bar--free" in page
        assert "plan__bar--needed" in page
        assert "naar de breker" in page
        assert "1 partij" in page
        assert "1 behoefte" in page

    def test_counts_what_comes_free_and_what_is_needed_on_the_axis_and_on_the_map(
        self, client, demolition, construction
    ):
        for _ in range(3):
            harvest(demolition)
        make_need(construction)
        make_need(construction)
        page = client.get("/projecten").text
        axis = page.split('class="plan"')[1].split("</ol>")[0]
        assert ">3 partijen<" in axis
        assert ">2 behoeften<" in axis
        drawn = page.split('class="map__over"')[1].split('class="plan__table"')[0]
        assert 'aria-label="Sloop Sleen, Sleen: 3 partijen komen vrij"' in drawn
        assert 'aria-label="Bouw Assen, Assen: 2 behoeften"' in drawn
        table = page.split("Wat vrijkomt en wat nodig is, per plaats")[1].split("</table>")[0]
        assert [cell.split("<")[0] for cell in table.split("plan__sum")[1].split('">')[2:]] == ["Samen", "2", "3", "2"]

    @pytest.mark.parametrize("filters", ["soort=sloop", "plaats=Sleen", "plaats=sleen&soort=sloop"])
    @pytest.mark.usefixtures("demolition", "construction")
    def test_keeps_to_the_filters_of_its_address(self, client, filters):
        page = client.get(f"/projecten?{filters}").text
        assert 'href="/projecten/sleen"' in page
        assert 'href="/projecten/assen"' not in page

    @pytest.mark.parametrize("filters", ["soort=sloop&plaats=Assen", "programma=onbekend", "plaats=Slee"])
    @pytest.mark.usefixtures("demolition", "construction")
    def test_says_when_nothing_meets_the_filters(self, client, filters):
        page = client.get(f"/projecten?{filters}").text
        assert "Geen project voldoet" in page
        assert 'href="/projecten/sleen"' not in page

    @pytest.mark.usefixtures("demolition")
    def test_takes_a_kind_that_does_not_exist_for_none(self, client):
        assert 'href="/projecten/sleen"' in client.get("/projecten?soort=boomklomp").text

    def test_takes_as_many_statements_for_many_as_for_one(self, client, demolition, statements):
        harvest(demolition)
        make_need(make_project())
        few = count(statements, client, "/projecten")
        for _ in range(4):
            project = make_project()
            harvest(project)
            make_need(project)
        assert count(statements, client, "/projecten") == few


def count(statements, client, path):
    session.expire_all()
    statements.clear()
    assert client.get(path).status_code == 200
    return len(statements)


class TestShow:
    @pytest.mark.usefixtures("construction")
    def test_tells_who_where_and_when(self, client):
        page = client.get("/projecten/assen").text
        for told in ("Bouw Assen", "Woonservice", "Twaalf woningen", "Assen"):
            assert told in page

    def test_of_an_unknown_project_does_not_exist(self, client):
        assert client.get("/projecten/onbekend").status_code == 404

    def test_shows_what_comes_free_and_what_goes_to_the_crusher(self, client, demolition):
        harvest(demolition, name="Dakpannen", crusher_on=in_days(60))
        harvest(demolition, name="Geheim", status=ListingStatus.DRAFT)
        harvest(demolition, name="Weg ermee", stage=Stage.GONE)
        make_listing(name="Elders")
        page = client.get("/projecten/sleen").text
        assert "Dakpannen" in page
        assert "gaat naar de breker" in page
        for hidden in ("Geheim", "Weg ermee", "Elders"):
            assert hidden not in page

    def test_tells_of_no_crusher_when_its_day_is_over(self, client, demolition):
        harvest(demolition, available_from=in_days(-9), crusher_on=in_days(-1))
        assert "gaat naar de breker" not in client.get("/projecten/sleen").text

    def test_shows_how_far_a_need_is_met(self, client, construction):
        listing = make_listing(total=12, name="Deuren", at="Assen", building_year=2010)
        need = make_need(construction)
        reserve(listing, need, 5)
        plan_all()
        page = client.get("/projecten/assen").text
        assert f"/behoeften/{need.reference}" in page
        assert "5 gereserveerd" in page
        assert "7 st voorgesteld" in page

    def test_tells_the_own_organisation_more_than_a_stranger(self, client, demolition):
        listing = make_listing(name="Deuren")
        reserve(listing, make_need(demolition), 5)
        stranger = client.get("/projecten/sleen").text
        sign_in(client, make_member(session.get(Project, demolition.id).organisation))
        own = client.get("/projecten/sleen").text
        for told in ("Kerkstraat 1", "Vastgelegd voor dit project", "/projecten/sleen/wijzigen"):
            assert told in own
            assert told not in stranger

    def test_offers_nothing_to_change_to_who_only_works_on_site(self, client, demolition):
        sign_in(client, make_member(demolition.organisation, role=Role.SITE))
        page = client.get("/projecten/sleen").text
        assert "Kerkstraat 1" in page
        assert "/projecten/sleen/wijzigen" not in page

    def test_takes_as_many_statements_for_many_as_for_one(self, client, construction, statements):
        make_need(construction)
        harvest(construction)
        few = count(statements, client, "/projecten/assen")
        for _ in range(4):
            make_need(construction)
            harvest(construction)
        assert count(statements, client, "/projecten/assen") == few


def reserve(listing, need, quantity):
    listing.available, listing.held = listing.available - quantity, Decimal(quantity)
    make_reservation(listing, listing.organisation_id, quantity, project_id=need.project_id, need_id=need.id)


class TestProgramme:
    @pytest.fixture
    def programme(self, demolition, construction):
        programme = actions.add_programme(name="Drenthe Woont Circulair", by=By())
        for project in (demolition, construction):
            project.programme_id = programme.id
        session.flush()
        return programme

    @pytest.mark.usefixtures("programme")
    def test_adds_up_what_comes_free_and_what_is_needed(self, client, demolition, construction):
        harvest(demolition, total=12, at="Sleen", building_year=2010)
        make_need(construction)
        plan_all()
        page = client.get("/programmas/drenthe-woont-circulair").text
        assert "balance__expected" in page
        assert "12 van 20" in page
        assert "8 st te kort" in page

    @pytest.mark.usefixtures("programme")
    def test_says_what_is_left_over(self, client, demolition, construction):
        harvest(demolition, total=30, at="Sleen", building_year=2010)
        make_need(construction)
        plan_all()
        page = client.get("/programmas/drenthe-woont-circulair").text
        assert "100 %" in page
        assert "10 st over" in page

    @pytest.mark.usefixtures("programme")
    def test_leaves_out_what_is_no_longer_wanted(self, client, construction):
        make_need(construction, wanted_from=in_days(-30), wanted_until=in_days(-1))
        assert "balance__row" not in client.get("/programmas/drenthe-woont-circulair").text

    @pytest.mark.usefixtures("context")
    def test_without_projects_says_so(self, client):
        actions.add_programme(name="Leeg", by=By())
        assert "Nog geen projecten" in client.get("/programmas/leeg").text

    def test_of_an_unknown_slug_does_not_exist(self, client):
        assert client.get("/programmas/onbekend").status_code == 404

    def test_takes_as_many_statements_for_many_as_for_one(
        self, client, programme, demolition, construction, statements
    ):
        harvest(demolition)
        make_need(construction)
        plan_all()
        few = count(statements, client, "/programmas/drenthe-woont-circulair")
        for _ in range(3):
            harvest(make_project(programme_id=programme.id))
            make_need(make_project(programme_id=programme.id))
        plan_all()
        assert count(statements, client, "/programmas/drenthe-woont-circulair") == few


def form(of, **changes):
    return {
        "name": "Sleen, sloop van 12 woningen",
        "kind": "demolition",
        "client_id": str(of),
        "programme_id": "0",
        "place": "Sleen",
        "address": "Kerkstraat 1",
        "starts_on": "2027-01-15",
        "ends_on": "15-4-2027",
        "building_year": "1958",
        "summary": "",
    } | changes


class TestForm:
    @pytest.mark.usefixtures("context")
    def test_sends_a_visitor_to_sign_in(self, client):
        assert client.get("/projecten/nieuw").status_code == 302

    def test_refuses_who_only_works_on_site(self, client, corporation):
        sign_in(client, make_member(corporation, role=Role.SITE))
        assert client.get("/projecten/nieuw").status_code == 403

    def test_plans_a_project_for_the_own_organisation(self, client, corporation):
        client_of_it = make_organisation(name="Provincie Drenthe")
        sign_in(client, make_member(corporation))
        answer = client.post("/projecten/nieuw", data=form(client_of_it.id))
        assert (answer.status_code, answer.location) == (303, "/projecten/sleen-sloop-van-12-woningen")
        project = queries.get_project("sleen-sloop-van-12-woningen")
        assert (project.organisation.name, project.client.name) == ("Woonservice", "Provincie Drenthe")
        assert (project.ends_on, project.building_year, project.place) == (date(2027, 4, 15), 1958, "Sleen")

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"name": ""}, "Vul een naam in"),
            ({"kind": "boomklomp"}, ""),
            ({"client_id": "0"}, ""),
            ({"place": "Sleeen"}, "We kennen geen plaats"),
            ({"starts_on": "morgen"}, "dag-maand-jaar"),
            ({"ends_on": "2027-01-14"}, "Het einde ligt vóór het begin"),
            ({"building_year": "2099"}, "Een bouwjaar ligt tussen"),
        ],
    )
    def test_tells_what_cannot_be_and_loses_nothing(self, client, corporation, changes, sentence):
        sign_in(client, make_member(corporation))
        answer = client.post("/projecten/nieuw", data=form(corporation.id, summary="Met de hand", **changes))
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert sentence in answer.text
        assert "Met de hand" in answer.text
        assert session.scalar(select(func.count()).select_from(Project)) == 0

    def test_changes_a_project_and_keeps_where_it_lies(self, client, corporation, demolition):
        demolition.latitude = 52.7654321
        sign_in(client, make_member(corporation))
        page = client.get("/projecten/sleen/wijzigen").text
        assert 'value="Sloop Sleen"' in page
        assert 'value="Sleen"' in page
        answer = client.post("/projecten/sleen/wijzigen", data=form(corporation.id, name="Sloop Sleen-West"))
        assert answer.location == "/projecten/sleen"
        project = queries.get_project("sleen")
        assert (project.name, project.latitude) == ("Sloop Sleen-West", 52.7654321)

    @pytest.mark.usefixtures("demolition")
    def test_moves_a_project_to_another_place(self, client, corporation):
        sign_in(client, make_member(corporation))
        client.post("/projecten/sleen/wijzigen", data=form(corporation.id, place="emmen"))
        project = queries.get_project("sleen")
        assert (project.place, round(project.longitude, 1)) == ("Emmen", 6.9)

    def test_does_not_exist_for_another_organisation(self, client, demolition):
        sign_in(client, make_member())
        assert client.get("/projecten/sleen/wijzigen").status_code == 404
        answer = client.post("/projecten/sleen/wijzigen", data=form(demolition.client_id))
        assert answer.status_code == 404
        assert queries.get_project("sleen").name == "Sloop Sleen"


@pytest.fixture
def reading(context):
    with context.test_request_context():
        yield


@pytest.mark.usefixtures("reading")
class TestAxis:
    def test_goes_from_quarter_to_quarter(self):
        assert span_of([date(2027, 2, 3), date(2027, 9, 30)], on=date(2027, 5, 1)) == Span(
            date(2027, 1, 1), date(2027, 10, 1)
        )
        assert [next_quarter(date(2027, month, 1)).month for month in (1, 3, 4, 9, 12)] == [4, 4, 7, 10, 1]
        assert next_quarter(date(2027, 12, 31)) == date(2028, 1, 1)

    def test_stays_near_today_whatever_the_projects_say(self):
        span = span_of([date(1900, 1, 1), date(2200, 1, 1)], on=date(2027, 5, 1))
        assert (span.start.year, span.end.year) == (2026, 2032)
        assert span.at(date(1900, 1, 1)) == 0
        assert span.at(date(2200, 1, 1)) == 100

    def test_puts_what_comes_free_first_and_draws_a_renovation_as_both(self):
        renovation = make_project(kind=ProjectKind.RENOVATION, starts_on=in_days(60), ends_on=in_days(90))
        construction = make_project(starts_on=in_days(5), ends_on=in_days(30))
        axis = axis_of([construction, renovation], {}, on=clock.today())
        assert [row.project for row in axis.rows] == [renovation, construction]
        assert [[bar.kind for bar in row.bars] for row in axis.rows] == [["free", "needed"], ["needed"]]

    def test_names_the_crusher_day_only_where_no_bar_hides_it(self):
        project = make_project(kind=ProjectKind.DEMOLITION, starts_on=in_days(10), ends_on=in_days(20))
        far = make_project(starts_on=in_days(10), ends_on=in_days(400))

        def flag(days):
            found = {project.id: Harvest(1, 1, in_days(days))}
            return axis_of([project, far], found, on=clock.today()).rows[0].flag

        assert flag(21).has_text
        assert not flag(20).has_text
        assert flag(380).to_the_left

    def test_draws_no_bar_for_what_is_long_over(self):
        project = make_project(starts_on=date(2000, 1, 1), ends_on=date(2000, 2, 1))
        assert axis_of([project], {}, on=clock.today()).rows[0].bars == ()


def test_a_project_leads_to_the_passport_of_the_work_and_to_no_draft(client):
    project = make_project()
    work = make_passport(origin_project_id=project.id, granularity="work", name="N34 bij Exloo")
    make_passport(origin_project_id=project.id, granularity="work", name="Nog niet af", status="draft")
    page = client.get(f"/projecten/{project.slug}").text
    assert f'href="/paspoort/{work.code}">N34 bij Exloo</a>' in page
    assert "Nog niet af" not in page
