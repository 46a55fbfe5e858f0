"""Where everything about a passport is to be found: an RFC 9264 linkset, and how the resolver describes itself. Pure.

The form is that of the GS1-Conformant Resolver standard 1.2, the link types are those of the GS1 Web Vocabulary 1.16.
Titles are in the language of what they lead to, because the linkset is one for all readers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

LINKSET: Final = "application/linkset+json"
HTML: Final = "text/html"
LANGUAGES: Final = ("nl", "en")

_VOCABULARY: Final = "https://ref.gs1.org/voc/"
_PREFIX: Final = "gs1:"
_CONTEXT: Final = "https://ref.gs1.org/standards/resolver/linkset-context"
_OF_ADDRESSES: Final = ":/?#[]@!$&'()*+,;=%~"
_JSON_LD_CONTEXT: Final = "http://www.w3.org/ns/json-ld#context"


class Relation(StrEnum):
    """What a link leads to: link types of GS1, and relations of RFC 5829 between versions.

    `DEFAULT` is where a reader goes who asks for nothing in particular; `DEFAULT_MULTI` is the same by language.
    `DPP` is the passport as a machine or a printer reads it, `JWS` that with its signature around it.
    """

    DEFAULT = "https://ref.gs1.org/voc/defaultLink"
    DEFAULT_MULTI = "https://ref.gs1.org/voc/defaultLinkMulti"
    PAGE = "https://ref.gs1.org/voc/pip"
    PLACE = "https://ref.gs1.org/voc/locationInfo"
    DPP = "https://ref.gs1.org/voc/dpp"
    JWS = "https://ref.gs1.org/voc/jws"
    MASTER_DATA = "https://ref.gs1.org/voc/masterData"
    CERTIFICATE = "https://ref.gs1.org/voc/certificationInfo"
    SAFETY = "https://ref.gs1.org/voc/safetyInfo"
    INSTRUCTIONS = "https://ref.gs1.org/voc/instructions"
    SUSTAINABILITY = "https://ref.gs1.org/voc/sustainabilityInfo"
    TRACEABILITY = "https://ref.gs1.org/voc/traceability"
    FOUND = "https://ref.gs1.org/voc/reportFound"
    IMAGE = "https://ref.gs1.org/voc/relatedImage"
    PREDECESSOR = "predecessor-version"
    SUCCESSOR = "successor-version"
    LATEST = "latest-version"
    HISTORY = "version-history"

    @property
    def short(self) -> str:
        """Return the name as people ask for it in an address: `gs1:dpp`, or the relation itself."""
        return self.value.replace(_VOCABULARY, _PREFIX)


@dataclass(frozen=True)
class Target:
    """One thing to go to: a whole web address, its title, its media type, and the languages it is in."""

    relation: Relation
    href: str
    title: str
    media_type: str = HTML
    languages: tuple[str, ...] = ()


_TITLES: Final[Mapping[Relation, tuple[str, str]]] = {
    Relation.DEFAULT: ("Materialenpaspoort", "Materials passport"),
    Relation.DEFAULT_MULTI: ("Materialenpaspoort", "Materials passport"),
    Relation.PAGE: ("Materialenpaspoort", "Materials passport"),
    Relation.PLACE: ("Locatie", "Location"),
    Relation.DPP: ("Digitaal productpaspoort", "Digital product passport"),
    Relation.JWS: ("Ondertekend paspoort", "Signed passport"),
    Relation.MASTER_DATA: ("Gegevens", "Data"),
    Relation.CERTIFICATE: ("Bewijsstukken", "Evidence"),
    Relation.SAFETY: ("Gevaarlijke stoffen", "Hazardous substances"),
    Relation.INSTRUCTIONS: ("Demonteren en hijsen", "Dismantling and hoisting"),
    Relation.SUSTAINABILITY: ("Herkomst en milieu-impact", "Origin and environmental impact"),
    Relation.TRACEABILITY: ("Afkomst en wat ervan werd", "Lineage and what became of it"),
    Relation.FOUND: ("Gevonden? Meld het hier", "Found it? Report it here"),
    Relation.IMAGE: ("Foto", "Photo"),
    Relation.PREDECESSOR: ("Vorige versie", "Previous version"),
    Relation.SUCCESSOR: ("Volgende versie", "Next version"),
    Relation.LATEST: ("Laatste versie", "Latest version"),
    Relation.HISTORY: ("Alle versies", "All versions"),
}


def in_languages(relation: Relation, hrefs: Mapping[str, str], media_type: str = HTML) -> tuple[Target, ...]:
    """Return a target for each language of `hrefs` (from nl or en to an address), with its title in that language."""
    titles = dict(zip(LANGUAGES, _TITLES[relation], strict=True))
    return tuple(
        Target(relation, hrefs[name], titles[name], media_type, (name,)) for name in LANGUAGES if name in hrefs
    )


def for_all(relation: Relation, href: str, media_type: str = HTML) -> Target:
    """Return a target that is the same for every language, or itself chooses one; its title is in both."""
    return Target(relation, href, " / ".join(dict.fromkeys(_TITLES[relation])), media_type)


def of_passport(page: str, pages: Mapping[str, str], forms: Mapping[str, str]) -> tuple[Target, ...]:
    """Return what every passport links to: its page as default and by language, and itself in each form.

    `pages` leads from language to address, `forms` from media type to address.
    """
    by_language = (*in_languages(Relation.DEFAULT_MULTI, pages), *in_languages(Relation.PAGE, pages))
    return (
        for_all(Relation.DEFAULT, page),
        *by_language,
        *(for_all(Relation.DPP, href, media_type) for media_type, href in forms.items()),
    )


def linkset(anchor: str, description: str, targets: Iterable[Target]) -> dict[str, Any]:
    """Return the linkset of `anchor`, the address on the label, ready to be written as JSON."""
    context: dict[str, Any] = {"anchor": anchor, "itemDescription": description}
    for target in targets:
        context.setdefault(target.relation.value, []).append(_link(target))
    return {"linkset": [context]}


def _link(target: Target) -> dict[str, Any]:
    link: dict[str, Any] = {"href": target.href, "title": target.title, "type": target.media_type}
    return link | ({"hreflang": list(target.languages)} if target.languages else {})


def requested(link_type: str) -> Relation | None:
    """Return the relation that a reader asks for by `gs1:dpp`, its whole address or its name, or None."""
    return next((relation for relation in Relation if link_type in {relation.value, relation.short}), None)


def link_header(linkset_href: str) -> str:
    """Return the value of the HTTP header `Link` of an answer, which leads to the linkset."""
    return f'<{quote(linkset_href, safe=_OF_ADDRESSES)}>; rel="linkset"; type="{LINKSET}"'


def context_header() -> str:
    """Return the value of the header `Link` of the linkset itself, by which a reader may take it as JSON-LD."""
    return f'<{_CONTEXT}>; rel="{_JSON_LD_CONTEXT}"; type="application/ld+json"'


def resolver_description(
    *, name: str, root: str, primary_keys: Sequence[str] = (), email: str = "", page: str = ""
) -> dict[str, Any]:
    """Return what stands at `/.well-known/gs1resolver`.

    `root` is the address below which codes are resolved, `primary_keys` the application identifiers of the GS1 keys
    that this operator resolves (none without a licensed prefix), `email` and `page` where to reach the operator.
    """
    contact = {"fn": name} | ({"hasEmail": f"mailto:{email}"} if email else {}) | ({"hasURL": page} if page else {})
    return {
        "name": name,
        "resolverRoot": root,
        "supportedPrimaryKeys": list(primary_keys),
        "supportedLinkType": [{"namespace": _VOCABULARY, "prefix": _PREFIX}],
        "linkTypeDefaultCanBeLinkset": False,
        "contact": contact,
    }
