"""Photos from a phone: checked, set upright, freed of metadata, and made in three sizes."""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.kit.errors import N_, InvalidInputError

MAX_BYTES = 20_000_000
MAX_PIXELS = 60_000_000
"""Checked before decoding. The largest phone cameras make about 50 million; a bomb declares billions."""

WIDTHS = {"large": 1600, "card": 640, "thumb": 160}
"""Longest side in pixels of each size that is kept."""

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo ready to be stored: JPEG bytes per size, and the SHA-256 of the file that came in."""

    sizes: dict[str, bytes]
    sha256: str
    width: int
    height: int


def read_photo(content: bytes) -> Photo:
    """Return `content` as a stored photo.

    Raises InvalidInputError with a sentence where it is no JPEG, PNG, WebP or HEIC, is damaged, or is too large.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInputError(N_("Deze foto is groter dan 20 MB. Kies een kleinere foto."), field="photos")
    picture = _decoded(content)
    sizes = {name: _jpeg(picture, width) for name, width in WIDTHS.items()}
    return Photo(sizes, hashlib.sha256(content).hexdigest(), picture.width, picture.height)


def _decoded(content: bytes) -> Image.Image:
    _know_heif()
    try:
        with warnings.catch_warnings():
            # Pillow warns where it suspects a bomb; the size is judged here, before a pixel is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise InvalidInputError(
                        N_("Deze foto heeft te veel beeldpunten (meer dan 60 miljoen)."), field="photos"
                    )
                opened.draft("RGB", (WIDTHS["large"], WIDTHS["large"]))
                upright = ImageOps.exif_transpose(opened)
                return _without_metadata(upright)
    except UnidentifiedImageError as error:
        raise InvalidInputError(
            N_("Dit bestand is geen foto die we kunnen lezen. Gebruik JPEG, PNG, WebP of HEIC."), field="photos"
        ) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInputError(N_("Deze foto is beschadigd of onvolledig."), field="photos") from error


def _without_metadata(picture: Image.Image) -> Image.Image:
    """Return the pixels alone on white: Pillow would carry comments, profiles and positions along when it saves."""
    picture = picture.convert("RGBA") if picture.mode in {"P", "LA", "RGBA", "PA"} else picture.convert("RGB")
    fresh = Image.new("RGB", picture.size, "white")
    fresh.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return fresh


def _jpeg(picture: Image.Image, longest: int) -> bytes:
    smaller = picture.copy()
    smaller.thumbnail((longest, longest))
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def _know_heif() -> None:
    # Loaded at the first photo, because most starts of the program never see one.
    from pillow_heif import register_heif_opener  # noqa: PLC0415

    register_heif_opener()
