"""Starting a programme and putting one's own projects in it, and nobody else's."""

import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.projects import actions
from marketplace.projects.models import Programme, Project
from tests.factories import make_member, make_organisation, make_project, sign_in
from tests.web.reading import sent_back


@pytest.fixture
def owner(context):
    return make_organisation(name="Woonservice")


@pytest.fixture
def planner(client, owner):
    return sign_in(client, make_member(owner))


def programme_of(project_id):
    return session.get_one(Project, project_id).programme_id


def started(by, name="Drenthe Woont Circulair"):
    return actions.add_programme(name=name, by=By(organisation_id=by.id if by else None))


def test_a_member_starts_a_programme_with_their_own_projects(planner, owner):
    own, foreign = make_project(owner).id, make_project().id
    fields = {"name": "Drenthe Woont", "summary": "Acht corporaties", "projects": [str(own)]}
    answer = planner.post("/programmas/nieuw", data=fields)
    assert answer.location == "/programmas/drenthe-woont"
    assert "Acht corporaties" in planner.get(answer.location).text
    assert (programme_of(own) is not None, programme_of(foreign)) == (True, None)


def test_a_foreign_project_cannot_be_put_in(planner, owner):
    foreign = make_project().id
    answer = planner.post("/programmas/nieuw", data={"name": "Drenthe Woont", "projects": [str(foreign)]})
    assert answer.status_code == 422
    assert programme_of(foreign) is None


def test_who_started_it_may_call_it_otherwise(planner, owner):
    programme, project = started(owner), make_project(owner)
    project.programme_id = programme.id
    session.flush()
    path, number, inside = f"/programmas/{programme.slug}/wijzigen", programme.id, project.id
    fields = sent_back(planner.get(path).text)
    assert fields["projects"] == str(inside)
    assert planner.post(path, data=fields | {"name": "Drenthe"}).status_code == 303
    assert session.get_one(Programme, number).name == "Drenthe"
    assert programme_of(inside) == number
    (told,) = journal.history(f"programme:{number}", only=("programme.changed",))
    assert told.told == {"name_from": "Drenthe Woont Circulair", "name_to": "Drenthe"}


@pytest.mark.parametrize("starter", ["another", "nobody"])
def test_others_only_put_their_own_projects_in_and_out(planner, owner, starter):
    programme = started(make_organisation() if starter == "another" else None)
    foreign, own = make_project(programme_id=programme.id), make_project(owner)
    session.flush()
    path, number, ids = f"/programmas/{programme.slug}/wijzigen", programme.id, (foreign.id, own.id)
    page = planner.get(path).text
    assert 'name="name"' not in page
    assert planner.post(path, data={"name": "Gekaapt", "projects": [str(ids[1])]}).status_code == 303
    assert session.get_one(Programme, number).name == "Drenthe Woont Circulair"
    assert [programme_of(each) for each in ids] == [number, number]
    planner.post(path, data={"csrf_token": "none is asked for in tests"})
    assert [programme_of(each) for each in ids] == [number, None]


def test_a_project_leaves_the_programme_where_it_was_and_that_is_told(planner, owner):
    before, after = started(owner, "Eerst"), started(owner, "Daarna")
    project = make_project(owner, programme_id=before.id)
    path, number, inside = f"/programmas/{after.slug}/wijzigen", after.id, project.id
    assert "nu in Eerst" in planner.get(path).text
    planner.post(path, data={"name": "Daarna", "projects": [str(inside)]})
    assert programme_of(inside) == number
    (told,) = journal.history(f"project:{inside}", only=("project.changed",))
    assert told.told["programme_id_to"] == number


def test_a_name_that_is_none_comes_back_with_a_sentence(planner, owner):
    answer = planner.post("/programmas/nieuw", data={"name": " x ", "summary": "Blijft staan"})
    assert answer.status_code == 422
    assert "twee tekens" in answer.text
    assert sent_back(answer.text)["summary"] == "Blijft staan"
    assert session.query(Programme).count() == 0


def test_only_who_plans_is_shown_the_way(client, owner):
    programme = started(owner)
    paths = {"/projecten": "/programmas/nieuw", f"/programmas/{programme.slug}": "/wijzigen"}
    make_project(owner, programme_id=programme.id)
    for role, is_shown in ((Role.SITE, False), (Role.TRADER, True)):
        sign_in(client, make_member(owner, role))
        for path, way in paths.items():
            assert (way in client.get(path).text) is is_shown
