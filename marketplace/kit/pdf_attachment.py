"""Take one attachment out of a PDF at standard input and write it to standard output.

A script of its own rather than a part of the program, so that a file made to bring the library down takes only this
process along. Usage: pdf_attachment.py NAME MOST_BYTES SECONDS. Exits with 3 where the PDF has no such attachment, and
with any other number but 0 where it cannot be read.
"""

import io
import resource
import sys
from typing import Final

from pikepdf import Pdf

_MEMORY: Final = 700_000_000
NONE: Final = 3


def main(name: str, most: int, seconds: int) -> int:
    """Write the attachment of this name, within so many seconds of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Pdf.open(io.BytesIO(sys.stdin.buffer.read())) as pdf:
        if name not in pdf.attachments:
            return NONE
        content = pdf.attachments[name].get_file().read_bytes()
    if len(content) > most:
        return 1
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
