"""The page behind a label: for everyone, whole, and without a cookie."""

import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.codes import ALPHABET, check_character, grouped, new_passport_code
from marketplace.kit.database import session
from marketplace.listings.models import ListingStatus, Stage
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.lineage import split
from marketplace.passports.models import Claim, LineageLink, Passport, PassportStatus
from marketplace.passports.taking import Act
from tests.factories import (
    by,
    make_finding,
    make_hub,
    make_listing,
    make_member,
    make_organisation,
    make_passport,
    make_project,
    make_signed,
    sign_in,
)
from tests.reservations.asking import promised
from tests.reservations.fetching import hand_over
from tests.sealing import SEAL


@pytest.fixture
def owner(context):
    return make_organisation(name="Bork Groep", kvk="04012345")


@pytest.fixture
def passport(owner):
    return make_passport(owner)


@pytest.fixture
def shown(client):
    def read(passport, **more):
        session.flush()
        answer = client.get(f"/paspoort/{passport.code}", **more)
        assert answer.status_code == 200, answer.text
        return " ".join(answer.text.split())

    return read


def link_to(child) -> LineageLink:
    return session.scalars(select(LineageLink).where(LineageLink.child_id == child.id)).one()


def other_code(passport) -> str:
    """Return a code that is sound and nobody's."""
    code = new_passport_code()
    assert code != passport.code
    return code


def test_anyone_reads_what_it_is_without_signing_in(shown, passport):
    page = shown(passport)
    for fact in (
        "Binnendeuren opdek",
        "40 st",
        "2.115 × 930 × 40 mm",
        "Kantoor Beilen",
        "2001",
        "Bork Groep",
        "800 kg",
    ):
        assert fact in page
    for code in ("NL-SfB", "32.31", "IfcDoor", "17 02 01"):
        assert code in page
    for group in grouped(passport.code).split("-"):
        assert f"<span>{group}</span>" in page


def test_a_visitor_gets_no_cookie(client, passport):
    answer = client.get(f"/paspoort/{passport.code}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_visitor_gets_no_cookie_for_a_code_that_nobody_has_either(client, passport):
    answer = client.get(f"/paspoort/{other_code(passport)}")
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("wanted", "language"), [("de", "nl"), ("en", "en")])
def test_the_page_is_dutch_unless_the_reader_wants_english(shown, passport, wanted, language):
    assert f'<html lang="{language}">' in shown(passport, headers={"Accept-Language": wanted})


class TestSpellings:
    def test_small_letters_hyphens_and_spaces_lead_to_the_one_address(self, client, passport):
        own = f"/paspoort/{passport.code}"
        written = grouped(passport.code)
        for spelling in (passport.code.lower(), written, written.replace("-", " ")):
            answer = client.get(f"/paspoort/{spelling}")
            assert (answer.status_code, answer.headers["Location"]) == (308, own), spelling
        assert client.get(f"{own}/").status_code == 200

    @pytest.mark.parametrize("path", ["/paspoort/%5C%5Cevil.example", "/paspoort/%2F%2Fevil.example", "/paspoort/ "])
    def test_an_odd_path_is_led_to_no_other_site(self, client, path):
        answer = client.get(path)
        assert answer.status_code in {404, 308}
        assert urlsplit(answer.headers.get("Location", "")).hostname in {None, "localhost"}

    @pytest.mark.parametrize(
        ("address", "cookie", "language"), [("en", "", "en"), ("de", "", "nl"), ("en", "nl", "nl")]
    )
    def test_an_address_may_name_the_language_but_the_reader_decides(self, client, passport, address, cookie, language):
        if cookie:
            client.set_cookie("language", cookie)
        page = client.get(f"/paspoort/{passport.code}?taal={address}").text
        assert f'<html lang="{language}">' in page


