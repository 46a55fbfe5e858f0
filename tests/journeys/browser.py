"""The browser of the tests: find a Chromium, or install one when this module is run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of a Chromium: the one of CHROMIUM, of the system, or of Playwright."""
    if given := os.environ.get("CHROMIUM"):
        return given
    if known := next(filter(None, map(shutil.which, _NAMES)), None):
        return known
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Install Chromium: from the system's packages where we may, else with Playwright."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        asking_nothing = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run(["apt-get", *command], check=True, stdout=subprocess.DEVNULL, env=asking_nothing)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit("No Chromium was found or could be installed: set CHROMIUM to the path of one.")
