"""Splitting, merging, building in, harvesting, milling and writing off by people, and the family on the page."""

from decimal import Decimal

import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import ListingStatus
from marketplace.listings.queries import of_passport
from marketplace.passports import lineage
from marketplace.passports.ancestry import family_of, installations_of
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.harvesting import harvest, mill
from marketplace.passports.models import PassportStatus
from tests.factories import make_listing, make_member, make_organisation, make_project, sign_in
from tests.passports.lineages import ACT, layer, make_building, make_clean, make_road
from tests.web.reading import sent_back

DAY = clock.today().isoformat()


@pytest.fixture
def owner(context):
    return make_organisation()


@pytest.fixture
def passport(owner):
    return make_clean(owner)


@pytest.fixture
def trader(client, owner):
    return sign_in(client, make_member(owner))


def send(client, passport, step, **fields):
    return client.post(f"/paspoort/{passport.code}/{step}", data=fields)


def after(passport):
    session.expire_all()
    return session.get(type(passport), passport.id)


def children(passport):
    return [link.child_id for link in family_of(passport).links if link.parent_id == passport.id]


class TestSplitting:
    def test_a_part_gets_a_page_of_its_own_with_a_label(self, trader, passport):
        answer = send(trader, passport, "splitsen", quantity="12")
        page = trader.get(answer.headers["Location"])
        assert "Afgesplitst. Print het nieuwe label." in page.text
        assert "12 st" in page.text
        assert after(passport).quantity == 28

    def test_several_parts_lead_back_to_the_family(self, trader, passport):
        answer = send(trader, passport, "splitsen", quantity="12", parts="2")
        assert answer.headers["Location"] == f"/paspoort/{passport.code}"
        assert (after(passport).quantity, len(children(passport))) == (16, 2)

    def test_a_lot_on_offer_is_split_with_its_terms(self, trader, owner, passport):
        lot = make_listing(owner, passport=passport)
        send(trader, passport, "splitsen", quantity="12")
        (child,) = children(after(passport))
        (part,) = of_passport(child)
        assert (part.status, part.total, part.price_eur) == (ListingStatus.DRAFT, 12, lot.price_eur)
        session.refresh(lot)
        assert lot.total == 28

    def test_what_is_held_is_told_and_stays(self, trader, owner, passport):
        make_listing(owner, passport=passport, held=Decimal(30))
        answer = send(trader, passport, "splitsen", quantity="12")
        assert (answer.status_code, "40 st te koop of gereserveerd" in answer.text) == (422, True)
        assert after(passport).quantity == 40

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"quantity": ""}, "Vul in hoeveel u afsplitst."),
            ({"quantity": "41"}, "Er is nog maar 40 st over."),
            ({"quantity": "40"}, "Dat is alles wat er is."),
            ({"quantity": "1,5"}, "heel getal"),
            ({"quantity": "veel"}, "geen getal"),
            ({"quantity": "1", "parts": "51"}, "van 1 tot en met 50"),
        ],
    )
    def test_what_cannot_be_is_told_at_the_field_and_kept(self, trader, passport, fields, said):
        answer = send(trader, passport, "splitsen", **fields)
        assert (answer.status_code, said in answer.text) == (422, True)
        assert f'value="{fields["quantity"]}"' in answer.text
        assert after(passport).quantity == 40

    def test_a_double_tap_is_one_step(self, trader, passport):
        key = sent_back(trader.get(f"/paspoort/{passport.code}/splitsen").text)["request_key"]
        places = {send(trader, passport, "splitsen", quantity="12", request_key=key).headers["Location"] for _ in "ab"}
        assert (len(places), after(passport).quantity) == (1, 28)


