"""Files on disk: written whole or not at all, under names of our own."""

import errno
import os
import secrets
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that after a crash the file is either complete or absent.

    The file gets a temporary name, is flushed to disk, renamed, and its folder flushed too; only then may a row
    that points to it be committed. Raises OSError where the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_out_of_room(error: OSError) -> bool:
    """Tell whether a file could not be written because its disk, or what may be used of it, is full."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}
