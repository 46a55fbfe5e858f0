"""Which passports were withdrawn, as W3C Bitstring Status List 1.0 publishes it: one bit each. Pure rules."""

import base64
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from joserfc.util import urlsafe_b64decode

from marketplace.kit.errors import N_, InvalidInputError

MINIMUM_BITS: Final = 131_072
"""The standard's least length (16 KB), below which the place in the list would tell too much about who looks."""

MAXIMUM_BITS: Final = 8 * 1_048_576
REVOCATION: Final = "revocation"

_GZIP: Final = 16 + zlib.MAX_WBITS
_LEVEL: Final = 6


def encode(positions: Iterable[int], *, size: int = MINIMUM_BITS) -> str:
    """Return the list of `size` bits in which the bits at `positions` are set, as `encodedList` writes it.

    Position 0 is the leftmost bit: the highest of the first byte. The same positions always give the same text. Raises
    ValueError for a position outside the list and for a size that is no whole number of bytes or too small or large.
    """
    if size % 8 or not MINIMUM_BITS <= size <= MAXIMUM_BITS:
        raise ValueError(f"a status list has no {size} bits")
    bits = bytearray(size // 8)
    for position in positions:
        if not 0 <= position < size:
            raise ValueError(f"position {position} is outside the list of {size}")
        bits[position // 8] |= 0x80 >> position % 8
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return "u" + base64.urlsafe_b64encode(packer.compress(bytes(bits)) + packer.flush()).decode().rstrip("=")


def decode(encoded: str) -> bytes:
    """Return the bits of an `encodedList`; raises InvalidInputError for what is no such list, or larger than 1 MB."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        bits = unpacker.decompress(_from_multibase(encoded), MAXIMUM_BITS // 8 + 1)
    except (ValueError, zlib.error) as error:
        raise InvalidInputError(_UNREADABLE) from error
    if not unpacker.eof or unpacker.unused_data or not MINIMUM_BITS <= len(bits) * 8 <= MAXIMUM_BITS:
        raise InvalidInputError(_UNREADABLE)
    return bits


def is_set(encoded: str, position: int) -> bool:
    """Tell whether the bit at `position` is set; raises InvalidInputError for a place outside the list."""
    bits = decode(encoded)
    if not 0 <= position < len(bits) * 8:
        raise InvalidInputError(N_("De statuslijst heeft geen plaats %(position)s."), position=position)
    return bool(bits[position // 8] & (0x80 >> position % 8))


def entry(*, list_url: str, position: int, purpose: str = REVOCATION) -> dict[str, str]:
    """Return the `credentialStatus` of a credential whose bit stands at `position` of the list at `list_url`."""
    return {
        "id": f"{list_url}#{position}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(position),
        "statusListCredential": list_url,
    }


def status_list_credential(
    *, list_url: str, issuer: str | Mapping[str, Any], encoded: str, valid_from: datetime, purpose: str = REVOCATION
) -> dict[str, Any]:
    """Return the list as an unsigned credential; `valid_from` has a time zone and is kept to the second."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded,
        },
    }


_UNREADABLE: Final = N_("Deze statuslijst is niet te lezen.")


def _from_multibase(text: str) -> bytes:
    if not text.startswith("u"):
        raise ValueError("not base64url without padding")
    return urlsafe_b64decode(text[1:].encode("ascii"))
