"""Every route declares what it needs, and answers each kind of visitor accordingly."""

import pytest

from marketplace.accounts.permissions import Permission, Role
from marketplace.kit.database import session
from marketplace.web.access import permission_of
from tests.factories import make_member, make_organisation, make_user, sign_in, sign_out

ALLOWED = {
    "nobody": {Permission.PUBLIC},
    "without organisation": {Permission.PUBLIC, Permission.SIGNED_IN},
    "site": {Permission.PUBLIC, Permission.SIGNED_IN, Permission.HANDLE},
    "trader": {Permission.PUBLIC, Permission.SIGNED_IN, Permission.HANDLE, Permission.TRADE},
    "owner of another": set(Permission),
}


@pytest.fixture
def visit(client, request):
    """Let the client ask as one kind of visitor."""

    def as_(who):
        if who == "nobody":
            return sign_out(client)
        if who == "without organisation":
            return sign_in(client, make_user())
        role = Role.OWNER if who == "owner of another" else Role(who)
        return sign_in(client, make_member(role=role))

    return as_


def get(client, path):
    answer = client.get(path)
    session.rollback()
    return answer


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def plain(app):
    """The addresses without parameters that can be looked at."""
    return [rule for rule in rules(app) if not rule.arguments and "GET" in rule.methods]


def test_every_route_declares_its_permission(app):
    assert [rule.endpoint for rule in rules(app) if permission_of(app, rule.endpoint) is None] == []
    assert len(rules(app)) > 20


def test_an_undeclared_route_is_noticed(app):
    assert permission_of(app, "no.such_route") is None


def refused(answer, who):
    if who == "nobody":
        return answer.status_code == 302 and answer.location.startswith("/aanmelden?next=")
    if who == "without organisation" and answer.status_code == 302:
        return answer.location == "/organisaties/nieuw"
    return answer.status_code == 403


@pytest.mark.parametrize("who", ALLOWED)
def test_every_page_answers_as_its_permission_says(app, visit, who):
    client, seen = visit(who), set()
    for rule in plain(app):
        permission = permission_of(app, rule.endpoint)
        answer = get(client, rule.rule)
        allowed = permission in ALLOWED[who]
        assert refused(answer, who) is not allowed, (rule.rule, permission, answer.status, answer.location)
        assert answer.status_code < 500, (rule.rule, answer.status)
        seen.add(allowed)
    assert True in seen
    assert False in seen or who in {"trader", "owner of another"}


@pytest.mark.parametrize("who", ALLOWED)
@pytest.mark.parametrize("page", ["leden", "wijzigen", "regels", "kringen"])
def test_the_owner_of_another_organisation_finds_nothing_of_ours(visit, who, page):
    slug = make_organisation().slug
    client = visit(who)
    answer = get(client, f"/organisaties/{slug}/{page}")
    assert answer.status_code == {"nobody": 302, "without organisation": 302, "owner of another": 404}.get(who, 403)


@pytest.mark.parametrize("verb", ["post", "put", "delete"])
def test_a_write_of_nobody_is_sent_to_sign_in_without_a_way_back(visit, verb):
    answer = getattr(visit("nobody"), verb)("/organisaties/nieuw")
    assert (answer.status_code, answer.location) in {(302, "/aanmelden"), (405, None)}


def test_an_error_page_has_a_mark_and_a_way_on(client):
    answer = get(client, "/organisaties/bestaat-niet")
    assert answer.status_code == 404
    assert "Deze organisatie bestaat niet" in answer.text
    assert 'class="code"' in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path", ["/aanbod/%00", "/projecten/%00", "/ID/%00", "/paspoort/%00", "/aanbod?organisatie=%00", "/?a%00=1"]
)
def test_what_no_database_can_hold_is_refused_in_an_address(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("junk", ["\0", "a\0b"])
def test_what_no_database_can_hold_is_refused_in_a_form(client, junk):
    sign_in(client, make_member())
    assert client.post("/organisaties/nieuw", data={"name": junk}).status_code == 400


def test_a_number_that_is_too_large_is_not_found(client):
    organisation = make_organisation()
    sign_in(client, make_member(organisation, Role.OWNER))
    assert client.post(f"/organisaties/{organisation.slug}/leden/{10**19}/verwijderen").status_code == 404


def test_a_newcomer_is_shown_the_way_to_an_organisation(client):
    sign_in(client, make_user())
    answer = client.get("/aanbieden", follow_redirects=True)
    assert answer.request.path == "/organisaties/nieuw"
    assert "bij een organisatie horen" in answer.text
