"""The list of withdrawn passports, against the example of the standard."""

import base64
import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.errors import InvalidInputError
from marketplace.passports.status_list import (
    MAXIMUM_BITS,
    MINIMUM_BITS,
    decode,
    encode,
    entry,
    is_set,
    status_list_credential,
)

EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""The `encodedList` of Bitstring Status List v1.0, section 2.2: nothing is withdrawn."""

LIST_URL = "https://hub.example/status/1"


def packed(bits):
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode().rstrip("=")


def test_the_example_of_the_standard_is_read_as_sixteen_kilobytes_of_zeros():
    assert decode(EXAMPLE) == bytes(MINIMUM_BITS // 8)


def test_an_empty_list_is_written_so_that_it_reads_like_the_example():
    assert decode(encode([])) == decode(EXAMPLE)


@pytest.mark.parametrize(
    ("position", "byte", "value"), [(0, 0, 0x80), (7, 0, 0x01), (8, 1, 0x80), (MINIMUM_BITS - 1, -1, 0x01)]
)
def test_the_first_place_is_the_leftmost_bit(position, byte, value):
    bits = decode(encode([position]))
    assert bits[byte] == value
    assert sum(bits) == value


@given(st.sets(st.integers(0, MINIMUM_BITS - 1), max_size=50), st.integers(0, MINIMUM_BITS - 1))
def test_what_was_set_is_set_and_nothing_else(positions, other):
    encoded = encode(positions)
    assert all(is_set(encoded, position) for position in positions)
    assert is_set(encoded, other) is (other in positions)


def test_the_same_places_give_the_same_text_in_any_order():
    assert encode([5, 3, 3]) == encode([3, 5])


@pytest.mark.parametrize("position", [-1, MINIMUM_BITS])
def test_a_place_outside_the_list_is_refused(position):
    with pytest.raises(ValueError, match="outside"):
        encode([position])
    with pytest.raises(InvalidInputError):
        is_set(EXAMPLE, position)


@pytest.mark.parametrize("size", [MINIMUM_BITS - 8, MINIMUM_BITS + 1, MAXIMUM_BITS + 8])
def test_a_list_of_another_length_is_not_written(size):
    with pytest.raises(ValueError, match="no"):
        encode([], size=size)


@pytest.mark.parametrize(
    "text",
    [
        "",
        EXAMPLE[1:],
        "z" + EXAMPLE[1:],
        EXAMPLE[:-8],
        EXAMPLE + "AAAA",
        EXAMPLE.replace("-", "+"),
        "uAAAA",
        "ué",
        packed(bytes(MINIMUM_BITS // 8 - 1)),
        packed(bytes(MAXIMUM_BITS // 8 + 1)),
        packed(bytes(50_000_000)),
    ],
    ids=lambda text: text[:12] or "empty",
)
def test_what_is_no_list_is_refused(text):
    with pytest.raises(InvalidInputError):
        decode(text)


def test_a_credential_points_to_its_place_in_the_list():
    assert entry(list_url=LIST_URL, position=94567) == {
        "id": "https://hub.example/status/1#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": LIST_URL,
    }


def test_the_list_itself_is_a_credential():
    valid_from = datetime(2026, 5, 4, 12, tzinfo=UTC)
    document = status_list_credential(
        list_url=LIST_URL, issuer="did:web:hub.example", encoded=EXAMPLE, valid_from=valid_from
    )
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["validFrom"] == "2026-05-04T12:00:00Z"
    assert document["credentialSubject"] == {
        "id": "https://hub.example/status/1#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": EXAMPLE,
    }
