"""English is complete: every sentence of the code and the templates stands translated in the catalogue."""

import io
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "marketplace" / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def english():
    return read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="en")


@pytest.fixture(scope="module")
def sentences():
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
    keywords = {"N_": None, "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(str(ROOT / "marketplace"), method_map=methods, keywords=keywords)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_there_are_sentences_to_translate(sentences):
    assert len(sentences) > 200


def test_every_sentence_is_translated(english, sentences):
    missing = [text for text in sorted(sentences) if not _translated(english.get(text))]
    assert missing == []


def test_no_translation_is_a_guess(english):
    assert [message.id for message in english if message.id and message.fuzzy] == []


def test_the_catalogue_keeps_no_sentence_that_nobody_says(english, sentences):
    ids = {message.id if isinstance(message.id, str) else message.id[0] for message in english if message.id}
    assert ids - sentences == set()


def test_the_places_in_a_translation_are_those_of_the_sentence(english):
    wrong = [message.id for message in english if message.id and any(message.check())]
    assert wrong == []


def _translated(message) -> bool:
    if message is None:
        return False
    return bool(message.string) and (isinstance(message.string, str) or all(message.string))
