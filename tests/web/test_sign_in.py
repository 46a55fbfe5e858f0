"""Registering, confirming, signing in and out, and recovering, as a person does it."""

import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from flask import g
from flask_security import hash_password
from sqlalchemy import select

from marketplace.accounts import actions, queries
from marketplace.accounts.models import User
from marketplace.demo import sign_ins
from marketplace.kit import journal
from marketplace.kit.database import commit, session
from tests.conftest import other

EMAIL, PASSWORD = "j.mulder@bork.nl", "balken uit Sleen"


@pytest.fixture
def mails(settings, tmp_path, app, monkeypatch):
    """Return a function that reads the mails so far, the oldest first."""
    monkeypatch.setitem(app.config, "SETTINGS", other(settings, instance_path=tmp_path))

    def read():
        files = sorted((tmp_path / "mail").glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    return read


def forget():
    """End the previous request: those of a test share one application context and one session."""
    session.rollback()
    for name in ("actor", "_login_user", "fs_authn_via", "mail"):
        g.pop(name, None)


def post(client, path, **fields):
    forget()
    return client.post(path, data=fields)


def get(client, path):
    forget()
    return client.get(path)


def link_in(mail):
    found = re.search(r"https?://\S+", mail.get_content())
    assert found, mail.get_content()
    return urlsplit(found.group()).path


@pytest.fixture
def jan(context):
    user = actions.add_user(email=EMAIL, name="Jan Mulder", password_hash=hash_password(PASSWORD), confirmed=True)
    commit()
    return user


def signed_in(client):
    return get(client, "/account").status_code == 200


def test_the_whole_way_from_registering_to_a_new_password(client, mails):
    answer = post(client, "/registreren", name="Jan Mulder", email="J.Mulder@Bork.nl", password=PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/aanmelden")
    assert EMAIL in get(client, "/aanmelden").text
    (welcome,) = mails()
    assert (welcome["To"], welcome["Subject"]) == (EMAIL, "Bevestig uw e-mailadres voor Materialenhub")

    early = post(client, "/aanmelden", email=EMAIL, password=PASSWORD)
    assert "Bevestig eerst uw e-mailadres" in early.text
    assert not signed_in(client)

    assert get(client, link_in(welcome)).location == "/aanmelden"
    assert "is bevestigd" in get(client, "/aanmelden").text
    assert post(client, "/aanmelden", email=EMAIL, password=PASSWORD).location == "/account"
    assert "Jan Mulder" in get(client, "/account").text

    assert post(client, "/afmelden").status_code == 302
    assert not signed_in(client)

    assert "staat er een mail klaar" in post(client, "/wachtwoord-vergeten", email=EMAIL).text
    recovery = link_in(mails()[-1])
    assert "Nieuw wachtwoord" in get(client, recovery).text
    assert post(client, recovery, password="planken uit Schoonoord").location == "/aanmelden"
    assert mails()[-1]["Subject"] == "Uw wachtwoord is gewijzigd"

    assert post(client, "/aanmelden", email=EMAIL, password=PASSWORD).status_code == 200
    assert post(client, "/aanmelden", email=EMAIL, password="planken uit Schoonoord").status_code == 302
    user = queries.find_user(EMAIL)
    told = [entry.action for entry in reversed(journal.history(f"user:{user.id}"))]
    assert told == ["user.registered", "user.confirmed", "user.password_reset"]


def test_a_link_to_recover_works_once(client, jan, mails):
    post(client, "/wachtwoord-vergeten", email=EMAIL)
    recovery = link_in(mails()[-1])
    post(client, recovery, password="planken uit Schoonoord")
    again = post(client, recovery, password="iets heel anders")
    assert again.location == "/wachtwoord-vergeten"
    assert post(client, "/aanmelden", email=EMAIL, password="iets heel anders").status_code == 200
    assert not signed_in(client)


def test_a_password_is_changed_by_who_knows_it(client, jan, mails):
    post(client, "/aanmelden", email=EMAIL, password=PASSWORD)
    wrong = post(client, "/wachtwoord-wijzigen", password="dat weet ik niet", new_password="planken uit Sleen")
    assert "Dit wachtwoord klopt niet." in wrong.text
    right = post(client, "/wachtwoord-wijzigen", password=PASSWORD, new_password="planken uit Sleen")
    assert right.location == "/account"
    assert signed_in(client)
    assert mails()[-1]["Subject"] == "Uw wachtwoord is gewijzigd"


@pytest.mark.usefixtures("jan")
class TestUnknownPeople:
    """Nobody learns here who has an account."""

    @staticmethod
    def said(answer, email):
        page = re.sub(r"[0-9a-f]{40,}|ImI\S+", "", answer.text).replace(email, "")
        return answer.status_code, answer.location, page

    def test_a_wrong_password_and_a_wrong_address_get_the_same_answer(self, client):
        known = post(client, "/aanmelden", email=EMAIL, password="verkeerd woord")
        unknown = post(client, "/aanmelden", email="niemand@bork.nl", password="verkeerd woord")
        assert "Het e-mailadres of het wachtwoord klopt niet." in known.text
        assert self.said(known, EMAIL) == self.said(unknown, "niemand@bork.nl")

    @pytest.mark.parametrize("path", ["/wachtwoord-vergeten", "/bevestigen"])
    def test_asking_for_a_mail_gets_the_same_answer(self, client, mails, path):
        known, unknown = post(client, path, email=EMAIL), post(client, path, email="niemand@bork.nl")
        assert self.said(known, EMAIL) == self.said(unknown, "niemand@bork.nl")
        assert {mail["To"] for mail in mails()} <= {EMAIL}

    def test_registering_a_known_address_looks_the_same_and_tells_its_owner(self, client, mails):
        known = post(client, "/registreren", name="Piet", email=EMAIL, password="iets heel anders")
        unknown = post(client, "/registreren", name="Piet", email="piet@bork.nl", password="iets heel anders")
        assert (known.status_code, known.location) == (unknown.status_code, unknown.location) == (302, "/aanmelden")
        to_owner, to_piet = mails()
        assert to_owner["To"] == EMAIL
        assert "bestaat al" in to_owner.get_content()
        assert "bestaat al" not in to_piet.get_content()
        assert session.scalars(select(User.name).where(User.email == EMAIL)).one() == "Jan Mulder"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Vul uw naam in."),
        ({"name": "N" * 121}, "Gebruik ten hoogste 120 tekens."),
        ({"email": "bork"}, "Dit is geen e-mailadres."),
        ({"email": ""}, "Vul uw e-mailadres in."),
        ({"password": "kort"}, "Kies een wachtwoord van ten minste 10 tekens."),
        ({"password": ""}, "Vul een wachtwoord in."),
    ],
)
def test_what_is_wrong_with_a_registration_is_said_in_a_sentence(client, mails, fields, sentence):
    answer = post(client, "/registreren", **{"name": "Jan", "email": EMAIL, "password": PASSWORD} | fields)
    assert sentence in answer.text
    assert queries.find_user(EMAIL) is None
    assert mails() == []


