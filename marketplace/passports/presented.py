"""Checking what somebody holds: a passport as a file or a token, of us, of another hub, or made up."""

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from joserfc.util import urlsafe_b64decode

from marketplace.kit.attachments import attachment_of
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.passports import queries
from marketplace.passports.assembly import content_sha256
from marketplace.passports.document import PassportDocument
from marketplace.passports.seal import Seal
from marketplace.passports.signatures import MAX_BYTES, Outcome, Verdict
from marketplace.passports.untp import document_of
from marketplace.passports.verification import SENTENCES, Standing, verify

ATTACHMENT: Final = "paspoort.json"
"""What the signed passport is called inside a PDF."""

OF_PDF: Final = N_(
    "Wij gaan alleen het document na dat in de PDF zit. Wat u in de PDF leest kan zijn veranderd: vergelijk het met de "
    "gegevens hier."
)
"""What to tell of a PDF that holds, because anybody can draw other pages around a genuine attachment."""

_BOM: Final = b"\xef\xbb\xbf"


class Presented(StrEnum):
    """Say what a file or token is worth."""

    NEWEST = "newest"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    DESTROYED = "destroyed"
    FORGED = "forged"
    ALTERED = "altered"
    OTHER_OPERATOR = "other_operator"
    UNRECORDED = "unrecorded"
    UNSIGNED = "unsigned"
    OTHER_THING = "other_thing"
    UNREADABLE = "unreadable"

    @property
    def holds(self) -> bool:
        """Tell whether it is what this hub signed and still counts, be there a newer version or not."""
        return self in {Presented.NEWEST, Presented.SUPERSEDED}


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what checking found, with a Dutch sentence that is also its key in the catalogue, and its parameters.

    `document` is what was signed, and is there only where the signature is ours and fits. `is_pdf` tells that it came
    in a PDF, of which nothing was checked but what is attached.
    """

    outcome: Presented
    reason: str
    params: dict[str, Any] = field(default_factory=dict)
    document: PassportDocument | None = None
    is_pdf: bool = False

    @property
    def sentence(self) -> str:
        """Return the Dutch sentence with its places filled."""
        return self.reason % self.params if self.params else self.reason


_KNOWN: Final = {
    Outcome.ALTERED: (Presented.FORGED, N_("Vals: er is na het ondertekenen iets veranderd.")),
    Outcome.EXTENDED: (
        Presented.FORGED,
        N_("Na het ondertekenen is de @context veranderd; zo gaven wij het niet uit."),
    ),
    Outcome.OTHER_ISSUER: (Presented.FORGED, N_("Vals: de sleutel is niet van de uitgever die het document noemt.")),
    Outcome.NOT_A_PASSPORT: (
        Presented.OTHER_THING,
        N_("Dit is door ons ondertekend, maar het is geen materialenpaspoort."),
    ),
    Outcome.UNSIGNED: (Presented.UNSIGNED, N_("Dit document is niet ondertekend. Het bewijst niets.")),
}
_ENDED: Final = {
    Standing.WITHDRAWN: Presented.WITHDRAWN,
    Standing.REPLACED: Presented.REPLACED,
    Standing.DESTROYED: Presented.DESTROYED,
    Standing.ALTERED: Presented.ALTERED,
}


def check_upload(content: bytes, seal: Seal) -> Result:
    """Check a file or a token: JSON with a proof, `application/vc+jwt`, or a PDF that carries the JSON."""
    return replace(_check(content, seal), is_pdf=_is_pdf(content))


def _check(content: bytes, seal: Seal) -> Result:
    try:
        signed = _signed_part(content)
    except InvalidInputError as error:
        return Result(Presented.UNREADABLE, error.message, dict(error.params))
    verdict = seal.check(signed)
    if verdict.holds:
        return _of_ours(verdict, seal)
    if verdict.outcome is Outcome.UNKNOWN_KEY:
        return _of_unknown_key(signed, verdict, seal)
    if verdict.outcome in _KNOWN:
        return Result(*_KNOWN[verdict.outcome])
    return Result(Presented.UNREADABLE, verdict.reason)


def host_of(did: str) -> str:
    """Return the web address that a did:web names, or the text itself where it is another kind of identity."""
    return unquote(did.removeprefix("did:web:").partition(":")[0]) if did.startswith("did:web:") else did


def _is_pdf(content: bytes) -> bool:
    return content.lstrip()[:5] == b"%PDF-"


def _signed_part(content: bytes) -> bytes:
    if _is_pdf(content):
        return attachment_of(content, ATTACHMENT, most=MAX_BYTES)
    plain = content.removeprefix(_BOM).strip()
    if not plain:
        raise InvalidInputError(N_("Er is niets om na te gaan: het bestand of de tekst is leeg."))
    # A token that was copied out of a mail may be broken into lines.
    return plain if plain.startswith(b"{") else b"".join(plain.split())


def _of_ours(verdict: Verdict, seal: Seal) -> Result:
    try:
        document = document_of(verdict.document)
    except msgspec.ValidationError:
        return Result(*_KNOWN[Outcome.NOT_A_PASSPORT])
    try:
        return _of_our_document(document, seal)
    except queries.UnreadableError as error:
        return Result(Presented.ALTERED, error.message, {}, document)


def _of_our_document(document: PassportDocument, seal: Seal) -> Result:
    passport = queries.find_by_code(document.code)
    version = queries.find_version(passport.id, document.number) if passport else None
    if passport is None or version is None:
        return Result(Presented.UNRECORDED, _UNRECORDED, {"number": document.number}, document)
    if version.content_sha256 != content_sha256(document):
        return Result(Presented.FORGED, _CONFLICT, {"number": document.number}, document)
    now = verify(passport, seal)
    if now.standing in _ENDED:
        return Result(_ENDED[now.standing], SENTENCES[now.standing], {}, document)
    if now.number is not None and now.number > document.number:
        return Result(Presented.SUPERSEDED, _SUPERSEDED, {"number": document.number, "newest": now.number}, document)
    return Result(Presented.NEWEST, _NEWEST, {"number": document.number}, document)


_UNRECORDED: Final = N_("Ondertekend met onze sleutel, maar versie %(number)s van dit paspoort kennen wij niet (meer).")
_CONFLICT: Final = N_("Vertrouw dit niet: onze versie %(number)s van dit paspoort zegt iets anders.")
_SUPERSEDED: Final = N_("Echt, maar niet de nieuwste: dit is versie %(number)s, intussen geldt versie %(newest)s.")
_NEWEST: Final = N_("Echt en ongewijzigd: dit is versie %(number)s, de nieuwste.")


def _of_unknown_key(signed: bytes, verdict: Verdict, seal: Seal) -> Result:
    """Tell a passport of another hub, which only that hub can check, from one that says to be ours."""
    did = verdict.key_id.partition("#")[0]
    if seal.did in {did, _claimed_issuer(signed)}:
        return Result(Presented.FORGED, N_("Vals: het zegt van deze hub te zijn, maar onze sleutels kennen het niet."))
    if not did:
        return Result(Presented.UNREADABLE, N_("De handtekening noemt geen sleutel; zo is zij niet na te gaan."))
    message = N_("Dit is ondertekend door een andere hub, %(host)s. Alleen daar is na te gaan of het klopt.")
    return Result(Presented.OTHER_OPERATOR, message, {"host": host_of(did)[:80]})


def _claimed_issuer(signed: bytes) -> object:
    """Return whose it says to be, without any trust in it."""
    try:
        part = signed if signed.startswith(b"{") else urlsafe_b64decode(signed.split(b".")[1])
        issuer = json.loads(part).get("issuer")
    except (ValueError, LookupError, AttributeError, RecursionError):
        return None
    return issuer.get("id") if isinstance(issuer, dict) else issuer
