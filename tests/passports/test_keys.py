"""The hub's signing keys: made once, kept from others, replaced without losing what was signed."""

import json
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from marketplace.passports import keys as module
from marketplace.passports.keys import KeyRefusedError, KeyRing, did_document, did_of, key_id, keys_by_id
from marketplace.passports.signatures import add_proof, check_proof

DID = "did:web:hub.example"
CREATED = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
RACERS = 8


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def ring(folder):
    return KeyRing(folder)


def multibases(ring):
    return [key.multibase for key in ring.public_keys()]


def settle(folder):
    """Let the files be an hour old, so that a ring remembers what it reads."""
    later = datetime.now(UTC) + timedelta(hours=1)
    return KeyRing(folder, now=lambda: later)


def raced(make):
    with ThreadPoolExecutor(RACERS) as pool:
        return set(pool.map(make, range(RACERS)))


def first_key_of_process(folder, barrier, found):
    barrier.wait(30)
    found.put(KeyRing(folder).signing_key().public.multibase)


def test_the_first_use_makes_a_key_and_the_next_finds_it(folder, ring):
    first = ring.signing_key()
    assert KeyRing(folder).signing_key().public == first.public
    assert ring.public_keys() == (first.public,)
    assert first.public.until is None


def test_only_the_owner_may_read_the_private_key(folder, ring):
    ring.signing_key()
    assert (folder / "1.pem").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["1.json", "1.pem"]


def test_eight_that_all_find_no_key_end_with_the_same_one(folder, monkeypatch):
    barrier = Barrier(RACERS)
    link = os.link

    def link_together(source, target):
        barrier.wait(30)
        link(source, target)

    monkeypatch.setattr(module.os, "link", link_together)
    assert len(raced(lambda _: KeyRing(folder).signing_key().public.multibase)) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["1.json", "1.pem"]


def test_the_same_race_without_the_guard_ends_with_several(folder):
    barrier = Barrier(RACERS)
    folder.mkdir()

    def look_then_write(_):
        missing = not (folder / "1.pem").exists()
        private = Ed25519PrivateKey.generate()
        barrier.wait(30)
        if missing:
            (folder / "1.pem").write_bytes(private.private_bytes_raw())
        return private.public_key().public_bytes_raw()

    assert len(raced(look_then_write)) == RACERS


def test_eight_processes_that_start_at_once_share_one_key(folder):
    spawn = multiprocessing.get_context("spawn")
    barrier, found = spawn.Barrier(RACERS), spawn.Queue()
    processes = [spawn.Process(target=first_key_of_process, args=(folder, barrier, found)) for _ in range(RACERS)]
    for process in processes:
        process.start()
    answers = {found.get(timeout=60) for _ in processes}
    for process in processes:
        process.join(30)
    assert answers == set(multibases(KeyRing(folder)))
    assert len(answers) == 1


def test_a_new_key_signs_and_the_old_one_is_only_checked_with(folder, ring):
    old = ring.signing_key()
    signed = add_proof({"id": "x"}, old.private, verification_method=old.id_under(DID), created=CREATED)
    new = ring.rotate()
    assert new.public.multibase != old.public.multibase
    assert [path.name for path in folder.glob("*.pem")] == ["2.pem"]
    assert check_proof(signed, keys_by_id(DID, ring.public_keys())).holds
    assert not check_proof(signed, keys_by_id(DID, ring.public_keys()[1:])).holds


def test_the_keys_tell_from_when_until_when_they_signed(folder):
    moments = iter(CREATED + timedelta(days=day) for day in range(100))
    ring = KeyRing(folder, now=lambda: next(moments))
    ring.signing_key()
    ring.rotate()
    ring.rotate()
    first, second, third = KeyRing(folder).public_keys()
    assert first.since < second.since < third.since
    assert (first.until, second.until, third.until) == (second.since, third.since, None)


def test_another_process_notices_a_rotation_even_after_it_remembered_the_key(folder):
    KeyRing(folder).signing_key()
    other = settle(folder)
    before = other.signing_key()
    assert other.signing_key() is before
    after = KeyRing(folder).rotate()
    assert other.signing_key().public == after.public
    assert len(other.public_keys()) == 2


