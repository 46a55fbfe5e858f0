"""The errors that people meet: each carries a sentence for them, and the door that shows it chooses the HTTP status."""

from collections.abc import Mapping
from typing import Any


def N_(message: str) -> str:  # noqa: N802 (the name under which gettext's tools look for sentences that are translated later)
    """Mark a Dutch sentence for the catalogue and return it unchanged."""
    return message


class MarketplaceError(Exception):
    """Tell a person what is wrong.

    `message` is the Dutch sentence with `%(name)s` places, which is also its key in the English catalogue;
    `params` fills the places; `field` names the form field it concerns, if there is one.
    """

    def __init__(self, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message % params if params else message)
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
