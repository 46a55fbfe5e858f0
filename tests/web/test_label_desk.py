"""The label desk: many labels at once, labels that are printed ahead, and what is kept of a print."""

import io
import re
from itertools import chain

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import func, select

from marketplace.accounts.permissions import Role
from marketplace.kit.codes import grouped
from marketplace.kit.database import session
from marketplace.labels import actions
from marketplace.labels.models import IssuedLabel, LabelPrint, LabelStatus
from marketplace.passports.models import PassportStatus
from tests.factories import (
    by,
    make_listing,
    make_member,
    make_organisation,
    make_passport,
    make_user,
    sign_in,
    sign_out,
)

DPI = 150
CHOICES = {"medium": "l7160", "language": "nl", "format": "pdf", "skip": "0", "copies": "1"}


@pytest.fixture
def owner(context):
    return make_organisation(name="Bork Groep")


@pytest.fixture
def passport(owner):
    return make_passport(owner)


@pytest.fixture
def member(client, owner):
    return sign_in(client, make_member(owner, Role.SITE))


def ask(client, *passports, **changes):
    return client.post("/labels", data={"lots": [each.code for each in passports], **CHOICES, **changes})


def ask_blank(client, owner, **changes):
    sent = {"medium": "l7160", "language": "nl", "format": "pdf", "skip": "0", "count": "3"} | changes
    sent["organisation"] = owner.id
    key = {"request_key": sent.pop("request_key", "")}
    return client.post("/labels/blanco", data=key | {f"blank-{name}": value for name, value in sent.items()})


def codes_on(answer) -> list[list[str]]:
    """Return the codes on each page, read at 150 dots per inch by a decoder that did not draw them."""
    return [
        sorted(code.text.rpartition("/")[2] for code in zxingcpp.read_barcodes(page.render(scale=DPI / 72).to_pil()))
        for page in pypdfium2.PdfDocument(answer.data)
    ]


def prints() -> int:
    return session.scalar(select(func.count()).select_from(LabelPrint))


def test_every_code_of_a_mixed_job_reads_back(member, owner):
    passports = [
        make_passport(owner),
        make_passport(owner, name="Gelamineerde ligger met stalen kopplaten uit de oude sporthal van Beilen"),
        make_passport(owner, status=PassportStatus.DRAFT, unit="m2"),
        *[make_passport(owner) for _ in range(8)],
    ]
    make_listing(owner, passport=passports[0], at="Emmen")
    replaced = actions.reissue(passport=passports[3], old_code=passports[3].code, reason="nat", by=by(owner)).code
    answer = ask(member, *passports, copies="3", skip="20", language="both")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = codes_on(answer)
    assert [len(page) for page in pages] == [1, 21, 11]
    wanted = [passport.code for passport in passports]
    wanted[3] = replaced
    assert sorted(chain(*pages)) == sorted(wanted * 3)
    assert answer.headers["Content-Disposition"].endswith('-33.pdf"')


def test_a_label_in_both_languages_tells_the_unit_in_both(member, passport):
    text = pypdfium2.PdfDocument(ask(member, passport, language="both").data)[0].get_textpage().get_text_range()
    assert "40 st / pcs" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_facts_of_a_print_are_kept_and_shown(member, owner, passport):
    ask(member, passport, copies="2", skip="3", language="en")
    row = session.scalars(select(LabelPrint)).one()
    assert (row.organisation_id, row.medium, row.count, row.skipped) == (owner.id, "l7160", 2, 3)
    assert (row.format, row.language, row.level, row.codes) == ("pdf", "en", "Q", passport.code)
    page = member.get("/labels").text
    assert "63,5 × 38,1 mm" in page
    assert "2, na 3 lege plaatsen" in page
    assert "Q, tot 25 % vuil" in page


def test_another_organisation_sees_nothing_of_it(client, member, passport):
    ask(member, passport)
    page = sign_in(client, make_member()).get("/labels").text
    assert passport.code not in page
    assert "63,5" not in re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_label_printer_gets_its_own_language(member, passport, dpi):
    answer = ask(member, passport, medium="102x51", format=f"zpl-{dpi}", copies="2")
    assert answer.mimetype == "text/plain"
    assert answer.text.count("^XA") == answer.text.count(passport.code) == 2
    assert session.scalars(select(LabelPrint.format)).all() == ["zpl"]


@pytest.mark.parametrize("form", ["svg", "png"])
def test_one_label_comes_as_a_picture(member, passport, form):
    answer = ask(member, passport, medium="crane-a5", format=form)
    assert answer.status_code == 200
    assert answer.mimetype == {"svg": "image/svg+xml", "png": "image/png"}[form]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"skip": "21"}, "skip", "Sla 0 tot en met 20"),
        ({"skip": "-1"}, "skip", "heel getal"),
        ({"skip": "veel"}, "skip", "heel getal"),
        ({"copies": "0"}, "copies", "heel getal"),
        ({"copies": "11"}, "copies", "heel getal"),
        ({"copies": ""}, "copies", "hoeveel labels"),
        ({"medium": "behang"}, "medium", ""),
        ({"language": "fy"}, "language", ""),
        ({"format": "docx"}, "format", ""),
        ({"format": "zpl-203"}, "medium", "kies een rol"),
        ({"format": "svg"}, "format", "voor één label"),
        ({"format": "png", "medium": "102x51", "copies": "2"}, "format", "voor één label"),
    ],
)
def test_what_cannot_be_printed_is_said_at_its_field_and_nothing_is_kept(member, passport, changes, field, words):
    answer = ask(member, passport, **changes)
    assert answer.status_code == 422
    errors = re.findall(rf'id="{field}-error">.*?</p>', answer.text, re.DOTALL)
    assert errors
    assert words in errors[0]
    assert f'value="{passport.code}" checked' in answer.text, "what was ticked stays ticked"
    assert prints() == 0