class TestOtherSteps:
    def test_merging_offers_what_is_the_same_and_nothing_else(self, trader, owner, passport):
        same, longer = make_clean(owner), make_clean(owner, length_mm=2015)
        form = trader.get(f"/paspoort/{passport.code}/samenvoegen").text
        assert (same.code in form, longer.code in form) == (True, False)
        answer = send(trader, passport, "samenvoegen", codes=[same.code])
        assert "80 st" in trader.get(answer.headers["Location"]).text
        assert after(passport).status is PassportStatus.REPLACED

    def test_merging_needs_a_choice(self, trader, owner, passport):
        make_clean(owner)
        assert "Kies waarmee" in send(trader, passport, "samenvoegen").text
        assert send(trader, passport, "samenvoegen", codes=[make_clean().code]).status_code == 422

    def test_building_in_is_for_who_works_on_site_too(self, client, owner, passport):
        worker = sign_in(client, make_member(owner, Role.SITE))
        project = make_project(owner, name="Bouw Assen")
        fields = {"quantity": "12", "project": str(project.id), "where": "lokaal 3", "on": DAY}
        answer = send(worker, passport, "inbouwen", **fields)
        assert "ingebouwd in Bouw Assen" in worker.get(answer.headers["Location"]).text
        assert send(worker, passport, "splitsen", quantity="1").status_code == 404, "a trader's step"

    def test_building_in_reads_the_code_of_the_work(self, trader, passport):
        school = make_building()
        answer = send(
            trader, passport, "inbouwen", quantity="40", project="", into=f"HTTPS://H/ID/{school.code}", on=DAY
        )
        assert answer.status_code == 303
        assert installations_of([passport.id])[passport.id].into_id == school.id

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"place": ""}, "Vul in waarin het wordt ingebouwd"),
            ({"into": "boomklomp"}, "In onze codes komt"),
            ({"on": "2199-01-01"}, "Deze dag moet nog komen"),
            ({"on": ""}, "Vul in wanneer."),
            ({"quantity": "41"}, "nog maar 40 st"),
        ],
    )
    def test_what_cannot_be_built_in_is_told_at_the_field(self, trader, passport, fields, said):
        answer = send(
            trader, passport, "inbouwen", **{"quantity": "40", "project": "", "place": "School", "on": DAY} | fields
        )
        assert (answer.status_code, said in answer.text) == (422, True)

    def test_harvesting_again_names_the_building_as_origin(self, trader, passport):
        lineage.install(passport, place="School Beilen", on=clock.today(), act=ACT)
        answer = send(trader, passport, "oogsten", quantity="38", lost="2", reason="Gebroken")
        page = trader.get(answer.headers["Location"]).text
        assert "Geoogst." in page
        assert "School Beilen" in page
        old = trader.get(f"/paspoort/{passport.code}").text
        assert "Dit paspoort is vervangen." in old

    def test_harvesting_with_loss_needs_a_reason(self, trader, passport):
        lineage.install(passport, place="School", on=clock.today(), act=ACT)
        answer = send(trader, passport, "oogsten", quantity="38", lost="2")
        assert (answer.status_code, "Vul in wat er gebeurd is." in answer.text) == (422, True)

    def test_elements_of_a_building_are_harvested_one_kind_at_a_time(self, trader, owner):
        school = make_building(owner=owner)
        assert "Binnendeur, 20 st" in trader.get(f"/paspoort/{school.code}/oogsten").text
        answer = send(trader, school, "oogsten", part="deur", quantity="15")
        assert "15 st" in trader.get(answer.headers["Location"]).text

    def test_milling_asks_for_each_layer_of_asphalt(self, trader, owner):
        road = make_road(layer("D1", 100), layer("O1", 200), owner=owner)
        form = trader.get(f"/paspoort/{road.code}/frezen").text
        assert "Vak V1, deklaag AC 16 surf: 100 t" in form
        too_much = send(trader, road, "frezen", layer_0="50", layer_1="221")
        assert (too_much.status_code, "Van V1/O1 is nog 200 t over" in too_much.text) == (422, True)
        answer = send(trader, road, "frezen", layer_0="50", layer_1="210")
        assert "260 t" in trader.get(answer.headers["Location"]).text
        assert "Vul in van welke laag" in send(trader, road, "frezen").text

    def test_writing_off_says_why_and_the_public_does_not_read_it(self, trader, passport):
        assert send(trader, passport, "afschrijven", quantity="3").status_code == 422
        answer = send(trader, passport, "afschrijven", quantity="3", reason="Jan reed eroverheen")
        page = trader.get(answer.headers["Location"]).text
        assert "3 st afgeschreven" in page
        assert "Jan reed" not in page
        send(trader, passport, "afschrijven", quantity="37", reason="Brand")
        assert "Hiervan is niets meer over." in trader.get(f"/paspoort/{passport.code}").text

    def test_what_is_on_offer_is_not_built_in_or_written_off(self, trader, owner, passport):
        make_listing(owner, passport=passport)
        for step, fields in (
            ("inbouwen", {"project": "", "place": "School", "on": DAY}),
            ("afschrijven", {"reason": "weg"}),
        ):
            answer = send(trader, passport, step, quantity="1", **fields)
            assert (answer.status_code, "te koop of gereserveerd" in answer.text) == (422, True)

    def test_more_than_there_is_is_said_to_be_more_though_all_is_on_offer(self, trader, owner, passport):
        make_listing(owner, passport=passport)
        answer = send(trader, passport, "inbouwen", quantity="41", project="", place="School", on=DAY)
        assert (answer.status_code, "Er is nog maar 40 st over." in answer.text) == (422, True)
        assert "te koop of gereserveerd" not in answer.text


