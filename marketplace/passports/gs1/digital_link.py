"""GS1 Digital Link addresses: read and written as GS1's reference engine does with its default options. Pure.

Addresses of GTINs shorter than 14 digits and the old names (`/gtin/`) are refused, as the standard now does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.passports.gs1.identifiers import Identifier, find_identifier, is_path, is_primary_key, paths_of
from marketplace.passports.gs1.values import check_value

CANONICAL_BASE: Final = "https://id.gs1.org"
LONGEST: Final = 2_000
"""Characters of an address beyond which it is not read."""

_ADDRESS: Final = re.compile(
    r"(?:https?|HTTPS?)://[A-Za-z0-9\-.:\[\]]+(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?"
)
_BASE: Final = re.compile(r"(?:https?|HTTPS?)://[A-Za-z0-9\-.:\[\]]+(?:/[^?#]*)?")
_LEGAL: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


@dataclass(frozen=True)
class Element:
    """One application identifier with its value."""

    ai: str
    value: str


@dataclass(frozen=True)
class DigitalLink:
    """What a Digital Link says: the elements of its path, the primary key first, then those behind the `?`."""

    path: tuple[Element, ...]
    attributes: tuple[Element, ...] = ()

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return all elements in their order."""
        return self.path + self.attributes

    @property
    def key(self) -> Element:
        """Return the primary key: what kind of thing it is, and which."""
        return self.path[0]

    @property
    def element_string(self) -> str:
        """Return the elements as a barcode holds them, with ^ for the separator (FNC1)."""
        text, separated = "", True
        for element in self.elements:
            text += "^" * separated + element.ai + element.value
            separated = not _known(element.ai).fixed
        return text

    @property
    def readable(self) -> str:
        """Return the elements as they are printed below a barcode: (01)09520123456788(21)12345."""
        return "".join(f"({element.ai}){element.value}" for element in self.elements)

    def find(self, ai: str) -> str | None:
        """Return the value of an identifier, or None where the link does not have it."""
        return next((element.value for element in self.elements if element.ai == ai), None)


def parse(uri: str) -> DigitalLink:
    """Read a Digital Link; raises InvalidInputError where it is none, or where it holds what GS1 does not allow."""
    found = _ADDRESS.fullmatch(uri) if len(uri) <= LONGEST and _LEGAL.fullmatch(uri) else None
    if found is None:
        raise InvalidInputError(N_("Dit is geen webadres zoals een GS1 Digital Link het heeft."))
    link = DigitalLink(tuple(_path_elements(found["path"])), tuple(_attributes(found["query"] or "")))
    for element in link.elements:
        check_value(_known(element.ai), element.value)
    _check_places(link)
    _check_company(link.elements)
    return link


def generate(elements: Sequence[Element], base: str = CANONICAL_BASE) -> str:
    """Return the Digital Link of these elements below `base`, a web address without question mark.

    The first primary key begins the path and takes as many of its qualifiers along as it can; the rest follows behind
    the question mark, those of fixed length first. Raises InvalidInputError as `parse` does.
    """
    if not (_BASE.fullmatch(base) and _LEGAL.fullmatch(base)):
        raise InvalidInputError(N_("Dit is geen webadres waar een GS1 Digital Link onder kan staan."))
    once = tuple(dict.fromkeys(elements))
    for element in once:
        check_value(_known(element.ai), element.value)
    link = _arranged(once)
    _check_places(link)
    _check_company(link.elements)
    path = "".join(f"/{element.ai}/{quote(element.value, safe='')}" for element in link.path)
    query = "&".join(f"{element.ai}={quote(element.value, safe='')}" for element in link.attributes)
    return base.removesuffix("/") + path + ("?" + query if query else "")


def _known(ai: str) -> Identifier:
    identifier = find_identifier(ai)
    if identifier is None:
        raise InvalidInputError(N_("GS1 kent geen gegeven met het nummer (%(ai)s)."), ai=ai[:4])
    return identifier


def _path_elements(path: str) -> Iterator[Element]:
    parts = path.split("/")
    start = _start(parts)
    for ai, value in zip(parts[start::2], parts[start + 1 :: 2], strict=True):
        yield Element(ai, _decoded(value))


def _start(parts: Sequence[str]) -> int:
    """Return where the last primary key stands: pairs are walked back from the end while each is an identifier."""
    for place in range(len(parts) - 2, 0, -2):
        if find_identifier(parts[place]) is None:
            break
        if is_primary_key(parts[place]):
            return place
    raise InvalidInputError(N_("In dit adres staat geen sleutel van GS1, zoals /01/ met een artikelnummer."))


def _attributes(query: str) -> Iterator[Element]:
    for pair in query.split("&"):
        name, is_pair, value = pair.partition("=")
        if is_pair and name.isdigit():
            yield Element(_known(name).ai, _decoded(value.replace("+", " ")))


def _decoded(value: str) -> str:
    return unquote(value, encoding="latin-1")


def _arranged(elements: Sequence[Element]) -> DigitalLink:
    key = next((element.ai for element in elements if is_primary_key(element.ai)), None)
    if key is None:
        raise InvalidInputError(N_("Zonder sleutel van GS1, zoals een artikelnummer, is er geen GS1 Digital Link."))
    present = {element.ai for element in elements}
    ais = max(paths_of(key), key=lambda path: len(present.intersection(path)) if present.issuperset(path) else 0)
    path = sorted((element for element in elements if element.ai in ais), key=lambda element: ais.index(element.ai))
    rest = (element for element in elements if element.ai not in ais)
    return DigitalLink(tuple(path), tuple(sorted(rest, key=lambda element: not _known(element.ai).fixed)))


def _check_places(link: DigitalLink) -> None:
    ais = tuple(element.ai for element in link.path)
    seen = set[str]()
    for element in link.elements:
        if element.ai in seen:
            raise InvalidInputError(N_("(%(ai)s) staat er twee keer."), ai=element.ai)
        seen.add(element.ai)
    if not is_path(ais):
        message = N_("Deze gegevens mogen niet in deze volgorde in het adres: %(ais)s.")
        raise InvalidInputError(message, ais=" ".join(f"({ai})" for ai in ais))
    for element in link.attributes:
        if not _known(element.ai).attribute:
            raise InvalidInputError(N_("(%(ai)s) mag niet achter het vraagteken."), ai=element.ai)
        if any(is_path((*ais[:place], element.ai, *ais[place:])) for place in range(1, len(ais) + 1)):
            raise InvalidInputError(N_("(%(ai)s) hoort voor het vraagteken."), ai=element.ai)


def _check_company(elements: Sequence[Element]) -> None:
    present = {element.ai for element in elements}
    for ai in sorted(present):
        others, identifier = present - {ai}, _known(ai)
        barred = next((pattern for pattern in identifier.excludes if _holds(others, pattern)), None)
        if barred:
            message = N_("(%(ai)s) mag niet samen met (%(other)s).")
            raise InvalidInputError(message, ai=ai, other=barred)
        groups = identifier.requires
        if groups and not any(all(_holds(others, pattern) for pattern in group) for group in groups):
            wanted = " / ".join("+".join(group) for group in groups)
            raise InvalidInputError(N_("(%(ai)s) mag alleen samen met: %(wanted)s."), ai=ai, wanted=wanted)


def _holds(ais: set[str], pattern: str) -> bool:
    return any(re.fullmatch(pattern.replace("n", "[0-9]"), ai) for ai in ais)
