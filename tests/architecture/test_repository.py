"""What must hold of the repository itself."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9][\w.-]*(?:\[.*\])?==", text, re.MULTILINE)
    assert len(packages) > 20
    for entry in re.split(r"\n(?=[a-z0-9])", text):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text


def test_no_file_names_a_download_address_or_a_path_of_a_machine(tracked):
    pattern = re.compile(r"https?://[^\s\"'<>]+\.(?:whl|tar\.gz|tgz)\b|/(?:home|root|Users)/\w+/")
    found = [
        (path.relative_to(ROOT).as_posix(), hit.group())
        for path in tracked
        if path.suffix in {".py", ".md", ".toml", ".lock", ".json", ".csv", ".html", ".css", ".txt", ".po", ""}
        for hit in pattern.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_the_folders_for_data_are_there_and_empty(tracked):
    names = {path.relative_to(ROOT).as_posix() for path in tracked}
    assert {name for name in names if name.startswith(("instance/", "uploads/"))} == {
        "instance/.gitkeep",
        "uploads/.gitkeep",
    }


def test_packages_of_features_have_an_empty_init():
    inits = [path for path in (ROOT / "marketplace").rglob("__init__.py") if path.parent.name != "marketplace"]
    assert [path for path in inits if path.read_text(encoding="utf-8").strip()] == []
