"""One map and one table for demolition and construction: what comes free round, what is needed square."""

import pytest

from marketplace.kit.database import session
from marketplace.listings.queries import Harvest
from marketplace.projects.models import ProjectKind
from marketplace.projects.queries import list_projects
from marketplace.web.projects.whereabouts import whereabouts_of
from tests.factories import make_need, make_organisation, make_project


@pytest.fixture
def page(context):
    """A page in Dutch, for the words on the markers."""
    with context.test_request_context("/", headers={"Accept-Language": "nl"}):
        yield


@pytest.fixture
def owner(page):
    return make_organisation()


def planned(owner, name, at, kind, needs=0):
    project = make_project(owner, name=name, at=at, kind=kind, slug=name.lower())
    for _ in range(needs):
        make_need(project)
    return project.id


def found_with(harvest):
    session.expire_all()
    return whereabouts_of(list_projects(), harvest)


def markers(found):
    return {marker.label: (marker.kind, marker.count, marker.url) for marker in found.map.markers}


def test_each_project_has_its_own_numbers_and_a_road_has_both(owner):
    sloop = planned(owner, "Sloop", "Sleen", ProjectKind.DEMOLITION)
    planned(owner, "N34", "Zwolle", ProjectKind.ROAD, needs=2)
    found = found_with({sloop: Harvest(3, 2, None)})
    assert markers(found) == {
        "Sloop, Sleen: 3 partijen komen vrij": ("expected", 3, "/projecten/sloop"),
        "N34, Zwolle: 0 partijen komen vrij": ("expected", 0, "/projecten/n34"),
        "N34, Zwolle: 2 behoeften": ("need", 2, "/projecten/n34"),
    }
    assert (found.lots, found.needs) == (3, 2)


def test_projects_in_one_place_are_added_up_and_kinds_are_kept_apart(owner):
    first = planned(owner, "Een", "Assen", ProjectKind.DEMOLITION)
    second = planned(owner, "Twee", "Assen", ProjectKind.DEMOLITION)
    planned(owner, "Bouw", "Assen", ProjectKind.CONSTRUCTION, needs=1)
    planned(owner, "Ver", "Zwolle", ProjectKind.CONSTRUCTION, needs=4)
    found = found_with({first: Harvest(3, 3, None), second: Harvest(4, 0, None)})
    assert markers(found) == {
        "2 projecten in Assen: 7 partijen komen vrij": ("expected", 7, "/projecten?plaats=Assen"),
        "Bouw, Assen: 1 behoefte": ("need", 1, "/projecten/bouw"),
        "Ver, Zwolle: 4 behoeften": ("need", 4, "/projecten/ver"),
    }
    assert [(row.place, len(row.projects), row.lots, row.needs) for row in found.rows] == [
        ("Assen", 3, 7, 1),
        ("Zwolle", 1, 0, 4),
    ]
