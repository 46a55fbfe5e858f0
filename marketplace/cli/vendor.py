"""Vendored front-end files: packed once by a developer with npm, committed, and checked against their manifest.

Users need neither Node nor a network. `vendor.json` says of each file which package and version it is from,
under which licence, and its sha-256 and subresource-integrity values.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import click

VENDOR_FOLDER = Path(__file__).parent.parent / "web" / "static" / "vendor"
MANIFEST = "vendor.json"
CONTAINED_LICENCE = "zxing-cpp.licence.txt"

# The barcode reader asks a content network for its WebAssembly unless told otherwise. Naming our own folder there
# makes it impossible that a forgotten override sends a visitor to a third party.
FOREIGN_WASM = re.compile(rb"https://[\w.]+/npm/zxing-wasm@([\d.]+)/dist/\$\{n\[1\]\}/")
OWN_WASM = b"/static/vendor/"

# fmt: off
SAME_NAME = (
    "arrow-down-circle", "arrow-left", "arrow-left-right", "arrow-right", "arrow-up-right", "bell", "box-arrow-right",
    "box-seam", "building", "calendar", "camera", "check-circle", "chevron-down", "chevron-right",
    "clipboard", "clock", "download", "envelope", "exclamation-circle", "exclamation-octagon",
    "exclamation-triangle", "eye", "file-earmark", "filetype-json", "filetype-pdf", "flag", "geo-alt", "globe", "grid",
    "hammer", "hash", "house", "image", "info-circle", "keyboard", "layers", "list", "list-ul", "lock", "map",
    "patch-check", "patch-check-fill", "pencil", "people", "person", "printer", "qr-code-scan", "recycle",
    "search", "shield-check", "sliders", "star", "tag", "three-dots", "trash", "tree", "truck", "upload", "wifi",
    "wifi-off",
)
# fmt: on
ICONS = {  # our name: the name in the icon set
    **{name: name for name in SAME_NAME},
    "check": "check-lg",
    "cone": "cone-striped",
    "dash": "dash-lg",
    "error-fill": "exclamation-circle-fill",
    "hourglass": "hourglass-split",
    "link": "link-45deg",
    "patch-exclamation": "patch-exclamation-fill",
    "plus": "plus-lg",
    "torch": "lightning-charge-fill",
    "warning-fill": "exclamation-triangle-fill",
    "x": "x-lg",
}


@dataclass(frozen=True)
class Package:
    """One pinned package and the files we take: their path in it to their name here.

    `contains` is the licence of other work compiled into it, where its own manifest is silent about that.
    """

    name: str
    version: str
    files: dict[str, str]
    licence_file: str
    contains: str = ""


class Entry(TypedDict):
    """What the manifest says of one file; `changed` says what we did to it, or is empty."""

    package: str
    version: str
    licence: str
    licence_file: str
    sha256: str
    integrity: str
    changed: str


FONT_FILES = ("source-sans-3-latin-wght-normal.woff2", "source-sans-3-latin-ext-wght-normal.woff2")
PACKAGES = (
    Package(
        "@fontsource-variable/source-sans-3",
        "5.3.0",
        {f"files/{name}": name for name in FONT_FILES},
        "source-sans-3.licence.txt",
    ),
    Package("htmx.org", "4.0.1", {"dist/htmx.min.js": "htmx.min.js"}, "htmx.licence.txt"),
    Package(
        "barcode-detector", "3.2.2", {"dist/iife/ponyfill.js": "barcode-detector.js"}, "barcode-detector.licence.txt"
    ),
    Package(
        "zxing-wasm",
        "3.1.3",
        {"dist/reader/zxing_reader.wasm": "zxing_reader.wasm"},
        "zxing-wasm.licence.txt",
        contains="Apache-2.0",  # zxing-cpp
    ),
    Package("bootstrap-icons", "1.13.2", {}, "bootstrap-icons.licence.txt"),
)


@click.group()
def vendor() -> None:
    """Keep the vendored front-end files."""


@vendor.command("pack")
def pack() -> None:
    """Fetch the pinned packages with npm and write their files, licences and manifest."""
    npm = shutil.which("npm")
    if npm is None:
        raise click.ClickException("npm is needed to pack the front-end files; users do not need it.")
    VENDOR_FOLDER.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, Entry] = {}
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            manifest |= _pack_one(package, _fetch(npm, package, Path(folder)))
    _write_manifest(manifest)
    click.echo(f"{len(manifest)} files in {VENDOR_FOLDER}")


@vendor.command("check")
def check() -> None:
    """Compare every vendored file with its checksum in the manifest."""
    wrong = changed_files(VENDOR_FOLDER)
    if wrong:
        raise click.ClickException(f"Not as in {MANIFEST}: {', '.join(wrong)}")
    click.echo("All vendored files are as the manifest says.")


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Return the manifest of `folder`: file name to entry."""
    entries: dict[str, Entry] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return entries


