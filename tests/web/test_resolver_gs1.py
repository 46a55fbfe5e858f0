"""Addresses with the operator's GS1 keys: the same answers as at our own, and none for the keys of others."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from jsonschema import Draft7Validator

from marketplace.kit import clock
from marketplace.passports import queries, versions
from marketplace.passports.gs1.keys import gtin
from marketplace.passports.gs1.own_keys import hub_link, passport_link
from marketplace.passports.levels import Granularity
from marketplace.passports.models import PassportStatus
from tests.conftest import other
from tests.factories import make_hub, make_passport

SCHEMA = Path(__file__).parents[3] / "shared" / "standards" / "gs1" / "gs1-linkset-schema.json"
PREFIX = "9521234"
FIREFOX = "text/html,application/xhtml+xml,*/*;q=0.8"
LINKSET = "application/linkset+json"


@pytest.fixture
def seal(app):
    return app.config["SEAL"]


@pytest.fixture(autouse=True)
def licensed(app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", other(app.config["SETTINGS"], gs1_prefix=PREFIX))


@pytest.fixture
def passport(context, seal):
    passport = make_passport()
    versions.add_version(versions.whole(passport), seal=seal, at=clock.now())
    return passport


def path_of(passport, prefix=PREFIX, granularity=Granularity.BATCH):
    return passport_link(prefix, "http://h", category=passport.category, granularity=granularity, code=passport.code)[
        8:
    ]


@pytest.mark.parametrize("granularity", [Granularity.ITEM, Granularity.BATCH])
def test_the_answers_are_those_of_our_own_address(client, passport, granularity):
    path = path_of(passport, granularity=granularity)
    assert path.startswith("/01/09521234")
    for accept in (FIREFOX, "application/vc", "application/vc+jwt", "application/pdf"):
        ours, gs1 = (client.get(each, headers={"Accept": accept}) for each in (f"/ID/{passport.code}", path))
        assert (gs1.status_code, gs1.data, gs1.headers.get("Location")) == (
            ours.status_code,
            ours.data,
            ours.headers.get("Location"),
        )
        assert "Set-Cookie" not in gs1.headers
    assert client.head(path).status_code == 307
    assert client.get(f"{path}/").status_code == 307


def test_the_linkset_is_about_the_address_that_was_asked(client, passport, seal):
    path = path_of(passport)
    answer = client.get(f"{path}?linkType=linkset&17=270101")
    assert answer.json["linkset"][0]["anchor"] == seal.origin + path
    assert f'<{seal.origin}{path}?linkType=linkset>; rel="linkset"' in "".join(answer.headers.getlist("Link"))


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the optional folder ../shared/standards is not there")
def test_the_schema_of_gs1_takes_what_is_answered(client, passport):
    hub = make_hub()
    validator = Draft7Validator(json.loads(SCHEMA.read_text("utf-8-sig")))
    for path in (path_of(passport), hub_link(PREFIX, "http://h", hub.id)[8:]):
        validator.validate(client.get(path, headers={"Accept": LINKSET}).json)


@pytest.mark.parametrize(
    "key", ["/01/09506000134352/21/{}", f"/01/{gtin('9521230', 1)}/10/{{}}", "/01/04006381333931/21/{}"]
)
def test_the_key_of_another_party_is_called_that(client, passport, key):
    answer = client.get(key.format(passport.code), headers={"Accept": FIREFOX})
    assert answer.status_code == 404
    assert "Dit is een code van een andere partij" in answer.text


def test_without_a_licence_no_key_is_ours(client, app, passport, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", other(app.config["SETTINGS"], gs1_prefix=""))
    assert client.get(path_of(passport)).status_code == 404
    assert client.get("/.well-known/gs1resolver").json["supportedPrimaryKeys"] == []
    assert "(10)" not in client.get(f"/paspoort/{passport.code}").text


@pytest.mark.parametrize(
    "path",
    [
        "/01/1/21/X",
        "/01/09521234000014/21/{}",
        "/01/09521234000013/21/{}/99/x",
        "/01/09521234000013/21/{}/21/{}",
        "/01/09521234000013/21/a%20b",
        "/01/09521234000013/21/é",
        "/01/9521234000013/21/{}",
        "/01/09521234000013/21/" + "2" * 21,
        "/414/9521234000176",
        "/414/evil.example",
    ],
)
def test_an_address_that_is_not_well_formed_is_refused(client, passport, path):
    answer = client.get(path.replace("{}", passport.code), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), answer.headers
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/01//evil.example", "/01/%2F%2Fevil.example", "/01/%5C%5Cevil.example", "/414///evil.example"]
)
def test_an_odd_path_is_led_to_no_other_site(client, path):
    answer = client.get(path, follow_redirects=True)
    assert (answer.status_code, answer.request.host) == (400, "localhost")


def test_a_serial_that_nobody_has_is_unknown_and_an_article_alone_is_no_passport(client, passport):
    path = path_of(passport)
    unknown = client.get(path.replace(passport.code, "7KQ9M2FX4HTB8WPN"), headers={"Accept": FIREFOX})
    assert (unknown.status_code, 'action="/scan/open"' in unknown.text) == (404, True)
    article = client.get(path.partition("/10/")[0])
    assert (article.status_code, "geen serienummer" in article.text) == (404, True)


def test_a_draft_does_not_exist_for_strangers(client):
    passport = make_passport(status=PassportStatus.DRAFT)
    for accept in (FIREFOX, LINKSET, "application/vc"):
        assert client.get(path_of(passport), headers={"Accept": accept}).status_code == 404


def test_a_label_of_before_the_passport_got_another_category_still_resolves(client, passport):
    path = path_of(passport)
    passport.category = "brick_waal"
    assert path_of(passport) != path
    assert client.get(path).status_code == 307


def test_a_hub_is_a_place(client, context, seal):
    hub = make_hub(name="Stadterij")
    path = hub_link(PREFIX, "http://h", hub.id)[8:]
    for each in (path, f"{path}/254/B-04"):
        answer = client.get(each, headers={"Accept": FIREFOX})
        assert (answer.status_code, answer.headers["Location"]) == (307, f"/hubs/{hub.slug}")
        assert f'<{seal.origin}{each}?linkType=linkset>; rel="linkset"' in "".join(answer.headers.getlist("Link"))
    links = client.get(f"{path}?linkType=linkset").json["linkset"][0]
    assert links["https://ref.gs1.org/voc/locationInfo"][0]["href"] == f"{seal.origin}/hubs/{hub.slug}"
    assert client.get(hub_link(PREFIX, "http://h", 99_999)[8:]).status_code == 404


def test_the_page_shows_the_key_and_the_resolver_says_which_keys_there_are(client, passport):
    assert f"(10){passport.code}" in client.get(f"/paspoort/{passport.code}").text
    assert client.get("/.well-known/gs1resolver").json["supportedPrimaryKeys"] == ["01", "414"]


@pytest.mark.parametrize("base", ["https://id.gs1.org", "https://hub.example", "http://127.0.0.1:8000"])
def test_machines_may_ask_by_the_key_of_the_product_at_any_resolver(client, passport, base):
    answer = client.get(f"/v1/dppsByProductId/{quote(base + path_of(passport), safe='')}")
    assert (answer.status_code, answer.text) == (200, queries.find_version(passport.id).credential)
    others = quote(f"{base}/01/09506000134352/21/{passport.code}", safe="")
    assert client.get(f"/v1/dppsByProductId/{others}").status_code == 404


@pytest.mark.parametrize("granularity", [Granularity.ITEM, Granularity.BATCH])
def test_the_scan_page_reads_the_code_in_it(client, passport, granularity):
    address = f"HTTPS://HUB.EXAMPLE{path_of(passport, granularity=granularity)}"
    answer = client.get("/scan/open", query_string={"code": address}, follow_redirects=True)
    assert answer.request.path == f"/paspoort/{passport.code}"
