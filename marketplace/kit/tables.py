"""The tables of figures that come with the package, read as rows of text."""

import csv
from importlib.resources import files


def read_table(package: str, name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of `data/<name>.csv` in a package, each a mapping from column to text; an empty cell is ''."""
    text = files(package).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
