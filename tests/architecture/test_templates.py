"""Every template compiles, is used, and holds nothing that the content policy would block."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "marketplace" / "web" / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PACKAGE = TEMPLATES.parents[1]


@pytest.fixture(scope="module")
def environment(app):
    return app.jinja_env


@pytest.mark.parametrize("name", ALL)
def test_a_template_compiles(environment, name):
    environment.get_template(name)


@pytest.mark.parametrize("name", ALL)
def test_a_template_has_no_inline_script_or_style(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("name", ALL)
def test_a_template_names_no_other_host(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    outside = re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//[^\"']+", text)
    assert [link for link in outside if "creativecommons.org" not in link] == []


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("security/")])
def test_a_template_is_used(name):
    everything = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    everything += "".join((TEMPLATES / other).read_text(encoding="utf-8") for other in ALL if other != name)
    assert name in everything


def test_forms_that_write_carry_a_token():
    """A POST form without a CSRF token would be refused, and nobody would know before pressing the button."""
    for name in ALL:
        for form in re.findall(r"<form\b.*?</form>", (TEMPLATES / name).read_text(encoding="utf-8"), re.DOTALL):
            if re.search(r"method=[\"']post", form, re.IGNORECASE):
                assert re.search(r"csrf_token|hidden_tag|hidden\(|csrf\(", form), (name, form[:200])
