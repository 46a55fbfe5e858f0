"""Checking a passport: by its code, as a file, as a token, and what others need to check it themselves."""

import io
import json

import pikepdf
import pytest
from sqlalchemy import text

from marketplace.kit import clock
from marketplace.kit.codes import grouped
from marketplace.kit.database import session
from marketplace.passports import actions, queries
from marketplace.passports.keys import KeyRing
from marketplace.passports.models import PassportStatus
from marketplace.passports.seal import Seal
from marketplace.passports.signatures import check_jwt, check_proof, public_key_of
from marketplace.passports.status_list import is_set
from marketplace.passports.versions import whole
from tests.factories import by, make_organisation, make_passport, make_signed
from tests.tampering import tampered
from tests.web.test_passport_page import other_code


@pytest.fixture
def own_seal(context):
    return context.config["SEAL"]


@pytest.fixture
def passport(own_seal):
    return make_signed(make_organisation(name="Bork Groep"), seal=own_seal)


@pytest.fixture
def credential(passport):
    return queries.find_version(passport.id).credential


@pytest.fixture
def ask(client):
    def read(code):
        answer = client.get("/controleren", query_string={"code": code})
        return answer.status_code, " ".join(answer.text.split())

    return read


@pytest.fixture
def upload(client):
    def send(content):
        content = content if isinstance(content, bytes) else content.encode()
        answer = client.post("/controleren", data={"file": (io.BytesIO(content), "paspoort")})
        return answer.status_code, " ".join(answer.text.split())

    return send


@pytest.fixture
def paste(client):
    def send(content):
        answer = client.post("/controleren", data={"text": content})
        return answer.status_code, " ".join(answer.text.split())

    return send


def reads(client, path):
    answer = client.get(path)
    return answer.status_code, answer.text


