"""The files of a passport: who gets which, byte for byte, and in both languages."""

import csv
import io
import json
from decimal import Decimal

import pikepdf
import pytest
from flask import current_app

from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.passports import queries, versions
from marketplace.passports.models import PassportStatus
from marketplace.passports.pdf import ATTACHMENT
from marketplace.passports.taking import Act
from marketplace.scanning import actions
from marketplace.web.sealing import hub_seal
from tests.factories import make_listing, make_member, make_organisation, make_passport, sign_in
from tests.tampering import tampered

TYPES = {
    "pdf": "application/pdf",
    "json": "application/vc",
    "jwt": "application/vc+jwt",
    "csv": "text/csv; charset=utf-8",
}

ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture
def owner(context):
    return make_organisation(name="Bork Groep")


@pytest.fixture
def passport(owner):
    passport = make_passport(owner, name="=Binnendeuren “opdek”")
    publish(passport)
    return passport


def publish(passport):
    return versions.add_version(versions.whole(passport), seal=current_app.config["SEAL"], at=clock.now())


def version_of(passport, number=None):
    return queries.find_version(passport.id, number)


def rows(answer, delimiter=";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def opened(answer) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(answer.data))


@pytest.mark.parametrize("form", TYPES)
def test_each_form_has_its_type_a_safe_name_and_is_not_sniffed(client, passport, form):
    answer = client.get(f"/paspoort/{passport.code}.{form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == TYPES[form]
    name = f"paspoort-{passport.code}-v1." + ("nl.pdf" if form == "pdf" else form)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_the_json_and_the_token_are_what_was_signed(client, passport):
    version = version_of(passport)
    credential, jwt = version.credential.encode(), version.jwt.encode()
    assert client.get(f"/paspoort/{passport.code}.json").data == credential
    assert client.get(f"/paspoort/{passport.code}.jwt").data == jwt
    assert json.loads(credential)["proof"]["cryptosuite"] == "eddsa-jcs-2022"


def test_a_checker_in_a_browser_may_read_what_was_signed_from_any_site(client, passport):
    shared = {form: client.get(f"/paspoort/{passport.code}.{form}").headers.get(ALLOWED) for form in TYPES}
    assert shared == {"json": "*", "jwt": "*", "pdf": None, "csv": None}


@pytest.mark.parametrize("taal", ["nl", "en"])
def test_the_pdf_carries_what_was_signed_and_speaks_the_language_that_was_asked(client, passport, taal):
    credential = version_of(passport).credential.encode()
    with opened(client.get(f"/paspoort/{passport.code}.pdf?taal={taal}")) as pdf:
        assert pdf.attachments[ATTACHMENT].get_file().read_bytes() == credential
        assert str(pdf.Root.Lang) == taal


def test_the_pdf_speaks_the_language_of_the_reader_where_none_was_asked(client, passport):
    client.set_cookie("language", "en")
    for taal, spoken in (("", "en"), ("?taal=nl", "nl"), ("?taal=de", "en")):
        with opened(client.get(f"/paspoort/{passport.code}.pdf{taal}")) as pdf:
            assert str(pdf.Root.Lang) == spoken


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_an_older_version_is_kept_and_found_by_its_number(client, passport, form):
    passport.name = "Binnendeuren stomp"
    publish(passport)
    older, newest = (version_of(passport, number).credential.encode() for number in (1, 2))
    assert older != newest

    def signed(query: str) -> bytes:
        answer = client.get(f"/paspoort/{passport.code}.{form}{query}")
        if form == "json":
            return answer.data
        with opened(answer) as pdf:
            return pdf.attachments[ATTACHMENT].get_file().read_bytes()

    assert (signed("?versie=1"), signed("?versie=2"), signed("")) == (older, newest, newest)


def test_only_what_was_signed_is_kept_for_ever_and_only_under_the_number_of_its_version(client, passport):
    for form in TYPES:
        kept = client.get(f"/paspoort/{passport.code}.{form}?versie=1").headers["Cache-Control"]
        assert ("immutable" in kept) == (form in {"json", "jwt"}), form


def test_what_has_not_changed_is_not_sent_again(client, passport):
    first = client.get(f"/paspoort/{passport.code}.pdf")
    again = client.get(f"/paspoort/{passport.code}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("form", TYPES)
def test_a_version_that_does_not_exist_is_refused_with_a_sentence(client, passport, form):
    for number in ("2", "0", "-1", "1.0", "een", "99999999999999999999", "²", ""):
        answer = client.get(f"/paspoort/{passport.code}.{form}?versie={number}")
        assert answer.status_code == 404, number
        assert "versie" in answer.text, number


@pytest.mark.parametrize("form", TYPES)
def test_a_draft_has_no_files_and_exists_for_nobody_else(client, owner, form):
    draft = make_passport(owner, status=PassportStatus.DRAFT)
    address = f"/paspoort/{draft.code}.{form}"
    stranger = client.get(address)
    assert (stranger.status_code, "nog geen ondertekende versie" in stranger.text) == (404, False)
    member = sign_in(client, make_member(owner)).get(address)
    assert (member.status_code, "nog geen ondertekende versie" in member.text) == (404, True)


@pytest.mark.parametrize("form", TYPES)
def test_a_code_that_nobody_has_has_no_files(client, form):
    assert client.get(f"/paspoort/7KQ9M2FX4HTB8WPN.{form}").status_code == 404


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_what_was_altered_after_signing_is_not_made_into_a_file(client, database, passport, form):
    with tampered(database, "passport_version"):
        version = version_of(passport)
        version.credential = version.credential.replace("opdek", "stomp")
        session.flush()
    answer = client.get(f"/paspoort/{passport.code}.{form}")
    assert (answer.status_code, "na het ondertekenen veranderd" in answer.text) == (409, True)


def test_a_withdrawn_passport_says_so_on_paper_and_keeps_what_was_signed(client, passport):
    before = client.get(f"/paspoort/{passport.code}.pdf").data
    passport.status = PassportStatus.WITHDRAWN
    answer = client.get(f"/paspoort/{passport.code}.pdf")
    assert answer.data != before
    with opened(answer) as pdf:
        assert pdf.attachments[ATTACHMENT].get_file().read_bytes() == version_of(passport).credential.encode()


def test_the_spreadsheet_of_a_passport_guards_its_texts_and_keeps_its_numbers(client, passport):
    found = {(row[0], row[1]): row for row in rows(client.get(f"/paspoort/{passport.code}.csv"))}
    assert found["Paspoort", "Naam"][2] == "'=Binnendeuren “opdek”"
    assert found["Wat en hoeveel", "Hoogte"][2:5] == ["2115", "mm", "volgens opgave"]
    assert found["Wat en hoeveel", "Massa"][2:5] == ["800", "kg", "geschat"]


def test_own_offers_are_a_spreadsheet_for_who_trades(client, owner):
    make_listing(owner, total=12, price_eur=Decimal("7.50"), name="@Deuren")
    make_listing(name="Van een ander")
    answer = sign_in(client, make_member(owner)).get("/aanbod/mijn.csv")
    assert 'href="/aanbod/mijn.csv" download' in client.get("/aanbod/mijn").text
    head, row = rows(answer)
    told = dict(zip(head, row, strict=True))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="aanbod.csv"'
    assert (told["Naam"], Decimal(told["Totaal"].replace(",", ".")), told["Prijs per eenheid in euro"]) == (
        "'@Deuren",
        Decimal(12),
        "7,50",
    )


def test_own_offers_need_somebody_who_trades(client, owner):
    assert client.get("/aanbod/mijn.csv").status_code == 302
    assert sign_in(client, make_member(owner, Role.SITE)).get("/aanbod/mijn.csv").status_code == 403


def test_the_page_offers_the_files_of_what_was_signed(client, owner, passport):
    page = client.get(f"/paspoort/{passport.code}").text
    for form in ("pdf", "json", "csv"):
        assert f'href="/paspoort/{passport.code}.{form}" download' in page
    unsigned = make_passport(owner)
    assert f"/paspoort/{unsigned.code}.pdf" not in client.get(f"/paspoort/{unsigned.code}").text


def test_the_photo_of_the_passport_is_printed(client, app, owner, tmp_path):
    from PIL import Image

    from marketplace.kit.photos import read_photo
    from marketplace.passports.models import PassportPhoto
    from marketplace.passports.photos import store

    out = io.BytesIO()
    Image.new("RGB", (800, 600), "#1F6B4A").save(out, "JPEG")
    photo = read_photo(out.getvalue())
    passport = make_passport(owner)
    key = store(photo, uploads=app.config["SETTINGS"].uploads_path)
    session.add(PassportPhoto(passport_id=passport.id, position=1, key=key, sha256=photo.sha256, width=800, height=600))
    publish(passport)
    with opened(client.get(f"/paspoort/{passport.code}.pdf")) as pdf:
        (image,) = (image for page in pdf.pages for image in page.get_images().values())
        assert (image.Width, image.Height) == (640, 480)


def test_damage_that_was_scanned_is_one_event_and_one_line(client, owner, passport):
    lot, worker = make_listing(owner, passport=passport), make_member(owner)
    scan = actions.Scan(passport, lot, Act(By(worker.id, owner.id), hub_seal(), clock.now()))
    actions.damaged(scan, quantity=Decimal(3), reason="Van de kraan  gevallen")
    events = client.get(f"/paspoort/{passport.code}/levensloop.json").json["epcisBody"]["eventList"]
    assert [event["bizStep"] for event in events if event["disposition"] == "damaged"] == ["inspecting"]
    page = client.get(f"/paspoort/{passport.code}").text
    assert page.count("3 st beschadigd en afgeschreven") == 1
    assert page.count("3 st afgeschreven") == 0


def test_the_life_of_a_thing_comes_as_events_without_what_is_private(client, owner, passport):
    make_listing(owner, passport=passport)
    journal.record(passport.subject, "scan.seen", by=By(), place="Beilen", rack="B-04")
    answer = client.get(f"/paspoort/{passport.code}/levensloop.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    (event,) = answer.json["epcisBody"]["eventList"]
    assert (event["bizStep"], event["readPoint"]["id"][-6:]) == ("storing", "beilen")
    assert "B-04" not in answer.text
    assert client.get("/paspoort/2222222222222222/levensloop.json").status_code == 404
