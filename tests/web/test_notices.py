"""The mails: each says what happened, how much, what to do until when, and leads to the page where that is done."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy

import icalendar
import pytest
from sqlalchemy import select

from marketplace.accounts import circles
from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.kit.location import Site
from marketplace.listings import actions as listings
from marketplace.listings.models import Stage
from marketplace.notifications import actions, queries, recipients, retries
from marketplace.notifications.models import Notice
from marketplace.notifications.recipients import Side
from marketplace.passports.taking import Act
from marketplace.reservations import actions as reservations
from marketplace.reservations import handing_over, harvest, pick_ups
from marketplace.reservations import queries as queries_of_reservations
from marketplace.reservations.handing_over import Fetched
from marketplace.reservations.pick_ups import Window
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.states import State
from marketplace.web import mail as mail_door
from marketplace.web.notices import sending
from marketplace.web.notices.composing import compose
from marketplace.web.notices.words import find_words
from tests.conftest import one_database, other
from tests.factories import make_hub, make_listing, make_member, make_organisation, make_reservation, sign_in
from tests.listings.offering import facts, offer, post
from tests.notifications.telling import Deal, make_deal
from tests.reservations.fetching import hand_over
from tests.sealing import SEAL

pytestmark = pytest.mark.usefixtures("context")

MIDNIGHT = datetime(2026, 12, 4, 23, 0, tzinfo=UTC)
"""The end of Friday 4 December 2026 in Amsterdam."""


@pytest.fixture
def deal(context) -> Deal:
    actions.begin()
    return make_deal()


@pytest.fixture(autouse=True)
def in_2026(monkeypatch):
    """Let it be 2026, of which a mail does not say the year."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 26))


