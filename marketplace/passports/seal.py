"""The seal of the hub: its web address and its keys, with which every published version is signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from marketplace.passports.keys import KeyRing, did_document, did_of, keys_by_id
from marketplace.passports.signatures import Outcome, Verdict, add_proof, check, to_jwt


@dataclass(frozen=True, slots=True)
class Seal:
    """Hold what signs on behalf of the hub. `origin` is its web address without a slash at its end."""

    origin: str
    keys: KeyRing

    @property
    def did(self) -> str:
        """Return the identity under which the hub signs, `did:web:HOST`."""
        return did_of(self.origin)

    def sign(self, credential: Mapping[str, Any], at: datetime) -> tuple[dict[str, Any], str]:
        """Return the credential with its Data Integrity proof, and the same credential as `application/vc+jwt`.

        Raises KeyRefusedError where the key cannot be trusted.
        """
        key = self.keys.signing_key()
        key_id = key.id_under(self.did)
        signed = add_proof(credential, key.private, verification_method=key_id, created=at)
        return signed, to_jwt(credential, key.private, key_id=key_id)

    def public_keys(self, did: str | None = None) -> Mapping[str, Ed25519PublicKey]:
        """Return every key that ever signed, by the ids it has under this identity of the hub."""
        return keys_by_id(did or self.did, self.keys.public_keys())

    def check(self, content: bytes) -> Verdict:
        """Check a signed passport in either form against the keys of the hub, whatever its web address once was."""
        verdict = check(content, self.public_keys())
        did = verdict.key_id.partition("#")[0]
        if verdict.outcome is Outcome.UNKNOWN_KEY and did not in {"", self.did}:
            return check(content, self.public_keys(did))
        return verdict

    def did_document(self) -> dict[str, Any]:
        """Return what `/.well-known/did.json` answers."""
        return did_document(self.did, self.keys.public_keys())
