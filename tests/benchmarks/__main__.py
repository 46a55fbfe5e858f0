"""This will print how fast and how good the main things are on this machine, in about fifteen minutes.

Nothing is left behind. The names of parts, such as `plans live`, measure those alone.
"""

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from marketplace import create_app
from marketplace.accounts.models import Organisation
from marketplace.config import Settings
from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, db, session
from marketplace.kit.journal import By
from marketplace.labels import media, qr
from marketplace.labels.artwork import Format, render, render_sheet
from marketplace.labels.content import Label
from marketplace.listings import catalogue
from marketplace.listings.criteria import Criteria, Window
from marketplace.listings.models import Listing
from marketplace.materials.hazards import relevant_hazards
from marketplace.materials.vocabulary import categories
from marketplace.migrations import run
from marketplace.passports.gate import claims_to_be_free
from marketplace.passports.inspection import inspect
from marketplace.passports.models import Passport
from marketplace.passports.queries import find_version
from marketplace.passports.verification import verify
from marketplace.reservations import actions
from marketplace.reservations.purposes import Purpose
from marketplace.web.drawings.catalogue import drawing
from tests.benchmarks import region
from tests.benchmarks.dimensions import asking_by_dimensions
from tests.benchmarks.live import live
from tests.benchmarks.plans import planning
from tests.benchmarks.timing import Row, each, milliseconds, seconds
from tests.factories import make_organisation, make_signed
from tests.journeys.site import serving
from tests.sealing import SEAL

LISTINGS = 20_000
RESERVATIONS = 300
LABELS = 1_000

_CLEAN = [
    category.id
    for category in categories()
    if not (category.banned or relevant_hazards(category, 2019) or claims_to_be_free([category.name_nl]))
]
_SEARCHES = {
    "a word and a length": Criteria(text="binnendeur", length=Window(2000, 2400)),
    "two words": Criteria(text="witte deuren"),
    "a length and a width": Criteria(length=Window(2000, 2200), width=Window(600, 800)),
    "a word that is nowhere": Criteria(text="boomklomp"),
    "everything, newest first": Criteria(),
}


def searching() -> Iterator[Row]:
    """Measure the catalogue's question, with all that its cards show."""
    for name, criteria in _SEARCHES.items():
        hits = catalogue.search(criteria).total
        measured = each(lambda criteria=criteria: _search(criteria), 40)
        yield Row(f"search: {name}", milliseconds(measured), f"{hits:,} of {LISTINGS:,} offers")


def _search(criteria: Criteria) -> None:
    session.expire_all()
    session.expunge_all()
    catalogue.search(criteria)


def reserving() -> Iterator[Row]:
    """Measure reservations one after the other, each committed to the disk."""
    buyer = make_organisation().id
    commit()
    # Of 2019 and 2020 in these kinds nothing is to be suspected: the gate is open, and looked through all the same.
    clean = select(Listing.id).join(Passport).where(Passport.building_year >= 2019, Passport.category.in_(_CLEAN))
    numbers = session.scalars(clean.order_by(Listing.id).limit(RESERVATIONS)).all()
    session.rollback()
    taken = sum(seconds(lambda number=number: _reserve(number, buyer)) for number in numbers)
    yield Row("reserve", f"{RESERVATIONS / taken:.0f} a second", f"{RESERVATIONS} one after the other, each on disk")


def _reserve(listing_id: int, buyer_id: int) -> None:
    begin_writing()
    buyer = session.get_one(Organisation, buyer_id)
    actions.request(listing_id=listing_id, quantity=Decimal(1), purpose=Purpose(buyer), by=By(None, buyer.id), at=now())
    commit()


def drawing_categories() -> Iterator[Row]:
    """Measure the drawing of every category, none of them remembered."""
    drawing.cache_clear()
    drawing(categories()[0].id, dims=(1, 1, 1))
    measured = [
        seconds(lambda category=category: drawing(category.id, dims=(2115, 930, 40))) for category in categories()
    ]
    yield Row("drawing", milliseconds(measured), f"{len(measured)} categories")


