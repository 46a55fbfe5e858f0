"""Signed passports in two forms: a readable document with its proof inside, and a token. Pure rules.

The readable form is W3C Data Integrity with `eddsa-jcs-2022` (VC Data Integrity EdDSA Cryptosuites 1.0, section 3.3):
the Ed25519 signature of sha256(JCS(proof without its value)) followed by sha256(JCS(document)), in base58btc. The token
is `application/vc+jwt` (W3C Securing Verifiable Credentials using JOSE and COSE) with the algorithm `Ed25519` of
RFC 9864. Whatever bytes are checked, the answer is a `Verdict` and never an error.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, NoReturn

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from marketplace.kit.errors import N_, InvalidInputError

Document = dict[str, Any]
PublicKeys = Mapping[str, Ed25519PublicKey]
"""The keys that are trusted, by the whole id that a signature names: `did:web:HOST#FRAGMENT`."""

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 64
PASSPORT: Final = "DigitalProductPassport"
PROOF_KIND: Final = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "proofPurpose": "assertionMethod",
}
TOKEN_KIND: Final = {"alg": "Ed25519", "typ": "vc+jwt", "cty": "vc"}

_SIGNATURE_BYTES: Final = 64
_SIGNATURE_TEXT: Final = 90
"""Base58 is read in quadratic time, so that anything longer than 64 bytes can be is refused unread."""
_ED25519_PREFIX: Final = b"\xed\x01"


class Outcome(StrEnum):
    """Say what checking a signed document found."""

    HOLDS = "holds"
    EXTENDED = "extended"
    ALTERED = "altered"
    UNKNOWN_KEY = "unknown_key"
    OTHER_ISSUER = "other_issuer"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    NOT_A_PASSPORT = "not_a_passport"


SENTENCES: Final[Mapping[Outcome, str]] = {
    Outcome.HOLDS: N_("De handtekening klopt: dit is wat de uitgever heeft ondertekend."),
    Outcome.EXTENDED: N_(
        "Na het ondertekenen is de @context veranderd; alleen zonder die toevoeging klopt het document."
    ),
    Outcome.ALTERED: N_("De handtekening past niet bij de inhoud: er is na het ondertekenen iets veranderd."),
    Outcome.UNKNOWN_KEY: N_(
        "Dit is ondertekend met een sleutel die hier niet bekend is, misschien door een andere hub."
    ),
    Outcome.OTHER_ISSUER: N_("De sleutel is niet van de uitgever die het document noemt."),
    Outcome.UNSIGNED: N_("Dit document draagt geen handtekening van de soort eddsa-jcs-2022."),
    Outcome.UNREADABLE: N_("Dit is geen heel document of token; er ontbreekt misschien een stuk."),
    Outcome.NOT_A_PASSPORT: N_("Dit is ondertekend, maar het is geen materialenpaspoort."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold what checking found, with a Dutch sentence for people that is also its key in the catalogue.

    `document` is what was signed, and is there only with the outcomes HOLDS, EXTENDED, OTHER_ISSUER and NOT_A_PASSPORT;
    `key_id` is the key that the signature names, empty where it names none.
    """

    outcome: Outcome
    reason: str
    document: Document | None = None
    key_id: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether nothing at all is wrong."""
        return self.outcome is Outcome.HOLDS


def check(content: bytes, public_keys: PublicKeys) -> Verdict:
    """Check a signed passport in either form: the signature, whether the key is the issuer's, and what kind it is."""
    content = content.strip()
    readable = content.startswith(b"{")
    verdict = _check_text(content, public_keys) if readable else check_jwt(content, public_keys)
    return verdict if verdict.document is None else _check_meaning(verdict, verdict.document)


def add_proof(
    document: Mapping[str, Any], key: Ed25519PrivateKey, *, verification_method: str, created: datetime
) -> Document:
    """Return `document` with an `eddsa-jcs-2022` proof in place of any that it has.

    `created` has a time zone and is kept to the second. Raises ValueError for what JCS cannot write: NaN, an infinite
    number, an integer beyond 2^53 or half a surrogate pair.
    """
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proof: Document = {
        "type": PROOF_KIND["type"],
        "cryptosuite": PROOF_KIND["cryptosuite"],
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": verification_method,
        "proofPurpose": PROOF_KIND["proofPurpose"],
    }
    if "@context" in unsigned:
        proof["@context"] = unsigned["@context"]
    signature = key.sign(signed_bytes(unsigned, proof))
    return unsigned | {"proof": proof | {"proofValue": _to_base58(signature)}}


