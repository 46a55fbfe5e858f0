"""Photos: upright, without metadata, in three sizes; what is no photo is refused with a sentence."""

import io
from pathlib import Path

import pytest
from PIL import Image

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.photos import WIDTHS, read_photo

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "images"


def encoded(kind: str, size=(800, 600), *, mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "white").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_phones_make_is_read(kind):
    from pillow_heif import register_heif_opener

    register_heif_opener()
    photo = read_photo(encoded(kind))
    assert (photo.width, photo.height) == (800, 600)
    for name, longest in WIDTHS.items():
        with Image.open(io.BytesIO(photo.sizes[name])) as kept:
            assert kept.format == "JPEG"
            assert max(kept.size) == min(longest, 800)


def test_a_photo_taken_sideways_is_set_upright_and_keeps_no_metadata():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate a quarter turn clockwise to see it upright
    exif[0x010F] = "A secret camera"
    photo = read_photo(encoded("JPEG", exif=exif, comment=b"a secret remark"))
    assert (photo.width, photo.height) == (600, 800)
    for kept in photo.sizes.values():
        assert b"secret" not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert not picture.getexif()
            assert "icc_profile" not in picture.info


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP"])
def test_other_formats_are_refused(kind):
    with pytest.raises(InvalidInputError, match="geen foto"):
        read_photo(encoded(kind))


def test_a_truncated_photo_is_refused():
    whole = encoded("JPEG", (2000, 2000), quality=95)
    with pytest.raises(InvalidInputError, match="beschadigd"):
        read_photo(whole[: len(whole) // 2])


@pytest.mark.parametrize("junk", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_junk_is_refused(junk):
    with pytest.raises(InvalidInputError):
        read_photo(junk)


def test_a_photo_that_declares_too_many_pixels_is_refused_before_it_is_decoded():
    with pytest.raises(InvalidInputError, match="beeldpunten"):
        read_photo(encoded("PNG", (9000, 7000), mode="1"))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photos are not on this machine")
def test_a_photo_with_a_position_loses_it():
    content = (SAMPLES / "jpg_gps_DSCN0010.jpg").read_bytes()
    with Image.open(io.BytesIO(content)) as original:
        assert original.getexif().get_ifd(0x8825), "the sample has a position to lose"
    for kept in read_photo(content).sizes.values():
        with Image.open(io.BytesIO(kept)) as picture:
            assert not picture.getexif()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photos are not on this machine")
def test_the_sample_bomb_is_refused():
    with pytest.raises(InvalidInputError):
        read_photo((SAMPLES / "decompression_bomb.gif").read_bytes())
