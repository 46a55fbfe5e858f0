"""A member of the owner withdraws a passport, and everybody who checks it is told."""

import json

import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit.database import session
from marketplace.passports.models import Passport, PassportStatus
from marketplace.passports.status_list import MINIMUM_BITS, is_set
from tests.factories import make_listing, make_member, make_organisation, make_signed, sign_in, sign_out
from tests.web.reading import sent_back

FIELDS = {"reason": "De meting was van een andere balk", "is_sure": "y"}


@pytest.fixture
def owner(context):
    return make_organisation()


@pytest.fixture
def passport(owner, seal):
    return make_signed(owner, seal=seal)


@pytest.fixture
def trader(client, owner):
    return sign_in(client, make_member(owner))


def path(passport):
    return f"/paspoort/{passport.code}/intrekken"


def status_of(passport):
    session.expire_all()
    return session.get(Passport, passport.id).status


def is_listed(client, passport):
    encoded = json.loads(client.get("/status/0").data)["credentialSubject"]["encodedList"]
    return is_set(encoded, passport.id % MINIMUM_BITS)


def test_the_page_of_a_passport_leads_to_it_and_to_nothing_once_it_is_done(trader, passport):
    assert path(passport) in trader.get(f"/paspoort/{passport.code}").text
    page = trader.get(path(passport)).text
    assert "niet terug te draaien" in page
    trader.post(path(passport), data=FIELDS)
    assert path(passport) not in trader.get(f"/paspoort/{passport.code}").text
    assert trader.get(path(passport)).status_code == 404


def test_everybody_who_checks_is_told_and_only_the_owner_why(trader, owner, passport):
    make_listing(owner, passport=passport)
    token = trader.get(f"/ID/{passport.code}", headers={"Accept": "application/vc+jwt"}).data
    assert is_listed(trader, passport) is False
    answer = trader.post(path(passport), data=FIELDS)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/paspoort/{passport.code}")
    assert (status_of(passport), is_listed(trader, passport)) == (PassportStatus.WITHDRAWN, True)
    assert FIELDS["reason"] in trader.get(f"/paspoort/{passport.code}").text
    stranger = sign_out(trader)
    page = stranger.get(f"/paspoort/{passport.code}").text
    assert ("Dit paspoort is ingetrokken." in page, FIELDS["reason"] in page) == (True, False)
    assert "ingetrokken" in stranger.post("/controleren", data={"text": token.decode()}).text
    assert "ingetrokken" in stranger.get(f"/controleren?code={passport.code}").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (FIELDS | {"reason": "  "}, "Vul in waarom"),
        ({"reason": FIELDS["reason"]}, "Vink aan"),
        (FIELDS | {"reason": "x" * 501}, "500"),
    ],
)
def test_a_slip_withdraws_nothing(trader, passport, fields, said):
    answer = trader.post(path(passport), data=fields)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert status_of(passport) is PassportStatus.PUBLISHED


def test_what_is_held_is_told_first(trader, owner, passport):
    make_listing(owner, passport=passport, held=1)
    answer = trader.post(path(passport), data=FIELDS)
    assert "nog iets gereserveerd" in answer.text
    assert status_of(passport) is PassportStatus.PUBLISHED


def test_a_double_tap_withdraws_once(trader, passport):
    key = sent_back(trader.get(path(passport)).text)["request_key"]
    answers = [trader.post(path(passport), data=FIELDS | {"request_key": key}) for _ in "ab"]
    assert [answer.status_code for answer in answers] == [303, 303]


def test_nobody_else_withdraws_it(client, owner, passport):
    for person in (make_member(owner, Role.SITE), make_member(make_organisation())):
        answer = sign_in(client, person).post(path(passport), data=FIELDS)
        assert answer.status_code in {403, 404}
        sign_out(client)
    assert client.post(path(passport), data=FIELDS).status_code == 302
    assert status_of(passport) is PassportStatus.PUBLISHED
