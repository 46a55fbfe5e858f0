"""What stands on the label of a passport, and the address that its code leads to."""

from collections.abc import Sequence
from typing import Final

from flask import current_app, request
from flask_babel import force_locale

from marketplace.config import Settings
from marketplace.kit.codes import grouped
from marketplace.kit.quantities import Unit
from marketplace.labels import qr
from marketplace.labels.content import Blank, Label
from marketplace.labels.words import Language
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.web.filters import dimensions, language, number

_HELD: Final = "\N{NO-BREAK SPACE}"


def address_of(code: str) -> str:
    """Return the address in the QR code: under the public address of the settings, or the one that was asked."""
    return qr.address(_base(), code)


def plain_address_of(code: str) -> str:
    """Return the same address as people read and type it."""
    return f"{_base()}/ID/{code}"


def _base() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.public_url or request.host_url.rstrip("/")


def qr_of(passport: Passport) -> str:
    """Return the QR code of a passport as SVG."""
    return qr.svg(qr.symbol(address_of(passport.code)))


def label_of(passport: Passport, lots: Sequence[Listing], code: str, spoken: Language | None = None) -> Label:
    """Return the label with this code, in the language `spoken` or else in that of the page.

    `lots` are those of the passport, the newest first; one of a former owner says no more where it lies. The rack is
    left out: it changes, and a label stays.
    """
    spoken = spoken or _of_page()
    lot = next((lot for lot in lots if lot.organisation_id == passport.owner_id), None)
    with force_locale("en" if spoken == "en" else "nl"):
        return Label(
            address=address_of(code),
            code=grouped(code),
            name=passport.name,
            dimensions=dimensions(passport.dimensions),
            quantity=f"{number(passport.quantity)}{_HELD}{_unit(passport.unit, spoken)}",
            place=_place(lot),
            owner=lot.organisation.name if lot else passport.owner.name,
            language=spoken,
        )


def blank_of(code: str, spoken: Language) -> Blank:
    """Return the label that waits for a passport."""
    return Blank(address_of(code), grouped(code), spoken)


def _of_page() -> Language:
    return "en" if language() == "en" else "nl"


def _unit(unit: Unit, spoken: Language) -> str:
    signs = dict.fromkeys(unit.label(each) for each in (("nl", "en") if spoken == "both" else (spoken,)))
    return f"{_HELD}/{_HELD}".join(signs)


def _place(lot: Listing | None) -> str:
    if lot is None:
        return ""
    return lot.hub.name if lot.hub else lot.place
