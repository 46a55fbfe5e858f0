"""What every page shows around its content: who is signed in, the language, and that the demo is an example."""

from dataclasses import dataclass, field

from flask import Flask, current_app

from marketplace.accounts.permissions import Permission
from marketplace.reservations.desk import Waits, waits_for
from marketplace.web.access import called, current_actor
from marketplace.web.filters import language


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the page, for the head of the page."""

    signed_in: bool
    name: str = ""
    organisation_name: str = ""
    initials: str = ""
    waits: Waits = field(default_factory=Waits)
    """How much asks for a decision of this person."""


def visitor() -> Visitor:
    """Return who looks at this page."""
    if not current_actor().signed_in:
        return Visitor(signed_in=False)
    name, organisation_name = called()
    initials = "".join(word[0] for word in (organisation_name or name).split()[:2]).upper()
    return Visitor(
        signed_in=True,
        name=name,
        organisation_name=organisation_name or name,
        initials=initials,
        waits=_waits(),
    )


def _waits() -> Waits:
    actor = current_actor()
    trading, handling = (actor.organisations(permission) for permission in (Permission.TRADE, Permission.HANDLE))
    return waits_for(trading=trading, handling=handling)


def _context() -> dict[str, object]:
    return {
        "current_actor": visitor(),
        "actor": current_actor(),
        "locale": language(),
        "demo": current_app.config["SETTINGS"].demo,
    }


def register(app: Flask) -> None:
    """Make these known to every template."""
    app.context_processor(_context)
