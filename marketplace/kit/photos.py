"""Photos from a phone: checked, set upright, freed of metadata, and made in three sizes."""

import hashlib
from dataclasses import dataclass

from marketplace.kit.errors import N_, InvalidInputError

MAX_BYTES = 20_000_000
WIDTHS = {"large": 1600, "card": 640, "thumb": 160}
"""Longest side in pixels of each size that is kept."""


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
    # Loaded at the first photo: most starts of the program never see one, and the picture library is large.
    from marketplace.kit import pixels  # noqa: PLC0415 (slow to import, and not every process makes one)

    picture = pixels.decoded(content, longest=WIDTHS["large"])
    sizes = {name: pixels.jpeg(picture, width) for name, width in WIDTHS.items()}
    return Photo(sizes, hashlib.sha256(content).hexdigest(), picture.width, picture.height)
