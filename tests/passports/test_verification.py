"""What a passport is worth: every way in which it can stop being what was signed has its own answer."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Quantity
from marketplace.passports import actions, queries
from marketplace.passports.facts import PassportFacts
from marketplace.passports.inspection import Fault
from marketplace.passports.keys import KeyRing
from marketplace.passports.models import PassportStatus
from marketplace.passports.seal import Seal
from marketplace.passports.verification import Broken, Standing, find_broken, find_unrecorded, verify, verify_code
from marketplace.passports.versions import whole
from tests.factories import by, make_organisation, make_passport, make_signed
from tests.tampering import tampered

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def passport(seal):
    return make_signed(seal=seal)


def facts_of(passport, **changes) -> PassportFacts:
    """Return what the passport states, with changes."""
    stated = {
        "category": passport.category,
        "name": passport.name,
        "quantity": Quantity(passport.quantity, passport.unit),
        "kg_per_unit": passport.kg_per_unit,
        "length_mm": passport.length_mm,
        "width_mm": passport.width_mm,
        "height_mm": passport.height_mm,
        "building_year": passport.building_year,
        "origin": passport.origin,
    }
    return PassportFacts(**(stated | changes))


def rewrite(database, table, passport, **columns) -> None:
    """Change rows behind the back of the program."""
    with tampered(database, table):
        given = ", ".join(f"{name} = :{name}" for name in columns)
        where = "id" if table == "passport" else "passport_id"
        statement = f"UPDATE {table} SET {given} WHERE {where} = :of"  # noqa: S608 (the names are of this test)
        session.execute(text(statement), {**columns, "of": passport.id})
    session.expire_all()


class TestStanding:
    def test_what_was_signed_and_left_alone_is_genuine(self, passport, seal):
        found = verify(passport, seal)
        assert (found.standing, found.number, found.fault, found.changed) == (Standing.GENUINE, 1, None, ())
        assert found.document.name == passport.name

    def test_a_published_passport_without_a_version_is_unsigned(self, seal):
        assert verify(whole(make_passport()), seal).standing is Standing.UNSIGNED

    def test_a_draft_is_a_draft(self, seal):
        assert verify(whole(make_passport(status=PassportStatus.DRAFT)), seal).standing is Standing.DRAFT

    def test_a_code_in_small_letters_is_found_and_a_code_that_nobody_has_is_unknown(self, passport, seal):
        assert verify_code(passport.code.lower(), seal).standing is Standing.GENUINE
        assert verify_code("7KQ9M2FX4HTB8WPN", seal).standing is Standing.UNKNOWN

    def test_what_an_owner_saved_and_did_not_publish_is_outdated_and_named(self, passport, seal):
        actions.change(passport, facts_of(passport, name="Andere deuren"), by())
        found = verify(whole(passport), seal)
        assert (found.standing, found.changed[0]) == (Standing.OUTDATED, "name")

    def test_publishing_it_makes_it_genuine_again_as_the_next_version(self, passport, seal):
        actions.change(passport, facts_of(passport, name="Andere deuren"), by())
        actions.restate(passport, by(), seal=seal)
        found = verify(whole(passport), seal)
        assert (found.standing, found.number) == (Standing.GENUINE, 2)

    def test_a_scan_explains_no_change(self, passport, seal, database):
        journal.record(passport.subject, "scan.seen", by=by(), place="Assen")
        rewrite(database, "passport", passport, name="Andere deuren")
        found = verify(whole(passport), seal)
        assert (found.standing, found.fault) == (Standing.ALTERED, Fault.ROWS)

    def test_an_issuer_that_is_called_otherwise_makes_it_outdated(self, passport, seal):
        passport.issuer.name = "Nieuwe naam"
        journal.record(f"organisation:{passport.issuer_id}", "organisation.changed", by=by(), name="Nieuwe naam")
        found = verify(whole(passport), seal)
        assert (found.standing, found.changed) == (Standing.OUTDATED, ("issuer", "owner"))

    def test_what_was_withdrawn_is_withdrawn_even_if_its_row_says_otherwise(self, passport, seal, database):
        actions.withdraw(passport, by(), reason="verkeerd label")
        assert verify(whole(passport), seal).standing is Standing.WITHDRAWN
        rewrite(database, "passport", passport, status="published")
        assert verify(whole(passport), seal).standing is Standing.WITHDRAWN

    def test_a_withdrawal_that_was_taken_out_of_the_database_still_counts(self, passport, seal, database):
        actions.withdraw(passport, by(), reason="verkeerd label")
        with tampered(database, "passport_withdrawal"):
            session.execute(text("DELETE FROM passport_withdrawal"))
        rewrite(database, "passport", passport, status="published")
        assert verify(whole(passport), seal).standing is Standing.WITHDRAWN

    @pytest.mark.parametrize("columns", [{"details": '{"x": 1}'}, {"details": "{"}])
    def test_rows_that_cannot_be_read_are_named(self, passport, seal, database, columns):
        code = passport.code
        rewrite(database, "passport", passport, **columns)
        found = verify_code(code, seal)
        assert (found.standing, found.fault) == (Standing.ALTERED, Fault.UNREADABLE)
        assert find_broken(seal) == Broken(code, None, Fault.UNREADABLE)

    @pytest.mark.parametrize("status", [PassportStatus.REPLACED, PassportStatus.DESTROYED])
    def test_what_came_to_its_end_says_so(self, passport, seal, status):
        passport.status = status
        assert verify(whole(passport), seal).standing == status.value

    def test_a_published_passport_that_is_made_a_draft_is_altered(self, passport, seal, database):
        rewrite(database, "passport", passport, status="draft")
        assert verify(whole(passport), seal).standing is Standing.ALTERED


class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value", "member"),
        [
            ("name", "Gouden deuren", "name"),
            ("quantity", 41, "figures"),
            ("kg_per_unit", 21, "figures"),
            ("height_mm", 41, "figures"),
            ("building_year", 1971, "origin"),
            ("category", "door_exterior", "classification"),
            ("details", '{"dismantling": "met de hamer"}', "dismantling"),
        ],
    )
    def test_a_row_that_was_changed_is_named(self, passport, seal, database, column, value, member):  # noqa: PLR0917 (three fixtures and three parameters)
        if database == "sqlite" and column in {"quantity", "kg_per_unit"}:
            value *= 1000
        rewrite(database, "passport", passport, **{column: value})
        found = verify(whole(passport), seal)
        assert (found.standing, found.fault) == (Standing.ALTERED, Fault.ROWS)
        assert member in found.changed

    def test_one_character_of_the_document_is_enough(self, passport, seal, database):
        version = queries.find_version(passport.id)
        rewrite(database, "passport_version", passport, credential=version.credential.replace("opdek", "0pdek", 1))
        assert verify(whole(passport), seal).fault is Fault.PROOF

    def test_one_character_of_the_token_is_enough(self, passport, seal, database):
        jwt = queries.find_version(passport.id).jwt
        middle = len(jwt) // 2
        other = "A" if jwt[middle] != "A" else "B"
        rewrite(database, "passport_version", passport, jwt=jwt[:middle] + other + jwt[middle + 1 :])
        assert verify(whole(passport), seal).fault is Fault.TOKEN

    def test_a_version_of_another_passport_in_its_place_is_noticed(self, passport, seal, database):
        other = queries.find_version(make_signed(seal=seal).id)
        rewrite(database, "passport_version", passport, credential=other.credential)
        assert verify(whole(passport), seal).fault is Fault.PAIR
        rewrite(database, "passport_version", passport, jwt=other.jwt)
        assert verify(whole(passport), seal).fault is Fault.IDENTITY

    def test_a_digest_that_was_changed_is_noticed(self, passport, seal, database):
        rewrite(database, "passport_version", passport, content_sha256="0" * 64)
        assert verify(whole(passport), seal).fault is Fault.DIGEST

    def test_going_back_to_an_earlier_version_is_noticed(self, passport, seal, database):
        actions.change(passport, facts_of(passport, name="Andere deuren"), by())
        actions.restate(passport, by(), seal=seal)
        with tampered(database, "passport_version"):
            session.execute(text("DELETE FROM passport_version WHERE number = 2"))
        rewrite(database, "passport", passport, name="Binnendeuren opdek")
        assert verify(whole(passport), seal).fault is Fault.MISSING

    def test_a_version_that_the_journal_does_not_know_is_noticed(self, passport, seal, database):
        with tampered(database, "journal"):
            session.execute(text("DELETE FROM journal WHERE action = 'passport.version_signed'"))
        session.expire_all()
        assert verify(whole(passport), seal).fault is Fault.UNRECORDED

    def test_facts_that_nobody_can_read_bring_no_page_down(self, passport, seal, database):
        with tampered(database, "journal"):
            session.execute(text("UPDATE journal SET facts = '{', subject = 'passport:x'"))
        session.expire_all()
        assert verify(whole(passport), seal).fault is Fault.UNRECORDED
        assert find_unrecorded() is not None


class TestEverything:
    def test_the_first_broken_version_is_named_even_if_a_newer_one_holds(self, passport, seal, database):
        make_signed(seal=seal)
        actions.change(passport, facts_of(passport, name="Andere deuren"), by())
        actions.restate(passport, by(), seal=seal)
        assert find_broken(seal) is None
        with tampered(database, "passport_version"):
            session.execute(
                text("UPDATE passport_version SET credential = '{}' WHERE number = 1 AND passport_id = :id"),
                {"id": passport.id},
            )
        session.expire_all()
        broken = find_broken(seal)
        assert (broken.code, broken.number, broken.fault) == (passport.code, 1, Fault.PROOF)

    def test_a_withdrawal_that_only_the_journal_knows_is_named(self, passport, database):
        actions.withdraw(passport, by())
        assert find_unrecorded() is None
        with tampered(database, "passport_withdrawal"):
            session.execute(text("DELETE FROM passport_withdrawal"))
        assert find_unrecorded().fault is Fault.MISSING


@pytest.mark.parametrize("table", ["passport_version", "passport_withdrawal", "journal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_signed(passport, seal, table, statement):
    actions.withdraw(passport, by())
    session.flush()
    column = {"passport_version": "number", "passport_withdrawal": "reason", "journal": "action"}[table]
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement.format(table, column, column)))


class TestKeys:
    def test_what_an_earlier_key_signed_still_holds_after_a_rotation(self, own_seal):
        passport = make_signed(seal=own_seal)
        first = own_seal.keys.signing_key().public.multibase
        second = own_seal.keys.rotate().public.multibase
        assert first != second
        assert verify(whole(passport), own_seal).standing is Standing.GENUINE
        other = make_signed(seal=own_seal)
        assert verify(other, own_seal).standing is Standing.GENUINE
        signers = [json.loads(queries.find_version(each.id).credential)["proof"] for each in (passport, other)]
        assert [proof["verificationMethod"].partition("#")[2] for proof in signers] == [first, second]

    def test_what_was_signed_under_an_earlier_address_still_holds(self, own_seal):

        passport = make_signed(seal=own_seal)
        moved = Seal("https://elders.example", own_seal.keys)
        assert moved.did != own_seal.did
        assert verify(passport, moved).standing is Standing.GENUINE

    def test_what_a_stranger_signed_does_not(self, own_seal, seal):
        passport = make_signed(seal=own_seal)
        assert verify(passport, seal).fault is Fault.PROOF


@pytest.fixture
def own_seal(tmp_path):

    return Seal("https://hub.example", KeyRing(tmp_path / "keys"))


def test_a_version_is_signed_at_a_whole_second_in_utc(passport):
    assert queries.find_version(passport.id).valid_from.microsecond == 0
    assert queries.find_version(passport.id).valid_from <= clock.now()


def test_an_owner_of_another_name_is_no_issuer(seal):
    owner = make_organisation()
    passport = make_signed(seal=seal)
    passport.owner_id = owner.id
    assert verify(whole(passport), seal).changed == ("owner",)