class TestWrongCodes:
    def test_a_typing_error_is_called_one(self, client, passport):
        wrong = ALPHABET[(ALPHABET.index(passport.code[3]) + 1) % 30]
        answer = client.get(f"/paspoort/{passport.code[:3]}{wrong}{passport.code[4:]}")
        assert answer.status_code == 404
        assert "typefout in deze code" in answer.text
        assert 'action="/scan/open"' in answer.text

    def test_a_character_that_no_code_has_is_named(self, client):
        answer = client.get("/paspoort/7KQ9M2FX4HTB8W0O")
        assert (answer.status_code, "“0O” niet voor" in answer.text) == (404, True)

    def test_a_code_that_is_too_short_is_counted(self, client):
        answer = client.get("/paspoort/7KQ9")
        assert (answer.status_code, "dit zijn er 4" in answer.text) == (404, True)

    def test_a_sound_code_that_nobody_has_is_unknown(self, client, passport):
        answer = client.get(f"/paspoort/{other_code(passport)}")
        assert (answer.status_code, "We kennen geen paspoort" in answer.text) == (404, True)

    def test_what_was_typed_is_shown_as_text(self, client):
        answer = client.get("/paspoort/<B>X</B>")
        assert "<B>X</B>" not in answer.text


@pytest.mark.usefixtures("limited")
class TestGuessing:
    def guess(self, client, times, address="192.0.2.7"):
        statuses = []
        for number in range(times):
            body = f"7KQ9M2FX4HT{ALPHABET[number // 30]}{ALPHABET[number % 30]}BC"
            path = f"/paspoort/{body}{check_character(body)}"
            statuses.append(client.get(path, environ_base={"REMOTE_ADDR": address}).status_code)
        return statuses

    def test_who_guesses_has_to_wait_after_thirty_misses(self, client, passport):
        assert self.guess(client, 32) == [404] * 30 + [429] * 2
        guesser, neighbour = ({"REMOTE_ADDR": address} for address in ("192.0.2.7", "192.0.2.8"))
        assert client.get(f"/paspoort/{passport.code}", environ_base=guesser).status_code == 429
        assert client.get(f"/paspoort/{passport.code}", environ_base=neighbour).status_code == 200

    def test_labels_are_no_way_around(self, client, passport):
        assert self.guess(client, 30) == [404] * 30
        guesser = {"REMOTE_ADDR": "192.0.2.7"}
        assert client.get(f"/paspoort/{passport.code}/label", environ_base=guesser).status_code == 429

    def test_reading_passports_is_never_too_much(self, client, passport):
        path = f"/paspoort/{passport.code}"
        assert {client.get(path).status_code for _ in range(40)} == {200}


class TestStatus:
    def test_a_draft_exists_for_its_owner_alone(self, client, owner):
        draft = make_passport(owner, status=PassportStatus.DRAFT)
        path = f"/paspoort/{draft.code}"
        assert client.get(path).status_code == 404
        assert client.get(path).text.count("We kennen geen paspoort") == 1
        assert sign_in(client, make_member()).get(path).status_code == 404
        answer = sign_in(client, make_member(owner, Role.SITE)).get(path)
        assert (answer.status_code, "Concept." in answer.text) == (200, True)

    def test_a_draft_goes_along_with_what_it_is_of_to_its_new_owner(self, client, owner):
        buyer = make_organisation()
        draft = make_passport(owner, status=PassportStatus.DRAFT, owner_id=buyer.id)
        path = f"/paspoort/{draft.code}"
        assert sign_in(client, make_member(owner)).get(path).status_code == 404
        answer = sign_in(client, make_member(buyer)).get(path)
        assert (answer.status_code, f"Alleen mensen van {buyer.name}" in answer.text) == (200, True)

    def test_a_withdrawn_passport_says_so_and_offers_nothing(self, shown, owner):
        passport = make_passport(owner, status=PassportStatus.WITHDRAWN)
        listing = make_listing(owner, passport=passport)
        page = shown(passport)
        assert "Dit paspoort is ingetrokken." in page
        assert listing.reference not in page
        assert "/label" not in page


