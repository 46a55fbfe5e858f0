"""What a fake camera sees: a label on a grey wall, in a hand that is not quite still."""

import io
from pathlib import Path

from PIL import Image

_FRAME = (640, 480)
_LABEL = 320
_FRAMES = 30


def of_label(png: bytes, path: Path) -> Path:
    """Film a printed label: two seconds of it, turning and moving a little, as the MJPEG that Chromium plays."""
    label = Image.open(io.BytesIO(png)).convert("L").resize((_LABEL, _LABEL), Image.Resampling.LANCZOS)
    with path.open("wb") as film:
        for number in range(_FRAMES):
            _frame(label, number).save(film, "JPEG", quality=85)
    return path


def _frame(label: Image.Image, number: int) -> Image.Image:
    wall = Image.new("L", _FRAME, 120)
    held = label.rotate(-6 + number / 3, Image.Resampling.BICUBIC, expand=True, fillcolor=120)
    wall.paste(held, (100 + 3 * number, 40 + number))
    return wall.convert("RGB")
