"""The hub's signing keys: files in a folder of their own, shared by every process that serves the hub.

Key number N is `N.pem` (the private key, PKCS8, mode 600) and `N.json` (its public half, and since when). The private
key with the highest number signs. A private file gets its name whole and only if that name is still free, so that of
several processes that make a first or a next key one wins and the others take the winner's. Public files stay: what an
earlier key signed can be checked for ever.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from marketplace.kit import clock
from marketplace.kit.errors import N_, MarketplaceError
from marketplace.kit.files import write_durably
from marketplace.passports.signatures import multibase, public_key_of

_TRIES: Final = 10
_SETTLED_NS: Final = 2_000_000_000
"""Two changes within one tick of the file system's clock look like one, so that only what is older is remembered."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class KeyRefusedError(MarketplaceError):
    """Say that a key of the hub cannot be used, and what the operator can do about it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Hold the public half of a key, and from when until when it signed; `until` is None for the one that signs now."""

    number: int
    key: Ed25519PublicKey
    since: datetime
    until: datetime | None = None

    @property
    def multibase(self) -> str:
        """Return the key as a Multikey writes it."""
        return multibase(self.key)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Hold the key that signs now."""

    private: Ed25519PrivateKey
    public: PublicKey

    def id_under(self, did: str) -> str:
        """Return the id that signatures name."""
        return key_id(did, self.public)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    stamp: tuple[int, ...]
    signing: SigningKey
    public: tuple[PublicKey, ...]


class KeyRing:
    """Give the keys of one folder, and notice what other processes change in it."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = clock.now) -> None:
        self.folder = folder
        self._now = now
        self._snapshot: _Snapshot | None = None

    def signing_key(self) -> SigningKey:
        """Return the key that signs now, made at first use; raises KeyRefusedError where it cannot be trusted."""
        return self._current().signing

    def public_keys(self) -> tuple[PublicKey, ...]:
        """Return every key that ever signed, the oldest first; raises KeyRefusedError like `signing_key`."""
        return self._current().public

    def rotate(self) -> SigningKey:
        """Make a new key, sign with it from now on, and remove the private keys before it.

        Of several rotations at the same moment one makes the new key. A rotation that was broken off is finished.
        """
        current = self._current().signing.public.number
        self._make(current + 1)
        self._snapshot = None
        signing = self.signing_key()
        for number in self._numbers(".pem"):
            if number < signing.public.number:
                self._private_path(number).unlink(missing_ok=True)
        return signing

    def _current(self) -> _Snapshot:
        for _ in range(_TRIES):
            try:
                return self._read()
            except FileNotFoundError:
                # A first key is needed, or another process rotated after we had looked at the folder.
                self._snapshot = None
                self._make_if_none()
        raise KeyRefusedError(N_("De sleutels in %(folder)s blijven veranderen."), folder=self.folder)

    def _read(self) -> _Snapshot:
        known = self._snapshot
        if known and known.stamp == self._stamp(known.signing.public.number):
            return known
        number = max(self._numbers(".pem"), default=0)
        stamp = self._stamp(number)
        _refuse_writable(self.folder)
        private = _read_private(self._private_path(number))
        self._record(number, private.public_key())
        public = self._read_public()
        snapshot = _Snapshot(stamp, SigningKey(private, _of_number(public, number, private)), public)
        settled = max(stamp[:3]) < self._now().timestamp() * 1e9 - _SETTLED_NS
        self._snapshot = snapshot if settled else None
        return snapshot

    def _stamp(self, number: int) -> tuple[int, ...]:
        folder, file = self.folder.stat(), self._private_path(number).stat()
        return folder.st_mtime_ns, folder.st_ctime_ns, file.st_ctime_ns, file.st_ino

    def _make_if_none(self) -> None:
        if not self._numbers(".pem"):
            self._make(max(self._numbers(".json"), default=0) + 1)

    def _make(self, number: int) -> None:
        """Make key `number`, unless another process has made it in the meantime."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private = Ed25519PrivateKey.generate()
        temporary = self.folder / f".{secrets.token_hex(8)}"
        try:
            _write_private(temporary, private)
            os.link(temporary, self._private_path(number))
        except FileExistsError:
            return
        finally:
            temporary.unlink(missing_ok=True)
        self._record(number, private.public_key())

    def _record(self, number: int, public: Ed25519PublicKey) -> None:
        """Write down the public half before anything is signed; who made the key may have been broken off before it."""
        path = self.folder / f"{number}.json"
        if not path.exists():
            record = {"publicKeyMultibase": multibase(public), "since": self._now().isoformat()}
            write_durably(path, json.dumps(record, indent=2).encode())

    def _read_public(self) -> tuple[PublicKey, ...]:
        numbers = self._numbers(".json")
        halves = [_read_half(self.folder / f"{number}.json") for number in numbers]
        untils = [since for _, since in halves[1:]] + [None]
        return tuple(
            PublicKey(number, key, since, until)
            for number, (key, since), until in zip(numbers, halves, untils, strict=True)
        )

    def _numbers(self, suffix: str) -> list[int]:
        if not self.folder.is_dir():
            return []
        return sorted(int(path.stem) for path in self.folder.glob(f"*{suffix}") if path.stem.isdecimal())

    def _private_path(self, number: int) -> Path:
        return self.folder / f"{number}.pem"


def did_of(origin: str) -> str:
    """Return the did:web of a hub at `origin`, such as https://hub.example or http://127.0.0.1:8000."""
    parts = urlsplit(origin)
    if not parts.hostname:
        raise ValueError(f"{origin} is no origin")
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    address = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        address += f":{parts.port}"
    return "did:web:" + quote(address, safe="")


