"""Taking a file out of a PDF that somebody sent, in a process that may use little memory and time."""

from pathlib import Path
from typing import Final

from marketplace.kit.confined import run_confined
from marketplace.kit.errors import N_, InvalidInputError

_SECONDS: Final = 5
_NONE: Final = 3
_SCRIPT: Final = Path(__file__).with_name("pdf_attachment.py")


def attachment_of(pdf: bytes, name: str, *, most: int) -> bytes:
    """Return the attachment `name` of a PDF, of at most so many bytes.

    Raises InvalidInputError with a sentence where the PDF has none, or cannot be read.
    """
    done = run_confined(_SCRIPT, name, str(most), content=pdf, seconds=_SECONDS)
    if done is None:
        raise InvalidInputError(_UNREADABLE)
    if done.returncode == _NONE:
        raise InvalidInputError(N_("In deze PDF zit geen %(name)s; het is geen paspoort van een hub."), name=name)
    if done.returncode:
        raise InvalidInputError(_UNREADABLE)
    return done.stdout


_UNREADABLE: Final = N_("Deze PDF is niet te lezen; er ontbreekt misschien een stuk.")