@pytest.mark.usefixtures("jan")
class TestNext:
    def test_leads_to_the_page_that_was_asked_for(self, client):
        asked = get(client, "/organisaties/nieuw?a=b")
        assert asked.location == "/aanmelden?next=/organisaties/nieuw?a%3Db"
        page = get(client, asked.location)
        assert 'value="/organisaties/nieuw?a=b"' in page.text
        answer = post(client, "/aanmelden", email=EMAIL, password=PASSWORD, next="/organisaties/nieuw?a=b")
        assert answer.location == "/organisaties/nieuw?a=b"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "//evil.example",
            "/\\evil.example",
            "/%5cevil.example",
            "https://evil.example",
            "http:evil.example",
            "\t//evil",
        ],
    )
    def test_leads_nowhere_else(self, client, elsewhere):
        in_form = post(client, "/aanmelden", email=EMAIL, password=PASSWORD, next=elsewhere)
        assert (in_form.status_code, in_form.location) == (422, None)
        forget()
        in_address = client.post(
            "/aanmelden", query_string={"next": elsewhere}, data={"email": EMAIL, "password": PASSWORD}
        )
        assert (in_address.status_code, in_address.location) == (422, None)
        assert not signed_in(client)


@pytest.mark.usefixtures("limited")
class TestTries:
    def statuses(self, client, path, times, address="192.0.2.1", **fields):
        seen = []
        for number in range(times):
            forget()
            data = {name: value.format(number) for name, value in fields.items()}
            seen.append(client.post(path, data=data, environ_base={"REMOTE_ADDR": address}).status_code)
        return seen

    def test_the_twenty_first_of_a_minute_is_refused_with_a_sentence(self, client):
        assert self.statuses(client, "/aanmelden", 21, email="p{}@bork.nl", password="x")[-2:] == [200, 429]
        forget()
        page = client.post("/aanmelden", environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert "Te veel pogingen" in page.text

    def test_one_account_cannot_be_tried_from_many_addresses(self, client):
        seen = [
            self.statuses(client, "/aanmelden", 1, f"192.0.2.{number}", email=EMAIL, password="x")[0]
            for number in range(1, 22)
        ]
        assert seen[-2:] == [200, 429]

    @pytest.mark.parametrize("path", ["/registreren", "/wachtwoord-vergeten", "/bevestigen"])
    def test_mails_cannot_be_asked_for_without_end(self, client, path):
        assert self.statuses(client, path, 21, email="geen adres")[-2:] == [200, 429]

    def test_looking_is_free(self, client):
        for _ in range(25):
            assert get(client, "/aanmelden").status_code == 200


class TestDemo:
    @pytest.fixture
    def demo(self, app, settings, monkeypatch):
        monkeypatch.setitem(app.config, "SETTINGS", other(settings, demo=True))

    @staticmethod
    def load(**facts):
        sloper = sign_ins.SIGN_INS[0]
        actions.add_user(
            email=sloper.email, name="S. Loper", password_hash=hash_password(sign_ins.PASSWORD), confirmed=True, **facts
        )
        commit()

    @pytest.mark.usefixtures("demo")
    def test_its_people_are_named_where_they_exist(self, client):
        self.load(is_example=True)
        page = get(client, "/aanmelden").text
        assert sign_ins.SIGN_INS[0].email in page
        assert sign_ins.PASSWORD in page
        assert sign_ins.SIGN_INS[1].email not in page
        sloper = sign_ins.SIGN_INS[0].email
        assert post(client, "/aanmelden", email=sloper, password=sign_ins.PASSWORD).location == "/account"

    @pytest.mark.usefixtures("demo")
    def test_nobody_is_named_where_the_demo_was_not_loaded(self, client):
        assert sign_ins.PASSWORD not in get(client, "/aanmelden").text

    @pytest.mark.usefixtures("demo")
    def test_nobody_is_named_who_is_no_example(self, client):
        self.load(is_example=False)
        assert sign_ins.PASSWORD not in get(client, "/aanmelden").text

    def test_nobody_is_named_without_the_demo(self, client):
        self.load(is_example=True)
        assert sign_ins.PASSWORD not in get(client, "/aanmelden").text


@pytest.mark.usefixtures("jan")
def test_a_mail_that_cannot_be_sent_breaks_nothing(client, settings, monkeypatch, caplog):
    monkeypatch.setitem(client.application.config, "SETTINGS", other(settings, mail_url="smtp://localhost:1"))
    assert "staat er een mail klaar" in post(client, "/wachtwoord-vergeten", email=EMAIL).text
    assert "mail was not sent" in caplog.text
    assert EMAIL not in caplog.text


@pytest.mark.usefixtures("jan")
class TestTokens:
    @pytest.fixture(autouse=True)
    def guarded(self, app, monkeypatch):
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)

    @pytest.mark.parametrize(
        "path", ["/aanmelden", "/registreren", "/wachtwoord-vergeten", "/afmelden", "/account/naam"]
    )
    def test_a_form_without_its_token_is_refused_with_a_page(self, client, path):
        answer = post(client, path, email=EMAIL, password=PASSWORD)
        assert answer.status_code == 400
        assert "Dit formulier is verlopen" in answer.text

    def test_a_form_with_its_token_passes(self, client):
        page = get(client, "/aanmelden").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
        answer = post(client, "/aanmelden", email=EMAIL, password=PASSWORD, csrf_token=token)
        assert answer.location == "/account"


def test_a_sign_in_needs_no_json(client, jan):
    forget()
    answer = client.post("/aanmelden", json={"email": EMAIL, "password": ["x"]})
    assert answer.status_code < 500
    assert answer.mimetype == "text/html"