@pytest.fixture
def mails(settings, tmp_path, app, monkeypatch):
    """Return a function that gathers and sends, and returns the mails so far by the name they are sent to."""
    monkeypatch.setitem(
        app.config, "SETTINGS", other(settings, instance_path=tmp_path, public_url="https://hub.example")
    )

    def send():
        session.commit()
        sending.gather_and_send()
        files = sorted((tmp_path / "mail").glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    return send


def only(mails):
    (mail,) = mails()
    return mail


def links_in(text):
    return re.findall(r"https?://\S+|www\.\S+", text)


def test_a_request_asks_the_owner_for_an_answer(deal, mails):
    deal.record("reservation.requested", by=deal.by_buyer, organisation="Bouwbedrijf Esdorp")
    mail = only(mails)
    assert mail["To"] == deal.seller.email
    assert mail["Subject"] == "12 st Binnendeuren gevraagd door Bouwbedrijf Esdorp"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content() == (
        "Dag Jan,\n\n"
        "Bouwbedrijf Esdorp vraagt 12 st van uw partij Binnendeuren. We houden die hoeveelheid vast.\n\n"
        "Bevestig de aanvraag of wijs die af.\n\n"
        f"https://hub.example/reserveringen/{deal.reservation.reference}\n\n"
        "U krijgt deze mail omdat u handelt voor Sloopwerken Bork op Materialenhub.\n"
    )


def test_the_owner_reads_what_the_buyer_wrote_and_no_link_in_it(deal, mails):
    deal.reservation.note = "Kan het in twee ritten?\nZie https://kwaad.example"
    deal.record("reservation.requested", by=deal.by_buyer)
    text = only(mails).get_content()
    assert "Bericht van Bouwbedrijf Esdorp: Kan het in twee ritten? Zie kwaad.example" in text
    assert links_in(text) == [f"https://hub.example/reserveringen/{deal.reservation.reference}"]


def test_what_the_buyer_wrote_is_not_told_again_with_every_step(deal, mails):
    deal.reservation.note = "Kan het in twee ritten?"
    deal.record("reservation.released", by=deal.by_buyer)
    assert "twee ritten" not in only(mails).get_content()


@pytest.fixture
def until_midnight(deal):
    """Let the reservation run until the end of a Friday."""
    deal.reservation.expires_at = MIDNIGHT


@pytest.mark.usefixtures("until_midnight")
def test_until_when_is_said_by_the_name_of_the_day(deal, mails):
    deal.record("reservation.requested", by=deal.by_buyer)
    assert "Antwoord uiterlijk vrijdag 4 december, einde van de dag; daarna vervalt" in only(mails).get_content()


def test_who_reads_english_is_told_in_english(deal, mails):
    deal.seller.language = "en"
    deal.record("reservation.requested", by=deal.by_buyer)
    mail = only(mails)
    assert "12 pcs" in mail["Subject"]


def test_a_request_that_was_answered_meanwhile_asks_for_nothing(deal, mails):
    deal.record("reservation.requested", by=deal.by_buyer)
    deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
    text = only(mails).get_content()
    assert "vraagt 12 st" in text
    assert "Intussen is er meer gebeurd." in text
    assert "Bevestig de aanvraag" not in text


class TestOptions:
    """On what is still in a building: nothing can be fetched yet, and a count confirms nothing by itself."""

    @pytest.fixture
    def option(self, deal):
        """Let the builder ask for five of what comes out of a building in December."""
        deal.listing.stage, deal.listing.available_from = Stage.EXPECTED, date(2026, 12, 7)
        amount, purpose = Decimal(5), Purpose(deal.buyer)
        return reservations.request(
            listing_id=deal.listing.id, quantity=amount, purpose=purpose, by=deal.by_buyer, at=clock.now()
        )

    @pytest.mark.usefixtures("option")
    def test_the_owner_is_asked_for_an_option(self, mails):
        mail = only(mails)
        assert mail["Subject"] == "Optie op 5 st Binnendeuren gevraagd door Bouwbedrijf Esdorp"
        assert "vraagt een optie op 5 st van uw partij Binnendeuren" in mail.get_content()
        assert "De oogst is gepland vanaf maandag 7 december." in mail.get_content()

    def test_who_has_one_reads_when_it_is_harvested_and_that_nothing_is_to_be_fetched_yet(self, deal, mails, option):
        reservations.confirm(option, by=deal.by_owner, at=clock.now())
        mail = mails()[-1]
        text = mail.get_content()
        assert mail["Subject"] == "Optie bevestigd: 5 st Binnendeuren"
        assert "Het zit nog in het gebouw; de oogst is gepland vanaf maandag 7 december." in text
        assert "U hoeft nu nog niets op te halen" in text
        assert "reservering" not in text.partition("https://")[0]
        assert "Spreek af" not in text

    def test_whose_turn_lapses_is_not_told_to_fetch_it(self, deal, mails):
        deal.reservation.state, deal.reservation.expires_at = State.OFFERED, MIDNIGHT
        deal.record("reservation.expiring", option=True)
        text = only(mails).get_content()
        assert "De optie die u is aangeboden, op 12 st Binnendeuren bij Sloopwerken Bork, vervalt binnenkort." in text
        assert "ophaalt" not in text

    @pytest.mark.parametrize("action", ["requested", "accepted", "confirmed", "offered"])
    def test_every_step_towards_one_names_it(self, deal, mails, action):
        deal.record(f"reservation.{action}", option=True, automatic=True)
        received = mails()
        assert received
        for mail in received:
            assert "ptie" in mail["Subject"]
            assert (
                "De oogst is gepland vanaf" in mail.get_content() or "de oogst is gepland vanaf" in mail.get_content()
            )

    @pytest.mark.parametrize(
        ("counted", "sentence"),
        [
            (40, "De 5 st die u vroeg, zijn er; de aanvraag is nog niet bevestigd."),
            (15, "Van de 5 st die u vroeg, blijft 3 st over, verdeeld volgens de regel van de partij. De aanvraag"),
        ],
    )
    def test_a_count_leaves_a_request_one_that_waits_for_its_answer(self, deal, mails, option, counted, sentence):
        harvest.count(deal.listing, Decimal(counted), Act(deal.by_owner, SEAL))
        text = next(text for mail in reversed(mails()) if option.reference in (text := mail.get_content()))
        assert sentence in text
        assert "Sloopwerken Bork antwoordt uiterlijk" in text
        assert "De reservering loopt" not in text
        assert "nu een reservering" not in text

    @pytest.mark.parametrize("action", ["counted", "shortened"])
    def test_a_count_leaves_a_turn_one_to_decide_on(self, deal, mails, action):
        deal.reservation.state, deal.reservation.expires_at = State.OFFERED, MIDNIGHT
        deal.record(f"reservation.{action}", by=deal.by_owner, before="12", after="7", state="offered")
        text = only(mails).get_content()
        assert "Beslis uiterlijk vrijdag 4 december" in text
        assert "De reservering loopt" not in text


def test_who_can_never_get_enough_is_told_how_much_there_still_is(deal, mails):
    deal.record("reservation.left_queue", by=By(), left="7")
    text = only(mails).get_content()
    assert "er is nog maar 7 st, ook als iedereen afziet, en dat is minder dan u kunt gebruiken." in text
    assert "iets anders dat past" in text


def test_a_reason_is_told_and_its_links_lead_nowhere(deal, mails):
    deal.record("reservation.declined", by=deal.by_owner, reason="Al weg.\nZie https://kwaad.example en www.x.example")
    text = only(mails).get_content()
    assert "Reden: Al weg. Zie kwaad.example en x.example" in text
    assert links_in(text) == [f"https://hub.example/reserveringen/{deal.reservation.reference}"]


def test_a_short_harvest_tells_before_and_after(deal, mails):
    deal.record("reservation.shortened", by=deal.by_owner, before="12", after="7")
    mail = only(mails)
    assert mail["Subject"] == "Minder geoogst: 7 st Binnendeuren in plaats van 12 st"
    assert "Van uw 12 st blijft 7 st over" in mail.get_content()


def test_a_window_that_slips_is_told_from_when_to_when(deal, mails):
    window = {"available_from_from": "2026-12-01", "available_from_to": "2026-12-05"}
    journal.record(
        deal.listing.subject, "listing.changed", by=deal.by_owner, price_eur_from="15", price_eur_to="12", **window
    )
    text = only(mails).get_content()
    assert "verschoven: beschikbaar vanaf van 1 dec 2026 naar 5 dec 2026." in text
    assert "prijs" not in text


MOVED = {"place_from": "Hoogeveen", "place_to": "Assen", "address_from": "Loods 3", "address_to": "Kade 12"}


class TestAnotherPlace:
    """Where it is fetched changes: who holds or waits hears from where to where, as far as they may know."""

    def move(self, deal, **facts):
        return journal.record(deal.listing.subject, "listing.changed", by=deal.by_owner, **facts)

    def test_who_may_fetch_it_reads_both_addresses(self, deal, mails):
        deal.reservation.state = State.CONFIRMED
        self.move(deal, **MOVED)
        mail = only(mails)
        assert (mail["To"], mail["Subject"]) == (deal.builder.email, "Andere plek: Binnendeuren")
        text = mail.get_content()
        assert "Sloopwerken Bork heeft gewijzigd waar Binnendeuren ligt." in text
        assert "De plek: adres van Loods 3 naar Kade 12; plaats van Hoogeveen naar Assen." in text
        assert links_in(text) == [f"https://hub.example/reserveringen/{deal.reservation.reference}"]

    @pytest.mark.parametrize("state", [State.REQUESTED, State.WAITING])
    def test_who_may_not_yet_fetch_it_reads_no_address(self, deal, mails, state):
        deal.reservation.state = state
        if state is State.WAITING:
            deal.reservation.held, deal.reservation.waiting = 0, deal.reservation.held
        self.move(deal, **MOVED)
        text = only(mails).get_content()
        assert "De plek: plaats van Hoogeveen naar Assen. Het nieuwe adres ziet u zodra uw res" in text
        assert not re.search("Loods|Kade", text)

    def test_an_address_alone_is_told_as_changed_to_who_may_not_know_it(self, deal, mails):
        self.move(deal, address_from="Loods 3", address_to="Kade 12")
        text = only(mails).get_content()
        assert "gewijzigd waar Binnendeuren ligt. Het nieuwe adres ziet u zodra" in text
        assert not re.search("De plek|Loods|Kade", text)

    def test_a_hub_is_told_by_its_name(self, deal, mails):
        hub = make_hub(name="Hub Assen")
        self.move(deal, hub_id_from=None, hub_id_to=hub.id)
        assert "De plek: hub van niet ingevuld naar Hub Assen." in only(mails).get_content()

    def test_another_window_that_came_with_it_is_told_in_the_same_mail(self, deal, mails):
        window = {"available_from_from": "2026-12-01", "available_from_to": "2026-12-05"}
        self.move(deal, place_from="Hoogeveen", place_to="Assen", **window)
        mail = only(mails)
        assert mail["Subject"] == "Andere plek en ander venster: Binnendeuren"
        assert "venster verschoven: beschikbaar vanaf van 1 dec 2026 naar 5 dec 2026. De plek: pl" in mail.get_content()

    def test_what_was_typed_as_an_address_adds_no_link(self, deal, mails):
        deal.reservation.state = State.CONFIRMED
        self.move(deal, address_from="", address_to="Zie https://kwaad.example")
        assert len(links_in(only(mails).get_content())) == 1

    def test_english_readers_are_told_in_english(self, deal, mails):
        deal.builder.language = "en"
        self.move(deal, **MOVED)
        assert "%" not in only(mails).get_content()

    def test_an_appointment_is_shown_at_the_new_place_by_the_calendar(self, deal, mails):
        deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
        at = clock.now() + timedelta(days=3)
        pick_ups.propose(
            deal.reservation, Window(at, at + timedelta(hours=1)), side=deal.owner, by=deal.by_owner, at=clock.now()
        )
        first = only(mails)
        deal.listing.address, deal.listing.place = "Kade 12", "Assen"
        self.move(deal, **MOVED)
        second = mails()[-1]
        before, after = (
            icalendar.Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")[0]
            for mail in (first, second)
            for file in mail.iter_attachments()
        )
        assert (str(before["UID"]), str(after["LOCATION"])) == (str(after["UID"]), "Kade 12, Assen")
        assert after["SEQUENCE"] >= before["SEQUENCE"]

    def test_a_changed_offer_tells_it(self, mails):
        listing = post(name="Binnendeuren", terms=offer(site=Site("Hoogeveen", 52.7, 6.5, "Loods 3")))
        builder = make_member()
        actions.begin()
        make_reservation(listing, builder.memberships[0].organisation_id, 4)
        moved = offer(site=Site("Assen", 53.0, 6.6, "Kade 12"))
        listings.change(listing, moved, facts(name="Binnendeuren"), By(), seal=SEAL)
        mail = only(mails)
        assert mail["To"] == builder.email
        assert "adres van Loods 3 naar Kade 12; plaats van Hoogeveen naar Assen." in mail.get_content()


def test_news_about_several_reservations_leads_to_all_of_them(deal, mails):
    make_reservation(deal.listing, deal.buyer.id, 3)
    journal.record(deal.listing.subject, "listing.withdrawn", by=deal.by_owner)
    assert links_in(only(mails).get_content()) == ["https://hub.example/reserveringen"]


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        ("0", "Van uw optie op 12 st Binnendeuren bij Sloopwerken Bork komt niets: er is niets geoogst."),
        ("5", "komt niets: er is maar 5 st geoogst, en dat gaat volgens de regel van de partij naar anderen."),
    ],
)
def test_who_gets_nothing_of_a_short_harvest_is_told_why(deal, mails, counted, sentence):
    deal.record("reservation.shortened", by=deal.by_owner, before="12", after="0", counted=counted)
    mail = only(mails)
    assert sentence in mail.get_content()
    assert "blijft" not in mail["Subject"] + mail.get_content()
    assert "Kijk of u hiermee toekomt" not in mail.get_content()


