from datetime import date, timedelta

import pytest

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.errors import NotFoundError
from marketplace.kit.journal import By
from marketplace.projects import actions, queries
from marketplace.projects.models import ProjectKind
from tests.factories import make_hub, make_need, make_organisation, make_project

pytestmark = pytest.mark.usefixtures("context")


def in_days(days):
    return clock.today() + timedelta(days=days)


def names(things):
    return [thing.name for thing in things]


def afresh():
    """Forget what is loaded, so that a query must load what its caller uses."""
    session.flush()
    session.expunge_all()


class TestOneProject:
    def test_comes_with_everything_that_its_page_shows(self, statements):
        client = make_organisation(name="Woonservice")
        project = make_project(client_id=client.id)
        make_need(project)
        slug = project.slug
        afresh()
        statements.clear()
        project = queries.get_project(slug)
        shown = (project.organisation.name, project.client.name, project.programme, project.needs[0].title)
        assert shown[1:] == ("Woonservice", None, "Binnendeuren")
        assert len(statements) == 2

    def test_of_an_unknown_slug_does_not_exist(self):
        assert queries.find_project("onbekend") is None
        with pytest.raises(NotFoundError):
            queries.get_project("onbekend")


@pytest.fixture
def projects(context):
    programme = actions.add_programme(name="Drenthe Woont Circulair", by=By())
    make_project(name="Bouw Assen", starts_on=in_days(9), programme_id=programme.id)
    make_project(name="Sloop Sleen", at="Sleen", kind=ProjectKind.DEMOLITION, starts_on=in_days(3))
    make_project(name="Sloop Assen", kind=ProjectKind.DEMOLITION, starts_on=in_days(6))


@pytest.mark.usefixtures("projects")
class TestListProjects:
    def test_gives_all_in_the_order_in_which_they_start(self):
        assert names(queries.list_projects()) == ["Sloop Sleen", "Sloop Assen", "Bouw Assen"]

    def test_keeps_to_every_filter(self):
        assert names(queries.list_projects(kind=ProjectKind.DEMOLITION)) == ["Sloop Sleen", "Sloop Assen"]
        assert names(queries.list_projects(place="assen")) == ["Sloop Assen", "Bouw Assen"]
        assert names(queries.list_projects(programme_slug="drenthe-woont-circulair")) == ["Bouw Assen"]
        assert names(queries.list_projects(kind=ProjectKind.DEMOLITION, place="Assen")) == ["Sloop Assen"]

    def test_finds_nothing_for_what_does_not_exist(self):
        assert names(queries.list_projects(programme_slug="drenthe")) == []
        assert names(queries.list_projects(place="Asse")) == []

    def test_takes_as_many_statements_for_many_as_for_one(self, statements):
        for project in queries.list_projects():
            make_need(project)
        afresh()
        statements.clear()
        assert [len(project.needs) for project in queries.list_projects()] == [1, 1, 1]
        assert len(statements) == 2

    def test_names_each_place_once(self):
        assert queries.places() == ["Assen", "Sleen"]


class TestWithNeedsOf:
    def test_gives_the_own_projects_only_in_order_of_name(self):
        own, other = make_organisation(), make_organisation()
        make_need(make_project(own, name="Z"))
        make_project(own, name="A")
        make_project(other, name="B", client_id=own.id)
        afresh()
        projects = queries.with_needs_of([own.id])
        assert [(project.name, len(project.needs)) for project in projects] == [("A", 0), ("Z", 1)]

    def test_gives_nobody_nothing(self):
        make_project()
        assert queries.with_needs_of([]) == []


class TestNeeds:
    def test_are_open_until_their_last_day_is_over(self):
        project = make_project()
        for title, until in (("gisteren", -1), ("vandaag", 0), ("morgen", 1)):
            make_need(project, title=title, wanted_from=in_days(-9 - until), wanted_until=in_days(until))
        assert [need.title for need in queries.open_needs()] == ["morgen", "vandaag"]
        assert [need.title for need in queries.open_needs(limit=1)] == ["morgen"]

    def test_are_found_in_any_case_with_their_project(self):
        reference = make_need(make_project(name="Emmen")).reference
        afresh()
        need = queries.get_need(f" {reference.lower()} ")
        assert (need.project.name, need.project.client.name) == ("Emmen", need.project.organisation.name)

    def test_of_an_unknown_reference_do_not_exist(self):
        with pytest.raises(NotFoundError):
            queries.get_need("ZZZZZZZZ")

    def test_stand_in_the_order_in_which_they_are_wanted(self):
        project = make_project()
        for day in (9, 3):
            make_need(project, title=str(day), wanted_from=date(2027, 1, day), wanted_until=date(2027, 2, 1))
        slug = project.slug
        afresh()
        assert [need.title for need in queries.get_project(slug).needs] == ["3", "9"]


class TestHubsAndProgrammes:
    def test_hubs_stand_in_order_with_their_organisation(self):
        stadterij = make_organisation(name="Stadterij")
        make_hub(stadterij, name="Zwolle")
        make_hub(stadterij, name="Hoogeveen", slug="hoogeveen")
        afresh()
        assert [(hub.name, hub.organisation.name) for hub in queries.hubs()] == [
            ("Hoogeveen", "Stadterij"),
            ("Zwolle", "Stadterij"),
        ]
        assert queries.get_hub("hoogeveen").name == "Hoogeveen"

    def test_programmes_stand_in_order(self):
        for name in ("Wegen", "Drenthe"):
            actions.add_programme(name=name, by=By())
        assert names(queries.programmes()) == ["Drenthe", "Wegen"]
        assert queries.get_programme("wegen").name == "Wegen"

    @pytest.mark.parametrize("get", [queries.get_hub, queries.get_programme])
    def test_unknown_ones_do_not_exist(self, get):
        with pytest.raises(NotFoundError):
            get("onbekend")
