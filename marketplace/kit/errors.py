"""The errors that people meet: each carries a sentence for them, and the door that shows it chooses the HTTP status."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable


def N_(message: str) -> str:  # noqa: N802 (the name under which gettext's tools look for sentences that are translated later)
    """Mark a Dutch sentence for the catalogue and return it unchanged."""
    return message


@runtime_checkable
class Labelled(Protocol):
    """Stand for what has a name for people in each language, such as a hazard."""

    def label(self, locale: str = "nl") -> str: ...


def in_words(params: Mapping[str, object], locale: str = "nl") -> dict[str, object]:
    """Return the values of a sentence as people of this language read them."""
    return {name: _in_words(value, locale) for name, value in params.items()}


def _in_words(value: object, locale: str) -> object:
    if isinstance(value, Labelled):
        return value.label(locale)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if locale.startswith("en") else f"{value:,}".replace(",", ".")
    return value


class MarketplaceError(Exception):
    """Tell a person what is wrong.

    `message` is the Dutch sentence with `%(name)s` places, which is also its key in the English catalogue;
    `params` fills the places, a thing with names by the one of the reader's language; `field` names the form field it
    concerns, if there is one.
    """

    def __init__(self, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message % in_words(params) if params else message)
        self.message = message
        self.params: Mapping[str, Any] = params
        self.field = field


class InvalidInputError(MarketplaceError):
    """Say that what was entered cannot be right."""


class NotFoundError(MarketplaceError):
    """Say that a thing does not exist, or not for this person."""


class NotAllowedError(MarketplaceError):
    """Say that this person may not do this."""


class ConflictError(MarketplaceError):
    """Say that the state of things has changed, or does not permit this step."""