def test_a_hand_over_is_one_mail_with_the_passport_and_what_was_lost(deal, mails):
    deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
    hand_over(deal.reservation, 9, broken=2, lost=1, reason="Glas", who=deal.by_owner)
    text = only(mails).get_content()
    assert "Sloopwerken Bork heeft 9 st Binnendeuren aan u overgedragen." in text
    assert "Het paspoort ervan staat nu op naam van Bouwbedrijf Esdorp" in text
    assert "De pakbon staat op de pagina." in text
    assert "Stuk of zoek, en afgeschreven: 2 st stuk, 1 st zoek. Reden: Glas" in text


def test_a_rest_that_the_owner_frees_is_told_to_the_buyer_as_what_the_owner_did(deal, mails):
    deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
    hand_over(deal.reservation, 9, lost=1, reason="Zoek", releases_rest=True, who=By(None, deal.owner.id))
    received = {mail["To"]: mail for mail in mails()}
    assert len(mails()) == 2, "one for each side"
    assert "De rest, 2 st, is vrijgegeven voor anderen." in received[deal.builder.email].get_content()
    assert "terug" not in received[deal.seller.email]["Subject"] + received[deal.seller.email].get_content()


def test_a_rest_that_is_freed_where_nothing_went_along_is_told_by_itself(deal, mails):
    deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
    hand_over(deal.reservation, 0, lost=2, reason="Zoek", releases_rest=True, who=By(None, deal.owner.id))
    assert sorted((mail["To"], mail["Subject"]) for mail in mails()) == [
        (deal.builder.email, "Afgeschreven: 2 st Binnendeuren"),
        (deal.builder.email, "Sloopwerken Bork geeft 10 st Binnendeuren vrij"),
    ]


