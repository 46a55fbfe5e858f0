"""Reading the example: its files, and what their values stand for."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """Return the rows of `name`.json, or of every file in the folder `name`, in the order of the files' names."""
    folder = _FOLDER / name
    files = sorted(folder.glob("*.json")) if folder.is_dir() else [folder.with_suffix(".json")]
    return [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))]


def document(name: str) -> Row:
    """Return `name`.json, which holds one thing."""
    found: Row = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def day(offset: int | None, on: date) -> date | None:
    """Return the day that lies `offset` days from the day of loading."""
    return None if offset is None else on + timedelta(days=offset)


def decimal(text: str | None) -> Decimal | None:
    """Return an exact number, or None where it was left open."""
    return None if text is None else Decimal(text)