class TestHazards:
    def test_what_nobody_stated_is_unknown_and_unknown_is_not_clean(self, shown, passport):
        passport.building_year = 1978
        page = shown(passport)
        assert "Lood (verf of stabilisator): onbekend" in page
        assert "Onbekend is niet schoon." in page

    def test_what_was_tested_is_told_with_its_report(self, shown, passport):
        tested = {"report": "RPS 26-1187", "found_on": date(2026, 9, 9)}
        make_finding(passport, hazard="lead", status=HazardStatus.ABSENT_TESTED, **tested)
        passport.building_year = 1978
        page = shown(passport)
        assert "Lood (verf of stabilisator): afwezig" in page
        assert "RPS 26-1187" in page
        assert "Onbekend is niet schoon." not in page

    def test_what_was_found_is_told(self, shown, passport):
        make_finding(passport, status=HazardStatus.PRESENT)
        assert "Asbest: aangetroffen" in shown(passport)

    def test_a_thing_without_suspects_says_so(self, shown, owner):
        page = shown(make_passport(owner, category="brick_waal", building_year=2015, name="Baksteen"))
        assert "geen gevaarlijke stof die eerst moet worden uitgesloten" in page
        assert "Onbekend is niet schoon." not in page


def test_each_claim_shows_how_it_is_known(shown, passport):
    claim = {"passport_id": passport.id, "key": "fire", "value": "30 minuten", "level": EvidenceLevel.TESTED}
    session.add(Claim(**claim, source="SGS", report="26-0931"))
    page = shown(passport)
    assert "Brandklasse" in page
    assert "30 minuten" in page
    assert "SGS, rapport 26-0931" in page
    assert "getest" in page


def test_the_project_it_came_from_is_linked(shown, owner):
    project = make_project(name="Volta 2020")
    page = shown(make_passport(owner, origin_project_id=project.id))
    assert f'href="/projecten/{project.slug}">Volta 2020</a>' in page


class TestOffers:
    def test_what_is_for_sale_is_linked_with_how_much_of_it(self, shown, owner, passport):
        listing = make_listing(owner, passport=passport, held=Decimal(15))
        page = shown(passport)
        assert f'href="/aanbod/{listing.reference}"' in page
        assert "Te koop: 25 van 40 st" in page

    @pytest.mark.parametrize(
        "change",
        [
            {"status": ListingStatus.DRAFT, "published_at": None},
            {"status": ListingStatus.WITHDRAWN},
            {"stage": Stage.GONE},
        ],
    )
    def test_what_is_not_for_sale_is_not_offered(self, shown, owner, passport, change):
        listing = make_listing(owner, passport=passport, **change)
        assert listing.reference not in shown(passport)

    def test_no_price_and_no_address_stand_on_the_page(self, shown, owner, passport):
        make_listing(owner, passport=passport, price_eur=Decimal("77.55"), address="Geheimweg 3", rack="Z-99")
        page = shown(passport)
        for secret in ("77,55", "Geheimweg", "Z-99", "€"):
            assert secret not in page


class TestHistory:
    def test_the_life_of_the_material_is_told_and_the_business_is_not(self, shown, owner, passport):
        listing = make_listing(owner, passport=passport)
        amount = {"quantity": "8", "unit": "piece"}
        journal.record(passport.subject, "passport.published", by=by(owner))
        journal.record(listing.subject, "reservation.requested", by=by(), organisation="Bouwer X", **amount)
        journal.record(listing.subject, "reservation.handed_over", by=by(), **amount)
        page = shown(passport)
        assert "Paspoort gepubliceerd" in page
        assert "8 st overgedragen" in page
        assert "Bouwer X" not in page
        assert page.index("8 st overgedragen") < page.index("Paspoort gepubliceerd") < page.index("Gebouwd")

    def test_a_draft_offer_leaves_no_trace(self, shown, owner, passport):
        draft = make_listing(owner, passport=passport, status=ListingStatus.DRAFT, published_at=None)
        journal.record(draft.subject, "scan.received", by=by(owner), place="Zwolle")
        assert "Ontvangen" not in shown(passport)

    def test_what_still_stands_in_a_building_says_when_it_comes_free(self, shown, owner, passport):
        day = clock.today() + timedelta(days=60)
        make_listing(owner, passport=passport, stage=Stage.EXPECTED, available_from=day)
        page = shown(passport)
        assert "Komt vrij uit het gebouw" in page
        assert "timeline--future" in page


class TestLastSeen:
    def test_a_label_that_was_seen_says_where_and_when(self, shown, owner):
        seen = {"last_seen_at": clock.now(), "last_seen_place": "Stadterij"}
        page = shown(make_passport(owner, **seen))
        assert "Staat dit ook voor u?" in page
        assert "Laatst gezien in Stadterij" in page

    def test_a_label_that_nobody_saw_says_so(self, shown, passport):
        assert "Nog niemand heeft dit label ter plaatse gescand." in shown(passport)


