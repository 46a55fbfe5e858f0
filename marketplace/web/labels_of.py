"""What stands on the label of a passport, and the address that its code leads to."""

from collections.abc import Sequence

from flask import current_app, request

from marketplace.config import Settings
from marketplace.kit.codes import grouped
from marketplace.labels import qr
from marketplace.labels.content import Label
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.web.filters import dimensions, language, quantity


def address_of(passport: Passport) -> str:
    """Return the address in the QR code: under the public address of the settings, or the one that was asked."""
    settings: Settings = current_app.config["SETTINGS"]
    return qr.address(settings.public_url or request.host_url.rstrip("/"), passport.code)


def qr_of(passport: Passport) -> str:
    """Return the QR code of a passport as SVG."""
    return qr.svg(qr.symbol(address_of(passport)))


def label_of(passport: Passport, lots: Sequence[Listing]) -> Label:
    """Return the label in the language of the page.

    `lots` are those of the passport, the newest first. The rack is left out: it changes, and a label stays.
    """
    lot = next(iter(lots), None)
    return Label(
        address=address_of(passport),
        code=grouped(passport.code),
        name=passport.name,
        dimensions=dimensions(passport.dimensions),
        quantity=quantity(passport.quantity, passport.unit),
        place=_place(lot),
        owner=lot.organisation.name if lot else passport.issuer.name,
        language=language(),
    )


def _place(lot: Listing | None) -> str:
    if lot is None:
        return ""
    return lot.hub.name if lot.hub else lot.place
