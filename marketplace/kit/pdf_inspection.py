"""Open a PDF from standard input and print how many pages it has, or in one word why it is refused.

A script of its own rather than a part of the program: `documents` runs it in a process that may use little.
Usage: pdf_inspection.py MOST_PAGES SECONDS
"""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Final

from pikepdf import Array, Dictionary, Object, PasswordError, Pdf, PdfError, Stream

_MEMORY: Final = 700_000_000
_DEEPEST: Final = 100
_ACTIONS: Final = {"/JavaScript": "script", "/Launch": "launch"}
_SCRIPTS: Final = ("/JS", "/JavaScript", "/XFA")
_PROGRAM_NAMES: Final = (
    *(".exe", ".dll", ".com", ".scr", ".pif", ".msi", ".msix", ".jar", ".lnk", ".reg", ".app", ".apk", ".dmg", ".iso"),
    *(".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta", ".sh", ".docm", ".xlsm"),
    *(".html", ".htm", ".svg"),
)
_PROGRAM_STARTS: Final = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def main(most_pages: int, seconds: int) -> None:
    """Print the verdict on the PDF at standard input, within so many seconds of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(verdict(sys.stdin.buffer.read(), most_pages))


def verdict(content: bytes, most_pages: int) -> str:
    """Return how many pages this PDF has, or the word for why it is refused."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return "encrypted"
            pages = len(pdf.pages)
            if pages == 0:
                return "empty"
            return "long" if pages > most_pages else _runs(pdf) or str(pages)
    except PasswordError:
        return "encrypted"
    except (PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        return "damaged"


def _runs(pdf: Pdf) -> str:
    """Return the word for what in this PDF would run, or nothing."""
    for thing in _things(pdf):
        if not isinstance(thing, Dictionary | Stream):
            continue
        if word := _ACTIONS.get(str(thing.get("/S", ""))):
            return word
        if any(name in thing for name in _SCRIPTS):
            return "script"
        if "/EF" in thing and _is_program(thing):
            return "program"
    return ""


def _things(pdf: Pdf) -> Iterator[object]:
    """Yield every object of the file with what stands inside it, without following references."""
    waiting: list[tuple[object, int]] = [(thing, 0) for thing in (*pdf.objects, pdf.trailer)]
    while waiting:
        thing, depth = waiting.pop()
        yield thing
        if depth < _DEEPEST:
            waiting += [(part, depth + 1) for part in _inside(thing) if not getattr(part, "is_indirect", False)]


def _inside(thing: object) -> list[object]:
    if isinstance(thing, Dictionary | Stream):
        return [value for _name, value in thing.items()]
    return list(thing) if isinstance(thing, Array) else []


def _is_program(attachment: Object) -> bool:
    named = [str(attachment.get(key, "")) for key in ("/F", "/UF")]
    if any(name.lower().rstrip(" .").endswith(_PROGRAM_NAMES) for name in named):
        return True
    return any(file.read_bytes().startswith(_PROGRAM_STARTS) for _name, file in attachment.EF.items())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
