"""Every template compiles, is used, and holds nothing that the content policy would block."""

import re
from pathlib import Path

from flask_wtf import FlaskForm

from tests.conftest import one_database

TEMPLATES = Path(__file__).parents[2] / "marketplace" / "web" / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PACKAGE = TEMPLATES.parents[1]


TEXTS = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in ALL}


@one_database
def test_a_template_compiles(app):
    for name in ALL:
        app.jinja_env.get_template(name)


def test_a_template_has_no_inline_script_or_style():
    for name, text in TEXTS.items():
        assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text), name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), name


def test_a_template_names_no_other_host():
    for name, text in TEXTS.items():
        outside = re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//[^\"']+", text)
        assert [link for link in outside if "creativecommons.org" not in link] == [], name


def test_a_template_is_used():
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    for name in ALL:
        named = name in code or any(name in text for other, text in TEXTS.items() if other != name)
        assert named or name.startswith("security/"), name


def forms_that_write() -> list[tuple[str, str]]:
    """Return every form that is sent by POST, with the name of its template."""
    return [
        (name, form)
        for name in ALL
        for form in re.findall(r"<form\b.*?</form>", TEXTS[name], re.DOTALL)
        if re.search(r"method=[\"']?post", form, re.IGNORECASE)
    ]


def test_forms_that_write_carry_a_token():
    """A POST form without a CSRF token would be refused, and nobody would know before pressing the button."""
    assert len(forms_that_write()) > 30
    for name, form in forms_that_write():
        assert re.search(r"csrf_token|hidden_tag|hidden\(|csrf\(", form), (name, form[:200])


def test_forms_that_write_carry_a_key():
    """Without one, pressing twice does it twice. Signing in and out is left to the library, which keeps no answers."""
    for name, form in forms_that_write():
        if "security" not in form.split(">")[0]:
            assert "{{ csrf(" in form, (name, form[:200])


@one_database
def test_what_hidden_fields_are_written_by_has_a_key_that_is_new_each_time(app):
    with app.test_request_context():
        macro = app.jinja_env.get_template("components/forms.html").module.csrf
        for form in (None, FlaskForm(formdata=None)):
            keys = re.findall(r'name="request_key" value="([\w-]{22})"', macro(form) + macro(form))
            assert (len(keys), len(set(keys))) == (2, 2)
