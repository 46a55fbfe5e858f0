"""A request that carries a key does what it does once, and is answered the same every time."""

import html
import io
import re
import threading
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit import answers, clock
from marketplace.kit.answers import KeptAnswer
from marketplace.kit.database import commit, session
from marketplace.scanning.models import Complaint, FinderReport
from marketplace.web import idempotency
from marketplace.web.access import requires
from tests.factories import make_member, make_passport, sign_in
from tests.web.test_posting import jpeg

TOGETHER = 8
ORGANISATION = {
    "name": "Bouwbedrijf Drent",
    "kind": "contractor",
    "place": "Assen",
    "address": "Dorpsstraat 1",
    "kvk": "",
}


@pytest.fixture
def passport(context):
    return make_passport()


@pytest.fixture
def report(client, passport):
    """Report something about a passport, as a visitor who did not sign in."""

    def send(*, headers=(), **fields):
        told = {"complaint": Complaint.OTHER_THING.value, "note": "Dit is een raam"} | fields
        return client.post(f"/paspoort/{passport.code}/melden", data=told, headers=dict(headers))

    return send


def reports() -> int:
    return session.scalar(select(func.count()).select_from(FinderReport))


def kept() -> list[KeptAnswer]:
    return list(session.scalars(select(KeptAnswer)))


def seen(answer) -> tuple[int, bytes, str | None, str | None]:
    return answer.status_code, answer.data, answer.headers.get("Location"), answer.headers.get("Content-Type")


def test_the_same_key_twice_does_it_once_and_answers_the_same(report):
    first, second = report(request_key="k" * 22), report(request_key="k" * 22)
    assert (first.status_code, reports()) == (303, 1)
    assert seen(first) == seen(second)
    assert (idempotency.REPLAYED in first.headers, idempotency.REPLAYED in second.headers) == (False, True)


def test_without_a_key_everything_is_done_every_time(report):
    assert [report().status_code, report().status_code] == [303, 303]
    assert (reports(), kept()) == (2, [])


def test_another_key_is_another_request(report):
    report(request_key="a")
    report(request_key="b")
    assert reports() == 2


def test_the_same_key_with_something_else_is_refused_and_does_nothing(report):
    report(request_key="k")
    answer = report(request_key="k", note="Iets heel anders")
    assert (answer.status_code, "met andere gegevens" in answer.text, reports()) == (409, True, 1)


class TestSentBefore:
    """Who goes back in their browser and sends the form changed is asked, and loses nothing of what was typed."""

    def offered(self, answer) -> dict[str, str]:
        """Return what the form of the page sends."""
        form = re.search(r'<form class="stack" method="post".*?</form>', answer.text, re.DOTALL)
        assert form, answer.text
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
        return {name: html.unescape(value) for name, value in found}

    def test_what_was_typed_can_be_sent_after_all_under_a_new_key(self, client, report, passport):
        typed = 'Iets "heel" anders & <b>\r\nop twee regels'
        report(request_key="k")
        answer = report(request_key="k", note=typed)
        fields = self.offered(answer)
        assert (fields["note"], fields["complaint"]) == (typed, Complaint.OTHER_THING.value)
        assert fields["request_key"] != "k"
        assert f'action="/paspoort/{passport.code}/melden"' in answer.text
        assert [client.post(f"/paspoort/{passport.code}/melden", data=fields).status_code for _ in "ab"] == [303, 303]
        assert reports() == 2

    def test_it_leads_to_what_came_of_the_first(self, report):
        first = report(request_key="k")
        assert f'href="{first.headers["Location"]}"' in report(request_key="k", note="Anders").text

    def test_a_form_with_a_photo_is_to_be_filled_in_anew(self, report):
        report(request_key="k")
        answer = report(request_key="k", photo=(io.BytesIO(jpeg(640)), "foto.jpg"))
        assert (answer.status_code, "Open dan het formulier opnieuw." in answer.text) == (409, True)
        assert "Verstuur ook" not in answer.text

    def test_a_choice_of_no_photo_is_no_photo(self, report):
        report(request_key="k")
        assert self.offered(report(request_key="k", note="Anders", photo=(io.BytesIO(b""), "")))["note"] == "Anders"

    @pytest.mark.parametrize("led_to", ["https://kwaad.example/x", "//kwaad.example", "/\\kwaad.example", ""])
    def test_it_leads_to_no_other_site(self, report, led_to):
        report(request_key="k")
        session.execute(update(KeptAnswer).values(headers=[["Location", led_to]]))
        assert "Bekijk wat toen is opgeslagen" not in report(request_key="k", note="Anders").text


