"""The passport as a UNTP Digital Product Passport 0.7.0 (a W3C Verifiable Credential 2.0), not yet signed. Pure.

What UNTP has a place for stands in that place; the whole document goes along as it is, so that nothing is lost.
"""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from marketplace.passports.document import PassportDocument, read
from marketplace.passports.dpp.product import EXTENSION, party, product_of
from marketplace.passports.dpp.terms import named

CONTEXTS: Final = ("https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/")
TYPES: Final = ("DigitalProductPassport", "VerifiableCredential")
_STATUS: Final[tuple[str, ...]] = ("type", "id", "statusPurpose", "statusListCredential")


def credential_of(document: PassportDocument, *, issuer_did: str, status: dict[str, Any] | None) -> dict[str, Any]:
    """Return the credential of a passport, in the name of `issuer_did`, with its entry in a status list.

    Its id is that of the passport with `#v` and the number of the version, so that it leads to the passport.
    Raises ValueError where a figure is not finite.
    """
    credential: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "type": list(TYPES),
        "id": credential_id(document),
        "name": document.name,
        "issuer": _issuer(document, issuer_did),
        "validFrom": _moment(document.valid_from),
        "credentialSubject": product_of(document),
    }
    if status is not None:
        credential["credentialStatus"] = _status(status)
    return credential


def credential_id(document: PassportDocument) -> str:
    """Return what one version of a passport is called for ever."""
    return f"{document.uri}#v{document.number}"


def document_of(credential: object) -> PassportDocument:
    """Return the document that a credential of `credential_of` holds. Raises msgspec.ValidationError for any other."""
    held = credential
    for member in ("credentialSubject", "characteristics", EXTENSION):
        if not isinstance(held, dict) or member not in held:
            raise msgspec.ValidationError(f"Object missing required field `{member}`")
        held = held[member]
    return read(held)


def _issuer(document: PassportDocument, did: str) -> dict[str, Any]:
    issuer = document.issuer
    known_as = {"issuerAlsoKnownAs": [party(document, "issuer", issuer)]} if issuer.kvk else {}
    return named("CredentialIssuer", did, issuer.name, **known_as)


def _status(status: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of a status list. UNTP 0.7.0 wants its place as a number, where W3C writes it as text."""
    known = {name: status[name] for name in _STATUS if name in status}
    return {**known, "statusListIndex": int(status["statusListIndex"])}


def _moment(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
