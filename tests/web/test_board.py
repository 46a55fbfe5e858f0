"""The match board: what everybody reads of a plan, and what only who plans the project may answer."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import select, update

from marketplace.accounts.models import Organisation, OrganisationKind, User
from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.matching import answering
from marketplace.matching.board import coverage_of, plan_standing
from marketplace.matching.models import (
    Dismissal,
    Improvement,
    ImprovementLine,
    ImprovementState,
    Occasion,
    PlanRun,
    Proposal,
    RunState,
)
from marketplace.matching.rates import Rates, rates_of, set_rates
from marketplace.projects import actions
from marketplace.projects.models import Need
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import State
from tests.factories import (
    by,
    make_hub,
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_project,
    make_reservation,
    sign_in,
)
from tests.planned import make_run, plan_all


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es", slug="es", kind=OrganisationKind.BUILDER)


@pytest.fixture
def project(builder):
    return make_project(builder, name="Twaalf woningen", slug="twaalf", at="Assen")


@pytest.fixture
def planner(client, builder):
    return sign_in(client, make_member(builder))


@pytest.fixture
def lots(project):
    """Two lots of two owners that cover a need together, all but two doors, and a need that nothing fits."""
    first = make_listing(make_organisation(name="Sloper Noord"), total=12, name="Deur noord", price_eur=Decimal(10))
    second = make_listing(make_organisation(name="Sloper Zuid"), total=6, name="Deur zuid", price_eur=Decimal(20))
    make_need(project, title="Twintig deuren", quantity=Decimal(20))
    make_need(project, title="Toiletten", category="toilet", quantity=Decimal(4))
    return first, second


BOARD = "/projecten/twaalf/voorstellen"
ACCEPT = f"{BOARD}/reserveren"


def need_of(title="Twintig deuren"):
    return session.scalars(select(Need).where(Need.title == title)).one()


def text_of(client, url=BOARD, status=200):
    """Return what people read on a page, without its marks."""
    answer = client.get(url)
    assert answer.status_code == status
    return words(answer.text)


def words(page):
    main = re.sub(r"<(svg|script)\b.*?</\1>", " ", page.split("<main", 1)[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).replace("\xa0", " ").split())


def send(client, *chosen, lines=None, **more):
    """Send the form: all `lines` were shown, by default the chosen ones; each is a lot, its amount, and its need."""
    need = need_of().reference
    shown = lines or chosen
    form = {
        "regel": [f"{lot.reference}_{need}_{take}" for lot, take in shown],
        **{f"neem_{lot.reference}_{need}": "y" for lot, _ in chosen},
        "step": "hold",
    }
    return client.post(ACCEPT, data=form | more)


def last_run_of(proposals):
    """Return the run that these proposals came from."""
    assert proposals
    return session.scalars(select(PlanRun)).one()


class TestReading:
    @pytest.mark.usefixtures("lots")
    def test_nothing_is_proposed_before_a_plan_was_computed_and_the_page_says_so(self, client, builder):
        text = text_of(client)
        assert "Er is nog geen plan berekend" in text
        assert "Voor wat nog ontbreekt is nu niets voor te stellen." in text
        assert "st voorgesteld" not in text
        assert "Deur noord" not in text, "why something is not proposed would tell others what it may cost"
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        assert "Deur noord Sloper Noord, Hoogeveen Past en is nog vrij" in text_of(client)

    @pytest.mark.usefixtures("lots")
    def test_everybody_reads_each_need_with_its_proposals_and_only_members_answer(self, client, builder):
        plan_all()
        text = text_of(client)
        for told in (
            "18 / 20 st", "0 / 4 st", "A 12 st voorgesteld", "B 6 st voorgesteld", "2 st te kort",
            "Sloper Noord, Hoogeveen", "rechtstreeks", "Waarde per st, in euro",
            "Anders: geen andere behoefte waar deze partij past.",
        ):  # fmt: skip
            assert told in text, told
        for own in ("Reserveer alles", "Past niet", "Opnieuw berekenen"):
            assert own not in text
        sign_in(client, make_member())
        assert "Reserveer" not in text_of(client)
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        own = text_of(client)
        assert "18 st van 2 eigenaren, alles of niets" in own
        assert "Opnieuw berekenen" in own

    @pytest.mark.usefixtures("lots")
    def test_the_terms_of_a_proposal_add_up_to_the_cent(self, client):
        plan_all()
        page = client.get(BOARD).text.replace("\xa0", " ").replace("−", "-")
        tables = re.findall(r'<table class="terms">(.*?)</table>', page, re.DOTALL)
        assert len(tables) == 2
        for table in tables:
            cents = [int(amount.replace(".", "").replace(",", "")) for amount in re.findall(r"-?€ (-?[\d.,]+)", table)]
            signs = [-1 if "-" in amount else 1 for amount in re.findall(r"-?€ -?", table)]
            *terms, total = (sign * abs(cent) for sign, cent in zip(signs, cents, strict=True))
            assert sum(terms) == total

    def test_the_steps_for_one_piece_add_up_as_they_are_shown(self, client, project):
        for at, amount in enumerate((42, 7, 13)):
            sizes = {"unit": Unit.PIECE, "length_mm": 1000, "width_mm": 700 + at, "price_eur": Decimal("17.99")}
            make_listing(category="glass_double", total=amount, **sizes)
        make_need(project, category="glass_double", unit=Unit.M2, quantity=Decimal(60), new_eur=Decimal("60.01"))
        plan_all()
        page = client.get(BOARD).text
        falls = re.findall(r'<table class="fall__table">(.*?)</table>', page, re.DOTALL)
        assert len(falls) == 3
        for fall in falls:
            shown = re.findall(r"<td>(\N{MINUS SIGN}|\+)?([\d.,]+)</td>", fall)
            *steps, value = (
                int(amount.replace(".", "").replace(",", "")) * (-1 if sign == "\N{MINUS SIGN}" else 1)
                for sign, amount in shown
            )
            assert len(steps) >= 3
            assert sum(steps) == value

    def test_an_amount_in_another_unit_says_how_much_of_the_lot_that_is(self, client, project):
        make_listing(category="glass_double", total=60, length_mm=1000, width_mm=700)
        make_need(project, category="glass_double", unit=Unit.M2, quantity=Decimal(20))
        plan_all()
        assert "20 m² dat is 29 st, van 60 st vrij" in text_of(client)

    @pytest.mark.usefixtures("planner")
    def test_a_lot_that_fits_but_went_elsewhere_says_so_with_its_link(self, client, project):
        lot = make_listing(total=10, name="Deur 10 st", at="Assen")
        make_need(project, title="Twintig deuren", quantity=Decimal(20), new_eur=Decimal(60))
        other = make_need(make_project(name="School Zuid", at="Assen"), quantity=Decimal(10), new_eur=Decimal(95))
        plan_all()
        (proposal,) = session.scalars(select(Proposal)).all()
        assert proposal.need_id == other.id
        why = "Past, maar is elders meer waard: € 350 meer bij School Zuid."
        assert why in text_of(client)
        assert f'<a href="/aanbod/{lot.reference}">Deur 10 st</a>' in client.get(BOARD).text
        assert why in text_of(client, f"/behoeften/{need_of().reference}")
        need_of().new_eur = Decimal(200)
        assert "Past, maar alles is al elders voorgesteld: bij School Zuid." in text_of(client)
        need_of().new_eur = Decimal(1)
        assert "Past, maar kost hier meer dan het waard is." in text_of(client)

    @pytest.mark.usefixtures("lots")
    def test_who_does_not_plan_it_reads_who_may_reserve(self, client, builder):
        plan_all()
        for url in (BOARD, f"/behoeften/{need_of().reference}"):
            assert "Alleen Bouwbedrijf Es kan dit reserveren" in text_of(client, url)
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        assert "kan dit reserveren" not in text_of(client)

    @pytest.mark.usefixtures("lots")
    def test_the_next_best_use_is_told_with_what_is_lost_and_never_a_budget(self, client):
        make_need(make_project(name="School Zuid", at="Assen"), quantity=Decimal(5), max_price=Decimal("27.31"))
        plan_all()
        text = text_of(client)
        assert re.search(r"Anders: 5 st naar School Zuid, (op zich )?€ [\d.]+ (minder|meer)", text)
        assert "27,31" not in text

    @pytest.mark.usefixtures("lots")
    def test_the_next_best_use_is_none_that_dismissed_the_lot_nor_one_that_is_too_dear_to_its_own_people(self, client):
        school = make_project(name="School Zuid", at="Assen")
        dear = make_need(school, quantity=Decimal(5), max_price=Decimal("9.99"))
        plan_all()
        assert "naar School Zuid" in text_of(client)
        sign_in(client, make_member(session.get_one(Organisation, school.organisation_id)))
        assert "naar School Zuid" not in text_of(client)
        dear.max_price = None
        assert "naar School Zuid" in text_of(client)
        for proposal in session.scalars(select(Proposal)):
            lot = session.get_one(Listing, proposal.listing_id)
            answering.dismiss(session.get_one(Need, dear.id), lot, "te klein", by(), clock.now())
        session.flush()
        assert "naar School Zuid" not in text_of(client)

    def test_a_near_miss_names_the_rule_and_the_margin(self, client, project):
        make_listing(length_mm=2110, name="Deur kort")
        make_need(project, length_min=2115, length_max=2120)
        plan_all()
        text = text_of(client)
        assert "Net niet · 1 partij, op één regel" in text
        assert "hoogte 5 mm te klein" in text

    def test_what_is_only_too_dear_is_told_to_its_own_people(self, client, project, builder):
        make_listing(price_eur=Decimal("30.00"), name="Deur duur")
        make_need(project, max_price=Decimal("25.00"))
        plan_all()
        assert "Deur duur" not in text_of(client)
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        assert "Deur duur" in text_of(client)

    @pytest.mark.usefixtures("lots")
    def test_the_bound_is_told_of_what_stands_in_words_rounded_up(self, client):
        run = last_run_of(plan_all())
        assert "Beter kan niet" in text_of(client)
        run.bound_eur = round(run.value_eur * Decimal("1.0201"), 2)
        assert "Hoogstens 3 % beter is mogelijk." in text_of(client)

    @pytest.mark.usefixtures("lots")
    def test_what_a_better_plan_would_bring_counts_as_not_there_yet(self):
        run = last_run_of(plan_all())
        stands = run.value_eur
        session.add(Improvement(run_id=run.id, gain_eur=Decimal(200)))
        run.value_eur = run.bound_eur = stands + 200
        session.flush()
        assert plan_standing().room == run.bound_eur / stands - 1

    @pytest.mark.parametrize("state", [ImprovementState.OFFERED, ImprovementState.OUTDATED])
    def test_a_bound_from_before_something_changed_is_told_as_of_then(self, client, lots, state):
        run = last_run_of(plan_all())
        stands = run.value_eur
        run.value_eur = run.bound_eur = stands * 2
        session.add(Improvement(run_id=run.id, gain_eur=stands, state=state))
        journal.record("passport:1", "label.printed", by=by())
        assert "Hoogstens 100 % beter is mogelijk." in text_of(client)
        journal.record(lots[0].subject, "listing.changed", by=by())
        text = text_of(client)
        assert "Toen was hoogstens 100 % beter mogelijk; sindsdien is er iets veranderd." in text
        assert "Hoogstens" not in text

    @pytest.mark.usefixtures("lots")
    def test_where_nothing_stands_nothing_is_said_of_better_plans(self, client):
        make_run()
        text = text_of(client)
        assert "Berekend op" in text
        assert "Beter kan niet" not in text
        assert "beter is mogelijk" not in text

    def test_what_waits_in_a_hub_says_where_and_how_long(self, client, project):
        make_hub(name="Hub Noord", at="Assen")
        until = clock.today() + timedelta(weeks=6)
        make_listing(at="Assen", available_until=until, stage=Stage.EXPECTED)
        start = clock.today() + timedelta(weeks=12)
        make_need(project, wanted_from=start, wanted_until=start + timedelta(weeks=8))
        plan_all()
        assert re.search(r"via Hub Noord, [67] weken opslag", text_of(client))
        assert "moet op" in text_of(client, "/projecten/twaalf")

    @pytest.mark.usefixtures("lots")
    def test_a_programme_groups_by_project(self, client, project):
        programme = actions.add_programme(name="Drenthe Woont", by=by())
        project.programme_id = programme.id
        other = make_project(name="Acht woningen", programme_id=programme.id)
        make_need(other, title="Kozijnen", category="window_frame_wood")
        plan_all()
        text = text_of(client, f"/programmas/{programme.slug}/voorstellen")
        assert "Twaalf woningen" in text
        assert "Acht woningen" in text
        assert "A 12 st voorgesteld" in text
        assert f"/programmas/{programme.slug}/voorstellen" in client.get(f"/programmas/{programme.slug}").text

    @pytest.mark.usefixtures("lots")
    def test_many_needs_take_as_many_statements_as_few(self, client, project, statements):
        plan_all()
        counts = []
        for _ in range(3):
            client.get(BOARD)
            statements.clear()
            client.get(BOARD)
            counts.append(len(statements))
            for _ in range(3):
                make_listing(total=9)
                make_need(project, quantity=Decimal(9))
            plan_all()
            session.execute(update(Improvement).values(state=ImprovementState.OUTDATED))
        assert counts[0] <= counts[1] == counts[2]  # at first there is nothing to explain beside the proposals

    @pytest.mark.usefixtures("lots")
    def test_it_speaks_english(self, client):
        plan_all()
        answer = client.get(BOARD, headers={"Accept-Language": "en"})
        assert '<html lang="en">' in answer.text
        assert "12 pcs" in words(answer.text)


class TestPrivateRates:
    SECRET = Rates(eur_per_1000_tkm=Decimal(999), trip_eur=Decimal("7.77"), mki_percent=777)

    @pytest.fixture
    def amounts(self, client):
        """Return the amounts that a page tells who asks now, the bound of the plan aside."""

        def read(url):
            return re.findall(r"(?:€ |[−+])-?[\d.]+,\d\d", text_of(client, url).replace("−", "-"))

        return read

    @pytest.mark.usefixtures("lots")
    def test_rates_of_its_own_do_not_show_to_others(self, client, builder, lots, amounts):
        make_need(make_project(name="School Zuid", at="Assen"), quantity=Decimal(5))
        make_listing(length_mm=2110, name="Deur kort")
        plan_all()
        pages = (BOARD, f"/behoeften/{need_of().reference}", f"/aanbod/{lots[0].reference}", "/projecten/twaalf")
        before = {url: amounts(url) for url in pages}
        taken = {row.listing_id: row.quantity for row in session.scalars(select(Proposal))}
        set_rates(session.get(type(builder), builder.id), self.SECRET, by())
        plan_all()
        session.execute(update(Improvement).values(state=ImprovementState.OUTDATED))
        assert {row.listing_id: row.quantity for row in session.scalars(select(Proposal))} == taken
        for url in pages:
            told = amounts(url)
            assert told, url
            assert set(told) <= set(before[url]), url
            assert "naar de eigen rekenwaarden van" not in text_of(client, url)
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        own = text_of(client, pages[1])
        assert "naar de eigen rekenwaarden van Bouwbedrijf Es" in own
        assert "€ 7,77" in own


class TestSameStory:
    @pytest.mark.usefixtures("lots", "project")
    def test_no_two_pages_disagree(self, planner):
        plan_all()
        (coverage,) = coverage_of([need_of()])
        assert [proposal.quantity for proposal in coverage.proposals] == [12, 6]
        pages = (
            BOARD, "/projecten/twaalf", f"/behoeften/{need_of().reference}", "/behoeften",
        )  # fmt: skip
        for url in pages:
            text = text_of(planner, url)
            assert re.search(r"(A )?1[28]( st)? voorgesteld", text), url
            assert "2 st te kort" in text, url
            assert ("A 12 st" in text) is (url in pages[::2]), url  # a letter only where its proposal stands below
        fill = planner.get(f"/behoeften/{need_of().reference}/vullen").text
        assert [fill.count(f'value="{take}"') for take in (12, 6)] == [1, 1]

    def test_what_was_taken_by_others_is_no_proposal_any_more(self, client, lots):
        plan_all()
        first, _ = lots
        first.available, first.held = Decimal(3), Decimal(9)
        session.flush()
        assert "14 st te kort" in text_of(client)


class TestAccepting:
    def test_the_summary_tells_what_it_costs_delivered_and_is_held_as_one_basket(self, planner, lots):
        plan_all()
        first, second = lots
        page = planner.get(ACCEPT).text
        assert f'value="{first.reference}_{need_of().reference}_12"' in page
        text = words(page)
        assert "Materiaal € 240,00" in text
        assert "Reserveer 18 st van 2 eigenaren" in text
        answer = send(planner, (first, 12), (second, 6), note="Graag voor 8 uur")
        assert answer.status_code == 303
        basket = session.scalars(select(Basket)).one()
        assert answer.headers["Location"] == f"/mandjes/{basket.reference}"
        rows = session.scalars(select(Reservation).order_by(Reservation.listing_id)).all()
        assert [(row.listing_id, row.quantity, row.need_id, row.basket_id) for row in rows] == [
            (first.id, 12, need_of().id, basket.id),
            (second.id, 6, need_of().id, basket.id),
        ]
        text = text_of(planner)
        assert "18 st gereserveerd" in text
        assert "voorgesteld" not in text.split("Twintig deuren", 2)[2].split("Toiletten")[0]

    @pytest.mark.usefixtures("project")
    def test_one_proposal_or_one_need_is_accepted_by_itself(self, planner, lots):
        make_listing(category="toilet", total=4, name="Wandcloset")
        plan_all()
        proposal = session.scalars(select(Proposal).where(Proposal.listing_id == lots[1].id)).one()
        assert "Deur noord" not in (one := text_of(planner, f"{ACCEPT}?voorstel={proposal.id}"))
        assert "Reserveer 6 st van 1 eigenaar" in one
        need = text_of(planner, f"{ACCEPT}?behoefte={need_of('Toiletten').reference}")
        assert "Wandcloset" in need
        assert "Deur zuid" not in need
        assert "3 partijen van 3 eigenaren" in text_of(planner, ACCEPT)

    def test_an_error_stands_at_its_line_and_the_rest_can_go_without_it(self, planner, lots):
        plan_all()
        first, second = lots
        second.available, second.held = Decimal(2), Decimal(4)
        answer = send(planner, (first, 12), (second, 6), note="Graag vroeg")
        assert answer.status_code == 409
        assert session.scalars(select(Reservation)).all() == []
        page = answer.text
        assert "Er is niets vastgelegd" in page
        assert "Graag vroeg" in page
        assert f'id="neem_{second.reference}_{need_of().reference}-error"' in page
        assert f'id="neem_{first.reference}_{need_of().reference}-error"' not in page
        ticked = re.findall(r'<input checked[^>]*name="neem_([^_]+)_', page)
        assert ticked == [first.reference]
        assert "Reserveer 12 st van 1 eigenaar" in words(page)
        again = send(planner, (first, 12), lines=[(first, 12), (second, 6)])
        assert again.status_code == 303
        assert session.scalars(select(Reservation.quantity)).all() == [12]

    def test_a_lot_that_was_taken_off_the_market_stands_there_with_its_error(self, planner, lots):
        plan_all()
        first, second = lots
        second.status = ListingStatus.WITHDRAWN
        answer = send(planner, (first, 12), (second, 6))
        assert answer.status_code == 409
        assert f'id="neem_{second.reference}_{need_of().reference}-error"' in answer.text

    def test_what_an_owner_declined_before_is_told_and_not_ticked(self, planner, lots):
        first, _ = lots
        make_reservation(
            first,
            need_of().project.organisation_id,
            12,
            need_id=need_of().id,
            state=State.DECLINED,
            reason="Zelf nodig",
        )
        plan_all()
        text = text_of(planner, ACCEPT)
        assert "wees dit eerder af: “Zelf nodig”" in text
        assert "Reserveer 6 st van 1 eigenaar" in text
        assert "Deur noord" in text

    def test_what_is_not_ticked_is_left_and_counted_out(self, planner, lots):
        plan_all()
        first, second = lots
        counted = send(planner, (second, 6), lines=[(first, 12), (second, 6)], step="count")
        assert "Reserveer 6 st van 1 eigenaar" in words(counted.text)
        assert "Deur noord" in counted.text
        nothing = send(planner, lines=[(first, 12)])
        assert nothing.status_code == 422
        assert "Kies ten minste één voorstel" in nothing.text

    @pytest.mark.parametrize("line", ["onzin", "ABCDEFGH_JKLMNPQR_3", "_", "ABCDEFGH_JKLMNPQR_1e9"])
    @pytest.mark.usefixtures("lots")
    def test_what_is_no_line_is_left_out(self, planner, line):
        answer = planner.post(ACCEPT, data={"regel": line, "step": "hold"})
        assert answer.status_code == 422
        assert session.scalars(select(Reservation)).all() == []

    def test_a_need_of_another_project_is_not_reached_from_here(self, planner, lots):
        strange = make_need(make_project(), quantity=Decimal(3))
        first, _ = lots
        key = f"{first.reference}_{strange.reference}"
        assert planner.post(ACCEPT, data={"regel": f"{key}_3", f"neem_{key}": "y", "step": "hold"}).status_code == 422

    def test_the_own_stock_of_the_project_needs_no_reservation(self, planner, builder, project):
        make_listing(session.get(type(builder), builder.id), at="Assen")
        make_need(project)
        plan_all()
        assert session.scalars(select(Proposal)).all() == []
        text = text_of(planner)
        assert "1 partij van het project zelf past" in text
        assert "Uw eigen partij" in text
        assert "Hier is nu niets te reserveren" in text_of(planner, ACCEPT)

    def test_what_the_planner_came_to_own_since_is_no_proposal_any_more(self, planner, builder, lots):
        plan_all()
        update_owner = update(Listing).where(Listing.id == lots[0].id)
        session.execute(update_owner.values(organisation_id=builder.id))
        session.commit()
        text = text_of(planner, ACCEPT)
        assert "Deur zuid" in text
        assert "Deur noord" not in text

    def test_nobody_else_reserves_for_a_project(self, client, lots, builder):
        plan_all()
        assert client.get(ACCEPT).status_code == 302
        sign_in(client, make_member())
        assert client.get(ACCEPT).status_code == 404
        assert send(client, (lots[0], 12)).status_code == 404
        sign_in(client, make_member(session.get(type(builder), builder.id), Role.SITE))
        assert client.get(ACCEPT).status_code == 403


class TestDismissing:
    def url(self, lot, step="afwijzen"):
        return f"/behoeften/{need_of().reference}/voorstellen/{lot.reference}/{step}"

    def test_what_was_dismissed_is_read_anew_on_every_page_with_its_reason_and_the_way_back(
        self, client, lots, builder
    ):
        plan_all()
        project, member = need_of().project, make_member(session.get(type(builder), builder.id))
        project.programme_id = actions.add_programme(name="Drenthe Woont", by=by()).id
        need, url, person = f"/behoeften/{need_of().reference}", self.url(lots[0]), member.id
        session.commit()

        def fresh():
            session.expunge_all()
            return sign_in(client, session.get_one(User, person))

        assert fresh().post(url, data={"reason": "Kleur past niet"}).status_code == 303
        for page in (BOARD, "/programmas/drenthe-woont/voorstellen", need):
            text = text_of(fresh(), page)
            assert "1 partij wordt niet meer voorgesteld" in text, page
            assert "Deur noord , Hoogeveen Afgewezen: Kleur past niet" in text, page
            assert text.count("Deur noord") == 2, page  # and the button that takes it back
            assert "Toch weer voorstellen" in text, page
        assert "Wat past 1 partij" in text_of(fresh(), need)
        back = fresh().post(url.replace("afwijzen", "toch"), data={"vanaf": "behoefte"})
        assert back.headers["Location"] == need
        assert "Afgewezen" not in text_of(fresh(), need)
        sign_in(client, make_member())
        assert "Kleur past" not in text_of(client, need)

    def test_a_reason_is_asked_remembered_and_taken_back(self, planner, lots):
        plan_all()
        first, _ = lots
        assert "Past deze partij niet?" in text_of(planner, self.url(first))
        for reason, told in (("", "Vul in waarom dit voorstel niet past."), ("x", "Vertel in 3 tot 300 tekens")):
            refused = planner.post(self.url(first), data={"reason": reason})
            assert refused.status_code == 422
            assert told in refused.text
        assert planner.post(self.url(first), data={"reason": "Kleur past niet bij de gang"}).status_code == 303
        text = text_of(planner)
        assert "1 partij wordt niet meer voorgesteld" in text
        assert "Kleur past niet bij de gang" in text
        assert "12 st voorgesteld" not in text
        assert planner.post(self.url(first, "toch")).status_code == 303
        assert session.scalars(select(Dismissal)).all() == []
        assert "Kleur past niet" not in text_of(planner)

    @pytest.mark.usefixtures("builder")
    def test_a_reason_is_for_the_own_people(self, client, lots):
        plan_all()
        answering.dismiss(need_of(), lots[0], "Te lelijk voor ons", by(), clock.now())
        assert "Te lelijk" not in text_of(client)
        assert client.post(self.url(lots[0]), data={"reason": "Zomaar"}).status_code == 302
        sign_in(client, make_member())
        assert client.post(self.url(lots[1]), data={"reason": "Zomaar"}).status_code == 404
        assert client.post(self.url(lots[0], "toch")).status_code == 404
        assert session.scalars(select(Dismissal.reason)).all() == ["Te lelijk voor ons"]


class TestComputing:
    @pytest.mark.usefixtures("lots")
    def test_one_run_is_asked_for_and_its_progress_is_told(self, planner, builder):
        assert planner.post(f"{BOARD}/berekenen").status_code == 303
        run = session.scalars(select(PlanRun)).one()
        assert (run.state, run.requested_by_id) == (RunState.WAITING, builder.id)
        assert "Het plan wacht op zijn beurt" in text_of(planner)
        run.state, run.percent = RunState.RUNNING, 40
        text = text_of(planner)
        assert "Het plan wordt opnieuw berekend: 40 %" in text
        assert "Gevraagd door Bouwbedrijf Es" in text
        assert "Opnieuw berekenen" not in text
        planner.post(f"{BOARD}/berekenen")
        assert len(session.scalars(select(PlanRun)).all()) == 1

    @pytest.mark.usefixtures("lots")
    def test_the_fragment_that_a_page_asks_for_says_when_it_is_done(self, client):
        run = make_run(state=RunState.RUNNING, percent=70, finished_at=None)
        fragment = client.get("/voorstellen/berekening").text
        assert "70 %" in fragment
        assert "hx-get" in fragment
        assert "<html" not in fragment
        run = session.get(PlanRun, run.id)
        run.state, run.finished_at = RunState.DONE, clock.now()
        done = client.get("/voorstellen/berekening").text
        assert "De berekening is klaar." in done
        assert "hx-get" not in done

    @pytest.mark.usefixtures("lots")
    def test_a_run_that_found_nothing_better_says_so_and_one_that_failed_too(self, client):
        same = {"occasion": Occasion.ASKED, "standing_eur": Decimal(1000)}
        run = make_run(**same, value_eur=Decimal(1000))
        assert "Niets beters gevonden." in text_of(client)
        assert "Niets beters gevonden." in client.get("/voorstellen/berekening").text
        session.get(PlanRun, run.id).value_eur = Decimal("1000.01")
        assert "Niets beters gevonden." not in text_of(client)
        make_run(state=RunState.FAILED, finished_at=clock.now() + timedelta(seconds=1), error="It died twice.")
        assert "De laatste berekening is mislukt." in text_of(client)
        make_run(state=RunState.RUNNING, finished_at=None)
        text = client.get(BOARD).text
        assert "mislukt" not in text
        assert re.search(r'<noscript>.*<a href="">Kijk opnieuw</a>', text)

    @pytest.mark.usefixtures("lots")
    def test_only_who_has_needs_here_asks(self, client):
        sign_in(client, make_member())
        assert client.post(f"{BOARD}/berekenen").status_code == 404
        assert session.scalars(select(PlanRun)).all() == []


class TestBetterPlans:
    @pytest.fixture
    def better(self, lots):
        """A better plan on offer that gives three doors of the first lot to another need."""
        plan_all()
        first, _ = lots
        run = session.scalars(select(PlanRun)).one()
        lines = [
            ImprovementLine(
                listing_id=first.id, need_id=need_of().id, before=Decimal(12), after=Decimal(9),
                value_before_eur=Decimal(900), value_after_eur=Decimal(700),
            ),
        ]  # fmt: skip
        improvement = Improvement(run_id=run.id, gain_eur=Decimal("214.50"), lines=lines)
        session.add(improvement)
        session.flush()
        return improvement

    @pytest.mark.usefixtures("better")
    def test_who_has_no_part_in_it_reads_no_gain_by_the_rates_of_others(self, client, builder):
        set_rates(session.get(type(builder), builder.id), Rates(trip_eur=Decimal(3)), by())
        text = text_of(client)
        assert "Beter plan: verandert 1 voorstel" in text
        assert "214,50" not in text
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        assert "Beter plan: + € 214,50" in text_of(client)

    @pytest.mark.usefixtures("better")
    def test_it_is_listed_from_before_to_after_and_never_imposed(self, client):
        text = text_of(client)
        assert "Beter plan: + € 214,50, verandert 1 voorstel" in text
        assert re.search(r"Deur noord , Hoogeveen Twintig deuren Twaalf woningen 12 st 9 st", text)
        assert "Neem dit plan over" not in text
        assert "A 12 st voorgesteld" in text

    def test_one_that_cannot_be_any_more_says_so_and_is_offered_no_longer(self, planner, better):
        assert "Neem dit plan over" in text_of(planner)
        answer = planner.post(f"{BOARD}/beter/{better.id}", follow_redirects=True)
        assert "achterhaald" in answer.text
        assert session.get(Improvement, better.id).state is ImprovementState.OUTDATED
        assert "Beter plan" not in text_of(planner)

    def test_it_is_taken_over_with_one_button(self, planner, project):
        make_listing(total=20, name="Dure deur", price_eur=Decimal(60))
        make_need(project, title="Twintig deuren", quantity=Decimal(20))
        plan_all()
        make_listing(total=20, name="Goedkope deur", price_eur=Decimal(5))
        plan_all()
        offered = text_of(planner)
        assert "verandert deze 2 voorstellen" in offered
        assert re.search(r"Dure deur , Hoogeveen Twintig deuren Twaalf woningen 20 st niets", offered)
        assert re.search(r"Goedkope deur , Hoogeveen Twintig deuren Twaalf woningen niets 20 st", offered)
        better = session.scalars(select(Improvement)).one()
        answer = planner.post(f"{BOARD}/beter/{better.id}", follow_redirects=True)
        assert "De voorstellen zijn vervangen" in answer.text
        taken = text_of(planner)
        assert "Beter plan" not in taken
        assert "Dure deur" not in taken
        assert [proposal.quantity for proposal in session.scalars(select(Proposal))] == [20]

    @pytest.fixture
    def wish(self, project, builder):
        """What Woonservice wants of the builder: where it is answered, and the people of both."""
        make_listing(total=20, name="Deur", price_eur=Decimal(15))
        make_need(project, title="Twintig deuren", quantity=Decimal(20))
        plan_all()
        asker = make_organisation(name="Woonservice", slug="woonservice")
        esdorp = make_project(asker, name="Esdorp", slug="esdorp", at="Assen")
        make_need(esdorp, title="Dure deuren", quantity=Decimal(18), new_eur=Decimal(300))
        plan_all()
        better = session.scalars(select(Improvement)).one()
        return f"/projecten/{{}}/voorstellen/beter/{better.id}", make_member(asker), make_member(builder)

    def test_who_would_get_less_is_asked_first(self, client, wish):
        url, asker, builder = wish
        sign_in(client, asker)
        text = text_of(client, "/projecten/esdorp/voorstellen")
        assert "Eerst moet akkoord geven wie hierdoor minder krijgt: Bouwbedrijf Es. Vraag om dit plan" in text
        builder_id = builder.id
        assert "Uw akkoord is genoteerd" in client.post(url.format("esdorp"), follow_redirects=True).text
        text = text_of(client, "/projecten/esdorp/voorstellen")
        assert "Wacht op akkoord van Bouwbedrijf Es." in text
        assert "Vraag om dit plan" not in text
        assert [row.quantity for row in session.scalars(select(Proposal))] == [20]
        sign_in(client, session.get(User, builder_id))
        text = text_of(client)
        assert re.search(
            r"Woonservice vraagt: uw 18 st Deur naar Esdorp, \+ € [\d.,]+ voor het geheel; u houdt hiervan 2 st\.", text
        )
        assert "Akkoord Nee, laat het zo" in text
        assert "De voorstellen zijn vervangen" in client.post(url.format("twaalf"), follow_redirects=True).text
        rows = session.scalars(select(Proposal.quantity).order_by(Proposal.quantity))
        assert rows.all() == [2, 18]

    def test_who_would_get_less_may_say_no_and_nobody_else(self, client, wish):
        url, asker, builder = wish
        builder_id = builder.id
        sign_in(client, asker)
        client.post(url.format("esdorp"))
        refused = client.post(url.format("esdorp") + "/nee", follow_redirects=True)
        assert "Alleen wie door dit betere plan minder krijgt" in refused.text
        sign_in(client, session.get(User, builder_id))
        answer = client.post(url.format("twaalf") + "/nee", follow_redirects=True)
        assert "De voorstellen blijven zoals ze zijn." in answer.text
        assert session.scalars(select(Improvement.state)).all() == [ImprovementState.OUTDATED]
        assert "Woonservice vraagt" not in text_of(client)
        assert [row.quantity for row in session.scalars(select(Proposal))] == [20]

    def test_nobody_else_takes_it_over(self, client, better):
        sign_in(client, make_member())
        assert client.post(f"{BOARD}/beter/{better.id}").status_code == 404
        assert session.get(Improvement, better.id).state is ImprovementState.OFFERED


class TestRates:
    URL = "/organisaties/es/rekenwaarden"

    def test_each_rate_tells_what_is_usual_and_where_that_comes_from(self, planner):
        text = text_of(planner, self.URL)
        for told in ("Gebruikelijk: € 120,00", "Gebruikelijk: € 95,00", "Gebruikelijk: 5 mm", "Gebruikelijk: 100 %"):
            assert told in text
        assert "Aanname van Materialenhub" in text

    def test_rates_are_kept_shown_and_emptied(self, planner, builder):
        form = {"eur_per_1000_tkm": "150", "trip_eur": "", "kerf_mm": "4", "mki_percent": "200"}
        assert planner.post(self.URL, data=form).status_code == 303
        kept = rates_of(builder.id)
        assert (kept.eur_per_1000_tkm, kept.trip_eur, kept.kerf_mm, kept.mki_percent) == (150, None, 4, 200)
        assert 'value="150' in planner.get(self.URL).text
        planner.post(self.URL, data=dict.fromkeys(form, ""))
        assert rates_of(builder.id).kerf_mm is None

    def test_a_mistake_stands_at_its_field_and_nothing_is_lost(self, planner, builder):
        answer = planner.post(self.URL, data={"eur_per_1000_tkm": "99999", "trip_eur": "80", "kerf_mm": "900"})
        assert answer.status_code == 422
        assert 'value="99999"' in answer.text
        assert rates_of(builder.id).trip_eur is None

    @pytest.mark.usefixtures("builder")
    def test_they_are_for_the_own_people(self, client):
        assert client.get(self.URL).status_code == 302
        sign_in(client, make_member())
        assert client.get(self.URL).status_code == 404
        assert client.post(self.URL, data={"trip_eur": "1"}).status_code == 404


class TestShares:
    def test_what_has_a_destination_is_told_with_its_table(self, client, project):
        harvest = make_project(name="Sloop", slug="sloop")
        make_listing(total=30, project_id=harvest.id, price_eur=Decimal(10), kg_per_unit=Decimal(20))
        make_need(project, quantity=Decimal(12), new_eur=Decimal(100))
        make_need(project, category="toilet", quantity=Decimal(12), new_eur=Decimal(100))
        plan_all()
        text = text_of(client, "/projecten")
        assert "Van wat vrijkomt heeft een bestemming 40 %" in text
        assert "240 kg van 600 kg: 0 kg gereserveerd of opgehaald, 240 kg voorgesteld" in text
        assert "Van wat nodig is kan hergebruikt zijn 50 %" in text
        assert "Binnendeur" in text
        assert "de aantallen van de partijen maal de massa in hun paspoort" in text

    def test_one_table_counts_in_one_unit(self, client):
        harvest = make_project(name="Sloop", slug="sloop")
        make_listing(total=30, project_id=harvest.id, kg_per_unit=Decimal(2000))
        make_listing(total=1, project_id=harvest.id, kg_per_unit=Decimal(24), category="toilet")
        rows = text_of(client, "/projecten").split("Naar gewicht")[1].split("Naar waarde")[0]
        assert re.search(r"60,00 t 0,00 t 0,00 t 0 %", rows)
        assert re.search(r"0,02 t 0,00 t 0,00 t 0 % Samen 60,02 t", rows)
        assert " kg" not in rows

    @pytest.mark.usefixtures("builder")
    def test_an_organisation_adds_up_its_own_projects(self, client, project):
        make_need(project, quantity=Decimal(12), new_eur=Decimal(100))
        make_need(make_project(), category="toilet", quantity=Decimal(12), new_eur=Decimal(100))
        make_listing(total=12)
        plan_all()
        text = text_of(client, "/organisaties/es/hergebruik")
        assert "Van wat nodig is kan hergebruikt zijn 100 %" in text
        assert "Twaalf woningen" in text


class TestStories:
    @pytest.mark.usefixtures("lots", "project")
    def test_a_match_tells_where_it_comes_from_what_decided_and_its_account(self, client):
        plan_all()
        text = text_of(client, "/projecten/twaalf")
        story = text.split("Zo kwam dit tot stand")[1]
        assert "12 st Deur noord" in story
        assert "Nog 1 andere partij past" in story
        assert "die het meest waard zijn" not in story
        assert "Waarde:" in story

    def test_the_three_most_valuable_are_told_as_three_of_all(self, client, project):
        for _ in range(4):
            make_listing(total=2)
        make_need(project, quantity=Decimal(8))
        plan_all()
        assert "Zo kwam dit tot stand de 3 die het meest waard zijn, van 4" in text_of(client, "/projecten/twaalf")

    def test_after_a_reservation_only_what_is_true_then_is_said_of_others(self, client, lots, builder):
        first, _ = lots
        make_reservation(first, builder.id, 12, need_id=need_of().id, project_id=need_of().project_id)
        first.available, first.held = Decimal(0), Decimal(12)
        plan_all()
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        story = text_of(client, "/projecten/twaalf").split("Zo kwam dit tot stand")[1].split("Vastgelegd voor")[0]
        assert story.count("Voor wat nog ontbreekt is het de enige partij die past.") == 1
        assert "Nog 1 andere" not in story
        need_of().quantity = Decimal(12)
        story = text_of(client, "/projecten/twaalf").split("Zo kwam dit tot stand")[1].split("Vastgelegd voor")[0]
        assert "12 st Deur noord" in story
        assert "enige partij" not in story

    def test_what_is_reserved_is_explained_to_the_own_people_alone(self, client, lots, builder):
        first, _ = lots
        make_reservation(first, builder.id, 12, need_id=need_of().id, project_id=need_of().project_id)
        first.available, first.held = Decimal(0), Decimal(12)
        assert "Deur noord" not in text_of(client, "/projecten/twaalf")
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        story = text_of(client, "/projecten/twaalf").split("Zo kwam dit tot stand")[1]
        assert "12 st Deur noord" in story
        assert "Gereserveerd" in story
        assert "meeste waard" not in story, "people chose it, and not a plan"

    def test_what_is_reserved_is_explained_whatever_the_budget_is(self, client, lots, builder):
        first, _ = lots
        need_of().max_price = Decimal("9.99")
        make_reservation(first, builder.id, 12, need_id=need_of().id, project_id=need_of().project_id)
        first.available, first.held = Decimal(0), Decimal(12)
        sign_in(client, make_member(session.get(type(builder), builder.id)))
        assert "12 st Deur noord" in text_of(client, "/projecten/twaalf").split("Zo kwam dit tot stand")[1]
