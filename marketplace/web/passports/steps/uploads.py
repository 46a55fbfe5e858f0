"""A document that was sent along with a form."""

from typing import NamedTuple

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage


class Upload(NamedTuple):
    """Hold what came in: its bytes, and what it was called."""

    content: bytes
    name: str


def upload_of(field: FileField) -> Upload | None:
    """Return what was chosen in a field, from its beginning however often this is asked, or None."""
    storage = field.data
    if not isinstance(storage, FileStorage) or not storage.filename:
        return None
    storage.stream.seek(0)
    return Upload(storage.stream.read(), storage.filename)
