"""The question by dimensions on a whole country's worth of offers, on both databases."""

import random
from collections.abc import Iterator
from contextlib import ExitStack

from sqlalchemy import text

from marketplace.kit.database import db, session
from marketplace.listings import catalogue
from marketplace.listings.criteria import Criteria, Window
from marketplace.materials.vocabulary import categories
from tests.benchmarks import region
from tests.benchmarks.timing import Row, each, milliseconds, seconds
from tests.soak.stage import postgresql, stage

LOTS = 100_000
_TIMES = 200
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def asking_by_dimensions() -> Iterator[Row]:
    """Measure a page of the catalogue with its total, its cards and what each category has, each time other sizes."""
    with ExitStack() as stack:
        address = stack.enter_context(postgresql())
        for database, name in _NAMES.items():
            stack.enter_context(stage(database, address))
            taken = seconds(lambda: region.fill(LOTS))
            _settle(database)
            yield Row(f"fill {LOTS:,} lots ({name})", f"{taken:.0f} s", "offers with their words")
            chance = random.Random(1)  # noqa: S311 (nothing is kept secret by it)
            found: list[int] = []
            measured = each(lambda chance=chance, found=found: found.append(_ask(_sizes(chance))), _TIMES)
            hits = f"{min(found):,} to {max(found):,} hits, {_TIMES} questions"
            yield Row(f"dimension query, {LOTS:,} lots ({name})", milliseconds(measured), hits)
            measured = each(lambda: _ask(Criteria()), 40)
            yield Row(f"everything, {LOTS:,} lots ({name})", milliseconds(measured), "newest first")


def _settle(database: str) -> None:
    """Do at once what PostgreSQL does by itself within minutes of so many new rows."""
    session.remove()
    if database == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _ask(criteria: Criteria) -> int:
    session.remove()
    page, _facets = catalogue.search_with_facets(criteria)
    return page.total


def _sizes(chance: random.Random) -> Criteria:
    """Ask for a length and a width, half of the times narrowly, and now and then for a height or in one category."""
    length, width = chance.randint(500, 6000), chance.randint(40, 1200)
    if chance.random() < 0.5:
        lengths, widths = Window(length, length + 200), Window(width, width + 200)
    else:
        lengths, widths = Window(at_least=length // 2), Window(at_most=width + 300)
    return Criteria(
        length=lengths,
        width=widths,
        height=Window(at_most=chance.randint(100, 400)) if chance.random() < 0.3 else Window(),
        categories=(chance.choice(categories()).id,) if chance.random() < 0.2 else (),
        longer_is_fine=chance.random() < 0.2,
    )
