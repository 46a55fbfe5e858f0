"""Adding what comes out of a building on the pages of its project, and reading of every estimate that it is one."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.projects.buildings import BuildingType
from marketplace.projects.models import Project, ProjectKind
from marketplace.projects.queries import get_project
from marketplace.reservations.baskets import Line as BasketLine
from marketplace.reservations.baskets import hold_for_project
from tests.factories import by, make_listing, make_member, make_need, make_organisation, make_project, sign_in, sign_out
from tests.planned import plan_all
from tests.web.reading import sent_back


@pytest.fixture
def contractor(context):
    return make_organisation(name="Sloopbedrijf Noord")


@pytest.fixture
def project(contractor):
    return make_project(
        contractor,
        name="Sloop Sleen",
        slug="sleen",
        at="Sleen",
        kind=ProjectKind.DEMOLITION,
        building_type=BuildingType.TERRACED_HOUSE,
        floor_area_m2=1000,
        dwellings=10,
        building_year=1965,
    )


@pytest.fixture
def trader(client, contractor, project):
    return sign_in(client, make_member(contractor))


ESTIMATE = "/projecten/sleen/oogst/schatten"


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def chosen(*taken, publish="1", **more):
    """Return what the form sends where only these lines are taken, each of 30 pieces for 18 euros."""
    lines = {f"take_{key}": "y" for key in taken} | {f"amount_{key}": "30" for key in taken}
    prices = {f"price_{key}": "18" for key in taken}
    return {"grade": "C", "short_harvest": "first_come", "publish": publish} | lines | prices | more


def count_listings():
    return session.scalar(select(func.count()).select_from(Listing))


def is_ticked(page, key):
    return "checked" in re.search(rf'<input[^>]*id="take_{key}"[^>]*>', page)[0]


class TestWays:
    def test_there_are_three_from_the_page_of_the_project(self, trader):
        assert "/projecten/sleen/oogst" in trader.get("/projecten/sleen").text
        page = trader.get("/projecten/sleen/oogst").text
        assert ESTIMATE in page
        assert re.search(r'href="/aanbieden\?project=\d+"', page)
        assert "Er is nog geen gebouw met een oogst" in page

    @pytest.mark.usefixtures("trader")
    def test_what_the_building_is_comes_first(self, client, project):
        project.building_type = project.floor_area_m2 = None
        session.flush()
        page = client.get("/projecten/sleen/oogst").text
        assert ESTIMATE not in page
        assert page.count("/projecten/sleen/wijzigen") == 2
        for path in (ESTIMATE, "/projecten/sleen/oogst/overnemen?van=x"):
            assert client.get(path).location == "/projecten/sleen/wijzigen"

    def test_they_are_not_for_others(self, client, project):
        sign_in(client, make_member())
        for path in ("/projecten/sleen/oogst", ESTIMATE, "/projecten/sleen/oogst/overnemen"):
            assert client.get(path).status_code == 404
        assert client.post(ESTIMATE, data=chosen("radiator")).status_code == 404
        sign_in(client, make_member(session.get_one(Project, project.id).organisation, Role.SITE))
        assert client.get(ESTIMATE).status_code == 403
        assert count_listings() == 0

    @pytest.mark.usefixtures("trader")
    def test_nothing_comes_out_of_a_building_that_is_still_to_be_built_or_out_of_a_road(self, client, contractor):
        for kind in (ProjectKind.CONSTRUCTION, ProjectKind.ROAD):
            slug = make_project(contractor, kind=kind).slug
            assert client.get(f"/projecten/{slug}/oogst").status_code == 404


class TestByHand:
    def test_the_days_and_the_building_of_the_project_are_filled_in(self, trader, project):
        page = trader.get(f"/aanbieden?project={project.id}").text
        filled_in = {
            "available_from": project.starts_on,
            "available_until": project.ends_on,
            "building_year": 1965,
            "origin": "Sloop Sleen",
        }
        for name, value in filled_in.items():
            assert re.search(rf'id="{name}"[^>]*value="{value}"', page)

    def test_of_a_project_of_somebody_else_nothing_is(self, trader):
        other = make_project(make_organisation(), name="Sloop Elders", kind=ProjectKind.DEMOLITION, building_year=1931)
        page = trader.get(f"/aanbieden?project={other.id}").text
        assert "Sloop Elders" not in page
        assert "1931" not in page


class TestEstimate:
    def test_shows_a_range_for_each_line_and_offers_the_least_of_it(self, trader):
        page = trader.get(ESTIMATE)
        assert page.status_code == 200
        assert "Rijwoningen, 1.000 m² bvo" in words(page)
        assert "30 tot 70 st, schatting" in words(page)
        assert re.search(r'id="amount_radiator"[^>]*value="30"', page.text)
        assert is_ticked(page.text, "radiator")
        assert "Blijft concept tot dit is uitgesloten: lood" in words(page)

    @pytest.mark.usefixtures("trader")
    def test_ticks_nothing_that_must_be_seen_first_or_is_there_already(self, client, contractor, project):
        project.building_type = BuildingType.FLAT
        make_listing(contractor, category="radiator", project_id=project.id, status=ListingStatus.DRAFT)
        page = client.get(ESTIMATE)
        assert "Alleen als er galerijen of balkons zijn" in words(page)
        assert "Deze soort staat al bij het project" in words(page)
        ticked = [key for key in ("balustrade", "radiator", "kitchen") if is_ticked(page.text, key)]
        assert ticked == ["kitchen"]

    def test_offers_the_chosen_lines_at_once_and_keeps_as_a_draft_what_may_not_be_offered_yet(self, trader):
        answer = trader.post(ESTIMATE, data=chosen("radiator", "door_interior", amount_door_interior="45"))
        assert (answer.status_code, answer.location) == (303, "/projecten/sleen#harvest")
        page = words(trader.get("/projecten/sleen"))
        assert "2 partijen toegevoegd. 1 daarvan is nog concept." in page
        assert "30 tot 70 st, schatting" in page
        assert "Nog niet in het aanbod" in page
        assert "onbekend: lood" in page
        assert "Nog niet in het aanbod" not in words(sign_out(trader).get("/projecten/sleen"))

    def test_can_be_had_until_the_work_ends_unless_somebody_says_otherwise(self, trader, project):
        page = trader.get(ESTIMATE).text
        assert re.search(rf'id="available_until"[^>]*value="{project.ends_on}"', page)
        trader.post(ESTIMATE, data=chosen("radiator", available_until=str(project.ends_on)))
        sooner = project.starts_on + timedelta(days=9)
        trader.post(ESTIMATE, data=chosen("toilet", amount_toilet="9", available_until=str(sooner)))
        lots = {lot.passport.category: lot.available_until for lot in listings.of_project(project.id)}
        assert lots == {"radiator": project.ends_on, "toilet": sooner}

    def test_an_end_before_its_beginning_is_told_at_the_field(self, trader):
        answer = trader.post(ESTIMATE, data=chosen("radiator", available_until="2020-03-12"))
        assert answer.status_code == 422
        assert "De laatste dag ligt voor de eerste dag" in words(answer)
        assert re.search(r'aria-invalid="true"[^>]*id="available_until"', answer.text)

    def test_keeps_everything_as_a_draft_where_that_was_asked(self, trader, project):
        trader.post(ESTIMATE, data=chosen("radiator", publish="0"))
        assert "gratis" not in words(trader.get("/projecten/sleen"))
        assert [lot.status for lot in listings.drafts_of_project(project.id, project.organisation_id)] == ["draft"]

    def test_without_a_price_it_stays_a_draft_that_is_not_free(self, trader, project):
        trader.post(ESTIMATE, data=chosen("radiator", price_radiator=""))
        assert not listings.of_project(project.id)
        (lot,) = listings.drafts_of_project(project.id, project.organisation_id)
        assert lot.price_open
        page = words(trader.get("/projecten/sleen"))
        assert "prijs nog niet bekend" in page
        assert "ratis" not in page
        page = words(trader.get(f"/aanbod/{lot.reference}"))
        assert page.index("Publiceer") < page.index("Tel de oogst")
        assert "Prijs nog niet bekend" in page
        assert "Gratis" not in page

    @pytest.mark.parametrize("price", ["0", "gratis"])
    def test_what_is_said_to_be_free_is_offered_for_nothing(self, trader, project, price):
        trader.post(ESTIMATE, data=chosen("radiator", price_radiator=price))
        (lot,) = listings.of_project(project.id)
        assert (lot.price_open, lot.price_eur) == (False, 0)

    def test_a_draft_without_a_price_is_not_published_for_nothing(self, trader, project):
        trader.post(ESTIMATE, data=chosen("radiator", price_radiator=""))
        (lot,) = listings.drafts_of_project(project.id, project.organisation_id)
        answer = trader.post(f"/aanbod/{lot.reference}/publiceren")
        assert answer.location == f"/aanbod/{lot.reference}/wijzigen?ontbreekt=prijs#price_eur"
        page = trader.get(answer.location)
        assert re.search(r'id="price_eur-error".*?Vul een prijs in, of kies gratis', page.text, re.DOTALL)
        assert not re.search(r'<input[^>]*checked[^>]*id="free"', page.text)
        sent = sent_back(page.text)
        del sent["request_key"]
        assert trader.post(f"/aanbod/{lot.reference}/wijzigen", data=sent | {"publish": "1"}).status_code == 422
        assert trader.post(f"/aanbod/{lot.reference}/wijzigen", data=sent | {"publish": "0"}).status_code == 303
        assert lot.price_open
        priced = sent | {"publish": "1", "price_eur": "gratis"}
        assert trader.post(f"/aanbod/{lot.reference}/wijzigen", data=priced).status_code == 303
        assert (lot.status, lot.price_open, lot.price_eur) == (ListingStatus.PUBLISHED, False, 0)
        emptied = sent_back(trader.get(f"/aanbod/{lot.reference}/wijzigen").text) | {"publish": "0", "price_eur": ""}
        del emptied["free"]
        assert trader.post(f"/aanbod/{lot.reference}/wijzigen", data=emptied).status_code == 422

    def test_who_goes_back_does_not_add_the_same_line_twice_unless_it_is_ticked_anew(self, trader):
        before = chosen("radiator")
        trader.post(ESTIMATE, data=before)
        again = trader.post(ESTIMATE, data=before | chosen("toilet", amount_toilet="9"))
        assert again.status_code == 422
        assert "Deze soort staat al bij het project. Vink de regel opnieuw aan" in words(again)
        assert [is_ticked(again.text, key) for key in ("radiator", "toilet")] == [False, True]
        assert count_listings() == 1
        anew = sent_back(again.text) | {"take_radiator": "y", "publish": "1"}
        assert trader.post(ESTIMATE, data=anew).status_code == 303
        assert count_listings() == 3

    def test_sent_twice_with_one_key_it_is_done_once(self, trader):
        data = chosen("radiator", request_key="een-en-dezelfde")
        first, second = (trader.post(ESTIMATE, data=data) for _ in range(2))
        assert (first.location, second.location) == ("/projecten/sleen#harvest", "/projecten/sleen#harvest")
        assert count_listings() == 1

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"amount_radiator": "71"}, "amount_radiator", "van 30 st tot 70 st"),
            ({"amount_radiator": ""}, "amount_radiator", "Vul in hoeveel u aanbiedt."),
            ({"amount_radiator": "veel"}, "amount_radiator", "“veel” is geen getal"),
            ({"amount_radiator": "30,5"}, "amount_radiator", "Een aantal stuks is een heel getal"),
            ({"price_radiator": "-1"}, "price_radiator", "Een prijs kan niet negatief zijn."),
            ({"price_radiator": "99999999"}, "price_radiator", "tussen 0 en 10 miljoen"),
        ],
    )
    def test_a_mistake_is_told_at_its_line_and_nothing_is_lost_or_offered(self, trader, changes, field, sentence):
        answer = trader.post(ESTIMATE, data=chosen("radiator", "toilet", amount_toilet="9") | changes)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert re.search(rf'<input aria-describedby="{field}-error" aria-invalid="true"[^>]*id="{field}"', answer.text)
        assert re.search(r'id="amount_toilet"[^>]*value="9"', answer.text)
        assert not is_ticked(answer.text, "door_interior")
        assert count_listings() == 0

    def test_what_is_not_taken_may_hold_anything(self, trader):
        answer = trader.post(ESTIMATE, data=chosen("radiator", amount_toilet="onzin", price_toilet="x"))
        assert answer.status_code == 303
        assert count_listings() == 1

    def test_nothing_taken_is_told(self, trader):
        answer = trader.post(ESTIMATE, data=chosen())
        assert answer.status_code == 422
        assert "Kies ten minste één regel." in words(answer)

    def test_speaks_english(self, trader):
        trader.get("/taal/en")
        page = trader.get(ESTIMATE, headers={"Accept-Language": "en"})
        assert "Terraced houses" in words(page)


class TestCopy:
    @pytest.fixture
    def template(self, contractor):
        found = make_project(
            contractor, name="Sloop Beilen", slug="beilen", kind=ProjectKind.DEMOLITION, floor_area_m2=500
        )
        make_listing(
            contractor, total=40, project_id=found.id, name="Binnendeuren Beilen"
        ).passport.mass_is_estimate = False
        return found

    @pytest.mark.usefixtures("template")
    def test_takes_over_what_another_building_gave_by_floor_area(self, trader, project):
        assert "Sloop Beilen, 500 m²" in trader.get("/projecten/sleen/oogst").text
        path = "/projecten/sleen/oogst/overnemen?van=beilen"
        page = trader.get(path)
        assert "64 tot 96 st, schatting" in words(page)
        assert "Naar: Binnendeuren Beilen" in words(page)
        key = re.search(r'id="take_(\w+)"', page.text)[1]
        answer = trader.post(path, data=chosen(key) | {f"amount_{key}": "70"})
        assert answer.status_code == 303
        (lot,) = listings.drafts_of_project(project.id, project.organisation_id)
        assert (lot.total, lot.estimated, lot.stage) == (70, (64, 96), Stage.EXPECTED)
        assert (lot.passport.length_mm, lot.passport.kg_per_unit) == (2115, 20)

    @pytest.mark.usefixtures("template")
    def test_of_a_building_that_is_not_to_be_had_it_says_so(self, trader):
        for slug in ("sleen", "onbekend", ""):
            assert trader.get(f"/projecten/sleen/oogst/overnemen?van={slug}").status_code == 404


class TestEverywhere:
    @pytest.fixture
    def lot(self, trader):
        trader.post(ESTIMATE, data=chosen("radiator"))
        return session.scalars(select(Listing).options(joinedload(Listing.passport))).one()

    def test_a_reader_sees_that_it_is_an_estimate(self, trader, lot):
        pages = [
            f"/aanbod/{lot.reference}",
            "/projecten/sleen",
            "/aanbod?soort=radiator",
            "/aanbod?soort=radiator&weergave=tabel",
            f"/paspoort/{lot.passport.code}",
            f"/aanbod/{lot.reference}/oogst",
            f"/scan/{lot.passport.code}",
        ]
        assert [path for path in pages if "30 tot 70 st, schatting" not in words(trader.get(path))] == []

    def test_who_asks_and_who_answers_decide_with_the_range_before_them(self, client, trader, contractor, lot):
        builder = make_organisation(name="Bouwer Oost")
        home = make_project(builder, name="Twaalf woningen", at="Sleen")
        need = make_need(
            home,
            category="radiator",
            quantity=Decimal(20),
            wanted_from=lot.available_from,
        )
        assert "30 tot 70 st, schatting" in words(trader.get("/projecten/sleen/vraag"))
        plan_all()
        sign_in(client, make_member(builder))
        proposals = f"/projecten/{home.slug}/voorstellen"
        pages = [proposals, f"{proposals}/reserveren", f"/behoeften/{need.reference}/vullen"]
        assert [path for path in pages if "30 tot 70 st, schatting" not in words(client.get(path))] == []
        held = hold_for_project(
            project_id=home.id, lines=[BasketLine(lot.id, Decimal(20), need.id)], by=by(), at=clock.now()
        )
        assert "30 tot 70 st, schatting" in words(client.get(f"/mandjes/{held.reference}"))
        sign_in(client, make_member(contractor))
        assert "30 tot 70 st, schatting" in words(client.get("/balie"))

    def test_who_counts_is_given_no_number_to_agree_with(self, trader, lot):
        page = trader.get(f"/aanbod/{lot.reference}/oogst").text
        assert re.search(r'id="counted"[^>]*value=""', page)
        shown = trader.post(f"/aanbod/{lot.reference}/oogst", data={"counted": "52"})
        agreed = re.search(r'name="agreed"[^>]* value="([^"]+)"', shown.text)[1]
        trader.post(f"/aanbod/{lot.reference}/oogst", data={"counted": "52", "agreed": agreed})
        page = words(trader.get(f"/aanbod/{lot.reference}"))
        assert "schatting" not in page.replace("schatting naar soort en maat", "").replace("Tekening", "")
        assert "Hoeveelheid 52 st gemeten" in page
        assert "nog niet geteld" not in page + words(trader.get(f"/paspoort/{lot.passport.code}"))

    def test_its_owner_sees_the_range_in_the_form_and_can_end_it(self, trader, lot):
        path = f"/aanbod/{lot.reference}/wijzigen"
        page = trader.get(path).text
        assert re.search(r'id="estimate_low"[^>]*value="30"', page)
        sent = {
            "organisation": str(lot.organisation_id),
            "category": "radiator",
            "quantity": "30",
            "unit": "piece",
            "grade": "C",
            "price_eur": "18",
            "stage": "expected",
            "short_harvest": "first_come",
            "site": "project",
            "project": str(lot.project_id),
            "available_from": lot.available_from.isoformat(),
            "building_year": "1965",
            "origin": "Sloop Sleen",
            "publish": "0",
        }
        half = trader.post(path, data=sent | {"estimate_low": "30", "estimate_high": ""})
        assert half.status_code == 422
        assert "beide grenzen" in half.text
        outside = trader.post(path, data=sent | {"estimate_low": "31", "estimate_high": "60"})
        assert "Kies een hoeveelheid binnen de schatting, van 31 st tot 60 st." in words(outside)
        assert trader.post(path, data=sent).status_code == 303
        assert session.get_one(Listing, lot.id).estimated is None


class TestProjectForm:
    def sent(self, contractor, **changes):
        return {
            "name": "Sloop Sleen",
            "kind": "demolition",
            "client_id": str(contractor.id),
            "programme_id": "0",
            "place": "Sleen",
            "starts_on": "2027-01-15",
            "ends_on": "2027-04-15",
            "building_year": "1958",
            "building_type": "flat",
            "floor_area_m2": "2600",
            "dwellings": "32",
        } | changes

    def test_states_what_the_building_is(self, trader, contractor):
        data = self.sent(contractor)
        assert trader.post("/projecten/sleen/wijzigen", data=data).status_code == 303
        project = get_project("sleen")
        assert (project.building_type, project.floor_area_m2, project.dwellings) == (BuildingType.FLAT, 2600, 32)
        page = words(trader.get("/projecten/sleen"))
        assert "Flat of portiekwoningen" in page
        assert "2.600 m², 32 woningen" in page
        form = trader.get("/projecten/sleen/wijzigen").text
        assert '<option selected value="flat">' in form
        trader.post(
            "/projecten/sleen/wijzigen", data=data | {"building_type": "", "floor_area_m2": "", "dwellings": ""}
        )
        assert get_project("sleen").building is None

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"building_type": "kasteel"}, ""),
            ({"floor_area_m2": "0"}, "Vul een heel getal in van 1 tot en met 1.000.000."),
            ({"floor_area_m2": "veel"}, "Vul een heel getal in"),
            ({"floor_area_m2": "300"}, "Dat is minder dan 10 m² per woning."),
            ({"dwellings": "-1"}, "Vul een heel getal in van 1 tot en met 5.000."),
        ],
    )
    def test_tells_what_cannot_be_at_its_field(self, trader, contractor, changes, sentence):
        answer = trader.post("/projecten/sleen/wijzigen", data=self.sent(contractor, **changes))
        assert answer.status_code == 422
        (field,) = changes
        assert re.search(rf'aria-invalid="true"[^>]*id="{field}"', answer.text)
        assert sentence in words(answer)
        assert get_project("sleen").floor_area_m2 == 1000
