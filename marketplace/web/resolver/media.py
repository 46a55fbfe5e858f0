"""In which form a reader wants the answer, by the header Accept (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from typing import Final

from flask import request
from werkzeug.datastructures import MIMEAccept

from marketplace.passports.linkset import HTML, LINKSET

JSON: Final = "application/json"
LD_JSON: Final = "application/ld+json"
CREDENTIAL: Final = "application/vc"
SIGNED: Final = "application/vc+jwt"
PDF: Final = "application/pdf"
PROBLEM: Final = "application/problem+json"

PASSPORTS: Final = (CREDENTIAL, LD_JSON, JSON, SIGNED, PDF)
"""The forms of a passport, the one first that is sent to who leaves it to us."""


def accepted(offered: Sequence[str]) -> str | None:
    """Return the type of `offered` that the reader likes best, or None where they like none.

    Of two that they like as much, the one that they name goes before one of `*/*`, and then the first. Parameters of a
    type other than q are left out: whoever asks for a profile of a form is served with the form.
    """
    named = ((kind.partition(";")[0].strip(), quality) for kind, quality in request.accept_mimetypes)
    return MIMEAccept(list(named)).best_match(offered)


def wanted() -> str:
    """Return the form in which the reader wants what an address names; the page where they like none of the forms.

    The page rather than 406, as RFC 9110 allows: a phone that scans a label with an odd header is still helped, and the
    header Link of the answer leads a machine to the forms that there are.
    """
    return accepted((HTML, *PASSPORTS, LINKSET)) or HTML


def is_for_people() -> bool:
    """Tell whether an error is read by a person, and so is to be a page."""
    if request.path.startswith("/v1/"):
        return False
    names_page = HTML in request.headers.get("Accept", "")
    return accepted((HTML, JSON, PROBLEM, *PASSPORTS, LINKSET)) in {HTML, None} and (
        names_page or "linkType" not in request.args
    )