def test_the_same_key_at_another_address_is_refused(client, report, passport):
    report(request_key="k")
    other = make_passport()
    told = {"complaint": Complaint.OTHER_THING.value, "note": "Dit is een raam", "request_key": "k"}
    assert client.post(f"/paspoort/{other.code}/melden", data=told).status_code == 409
    assert reports() == 1


def test_the_header_works_as_the_hidden_field_does(report):
    in_header, in_field = report(headers={"Idempotency-Key": "k"}), report(request_key="k")
    assert (seen(in_header), reports()) == (seen(in_field), 1)


def test_a_page_that_was_opened_anew_has_another_token_and_is_yet_the_same_request(report):
    report(request_key="k", csrf_token="a")
    assert report(request_key="k", csrf_token="b").status_code == 303
    assert reports() == 1


def test_what_a_photo_shows_is_part_of_the_request(report):
    def photo(width):
        return io.BytesIO(jpeg(width)), "foto.jpg"

    codes = [report(request_key="k", photo=photo(width)).status_code for width in (640, 640, 641)]
    assert (codes, reports()) == ([303, 303, 409], 1)


def test_a_form_with_mistakes_is_corrected_under_the_same_key(report):
    wrong = report(complaint=Complaint.OTHER.value, note="", request_key="k" * 22)
    assert (wrong.status_code, f'value="{"k" * 22}"' in wrong.text, kept()) == (422, True, [])
    right = report(complaint=Complaint.OTHER.value, note="De sticker zit los", request_key="k" * 22)
    assert (right.status_code, reports()) == (303, 1)


def test_what_is_refused_is_not_kept(client, report):
    made = {"complaint": Complaint.OTHER_THING.value, "request_key": "k"}
    assert client.post("/paspoort/BESTAATNIET/melden", data=made).status_code == 404
    assert kept() == []
    assert report(request_key="k").status_code == 303


def test_an_answer_to_which_nothing_was_written_is_not_kept(client):
    assert client.post("/controleren", data={"text": "niets", "request_key": "k"}).status_code in {200, 422}
    assert kept() == []


def test_what_was_done_by_a_view_that_then_refuses_is_done_and_the_key_is_free_again(client, report, monkeypatch):
    tries = []

    @requires(Permission.PUBLIC)
    def refuse(code):
        tries.append(code)
        session.execute(update(Organisation).values(name="Veranderd"))
        commit()
        return "nee", 409

    with monkeypatch.context() as changed:
        changed.setitem(client.application.view_functions, "verification.send_report", refuse)
        assert [report(request_key="k").status_code for _ in "ab"] == [409, 409]
    assert (len(tries), set(session.scalars(select(Organisation.name))), kept()) == (2, {"Veranderd"}, [])


def test_a_refusal_that_is_made_later_is_made_after_all_was_undone(client, report, monkeypatch):
    seen = []

    @requires(Permission.PUBLIC)
    def refuse(code):
        session.execute(update(Organisation).values(name="Veranderd"))

        def shown():
            seen.append((set(session.scalars(select(Organisation.name))), kept()))
            return client.application.make_response((code, 409))

        return idempotency.Remade((), shown)

    before = set(session.scalars(select(Organisation.name)))
    monkeypatch.setitem(client.application.view_functions, "verification.send_report", refuse)
    assert report(request_key="k").status_code == 409
    assert seen == [(before, [])]


