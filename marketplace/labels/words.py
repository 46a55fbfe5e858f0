"""The fixed words on a label. They follow the language of the label, which need not be that of the page. Pure."""

from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

from marketplace.kit.errors import N_, InvalidInputError

Language = Literal["nl", "en", "both"]
_HELD: Final = "\N{NO-BREAK SPACE}"  # a line may end between the languages, not within one
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Words:
    """What the facts are called, and what stands on a label that waits for its passport."""

    quantity: str
    dimensions: str
    place: str
    owner: str
    what: str
    blank: str
    labels: str


_DUTCH: Final = Words("Aantal", "Maten", "Plaats", "Eigenaar", "Wat", "Nog te koppelen", "Labels")
_ENGLISH: Final = Words("Quantity", "Dimensions", "Location", "Owner", "What", "To be claimed", "Labels")


def words(language: str) -> Words:
    """Return the words in Dutch, in English, or Dutch and English together; raise InvalidInputError for another."""
    if language not in LANGUAGES:
        raise InvalidInputError(N_("Kies Nederlands, Engels of beide voor de labels."), field="language")
    if language == "both":
        return Words(**{field.name: _together(field.name) for field in fields(Words)})
    return _ENGLISH if language == "en" else _DUTCH


def _together(name: str) -> str:
    dutch, english = str(getattr(_DUTCH, name)), str(getattr(_ENGLISH, name))
    if dutch == english:
        return dutch
    return f"{dutch} /".replace(" ", _HELD) + " " + english.replace(" ", _HELD)
