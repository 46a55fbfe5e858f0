"""Proof: documents that are kept with their hash, and tests of which all results stay."""

import io
from datetime import date, timedelta
from hashlib import sha256

import pytest
from PIL import Image
from sqlalchemy import select

from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.errors import InvalidInputError
from marketplace.materials.vocabulary import categories, get_category
from marketplace.passports import evidence, queries
from marketplace.passports.models import DocumentKind, EvidenceDocument
from marketplace.passports.suggestions import suggested_tests
from tests.factories import by, make_passport, make_user
from tests.kit.test_documents import HTML, jpeg, pdf


@pytest.fixture
def passport(context):
    return make_passport()


@pytest.fixture
def add(passport, tmp_path):
    def add(content, name="Rapport.pdf", to=passport):
        return evidence.add_document(to, content, name=name, uploads=tmp_path, by=by())

    return add


def record(passport, **more):
    sound = {"test": "Druksterkte", "passed": True, "tested_on": date(2026, 3, 2), "by": by()}
    return evidence.record_test(passport, **(sound | more))


def told(passport, action):
    return [entry.told for entry in journal.history(passport.subject) if entry.action == action]


def test_a_pdf_is_kept_byte_for_byte_under_a_name_of_our_own(passport, add, tmp_path):
    document = add(pdf())
    file = evidence.find_document_file(tmp_path, document)
    assert file.read_bytes() == pdf()
    assert document.sha256 == sha256(pdf()).hexdigest()
    assert (document.kind, document.size, document.name) == (DocumentKind.PDF, len(pdf()), "Rapport.pdf")
    assert file == tmp_path / "documents" / document.key[:2] / f"{document.key}.pdf"
    assert told(passport, "passport.document_added") == [
        {"kind": "pdf", "name": "Rapport.pdf", "sha256": document.sha256}
    ]


def test_a_photo_is_kept_without_its_metadata_and_hashed_as_it_is_kept(add, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "A secret camera"
    out = io.BytesIO()
    Image.new("RGB", (2400, 1200), "red").save(out, "JPEG", exif=exif)
    document = add(out.getvalue(), "foto.jpeg")
    kept = evidence.find_document_file(tmp_path, document).read_bytes()
    assert (document.kind, document.sha256) == (DocumentKind.PHOTO, sha256(kept).hexdigest())
    assert b"secret" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (1600, 800)


@pytest.mark.parametrize("content", [pdf(), jpeg()], ids=["pdf", "photo"])
def test_the_same_file_twice_is_one_document_of_a_passport_and_its_own_of_another(passport, add, content):
    first = add(content, "een")
    assert add(content, "twee") is first
    assert add(content, to=make_passport(), name="een").id != first.id
    assert len(told(passport, "passport.document_added")) == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (HTML, "rapport.pdf", "webpagina"),
        (HTML, "rapport.html", "webpagina"),
        (jpeg(), "rapport.pdf", "een foto, geen PDF"),
        (jpeg(), "rapport.PDF ", "een foto, geen PDF"),
        (jpeg()[:-40], "foto.jpg", "beschadigd"),
        (b"GIF89a" + bytes(30), "foto.gif", "een foto, geen PDF"),
        (b"", "", "leeg"),
    ],
)
def test_what_is_neither_is_refused_at_the_field_of_the_document_and_leaves_nothing(
    add, tmp_path, content, name, sentence
):
    with pytest.raises(InvalidInputError, match=sentence) as refused:
        add(content, name)
    assert refused.value.field == "document"
    assert list(tmp_path.iterdir()) == []
    assert session.scalars(select(EvidenceDocument)).all() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\jan\rapport.pdf", "rapport.pdf"),
        ("  ", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("gnp\u202efdp.exe\x00\n", "gnpfdp.exe"),
    ],
)
def test_a_name_is_shown_and_never_used_as_a_path(add, name, kept):
    assert add(pdf(), name).name == kept


def test_a_document_of_which_the_file_is_gone_is_not_found(add, tmp_path):
    document = add(pdf())
    evidence.find_document_file(tmp_path, document).unlink()
    assert evidence.find_document_file(tmp_path, document) is None


def test_a_passport_has_room_for_so_many_documents(add, monkeypatch):
    monkeypatch.setattr(evidence, "MOST", 1)
    first = add(pdf())
    with pytest.raises(InvalidInputError, match="ten hoogste 1 documenten"):
        add(pdf(pages=2))
    assert add(pdf()) is first


def test_of_a_test_the_latest_result_counts_and_all_are_kept(passport, add):
    report, person = add(pdf()), make_user()
    record(passport, passed=False, value="18 N/mm2")
    record(passport, test="Vorst")
    record(passport, value="32 N/mm2", document=report, method="EN 12390-3", laboratory="SGS", by=by(user=person))
    session.refresh(passport, ["tests"])
    counting = queries.latest(passport.tests, "test")
    assert [(row.test, row.passed, row.value) for row in counting] == [
        ("Druksterkte", True, "32 N/mm2"),
        ("Vorst", True, ""),
    ]
    assert (counting[0].document_id, counting[0].person_id) == (report.id, person.id)
    assert [row.value for row in passport.tests] == ["18 N/mm2", "", "32 N/mm2"]
    assert [fact["passed"] for fact in told(passport, "passport.test_recorded")] == [True, True, False]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"test": "  "}, "test", "Vul in wat er is getest"),
        ({"test": "x" * 81}, "test", "korter dan 81 tekens"),
        ({"note": "x" * 501}, "note", "korter dan 501 tekens"),
        ({"tested_on": clock.today() + timedelta(days=1)}, "tested_on", "Deze dag moet nog komen"),
    ],
)
def test_a_result_that_cannot_be_right_is_refused_at_its_field(passport, change, field, sentence):
    with pytest.raises(InvalidInputError, match=sentence) as refused:
        record(passport, **change)
    assert refused.value.field == field
    session.refresh(passport, ["tests"])
    assert passport.tests == []


def test_a_test_of_today_is_kept(passport):
    assert record(passport, tested_on=clock.today(), test="x" * 80).test == "x" * 80


def test_the_vocabulary_suggests_tests_and_leaves_hazards_out():
    assert suggested_tests(get_category("steel_hea")) == ("Staalsoort (NTA 8713)",)
    assert suggested_tests(get_category("door_interior")) == ()
    assert all(len(set(tests)) == len(tests) for tests in map(suggested_tests, categories()))