def test_two_people_with_the_same_key_do_not_see_each_others_answer(client):
    for name, user in (("Drent", make_member()), ("Emmen", make_member())):
        sign_in(client, user)
        answers_given = [
            client.post("/organisaties/nieuw", data=ORGANISATION | {"name": name, "request_key": "k"}) for _ in "ab"
        ]
        assert [each.status_code for each in answers_given] == [303, 303]
        assert [idempotency.REPLAYED in each.headers for each in answers_given] == [False, True]
    names = session.scalars(select(Organisation.name).where(Organisation.name.in_(["Drent", "Emmen"])))
    assert sorted(names) == ["Drent", "Emmen"]


def test_the_second_answer_says_what_the_first_one_said(client):
    sign_in(client, make_member())
    for _ in "ab":
        client.post("/organisaties/nieuw", data=ORGANISATION | {"request_key": "k"})
        with client.session_transaction() as cookie:
            said = cookie.pop("_flashes")
        assert len(said) == 1


@pytest.mark.parametrize("key", ["x" * 65, "met spatie", "regel\neinde", "é"])
def test_what_is_no_key_is_refused_with_a_sentence(report, key):
    answer = report(request_key=key)
    assert (answer.status_code, "sleutel" in answer.text, reports()) == (422, True, 0)


def test_the_longest_key_is_one_and_an_empty_one_is_none(report):
    assert report(request_key="x" * 64).status_code == 303
    assert report(request_key="").status_code == 303
    assert (reports(), len(kept())) == (2, 1)


def test_signing_in_is_never_kept(client):
    user = make_member(password="een goed wachtwoord")
    client.post("/aanmelden", data={"email": user.email, "password": "fout", "request_key": "k"})
    assert kept() == []


def test_a_commit_that_fails_keeps_nothing(report, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "commit", _out_of_order)
        assert report(request_key="k").status_code == 500
    assert (reports(), kept()) == (0, [])
    assert (report(request_key="k").status_code, reports()) == (303, 1)


def test_a_commit_that_was_in_the_way_of_another_is_tried_again(client, report, monkeypatch):
    tries = []

    def busy():
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("COMMIT", {}, Exception("database is locked"))
        commit()

    monkeypatch.setattr(idempotency, "commit", busy)
    assert report(request_key="k").status_code == 303
    assert (len(tries), reports(), len(kept())) == (3, 1, 1)
    with client.session_transaction() as cookie:
        assert len(cookie["_flashes"]) == 1


def _out_of_order():
    raise OperationalError("COMMIT", {}, Exception("disk I/O error"))


def test_answers_are_forgotten_when_their_time_is_over(report):
    report(request_key="k")
    now = clock.now()
    assert answers.forget(now - answers.KEPT_FOR) == 0
    assert answers.forget(now + timedelta(seconds=1)) == 1
    assert kept() == []


@pytest.fixture
def found_at_once(app, emptied_afterwards):
    """Send one form many times at once, on connections of their own."""
    with app.app_context():
        passport = make_passport()
        code = passport.code
        commit()

    def send(key):
        together, given = threading.Barrier(TOGETHER), []

        def press():
            browser = FlaskClient(app, app.response_class)
            together.wait()
            told = {"complaint": "other_thing", "note": "Dit is een raam", "request_key": key}
            given.append(seen(browser.post(f"/paspoort/{code}/melden", data=told)))

        pressed = [threading.Thread(target=press) for _ in range(TOGETHER)]
        for each in pressed:
            each.start()
        for each in pressed:
            each.join()
        with app.app_context():
            return given, reports()

    return send


@pytest.mark.timeout(120)
def test_pressed_many_times_at_once_it_is_done_once_and_everyone_is_told_the_same(found_at_once):
    for key in ("eerste", "tweede", "derde"):
        given, done = found_at_once(key)
        assert (len(given), len(set(given)), given[0][0]) == (TOGETHER, 1, 303)
    assert done == 3


@pytest.mark.timeout(120)
def test_without_the_guard_the_same_presses_do_it_more_than_once(found_at_once, monkeypatch):
    """The control: the same requests, whose key nobody looks at."""
    monkeypatch.setattr(idempotency, "_sent", lambda: None)
    _given, done = found_at_once("eerste")
    assert done > 1
