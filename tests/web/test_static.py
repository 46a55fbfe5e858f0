"""What the browser loads: vendored files as packed, and nothing from a third party."""

import json
import re
import shutil
from pathlib import Path

import pytest

import marketplace.web
from marketplace.cli.vendor import VENDOR_FOLDER, changed_files, read_manifest

WEB = Path(marketplace.web.__file__).parent
TEXT_KINDS = {".html", ".css", ".js", ".svg", ".json", ".webmanifest"}
ADDRESS = re.compile(r"(?:https?:)?//(?=[\w-]+\.[\w-]+)([\w.-]+)", re.IGNORECASE)
INLINE = re.compile(r"""\s(?:style|on[a-z]+)\s*=\s*["'{]|<style\b|<script(?![^>]*\bsrc=)""", re.IGNORECASE)
ICON_USE = re.compile(r"""icon\(\s*["']([\w-]+)["']""")
NAMESPACES = {"www.w3.org"}
LINK_TO_FOLLOW = re.compile(r"<a\s[^>]*>")  # loads nothing until a person chooses to go there


def texts() -> list[Path]:
    return sorted(path for path in WEB.rglob("*") if path.suffix in TEXT_KINDS)


def templates() -> list[Path]:
    return sorted((WEB / "templates").rglob("*.html"))


def foreign_hosts(text: str) -> set[str]:
    loaded = LINK_TO_FOLLOW.sub("", re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    return {match.group(1).lower() for match in ADDRESS.finditer(loaded)} - NAMESPACES


def test_every_vendored_file_is_as_the_manifest_says() -> None:
    assert len(read_manifest(VENDOR_FOLDER)) >= 6
    assert changed_files(VENDOR_FOLDER) == []


def test_a_changed_a_lost_and_an_unlisted_file_are_noticed(tmp_path: Path) -> None:
    shutil.copytree(VENDOR_FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "htmx.min.js").write_text("/* changed */")
    (tmp_path / "icons.svg").unlink()
    (tmp_path / "stranger.js").write_text("")

    assert changed_files(tmp_path) == ["htmx.min.js", "icons.svg", "stranger.js"]


def test_every_vendored_file_comes_with_its_licence() -> None:
    for name, entry in read_manifest(VENDOR_FOLDER).items():
        assert entry["licence"], name
        assert (VENDOR_FOLDER / entry["licence_file"]).read_text("utf-8").strip(), name


def test_the_barcode_reader_and_its_webassembly_are_of_one_version() -> None:
    reader = read_manifest(VENDOR_FOLDER)["zxing_reader.wasm"]
    script = (VENDOR_FOLDER / "barcode-detector.js").read_text("utf-8")

    assert f"`{reader['version']}`" in script
    assert reader["sha256"] in script


def test_nothing_is_loaded_from_a_third_party() -> None:
    assert len(texts()) > 100
    named = {path.relative_to(WEB).as_posix(): foreign_hosts(path.read_text("utf-8")) for path in texts()}
    assert {name: hosts for name, hosts in named.items() if hosts} == {}


@pytest.mark.parametrize(
    "text",
    ['<script src="https://cdn.example.com/a.js">', "url(//fonts.example.org/x.woff2)", "`http://a.example/${e}`"],
)
def test_an_address_of_a_third_party_would_be_noticed(text: str) -> None:
    assert foreign_hosts(text)


def test_a_link_that_a_person_may_follow_loads_nothing() -> None:
    assert foreign_hosts('<a rel="license" href="https://licence.example.org/by">') == set()
    assert foreign_hosts('<link rel="stylesheet" href="https://licence.example.org/by.css">') == {"licence.example.org"}


def test_the_namespace_of_svg_is_no_third_party() -> None:
    assert foreign_hosts('<svg xmlns="http://www.w3.org/2000/svg">') == set()


def test_no_template_has_inline_script_or_style() -> None:
    found = {path.name: INLINE.findall(path.read_text("utf-8")) for path in templates()}

    assert found
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize("text", ['<p style="color:red">', "<a onclick='x()'>", "<style>", "<script>x()</script>"])
def test_inline_script_or_style_would_be_noticed(text: str) -> None:
    assert INLINE.search(text)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR_FOLDER / "icons.svg").read_text("utf-8")))
    named = {name for path in templates() for name in ICON_USE.findall(path.read_text("utf-8"))}

    assert named
    assert named - drawn == set()


def test_the_manifest_is_sorted_so_that_a_new_version_shows_as_a_small_change() -> None:
    names = list(json.loads((VENDOR_FOLDER / "vendor.json").read_text("utf-8")))

    assert names == sorted(names)


TEXT_PAIRS = [  # text, ground
    *[
        (text, ground)
        for text in ("ink", "muted", "moss", "moss-dark", "danger")
        for ground in ("paper", "surface", "sand")
    ],
    *[(f"on-{fill}", fill) for fill in ("moss", "slate", "clay", "signal", "held", "handed-over", "band", "night")],
    *[(f"{tint}-text", f"{tint}-tint") for tint in ("slate", "clay", "signal", "danger")],
    *[("ink", f"{tint}-tint") for tint in ("moss", "slate", "signal", "danger")],
    ("moss-dark", "moss-tint"),
    ("moss-dark", "moss-tint-strong"),
    ("on-moss", "moss-dark"),
    ("on-clay", "clay-dark"),
    ("on-signal", "signal-dark"),
    ("on-band-muted", "band"),
    ("muted", "disabled"),
    ("clay-text", "surface"),
    ("slate-text", "surface"),
]
EDGE_PAIRS = [("edge", "surface"), ("dash", "surface"), ("moss", "surface"), ("clay", "surface"), ("slate", "surface")]


def tokens(mode: str) -> dict[str, str]:
    light, dark = (WEB / "static" / "css" / "tokens.css").read_text("utf-8").split("(prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return colours if mode == "light" else colours | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read_on_its_ground(mode: str) -> None:
    colours = tokens(mode)
    for text, ground in TEXT_PAIRS:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_edges_and_bars_can_be_seen_on_their_ground(mode: str) -> None:
    colours = tokens(mode)
    for edge, ground in EDGE_PAIRS:
        assert contrast(colours[edge], colours[ground]) >= 3, (edge, ground)
