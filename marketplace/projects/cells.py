"""What one cell of a pasted row says: each reader raises InvalidInputError with a sentence for that cell. Pure."""

import re
from decimal import Decimal
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.measures import parse_unit
from marketplace.kit.quantities import Unit, parse_decimal
from marketplace.kit.words import fold
from marketplace.materials.meaning import resolve
from marketplace.materials.vocabulary import Category, find_category
from marketplace.projects.models import Grade

_AMOUNT: Final = re.compile(r"(?P<number>[-+0-9.,\s]+)(?P<unit>\D.*)?")
_KM: Final = re.compile(r"(?P<number>.*?)\s*(?:km|kilometer|kilometre|kilometres)?", re.IGNORECASE)
_GRADE: Final = re.compile(r"(?:[a-z ]*[ .:>=])??(?P<grade>[a-d])(?: ?\+| of beter| or better)?")
_ANY_GRADE: Final = frozenset({"alle", "elke", "elke kwaliteit", "all", "any", "any quality"})
_YES: Final = frozenset({"ja", "j", "x", "yes", "y", "ok", "1", "waar", "true"})
_NO: Final = frozenset({"nee", "n", "no", "0", "onwaar", "false", "-"})
_BETWEEN_KINDS: Final = re.compile(r"\s*[,;|]\s*")
_SHOWN: Final = 3


def read_kind(text: str, chosen: Category | None) -> tuple[Category | None, tuple[Category, ...]]:
    known = find_category(text)
    return (known, (known,)) if known else resolve(text, chosen)


def unknown_kind(text: str, hits: tuple[Category, ...]) -> InvalidInputError:
    if hits:
        message = N_("“%(text)s” kan van alles zijn. Kies hieronder wat u bedoelt.")
    else:
        message = N_("Niets gevonden voor “%(text)s”. Probeer een ander woord, zoals binnendeur.")
    return InvalidInputError(message, field="category", text=text[:60])


def read_amount(text: str, language: str, name: str) -> tuple[Decimal, Unit | None]:
    """Return a number more than zero, with the unit behind it if there is one: '90', '90 st', '1.414 m²'."""
    match = _AMOUNT.fullmatch(text)
    number = parse_decimal(match["number"] if match else text, field=name, language=language)
    if number <= 0:
        raise InvalidInputError(N_("Vul een hoeveelheid groter dan nul in."), field=name)
    return number, parse_unit(match["unit"], field=name) if match and match["unit"] else None


def read_km(text: str, language: str) -> int:
    match = _KM.fullmatch(text)
    number = parse_decimal(match["number"] if match else text, field="max_km", language=language)
    if number != int(number) or not 0 < number <= 1000:
        raise InvalidInputError(N_("Een afstand ligt tussen 1 en 1.000 km."), field="max_km")
    return int(number)


def read_grade(text: str) -> Grade:
    said = " ".join(fold(text).split())
    if said in _ANY_GRADE:
        return Grade.D
    match = _GRADE.fullmatch(said)
    if match is None:
        raise InvalidInputError(N_("Schrijf A, B, C of D: het minste dat goed genoeg is."), field="grade")
    return Grade(match["grade"].upper())


def read_yes_or_no(text: str) -> bool:
    said = fold(text).strip()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise InvalidInputError(N_("Schrijf ja of nee."), field="accepts_untested")


def read_substitutes(text: str) -> tuple[str, ...]:
    found = []
    for part in filter(None, _BETWEEN_KINDS.split(text)):
        category, hits = read_kind(part[:60], None)
        if category is None and hits:
            message = N_("“%(text)s” kan van alles zijn, zoals %(names)s. Schrijf de hele naam.")
            names = "; ".join(hit.name() for hit in hits[:_SHOWN])
            raise InvalidInputError(message, field="substitutes", text=part[:60], names=names)
        if category is None:
            raise unknown_kind(part, ())
        found.append(category.id)
    return tuple(found)
