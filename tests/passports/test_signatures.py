"""Signed passports: the published vectors byte for byte, and every change found."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import base58
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey
from joserfc.util import urlsafe_b64encode

from marketplace.kit.errors import InvalidInputError
from marketplace.passports.signatures import (
    MAX_BYTES,
    MAX_DEPTH,
    SENTENCES,
    Outcome,
    add_proof,
    check,
    check_jwt,
    check_proof,
    multibase,
    public_key_of,
    read_json,
    signed_bytes,
    to_jwt,
)

VECTORS = Path(__file__).parents[3] / "shared" / "standards" / "w3c-eddsa-vectors"
published = pytest.mark.skipif(not VECTORS.is_dir(), reason="the optional folder ../shared/standards is not there")

DID = "did:web:hub.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY_ID = f"{DID}#{multibase(KEY.public_key())}"
KEYS = {KEY_ID: KEY.public_key()}
CREATED = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
PASSPORT = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"],
    "id": "https://hub.example/ID/23456789ABCDEFGH",
    "type": ["DigitalProductPassport", "VerifiableCredential"],
    "issuer": {"type": ["CredentialIssuer"], "id": DID, "name": "Hub Assen"},
    "validFrom": "2026-05-04T12:30:00Z",
    "credentialSubject": {
        "name": "Deur “eiken”",
        "massKg": 38.5,
        "count": 12,
        "tested": False,
        "reused": 1,
        "note": None,
    },
}
SIGNED = add_proof(PASSPORT, KEY, verification_method=KEY_ID, created=CREATED)
TOKEN = to_jwt(PASSPORT, KEY, key_id=KEY_ID)


def vector(name):
    return (VECTORS / name).read_text()


def paths(value, path=()):
    """Return the path to every value inside `value`."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, part in members for found in ((*path, name), *paths(part, (*path, name)))]


def parent_of(document, path):
    for name in path[:-1]:
        document = document[name]
    return document, path[-1]


def outcome_of(document):
    return check(json.dumps(document).encode(), KEYS).outcome


def token_with(header=None, payload=None, key=KEY):
    """Return a token signed with `key` of which the header or the payload is not what the hub writes."""
    header = {"alg": "Ed25519", "kid": KEY_ID, "typ": "vc+jwt", "cty": "vc"} | (header or {})
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    signer = key if isinstance(key, OctKey) else OKPKey.import_key(key)
    return jws.serialize_compact(header, payload or rfc8785.dumps(PASSPORT), signer, registry=registry).encode()


@published
def test_the_published_vectors_come_out_byte_for_byte():
    pair, unsigned = json.loads(vector("keyPair.json")), json.loads(vector("unsigned.json"))
    config = json.loads(vector("eddsa-jcs-2022/proofConfigJCS.json"))
    key = Ed25519PrivateKey.from_private_bytes(base58.b58decode(pair["privateKeyMultibase"][1:])[2:])
    created = datetime.fromisoformat(config["created"])
    signed = add_proof(unsigned, key, verification_method=config["verificationMethod"], created=created)
    value = signed["proof"]["proofValue"]
    assert multibase(key.public_key()) == pair["publicKeyMultibase"]
    assert rfc8785.dumps(unsigned).decode() == vector("eddsa-jcs-2022/canonDocJCS.txt")
    assert rfc8785.dumps(config).decode() == vector("eddsa-jcs-2022/proofCanonJCS.txt")
    assert signed_bytes(unsigned, config)[32:].hex() == vector("eddsa-jcs-2022/docHashJCS.txt")
    assert signed_bytes(unsigned, config)[:32].hex() == vector("eddsa-jcs-2022/proofHashJCS.txt")
    assert signed_bytes(unsigned, config).hex() == vector("eddsa-jcs-2022/combinedHashJCS.txt")
    assert value == vector("eddsa-jcs-2022/sigBTC58JCS.txt")
    assert base58.b58decode(value[1:]).hex() == vector("eddsa-jcs-2022/sigHexJCS.txt")
    assert json.dumps(signed, indent=2) == vector("eddsa-jcs-2022/signedJCS.json")