def pdf_with(**attachments: bytes) -> bytes:
    """Return a PDF of one empty page with these files in it."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, content in attachments.items():
            pdf.attachments[name.replace("_", ".")] = content
        file = io.BytesIO()
        pdf.save(file)
    return file.getvalue()


class TestCode:
    def test_a_genuine_one_says_so_with_who_signed_it(self, ask, passport):
        status, page = ask(grouped(passport.code).lower())
        assert status == 200
        assert '<h2 id="verdict">Echt en ongewijzigd</h2>' in page
        assert "Bork Groep" in page
        assert f'href="/paspoort/{passport.code}"' in page

    def test_a_code_that_nobody_has_is_unknown(self, ask, passport):
        status, page = ask(other_code(passport))
        assert (status, '<h2 id="verdict">Onbekend</h2>' in page) == (200, True)

    @pytest.mark.parametrize("code", ["7KQ9", "7KQ9M2FX4HTB8W0O", "<script>"])
    def test_what_is_no_code_cannot_be_read(self, ask, code):
        status, page = ask(code)
        assert (status, "Niet te lezen" in page, "<script>" in page) == (422, True, False)

    def test_an_address_of_another_hub_is_led_there(self, ask, passport):
        status, page = ask(f"https://elders.example/ID/{other_code(passport)}")
        assert (status, "Van een andere hub" in page, "elders.example" in page) == (200, True, True)

    def test_a_draft_is_unknown_to_strangers(self, ask):
        assert "Onbekend" in ask(make_passport(status=PassportStatus.DRAFT).code)[1]

    def test_what_was_withdrawn_or_never_signed_says_so(self, ask, passport):
        assert "Nog niet ondertekend" in ask(make_passport().code)[1]
        actions.withdraw(passport, by())
        assert '<h2 id="verdict">Ingetrokken</h2>' in ask(passport.code)[1]

    @pytest.mark.parametrize(("status", "said"), [("replaced", "Vervangen"), ("destroyed", "Bestaat niet meer")])
    def test_what_came_to_its_end_says_so(self, ask, passport, status, said):
        passport.status = PassportStatus(status)
        assert f'<h2 id="verdict">{said}</h2>' in ask(passport.code)[1]

    def test_rows_that_cannot_be_read_are_told_in_a_sentence(self, ask, client, passport, database):
        code = passport.code
        with tampered(database, "passport"):
            session.execute(text("UPDATE passport SET details = '{}x'"))
        session.expire_all()
        for status, page in (ask(code), reads(client, f"/paspoort/{code}")):
            assert (status, "de gegevens zijn niet te lezen" in page) == (409, True)
        machine = client.get(f"/ID/{code}", headers={"Accept": "application/vc"})
        assert (machine.status_code, machine.mimetype) == (409, "application/problem+json")

    def test_what_was_altered_names_the_place(self, ask, passport, database):
        with tampered(database, "passport"):
            session.execute(text("UPDATE passport SET name = 'Gouden deuren'"))
        session.expire_all()
        status, page = ask(passport.code)
        assert status == 200
        assert '<h2 id="verdict">Niet te vertrouwen</h2>' in page
        assert "Verschilt van wat is ondertekend: naam." in page


class TestUpload:
    def test_each_form_of_the_newest_version_is_genuine(self, upload, paste, passport, credential):
        jwt = queries.find_version(passport.id).jwt
        wrapped = "\n".join(jwt[start : start + 76] for start in range(0, len(jwt), 76))
        pdf = pdf_with(paspoort_json=credential.encode())
        for answer in (upload(credential), upload(jwt), paste(credential), paste(wrapped), upload(pdf)):
            assert answer[0] == 200
            assert '<h2 id="verdict">Echt</h2>' in answer[1]

    def test_of_a_pdf_it_is_told_that_its_pages_were_not_checked(self, upload, credential):
        warning = "Wat u in de PDF leest kan zijn veranderd"
        pages = [upload(content)[1] for content in (pdf_with(paspoort_json=credential.encode()), credential)]
        assert [warning in page for page in pages] == [True, False]

    def test_an_earlier_version_is_genuine_and_not_the_newest(self, upload, passport, credential, own_seal):
        passport.name = "Andere deuren"
        actions.restate(passport, by(), seal=own_seal)
        status, page = upload(credential)
        assert status == 200
        assert "dit is versie 1, intussen geldt versie 2" in page

    def test_a_withdrawn_one_says_so_although_its_signature_fits(self, upload, passport, credential):
        actions.withdraw(passport, by())
        assert '<h2 id="verdict">Ingetrokken</h2>' in upload(credential)[1]

    def test_a_changed_one_is_forged(self, upload, credential):
        status, page = upload(credential.replace("Binnendeuren", "Buitendeuren"))
        assert (status, '<h2 id="verdict">Vals</h2>' in page) == (200, True)

    def test_one_that_says_to_be_ours_under_a_key_of_its_own_is_forged(self, upload, credential, own_seal, tmp_path):
        forger = Seal(own_seal.origin, KeyRing(tmp_path / "forged"))
        unsigned = {name: value for name, value in json.loads(credential).items() if name != "proof"}
        signed, jwt = forger.sign(unsigned, clock.now())
        for forged in (json.dumps(signed), jwt):
            assert '<h2 id="verdict">Vals</h2>' in upload(forged)[1]
        named = json.dumps(signed).replace(own_seal.did + "#", "did:web:elders.example#")
        assert '<h2 id="verdict">Vals</h2>' in upload(named)[1]

    def test_one_of_another_operator_cannot_be_checked_here(self, upload, tmp_path):
        elsewhere = Seal("https://elders.example", KeyRing(tmp_path / "other"))
        passport = make_signed(seal=elsewhere)
        version = queries.find_version(passport.id)
        for content in (version.credential, version.jwt):
            status, page = upload(content)
            assert (status, "Van een andere hub" in page, "elders.example" in page) == (200, True, True)

    def test_one_without_its_proof_proves_nothing(self, upload, credential):
        unsigned = {name: value for name, value in json.loads(credential).items() if name != "proof"}
        status, page = upload(json.dumps(unsigned))
        assert (status, '<h2 id="verdict">Niet ondertekend</h2>' in page) == (200, True)

    def test_one_that_is_lost_here_is_not_known(self, upload, credential, database):
        with tampered(database, "passport_version"):
            session.execute(text("DELETE FROM passport_version"))
        session.expire_all()
        assert "Niet bij ons bekend" in upload(credential)[1]

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"hallo",
            b"a.b.c",
            b'{"a": NaN}',
            b'{"a": 1, "a": 2}',
            b"[" * 60_000,
            b'{"a": ' * 60_000,
            b"\xff\xfe\x00",
            b"%PDF-1.7 en verder niets",
            pdf_with(),
            pdf_with(paspoort_json=b"{"),
            b"PK\x03\x04",
        ],
        ids=range(12),
    )
    def test_what_cannot_be_read_is_refused_with_a_sentence(self, upload, content):
        status, page = upload(content)
        assert (status, "Niet te lezen" in page) == (422, True)

    def test_half_a_token_or_document_cannot_be_read(self, upload, passport, credential):
        jwt = queries.find_version(passport.id).jwt
        for content in (credential[: len(credential) // 2], jwt.rpartition(".")[0]):
            assert upload(content)[0] == 422
        assert "Echt" not in upload(jwt[:-20])[1].partition("verdict--")[2][:200]

    def test_nothing_of_it_is_kept(self, upload, credential, statements):
        statements.clear()
        upload(credential)
        assert [each for each in statements if not each.startswith("SELECT")] == []


class TestPage:
    def test_the_band_says_who_signed_it_and_when(self, client, passport):
        page = " ".join(client.get(f"/paspoort/{passport.code}").text.split())
        assert "Echt en ongewijzigd" in page
        assert "Ondertekend door Bork Groep" in page
        assert "versie 1" in page
        assert f'href="/controleren?code={passport.code}"' in page

    def test_the_band_says_what_is_wrong(self, client, passport, database):
        with tampered(database, "passport_version"):
            session.execute(text("UPDATE passport_version SET jwt = 'x'"))
        session.expire_all()
        page = client.get(f"/paspoort/{passport.code}").text
        assert "passport-doc__signature--danger" in page
        assert "De handtekening van het token past niet" in page

    def test_a_visitor_of_a_signed_passport_gets_no_cookie(self, client, passport):
        assert "Set-Cookie" not in client.get(f"/paspoort/{passport.code}").headers

    def test_every_page_leads_to_the_check(self, client):
        assert 'href="/controleren"' in client.get("/").text


class TestKeys:
    def test_the_did_document_holds_the_key_that_checks_a_passport(self, client, credential, own_seal):
        answer = client.get("/.well-known/did.json")
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        document = answer.json
        assert document["id"] == own_seal.did
        keys = {each["id"]: public_key_of(each["publicKeyMultibase"]) for each in document["verificationMethod"]}
        assert check_proof(json.loads(credential), keys).holds

    @pytest.mark.parametrize(
        ("accept", "mimetype"),
        [("*/*", "application/json"), ("application/did+json", "application/did+json"), ("", "application/json")],
    )
    def test_it_comes_in_the_type_that_is_asked_for(self, client, accept, mimetype):
        assert client.get("/.well-known/did.json", headers={"Accept": accept}).mimetype == mimetype


class TestStatusList:
    def test_a_withdrawal_stands_in_the_list_at_the_place_that_the_passport_names(
        self, client, passport, credential, own_seal
    ):
        entry = json.loads(credential)["credentialStatus"]
        entry = entry[0] if isinstance(entry, list) else entry
        position = int(entry["statusListIndex"])
        assert entry["statusListCredential"] == f"{own_seal.origin}/status/0"
        before = client.get("/status/0").get_json(force=True)["credentialSubject"]["encodedList"]
        actions.withdraw(whole(passport), by())
        after = client.get("/status/0").get_json(force=True)["credentialSubject"]["encodedList"]
        assert (is_set(before, position), is_set(after, position), is_set(after, position + 1)) == (False, True, False)

    def test_the_list_is_signed_in_both_forms(self, client, own_seal):
        keys = own_seal.public_keys()
        readable = client.get("/status/0")
        assert readable.mimetype == "application/vc"
        assert check_proof(readable.get_json(force=True), keys).holds
        token = client.get("/status/0", headers={"Accept": "application/vc+jwt"})
        assert token.mimetype == "application/vc+jwt"
        verdict = check_jwt(token.data, keys)
        assert verdict.holds
        assert verdict.document["credentialSubject"]["statusPurpose"] == "revocation"

    @pytest.mark.parametrize("number", ["1", "16383", "16384", "x", "-1", "9" * 40])
    def test_a_list_that_is_not_there_is_not_found(self, client, number):
        assert client.get(f"/status/{number}").status_code == 404
