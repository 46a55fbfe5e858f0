"""Files that a browser saves."""

from flask import Response, make_response


def download(content: bytes, media_type: str, name: str) -> Response:
    """Return a file under this name, of which no shared cache keeps a copy."""
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response