def test_too_many_labels_are_refused_with_the_number(member, owner):
    passports = [make_passport(owner) for _ in range(101)]
    answer = ask(member, *passports, copies="10")
    assert answer.status_code == 422
    assert "1.010" in answer.text
    assert prints() == 0


def test_nothing_ticked_is_refused(member, passport):
    answer = ask(member)
    assert answer.status_code == 422
    assert "Kruis minstens één partij aan" in answer.text


def test_lots_of_others_do_not_exist(member, passport):
    assert ask(member, passport, make_passport()).status_code == 404
    assert ask(member, passport, make_passport(passport.issuer, status=PassportStatus.WITHDRAWN)).status_code == 404
    assert prints() == 0


def test_a_lot_whose_every_label_is_void_is_named(member, owner, passport):
    actions.void(code=passport.code, reason="weg", by=by(owner))
    answer = ask(member, passport)
    assert answer.status_code == 422
    assert "Geef op de pagina van het label eerst een nieuw uit" in answer.text


def test_reading_the_desk_writes_nothing(member, passport):
    for path in ("/labels", "/labels?alles=1", "/labels?q=deur", f"/labels?lots={passport.code}", "/labels/vel"):
        assert member.get(path).status_code == 200
    assert prints() == 0


def test_lots_are_searched_and_ticked(member, owner, passport):
    beam = make_passport(owner, name="Eiken balk")
    assert f'value="{passport.code}" checked' not in member.get("/labels").text
    everything = member.get("/labels?alles=1").text
    assert all(f'value="{each.code}" checked' in everything for each in (passport, beam))
    found = member.get("/labels?q=balk&alles=1").text
    assert beam.code in found
    assert passport.code not in found
    assert "Niets gevonden" in member.get("/labels?q=zzz").text
    assert f'value="{beam.code}" checked' in member.get(f"/labels?lots={beam.code}").text


@pytest.mark.parametrize(
    ("query", "empty", "said"),
    [
        ("medium=l7160&skip=4", 4, "17 van 21"),
        ("blank-medium=l7163&blank-skip=13", 13, "1 van 14"),
        ("medium=102x51&skip=0", 0, "1 van 1"),
        ("medium=l7160&skip=x", 0, "21 van 21"),
    ],
)
def test_the_drawing_shows_the_places_that_stay_empty(member, query, empty, said):
    page = member.get(f"/labels/vel?{query}").text
    assert page.count("sheet__empty") == empty
    assert said in page


@pytest.mark.parametrize("query", ["medium=l7160&skip=21", "medium=behang"])
def test_what_cannot_be_drawn_gets_a_sentence(member, query):
    page = member.get(f"/labels/vel?{query}").text
    assert "<svg" not in page
    assert "<p" in page


def test_blank_labels_are_made_and_read_back(member, owner):
    answer = ask_blank(member, owner, count="30")
    made = session.scalars(select(IssuedLabel.code).where(IssuedLabel.status == LabelStatus.BLANK)).all()
    assert sorted(chain(*codes_on(answer))) == sorted(made)
    assert len(made) == 30
    assert session.scalars(select(LabelPrint)).one().codes.split() == list(made)
    assert "30 nog te koppelen" in member.get("/labels").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"count": "0"}, "count"), ({"count": "1001"}, "count"), ({"count": ""}, "count"), ({"skip": "21"}, "skip")],
)
def test_blank_labels_that_cannot_be_are_not_made(member, owner, changes, field):
    answer = ask_blank(member, owner, **changes)
    assert answer.status_code == 422
    assert f'id="blank-{field}-error"' in answer.text
    assert session.scalars(select(IssuedLabel)).all() == []
    assert prints() == 0


def test_blank_labels_are_made_for_own_organisations_alone(member, owner):
    assert ask_blank(member, make_organisation()).status_code == 422
    assert session.scalars(select(IssuedLabel)).all() == []


def test_a_thousand_labels_come_as_one_file(member, owner):
    answer = ask_blank(member, owner, count="1000", medium="l7160")
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 48
    assert session.scalars(select(LabelPrint.count)).all() == [1000]


def test_a_double_click_makes_the_labels_once_and_gives_the_same_file_twice(member, owner):
    first, second = (ask_blank(member, owner, medium="102x51", format="zpl-203", request_key="k") for _ in "ab")
    assert (first.status_code, first.data) == (second.status_code, second.data) == (200, first.data)
    assert first.headers["Content-Disposition"] == second.headers["Content-Disposition"]
    assert (prints(), session.scalar(select(func.count()).select_from(IssuedLabel))) == (1, 3)


def test_a_double_click_prints_once(member, passport):
    first, second = (ask(member, passport, request_key="k") for _ in "ab")
    assert codes_on(first) == codes_on(second) != [[]]
    assert prints() == 1
    assert ask(member, passport, request_key="k", copies="2").status_code == 409


@pytest.mark.parametrize("path", ["/labels", "/labels/blanco"])
def test_who_belongs_to_nobody_prints_nothing(client, passport, path):
    assert sign_out(client).post(path, data=CHOICES).status_code == 302
    assert sign_in(client, make_user()).post(path, data=CHOICES).status_code == 302
    assert prints() == 0


def test_the_desk_is_found_from_own_offers_and_from_the_label(client, owner, passport):
    sign_in(client, make_member(owner))
    for path in ("/aanbod/mijn", "/overzicht", f"/paspoort/{passport.code}/label"):
        answer = client.get(path)
        if answer.status_code == 404:
            continue
        assert "/labels" in answer.text, path
    assert grouped(passport.code) in client.get("/labels").text