def test_who_is_told_otherwise_of_a_hand_over_reads_what_they_said_themselves(deal, mails):
    deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
    for amount, side, by in ((5, deal.buyer, deal.by_buyer), (12, deal.owner, deal.by_owner)):
        handing_over.report(deal.reservation, Fetched(Decimal(amount)), side=side, by=by, at=clock.now())
    first, second = (mail.get_content() for mail in mails())
    assert "had gemeld" not in first
    assert "Sloopwerken Bork meldt dat 12 st Binnendeuren is overgedragen. Uw kant had gemeld: 5 st." in second


def test_where_all_was_lost_that_is_told_by_itself(deal, mails):
    deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
    hand_over(deal.reservation, 0, lost=12, reason="Gestolen", who=deal.by_owner)
    mail = only(mails)
    assert mail["Subject"] == "Afgeschreven: 12 st Binnendeuren"
    assert "paspoort" not in mail.get_content()


class TestAppointment:
    """The calendar file of an appointment, as each mail about it carries it."""

    NOON = datetime(2027, 3, 28, 10, 0, tzinfo=UTC)
    """Of the day on which the clocks went forward: twelve o'clock in Amsterdam."""
    BEFORE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    """When everything is agreed, whenever this is read. The clock itself runs on: mails are in its order."""

    @pytest.fixture
    def pick_up(self, deal):
        deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, self.BEFORE
        window = Window(self.NOON, self.NOON + timedelta(minutes=90), "Poort 2")
        return pick_ups.propose(deal.reservation, window, side=deal.buyer, by=deal.by_buyer, at=self.BEFORE)

    def event(self, mail):
        (file,) = mail.iter_attachments()
        assert (file.get_content_type(), file["Content-Type"].params["method"]) == ("text/calendar", "PUBLISH")
        calendar = icalendar.Calendar.from_ical(file.get_payload(decode=True))
        assert calendar["METHOD"] == "PUBLISH"
        (event,) = calendar.walk("VEVENT")
        return event

    def test_what_is_proposed_is_tentative_and_its_moment_is_told_on_our_clocks(self, deal, mails, pick_up):
        mail = only(mails)
        assert mail["To"] == deal.seller.email
        assert "Wanneer: zondag 28 maart 2027, 12:00 tot 13:30 uur." in mail.get_body().get_content()
        assert "Opmerking: Poort 2" in mail.get_body().get_content()
        event = self.event(mail)
        assert (event["UID"], event["STATUS"]) == (f"{pick_up.reference}@hub.example", "TENTATIVE")
        assert event.decoded("DTSTART") == self.NOON
        assert b"\r\nDTSTART:20270328T100000Z\r\n" in next(mail.iter_attachments()).get_payload(decode=True)

    def test_where_it_is_fetched_is_told_until_it_is_called_off(self, deal, mails, pick_up):
        listing = deal.reservation.listing
        listing.address, listing.place = "Loods 3", "Hoogeveen"
        assert "Waar: Loods 3, Hoogeveen." in only(mails).get_body().get_content()
        pick_ups.cancel(pick_up, side=deal.owner, by=deal.by_owner, at=self.BEFORE)
        assert "Waar:" not in mails()[-1].get_body().get_content()

    def test_each_next_state_has_the_same_number_and_a_higher_sequence(self, deal, mails, pick_up):
        steps = [self.event(only(mails))]
        pick_ups.agree(pick_up, side=deal.owner, by=deal.by_owner, at=self.BEFORE)
        steps.append(self.event(mails()[-1]))
        pick_ups.cancel(pick_up, side=deal.owner, by=deal.by_owner, at=self.BEFORE)
        steps.append(self.event(mails()[-1]))
        assert [str(step["STATUS"]) for step in steps] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
        assert [step["SEQUENCE"] for step in steps] == [0, 1, 2]
        assert {str(step["UID"]) for step in steps} == {f"{pick_up.reference}@hub.example"}

    def test_one_that_was_called_off_stays_the_one_that_was_meant(self, deal, mails, pick_up):
        only(mails)
        pick_ups.cancel(pick_up, side=deal.buyer, by=deal.by_buyer, at=self.BEFORE)
        later = Window(self.NOON + timedelta(days=1), self.NOON + timedelta(days=1, hours=1))
        new = pick_ups.propose(deal.reservation, later, side=deal.buyer, by=deal.by_buyer, at=self.BEFORE)
        off, on = (self.event(mail) for mail in mails()[1:])
        assert (off["UID"].partition("@")[0], off["STATUS"]) == (pick_up.reference, "CANCELLED")
        assert (on["UID"].partition("@")[0], on["STATUS"]) == (new.reference, "TENTATIVE")

    def test_it_goes_with_the_reservation_and_comes_with_no_other_mail(self, deal, mails, pick_up):
        pick_ups.agree(pick_up, side=deal.owner, by=deal.by_owner, at=self.BEFORE)
        deal.record("reservation.extended", by=deal.by_buyer)
        first = len(mails())
        assert [len(list(mail.iter_attachments())) for mail in mails()] == [1, 1, 0]
        reservations.cancel(deal.reservation, reason="Te laat", by=deal.by_buyer, at=self.BEFORE)
        (mail,) = mails()[first:]
        event = self.event(mail)
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", pick_up.sequence + 1)

    def test_a_night_is_told_with_both_its_days(self, deal, mails):
        late = datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
        times = {"starts_at": late.isoformat(), "ends_at": (late + timedelta(hours=5)).isoformat()}
        deal.record("pickup.agreed", by=deal.by_owner, **times)
        text = only(mails).get_content()
        assert "Wanneer: vrijdag 4 december, 22:00 uur tot zaterdag 5 december, 03:00 uur." in text

    def test_a_reservation_without_one_ends_without_a_file(self, deal, mails):
        deal.record("reservation.expired")
        assert [list(mail.iter_attachments()) for mail in mails()] == [[], []]


