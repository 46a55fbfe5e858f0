"""The typesetter: from a template and what is told in it to a file. What people typed goes in as data, not as markup.

It keeps what it has set, about 85 MB for a thousand labels, so that something large is set in a process of its own,
which gives that back when it ends. Such a process starts in 0.1 s; its program is this module, which for that reason
imports nothing of ours.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

Format = Literal["svg", "png", "pdf"]
Standard = Literal["a-2a", "a-3a"]

FONTS: Final = Path(__file__).parent / "fonts"
"""Where the files of Source Sans 3 stand."""

_PIXELS_PER_INCH: Final = 300
_PATIENCE_S: Final = 60


def typeset(
    template: str,
    told: Mapping[str, str],
    form: Format = "pdf",
    *,
    standard: Standard | None = None,
    pictures: Mapping[str, str] | None = None,
) -> bytes:
    """Return the template as a file, with `told` as its `sys.inputs` and `pictures`, SVG by the name of the file.

    PNG has 300 dots per inch; a PDF follows `standard`. The same input gives the same bytes.
    """
    import typst  # noqa: PLC0415 (slow to import, and not every process prints)

    # Any: the annotations of the library leave out that it takes a folder of files in memory.
    files: Any = {name: text.encode() for name, text in {"main.typ": template, **(pictures or {})}.items()}
    made: bytes = typst.compile(
        files,
        format=form,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=[standard] if standard else [],
        sys_inputs=dict(told),
        ppi=_PIXELS_PER_INCH if form == "png" else None,
    )
    return made


def typeset_apart(template: str, told: Mapping[str, str], form: Format = "pdf") -> bytes:
    """Return what `typeset` does, made in a process of its own. Raises RuntimeError where that fails."""
    # -P: what lies beside this file must not stand in for a module of the same name elsewhere.
    command = [sys.executable, "-P", __file__]
    asked = json.dumps([template, dict(told), form])
    done = subprocess.run(  # noqa: S603 (this very file; what people typed goes in as data)
        command, input=asked.encode(), capture_output=True, check=False, timeout=_PATIENCE_S
    )
    if done.returncode:
        raise RuntimeError(
            f"the typesetter ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"
        )
    return done.stdout


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(*json.load(sys.stdin)))