def changed_files(folder: Path) -> list[str]:
    """Return the names of files that are absent, differ from the manifest, or are not in it."""
    manifest = read_manifest(folder)
    known = {MANIFEST, CONTAINED_LICENCE} | {entry["licence_file"] for entry in manifest.values()}
    unlisted = [path.name for path in folder.iterdir() if path.name not in known | manifest.keys()]
    return sorted(unlisted + [name for name, entry in manifest.items() if _sha256(folder / name) != entry["sha256"]])


def sprite(icons: dict[str, str]) -> bytes:
    """Return one SVG with a symbol for each icon: our name to the SVG text of the set."""
    symbols = [f'<symbol id="{name}" viewBox="0 0 16 16">{_inner(icons[name])}</symbol>' for name in sorted(icons)]
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def _inner(svg: str) -> str:
    match = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if match is None:
        raise click.ClickException("An icon of the set is not an SVG.")
    return re.sub(r">\s+<", "><", match.group(1).strip())


def _fetch(npm: str, package: Package, folder: Path) -> tarfile.TarFile:
    command = [
        npm,
        "pack",
        "--json",
        "--silent",
        "--pack-destination",
        str(folder),
        f"{package.name}@{package.version}",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (fixed arguments, no shell)
    answer = json.loads(done.stdout)
    packed = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return tarfile.open(folder / packed["filename"])


def _pack_one(package: Package, archive: tarfile.TarFile) -> dict[str, Entry]:
    with archive:
        own = json.loads(_member(archive, "package.json"))["license"]
        licence = f"{own} AND {package.contains}" if package.contains else own
        (VENDOR_FOLDER / package.licence_file).write_bytes(_member(archive, "LICENSE"))
        contents = {target: _own_address(_member(archive, source)) for source, target in package.files.items()}
        if package.name == "bootstrap-icons":
            drawings = {name: _member(archive, f"icons/{source}.svg").decode() for name, source in ICONS.items()}
            contents["icons.svg"] = (sprite(drawings), "one sprite of the icons that are used")
    return {name: _store(package, licence, name, *content) for name, content in contents.items()}


def _own_address(content: bytes) -> tuple[bytes, str]:
    pinned = FOREIGN_WASM.search(content)
    if pinned is None:
        return content, ""
    reader = next(package for package in PACKAGES if package.name == "zxing-wasm")
    if pinned.group(1).decode() != reader.version:
        raise click.ClickException(
            f"The barcode reader wants zxing-wasm {pinned.group(1).decode()}, not {reader.version}."
        )
    return FOREIGN_WASM.sub(OWN_WASM, content), "default address of the WebAssembly file made local"


def _store(package: Package, licence: str, name: str, content: bytes, changed: str) -> Entry:
    (VENDOR_FOLDER / name).write_bytes(content)
    return {
        "package": package.name,
        "version": package.version,
        "licence": licence,
        "licence_file": package.licence_file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "integrity": "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode(),
        "changed": changed,
    }


def _member(archive: tarfile.TarFile, path: str) -> bytes:
    file = archive.extractfile(f"package/{path}")
    if file is None:
        raise click.ClickException(f"{path} is not in the package.")
    return file.read()


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _write_manifest(manifest: dict[str, Entry]) -> None:
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (VENDOR_FOLDER / MANIFEST).write_text(text + "\n", "utf-8")
