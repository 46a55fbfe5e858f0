"""Decoding and encoding pictures: by an allow-list of formats, with their size checked before a pixel is decoded."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from marketplace.kit.errors import N_, InvalidInputError

MAX_PIXELS = 60_000_000
"""Checked before decoding. The largest phone cameras make about 50 million; a bomb declares billions."""

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

register_heif_opener()


def decoded(content: bytes, *, longest: int) -> Image.Image:
    """Return the picture upright, in colour and without metadata, at least `longest` pixels long where it was.

    Raises InvalidInputError with a sentence where it is none of the known formats, is damaged, or declares too much.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns where it suspects a bomb; the size is judged here, before a pixel is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise InvalidInputError(
                        N_("Deze foto heeft te veel beeldpunten (meer dan 60 miljoen)."), field="photos"
                    )
                opened.draft("RGB", (longest, longest))
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


def jpeg(picture: Image.Image, longest: int) -> bytes:
    """Return the picture as JPEG, of which the longest side is at most `longest` pixels."""
    smaller = picture.copy()
    smaller.thumbnail((longest, longest))
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