class TestExamples:
    """People of the example do not exist, and a mail server is not asked to reach them."""

    @pytest.fixture
    def served(self, app, settings, monkeypatch):
        """Send by a mail server, and return the addresses that it was given."""
        given = []
        monkeypatch.setitem(app.config, "SETTINGS", other(settings, mail_url="smtp://localhost:2525"))
        monkeypatch.setattr(mail_door, "_by_smtp", lambda message, _server: given.append(message["To"]))
        return given

    @pytest.mark.parametrize(
        "change", [{"is_example": True}, {"email": "jan@demo.materialenhub.example"}, {"email": "jan@x.TEST"}]
    )
    def test_they_get_no_mail_and_others_do(self, deal, served, change):
        for name, value in change.items():
            setattr(deal.seller, name, value)
        deal.record("reservation.expired")
        session.commit()
        sending.gather_and_send()
        assert served == [deal.builder.email]
        kept = session.scalars(select(Notice.last_error).where(Notice.user_id == deal.seller.id)).one()
        assert kept == "nobody to tell"

    def test_an_address_that_only_looks_like_one_is_mailed(self, deal, served):
        deal.seller.email, deal.builder.email = "jan@example.nl", "ans.example@bouw.nl"
        deal.record("reservation.expired")
        session.commit()
        sending.gather_and_send()
        assert served == ["jan@example.nl", "ans.example@bouw.nl"]

    def test_a_folder_takes_them_all(self, deal, mails):
        deal.seller.is_example, deal.builder.email = True, "ans@bouw.example"
        deal.record("reservation.expired")
        assert len(mails()) == 2


def test_the_link_leads_who_has_to_sign_in_on_to_the_page(deal, mails, client):
    deal.record("reservation.requested", by=deal.by_buyer)
    (link,) = links_in(only(mails).get_content())
    path = link.removeprefix("https://hub.example")
    assert client.get(path).location.endswith(f"next={path}")
    assert sign_in(client, deal.seller).get(path).status_code == 200