@published
def test_the_published_signed_document_holds_and_a_changed_one_does_not():
    signed = json.loads(vector("eddsa-jcs-2022/signedJCS.json"))
    keys = {
        signed["proof"]["verificationMethod"]: public_key_of(json.loads(vector("keyPair.json"))["publicKeyMultibase"])
    }
    assert check_proof(signed, keys).outcome is Outcome.HOLDS
    signed["credentialSubject"]["alumniOf"] += "."
    assert check_proof(signed, keys).outcome is Outcome.ALTERED


def test_both_forms_hold_and_give_back_what_was_signed():
    for content in (json.dumps(SIGNED).encode(), json.dumps(SIGNED, indent=2).encode(), TOKEN.encode()):
        verdict = check(content, KEYS)
        assert verdict.holds
        assert (verdict.document, verdict.key_id) == (PASSPORT, KEY_ID)


def test_signing_twice_gives_the_same_bytes():
    assert add_proof(SIGNED, KEY, verification_method=KEY_ID, created=CREATED) == SIGNED
    assert to_jwt(PASSPORT, KEY, key_id=KEY_ID) == TOKEN


def test_the_token_names_the_algorithm_of_rfc_9864_and_its_key():
    assert jws.extract_compact(TOKEN.encode()).headers() == {
        "alg": "Ed25519",
        "kid": KEY_ID,
        "typ": "vc+jwt",
        "cty": "vc",
    }


@given(path=st.sampled_from(paths(SIGNED)), other=st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=3))
def test_every_value_that_is_replaced_is_noticed(path, other):
    document = copy.deepcopy(SIGNED)
    parent, name = parent_of(document, path)
    assume(rfc8785.dumps(parent[name]) != rfc8785.dumps(other))
    parent[name] = other
    assert outcome_of(document) is not Outcome.HOLDS


@pytest.mark.parametrize("path", paths(SIGNED), ids=lambda path: ".".join(map(str, path)))
def test_every_value_that_is_left_out_is_noticed(path):
    document = copy.deepcopy(SIGNED)
    parent, name = parent_of(document, path)
    del parent[name]
    assert outcome_of(document) is not Outcome.HOLDS


@pytest.mark.parametrize("path", [(), *paths(SIGNED)], ids=lambda path: ".".join(map(str, path)) or "top")
def test_every_value_that_is_added_is_noticed(path):
    document = {"top": copy.deepcopy(SIGNED)}
    parent, name = parent_of(document, ("top", *path))
    if isinstance(parent[name], dict):
        parent[name]["extra"] = 1
    elif isinstance(parent[name], list):
        parent[name].append("extra")
    else:
        parent[name] = [parent[name]]
    assert outcome_of(document["top"]) is not Outcome.HOLDS


@given(data=st.data())
def test_every_character_of_the_token_counts(data):
    position = data.draw(st.integers(0, len(TOKEN) - 1))
    character = data.draw(st.characters(max_codepoint=255))
    assume(character != TOKEN[position])
    changed = TOKEN[:position] + character + TOKEN[position + 1 :]
    assert not check_jwt(changed, KEYS).holds


@given(position=st.integers(0, len(TOKEN) - 1), inserted=st.text(max_size=2))
def test_a_token_is_whole_or_refused(position, inserted):
    assert not check_jwt(TOKEN[:position], KEYS).holds
    assert not check_jwt(TOKEN[:position] + TOKEN[position + 1 :], KEYS).holds
    assert check_jwt(TOKEN[:position] + inserted + TOKEN[position:], KEYS).holds is (inserted == "")


