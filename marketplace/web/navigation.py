"""What every page shows around its content: who is signed in, the language, and that the demo is an example."""

from dataclasses import dataclass, field

from flask import Flask, current_app

from marketplace.accounts.permissions import Permission
from marketplace.reservations.desk import Waits, waits_for
from marketplace.web.access import acting_organisation, current_actor, current_person
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
    person, organisation = current_person(), acting_organisation()
    if person is None:
        return Visitor(signed_in=False)
    shown = organisation.name if organisation else person.name or person.email
    initials = "".join(word[0] for word in shown.split()[:2]).upper()
    return Visitor(
        signed_in=True,
        name=person.name or person.email,
        organisation_name=shown,
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