def check_proof(signed: Mapping[str, Any], public_keys: PublicKeys) -> Verdict:
    """Check the proof inside a document, whatever kind of document it is.

    The standard lets others add to the `@context` after signing and then verifies what was signed without it. That
    comes out as EXTENDED, with the document as it was signed.
    """
    proof = signed.get("proof")
    if not isinstance(proof, dict) or any(proof.get(name) != value for name, value in PROOF_KIND.items()):
        return _verdict(Outcome.UNSIGNED)
    key_id = proof.get("verificationMethod")
    if not isinstance(key_id, str) or (public_key := public_keys.get(key_id)) is None:
        return _verdict(Outcome.UNKNOWN_KEY, key_id=key_id if isinstance(key_id, str) else "")
    if (signature := _from_base58(proof.get("proofValue"), _SIGNATURE_BYTES)) is None:
        return _verdict(Outcome.UNREADABLE, key_id=key_id)
    document = {name: value for name, value in signed.items() if name != "proof"}
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    return _check_content(document, config, signature, public_key, key_id)


def signed_bytes(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """Return the 64 bytes that are signed: the hash of the proof without its value, then that of the document."""
    return sha256(rfc8785.dumps(dict(proof))).digest() + sha256(rfc8785.dumps(dict(document))).digest()


def to_jwt(credential: Mapping[str, Any], key: Ed25519PrivateKey, *, key_id: str) -> str:
    """Return `credential` as a token of the kind `application/vc+jwt`; raises ValueError like `add_proof`."""
    header = {"alg": TOKEN_KIND["alg"], "kid": key_id, "typ": TOKEN_KIND["typ"], "cty": TOKEN_KIND["cty"]}
    return jws.serialize_compact(header, rfc8785.dumps(dict(credential)), OKPKey.import_key(key), registry=_TOKENS)


def check_jwt(token: str | bytes, public_keys: PublicKeys) -> Verdict:
    """Check a token, whatever kind of credential it holds; a header with anything but our four members is refused."""
    try:
        content = token.encode("ascii") if isinstance(token, str) else token
        header, payload, signature = _token_parts(content)
    except (InvalidInputError, ValueError):
        return _verdict(Outcome.UNREADABLE)
    key_id = header.pop("kid", None)
    if header != TOKEN_KIND or not isinstance(key_id, str) or len(signature) != _SIGNATURE_BYTES:
        return _verdict(Outcome.UNREADABLE)
    if (public_key := public_keys.get(key_id)) is None:
        return _verdict(Outcome.UNKNOWN_KEY, key_id=key_id)
    try:
        jws.deserialize_compact(content, OKPKey.import_key(public_key), registry=_TOKENS)
    except JoseError:
        return _verdict(Outcome.ALTERED, key_id=key_id)
    try:
        return _verdict(Outcome.HOLDS, read_json(payload), key_id)
    except InvalidInputError as error:
        return Verdict(Outcome.UNREADABLE, error.message, key_id=key_id)


def read_json(content: bytes) -> Document:
    """Read one JSON object that means the same to every reader.

    Raises InvalidInputError for more than 2 MB, more than 64 levels, anything but UTF-8 or JSON, a member name that
    comes twice, a number that is not finite, half a surrogate pair, and for what is not an object.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInputError(N_("Dit bestand is te groot; een paspoort is hoogstens 2 MB."))
    try:
        document = json.loads(content.decode(), object_pairs_hook=_members, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise InvalidInputError(_TOO_DEEP) from error
    except ValueError as error:
        raise InvalidInputError(N_("Dit is geen JSON, of er ontbreekt een stuk.")) from error
    if not isinstance(document, dict):
        raise InvalidInputError(N_("Dit is geen JSON-object."))
    _refuse_depth(document)
    _refuse_unwritable(document)
    return document


def multibase(public_key: Ed25519PublicKey) -> str:
    """Return the key as a Multikey writes it: `z6Mk` and 44 characters."""
    return _to_base58(_ED25519_PREFIX + public_key.public_bytes_raw())


def public_key_of(text: object) -> Ed25519PublicKey | None:
    """Return the Ed25519 key that `text` writes as a Multikey, or None where it writes no such key."""
    content = _from_base58(text, len(_ED25519_PREFIX) + 32)
    if content is None or not content.startswith(_ED25519_PREFIX):
        return None
    return Ed25519PublicKey.from_public_bytes(content.removeprefix(_ED25519_PREFIX))


class _TokenRegistry(jws.JWSRegistry):
    """Know the one algorithm that is taken, and room for a whole passport, which the library's own limits have not."""

    max_header_length = 2_048
    max_payload_length = MAX_BYTES * 4 // 3 + 4


_TOKENS: Final = _TokenRegistry(algorithms=[TOKEN_KIND["alg"]])
_TOO_DEEP: Final = N_("Dit JSON-bestand is te diep genest.")


def _verdict(outcome: Outcome, document: Document | None = None, key_id: str = "") -> Verdict:
    return Verdict(outcome, SENTENCES[outcome], document, key_id)


def _check_text(content: bytes, public_keys: PublicKeys) -> Verdict:
    try:
        return check_proof(read_json(content), public_keys)
    except InvalidInputError as error:
        return Verdict(Outcome.UNREADABLE, error.message)


def _check_meaning(verdict: Verdict, document: Document) -> Verdict:
    kinds = document.get("type")
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        issuer = issuer.get("id")
    if issuer != verdict.key_id.partition("#")[0]:
        outcome = Outcome.OTHER_ISSUER
    elif not isinstance(kinds, list) or PASSPORT not in kinds:
        outcome = Outcome.NOT_A_PASSPORT
    else:
        return verdict
    return replace(verdict, outcome=outcome, reason=SENTENCES[outcome])


def _check_content(
    document: Document, config: Document, signature: bytes, public_key: Ed25519PublicKey, key_id: str
) -> Verdict:
    outcome = Outcome.HOLDS
    try:
        if "@context" in config and not _same(config["@context"], document.get("@context")):
            if not _starts_with(document.get("@context"), config["@context"]):
                return _verdict(Outcome.ALTERED, key_id=key_id)
            outcome = Outcome.EXTENDED
            document["@context"] = config["@context"]
        public_key.verify(signature, signed_bytes(document, config))
    except InvalidSignature:
        return _verdict(Outcome.ALTERED, key_id=key_id)
    except (ValueError, RecursionError):
        return _verdict(Outcome.UNREADABLE, key_id=key_id)
    return _verdict(outcome, document, key_id)


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 (any JSON value)
    """Compare as JSON does, to which true and 1 differ; Python takes them for equal."""
    return rfc8785.dumps(one) == rfc8785.dumps(other)


def _starts_with(given: object, start: object) -> bool:
    contexts = given if isinstance(given, list) else [given]
    first = start if isinstance(start, list) else [start]
    return _same(contexts[: len(first)], first)


def _token_parts(token: bytes) -> tuple[Document, bytes, bytes]:
    if len(token) > _TokenRegistry.max_payload_length:
        raise ValueError("too large")
    header, payload, signature = (urlsafe_b64decode(part) for part in token.split(b"."))
    return read_json(header), payload, signature


def _to_base58(content: bytes) -> str:
    return "z" + base58.b58encode(content).decode()


def _from_base58(text: object, size: int) -> bytes | None:
    """Return the `size` bytes that `text` writes in the one way in which they can be written, else None."""
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _SIGNATURE_TEXT:
        return None
    try:
        content = base58.b58decode(text[1:])
    except ValueError:
        return None
    return content if len(content) == size and _to_base58(content) == text else None


def _members(pairs: list[tuple[str, Any]]) -> Document:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidInputError(N_("In dit JSON-bestand komt een veldnaam twee keer voor in één object."))
    return members


def _refuse_constant(_: str) -> NoReturn:
    raise InvalidInputError(_NOT_FINITE)


_NOT_FINITE: Final = N_("In dit JSON-bestand staat een getal dat geen eindig getal is.")


def _refuse_depth(document: Document) -> None:
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        values = (value for part in level for value in (part.values() if isinstance(part, dict) else part))
        level = [value for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise InvalidInputError(_TOO_DEEP)


def _refuse_unwritable(document: Document) -> None:
    """Refuse what was read but cannot be written: 1e999 is read as infinite, and \\ud800 alone is no character."""
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(N_("In dit JSON-bestand staat een half teken (een los surrogaat).")) from error
    except ValueError as error:
        raise InvalidInputError(_NOT_FINITE) from error
