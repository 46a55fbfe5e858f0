"""Documents: a sound PDF is kept as it came, and whatever else calls itself one is refused in a sentence."""

import io
import resource
import time
import zlib
from functools import cache
from hashlib import sha256

import pikepdf
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name, Pdf, String
from PIL import Image

from marketplace.kit.documents import MAX_BYTES, read_pdf
from marketplace.kit.errors import InvalidInputError


def pdf(change=None, *, pages=1, **saving) -> bytes:
    """Return a PDF of blank pages, to which `change` may do something first."""
    made = Pdf.new()
    for _ in range(pages):
        made.add_blank_page()
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, deterministic_id="encryption" not in saving, **saving)
    return out.getvalue()


def attach(name, content):
    return lambda made: made.attachments.update({name: AttachedFileSpec(made, content, filename=name)})


def root(**entries):
    return lambda made: [made.Root.__setitem__(f"/{name}", value) for name, value in entries.items()]


def link(action):
    def put(made):
        made.pages[0].Annots = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=made.make_indirect(action))]
        )

    return put


@cache
def zeros() -> bytes:
    packing = zlib.compressobj(1)
    return b"".join(packing.compress(bytes(10_000_000)) for _ in range(120)) + packing.flush()


def bomb(filters=1) -> bytes:
    """Return a PDF of which the list of objects is small, and more than a gigabyte when it is opened."""
    packed = zeros()
    for _ in range(filters - 1):
        packed = zlib.compress(packed, 9)
    filter_names = b" ".join([b"/FlateDecode"] * filters)
    head = b"%PDF-1.5\n"
    xref = b"1 0 obj\n<</Type/XRef/Size 9/W[1 4 2]/Root 2 0 R/Filter[" + filter_names + b"]/Length %d>>\nstream\n"
    return head + xref % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return out.getvalue()


HTML = b"<!DOCTYPE html><html><body>Log in to download your report</body></html>"

HOSTILE = {
    "empty": (b"", "is leeg"),
    "blank": (b" \n\n", "is leeg"),
    "web page": (HTML, "webpagina"),
    "web page after a mark": (b"\xef\xbb\xbf\n" + HTML, "webpagina"),
    "web page that mentions the sign": (HTML + b"%PDF-1.7 %%EOF", "webpagina"),
    "drawing with script": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "webpagina"),
    "photo": (jpeg(), "een foto, geen PDF"),
    "word": (b"PK\x03\x04" + bytes(40), "zip-, Word- of Excelbestand"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "oud Word"),
    "program": (b"MZ\x90\0" + bytes(60), "programma"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "programma"),
    "text": (b"Rapport: geen asbest", "gewone tekst"),
    "noise": (bytes(range(256)) * 8, "geen PDF"),
    "only the sign": (b"%PDF-1.7\n%%EOF\n", "beschadigd"),
    "web page behind the sign": (b"%PDF-1.4\n" + HTML + b"\n%%EOF", "beschadigd"),
    "sign and noise": (b"%PDF-1.7\n" + bytes(range(256)) * 100 + b"\n%%EOF", "beschadigd"),
    "truncated": (pdf(pages=40)[:-200], "niet compleet"),
    "no pages": (pdf(pages=0), "geen bladzijde"),
    "too many pages": (pdf(pages=2001), "meer dan 2.000 bladzijden"),
    "password": (pdf(encryption=Encryption(owner="a", user="b")), "wachtwoord of beveiliging"),
    "owner's password": (pdf(encryption=Encryption(owner="a", user="")), "wachtwoord of beveiliging"),
    "script on opening": (
        pdf(root(OpenAction=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))),
        "een script",
    ),
    "script deep in an array": (
        pdf(root(AA=Array([Array([Dictionary(Next=Dictionary(JS=String("x")))])]))),
        "een script",
    ),
    "script by name": (
        pdf(root(Names=Dictionary(JavaScript=Dictionary(Names=Array([]))))),
        "een script",
    ),
    "form with script": (pdf(root(AcroForm=Dictionary(XFA=String("<xdp/>"), Fields=Array([])))), "een script"),
    "launch": (pdf(link(Dictionary(S=Name.Launch, F=String("cmd.exe")))), "een programma starten"),
    "launch in packed objects": (
        pdf(
            link(Dictionary(S=Name.Launch, F=String("cmd.exe"))),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        ),
        "een programma starten",
    ),
    "attached program": (pdf(attach("betaling.EXE ", b"anything")), "programma als bijlage"),
    "attached program under another name": (pdf(attach("meting.csv", b"MZ\x90\0")), "programma als bijlage"),
    "endless pages": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF",
        "PDF",
    ),
    "endless nesting": (
        b"%PDF-1.4\n1 0 obj" + b"[" * 200_000 + b"]" * 200_000 + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "PDF",
    ),
    "table of objects that points nowhere": (
        pdf().replace(b"startxref\n", b"startxref\n9999999999"),
        None,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_sound_pdf_is_refused_in_a_sentence(name):
    content, sentence = HOSTILE[name]
    if sentence is None:  # the library finds the objects without their table
        assert read_pdf(content).pages == 1
        return
    with pytest.raises(InvalidInputError, match=sentence) as refused:
        read_pdf(content, field="papers-0-document")
    assert refused.value.field == "papers-0-document"
    assert str(refused.value).endswith((".", ":"))


@pytest.mark.parametrize("filters", [1, 2])
def test_a_pdf_that_unpacks_to_a_gigabyte_is_refused_in_little_time_and_memory(filters):
    content, before = bomb(filters), time.monotonic()
    assert len(content) < 6_000_000
    with pytest.raises(InvalidInputError, match="PDF"):
        read_pdf(content)
    assert time.monotonic() - before < 15
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 800_000  # KiB


def test_a_pdf_of_40_mb_is_refused_by_its_size_before_it_is_opened():
    with pytest.raises(InvalidInputError, match=r"Deze PDF is 40 MB\. Ten hoogste 20 MB past"):
        read_pdf(pdf() + bytes(40_000_000 - len(pdf())))


def test_every_beginning_of_a_pdf_is_refused_or_complete():
    whole = pdf(pages=2)
    for length in range(0, len(whole) - 8, max(1, len(whole) // 12)):
        with pytest.raises(InvalidInputError):
            read_pdf(whole[:length])


@pytest.mark.parametrize(
    "content",
    [
        pdf(),
        pdf(pages=2000),
        pdf(attach("paspoort.json", b'{"id": 1}')),
        pdf(link(Dictionary(S=Name.URI, URI=String("https://voorbeeld.nl/")))),
        pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True),
        pdf() + b"\n\n",
    ],
    ids=["plain", "2,000 pages", "with its data", "with a link", "packed", "with a tail"],
)
def test_a_sound_pdf_is_kept_byte_for_byte(content):
    kept = read_pdf(content)
    assert kept.content == content
    assert kept.sha256 == sha256(content).hexdigest()
    assert kept.pages in {1, 2000}


def test_a_pdf_of_just_20_mb_still_passes():
    padded = pdf()
    filled = padded[:9] + b"%" + b"-" * (MAX_BYTES - len(padded) - 2) + b"\n" + padded[9:]
    assert len(filled) == MAX_BYTES
    assert read_pdf(filled).pages == 1
