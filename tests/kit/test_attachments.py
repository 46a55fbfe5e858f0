"""One file is taken out of a PDF, and a PDF that is made to cost much costs little."""

import io

import pikepdf
import pytest

from marketplace.kit.attachments import attachment_of
from marketplace.kit.errors import InvalidInputError


def pdf_with(name: str, content: bytes, **saving) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments[name] = content
        file = io.BytesIO()
        pdf.save(file, **saving)
    return file.getvalue()


def test_the_attachment_comes_out_byte_for_byte():
    content = bytes(range(256)) * 20
    assert attachment_of(pdf_with("paspoort.json", content), "paspoort.json", most=10_000) == content


def test_an_attachment_of_another_name_is_none():
    with pytest.raises(InvalidInputError, match=r"geen paspoort\.json"):
        attachment_of(pdf_with("paspoort.json.exe", b"{}"), "paspoort.json", most=10_000)


def test_what_unpacks_to_more_than_it_may_is_refused():
    bomb = pdf_with("paspoort.json", b"0" * 30_000_000, compress_streams=True)
    assert len(bomb) < 100_000
    with pytest.raises(InvalidInputError, match="niet te lezen"):
        attachment_of(bomb, "paspoort.json", most=2_000_000)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", pdf_with("a", b"b")[:200]])
def test_what_is_no_whole_pdf_is_refused(content):
    with pytest.raises(InvalidInputError):
        attachment_of(content, "paspoort.json", most=10_000)


def test_a_locked_pdf_is_refused():
    locked = pdf_with("paspoort.json", b"{}", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(InvalidInputError, match="niet te lezen"):
        attachment_of(locked, "paspoort.json", most=10_000)
