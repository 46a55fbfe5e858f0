"""Running a script of ours on what a stranger sent, in a process of its own that sees nothing of the program.

A file that brings down or holds up a library takes only that process along. The script limits its own memory and
time before it reads.
"""

import subprocess
import sys
from pathlib import Path


def run_confined(
    script: Path, *arguments: str, content: bytes, seconds: int
) -> subprocess.CompletedProcess[bytes] | None:
    """Return how a script ended that had `content` at its standard input; None where it took twice its seconds."""
    command = [sys.executable, "-I", str(script), *arguments, str(seconds)]
    try:
        return subprocess.run(command, input=content, capture_output=True, timeout=2 * seconds, check=False)  # noqa: S603 (our own interpreter and script; the file goes in as data)
    except subprocess.TimeoutExpired:
        return None