def key_id(did: str, key: PublicKey) -> str:
    """Return the id of a key under `did`. It names the key itself, so that no later key can be taken for it."""
    return f"{did}#{key.multibase}"


def keys_by_id(did: str, keys: Iterable[PublicKey]) -> dict[str, Ed25519PublicKey]:
    """Return the keys as the checks of `signatures` take them."""
    return {key_id(did, key): key.key for key in keys}


def did_document(did: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """Return what `/.well-known/did.json` answers: all keys that ever signed, because what they signed still holds."""
    methods = [
        {"id": key_id(did, key), "type": "Multikey", "controller": did, "publicKeyMultibase": key.multibase}
        for key in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _write_private(path: Path, private: Ed25519PrivateKey) -> None:
    content = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_private(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & 0o077:
        raise KeyRefusedError(
            N_("De sleutel %(path)s is open voor anderen. Maak een nieuwe, of zet de rechten op 600."), path=path
        )
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyRefusedError(_DAMAGED, path=path) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyRefusedError(_DAMAGED, path=path)
    return private


def _refuse_writable(folder: Path) -> None:
    if folder.stat().st_mode & 0o022:
        raise KeyRefusedError(N_("Anderen kunnen in %(path)s schrijven. Zet de rechten op 700."), path=folder)


def _read_half(path: Path) -> tuple[Ed25519PublicKey, datetime]:
    try:
        record = json.loads(path.read_bytes())
        key, since = public_key_of(record["publicKeyMultibase"]), datetime.fromisoformat(record["since"])
    except (ValueError, TypeError, LookupError) as error:
        raise KeyRefusedError(_DAMAGED, path=path) from error
    if key is None or since.tzinfo is None:
        raise KeyRefusedError(_DAMAGED, path=path)
    return key, since


def _of_number(keys: Iterable[PublicKey], number: int, private: Ed25519PrivateKey) -> PublicKey:
    """Return the public key of that number, which must be the half of `private`."""
    for key in keys:
        if key.number == number and key.key == private.public_key():
            return key
    raise KeyRefusedError(N_("De twee helften van sleutel %(number)s horen niet bij elkaar."), number=number)


_DAMAGED: Final = N_("Het sleutelbestand %(path)s is beschadigd. Zet het terug uit een reservekopie.")
