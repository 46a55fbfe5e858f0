"""Where a person may be sent on to: pages of our own and nowhere else."""

from urllib.parse import unquote, urlsplit


def own_path(text: str | None) -> str | None:
    """Return `text` if it is the path of a page of our own, with its query, or None.

    Browsers read a backslash as a slash, take `//host` for another site and drop control characters, so that each
    of these is refused, written plainly or in percent codes.
    """
    if not text or not text.startswith("/") or not text.isprintable() or "\\" in text:
        return None
    try:
        path = unquote(urlsplit(text).path)
    except ValueError:
        return None
    plain = path.isprintable() and "\\" not in path
    return text if plain and path.startswith("/") and not path.startswith("//") and not text.startswith("//") else None
