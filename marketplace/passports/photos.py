"""Where the files of photos stand: `photos/3f/3f9c.../large.jpg`, named by a random key."""

import re
import secrets
import shutil
from pathlib import Path
from typing import Final

from marketplace.kit.files import write_durably
from marketplace.kit.photos import WIDTHS, Photo

MOST: Final = 12
"""Photos of one passport."""

_KEY: Final = re.compile(r"[0-9a-f]{32}")


def store(photo: Photo, *, uploads: Path) -> str:
    """Write every size of a photo and return the new key by which it is found.

    Raises OSError where the disk is full; then none of them stays.
    """
    key = secrets.token_hex(16)
    try:
        for size, content in photo.sizes.items():
            write_durably(_path(uploads, key, size), content)
    except OSError:
        shutil.rmtree(_path(uploads, key, "").parent, ignore_errors=True)
        raise
    return key


def find_file(uploads: Path, key: str, size: str) -> Path | None:
    """Return the file of a photo in one size, or None where there is none of that name."""
    if size not in WIDTHS or not _KEY.fullmatch(key):
        return None
    path = _path(uploads, key, size)
    return path if path.is_file() else None


def _path(uploads: Path, key: str, size: str) -> Path:
    return uploads / "photos" / key[:2] / key / f"{size}.jpg"
