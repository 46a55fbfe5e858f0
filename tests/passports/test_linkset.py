"""Linksets: GS1's own schema takes them, and refuses what it should; the resolver says what it is."""

import json
from email.message import Message
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, ValidationError

from marketplace.passports.linkset import (
    Relation,
    context_header,
    for_all,
    in_languages,
    link_header,
    linkset,
    of_passport,
    requested,
    resolver_description,
)

FOLDER = Path(__file__).parents[3] / "shared" / "standards" / "gs1"
ANCHOR = "https://hub.example/ID/7KQ9M2FX4HTB8WPN"
PAGES = {"nl": f"{ANCHOR}?lang=nl", "en": f"{ANCHOR}?lang=en"}
FORMS = {
    "application/vc+jwt": f"{ANCHOR}?form=jwt",
    "application/ld+json": f"{ANCHOR}?form=untp",
    "application/pdf": f"{ANCHOR}?form=pdf",
}
TARGETS = (
    *of_passport(ANCHOR, PAGES, FORMS),
    *in_languages(Relation.FOUND, {"nl": f"{ANCHOR}/found"}),
    for_all(Relation.TRACEABILITY, f"{ANCHOR}/lineage"),
)
VERSIONS = tuple(
    for_all(relation, f"{ANCHOR}/versions/{number}")
    for number, relation in enumerate((Relation.PREDECESSOR, Relation.SUCCESSOR, Relation.LATEST, Relation.HISTORY))
)

published = pytest.mark.skipif(not FOLDER.is_dir(), reason="the optional folder ../shared/standards is not there")


def read(name):
    return json.loads((FOLDER / name).read_text("utf-8-sig"))


def check(document, schema="gs1-linkset-schema.json"):
    Draft7Validator(read(schema)).validate(document)


@published
@pytest.mark.parametrize("targets", [TARGETS, TARGETS + VERSIONS, tuple(for_all(r, ANCHOR) for r in Relation), ()])
def test_the_schema_of_gs1_takes_a_linkset(targets):
    check(json.loads(json.dumps(linkset(ANCHOR, "Deur “Zaal 3”", targets))))


@published
def test_the_schema_for_any_linkset_takes_it_without_what_gs1_adds():
    document = linkset(ANCHOR, "Deur", TARGETS)
    with pytest.raises(ValidationError):
        check(document, "linkset-schema.json")
    del document["linkset"][0]["itemDescription"]
    check(document, "linkset-schema.json")


@published
@pytest.mark.parametrize("kind", ["gs1", "basic"])
def test_the_check_takes_the_valid_examples_and_refuses_the_invalid_ones(kind):
    schema = {"gs1": "gs1-linkset-schema.json", "basic": "linkset-schema.json"}[kind]
    check(read(f"valid-{kind}-example.json"), schema)
    with pytest.raises(ValidationError):
        check(read(f"invalid-{kind}-example.json"), schema)


@published
@pytest.mark.parametrize("missing", ["href", "title"])
def test_the_check_refuses_a_link_without(missing):
    document = linkset(ANCHOR, "Deur", TARGETS)
    del document["linkset"][0][Relation.DPP][1][missing]
    with pytest.raises(ValidationError):
        check(document)


@published
def test_every_link_type_of_gs1_is_in_its_vocabulary_and_in_use():
    terms = {term["@id"]: term for term in read("gs1Voc-1.16.jsonld")["@graph"]}
    for name in (relation.short for relation in Relation if relation.short.startswith("gs1:")):
        assert terms[name]["rdfs:subPropertyOf"] == {"@id": "gs1:linkType"}
        assert "deprecated" not in json.dumps(terms[name]["rdfs:label"])


def test_there_is_one_default_and_a_page_for_each_language():
    context = linkset(ANCHOR, "Deur", TARGETS)["linkset"][0]
    assert [link["href"] for link in context["https://ref.gs1.org/voc/defaultLink"]] == [ANCHOR]
    for relation in ("https://ref.gs1.org/voc/pip", "https://ref.gs1.org/voc/defaultLinkMulti"):
        links = {link["hreflang"][0]: (link["href"], link["title"]) for link in context[relation]}
        assert links == {"nl": (PAGES["nl"], "Materialenpaspoort"), "en": (PAGES["en"], "Materials passport")}


def test_every_form_of_the_passport_is_a_link_of_its_own_type():
    context = linkset(ANCHOR, "Deur", TARGETS)["linkset"][0]
    found = {link["type"]: link["href"] for link in context["https://ref.gs1.org/voc/dpp"]}
    assert found == FORMS
    assert all("hreflang" not in link for link in context["https://ref.gs1.org/voc/dpp"])


@pytest.mark.parametrize(
    ("asked", "relation"),
    [
        ("gs1:dpp", Relation.DPP),
        ("https://ref.gs1.org/voc/dpp", Relation.DPP),
        ("predecessor-version", Relation.PREDECESSOR),
        ("dpp", None),
        ("gs1:predecessor-version", None),
        ("gs1:recipeInfo", None),
        ("", None),
    ],
)
def test_a_reader_asks_for_a_link_by_its_short_or_whole_name(asked, relation):
    assert requested(asked) is relation


def test_the_header_leads_to_the_linkset():
    expected = f'<{ANCHOR}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
    assert link_header(f"{ANCHOR}?linkType=linkset") == expected
    assert context_header().startswith("<https://ref.gs1.org/standards/resolver/linkset-context>; rel=")


def test_an_address_cannot_end_the_header_or_begin_another():
    header = link_header('https://hub.example/a>; rel="x"\r\nSet-Cookie: é=%2F')
    assert header.count(">") == 1
    assert header.isascii()
    assert not {"\r", "\n"} & set(header)
    message = Message()
    message["Link"] = header
    assert "%2F" in message["Link"]


def test_the_resolver_says_what_it_resolves():
    description = resolver_description(
        name="Materialenhub", root="https://hub.example", primary_keys=("00", "01", "414"), email="hub@example.nl"
    )
    assert description["name"] == "Materialenhub"
    assert description["resolverRoot"] == "https://hub.example"
    assert description["supportedPrimaryKeys"] == ["00", "01", "414"]
    assert description["linkTypeDefaultCanBeLinkset"] is False
    assert description["supportedLinkType"] == [{"namespace": "https://ref.gs1.org/voc/", "prefix": "gs1:"}]
    assert description["contact"] == {"fn": "Materialenhub", "hasEmail": "mailto:hub@example.nl"}


def test_without_a_licensed_prefix_no_key_of_gs1_is_promised():
    assert resolver_description(name="Hub", root="https://hub.example")["supportedPrimaryKeys"] == []
