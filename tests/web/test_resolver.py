"""The address on a label: a page for people, links and the signed passport for machines, and no way out of the site."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from jsonschema import Draft7Validator

from marketplace.kit import clock
from marketplace.kit.codes import ALPHABET, check_character, grouped
from marketplace.kit.database import session
from marketplace.passports import queries, versions
from marketplace.passports.models import PassportStatus
from marketplace.passports.signatures import Outcome, check_jwt
from tests.factories import make_member, make_organisation, make_passport, sign_in

SCHEMA = Path(__file__).parents[3] / "shared" / "standards" / "gs1" / "gs1-linkset-schema.json"
LINKSET = "application/linkset+json"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
READABLE = ["application/vc", "application/ld+json", "application/json"]
SIGNED = "application/vc+jwt"
NOBODYS = "7KQ9M2FX4HTB8WPN"


@pytest.fixture
def owner(context):
    return make_organisation(name="Bork Groep")


@pytest.fixture
def seal(app):
    return app.config["SEAL"]


@pytest.fixture
def publish(seal):
    """Sign what a passport states, as it would have been some days ago."""

    def sign(passport, days=0, **stated):
        for name, value in stated.items():
            setattr(passport, name, value)
        at = clock.now() - timedelta(days=days)
        return versions.add_version(versions.whole(passport), seal=seal, at=at)

    return sign


@pytest.fixture
def passport(owner, publish):
    passport = make_passport(owner)
    publish(passport, days=10)
    publish(passport, days=5, name="Binnendeuren stomp")
    return passport


@pytest.fixture
def address(passport):
    return f"/ID/{passport.code}"


def ask(client, path, accept=None, **more):
    headers = {**more.pop("headers", {}), **({"Accept": accept} if accept else {})}
    answer = client.get(path, headers=headers, **more)
    assert "Set-Cookie" not in answer.headers
    return answer


def read(answer):
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


def problem(answer, status):
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert answer.json["status"] == status
    assert answer.json["title"]
    return answer.json["detail"]


class TestPeople:
    @pytest.mark.parametrize(
        "accept", [None, "", "*/*", FIREFOX, "text/html", "image/png", "application/vnd.nobody+json", "qqq", ";q=1,,/"]
    )
    def test_who_asks_for_no_form_of_ours_is_led_to_the_page(self, client, passport, address, accept):
        answer = ask(client, address, accept)
        assert (answer.status_code, answer.headers["Location"]) == (307, f"/paspoort/{passport.code}")
        assert client.get(answer.headers["Location"]).status_code == 200

    def test_every_spelling_leads_to_the_one_address_and_keeps_what_is_asked(self, client, passport, address):
        small, written = passport.code.lower(), grouped(passport.code)
        for path in (
            f"/ID/{small}",
            f"/ID/{written}",
            f"/ID/{written.replace('-', ' ')}",
            f"/id/{small}",
            f"/Id/{written}",
        ):
            answer = ask(client, path)
            assert (answer.status_code, answer.headers["Location"]) == (308, address), path
        answer = ask(client, f"/id/{small}?linkType=linkset&next=//evil.example")
        assert answer.headers["Location"] == f"{address}?linkType=linkset"
        assert ask(client, f"{address}/").status_code == 307

    def test_a_code_that_is_none_is_answered_with_help(self, client, passport):
        wrong = ALPHABET[(ALPHABET.index(passport.code[3]) + 1) % 30]
        answer = ask(client, f"/ID/{passport.code[:3]}{wrong}{passport.code[4:]}", FIREFOX)
        assert answer.status_code == 404
        assert "typefout in deze code" in answer.text
        assert 'action="/scan/open"' in answer.text

    def test_what_was_typed_is_shown_as_text(self, client):
        assert "<B>X</B>" not in ask(client, "/ID/<B>X</B>").text

    def test_labels_of_before_lead_to_where_labels_are_now(self, client, passport):
        for spelling in ("ID", "id"):
            for path in ("label", "label.svg", "label.png", "label.pdf"):
                answer = ask(client, f"/{spelling}/{passport.code.lower()}/{path}")
                assert (answer.status_code, answer.headers["Location"]) == (308, f"/paspoort/{passport.code}/{path}")
                assert client.get(answer.headers["Location"]).status_code == 200
        assert ask(client, f"/ID/{passport.code}/label.exe").status_code == 404


class TestForms:
    @pytest.mark.parametrize("accept", READABLE)
    def test_the_bytes_are_those_that_were_signed(self, client, passport, address, accept):
        answer = ask(client, address, accept)
        assert (answer.status_code, answer.mimetype) == (200, accept)
        assert answer.text == queries.find_version(passport.id).credential
        assert read(answer)["name"] == "Binnendeuren stomp"

    def test_the_token_is_the_one_that_was_signed_and_holds(self, client, passport, address, seal):
        answer = ask(client, address, SIGNED)
        assert (answer.status_code, answer.mimetype) == (200, SIGNED)
        assert answer.text == queries.find_version(passport.id).jwt
        verdict = check_jwt(answer.text, seal.public_keys())
        assert (verdict.outcome, verdict.document["name"]) == (Outcome.HOLDS, "Binnendeuren stomp")

    def test_the_pdf_has_an_address_of_its_own(self, client, passport, address):
        answer = ask(client, address, "application/pdf")
        assert (answer.status_code, answer.headers["Location"]) == (307, f"/paspoort/{passport.code}.pdf?versie=2")

    @pytest.mark.parametrize(
        ("accept", "wanted"),
        [
            ("text/html;q=0.5, application/vc+jwt", SIGNED),
            ("application/vc+jwt;q=0.5, application/linkset+json;q=0.6", LINKSET),
            ("application/json;q=0.2, application/ld+json;q=0.9, text/html;q=0.8", "application/ld+json"),
            ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
            ("application/json, text/plain, */*", "application/json"),
            ("application/json;q=0, application/*", "application/vc"),
            ("APPLICATION/VC+JWT", SIGNED),
            ("text/html;q=0, application/vc;q=0.001", "application/vc"),
        ],
    )
    def test_the_reader_weighs_the_forms(self, client, address, accept, wanted):
        answer = ask(client, address, accept)
        assert (answer.status_code, answer.mimetype) == (200, wanted)

    def test_an_earlier_version_is_kept(self, client, address):
        assert read(ask(client, f"{address}?versie=1", "application/vc"))["name"] == "Binnendeuren opdek"
        assert read(ask(client, f"{address}?versie=2", "application/vc"))["name"] == "Binnendeuren stomp"

    @pytest.mark.parametrize("number", ["0", "3", "-1", "1.0", "", "x", "9" * 30, "²", "1%20OR%201=1"])
    def test_a_version_that_is_not_there_is_not_found(self, client, address, number):
        assert "versie" in problem(ask(client, f"{address}?versie={number}", "application/vc"), 404)

    def test_a_passport_without_a_signed_version_says_so(self, client, owner):
        unsigned = make_passport(owner)
        detail = problem(ask(client, f"/ID/{unsigned.code}", "application/vc"), 404)
        assert detail == "Van dit paspoort is nog geen ondertekende versie gepubliceerd."
        assert ask(client, f"/ID/{unsigned.code}", LINKSET).status_code == 200

    def test_who_has_it_already_is_not_sent_it_again(self, client, address):
        tag = ask(client, address, "application/vc").headers["ETag"]
        again = {"headers": {"If-None-Match": tag}}
        assert ask(client, address, "application/vc", **again).status_code == 304
        assert ask(client, address, SIGNED, **again).status_code == 200

    def test_a_head_tells_the_same_without_the_body(self, client, address):
        for accept in (FIREFOX, LINKSET, *READABLE, SIGNED):
            whole, head = (call(address, headers={"Accept": accept}) for call in (client.get, client.head))
            assert (head.status_code, head.data) == (whole.status_code, b"")
            told = [{name: value for name, value in answer.headers if name != "Date"} for answer in (head, whole)]
            assert told[0] == told[1]

    @pytest.mark.parametrize("verb", ["post", "put", "delete", "patch"])
    def test_nothing_can_be_written(self, client, address, verb):
        assert getattr(client, verb)(address).status_code == 405


class TestLinkset:
    @pytest.fixture
    def shown(self, client, address):
        answer = ask(client, f"{address}?linkType=linkset")
        assert (answer.status_code, answer.mimetype) == (200, LINKSET)
        return answer.json

    @pytest.mark.skipif(not SCHEMA.is_file(), reason="the optional folder ../shared/standards is not there")
    def test_the_schema_of_gs1_takes_what_is_answered(self, shown):
        validator = Draft7Validator(json.loads(SCHEMA.read_text("utf-8-sig")))
        validator.validate(shown)
        del shown["linkset"][0]["https://ref.gs1.org/voc/pip"][0]["title"]
        assert not validator.is_valid(shown)

    def test_it_is_about_the_address_that_the_credential_names(self, client, address, shown):
        (context,) = shown["linkset"]
        assert context["anchor"] == read(ask(client, address, "application/vc"))["credentialSubject"]["id"]
        assert context["itemDescription"] == "Binnendeuren stomp"

    def test_it_names_a_page_in_each_language_and_every_form(self, shown):
        (context,) = shown["linkset"]
        pages = {link["hreflang"][0]: link["href"] for link in context["https://ref.gs1.org/voc/pip"]}
        assert pages["en"].endswith("?taal=en")
        forms = {link["type"]: link["href"].rpartition(".")[2] for link in context["https://ref.gs1.org/voc/dpp"]}
        assert forms == {"application/vc": "json", SIGNED: "jwt", "application/pdf": "pdf"}

    def test_every_link_is_ours_and_those_to_pages_answer(self, client, shown, seal):
        links = [link for links in shown["linkset"][0].values() if isinstance(links, list) for link in links]
        assert len(links) > 10
        for link in links:
            assert link["href"].startswith(f"{seal.origin}/paspoort/"), link
            if link["type"] == "text/html":
                page = client.get(link["href"].removeprefix(seal.origin))
                assert page.status_code == 200
                section = urlsplit(link["href"]).fragment
                assert f'id="{section}"' in page.text or not section, link

    def test_it_is_asked_for_in_three_ways(self, client, address, shown):
        for path, accept in (
            (f"{address}?linkType=all", FIREFOX),
            (address, LINKSET),
            (f"{address}?linkType=linkset", SIGNED),
        ):
            assert ask(client, path, accept).json == shown

    def test_a_host_that_was_made_up_does_not_come_back(self, client, address):
        answer = ask(client, f"{address}?linkType=linkset", base_url="http://evil.example")
        assert "evil" not in answer.text + str(answer.headers)


class TestLinkTypes:
    @pytest.mark.parametrize(
        ("asked", "there"),
        [
            ("gs1:defaultLink", ""),
            ("gs1:pip", "?taal=nl"),
            ("https://ref.gs1.org/voc/pip", "?taal=nl"),
            ("gs1:safetyInfo", "?taal=nl#hazards"),
            ("gs1:traceability", "?taal=nl#life"),
            ("gs1:reportFound", "/melden?taal=nl"),
            ("gs1:jws", ".jwt"),
        ],
    )
    def test_a_link_is_followed(self, client, passport, address, asked, there):
        answer = ask(client, f"{address}?linkType={quote(asked)}", FIREFOX)
        assert (answer.status_code, answer.headers["Location"]) == (307, f"/paspoort/{passport.code}{there}")

    def test_the_page_is_in_the_language_of_the_reader(self, client, address):
        answer = ask(client, f"{address}?linkType=gs1:pip", headers={"Accept-Language": "en"})
        assert answer.headers["Location"].endswith("?taal=en")

    @pytest.mark.parametrize(
        ("accept", "wanted"),
        [(None, "application/vc"), (FIREFOX, "application/vc"), (SIGNED, SIGNED), ("text/html", "application/vc")],
    )
    def test_the_passport_itself_comes_in_the_form_that_is_liked(self, client, address, accept, wanted):
        answer = ask(client, f"{address}?linkType=gs1:dpp", accept)
        assert (answer.status_code, answer.mimetype) == (200, wanted)

    def test_a_link_that_it_has_not_is_not_found_and_one_that_nobody_knows_is_refused(self, client, address):
        assert "geen link" in problem(ask(client, f"{address}?linkType=gs1:instructions"), 404)
        for garbage in (
            "",
            "x",
            "gs1:",
            "gs1:toString",
            "%27%22%3E%3Cscript%3E",
            "gs1%3Adpp%0d%0aX-Y%3A%20z",
            "a" * 5000,
        ):
            answer = ask(client, f"{address}?linkType={garbage}")
            assert "kennen we niet" in problem(answer, 400), garbage
            assert "X-Y" not in answer.headers
        assert ask(client, f"{address}?linkType=x", FIREFOX).mimetype == "text/html"

    @pytest.mark.parametrize(
        "trick",
        [
            "?linkType=//evil.example",
            "?linkType=https://evil.example",
            "?linkType=gs1:pip&next=//evil.example",
            "?next=https://evil.example&terug=//evil.example&url=//evil.example",
            "?linkType=gs1:pip&linkType=https://evil.example",
            "?taal=//evil.example&linkType=gs1:pip",
            "?versie=//evil.example",
            "/../..//evil.example",
            "//evil.example",
            "%2F%2Fevil.example",
            "%5C%5Cevil.example",
            "@evil.example",
            "?linkType=gs1:defaultLink%0d%0aLocation:%20//evil.example",
        ],
    )
    def test_no_trick_leads_to_another_site(self, client, address, trick):
        for accept in (FIREFOX, "application/pdf", "application/json", LINKSET):
            for path in (address + trick, address.lower() + trick, f"/ID/{trick}"):
                answer = ask(client, path, accept)
                location = urlsplit(answer.headers.get("Location", "/"))
                assert location.hostname in {None, "localhost"}, (path, answer.headers)
                assert location.path.startswith("/")
                assert not location.path.startswith(("//", "/\\"))
                assert answer.status_code in {200, 307, 308, 400, 404}


class TestHeaders:
    @pytest.mark.parametrize("query", ["", "?linkType=linkset", "?linkType=gs1:pip", "?linkType=gs1:dpp"])
    def test_every_answer_leads_to_the_linkset_and_is_for_every_site(self, client, passport, seal, query):
        expected = f'<{seal.origin}/ID/{passport.code}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
        for accept in (None, FIREFOX, LINKSET, *READABLE, SIGNED, "application/pdf"):
            answer = ask(client, f"/ID/{passport.code}{query}", accept)
            assert expected in answer.headers.getlist("Link"), accept
            assert {"accept", "accept-language"} <= {name.lower() for name in answer.vary}, accept
            assert answer.headers["Access-Control-Allow-Origin"] == "*", accept
            assert "Access-Control-Allow-Credentials" not in answer.headers, accept

    def test_the_page_leads_to_the_linkset_too(self, client, passport, seal):
        page = client.get(f"/paspoort/{passport.code}")
        assert f'<{seal.origin}/ID/{passport.code}?linkType=linkset>; rel="linkset"' in page.headers["Link"]
        assert "Access-Control-Allow-Origin" not in page.headers

    def test_errors_and_questions_before_a_question_are_for_every_site_too(self, client, address):
        assert ask(client, f"/ID/{NOBODYS}", "application/vc").headers["Access-Control-Allow-Origin"] == "*"
        asked = client.options(address, headers={"Origin": "https://other.example"})
        assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (200, "*")
        assert "GET" in asked.headers["Allow"]
        assert "POST" not in asked.headers["Allow"]

    def test_whoever_keeps_a_copy_is_told_where_withdrawals_are_listed(self, client, address):
        answer = ask(client, address, "application/vc")
        status = read(answer)["credentialStatus"]["statusListCredential"]
        assert f'<{status}>; rel="status"' in answer.headers.getlist("Link")


class TestStatus:
    def test_a_draft_does_not_exist_for_strangers_in_any_form(self, client, owner):
        draft = make_passport(owner, status=PassportStatus.DRAFT)
        paths = [f"/ID/{draft.code}{query}" for query in ("", "?linkType=linkset", "?linkType=gs1:dpp", "?versie=1")]
        paths += [f"/v1/dpps/{draft.code}", f"/v1/dppsByProductId/{draft.code}"]
        paths += [f"/v1/dppsByIdAndDate/{draft.code}?date={clock.today()}"]
        for path in paths:
            for accept in (None, FIREFOX, LINKSET, "application/vc", SIGNED, "application/pdf"):
                answer = ask(client, path, accept)
                assert answer.status_code == 404, (path, accept)
                assert draft.name not in answer.text
                assert not any("linkset" in link for link in answer.headers.getlist("Link"))
        assert sign_in(client, make_member()).get(paths[0]).status_code == 404
        assert sign_in(client, make_member(owner)).get(paths[0]).status_code == 307

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            (PassportStatus.WITHDRAWN, "ingetrokken / withdrawn"),
            (PassportStatus.REPLACED, "vervangen / replaced"),
            (PassportStatus.DESTROYED, "bestaat niet meer / destroyed"),
        ],
    )
    def test_an_old_label_resolves_for_ever_and_says_what_became_of_it(self, client, passport, address, status, said):
        passport.status = status
        session.flush()
        assert said in ask(client, address, LINKSET).json["linkset"][0]["itemDescription"]
        assert ask(client, address, "application/vc").status_code == 200
        page = client.get(ask(client, address).headers["Location"])
        assert page.status_code == 200
        assert ("Dit paspoort is ingetrokken." in page.text) == (status is PassportStatus.WITHDRAWN)


class TestUnknown:
    @pytest.mark.parametrize("accept", [LINKSET, *READABLE, SIGNED, "application/pdf", "application/problem+json"])
    def test_machines_get_a_problem_document(self, client, accept):
        assert problem(ask(client, f"/ID/{NOBODYS}", accept), 404) in {
            "We kennen geen paspoort met deze code.",
            "Er zit een typefout in deze code. Vergelijk hem teken voor teken met het label.",
        }

    @pytest.mark.parametrize(("wanted", "language"), [("nl", "nl"), ("en-GB,en;q=0.9,nl;q=0.5", "en"), ("de", "nl")])
    def test_it_is_in_the_language_of_the_reader(self, client, wanted, language):
        answer = ask(client, "/v1/dpps/7KQ9", headers={"Accept-Language": wanted})
        assert answer.headers["Content-Language"] == language
        assert answer.json["title"] == "Niet gevonden" or language == "en"

    def test_a_link_type_without_a_reader_of_pages_means_a_machine(self, client):
        problem(ask(client, f"/ID/{NOBODYS}?linkType=gs1:dpp"), 404)
        assert ask(client, f"/ID/{NOBODYS}?linkType=gs1:dpp", FIREFOX).mimetype == "text/html"


@pytest.mark.usefixtures("limited")
class TestGuessing:
    def codes(self, count):
        for number in range(count):
            body = f"7KQ9M2FX4HT{ALPHABET[number // 900]}{ALPHABET[number // 30 % 30]}{ALPHABET[number % 30]}C"
            yield body + check_character(body)

    def test_a_thousand_guesses_find_nothing_and_have_to_wait(self, client, passport):
        ways = [
            "/ID/{}",
            "/v1/dpps/{}",
            "/v1/dppsByProductId/{}",
            "/ID/{}?linkType=linkset",
            "/v1/dppsByIdAndDate/{}?date=2026-01-01",
        ]
        statuses = []
        for number, code in enumerate(self.codes(1000)):
            answer = client.get(ways[number % len(ways)].format(code), environ_base={"REMOTE_ADDR": "192.0.2.7"})
            statuses.append(answer.status_code)
        assert statuses == [404] * 30 + [429] * 970
        guesser, neighbour = ({"REMOTE_ADDR": address} for address in ("192.0.2.7", "192.0.2.8"))
        path = f"/v1/dpps/{passport.code}"
        assert "Wacht een minuut" in problem(client.get(path, environ_base=guesser), 429)
        assert client.get(path, environ_base=neighbour).status_code == 200
        page = client.get(f"/ID/{passport.code}", headers={"Accept": FIREFOX}, environ_base=guesser)
        assert (page.status_code, page.mimetype) == (429, "text/html")


class TestReadPaths:
    @pytest.fixture
    def ids(self, passport, seal):
        uri = f"{seal.origin}/ID/{passport.code}"
        return [
            passport.code,
            passport.code.lower(),
            grouped(passport.code),
            quote(uri, safe=""),
            quote(uri.lower(), safe=""),
        ]

    @pytest.mark.parametrize("path", ["dpps", "dppsByProductId"])
    def test_the_newest_passport_is_found_by_its_code_and_its_address(self, client, passport, ids, path):
        newest = queries.find_version(passport.id).credential
        for identifier in ids:
            answer = ask(client, f"/v1/{path}/{identifier}")
            assert (answer.status_code, answer.mimetype, answer.text) == (200, "application/json", newest), identifier
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert any('rel="linkset"' in link for link in answer.headers.getlist("Link"))

    def test_a_passport_that_names_its_version_is_that_version(self, client, seal, passport, address):
        first = read(ask(client, f"{address}?versie=1", "application/vc"))["id"]
        assert first == f"{seal.origin}/ID/{passport.code}#v1"
        assert read(ask(client, f"/v1/dpps/{quote(first, safe='')}"))["id"] == first
        assert read(ask(client, f"/v1/dppsByProductId/{quote(first, safe='')}"))["id"].endswith("#v2")
        problem(ask(client, f"/v1/dpps/{quote(first, safe='')}0"), 404)

    def test_the_form_is_the_one_that_is_accepted(self, client, passport):
        for accept in (*READABLE, SIGNED):
            assert ask(client, f"/v1/dpps/{passport.code}", accept).mimetype == accept
        for accept in (FIREFOX, "text/html", "image/png", None):
            assert ask(client, f"/v1/dpps/{passport.code}", accept).mimetype == "application/json"
        assert ask(client, f"/v1/dpps/{passport.code}", "application/pdf").status_code == 307

    @pytest.mark.parametrize(
        "identifier",
        [
            "https://evil.example/ID/{}",
            "https://hub.example.evil.example/ID/{}",
            "http://127.0.0.1:8000@evil.example/ID/{}",
        ],
    )
    def test_a_passport_of_another_hub_is_said_to_be_that(self, client, passport, identifier):
        answer = ask(client, f"/v1/dpps/{quote(identifier.format(passport.code), safe='')}")
        assert "andere partij" in problem(answer, 404)

    @pytest.mark.parametrize(
        "identifier", ["ftp://127.0.0.1:8000/ID/{}", "http://127.0.0.1:8000/{}", "http://[/ID/{}", "{}#x"]
    )
    def test_what_is_no_identifier_is_refused(self, client, passport, identifier):
        problem(ask(client, f"/v1/dpps/{quote(identifier.format(passport.code), safe='')}"), 400)

    @pytest.mark.parametrize("path", ["dpps", "dppsByProductId", "dppsByIdAndDate"])
    def test_what_is_unknown_is_not_found(self, client, path):
        for identifier in ("7KQ9", "%20", "%2F%2F", "a" * 3000, "é"):
            answer = ask(client, f"/v1/{path}/{identifier}?date=2026-01-01")
            assert answer.status_code == 404, identifier

    def test_each_moment_has_the_version_that_was_valid_then(self, client, passport):
        now = clock.now()

        def number(date):
            answer = ask(client, f"/v1/dppsByIdAndDate/{passport.code}?date={quote(date)}")
            return read(answer)["id"][-2:] if answer.status_code == 200 else problem(answer, 404)

        assert number((now - timedelta(days=4)).isoformat()) == "v2"
        assert number((now - timedelta(days=6)).isoformat()) == "v1"
        assert number((now - timedelta(days=6)).date().isoformat()) == "v1"
        assert number(clock.today().isoformat()) == "v2"
        assert "nog geen" in number((now - timedelta(days=11)).isoformat())
        first = queries.find_version(passport.id, 1).valid_from
        assert number(first.isoformat()) == "v1"
        assert "nog geen" in number((first - timedelta(seconds=1)).isoformat())

    @pytest.mark.parametrize(
        "date",
        [
            "",
            "gisteren",
            "2026-02-30",
            "2026-13-01",
            "9999-12-31",
            "0001-01-01T00:00:00+14:00",
            "1",
            "2999-01-01",
            "NaN",
            "2026-01-01T25:00",
        ],
    )
    def test_a_date_that_is_none_or_still_has_to_come_is_refused(self, client, passport, date):
        problem(ask(client, f"/v1/dppsByIdAndDate/{passport.code}?date={quote(date)}"), 400)

    def test_a_date_is_asked_for(self, client, passport):
        assert "date" in problem(ask(client, f"/v1/dppsByIdAndDate/{passport.code}"), 400)

    def test_a_moment_a_second_ahead_is_refused(self, client, passport):
        ahead = (clock.now() + timedelta(minutes=1)).isoformat()
        assert "nog komen" in problem(ask(client, f"/v1/dppsByIdAndDate/{passport.code}?date={quote(ahead)}"), 400)

    def test_a_plus_sign_that_became_a_space_is_understood(self, client, passport):
        answer = ask(
            client, f"/v1/dppsByIdAndDate/{passport.code}?date={(clock.now() - timedelta(days=1)).isoformat()}"
        )
        assert answer.status_code == 200


def test_the_resolver_describes_itself(client, seal):
    answer = ask(client, "/.well-known/gs1resolver")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json["resolverRoot"] == seal.origin
    assert answer.json["supportedPrimaryKeys"] == []
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_address_with_too_many_slashes_is_led_on_below_whatever_host_was_asked(client, context):
    answer = client.get("/ID//JZP937X5VQX4R4HV", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, "/ID/JZP937X5VQX4R4HV")
