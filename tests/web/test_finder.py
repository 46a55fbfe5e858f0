"""A finder without an account reports what is wrong, and the owner sees it and settles it."""

import io
from datetime import timedelta

import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.passports.levels import Granularity
from marketplace.scanning import queries, reports
from marketplace.scanning.models import Complaint
from marketplace.scanning.reports import Found
from tests.factories import make_listing, make_member, make_organisation, make_passport, place, sign_in, sign_out
from tests.web.test_posting import jpeg


@pytest.fixture
def owner(context):
    return make_organisation()


@pytest.fixture
def passport(owner):
    return make_passport(owner)


@pytest.fixture
def send(client, passport):
    def post(**fields):
        given = {"complaint": "other_thing", "place": "Assen", "note": "Het zijn ramen", **fields}
        return client.post(f"/paspoort/{passport.code}/melden", data=given)

    return post


def only(passport):
    (report,) = queries.open_reports([passport.id])
    return report


def test_the_form_asks_for_no_name_and_no_address(client, passport):
    page = client.get(f"/paspoort/{passport.code}/melden").text
    assert "Wat klopt er niet?" in page
    for field in ('name="name"', 'name="email"', 'type="email"', 'name="phone"'):
        assert field not in page


def test_a_finder_reports_with_a_photo_and_without_signing_in(client, passport, send):
    answer = send(photo=(io.BytesIO(jpeg()), "foto.jpg"))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/paspoort/{passport.code}")
    report = only(passport)
    assert (report.complaint, report.place, report.note) == (Complaint.OTHER_THING, "Assen", "Het zijn ramen")
    assert "Dank u wel." in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"complaint": ""}, "Kies wat er niet klopt."),
        ({"complaint": "explode"}, "complaint"),
        ({"place": "Lutjebroekstra"}, "We kennen geen plaats"),
        ({"note": "x" * 501}, "note"),
        ({"complaint": "other", "note": ""}, "Schrijf in een paar woorden"),
        ({"photo": b"geen foto"}, "foto"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(send, passport, fields, said):
    files = {name: (io.BytesIO(value), "foto.jpg") for name, value in fields.items() if name == "photo"}
    answer = send(**(fields | files))
    assert answer.status_code == 422
    assert said in answer.text
    if "note" not in fields:
        assert "Het zijn ramen" in answer.text
    assert list(queries.open_reports([passport.id])) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_nobody_issued_cannot_be_reported_on(client, method):
    assert getattr(client, method)("/paspoort/7KQ9M2FX4HTB8W0O/melden").status_code == 404


@pytest.mark.usefixtures("limited")
class TestLimit:
    def test_one_address_reports_ten_times_an_hour(self, send):
        assert [send().status_code for _ in range(11)] == [303] * 10 + [429]

    def test_one_address_checks_thirty_files_a_minute(self, client):
        statuses = [client.post("/controleren", data={"text": "{"}).status_code for _ in range(31)]
        assert statuses == [422] * 30 + [429]


class TestOwner:
    @pytest.fixture
    def report(self, passport, context):
        uploads = context.config["SETTINGS"].uploads_path
        found = Found(Complaint.OTHER_PLACE, place("Assen"), "in de schuur", jpeg())
        return reports.report(passport, found, uploads=uploads)

    @pytest.mark.usefixtures("report")
    def test_the_owner_sees_the_report_and_strangers_do_not(self, client, owner, passport):
        path = f"/paspoort/{passport.code}"
        assert "in de schuur" not in client.get(path).text
        assert "in de schuur" not in sign_in(client, make_member()).get(path).text
        page = sign_in(client, make_member(owner, Role.SITE)).get(path).text
        for said in ("Gemeld", "Het staat op een andere plek", "Assen", "in de schuur", "/foto.jpg"):
            assert said in page

    @pytest.mark.usefixtures("report")
    def test_the_desk_counts_what_was_reported(self, client, owner, passport):
        make_listing(owner, passport=passport)
        page = sign_in(client, make_member(owner)).get("/aanbod/mijn").text
        assert "Gemeld: 1 keer" in page
        assert f"/paspoort/{passport.code}#meldingen" in page

    def test_the_owner_settles_it(self, client, owner, passport, report):
        answer = sign_in(client, make_member(owner)).post(f"/meldingen/{report.id}/afhandelen")
        assert answer.status_code == 303
        assert list(queries.open_reports([passport.id])) == []
        assert client.post(f"/meldingen/{report.id}/afhandelen").status_code == 409

    def test_a_stranger_settles_nothing_and_sees_no_photo(self, client, passport, report):
        sign_in(client, make_member())
        assert client.post(f"/meldingen/{report.id}/afhandelen").status_code == 404
        assert client.get(f"/meldingen/{report.id}/foto.jpg").status_code == 404
        assert only(passport) is not None
        assert sign_out(client).get(f"/meldingen/{report.id}/foto.jpg").status_code == 302

    def test_the_photo_is_for_people_of_the_owner_and_kept_by_no_cache(self, client, owner, report):
        answer = sign_in(client, make_member(owner)).get(f"/meldingen/{report.id}/foto.jpg")
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
        answer.close()
        assert client.get("/meldingen/999999/foto.jpg").status_code == 404


def test_a_copied_label_is_told_to_everyone_who_scans_it(client, owner, context):
    passport = make_passport(owner, granularity=Granularity.ITEM)
    uploads = context.config["SETTINGS"].uploads_path
    for name, minutes in (("Assen", 20), ("Utrecht", 1)):
        at = clock.now() - timedelta(minutes=minutes)
        reports.report(passport, Found(Complaint.LABEL, place(name)), uploads=uploads, at=at)
    page = client.get(f"/paspoort/{passport.code}").text
    assert "kort na elkaar op twee plaatsen gezien: Assen" in page
    assert "mogelijk is het gekopieerd" in page
