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
from tests.journeys.site import Site, serving
from tests.journeys.visitors import Visitors, Watch

_FOLDER = ROOT / "docs" / "pictures"
_LARGEST = 200_000  # bytes: a README is also read on a train


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
    Picture("passport", "/paspoort/{slab_passport}", viewport=(360, 780)),
    Picture("steps", "/scan/{slab_passport}", "terrein", viewport=(360, 780)),
    Picture("work", "/paspoort/{work}"),
    Picture("project", "/projecten/{project}", "bouwer"),
    Picture("need", "/behoeften/{need}", "bouwer"),
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
        opened.close()


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
