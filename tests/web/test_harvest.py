"""Counting a harvest on a page, and what everybody reads of it before and after."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity
from marketplace.listings import actions as listings
from marketplace.listings.models import ShortHarvest, Stage
from marketplace.listings.offers import Offer
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act
from marketplace.projects.models import Grade
from marketplace.reservations import actions, harvest
from marketplace.web.filters import day
from tests.factories import by, make_hub, make_listing, make_member, make_organisation, sign_in, sign_out
from tests.reservations.asking import ask, parts, promised, queue
from tests.sealing import SEAL


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloopbedrijf Noord")


@pytest.fixture
def lot(owner):
    return make_listing(owner, stage=Stage.EXPECTED, short_harvest=ShortHarvest.PROPORTIONAL)


@pytest.fixture
def buyers(context):
    return make_organisation(name="Bouwbedrijf Zuid"), make_organisation(name="Bouwbedrijf Oost")


@pytest.fixture
def options(lot, buyers):
    return [promised(lot, 20, buyer, at=clock.now()) for buyer in buyers]


@pytest.fixture
def worker(client, owner, options):
    return sign_in(client, make_member(owner, Role.SITE))


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def page_of(lot):
    return f"/aanbod/{lot.reference}/oogst"


def agreed(shown):
    return re.search(r'name="agreed"[^>]* value="([^"]+)"', shown.text)[1]


def count(client, lot, counted):
    shown = client.post(page_of(lot), data={"counted": counted})
    return client.post(page_of(lot), data={"counted": counted, "agreed": agreed(shown)})


class TestCounting:
    def test_what_each_gets_is_shown_first_and_done_after(self, worker, lot, options):
        assert "verwacht: 40 st" in words(worker.get(page_of(lot)))
        shown = worker.post(page_of(lot), data={"counted": "33"})
        assert shown.status_code == 200
        assert "naar verhouding, in hele stuks" in words(shown)
        assert "Optie 1, Bouwbedrijf Zuid 20 st 17 st Optie 2, Bouwbedrijf Oost 20 st 16 st" in words(shown)
        assert parts(lot) == (0, 40, 0, 0)
        done = worker.post(page_of(lot), data={"counted": "33", "agreed": agreed(shown)})
        assert done.status_code == 303
        assert "33 st geteld" in words(worker.get(done.headers["Location"]))
        assert (parts(lot), [option.held for option in options]) == ((0, 33, 0, 7), [17, 16])

    def test_a_count_before_the_harvest_was_planned_is_warned_of_and_not_refused(self, worker, lot):
        lot.available_from = clock.today() + timedelta(days=40)
        with worker.application.test_request_context():
            warning = f"De oogst was gepland vanaf {day(lot.available_from)}; u telt hem nu al."
        assert warning not in words(worker.get(page_of(lot))), "nothing was counted yet"
        shown = worker.post(page_of(lot), data={"counted": "33"})
        assert f"{warning} Na de telling loopt de tijd om op te halen vanaf vandaag." in words(shown)
        nothing = worker.post(page_of(lot), data={"counted": "0"})
        assert warning in words(nothing)
        assert "loopt de tijd" not in words(nothing)
        assert worker.post(page_of(lot), data={"counted": "33", "agreed": agreed(shown)}).status_code == 303
        assert warning not in words(worker.get(f"/aanbod/{lot.reference}"))

    def test_a_count_on_the_day_that_was_planned_needs_no_warning(self, worker, lot):
        lot.available_from = clock.today()
        assert "u telt hem nu al" not in words(worker.post(page_of(lot), data={"counted": "33"}))

    def test_an_option_less_since_it_was_shown_is_shown_anew(self, worker, lot, options):
        shown = worker.post(page_of(lot), data={"counted": "33"})
        actions.cancel(options[0], by=by(), at=clock.now())
        again = worker.post(page_of(lot), data={"counted": "33", "agreed": agreed(shown)})
        assert again.status_code == 200
        assert "Optie 1, Bouwbedrijf Oost 20 st 20 st" in words(again)
        assert parts(lot) == (20, 20, 0, 0)
        changed = "Intussen is er iets veranderd: kijk opnieuw naar de verdeling."
        assert changed in words(again)
        assert changed not in words(shown)
        other = words(worker.post(page_of(lot), data={"counted": "30", "agreed": agreed(again)}))
        assert "U vulde een ander aantal in: kijk opnieuw naar de verdeling." in other
        assert changed not in other

    def test_what_was_not_answered_yet_gets_its_part_and_stays_a_request(self, worker, client, lot, options, buyers):
        lot.total = lot.available = Decimal(58)
        lot.available -= 40
        asked = ask(lot, 12, buyers[0], at=clock.now())
        queue(lot, 8, buyers[1], least=2, at=clock.now())  # for six of these it is their turn at once
        shown = words(worker.post(page_of(lot), data={"counted": "58"}))
        assert "Optie 3, Bouwbedrijf Zuid nog niet bevestigd 12 st 12 st" in shown
        assert "Optie 4, Bouwbedrijf Oost nog niet aangenomen 6 st 6 st" in shown
        assert "Toegezegd" not in shown
        assert "2 opties worden reserveringen." in shown
        assert "2 opties zijn nog niet bevestigd: die houden hun deel, en wachten op antwoord." in shown
        assert count(worker, lot, "58").status_code == 303
        page = words(sign_in(client, make_member(buyers[0])).get(f"/reserveringen/{asked.reference}"))
        assert "Dat wordt het als Sloopbedrijf Noord het bevestigt." in page
        page = words(client.get(f"/reserveringen/{options[0].reference}"))
        assert "Dat wordt het als" not in page

    @pytest.mark.parametrize(
        ("counted", "sentence"),
        [("", "Vul in hoeveel er geteld is."), ("-1", "negatief"), ("2,5", "een heel getal"), ("veel", "geen getal")],
    )
    def test_what_is_no_count_is_told_at_the_field(self, worker, lot, counted, sentence):
        answer = worker.post(page_of(lot), data={"counted": counted})
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert lot.stage is Stage.EXPECTED

    def test_a_second_count_is_refused(self, worker, lot):
        assert count(worker, lot, "33").status_code == 303
        assert worker.get(page_of(lot)).status_code == 409
        assert worker.post(page_of(lot), data={"counted": "20"}).status_code == 409
        assert parts(lot) == (0, 33, 0, 7)

    def test_the_people_of_its_hub_count_too_and_nobody_else(self, client, lot, options):
        hub = make_hub(name="Hub Noord")
        lot.hub_id = hub.id
        of_hub = make_member(session.get_one(Organisation, hub.organisation_id), Role.SITE)
        assert sign_in(client, of_hub).get(page_of(lot)).status_code == 200
        holder = make_member(session.get_one(Organisation, options[0].organisation_id))
        assert sign_in(client, holder).get(page_of(lot)).status_code == 404
        assert client.post(page_of(lot), data={"counted": "33"}).status_code == 404
        assert sign_out(client).get(page_of(lot)).status_code == 302
        assert lot.stage is Stage.EXPECTED


class TestTelling:
    @pytest.fixture
    def counted(self, lot, options):
        outcome = harvest.count(lot, Decimal(33), Act(by(), SEAL))
        assert [share.reservation for share in outcome.shares] == options
        return lot

    def test_everyone_sees_before_and_after_but_no_names(self, client, counted):
        text = words(client.get(f"/aanbod/{counted.reference}"))
        assert "Geteld: 33 st van 40 st." in text
        assert "Optie 1 20 st 17 st Optie 2 20 st 16 st" in text
        assert "Bouwbedrijf" not in text

    def test_a_holder_sees_which_option_is_theirs(self, client, counted, buyers):
        text = words(sign_in(client, make_member(buyers[1])).get(f"/aanbod/{counted.reference}"))
        assert "Optie 1 20 st 17 st Optie 2, Bouwbedrijf Oost van u 20 st 16 st" in text
        assert "Bouwbedrijf Zuid" not in text

    def test_the_owner_sees_the_names(self, client, counted, owner):
        text = words(sign_in(client, make_member(owner)).get(f"/aanbod/{counted.reference}"))
        assert "Optie 1, Bouwbedrijf Zuid 20 st 17 st Optie 2, Bouwbedrijf Oost 20 st 16 st" in text
        assert "De oogst is geteld" in text

    @pytest.mark.usefixtures("counted")
    def test_the_reservation_says_what_was_asked_and_what_it_gets(self, client, options, buyers, owner):
        address = f"/reserveringen/{options[1].reference}"
        text = words(sign_in(client, make_member(buyers[1])).get(address))
        assert "U vroeg 20 st, geoogst is 33 st van 40 st, u krijgt 16 st." in text
        assert "Bouwbedrijf Zuid" not in text
        text = words(sign_in(client, make_member(owner)).get(address))
        assert "Gevraagd 20 st, geoogst 33 st van 40 st, toegewezen 16 st." in text

    @pytest.mark.usefixtures("counted")
    def test_the_count_is_read_once(self, client, options, buyers, statements):
        holder = sign_in(client, make_member(buyers[1]))
        statements.clear()
        assert "u krijgt 16 st" in words(holder.get(f"/reserveringen/{options[1].reference}"))
        assert sum("journal.action IN" in each for each in statements) == 1

    def test_until_it_is_counted_there_is_no_count(self, client, lot, options, buyers):
        assert "De telling" not in words(client.get(f"/aanbod/{lot.reference}"))
        address = f"/reserveringen/{options[0].reference}"
        assert "De telling" not in words(sign_in(client, make_member(buyers[0])).get(address))


def offer_like(lot, **changed):
    terms = {"grade": Grade.B, "price_eur": lot.price_eur, "available_from": lot.available_from}
    return Offer(**terms | {"stage": lot.stage, "short_harvest": lot.short_harvest} | changed)


def change(lot, **changed):
    passport = session.get_one(Passport, lot.passport_id)
    names = ("category", "name", "kg_per_unit", "length_mm", "width_mm", "height_mm", "building_year", "origin")
    same = {name: getattr(passport, name) for name in names}
    facts = PassportFacts(quantity=Quantity(passport.quantity, passport.unit), **same)
    listings.change(lot, offer_like(lot, **changed), facts, By(), seal=SEAL)


class TestSlipping:
    def test_holders_read_how_the_harvest_slipped_until_it_is_there(self, client, lot, options, buyers):
        first, then = lot.available_from, lot.available_from + timedelta(days=21)
        change(lot, available_from=first + timedelta(days=7))
        change(lot, available_from=then)
        address = f"/reserveringen/{options[0].reference}"
        holder = sign_in(client, make_member(buyers[0]))
        with client.application.test_request_context():
            sentence = f"De oogst is verschoven: was {day(first)}, nu {day(then)}."
        assert sentence in words(holder.get(address))
        change(lot, available_from=first)
        assert "verschoven" not in words(holder.get(address)), "it is on the old day again"
        change(lot, available_from=then)
        harvest.count(lot, Decimal(40), Act(by(), SEAL))
        assert "is verschoven" not in words(holder.get(address))

    def test_who_asked_after_it_slipped_knew_the_new_day(self, client, lot, buyers):
        change(lot, available_from=lot.available_from + timedelta(days=7))
        option = promised(lot, 5, buyers[0], at=clock.now())
        holder = sign_in(client, make_member(buyers[0]))
        assert "verschoven" not in words(holder.get(f"/reserveringen/{option.reference}"))

    @pytest.mark.usefixtures("options")
    def test_the_form_says_how_many_will_be_told(self, client, owner, lot, buyers):
        queue(lot, 3, buyers[0], at=clock.now())
        form = words(sign_in(client, make_member(owner)).get(f"/aanbod/{lot.reference}/wijzigen"))
        assert "krijgen 2 organisaties" in form

    def test_without_options_nobody_is_told(self, client, owner, lot):
        form = words(sign_in(client, make_member(owner)).get(f"/aanbod/{lot.reference}/wijzigen"))
        assert "Verschuift u de dagen" not in form


class TestRule:
    def test_the_rule_is_read_before_an_option_is_taken(self, client, lot):
        text = words(client.get(f"/aanbod/{lot.reference}"))
        assert "Bij een tegenvallende oogst: naar verhouding, in hele stuks." in text

    def test_of_what_is_in_stock_there_is_no_such_rule(self, client, lot):
        lot.stage = Stage.IN_STOCK
        assert "tegenvallende oogst" not in words(client.get(f"/aanbod/{lot.reference}"))

    def test_the_lister_chooses_it_in_the_form(self, client, owner, lot):
        form = sign_in(client, make_member(owner)).get(f"/aanbod/{lot.reference}/wijzigen").text
        assert re.search(r'<input[^>]*checked[^>]*name="short_harvest"[^>]*value="proportional"', form)


class TestCrusher:
    @pytest.mark.parametrize(("days", "said"), [(3, "nog 3 dagen"), (1, "nog 1 dag"), (21, "nog 21 dagen")])
    def test_card_and_page_count_the_days(self, client, lot, days, said):
        lot.crusher_on = clock.today() + timedelta(days=days)
        for address in (f"/aanbod/{lot.reference}", "/aanbod"):
            text = words(client.get(address))
            assert "naar de breker op" in text
            assert said in text

    def test_long_before_only_the_day_is_said(self, client, lot):
        lot.crusher_on = clock.today() + timedelta(days=22)
        text = words(client.get("/aanbod"))
        assert "naar de breker op" in text
        assert "nog 22" not in text

    @pytest.mark.usefixtures("options")
    def test_what_is_all_promised_or_past_is_not_on_its_way_there(self, client, lot):
        lot.crusher_on = clock.today() + timedelta(days=3)
        assert "naar de breker op" not in words(client.get("/aanbod"))
        other = make_listing(stage=Stage.EXPECTED, crusher_on=clock.today() - timedelta(days=1))
        assert "naar de breker op" not in words(client.get(f"/aanbod/{other.reference}"))
