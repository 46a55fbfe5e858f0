"""This will take the screenshots of docs/pictures anew, from the demo as it is loaded today."""

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from marketplace.config import ROOT
from tests.browser import arguments
from tests.journeys import browser, places
from tests.journeys import test_reservations as walk
from tests.journeys.site import Site, serving
from tests.journeys.visitors import DESK, Visitors, Watch

_FOLDER = ROOT / "docs" / "pictures"
_LARGEST = 200_000  # bytes: a README is also read on a train
_PHONE = (360, 780)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is shown in the documentation."""

    name: str
    path: str
    who: str = ""
    viewport: tuple[int, int] = (1280, 900)


_PICTURES = (
    Picture("home", "/"),
    Picture("catalogue", "/aanbod"),
    Picture("listing", "/aanbod/{slab}", "bouwer"),
    Picture("passport", "/paspoort/{slab_passport}", viewport=_PHONE),
    Picture("steps", "/scan/{slab_passport}", "terrein", viewport=_PHONE),
    Picture("work", "/paspoort/{work}"),
    Picture("project", "/projecten/{project}", "bouwer"),
    Picture("need", "/behoeften/{need}", "bouwer"),
    Picture("board", "/projecten/{planned}/voorstellen", "bouwer"),
    Picture("programme", "/programmas/drenthe-woont-circulair", "corporatie"),
    Picture("estimate", "/projecten/coevorden-galerijflat/oogst/schatten", "sloper"),
    Picture("demand", "/projecten/volta-hoogeveen/vraag", "sloper"),
    Picture("desk", "/balie", "sloper"),
    Picture("basket", "/mandjes/{basket}", "bouwer", viewport=_PHONE),
)


def main() -> None:
    """Serve the demo, look at each page, and keep what is seen."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="materialenhub-pictures-") as folder, serving(Path(folder)) as site:
        _take_all(site)


def _take_all(site: Site) -> None:
    path = browser.find()
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=arguments())
        visitors = Visitors(opened, site, Watch(site), {})
        for picture in _PICTURES:
            width, height = picture.viewport
            viewport = {"width": width, "height": height}
            with visitors.opening(picture.who, viewport=viewport, reduced_motion="reduce") as page:
                page.goto(places.fill(site, picture.path))
                _keep(page, _FOLDER / f"{picture.name}.png")
        _take_harvest(site, visitors)
        opened.close()


def _take_harvest(site: Site, visitors: Visitors) -> None:
    """Walk a harvest to where somebody is offered what came free, and to where it is counted."""
    phone = {"width": _PHONE[0], "height": _PHONE[1]}
    with (
        visitors.opening("sloper", viewport=DESK) as contractor,
        visitors.opening("bouwer", viewport=DESK) as builder,
        visitors.opening("noor.alberts", viewport=phone, reduced_motion="reduce") as rival,
        visitors.opening("terrein", viewport=phone, reduced_motion="reduce") as worker,
    ):
        lot = walk.list_doors(contractor)
        walk.take_option(builder, lot, 12)
        second = walk.take_option(builder, lot, 8)
        waiting = walk.ask_too_much(rival, lot, 12, least=6)
        walk.give_up(builder, second)
        rival.goto(waiting)
        _keep(rival, _FOLDER / "offered.png")
        walk.count(worker, walk.code_of(site, lot), 17)
        worker.locator(".scan-step[open]").evaluate("step => step.scrollIntoView()")
        _keep(worker, _FOLDER / "count.png")


def _keep(page: Page, path: Path) -> None:
    page.evaluate("document.fonts.ready")
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32):
        seen.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= _LARGEST:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
