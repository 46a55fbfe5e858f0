"""Whether one published version is whole, and which parts of a passport no longer say what was signed. Pure rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from marketplace.kit.errors import N_
from marketplace.passports.assembly import MOMENTARY, content_sha256
from marketplace.passports.document import PassportDocument
from marketplace.passports.seal import Seal
from marketplace.passports.signatures import Verdict
from marketplace.passports.untp import credential_id, document_of


class SignedVersion(Protocol):
    """What a version is as it is kept; a row of `PassportVersion` is one."""

    @property
    def number(self) -> int: ...
    @property
    def valid_from(self) -> datetime: ...
    @property
    def content_sha256(self) -> str: ...
    @property
    def credential(self) -> str: ...
    @property
    def jwt(self) -> str: ...


class Fault(StrEnum):
    """Say where a version is not what was signed."""

    PROOF = "proof"
    TOKEN = "token"  # noqa: S105 (the signed token, no password)
    PAIR = "pair"
    FORM = "form"
    IDENTITY = "identity"
    DIGEST = "digest"
    MISSING = "missing"
    UNRECORDED = "unrecorded"
    ROWS = "rows"
    UNREADABLE = "unreadable"


FAULTS: Final = {
    Fault.PROOF: N_("De handtekening in het document past niet bij de inhoud."),
    Fault.TOKEN: N_("De handtekening van het token past niet bij de inhoud."),
    Fault.PAIR: N_("Het document en het token zeggen niet hetzelfde."),
    Fault.FORM: N_("Het ondertekende document is niet als paspoort te lezen."),
    Fault.IDENTITY: N_("Wat is ondertekend hoort bij een ander paspoort of een andere versie."),
    Fault.DIGEST: N_("De vingerafdruk van de versie past niet bij wat is ondertekend."),
    Fault.MISSING: N_("Volgens het logboek is er een versie ondertekend die er niet meer is."),
    Fault.UNRECORDED: N_("Het logboek weet niet dat deze versie is ondertekend."),
    Fault.ROWS: N_("De gegevens zijn na het ondertekenen veranderd zonder dat iemand ze heeft opgeslagen."),
    Fault.UNREADABLE: N_("De gegevens zijn niet te lezen; iemand veranderde ze buiten ons om."),
}


@dataclass(frozen=True, slots=True)
class Inspection:
    """Hold what was found of one version: what it says where it is whole, else its first fault."""

    document: PassportDocument | None
    fault: Fault | None = None


def inspect(version: SignedVersion, *, code: str, seal: Seal) -> Inspection:
    """Check a version of the passport `code`: both signatures, that they say the same, and of what they say it."""
    proven, token = seal.check(version.credential.encode()), seal.check(version.jwt.encode())
    if not proven.holds:
        return Inspection(None, Fault.PROOF)
    if not token.holds:
        return Inspection(None, Fault.TOKEN)
    if token.document != proven.document or token.key_id != proven.key_id:
        return Inspection(None, Fault.PAIR)
    return _inspect_meaning(version, proven, code)


def _inspect_meaning(version: SignedVersion, proven: Verdict, code: str) -> Inspection:
    try:
        document = document_of(proven.document)
    except msgspec.ValidationError:
        return Inspection(None, Fault.FORM)
    named = (proven.document or {}).get("id")
    told = (document.code, document.number, document.valid_from)
    if told != (code, version.number, version.valid_from) or named != credential_id(document):
        return Inspection(None, Fault.IDENTITY)
    if content_sha256(document) != version.content_sha256:
        return Inspection(None, Fault.DIGEST)
    return Inspection(document)


def differences(signed: PassportDocument, now: PassportDocument) -> tuple[str, ...]:
    """Return the members of a document that say something else now than when it was signed.

    What our vocabulary calls a category, and its codes, may change with a new release of it and is no difference.
    """
    if now.classification.category == signed.classification.category:
        now = msgspec.structs.replace(now, classification=signed.classification)
    fields = (field for field in PassportDocument.__struct_fields__ if field not in MOMENTARY)
    return tuple(field for field in fields if getattr(signed, field) != getattr(now, field))


MEMBERS: Final = {
    "code": N_("code"),
    "granularity": N_("stuk, partij of werk"),
    "name": N_("naam"),
    "description": N_("omschrijving"),
    "issuer": N_("uitgever"),
    "owner": N_("eigenaar"),
    "classification": N_("soort"),
    "figures": N_("hoeveelheid, gewicht en maten"),
    "unit": N_("eenheid"),
    "origin": N_("herkomst"),
    "photos": N_("foto's"),
    "documents": N_("documenten"),
    "composition": N_("samenstelling"),
    "condition": N_("conditie"),
    "quality": N_("kwaliteit"),
    "hazards": N_("gevaarlijke stoffen"),
    "statements": N_("verklaringen"),
    "tests": N_("testen"),
    "detachability": N_("losmaakbaarheid"),
    "dismantling": N_("demontage"),
    "hoisting": N_("hijsen"),
    "mki": N_("MKI"),
    "gwp": N_("CO2"),
    "later": N_("einde levensduur"),
    "parties": N_("betrokken partijen"),
    "work": N_("opbouw van het werk"),
    "ancestors": N_("voorouders"),
    "is_example": N_("voorbeeld of niet"),
}
"""What the members of a document are called where they differ."""