EVERY = [
    *(
        f"reservation.{step}"
        for step in (
            *("requested", "accepted", "extended", "released", "waiting", "expired", "expiring", "cancelled"),
            *("left_queue", "confirmed", "declined", "offered", "shortened", "counted", "written_off", "handed_over"),
            "resumed",
        )
    ),
    "pickup.proposed",
    "pickup.agreed",
    "pickup.cancelled",
    "hand_over.reported",
    "hand_over.rejected",
]


NOT_ALWAYS = {"reservation.requested", "reservation.accepted"}
"""Of these nobody is told where the reservation was promised at once."""


@one_database
@pytest.mark.parametrize(("language", "state"), [("nl", State.REQUESTED), ("en", State.CONFIRMED)])
@pytest.mark.parametrize("action", EVERY)
@pytest.mark.usefixtures("until_midnight")
def test_every_step_has_whole_sentences_for_each_side_that_is_told(deal, mails, action, language, state):
    deal.seller.language = deal.builder.language = language
    deal.reservation.state = state
    deal.record(action, before="12", after="7", reason="Nat geworden", automatic=True)
    received = mails()
    assert received or action in NOT_ALWAYS
    for mail in received:
        body = mail.get_content()
        assert "%" not in mail["Subject"] + body
        assert "…" not in mail["Subject"] + body
        assert "Binnendeuren" in mail["Subject"]
        assert len(links_in(body)) == 1


def test_every_row_that_is_told_has_words():
    told = {Side.OWNER: set(), Side.BUYER: set()}
    for action in (*EVERY, "listing.withdrawn", "listing.taken_off", "listing.changed"):
        subject = "listing" if action.startswith("listing.") else "reservation"
        for unanswered in (True, False):
            step = recipients.Step(subject, action, {"crusher_on_from": "", "automatic": True}, None, unanswered)
            for side in recipients.sides(step):
                told[Side.OWNER if side is Side.OWNER else Side.BUYER].add(action)
    assert all(find_words(action, side, {}) for side, actions_ in told.items() for action in actions_)
    assert len(told[Side.OWNER] | told[Side.BUYER]) == len(EVERY) + 3


def test_a_name_cannot_add_a_header(deal, mails, settings):
    deal.buyer.name = "Bouw\r\nBcc: iedereen@x.example"
    deal.record("reservation.requested", by=deal.by_buyer)
    mail = only(mails)
    assert mail["Bcc"] is None
    assert "Bouw Bcc: iedereen" in mail["Subject"]


def test_a_mail_server_that_is_away_is_asked_once_and_later_again(deal, mails, monkeypatch):
    deal.record("reservation.expired")
    tried = []
    with monkeypatch.context() as away:
        away.setattr(sending.mail, "deliver", lambda message, _settings: bool(tried.append(message["To"])))
        assert mails() == []
    assert len(tried) == 1
    first = session.scalars(select(Notice).where(Notice.attempts == 1)).one()
    assert first.last_error == "not delivered"
    assert first.next_try_at > first.happened_at
    later = clock.now() + retries.PAUSES[0]
    monkeypatch.setattr(sending.clock, "now", lambda: later)
    assert {mail["To"] for mail in mails()} == {deal.seller.email, deal.builder.email}


def test_a_worker_that_dies_before_it_keeps_that_it_sent_sends_that_one_mail_twice(deal, mails, monkeypatch):
    deal.record("reservation.expired")

    def die(*_args):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(sending.actions, "sent", die)
        with pytest.raises(SystemExit):
            mails()
    session.rollback()
    assert len(mails()) == 2, "the other mail, at once"
    later = clock.now() + retries.LEASE
    monkeypatch.setattr(sending.clock, "now", lambda: later)
    assert sorted(mail["To"] for mail in mails()) == sorted([deal.seller.email] * 2 + [deal.builder.email])
    assert len(mails()) == 3


def test_one_that_cannot_be_written_keeps_no_other_from_being_sent(deal, mails, monkeypatch, caplog):
    deal.record("reservation.requested")
    deal.record("reservation.confirmed")
    broken = compose

    def fail_for_the_owner(news, settings):
        if news.side is Side.OWNER:
            raise KeyError(news.entry.action)
        return broken(news, settings)

    monkeypatch.setattr(sending, "compose", fail_for_the_owner)
    assert [mail["To"] for mail in mails()] == [deal.builder.email]
    assert "could not be written" in caplog.text


def test_nobody_is_mailed_who_may_not_trade_any_more(deal, mails):
    deal.record("reservation.confirmed", by=deal.by_owner)
    session.commit()
    sending.gather(deal.reservation.created_at)
    deal.builder.active = False
    assert mails() == []
    assert session.scalars(select(Notice.last_error)).one() == "nobody to tell"
    assert not queries.is_due(MIDNIGHT)