def test_a_ring_does_not_remember_what_may_change_within_the_same_tick(folder, ring):
    first = ring.signing_key()
    assert ring.signing_key() is not first


def test_a_rotation_that_was_broken_off_is_finished_by_the_next(folder, ring):
    ring.signing_key()
    old = folder / "1.pem"
    kept = old.read_bytes()
    ring.rotate()
    old.write_bytes(kept)
    old.chmod(0o600)
    (folder / "2.json").unlink()
    assert KeyRing(folder).signing_key().public.number == 2
    KeyRing(folder).rotate()
    assert [path.name for path in folder.glob("*.pem")] == ["3.pem"]
    assert len(multibases(KeyRing(folder))) == 3


def test_after_a_private_key_is_lost_a_new_one_signs_and_the_public_half_stays(folder, ring):
    lost = ring.signing_key().public
    (folder / "1.pem").unlink()
    assert ring.signing_key().public.number == 2
    assert multibases(ring)[0] == lost.multibase


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610])
def test_a_private_key_that_is_open_to_others_is_refused(folder, mode):
    KeyRing(folder).signing_key()
    remembering = settle(folder)
    remembering.signing_key()
    (folder / "1.pem").chmod(mode)
    for ring in (KeyRing(folder), remembering):
        with pytest.raises(KeyRefusedError, match=r"1\.pem is open voor anderen"):
            ring.signing_key()


def test_a_folder_in_which_others_can_write_is_refused(folder, ring):
    ring.signing_key()
    folder.chmod(0o770)
    with pytest.raises(KeyRefusedError, match="schrijven"):
        ring.signing_key()


def pem(private):
    formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return private.private_bytes(*formats)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "beschadigd"),
        (b"\xff\x00", "beschadigd"),
        (pem(Ed25519PrivateKey.generate())[:60], "beschadigd"),
        (pem(X25519PrivateKey.generate()), "beschadigd"),
        (pem(Ed25519PrivateKey.generate()), "horen niet bij elkaar"),
    ],
    ids=["empty", "no text", "cut off", "other kind", "other key"],
)
def test_a_damaged_or_exchanged_private_key_is_refused_and_left_alone(folder, ring, content, sentence):
    ring.signing_key()
    (folder / "1.pem").write_bytes(content)
    with pytest.raises(KeyRefusedError, match=sentence):
        ring.signing_key()
    assert (folder / "1.pem").read_bytes() == content


@pytest.mark.parametrize(
    "record", ["", "[]", "{}", '{"publicKeyMultibase": "z6Mk", "since": "2026-05-04T12:30:00+00:00"}']
)
def test_a_damaged_public_key_is_refused(folder, ring, record):
    ring.signing_key()
    (folder / "1.json").write_text(record)
    with pytest.raises(KeyRefusedError, match="beschadigd"):
        ring.public_keys()


@pytest.mark.parametrize(
    ("origin", "did"),
    [
        ("https://hub.example", "did:web:hub.example"),
        ("https://HUB.example/", "did:web:hub.example"),
        ("https://hub.example:443", "did:web:hub.example"),
        ("https://hub.example:8443", "did:web:hub.example%3A8443"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
        ("http://[::1]:8000", "did:web:%5B%3A%3A1%5D%3A8000"),
        ("https://hüb.example", "did:web:xn--hb-xka.example"),
    ],
)
def test_an_origin_has_its_did(origin, did):
    assert did_of(origin) == did


def test_what_is_no_origin_has_no_did():
    with pytest.raises(ValueError, match="no origin"):
        did_of("hub.example")


def test_the_did_document_gives_every_key_that_ever_signed(ring):
    ring.signing_key()
    ring.rotate()
    document = did_document(DID, ring.public_keys())
    assert document["id"] == DID
    assert [method["publicKeyMultibase"] for method in document["verificationMethod"]] == multibases(ring)
    assert document["assertionMethod"] == [key_id(DID, key) for key in ring.public_keys()]
    assert {method["type"] for method in document["verificationMethod"]} == {"Multikey"}
    assert json.loads(json.dumps(document)) == document
