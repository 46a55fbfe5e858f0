"""The front page: what came in, what comes free against what is asked, and the doors to searching and scanning."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.kit import clock
from marketplace.listings.models import ListingStatus, Stage
from marketplace.materials.vocabulary import groups
from marketplace.web.home.index import SHELF_NAMES
from tests.factories import make_listing, make_member, make_need, make_organisation, make_project, sign_in
from tests.planned import plan_all

TODAY = clock.today()


def read(client, language: str = "nl") -> str:
    answer = client.get("/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return html.unescape(answer.text)


def part(page: str, heading: str) -> str:
    """Return the section under a heading."""
    return re.search(rf'<section class="section" aria-labelledby="{heading}">.*?</section>', page, re.DOTALL)[0]


def coming(days: int, name: str = "Kanaalplaat", **more):
    day = TODAY + timedelta(days=days)
    return make_listing(name=name, stage=Stage.EXPECTED, available_from=day, **more)


def test_an_empty_site_still_searches_and_scans(client):
    page = read(client)
    assert "Wat zoekt u?" in page
    assert 'action="/aanbod"' in page
    assert 'action="/scan/open"' in page
    assert "Komt vrij" not in page
    assert "Projecten vragen" not in page


def test_a_search_from_here_arrives_in_the_catalogue(client):
    page = read(client)
    assert {"q", "plaats", "straal"} <= set(re.findall(r'name="([a-z]+)"', page))
    assert client.get("/aanbod?q=deur&plaats=Assen&straal=25").status_code == 200


def test_a_member_searches_around_the_own_place(client):
    sign_in(client, make_member(make_organisation(at="Meppel")))
    assert 'name="plaats" autocomplete="address-level2" value="Meppel"' in read(client)


def test_the_shelf_shows_what_is_there_with_its_number(client):
    make_listing()
    make_listing()
    make_listing(category="hollowcore_slab", status=ListingStatus.DRAFT)
    shelf = re.search(r'<ul class="shelf">.*?</ul>', read(client), re.DOTALL)[0]
    assert 'href="/aanbod?groep=openings"' in shelf
    assert "<b>Deuren</b><span>2</span>" in shelf
    assert "concrete_struct" not in shelf


def test_every_group_has_a_short_name_for_the_shelf():
    assert set(SHELF_NAMES) == {group.id for group in groups()}
    assert max(len(name) for name in SHELF_NAMES.values()) <= 11


def test_the_newest_four_and_the_number_of_this_week(client):
    for days in range(6):
        make_listing(name=f"Deur {days}", published_at=clock.now() - timedelta(days=2 * days))
    new = part(read(client), "new")
    assert re.findall(r'title"><a href="[^"]+">([^<]+)<', new) == ["Deur 0", "Deur 1", "Deur 2", "Deur 3"]
    assert "4 partijen" in new
    assert "Nieuw deze week" in new


def test_an_old_stock_is_not_called_new(client):
    make_listing(published_at=clock.now() - timedelta(days=30))
    page = read(client)
    assert "Laatst aangeboden" in page
    assert "Nieuw deze week" not in page


def test_what_comes_free_stands_on_the_axis_with_what_is_asked(client):
    listing = coming(70, total=40, category="hollowcore_slab", at="Sleen")
    make_listing(name="Op voorraad")
    need = make_need(make_project(name="Meppel Bouwt"), title="90 kanaalplaten", wanted_from=TODAY + timedelta(days=70))
    axis = part(read(client), "axis")
    assert f'href="/aanbod/{listing.reference}"' in axis
    assert "40 st kanaalplaat" in axis
    assert f'href="/behoeften/{need.reference}"' in axis
    assert "Meppel Bouwt" in axis
    assert "Op voorraad" not in axis


def test_beyond_a_year_is_not_on_the_axis(client):
    far, near = coming(500), coming(100)
    axis = part(read(client), "axis")
    assert near.reference in axis
    assert far.reference not in axis


def test_of_what_comes_free_together_the_heaviest_is_shown(client):
    light, heavy = coming(70, total=4), coming(71, total=400)
    axis = part(read(client), "axis")
    assert heavy.reference in axis
    assert light.reference not in axis


def test_who_asks_sees_how_much_there_is(client):
    project = make_project(at="Hoogeveen")
    make_need(project, title="20 deuren", quantity=Decimal(20), length_min=2100, length_max=2130)
    make_listing(total=12)
    plan_all()
    asking = part(read(client), "asking")
    assert "20 deuren" in asking
    assert "2.100–2.130 mm" in asking
    assert re.search(r"<b>12</b>\s+van 20 st te dekken", asking)
    assert "Bied aan" in asking


def test_what_lacks_something_is_asked_before_what_is_met(client):
    project = make_project(at="Hoogeveen", name="Plan")
    make_need(project, title="Gedekt", quantity=Decimal(5), wanted_from=TODAY + timedelta(days=40))
    make_need(project, title="Tekort", category="hollowcore_slab", wanted_from=TODAY + timedelta(days=50))
    make_listing(total=40)
    plan_all()
    asking = part(read(client), "asking")
    assert asking.index("Tekort") < asking.index("Gedekt")
    assert asking.count("Bied aan:") == 1


def test_the_front_page_speaks_english(client):
    make_listing(length_mm=2115)
    page = read(client, language="en")
    assert '<html lang="en">' in page
    assert "2,115 × 930 × 40 mm" in page


@pytest.mark.parametrize("times", [1, 8])
def test_the_number_of_statements_is_bounded(client, statements, times):
    for number in range(times):
        make_listing(name=f"Deur {number}")
        coming(30 + 20 * number)
        make_need(make_project())
    read(client)
    statements.clear()
    read(client)
    assert len(statements) <= 24
