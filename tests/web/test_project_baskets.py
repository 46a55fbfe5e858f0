"""Following a basket for a project: need by need, for its own organisation; in lists and on the project as well."""

import re
from decimal import Decimal
from html import unescape

import pytest

from marketplace.accounts.models import OrganisationKind
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.matching.filling import progress_by_need
from marketplace.reservations import actions
from marketplace.reservations.baskets import Line, hold_for_project
from marketplace.reservations.queries import of_basket
from marketplace.reservations.states import State
from tests.factories import by, make_listing, make_member, make_need, make_organisation, make_project, sign_in
from tests.planned import plan_all


def visible_text(page: str) -> str:
    """Return what people read of a page, with one space between words."""
    body = re.sub(r"(?s)<(script|style|template)\b.*?</\1>", " ", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es", kind=OrganisationKind.BUILDER)


@pytest.fixture
def noord(context):
    return make_organisation(name="Sloperij Noord")


@pytest.fixture
def project(builder):
    return make_project(builder, name="Twaalf woningen")


@pytest.fixture
def doors(project):
    return make_need(project, title="Binnendeuren", quantity=Decimal(20))


@pytest.fixture
def boards(project):
    return make_need(project, title="Platen", category="plywood", unit=Unit.M2, quantity=Decimal(10))


@pytest.fixture
def held(project, noord, doors, boards):
    """Doors of one owner, and boards of another that are counted in pieces."""
    wood = make_listing(noord, total=12, name="Deur noord")
    sheets = make_listing(total=10, name="Plaat zuid", category="plywood", length_mm=2440, width_mm=1220, height_mm=18)
    lines = [Line(sheets.id, Decimal(2), boards.id), Line(wood.id, Decimal(12), doors.id)]
    return hold_for_project(project_id=project.id, lines=lines, by=by(), at=clock.now())


@pytest.fixture
def trader(client, builder):
    return sign_in(client, make_member(builder))


def test_the_page_tells_how_far_each_need_is_and_what_is_missing_of_it(trader, held, doors, boards):
    sheets, wood = of_basket(held.id)
    actions.confirm(wood, by=by(), at=clock.now())
    actions.decline(sheets, reason="Toch zelf nodig", by=by(), at=clock.now())
    page = visible_text(trader.get(f"/mandjes/{held.reference}").text)
    wanted_first, wanted_next = page.split("Naar de behoefte", 2)[1:]
    for text in ("2 behoeften van “Twaalf woningen”", "Bevestigd of opgehaald: 1 van 2 reserveringen."):
        assert text in page
    for text in (
        "5,954 weggevallen",
        "10 m² nog niet vastgelegd",
        "2 st · Plaat zuid",
        "vult 5,954 m²",
        "Toch zelf nodig",
    ):
        assert text in wanted_next
    for text in ("12 bevestigd", "8 st nog niet vastgelegd", "12 st · Deur noord"):
        assert text in wanted_first
    for need in (doors, boards):
        assert f"/behoeften/{need.reference}/vullen" in trader.get(f"/mandjes/{held.reference}").text


def test_the_history_tells_of_the_whole_once_and_of_every_later_step(trader, held):
    _, wood = of_basket(held.id)
    actions.confirm(wood, by=by(), at=clock.now())
    page = visible_text(trader.get(f"/mandjes/{held.reference}").text)
    history = page[page.index("Verloop") :]
    assert "Samen vastgelegd uit 2 partijen, voor 2 behoeften" in history
    assert history.count("Deur noord") == 1
    assert "Plaat zuid" not in history


def test_giving_it_up_gives_all_needs_up(trader, held):
    answer = trader.post(f"/mandjes/{held.reference}/opgeven", data={"sure": "y", "reason": "Ontwerp anders"})
    assert answer.status_code == 303
    assert {row.state for row in of_basket(held.id)} == {State.CANCELLED}
    page = visible_text(trader.get(answer.location).text)
    assert "2 reserveringen geannuleerd." in page
    assert "Opgegeven wat nog niet was opgehaald uit 2 partijen, Ontwerp anders" in page


def test_it_stands_in_the_list_of_reservations_and_on_the_project(trader, client, held, project, noord):
    for path in ("/reserveringen", f"/projecten/{project.slug}"):
        text = visible_text(trader.get(path).text)
        for part in ("2 behoeften van “Twaalf woningen”", "2 partijen", "Binnendeuren", "Deur noord"):
            assert part in text
        assert f"/mandjes/{held.reference}" in trader.get(path).text
    assert trader.get("/agenda").status_code == 200
    sign_in(client, make_member(noord))
    assert "/mandjes/" not in client.get(f"/projecten/{project.slug}").text
    assert client.get(f"/mandjes/{held.reference}").status_code == 404


def test_the_owner_of_a_lot_learns_for_which_need_it_is_and_nothing_of_the_others(trader, client, held, noord):
    wood = of_basket(held.id)[1].reference
    part = "Deel van 12 st voor “Binnendeuren”, in een mandje voor “Twaalf woningen”."
    assert part in visible_text(trader.get(f"/reserveringen/{wood}").text)
    sign_in(client, make_member(noord))
    theirs = client.get(f"/reserveringen/{wood}").text
    assert part in visible_text(theirs)
    for secret in ("Platen", "Plaat", "/mandjes/"):
        assert secret not in theirs


def test_what_is_for_one_need_after_all_is_a_basket_for_that_need(trader, project, doors):
    lines = [Line(make_listing(total=12).id, Decimal(3), doors.id) for _ in range(2)]
    basket = hold_for_project(project_id=project.id, lines=lines, by=by(), at=clock.now())
    assert (basket.need_id, basket.project_id) == (doors.id, project.id)
    page = visible_text(trader.get(f"/mandjes/{basket.reference}").text)
    assert "6 st voor “Binnendeuren”" in page
    assert "Hoe ver het is" in page


def test_the_page_of_a_large_basket_takes_no_more_statements_and_folds_its_history(trader, project, doors, statements):
    cellar = make_need(project, title="Kelderdeuren")
    counts = []
    for number in (3, 12):
        lots = [make_listing(total=12).id for _ in range(number)]
        lines = [Line(lot, Decimal(2), need.id) for need in (doors, cellar) for lot in lots]
        basket = hold_for_project(project_id=project.id, lines=lines, by=by(), at=clock.now())
        for row in of_basket(basket.id):
            actions.confirm(row, by=by(), at=clock.now())
        session.commit()
        session.expire_all()
        statements.clear()
        page = trader.get(f"/mandjes/{basket.reference}")
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert "Nog 5 regels van eerder" in page.text


def lines_of(proposals):
    return [Line(each.listing_id, each.take, each.need_id) for each in proposals]


def test_a_plan_for_a_project_is_held_as_it_was_proposed(doors, boards, project):
    make_listing(total=12)
    make_listing(total=9)
    make_listing(total=10, category="plywood", length_mm=2440, width_mm=1220, height_mm=18)
    lines = lines_of(plan_all())
    assert {line.need_id for line in lines} == {doors.id, boards.id}
    assert len(lines) == 3
    basket = hold_for_project(project_id=project.id, lines=lines, by=by(), at=clock.now())
    far = {each.need.id: each.asked for each in progress_by_need(of_basket(basket.id))}
    assert far[doors.id] == 20
    assert far[boards.id] >= 10


def test_two_needs_of_one_lot_are_proposed_whole_boards_and_never_more_than_there_are(project):
    needs = [
        make_need(project, title=title, category="plywood", unit=Unit.M2, quantity=Decimal(amount))
        for title, amount in (("Vloer", 16), ("Wand", "13.5"))
    ]
    lot = make_listing(total=10, category="plywood", length_mm=2440, width_mm=1220, height_mm=18)
    proposals = plan_all()
    assert {each.need_id for each in proposals} == {need.id for need in needs}
    assert sum(each.take for each in proposals) == 10, "11, were each rounded up by itself"
    hold_for_project(project_id=project.id, lines=lines_of(proposals), by=by(), at=clock.now())
    assert (lot.available, lot.held) == (0, 10)
