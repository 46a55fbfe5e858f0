"""Taking a file out of a PDF that somebody sent, in a process that may use little memory and time."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError

_SECONDS: Final = 5
_NONE: Final = 3
_SCRIPT: Final = Path(__file__).with_name("pdf_attachment.py")


def attachment_of(pdf: bytes, name: str, *, most: int) -> bytes:
    """Return the attachment `name` of a PDF, of at most so many bytes.

    Raises InvalidInputError with a sentence where the PDF has none, or cannot be read.
    """
    command = [sys.executable, "-I", str(_SCRIPT), name, str(most), str(_SECONDS)]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=2 * _SECONDS, check=False)  # noqa: S603 (our own interpreter and script; the file is only its input)
    except subprocess.TimeoutExpired as late:
        raise InvalidInputError(_UNREADABLE) from late
    if done.returncode == _NONE:
        raise InvalidInputError(N_("In deze PDF zit geen %(name)s; het is geen paspoort van een hub."), name=name)
    if done.returncode:
        raise InvalidInputError(_UNREADABLE)
    return done.stdout


_UNREADABLE: Final = N_("Deze PDF is niet te lezen; er ontbreekt misschien een stuk.")