@given(data=st.data())
def test_a_changed_byte_of_the_readable_form_is_noticed_unless_it_means_the_same(data):
    content = bytearray(rfc8785.dumps(SIGNED))
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] = data.draw(st.integers(0, 255))
    verdict = check(bytes(content), KEYS)
    assert not verdict.holds or rfc8785.dumps(read_json(bytes(content))) == rfc8785.dumps(SIGNED)


@given(st.binary(max_size=400) | st.text().map(lambda text: b"{" + text.encode()))
def test_no_bytes_at_all_lead_to_an_error(content):
    assert check(content, KEYS).outcome is Outcome.UNREADABLE or content.strip() == b"{}"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(context=json_values, value=json_values, subject=json_values)
def test_no_document_leads_to_an_error(context, value, subject):
    proof = SIGNED["proof"] | {"@context": context, "proofValue": value}
    assert not check_proof(PASSPORT | {"proof": proof, "credentialSubject": subject}, KEYS).holds
    assert not check_proof(PASSPORT | {"proof": value}, KEYS).holds
    assert not check_proof(SIGNED | {"proof": SIGNED["proof"] | {"verificationMethod": value}}, KEYS).holds


def test_a_context_that_was_added_later_is_told_and_left_out_of_what_was_signed():
    extended = SIGNED | {"@context": [*SIGNED["@context"], "https://other.example/terms"]}
    verdict = check_proof(extended, KEYS)
    assert verdict.outcome is Outcome.EXTENDED
    assert verdict.document == PASSPORT


@pytest.mark.parametrize(
    "contexts", [["https://other.example/terms", *PASSPORT["@context"]], PASSPORT["@context"][:1], None]
)
def test_a_context_that_was_put_before_or_taken_away_alters_the_document(contexts):
    assert check_proof(SIGNED | {"@context": contexts}, KEYS).outcome is Outcome.ALTERED


@pytest.mark.parametrize("tail", ["1", " ", "\n", "0", "z" * 200_000])
def test_a_signature_is_written_in_one_way_only(tail):
    document = copy.deepcopy(SIGNED)
    document["proof"]["proofValue"] += tail
    assert outcome_of(document) is Outcome.UNREADABLE


def test_a_key_that_is_not_known_is_told_apart_from_an_altered_document():
    other = Ed25519PrivateKey.generate()
    elsewhere = f"did:web:elsewhere.example#{multibase(other.public_key())}"
    signed = add_proof(PASSPORT, other, verification_method=elsewhere, created=CREATED)
    assert outcome_of(signed) is Outcome.UNKNOWN_KEY
    assert check(to_jwt(PASSPORT, other, key_id=elsewhere).encode(), KEYS).outcome is Outcome.UNKNOWN_KEY
    pretended = add_proof(PASSPORT, other, verification_method=KEY_ID, created=CREATED)
    assert outcome_of(pretended) is Outcome.ALTERED
    assert check(to_jwt(PASSPORT, other, key_id=KEY_ID).encode(), KEYS).outcome is Outcome.ALTERED


@pytest.mark.parametrize("issuer", ["did:web:elsewhere.example", {"id": f"{DID}.example"}, {"name": "Hub"}, None, 5])
def test_a_known_key_cannot_sign_for_another_issuer(issuer):
    foreign = PASSPORT | {"issuer": issuer}
    assert outcome_of(add_proof(foreign, KEY, verification_method=KEY_ID, created=CREATED)) is Outcome.OTHER_ISSUER
    assert check(to_jwt(foreign, KEY, key_id=KEY_ID).encode(), KEYS).outcome is Outcome.OTHER_ISSUER


@pytest.mark.parametrize("kinds", [["VerifiableCredential"], "DigitalProductPassport", None])
def test_another_kind_of_credential_is_no_passport(kinds):
    other = PASSPORT | {"type": kinds}
    assert outcome_of(add_proof(other, KEY, verification_method=KEY_ID, created=CREATED)) is Outcome.NOT_A_PASSPORT