def test_who_changes_the_language_of_the_pages_changes_that_of_the_mails(deal, client):
    sign_in(client, deal.seller).get("/taal/en")
    session.refresh(deal.seller)
    assert deal.seller.language == "en"
    client.get("/taal/en")
    client.get("/taal/nl")
    session.refresh(deal.seller)
    assert deal.seller.language == "nl"


def test_who_registers_gets_mails_in_the_language_of_the_page(client):
    fields = {"name": "Ann", "email": "ann@bouw.example", "password": "beams from Sleen"}
    client.post("/registreren", data=fields, headers={"Accept-Language": "en"})
    assert session.scalars(select(User.language).where(User.email == "ann@bouw.example")).one() == "en"


def test_the_command_sends_what_waits(deal, mails, context):
    deal.record("reservation.requested", by=By())
    session.commit()
    result = context.test_cli_runner().invoke(args=["notifications", "send"])
    assert (result.exit_code, result.output) == (0, "Sent: 1.\n")
    assert len(mails()) == 1


def test_an_offer_that_was_taken_off_the_market_says_why(deal, mails):
    journal.record(deal.listing.subject, "listing.taken_off", by=deal.by_owner, hazard="asbestos")
    text = only(mails).get_content()
    assert "is van de markt gehaald. Eerst moet duidelijk zijn hoe het zit met: Asbest." in text
    assert "Wat u al was toegezegd, vervalt niet zolang u het niet mag ophalen." in text


def test_what_may_be_fetched_again_is_told_to_who_reserved_it(deal, mails):
    deal.reservation.state, deal.reservation.expires_at = State.CONFIRMED, MIDNIGHT
    deal.record("reservation.paused")
    deal.record("reservation.resumed", until=MIDNIGHT.isoformat())
    mail = only(mails)
    assert (mail["To"], mail["Subject"]) == (deal.builder.email, "Weer op te halen: 12 st Binnendeuren")
    assert "Haal het op uiterlijk vrijdag 4 december, einde van de dag." in mail.get_content()


@pytest.mark.parametrize("action", ["reservation.confirmed", "reservation.resumed"])
def test_what_is_promised_before_its_first_day_says_from_when_it_is_ready(deal, mails, action):
    deal.reservation.state, deal.reservation.expires_at = State.CONFIRMED, MIDNIGHT
    deal.listing.available_from = date(2026, 12, 3)
    deal.record(action)
    text = only(mails).get_content()
    assert "Het ligt klaar vanaf donderdag 3 december. Haal het op uiterlijk vrijdag 4 december" in text


@pytest.mark.parametrize(
    ("stage", "first"), [(Stage.IN_STOCK, date(2026, 11, 26)), (Stage.EXPECTED, date(2026, 12, 3))]
)
def test_what_can_be_fetched_already_or_is_still_in_its_building_has_no_such_day(deal, mails, stage, first):
    deal.reservation.state = State.CONFIRMED
    deal.listing.stage, deal.listing.available_from = stage, first
    deal.record("reservation.confirmed")
    assert "Het ligt klaar vanaf" not in only(mails).get_content()


def test_a_proposal_says_until_when_it_is_kept(deal, mails):
    deal.reservation.state, deal.reservation.expires_at = State.CONFIRMED, MIDNIGHT
    deal.record("pickup.proposed", by=deal.by_buyer)
    assert "De reservering loopt tot vrijdag 4 december, einde van de dag." in only(mails).get_body().get_content()


def test_the_life_of_a_queue_is_told_step_by_step(mails):
    """Through the real actions: somebody waits, something is released, it is offered, taken, promised and fetched."""
    actions.begin()
    owner, first, second = (make_organisation(name=name) for name in ("Bork", "Esdorp", "Drentse Bouw"))
    seller, builder, waiter = (make_member(organisation) for organisation in (owner, first, second))
    listing = make_listing(owner, total=10, name="Binnendeuren")
    of_seller, of_builder, of_waiter = (
        By(person.id, organisation.id) for person, organisation in ((seller, owner), (builder, first), (waiter, second))
    )
    at = clock.now()
    taken = reservations.request(
        listing_id=listing.id, quantity=Decimal(10), purpose=Purpose(first), by=of_builder, at=at
    )
    reservations.wait(listing_id=listing.id, quantity=Decimal(4), purpose=Purpose(second), by=of_waiter, at=at)
    reservations.confirm(taken, by=of_seller, at=at)
    reservations.cancel(taken, reason="Te veel", by=of_builder, at=at)
    (offered,) = queries_of_reservations.made_by([second.id])
    reservations.accept(offered, by=of_waiter, at=at)
    told = sorted((mail["To"], mail["Subject"]) for mail in mails())
    assert told == sorted(
        [
            (seller.email, "10 st Binnendeuren gevraagd door Esdorp"),
            (seller.email, "Drentse Bouw wacht op 4 st Binnendeuren"),
            (builder.email, "Bevestigd: 10 st Binnendeuren"),
            (seller.email, "Esdorp annuleert 10 st Binnendeuren"),
            (waiter.email, "U bent aan de beurt: 4 st Binnendeuren"),
            (seller.email, "Drentse Bouw neemt 4 st Binnendeuren"),
        ]
    )
    reservations.confirm(offered, by=of_seller, at=at)
    hand_over(offered, who=of_seller, at=at)
    assert sorted(mail["Subject"] for mail in mails()[6:]) == [
        "Bevestigd: 4 st Binnendeuren",
        "Overgedragen: 4 st Binnendeuren",
    ]


