"""`flask passports` says whether a passport holds, in the terminal and by its exit status."""

import json

import pytest
from sqlalchemy import text

from marketplace.kit.codes import check_character, grouped
from marketplace.kit.database import session
from marketplace.passports import actions, queries
from tests.factories import by, make_signed
from tests.tampering import tampered

NOBODYS = "7KQ9M2FX4HTB8WP" + check_character("7KQ9M2FX4HTB8WP")


@pytest.fixture
def own_seal(context):
    return context.config["SEAL"]


@pytest.fixture
def passport(own_seal):
    return make_signed(seal=own_seal)


@pytest.fixture
def run(context):
    return lambda *more: context.test_cli_runner().invoke(args=["passports", *more])


def test_a_code_that_holds_is_said_to(run, passport):
    result = run("verify", grouped(passport.code).lower())
    assert result.exit_code == 0
    assert "Echt en ongewijzigd" in result.output
    assert "versie 1" in result.output


@pytest.mark.parametrize(("code", "status"), [(NOBODYS, 1), ("7KQ9", 2), ("no-such-file.json", 2)])
def test_a_code_that_is_unknown_or_none_at_all_has_its_own_status(run, code, status):
    assert run("verify", code).exit_code == status


def test_a_file_is_checked_in_each_of_its_forms(run, passport, tmp_path):
    version = queries.find_version(passport.id)
    file = tmp_path / "paspoort"
    for content in (version.credential, version.jwt):
        file.write_text(content)
        assert (run("verify", str(file)).exit_code, run("verify", str(file)).output[:4]) == (0, "Echt")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda content: content.replace("Binnendeuren", "Buitendeuren"), 1),
        (lambda content: content[: len(content) // 2], 2),
        (lambda content: json.dumps({k: v for k, v in json.loads(content).items() if k != "proof"}), 1),
        (lambda _: '{"a": NaN}', 2),
    ],
)
def test_a_file_that_is_no_longer_what_was_signed_is_refused(run, passport, tmp_path, change, status):
    file = tmp_path / "paspoort.json"
    file.write_text(change(queries.find_version(passport.id).credential))
    assert run("verify", str(file)).exit_code == status


def test_a_withdrawn_passport_does_not_hold(run, passport):
    actions.withdraw(passport, by())
    result = run("verify", passport.code)
    assert (result.exit_code, "ingetrokken" in result.output) == (1, True)


def test_everything_is_checked_and_the_first_broken_named(run, passport, database):
    assert (run("verify", "--all").exit_code, run("verify", "--all").output) == (
        0,
        "Every passport holds: 1 versions.\n",
    )
    with tampered(database, "passport_version"):
        session.execute(text("UPDATE passport_version SET jwt = 'x'"))
    session.expire_all()
    result = run("verify", "--all")
    assert (result.exit_code, result.output.startswith(f"{grouped(passport.code)}, version 1: ")) == (1, True)


@pytest.mark.parametrize("arguments", [[], ["--all", "7KQ9M2FX4HTB8WPN"]])
def test_one_thing_is_asked_at_a_time(run, arguments):
    assert run("verify", *arguments).exit_code == 2


def test_a_new_key_signs_and_the_old_one_still_counts(run, passport, own_seal):
    before = own_seal.keys.signing_key().public
    result = run("rotate-key")
    after = own_seal.keys.signing_key().public
    assert after.number == before.number + 1
    assert after.multibase in result.output
    assert run("verify", passport.code).exit_code == 0
