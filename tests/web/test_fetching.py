"""Fetching on the pages: agreeing a time, saying what went along, the delivery note, and calendars."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import icalendar
import pypdfium2
import pytest

from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.codes import grouped
from marketplace.kit.database import session
from marketplace.listings.models import Listing, Stage
from marketplace.passports.models import Passport
from marketplace.reservations import actions, pick_ups
from marketplace.reservations.hand_overs import find_open
from marketplace.reservations.models import HandOver, PickUp, Reservation
from marketplace.reservations.pick_ups import Window
from marketplace.reservations.states import State
from marketplace.web.history.entries import entries
from marketplace.web.moments import until
from tests.factories import by, make_listing, make_member, make_organisation, make_signed, sign_in
from tests.reservations.asking import promised
from tests.reservations.fetching import buyer_of, hand_over
from tests.sealing import SEAL


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


@pytest.fixture
def buyer(context):
    return make_organisation(name="Bouwbedrijf Es", kvk="12345678")


@pytest.fixture
def listing(owner):
    return make_listing(owner, passport=make_signed(owner, seal=SEAL), total=40, address="Geheimeweg 12")


@pytest.fixture
def reservation(listing, buyer):
    return promised(listing, 15, buyer, at=clock.now())


@pytest.fixture
def where(reservation):
    return f"/reserveringen/{reservation.reference}"


def report(client, where, **form):
    return client.post(f"{where}/overdragen", data={"quantity": "15", "rest": "stays"} | form)


def only(model):
    return session.query(model).one()


def text_of(content):
    with pypdfium2.PdfDocument(content) as pdf:
        found = []
        for page in pdf:
            words = page.get_textpage()
            found.append(words.get_text_bounded())
            words.close()
            page.close()
    return " ".join("\n".join(found).split())


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def tomorrow(days=1):
    return (clock.today() + timedelta(days=days)).isoformat()


class TestHandOver:
    def test_the_buyer_reports_and_a_site_worker_of_the_owner_confirms(self, client, listing, owner, buyer, where):
        worker = make_member(owner, Role.SITE)
        sign_in(client, make_member(buyer))
        assert 'value="15"' in client.get(f"{where}/overdragen").text
        assert report(client, where, quantity="12").status_code == 303
        page = client.get(where).text
        assert "Sloperij Drenthe bevestigt het nog" in page
        assert "Klopt, bevestig" not in page
        step = f"{where}/overdracht/{only(HandOver).reference}/bevestigen"
        assert client.post(step).status_code == 409
        session.refresh(listing)
        assert listing.handed_over == 0
        sign_in(client, worker)
        page = client.get(where).text
        assert "Bouwbedrijf Es meldt:" in page
        assert "12 st" in page
        assert client.post(step).status_code == 303
        session.refresh(listing)
        assert (listing.handed_over, listing.held) == (12, 3)
        assert "Pakbon" in client.get(where).text

    def test_a_correction_stands_ready_in_the_form_of_the_other(self, client, owner, buyer, where):
        trader = make_member(owner)
        sign_in(client, make_member(buyer))
        report(client, where, quantity="10", broken="2", reason="Glas", rest="free")
        sign_in(client, trader)
        page = client.get(f"{where}/overdragen").text
        for value in ('value="10"', 'value="2"', 'value="Glas"', 'checked id="rest-1"'):
            assert value in page
        assert report(client, where, quantity="11", broken="1", reason="Glas").status_code == 303
        assert "Bouwbedrijf Es bevestigt het nog" in client.get(where).text

    def test_each_side_reads_what_the_other_said_as_well(self, client, owner, buyer, where):
        builder = make_member(buyer)
        sign_in(client, make_member(owner))
        assert "meldde" not in words(client.get(f"{where}/overdragen"))
        sign_in(client, builder)
        report(client, where, quantity="5")
        sign_in(client, make_member(owner))
        assert "Bouwbedrijf Es meldde: 5 st opgehaald" in words(client.get(f"{where}/overdragen"))
        report(client, where, quantity="14")
        assert "14 st opgehaald Bouwbedrijf Es meldde daarvoor: 5 st opgehaald" in words(client.get(where))
        sign_in(client, builder)
        assert "Sloperij Drenthe meldt: 14 st opgehaald Daarvoor meldde u: 5 st opgehaald" in words(client.get(where))
        assert "Sloperij Drenthe meldde: 14 st opgehaald" in words(client.get(f"{where}/overdragen"))
        client.post(f"{where}/overdracht/{find_open(only(Reservation).id).reference}/bevestigen")
        assert "meldde" not in words(client.get(where))
        assert "meldde" not in words(client.get(f"{where}/overdragen"))

    def test_what_happened_is_asked_where_something_is_broken_or_lost(self, client, buyer, where):
        sign_in(client, make_member(buyer))
        page = words(client.get(f"{where}/overdragen"))
        assert "Wat is er gebeurd? (nodig bij stuk of zoekgeraakt)" in page
        assert "niet verplicht" not in page

    @pytest.mark.parametrize(
        ("form", "sentence"),
        [
            ({"quantity": ""}, "hoeveel er is opgehaald"),
            ({"quantity": "16"}, "meer dan er klaarligt: 15 st"),
            ({"quantity": "1,5"}, "heel getal"),
            ({"quantity": "-1"}, "Minder dan niets"),
            ({"quantity": "3", "broken": "1"}, "wat stuk of zoek is"),
        ],
    )
    def test_what_cannot_be_is_told_at_the_field(self, client, buyer, where, form, sentence):
        sign_in(client, make_member(buyer))
        answer = report(client, where, **form)
        assert (answer.status_code, sentence in answer.text, 'aria-invalid="true"' in answer.text) == (422, True, True)
        assert session.query(HandOver).count() == 0

    def test_what_is_rejected_needs_a_reason(self, client, owner, buyer, where):
        trader = make_member(owner)
        sign_in(client, make_member(buyer))
        report(client, where)
        step = f"{where}/overdracht/{only(HandOver).reference}/afwijzen"
        sign_in(client, trader)
        assert client.post(step, data={"reason": ""}).status_code == 422
        assert client.post(step, data={"reason": "Niemand gezien"}).status_code == 303
        assert "Niemand gezien" in client.get(where).text

    def test_strangers_find_none_of_it(self, client, where, reservation):
        made = hand_over(reservation, 5)
        sign_in(client, make_member())
        for path in ("overdragen", "afspraak", "afspraak.ics", f"pakbon/{made.reference}.pdf"):
            assert client.get(f"{where}/{path}").status_code == 404, path
        for path in ("overdragen", f"overdracht/{made.reference}/bevestigen", "afspraak/akkoord", "afspraak/afzeggen"):
            assert client.post(f"{where}/{path}", data={"quantity": "1"}).status_code == 404, path

    def test_who_is_of_both_sides_may_answer_for_the_other(self, client, owner, buyer, where, reservation):
        person = make_member(owner)
        session.add(Membership(user_id=person.id, organisation_id=buyer.id, role=Role.TRADER))
        session.flush()
        session.refresh(person, ["memberships"])
        sign_in(client, person)
        report(client, where)
        assert client.post(f"{where}/overdracht/{only(HandOver).reference}/bevestigen").status_code == 303
        session.refresh(reservation)
        assert reservation.state is State.HANDED_OVER

    def test_an_option_is_not_fetched_yet(self, client, buyer):
        option = promised(make_listing(stage=Stage.EXPECTED), 5, buyer, at=clock.now())
        sign_in(client, make_member(buyer))
        assert report(client, f"/reserveringen/{option.reference}", quantity="5").status_code == 409


class TestDeliveryNote:
    def test_it_tells_who_what_and_which_passport(self, client, buyer, where, reservation):
        made = hand_over(reservation, 10, broken=2, reason="Van de kraan gevallen", at=clock.now())
        part = session.get_one(Passport, made.passport_id)
        session.get_one(Listing, reservation.listing_id).price_eur = Decimal(99)
        sign_in(client, make_member(buyer))
        assert "€ 195,00" in client.get(where).text, "thirteen that are not broken, for the price of that day"
        answer = client.get(f"{where}/pakbon/{made.reference}.pdf")
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")
        text = text_of(answer.data)
        for told in (
            f"Pakbon {made.reference}",
            "Sloperij Drenthe",
            "Bouwbedrijf Es",
            "KvK 12345678",
            "Geheimeweg 12, Hoogeveen",
            "Binnendeuren opdek",
            "2.115 × 930 × 40 mm",
            "10 st",
            "200 kg",
            "€ 150,00",
            "Stuk: Binnendeuren opdek",
            "Van de kraan gevallen",
            "nog 3 st klaar",
            grouped(part.code),
            "Ontvangen namens Bouwbedrijf Es",
        ):
            assert told in text, told
        assert b"/StructTreeRoot" in answer.data

    @pytest.mark.parametrize("lost", [0, 10])
    def test_it_says_later_what_it_said_when_it_was_made(self, client, buyer, where, reservation, lost):
        made = hand_over(reservation, 10 - lost, lost=lost, reason="Weg", at=clock.now())
        sign_in(client, make_member(buyer))
        first = client.get(f"{where}/pakbon/{made.reference}.pdf").data
        assert "nog 5 st klaar" in text_of(first)
        last = hand_over(reservation, 3, releases_rest=True, at=clock.now())
        session.get_one(Listing, reservation.listing_id).address = "Elders 1"
        assert client.get(f"{where}/pakbon/{made.reference}.pdf").data == first
        assert "klaar" not in text_of(client.get(f"{where}/pakbon/{last.reference}.pdf").data)

    def test_under_its_code_stands_the_address_as_people_type_it(self, client, buyer, where, reservation):
        made = hand_over(reservation, 10, at=clock.now())
        sign_in(client, make_member(buyer))
        text = text_of(client.get(f"{where}/pakbon/{made.reference}.pdf").data)
        code = session.get_one(Passport, made.passport_id).code
        assert f"http://localhost/ID/{code}" in text
        assert "HTTP" not in text

    def test_it_speaks_english_too(self, client, buyer, where, reservation):
        made = hand_over(reservation, 10, at=clock.now())
        sign_in(client, make_member(buyer))
        answer = client.get(f"{where}/pakbon/{made.reference}.pdf?taal=en")
        assert "2,115 × 930 × 40 mm" in text_of(answer.data)

    def test_there_is_none_of_what_is_only_reported(self, client, buyer, where):
        sign_in(client, make_member(buyer))
        report(client, where)
        assert client.get(f"{where}/pakbon/{only(HandOver).reference}.pdf").status_code == 404

    def test_markup_that_somebody_typed_is_text(self, client, buyer, where, reservation):
        made = hand_over(reservation, 0, broken=1, reason="#panic[stuk] *vet* $x$ <a>", at=clock.now())
        sign_in(client, make_member(buyer))
        text = text_of(client.get(f"{where}/pakbon/{made.reference}.pdf").data)
        assert "#panic[stuk] *vet* $x$ <a>" in text


class TestPickUp:
    def propose(self, client, where, **form):
        data = {"day": tomorrow(), "starts": "09:00", "ends": "10:30"} | form
        return client.post(f"{where}/afspraak", data=data)

    def test_one_proposes_and_the_other_agrees(self, client, owner, buyer, where):
        trader = make_member(owner)
        sign_in(client, make_member(buyer))
        assert self.propose(client, where).status_code == 303
        assert client.post(f"{where}/afspraak/akkoord").status_code == 409
        sign_in(client, trader)
        page = client.get(where).text
        assert "Voorgesteld door Bouwbedrijf Es." in page
        assert re.search(r"<b>(ma|di|wo|do|vr|za|zo) \d+ \w+( \d{4})?, 09:00 – 10:30</b>", page), "a day by its name"
        assert client.post(f"{where}/afspraak/akkoord", data={"sequence": "0"}).status_code == 303
        assert "Afgesproken." in client.get(where).text

    def test_a_time_after_the_last_day_says_what_comes_of_it(self, client, owner, buyer, where, reservation):
        trader, end = make_member(owner), reservation.expires_at
        late = (clock.day_of(end) + timedelta(days=2)).isoformat()
        sign_in(client, make_member(buyer))
        with client.application.test_request_context():
            last = until(end)
        assert f"De reservering loopt {last}. Een afspraak daarna kan ook" in client.get(f"{where}/afspraak").text
        warning = f"Dit is na de laatste dag van de reservering: die loopt {last}."
        self.propose(client, where)
        assert warning not in client.get(where).text
        assert self.propose(client, where, day=late).status_code == 303
        page = client.get(where).text
        assert warning in page
        assert "Eerst verlengen kan ook." in page
        sign_in(client, trader)
        assert warning in client.get(where).text
        assert client.post(f"{where}/afspraak/akkoord", data={"sequence": "1"}).status_code == 303
        session.refresh(reservation)
        assert reservation.expires_at > end
        assert warning not in client.get(where).text

    def test_a_time_that_was_changed_meanwhile_is_not_agreed_to(self, client, owner, buyer, where):
        trader = make_member(owner)
        sign_in(client, make_member(buyer))
        self.propose(client, where)
        self.propose(client, where, starts="07:00")
        sign_in(client, trader)
        assert client.post(f"{where}/afspraak/akkoord", data={"sequence": "0"}).status_code == 409
        assert client.post(f"{where}/afspraak/akkoord", data={"sequence": "1"}).status_code == 303

    @pytest.mark.parametrize(
        ("form", "sentence"),
        [
            ({"day": ""}, "Kies een dag."),
            ({"starts": "25:00"}, "uren en minuten"),
            ({"starts": "half tien"}, "uren en minuten"),
            ({"ends": "08:00"}, "Het einde ligt na het begin."),
            ({"starts": "06:00", "ends": "18:01"}, "ten hoogste 12 uur"),
            ({"day": "2020-01-01"}, "al voorbij"),
            ({"day": "2027-03-28", "starts": "02:30"}, "klok gaat dan een uur vooruit"),
        ],
    )
    def test_a_time_that_cannot_be_is_told_at_its_field(self, client, buyer, where, form, sentence):
        sign_in(client, make_member(buyer))
        answer = self.propose(client, where, **form)
        assert (answer.status_code, sentence in answer.text, 'aria-invalid="true"' in answer.text) == (422, True, True)
        assert session.query(PickUp).count() == 0

    @pytest.fixture
    def autumn(self):
        """Let it be the autumn of 2027, for whatever is made after this."""
        with clock.standing_at(datetime(2027, 10, 20, 9, tzinfo=UTC)):
            yield

    @pytest.mark.usefixtures("autumn")
    def test_a_time_that_comes_twice_is_the_first_and_that_is_said(self, client, buyer, where):
        sign_in(client, make_member(buyer))
        answer = self.propose(client, where, day="2027-10-31", starts="2.30", ends="04:00")
        assert "bedoeld is de eerste" in client.get(answer.location).text
        assert only(PickUp).starts_at.isoformat() == "2027-10-31T00:30:00+00:00"

    def test_its_calendar_follows_it_until_it_is_called_off(self, client, buyer, where):
        sign_in(client, make_member(buyer))
        assert client.get(f"{where}/afspraak.ics").status_code == 404
        self.propose(client, where, note="Met aanhanger, 2,5 t; graag hulp")
        first = self.event(client, f"{where}/afspraak.ics")
        assert (first["STATUS"], first["SEQUENCE"]) == ("TENTATIVE", 0)
        assert "Met aanhanger, 2,5 t; graag hulp" in first["DESCRIPTION"]
        assert str(first["LOCATION"]) == "Geheimeweg 12, Hoogeveen"
        assert client.post(f"{where}/afspraak/afzeggen").status_code == 303
        last = self.event(client, f"{where}/afspraak.ics")
        assert (last["UID"], last["STATUS"], last["SEQUENCE"]) == (first["UID"], "CANCELLED", 1)

    def test_what_lapsed_is_cancelled_in_the_calendar_too(self, client, buyer, where, reservation):
        sign_in(client, make_member(buyer))
        self.propose(client, where)
        actions.cancel(session.merge(reservation), by=by(), at=clock.now())
        found = self.event(client, f"{where}/afspraak.ics")
        assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", 1)
        assert str(found["SUMMARY"]) == "Ophalen: 15 st Binnendeuren opdek"

    @pytest.mark.parametrize(("days", "status"), [(0, "TENTATIVE"), (1, "CANCELLED")])
    def test_what_was_all_fetched_on_an_earlier_day_is_off(self, client, where, reservation, days, status):
        at, buyer = clock.now().replace(hour=12), buyer_of(reservation)
        starts = at + timedelta(days=days, minutes=1)
        window = Window(starts, starts + timedelta(hours=1))
        pick_ups.propose(reservation, window, side=buyer, by=by(buyer), at=at)
        hand_over(reservation, at=at)
        sign_in(client, make_member(buyer))
        assert self.event(client, f"{where}/afspraak.ics")["STATUS"] == status

    def test_who_opens_the_page_of_what_is_done_is_led_back_with_a_plain_sentence(
        self, client, buyer, where, reservation
    ):
        hand_over(reservation, at=clock.now())
        sign_in(client, make_member(buyer))
        answer = client.get(f"{where}/afspraak")
        assert (answer.status_code, answer.location) == (303, where)
        page = client.get(where).text
        assert "Een afspraak maken kan nu niet: hiervan is nu niets op te halen." in page
        assert "Wat u invulde" not in page

    def test_it_names_what_is_left_to_fetch(self, client, buyer, where, reservation):
        sign_in(client, make_member(buyer))
        self.propose(client, where)
        hand_over(reservation, 10, at=clock.now())
        assert str(self.event(client, f"{where}/afspraak.ics")["SUMMARY"]) == "Ophalen: 5 st Binnendeuren opdek"

    def event(self, client, path):
        answer = client.get(path)
        assert answer.content_type == "text/calendar; charset=utf-8"
        (found,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
        return found


class TestFeed:
    @pytest.fixture
    def member(self, buyer):
        return make_member(buyer)

    @pytest.fixture
    def feed(self, client, member, where, reservation, buyer):
        at = clock.now()
        window = Window(at + timedelta(hours=1), at + timedelta(hours=2))
        pick_ups.propose(reservation, window, side=buyer, by=by(buyer), at=at)
        page = sign_in(client, member).get(where).text
        return re.search(r"/agenda/[^\"]+\.ics", page)[0]

    def test_a_calendar_reads_it_without_signing_in(self, client, feed):
        anonymous = client.application.test_client()
        events = icalendar.Calendar.from_ical(anonymous.get(feed).data).walk("VEVENT")
        assert [str(each["SUMMARY"]) for each in events] == ["Ophalen: 15 st Binnendeuren opdek"]

    def test_it_names_what_is_left_to_fetch_and_nothing_that_is_over(self, client, feed, reservation):
        def told():
            events = icalendar.Calendar.from_ical(client.get(feed).data).walk("VEVENT")
            return [str(each["SUMMARY"]) for each in events]

        hand_over(reservation, 10, at=clock.now())
        assert told() == ["Ophalen: 5 st Binnendeuren opdek"]
        hand_over(reservation, at=clock.now())
        assert told() == []

    def test_what_is_given_up_leaves_it_and_what_is_called_off_says_so(self, client, feed, reservation, buyer):
        pick_ups.cancel(pick_ups.find_live(reservation.id), side=buyer, by=by(buyer), at=clock.now())
        (called_off,) = icalendar.Calendar.from_ical(client.get(feed).data).walk("VEVENT")
        assert called_off["STATUS"] == "CANCELLED"
        actions.cancel(reservation, by=by(buyer), at=clock.now())
        assert not icalendar.Calendar.from_ical(client.get(feed).data).walk("VEVENT")

    def test_both_sides_have_it_in_theirs_and_others_do_not(self, client, feed, owner, where):
        others = {make_member(owner): 1}
        for person, count in others.items():
            page = sign_in(client, person).get(where).text
            path = re.search(r"/agenda/[^\"]+\.ics", page)[0]
            assert path != feed
            assert len(icalendar.Calendar.from_ical(client.get(path).data).walk("VEVENT")) == count

    def test_a_token_that_was_touched_opens_nothing(self, client, feed):
        assert client.get(feed).status_code == 200
        for broken in (feed[:-6] + "x.ics", "/agenda/x.ics", feed.replace("/agenda/", "/agenda/W")):
            assert client.get(broken).status_code == 404

    @pytest.mark.parametrize("why", ["left", "password", "closed"])
    def test_it_ends_with_the_membership_the_password_or_the_account(self, client, feed, member, why):
        if why == "left":
            session.query(Membership).filter_by(user_id=member.id).delete()
            session.refresh(member, ["memberships"])
        elif why == "password":
            member.fs_uniquifier = "anders"
        else:
            member.active = False
        assert client.get(feed).status_code == 404


class TestOwned:
    def test_the_menu_leads_to_it_for_who_is_signed_in(self, client, buyer):
        assert "/paspoorten/in-bezit" not in client.get("/aanbod").text
        assert 'href="/paspoorten/in-bezit"' in sign_in(client, make_member(buyer)).get("/aanbod").text

    def test_the_new_owner_sees_what_came_along_and_from_whom(self, client, buyer, owner, reservation):
        worker, former = make_member(buyer, Role.SITE), make_member(owner)
        made = hand_over(reservation, 15)
        part = session.get_one(Passport, made.passport_id)
        page = sign_in(client, worker).get("/paspoorten/in-bezit").text
        assert grouped(part.code) in page
        assert "van Sloperij Drenthe" in page
        page = sign_in(client, former).get("/paspoorten/in-bezit").text
        assert grouped(part.code) not in page

    def test_the_public_reads_that_it_changed_hands_but_not_between_whom(self, client, owner, buyer, reservation):
        both, third = [make_member(owner), make_member(buyer, Role.SITE)], make_member(make_organisation())
        made = hand_over(reservation, 15)
        path = f"/paspoort/{session.get_one(Passport, made.passport_id).code}"
        between = "Sloperij Drenthe → Bouwbedrijf Es"
        assert between not in client.get(path).text
        assert "naar een andere eigenaar" in client.get(path).text
        assert between not in sign_in(client, third).get(path).text
        for person in both:
            assert between in sign_in(client, person).get(path).text
        happened = journal.history(f"passport:{made.passport_id}")
        (line,) = [each for each in entries(happened, public=False) if "andere eigenaar" in each.title]
        assert line.text == between

    def test_the_amounts_of_both_are_what_there_was(self, reservation, listing):
        made = hand_over(reservation, 10, lost=1, reason="Gestolen")
        left = session.get_one(Passport, listing.passport_id).quantity
        assert left + session.get_one(Passport, made.passport_id).quantity == Decimal(39)