CIRCLES = ["circle.invited", "circle.withdrawn", "circle.declined", "circle.joined", "circle.left", "circle.put_out"]


class TestCircle:
    """Mails about a circle: Bork keeps it, Actium is in it, Domesta is asked by Actium."""

    @pytest.fixture
    def circle(self):
        owners = [
            make_member(make_organisation(name=name), Role.OWNER) for name in ("Sloopwerken Bork", "Actium", "Domesta")
        ]
        self.owner, self.member, self.guest = owners
        bork, actium, domesta = self.organisations = [owner.memberships[0].organisation for owner in owners]
        by, at = self.by(0), clock.now()
        actions.begin()
        circle = circles.found(name="Kring <a href=https://kwaad.example>", founder=bork, by=by, at=at)
        circles.invite(circle=circle, organisation=actium, inviter=bork, by=by, at=at)
        circles.join(circle=circle, organisation=actium, by=self.by(1), at=at)
        circles.invite(circle=circle, organisation=domesta, inviter=actium, by=self.by(1), at=at)
        return circle

    def by(self, index):
        return By((self.owner, self.member, self.guest)[index].id, self.organisations[index].id)

    def of(self, mails, person):
        return [mail for mail in mails() if mail["To"] == person.email]

    def link_to(self, index):
        return f"https://hub.example/organisaties/{self.organisations[index].slug}/kringen"

    @pytest.mark.usefixtures("context", "circle")
    def test_an_invitation_asks_for_an_answer_and_leads_to_where_it_is_given(self, mails, client):
        (mail,) = self.of(mails, self.guest)
        assert mail["Subject"] == "Uitnodiging voor de kring Kring <a href=kwaad.example>"
        assert "Actium nodigt Domesta uit voor de kring" in mail.get_content()
        assert "Neem de uitnodiging aan of sla haar af." in mail.get_content()
        (link,) = links_in(mail.get_content())
        assert link == self.link_to(2)
        page = sign_in(client, self.guest).get(link.removeprefix("https://hub.example")).text
        assert "Actium nodigde u uit" in page

    def test_an_invitation_that_was_withdrawn_meanwhile_asks_for_nothing(self, circle, mails):
        circles.withdraw(
            circle=circle, organisation=self.organisations[2], withdrawer=self.organisations[0], by=self.by(0)
        )
        invited, withdrawn = self.of(mails, self.guest)
        assert "Intussen is er meer gebeurd." in invited.get_content()
        assert "Neem de uitnodiging aan" not in invited.get_content()
        assert "is ingetrokken" in withdrawn.get_content()
        (told,) = self.of(mails, self.member)[1:]
        assert told["Subject"] == "Uw uitnodiging aan Domesta is ingetrokken"

    def test_who_is_put_out_reads_by_whom_and_why_and_that_what_is_reserved_stays(self, circle, mails):
        reason = "Haalt niets op.\nZie https://kwaad.example"
        circles.put_out(
            circle=circle,
            organisation=self.organisations[1],
            keeper=self.organisations[0],
            reason=reason,
            by=self.by(0),
        )
        mail = self.of(mails, self.member)[-1]
        assert mail["Subject"] == "Actium zit niet meer in de kring Kring <a href=kwaad.example>"
        text = mail.get_content()
        assert "Sloopwerken Bork, die de kring" in text
        assert "Reden: Haalt niets op. Zie kwaad.example" in text
        assert "Wat al gereserveerd is, blijft staan." in text
        assert links_in(text) == [self.link_to(1)]

    @one_database
    @pytest.mark.parametrize("language", ["nl", "en"])
    @pytest.mark.parametrize("action", CIRCLES)
    def test_every_step_has_whole_sentences_for_each_side_that_is_told(self, circle, mails, action, language):
        for person in (self.owner, self.member, self.guest):
            person.language = language
        before = len(mails())
        guest, inviter = self.organisations[2], self.organisations[1]
        facts = {"circle": "Kring Noord", "organisation": guest.name, "organisation_id": guest.id}
        facts |= {"inviter_id": inviter.id, "invited_by": "Actium", "put_out_by": "Bork", "reason": "Nat"}
        journal.record(circle.subject, action, by=By(), **facts)
        received = mails()[before:]
        assert received
        for mail in received:
            body = mail.get_content()
            assert "%" not in mail["Subject"] + body
            assert "…" not in mail["Subject"] + body
            assert "Kring Noord" in mail["Subject"] + body
            assert len(links_in(body)) == 1

    def test_every_row_that_is_told_has_words(self):
        for action in CIRCLES:
            found = recipients.sides(recipients.Step("circle", action, {}))
            assert found
            for side in found:
                assert find_words(action, Side.MEMBERS if side is Side.INVITER else side, {}), (action, side)
            assert recipients.sides(recipients.Step("organisation", action, {})) == frozenset(), "told once"