class TestWhereItWent:
    """What was handed over lies no more where it was fetched."""

    @pytest.fixture
    def buyer(self, owner):
        return make_organisation(kind=owner.kind, name="Bouwbedrijf Esdorp")

    @pytest.fixture
    def fetch(self, owner, buyer):
        """Return a function that hands over doors that were seen in a hub, and returns the passport that went along."""
        hub = make_hub(owner, name="Stadterij")
        seen = {"last_seen_at": clock.now() - timedelta(days=1), "last_seen_place": "Stadterij"}
        lot = make_listing(owner, passport=make_passport(owner, **seen), hub_id=hub.id)

        def hand(quantity, **purpose):
            kept = promised(lot, quantity, buyer, at=clock.now(), **purpose)
            return session.get_one(Passport, hand_over(kept, at=clock.now()).passport_id)

        return hand

    @pytest.mark.parametrize("quantity", [15, 40])
    def test_everyone_reads_that_it_went_and_no_hub(self, shown, fetch, quantity):
        page = shown(fetch(quantity))
        assert re.search(r"Overgedragen op \d+ \w+ \d{4}; sindsdien niet gescand\.", page)
        assert "Laatst gezien" not in page
        assert "Esdorp" not in page

    def test_both_sides_read_to_whom_and_for_which_site(self, client, shown, fetch, buyer, owner):
        project = make_project(buyer, name="Fietsbrug N34", at="Assen")
        given = fetch(15, project_id=project.id)
        for side in (owner, buyer):
            sign_in(client, make_member(side))
            assert "aan Bouwbedrijf Esdorp, voor Fietsbrug N34 in Assen; sindsdien niet gescand." in shown(given)

    def test_without_a_project_the_organisation_is_told(self, client, shown, fetch, buyer):
        given = fetch(40)
        sign_in(client, make_member(buyer))
        assert "aan Bouwbedrijf Esdorp; sindsdien niet gescand." in shown(given)

    def test_what_stayed_was_seen_where_it_lies(self, shown, fetch):
        parent = session.get_one(Passport, link_to(fetch(15)).parent_id)
        assert "Laatst gezien in Stadterij" in shown(parent)

    def test_once_it_is_seen_there_that_counts(self, shown, fetch):
        given = fetch(15)
        given.last_seen_at, given.last_seen_place = clock.now() + timedelta(seconds=1), "Bouwhub Assen"
        assert "Laatst gezien in Bouwhub Assen" in shown(given)

    def test_what_went_before_its_place_was_forgotten_is_told_as_gone_as_well(self, shown, fetch):
        given = fetch(15)
        given.last_seen_at, given.last_seen_place = clock.now() - timedelta(days=1), "Stadterij"
        assert "Overgedragen op" in shown(given)

    def test_a_part_of_it_does_not_lie_in_the_old_hub_either(self, shown, fetch):
        (part,) = split(fetch(15), [Decimal(5)], Act(by(), SEAL))
        assert "Laatst gezien" not in shown(part)


@pytest.mark.parametrize(("who", "sees"), [("owner", True), ("hub", True), ("stranger", False)])
def test_who_handles_the_material_is_led_to_the_steps(client, owner, passport, who, sees):
    hub = make_hub()
    make_listing(owner, passport=passport, hub_id=hub.id)
    organisation = {"owner": owner.id, "hub": hub.organisation_id}.get(who)
    member = make_member(session.get(type(owner), organisation)) if organisation else make_member()
    page = sign_in(client, member).get(f"/paspoort/{passport.code}").text
    assert (f'href="/scan/{passport.code}"' in page) is sees


def test_the_page_asks_the_database_little(client, owner, statements):
    passport = make_signed(owner, seal=client.application.config["SEAL"])
    for _ in range(3):
        make_listing(owner, passport=passport)
    path = f"/paspoort/{passport.code}"
    session.flush()
    session.expunge_all()
    statements.clear()
    assert client.get(path).status_code == 200
    assert len(statements) <= 19