def printing_labels() -> Iterator[Row]:
    """Measure a label in each of its forms."""
    label = Label(
        address=qr.address("https://materialenhub.example", "7KQ9M2FX4HTB8WPN"),
        code="7KQ9-M2FX-4HTB-8WPN",
        name="Kanaalplaat 200, 5,40 m",
        dimensions="5.400 × 1.196 × 200 mm",
        quantity="96 st",
        place="Stadterij Hoogeveen, rek B-04",
        owner="Bork Groep",
        language="nl",
    )
    forms: tuple[Format, ...] = ("svg", "png", "pdf")
    for form in forms:
        yield Row(f"label: {form}", milliseconds(each(lambda form=form: render(label, form), 10)), "50 x 50 mm")
    sheet = [replace(label, address=f"{label.address[:-4]}{number:04}") for number in range(LABELS)]
    for medium in ("l7160", "102x51", "crane-a5"):
        taken = seconds(lambda medium=medium: render_sheet(sheet, media.get(medium)))
        yield Row(f"labels: {medium}", f"{taken:.2f} s, {LABELS / taken:.0f} a second", f"{LABELS:,} as one PDF")


def signing() -> Iterator[Row]:
    """Measure signing a passport in both its forms, checking both, and the whole answer that its page shows."""
    begin_writing()
    passport = make_signed(seal=SEAL)
    version = find_version(passport.id)
    assert version is not None
    unsigned = {name: value for name, value in json.loads(version.credential).items() if name != "proof"}
    size = f"{len(version.credential):,} bytes of JSON"
    steps: dict[str, Callable[[], object]] = {
        "sign: document and token": lambda: SEAL.sign(unsigned, version.valid_from),
        "verify: document and token": lambda: inspect(version, code=passport.code, seal=SEAL),
        "verify: what the page shows": lambda: verify(passport, SEAL),
    }
    for what, step in steps.items():
        measured = each(step, 300)
        yield Row(what, f"{milliseconds(measured)}, {len(measured) / sum(measured):.0f} a second", size)
    session.rollback()


def printing_passports(folder: Path) -> Iterator[Row]:
    """Measure the PDF of every passport of the demo, as somebody downloads it."""
    with serving(folder) as site:
        path = folder / "instance" / "marketplace.sqlite"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            codes = [code for (code,) in connection.execute("SELECT code FROM passport WHERE status = 'published'")]
        measured = [seconds(lambda code=code: site.fetch(f"/paspoort/{code}.pdf")) for code in codes]
    yield Row("passport: PDF/A-3a", milliseconds(measured), f"{len(measured)} passports of the demo, over HTTP")


def starting(folder: Path) -> Iterator[Row]:
    """Measure from the command to the first answer: on an empty folder, and again."""
    for what in ("first start, with migrations and the demo", "restart"):
        before = time.perf_counter()
        with serving(folder):
            yield Row(what, f"{time.perf_counter() - before:.1f} s", "until it answers")


def _on_a_region(folder: Path) -> Iterator[Row]:
    app = _app(folder)
    with app.app_context():
        run.upgrade()
        before = time.perf_counter()
        region.fill(LISTINGS)
        yield Row("fill the region", f"{time.perf_counter() - before:.0f} s", f"{LISTINGS:,} offers with their words")
        yield from searching()
        yield from reserving()
        yield from signing()
        session.remove()
        db.engine.dispose()


def _app(folder: Path) -> Flask:
    environment = {"INSTANCE_PATH": str(folder / "instance"), "UPLOADS_PATH": str(folder / "uploads"), "DEMO": "0"}
    return create_app(Settings.from_environment(environment))


def main(wanted: Sequence[str]) -> None:
    """Measure what is asked for, or everything, and print each figure as it comes."""
    with tempfile.TemporaryDirectory(prefix="materialenhub-bench-") as name:
        folder = Path(name)
        for part in ("region", "live", "served"):
            (folder / part).mkdir()
        parts: dict[str, Callable[[], Iterator[Row]]] = {
            "plans": planning,
            "live": lambda: live(folder / "live"),
            "drawings": drawing_categories,
            "labels": printing_labels,
            "region": lambda: _on_a_region(folder / "region"),
            "dimensions": asking_by_dimensions,
            "served": lambda: chain(starting(folder / "served"), printing_passports(folder / "served")),
        }
        for row in chain.from_iterable(parts[part]() for part in wanted or parts):
            print(f"{row.what:<44}{row.figure:<42}{row.of}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
