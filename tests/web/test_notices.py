"""The mails: each says what happened, how much, what to do until when, and leads to the page where that is done."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy

import icalendar
import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.notifications import actions, queries, recipients, retries
from marketplace.notifications.models import Notice
from marketplace.notifications.recipients import Side
from marketplace.reservations import actions as reservations
from marketplace.reservations import pick_ups
from marketplace.reservations import queries as queries_of_reservations
from marketplace.reservations.pick_ups import Window
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.states import State
from marketplace.web import mail as mail_door
from marketplace.web.notices import sending
from marketplace.web.notices.composing import compose
from marketplace.web.notices.words import find_words
from tests.conftest import other
from tests.factories import make_listing, make_member, make_organisation, make_reservation, sign_in
from tests.notifications.telling import Deal, make_deal
from tests.reservations.fetching import hand_over

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

    @pytest.fixture
    def pick_up(self, deal):
        deal.reservation.state, deal.reservation.decided_at = State.CONFIRMED, clock.now()
        window = Window(self.NOON, self.NOON + timedelta(minutes=90), "Poort 2")
        return pick_ups.propose(deal.reservation, window, side=deal.buyer, by=deal.by_buyer, at=clock.now())

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
        assert "Wanneer: zondag 28 maart 2027, 12.00 tot 13.30 uur." in mail.get_body().get_content()
        event = self.event(mail)
        assert (event["UID"], event["STATUS"]) == (f"{pick_up.reference}@hub.example", "TENTATIVE")
        assert event.decoded("DTSTART") == self.NOON
        assert b"\r\nDTSTART:20270328T100000Z\r\n" in next(mail.iter_attachments()).get_payload(decode=True)

    def test_where_it_is_fetched_is_told_until_it_is_called_off(self, deal, mails, pick_up):
        listing = deal.reservation.listing
        listing.address, listing.place = "Loods 3", "Hoogeveen"
        assert "Waar: Loods 3, Hoogeveen." in only(mails).get_body().get_content()
        pick_ups.cancel(pick_up, side=deal.owner, by=deal.by_owner, at=clock.now())
        assert "Waar:" not in mails()[-1].get_body().get_content()

    def test_each_next_state_has_the_same_number_and_a_higher_sequence(self, deal, mails, pick_up):
        steps = [self.event(only(mails))]
        pick_ups.agree(pick_up, side=deal.owner, by=deal.by_owner, at=clock.now())
        steps.append(self.event(mails()[-1]))
        pick_ups.cancel(pick_up, side=deal.owner, by=deal.by_owner, at=clock.now())
        steps.append(self.event(mails()[-1]))
        assert [str(step["STATUS"]) for step in steps] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
        assert [step["SEQUENCE"] for step in steps] == [0, 1, 2]
        assert {str(step["UID"]) for step in steps} == {f"{pick_up.reference}@hub.example"}

    def test_one_that_was_called_off_stays_the_one_that_was_meant(self, deal, mails, pick_up):
        only(mails)
        pick_ups.cancel(pick_up, side=deal.buyer, by=deal.by_buyer, at=clock.now())
        later = Window(self.NOON + timedelta(days=1), self.NOON + timedelta(days=1, hours=1))
        new = pick_ups.propose(deal.reservation, later, side=deal.buyer, by=deal.by_buyer, at=clock.now())
        off, on = (self.event(mail) for mail in mails()[1:])
        assert (off["UID"].partition("@")[0], off["STATUS"]) == (pick_up.reference, "CANCELLED")
        assert (on["UID"].partition("@")[0], on["STATUS"]) == (new.reference, "TENTATIVE")

    def test_it_goes_with_the_reservation_and_comes_with_no_other_mail(self, deal, mails, pick_up):
        pick_ups.agree(pick_up, side=deal.owner, by=deal.by_owner, at=clock.now())
        deal.record("reservation.extended", by=deal.by_buyer)
        first = len(mails())
        assert [len(list(mail.iter_attachments())) for mail in mails()] == [1, 1, 0]
        reservations.cancel(deal.reservation, reason="Te laat", by=deal.by_buyer, at=clock.now())
        (mail,) = mails()[first:]
        event = self.event(mail)
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", pick_up.sequence + 1)

    def test_a_night_is_told_with_both_its_days(self, deal, mails):
        late = datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
        times = {"starts_at": late.isoformat(), "ends_at": (late + timedelta(hours=5)).isoformat()}
        deal.record("pickup.agreed", by=deal.by_owner, **times)
        text = only(mails).get_content()
        assert "Wanneer: vrijdag 4 december, 22.00 uur tot zaterdag 5 december, 03.00 uur." in text

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