class TestWho:
    @pytest.mark.parametrize("step", ["splitsen", "samenvoegen", "inbouwen", "afschrijven"])
    def test_others_find_no_such_page(self, client, passport, step):
        assert client.get(f"/paspoort/{passport.code}/{step}").status_code == 302
        stranger = sign_in(client, make_member())
        assert stranger.get(f"/paspoort/{passport.code}/{step}").status_code == 404
        assert send(stranger, passport, step, quantity="1", reason="x", place="x", on=DAY).status_code == 404
        assert after(passport).quantity == 40

    @pytest.mark.parametrize(
        ("make", "steps"),
        [
            (make_clean, ["inbouwen", "splitsen", "samenvoegen", "afschrijven"]),
            (
                lambda owner: lineage.install(make_clean(owner), place="A", on=clock.today(), act=ACT),
                ["oogsten", "afschrijven"],
            ),
            (lambda owner: make_road(layer("D1", 9), owner=owner), ["frezen", "afschrijven"]),
            (lambda owner: make_building(owner=owner), ["oogsten", "afschrijven"]),
            (lambda owner: make_clean(owner, status=PassportStatus.WITHDRAWN), []),
        ],
    )
    def test_only_what_can_be_done_now_is_offered_and_every_offer_opens(self, trader, owner, make, steps):
        passport = make(owner)
        page = trader.get(f"/paspoort/{passport.code}").text
        for step in ("inbouwen", "splitsen", "samenvoegen", "oogsten", "frezen", "afschrijven"):
            path = f"/paspoort/{passport.code}/{step}"
            assert (f'href="{path}"' in page) == (step in steps), step
            assert trader.get(path).status_code == (200 if step in steps else 404)

    def test_a_step_that_came_too_late_is_told(self, trader, passport):
        lineage.install(passport, place="School", on=clock.today(), act=ACT)
        answer = send(trader, passport, "splitsen", quantity="1")
        assert (answer.status_code, "Dit kan nu niet" in answer.text) == (409, True)

    def test_the_scan_page_leads_on_to_building_in_and_splitting(self, trader, owner, passport):
        make_listing(owner, passport=passport)
        page = trader.get(f"/scan/{passport.code}").text
        assert f'href="/paspoort/{passport.code}/inbouwen"' in page
        assert f'href="/paspoort/{passport.code}/splitsen"' in page


