"""The disk runs full while people reserve and send photos: they read that it is full, nothing that was acknowledged is
lost, no other error is seen, and it works again once there is room.

Of SQLite the whole instance folder stands on the small disk, of PostgreSQL the tables; and for both the uploads alone.
The control knows no full disk. Only root may mount the small disks, so anybody else skips this.
"""

import io
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from PIL import Image

from marketplace.kit.database import session
from tests.soak.crowd import Answer, Crowd, Script
from tests.soak.figures import count, statuses
from tests.soak.killing import acknowledged_in, lost_of
from tests.soak.server import Server
from tests.soak.stage import Address, Stage, Verdict, differences, make_buyers, make_offers, make_owner, stage
from tests.soak.visitor import Visitor, asking, signed_in

CLIENTS = 8
SENTENCE = "Onze opslag is vol"
RECOVERS = 5
"""Seconds within which it works again after there is room."""
_DISK = "48m"
_LEFT = 1_500_000
"""Bytes that are left when people begin to reserve."""
_LEFT_FOR_PHOTOS = 500_000
"""Bytes that are left when a photo is sent, less than it takes in its sizes."""
_PATIENCE = 90


@dataclass(slots=True)
class Story:
    """What was answered: before it was full and while it was, about photos, and after how long it worked again."""

    reserved: list[Answer] = field(default_factory=list)
    photos: list[Answer] = field(default_factory=list)
    recovered: float = _PATIENCE

    @property
    def answers(self) -> list[Answer]:
        return [*self.reserved, *self.photos]


def campaign(database: str, address: Address) -> Verdict:
    """Fill the disks, and make room again."""
    if reason := _cannot():
        return Verdict(is_well=True, told=reason, was_skipped=True)
    with _on_small_disks(database, address) as (at, disks):
        story = _fill(at, *disks)
        lost, found = lost_of(acknowledged_in(story.reserved)), differences()
    full = count(story.reserved, 507), count(story.photos, 507)
    said = all(SENTENCE in answer.body.decode() for answer in story.answers if answer.status == 507)
    other = sum(answer.status not in {303, 507} for answer in story.answers)
    told = (
        f"database: {statuses(story.reserved)}; photos: {statuses(story.photos)}; lost {lost}, {len(found)} "
        f"differences in the ledger, works again after {story.recovered:.1f} s"
    )
    return Verdict(all(full) and said and not (other or lost or found) and story.recovered < RECOVERS, told)


def control(database: str, address: Address) -> Verdict:
    """Fill the disks of a program that knows no full disk."""
    if reason := _cannot():
        return Verdict(is_well=True, told=reason, was_skipped=True)
    with _on_small_disks(database, address) as (at, disks):
        story = _fill(at, *disks, without="full-disk")
    seen = count(story.reserved, 500), count(story.photos, 500)
    return Verdict(all(seen), f"knew no full disk: {seen[0]} and {seen[1]} people saw a fault of ours")


def _cannot() -> str:
    if os.geteuid() != 0:
        return "only root may mount a small disk"
    with suppress(subprocess.CalledProcessError, FileNotFoundError), small_disk():
        return ""
    return "no small disk can be mounted here"


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of a few megabytes, that anybody may write."""
    place = Path(tempfile.mkdtemp(prefix="soak-disk-"))
    try:
        command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=1777", "tmpfs", str(place)]
        subprocess.run(command, check=True, capture_output=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
    finally:
        place.rmdir()


@contextmanager
def _on_small_disks(database: str, address: Address) -> Iterator[tuple[Stage, tuple[Path, Path]]]:
    with small_disk() as disk, small_disk() as uploads:
        if database == "sqlite":
            with stage(database, address, instance=disk, uploads=uploads) as at:
                yield at, (disk, uploads)
            return
        with _tablespace(address(), disk) as name, stage(database, address, uploads=uploads, tablespace=name) as at:
            yield at, (disk, uploads)
            session.remove()


@contextmanager
def _tablespace(url: str, disk: Path) -> Iterator[str]:
    with psycopg.connect(url, autocommit=True) as connection:
        owner = Path(connection.execute("SHOW data_directory").fetchone()[0]).stat()
        (disk / "tables").mkdir()
        os.chown(disk / "tables", owner.st_uid, owner.st_gid)
        name = f"small_{time.time_ns()}"
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{disk / 'tables'}'")
    yield name


def _fill(at: Stage, disk: Path, uploads: Path, *, without: str = "") -> Story:
    story, (owner_id, owner) = Story(), make_owner()
    emails, lots = make_buyers(CLIENTS), make_offers(owner_id, CLIENTS, total=1_000_000)
    with Server(at, without=without) as server, Crowd(server.port, CLIENTS + 1) as crowd:
        *buyers, trader = signed_in(crowd, [*emails, owner])
        photo = trader.post_file("/aanbieden", "photos", _photo(), **_offer(owner_id))
        with _ballast(disk, _LEFT):
            scripts = [_until_it_is_full(visitor, lot, story) for visitor, lot in zip(buyers, lots, strict=True)]
            crowd.run(scripts)
        story.recovered = _works_again(crowd, buyers[0], lots[0], story)
        with _ballast(uploads, _LEFT_FOR_PHOTOS):
            crowd.run([asking(photo, story.photos)])
        crowd.run([asking(photo, story.photos)])
    return story


@contextmanager
def _ballast(disk: Path, left: int) -> Iterator[None]:
    """Fill a disk nearly, until the block ends."""
    file = disk / "ballast"
    file.write_bytes(b"\1" * max(0, shutil.disk_usage(disk).free - left))
    try:
        yield
    finally:
        file.unlink()


def _until_it_is_full(visitor: Visitor, lot: str, story: Story) -> Script:
    """Reserve until it is refused three times."""
    until, refused = time.monotonic() + _PATIENCE, 0
    while refused < 3 and time.monotonic() < until:
        answer = yield visitor.post(f"/aanbod/{lot}/reserveren", quantity=1, purpose="", note="x" * 400)
        story.reserved.append(answer)
        refused += answer.status != 303


def _works_again(crowd: Crowd, visitor: Visitor, lot: str, story: Story) -> float:
    began = time.perf_counter()
    while (waited := time.perf_counter() - began) < _PATIENCE:
        heard: list[Answer] = []
        crowd.run([asking(visitor.post(f"/aanbod/{lot}/reserveren", quantity=1, purpose=""), heard)])
        story.reserved += heard
        if heard[0].status == 303:
            return waited
        time.sleep(0.1)
    return waited


def _photo() -> bytes:
    """Return a photo of noise, which no size makes small."""
    noise, out = random.Random(3).randbytes(1600 * 1200 * 3), io.BytesIO()  # noqa: S311 (it is a picture, no secret)
    Image.frombytes("RGB", (1600, 1200), noise).save(out, "JPEG")
    return out.getvalue()


def _offer(owner_id: int) -> dict[str, object]:
    return {
        "organisation": owner_id,
        "category_text": "binnendeur",
        "quantity": "12",
        "grade": "B",
        "price_eur": "17,50",
        "stage": "in_stock",
        "site": "own",
        "available_from": "2026-03-02",
        "building_year": "2020",
        "origin": "School De Vlonder",
        "publish": "1",
    }
