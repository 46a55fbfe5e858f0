"""The label of a passport as files, read back by a decoder that did not draw it, and the page to print it from."""

import io
from urllib.parse import urlsplit

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from marketplace.kit.codes import grouped
from marketplace.kit.database import session
from marketplace.passports.models import PassportStatus
from marketplace.web.labels_of import label_of
from tests.conftest import other
from tests.factories import make_hub, make_listing, make_member, make_organisation, make_passport, sign_in

TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@pytest.fixture
def owner(context):
    return make_organisation(name="Bork Groep")


@pytest.fixture
def passport(owner):
    return make_passport(owner)


def read(answer) -> str:
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
    return code.text


@pytest.mark.parametrize("form", TYPES)
def test_each_form_has_its_type_and_a_name_to_keep_it_under(client, passport, form):
    answer = client.get(f"/paspoort/{passport.code}/label.{form}")
    assert answer.status_code == 200
    assert answer.mimetype == TYPES[form]
    assert answer.headers["Content-Disposition"] == f'inline; filename="label-{passport.code}.{form}"'
    assert "Set-Cookie" not in answer.headers


def test_the_code_on_the_png_leads_to_the_passport(client, passport):
    text = read(client.get(f"/paspoort/{passport.code}/label.png"))
    assert text == f"HTTP://LOCALHOST/ID/{passport.code}"
    answer = client.get(urlsplit(text).path, follow_redirects=True)
    assert answer.status_code == 200
    assert passport.name in answer.text


def test_the_label_carries_the_public_address_of_the_settings(client, app, passport, monkeypatch):
    public = other(app.config["SETTINGS"], public_url="https://hub.example")
    monkeypatch.setitem(app.config, "SETTINGS", public)
    answer = client.get(f"/paspoort/{passport.code}/label.png", base_url="http://evil.example")
    assert read(answer) == f"HTTPS://HUB.EXAMPLE/ID/{passport.code}"


def test_the_pdf_is_one_label(client, owner, passport):
    make_listing(owner, passport=passport, hub_id=make_hub(name="Stadterij").id)
    with pikepdf.open(io.BytesIO(client.get(f"/paspoort/{passport.code}/label.pdf").data)) as pdf:
        assert len(pdf.pages) == 1


def test_the_label_of_what_was_handed_over_names_no_place_and_no_owner_of_before(context, owner, passport):
    lots = [make_listing(owner, passport=passport, at="Meppel")]
    session.refresh(lots[0], ["organisation", "hub"])
    with context.test_request_context():
        before = label_of(passport, lots, passport.code)
        passport.owner_id = make_organisation(name="Bouwbedrijf Esdorp").id
        session.flush()
        session.refresh(passport, ["owner"])
        after = label_of(passport, lots, passport.code)
    assert [(label.place, label.owner) for label in (before, after)] == [
        ("Meppel", "Bork Groep"),
        ("", "Bouwbedrijf Esdorp"),
    ]


def test_a_label_found_in_small_letters_is_the_same_label(client, passport):
    assert read(client.get(f"/paspoort/{passport.code.lower()}/label.png")).endswith(passport.code)


def test_the_page_shows_the_label_its_size_and_its_files(client, passport):
    page = client.get(f"/paspoort/{passport.code}/label").text
    assert f'src="/paspoort/{passport.code}/label.svg"' in page
    assert "50 × 50 mm" in page
    assert grouped(passport.code) in page
    for form in TYPES:
        assert f'href="/paspoort/{passport.code}/label.{form}" download' in page


PATHS = ["label", "label.svg", "label.png", "label.pdf"]


@pytest.mark.parametrize("path", PATHS)
def test_a_draft_has_labels_for_its_owner_alone(client, owner, path):
    draft = make_passport(owner, status=PassportStatus.DRAFT)
    address = f"/paspoort/{draft.code}/{path}"
    assert client.get(address).status_code == 404
    assert sign_in(client, make_member()).get(address).status_code == 404
    assert sign_in(client, make_member(owner)).get(address).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_a_withdrawn_passport_gets_no_new_labels(client, owner, path):
    withdrawn = make_passport(owner, status=PassportStatus.WITHDRAWN)
    answer = sign_in(client, make_member(owner)).get(f"/paspoort/{withdrawn.code}/{path}")
    assert (answer.status_code, "ingetrokken" in answer.text) == (404, True)


@pytest.mark.parametrize("path", PATHS)
def test_a_code_that_nobody_has_has_no_label(client, path):
    assert client.get(f"/paspoort/7KQ9M2FX4HTB8WPN/{path}").status_code == 404