class TestFamily:
    def test_a_thing_with_no_family_shows_none(self, client, passport):
        assert "Stamboom" not in client.get(f"/paspoort/{passport.code}").text

    def test_anyone_sees_where_it_came_from_and_what_became_of_it(self, client, passport):
        (child,) = lineage.split(passport, [Decimal(12)], ACT)
        (grandchild,) = lineage.split(child, [Decimal(5)], ACT)
        page = " ".join(client.get(f"/paspoort/{child.code}").text.split())
        for fact in ("Stamboom", "3 paspoorten", "12 st afgesplitst", "5 st afgesplitst", "28 st, 560 kg"):
            assert fact in page
        for code in (passport.code, grandchild.code):
            assert page.count(f'href="/paspoort/{code}"') == 2, "in the drawing and in the list"
        assert f'href="/paspoort/{child.code}"' not in page

    def test_what_is_built_in_is_dashed_and_the_present_one_stands_out(self, client, passport):
        built_in = lineage.install(passport, place="School", on=clock.today(), quantity=Decimal(12), act=ACT)
        page = client.get(f"/paspoort/{passport.code}").text
        assert page.count("family__card--built-in") == 1
        assert page.count("family__card--present") == 1
        assert "family__card--built-in family__card" not in page
        assert "family__card--present family__card--built-in" in client.get(f"/paspoort/{built_in.code}").text

    def test_an_old_code_leads_on_to_all_that_it_became(self, client, passport):
        parts = lineage.split(passport, [Decimal(12), Decimal(28)], ACT)
        page = " ".join(client.get(f"/paspoort/{passport.code}").text.split())
        assert "Dit paspoort is vervangen." in page
        notice = page[page.index('class="became"') : page.index("</ul>", page.index('class="became"'))]
        for part, amount in zip(parts, ("12 st", "28 st"), strict=True):
            assert part.code in notice
            assert f"{amount} afgesplitst" in notice
        assert ">0 st" not in page
        assert 'href="/label' not in page, "no new labels for what is gone"

    def test_a_draft_of_somebody_else_is_no_news(self, client, owner, passport):
        passport.building_year = 1978
        (child,) = lineage.split(passport, [Decimal(12)], ACT)
        assert child.status is PassportStatus.DRAFT, "nobody knows whether there is lead in it"
        link = f'href="/paspoort/{child.code}"'
        assert link not in client.get(f"/paspoort/{passport.code}").text
        assert link in sign_in(client, make_member(owner)).get(f"/paspoort/{passport.code}").text

    def test_a_whole_life_is_one_family(self, client, owner):
        school = make_building(owner=owner)
        doors = harvest(school, part="deur", quantity=Decimal(20), act=ACT)
        built_in = lineage.install(doors, place="School Assen", on=clock.today(), quantity=Decimal(10), act=ACT)
        again = harvest(built_in, quantity=Decimal(9), lost=Decimal(1), reason="Stuk", act=ACT)
        page = client.get(f"/paspoort/{again.code}").text
        for passport in (school, doors, built_in):
            assert f"/paspoort/{passport.code}" in page
        assert lineage_imbalances() == []

    def test_milled_asphalt_names_its_layers(self, client, owner):
        road = make_road(layer("D1", 100), layer("O1", 100), owner=owner)
        lot = mill(road, {"V1/D1": Decimal(50), "V1/O1": Decimal(20)}, ACT)
        page = client.get(f"/paspoort/{lot.code}").text
        assert "50 t gefreesd, vak V1, deklaag AC 16 surf" in page
        assert "20 t gefreesd, vak V1, " in page

    def test_a_large_family_is_cut_off_and_says_so(self, client, owner):
        passport = make_clean(owner, quantity=Decimal(99))
        for _ in range(2):
            lineage.split(passport, [Decimal(1)] * 40, ACT)
        assert "Er zijn er meer dan hier passen" in client.get(f"/paspoort/{passport.code}").text

    def test_names_are_written_as_they_are_into_the_drawing(self, client, owner):
        passport = make_clean(owner, name='Deur <b onclick="x">')
        lineage.split(passport, [Decimal(1)], ACT)
        page = client.get(f"/paspoort/{passport.code}").text
        assert "<b onclick" not in page
        assert "Deur &lt;b onclick=" in page