@pytest.mark.parametrize(
    "change", [{"cryptosuite": "eddsa-rdfc-2022"}, {"proofPurpose": "authentication"}, {"type": "Ed25519Signature2020"}]
)
def test_a_proof_of_another_kind_counts_as_none(change):
    assert outcome_of(SIGNED | {"proof": SIGNED["proof"] | change}) is Outcome.UNSIGNED
    assert outcome_of(PASSPORT) is Outcome.UNSIGNED


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "VC+JWT"},
        {"cty": "json"},
        {"alg": "EdDSA"},
        {"jku": "https://x.example"},
        {"crit": ["kid"]},
    ],
)
def test_a_well_signed_token_with_another_header_is_refused(header):
    assert check_jwt(token_with(), KEYS).holds
    assert check_jwt(token_with(header), KEYS).outcome is Outcome.UNREADABLE


def test_a_token_without_signature_or_with_the_public_key_as_a_password_is_refused():
    head, payload, _ = token_with().split(b".")
    unsigned = b".".join(
        [urlsafe_b64encode(b'{"alg":"none","kid":"' + KEY_ID.encode() + b'","typ":"vc+jwt","cty":"vc"}'), payload, b""]
    )
    assert check_jwt(unsigned, KEYS).outcome is Outcome.UNREADABLE
    assert check_jwt(b".".join([head, payload, b""]), KEYS).outcome is Outcome.UNREADABLE
    password = OctKey.import_key(KEY.public_key().public_bytes_raw())
    assert check_jwt(token_with({"alg": "HS256"}, key=password), KEYS).outcome is Outcome.UNREADABLE


def test_a_passport_larger_than_the_library_takes_by_itself_fits_a_token():
    large = PASSPORT | {"note": "x" * 1_000_000}
    assert check_jwt(to_jwt(large, KEY, key_id=KEY_ID), KEYS).holds


@pytest.mark.parametrize("payload", [b"[]", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff", b""])
def test_a_well_signed_token_of_something_else_is_refused(payload):
    assert check_jwt(token_with(payload=payload or b" "), KEYS).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        b'{"a": 1',
        b"{} {}",
        b"[]",
        b"5",
        b"null",
        b"",
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": ' * MAX_DEPTH + b"{}" + b"}" * MAX_DEPTH,
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": "' + b"x" * MAX_BYTES + b'"}',
    ],
    ids=lambda content: content[:16].decode(errors="replace"),
)
def test_json_that_readers_could_take_differently_is_refused(content):
    with pytest.raises(InvalidInputError):
        read_json(content)


def test_json_at_the_edge_of_what_is_taken_is_read():
    assert read_json(b'{"a": "\\ud83d\\ude00", "b": [1.5, -0, true, null]}') == {"a": "😀", "b": [1.5, 0, True, None]}
    read_json(b'{"a": ' * (MAX_DEPTH - 1) + b"{}" + b"}" * (MAX_DEPTH - 1))
    read_json(b'{"a":"' + b"x" * (MAX_BYTES - 8) + b'"}')


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_what_cannot_be_written_is_not_signed(value):
    with pytest.raises(ValueError, match=r".+"):
        add_proof(PASSPORT | {"x": value}, KEY, verification_method=KEY_ID, created=CREATED)
    with pytest.raises(ValueError, match=r".+"):
        to_jwt(PASSPORT | {"x": value}, KEY, key_id=KEY_ID)


def test_a_multikey_is_read_back_and_nothing_else_is_taken_for_one():
    text = multibase(KEY.public_key())
    assert text.startswith("z6Mk")
    assert public_key_of(text) == KEY.public_key()
    for other in (
        text[:-1],
        text + "1",
        text[1:],
        "z" + text,
        "",
        None,
        5,
        "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
    ):
        assert public_key_of(other) is None


def test_every_outcome_has_its_sentence():
    assert set(SENTENCES) == set(Outcome)
