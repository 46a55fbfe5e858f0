"""The typesetter: from a drawing as JSON to a file.

It keeps what it has set, about 85 MB for a thousand labels, so that a large drawing is set in a process of its own,
which gives that back when it ends. Such a process starts in 0.1 s; its program is this module, which for that reason
imports nothing of ours.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final, Literal, get_args

Format = Literal["svg", "png", "pdf"]

PIXELS_PER_INCH: Final = 300

_FOLDER: Final = Path(__file__).parent
_PATIENCE_S: Final = 60


def typeset(drawing: str, form: Format, *, is_large: bool = False) -> bytes:
    """Return the drawing, the JSON that `label.typ` reads, as a file."""
    return _apart(drawing, form) if is_large else _here(drawing, form)


def _here(drawing: str, form: Format) -> bytes:
    # Loaded at the first label: most requests print none, and the typesetter takes a while to load.
    import typst  # noqa: PLC0415 (slow to import, and not every process makes one)

    return typst.compile(  # type: ignore[misc]  # mypy also tries the overload that writes a file
        (_FOLDER / "label.typ").read_bytes(),
        format=form,
        font_paths=[str(_FOLDER.parent / "kit" / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"print": drawing},
        ppi=PIXELS_PER_INCH if form == "png" else None,
    )


def _apart(drawing: str, form: Format) -> bytes:
    # -P: what lies beside this file must not stand in for a module of the same name elsewhere.
    command = [sys.executable, "-P", __file__, form]
    done = subprocess.run(  # noqa: S603 (this very file; what people typed goes in as data)
        command, input=drawing.encode(), capture_output=True, check=False, timeout=_PATIENCE_S
    )
    if done.returncode:
        raise RuntimeError(
            f"the typesetter ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"
        )
    return done.stdout


if __name__ == "__main__":
    (wanted,) = (form for form in get_args(Format) if form == sys.argv[1])
    sys.stdout.buffer.write(_here(sys.stdin.buffer.read().decode(), wanted))
