"""The catalogue: every filter in the address, each with what it lets through and what it just does not."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.kit import clock
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus, Stage
from marketplace.listings.search import index_listing
from marketplace.passports.gate import HazardStatus
from marketplace.projects.models import Grade
from tests.factories import make_finding, make_hub, make_listing, make_organisation

TODAY = clock.today()
DUTCH = {"Accept-Language": "nl"}


def offer(name: str, **more):
    listing = make_listing(name=name, **more)
    index_listing(listing)
    return listing


def read(client, query: str = "", language: str = "nl") -> str:
    answer = client.get(f"/aanbod{query}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return html.unescape(answer.text)


def titles(page: str) -> set[str]:
    return set(re.findall(r'listing-card__title"><a href="[^"]+">([^<]+)<', page))


def found(client, query: str) -> set[str]:
    return titles(read(client, query))


def chips(page: str) -> dict[str, str]:
    return {label.strip(): url for url, label in re.findall(r'<a class="chip" href="([^"]*)">([^<]*)<', page)}


def test_only_what_is_open_is_shown(client):
    offer("Te koop")
    offer("Concept", status=ListingStatus.DRAFT)
    offer("Ingetrokken", status=ListingStatus.WITHDRAWN)
    offer("Weg", stage=Stage.GONE)
    offer("Alles gereserveerd", held=Decimal(40))
    assert found(client, "") == {"Te koop"}


@pytest.mark.parametrize(
    ("query", "columns", "just_not"),
    [
        ("?soort=door_exterior", {"category": "door_exterior"}, {}),
        ("?groep=roofing", {"category": "roof_tile_clay_vh"}, {}),
        ("?lengte_van=5000", {"length_mm": 5000}, {"length_mm": 4999}),
        ("?lengte_tot=5+m", {"length_mm": 5000}, {"length_mm": 5001}),
        ("?lengte_van=5000&lengte_tot=5600", {"length_mm": 5300}, {"length_mm": 5601}),
        ("?breedte_van=90+cm", {"width_mm": 900}, {"width_mm": 899}),
        ("?breedte_tot=900", {"width_mm": 900}, {"width_mm": 901}),
        ("?hoogte_van=50", {"height_mm": 50}, {"height_mm": 49}),
        ("?hoogte_tot=30", {"height_mm": 30}, {"height_mm": 31}),
        ("?hoogte_tot=30", {"height_mm": 30}, {"height_mm": None}),
        ("?hoeveel=41", {"total": 41}, {"total": 40}),
        ("?hoeveel=2,5&eenheid=m2", {"unit": Unit.M2, "total": Decimal("2.5")}, {"total": 40}),
        (f"?vrij={TODAY}", {"available_from": TODAY}, {"available_from": TODAY + timedelta(days=1)}),
        ("?graad=B", {"grade": Grade.B}, {"grade": Grade.C}),
        ("?prijs=12,50", {"price_eur": Decimal("12.50")}, {"price_eur": Decimal("12.51")}),
        ("?gratis=1", {"price_eur": Decimal(0)}, {"price_eur": Decimal("0.01")}),
        ("?stand=gebouw", {"stage": Stage.EXPECTED}, {"stage": Stage.IN_STOCK}),
        ("?stand=voorraad", {"stage": Stage.IN_STOCK}, {"stage": Stage.EXPECTED}),
        ("?plaats=Assen&straal=15", {"at": "Rolde"}, {"at": "Hoogeveen"}),
    ],
)
def test_a_filter_lets_through_what_meets_it_and_not_what_just_does_not(client, query, columns, just_not):
    offer("Goed", **columns)
    offer("Net niet", **just_not)
    assert found(client, "") == {"Goed", "Net niet"}
    assert found(client, query) == {"Goed"}


def test_a_longer_piece_counts_where_it_may_be_cut(client):
    offer("Balk", category="timber_joist", length_mm=6000)
    offer("Deur", length_mm=6000)
    assert found(client, "?lengte_van=4000&lengte_tot=5000") == set()
    assert found(client, "?lengte_van=4000&lengte_tot=5000&langer=1") == {"Balk"}


def test_a_hub_and_an_organisation_narrow(client):
    hub, owner = make_hub(), make_organisation()
    offer("Bij de hub", hub_id=hub.id)
    offer("Van een ander", organisation=owner)
    assert found(client, f"?hub={hub.slug}") == {"Bij de hub"}
    assert found(client, f"?organisatie={owner.slug}") == {"Van een ander"}
    assert found(client, "?hub=bestaat-niet") == {"Bij de hub", "Van een ander"}


def test_unknown_hazards_can_be_left_out(client):
    make_finding(offer("Onbekend").passport)
    make_finding(offer("Bekend").passport, status=HazardStatus.ABSENT_TESTED, report="LN-1")
    assert found(client, "?bekend=1") == {"Bekend"}


def test_only_what_was_seen_since_a_day(client):
    offer("Gezien").passport.last_seen_at = clock.now()
    offer("Lang niet gezien").passport.last_seen_at = clock.now() - timedelta(days=10)
    offer("Nooit gezien")
    assert found(client, f"?gezien={TODAY - timedelta(days=3)}") == {"Gezien"}


def test_words_find_by_synonym_and_stem(client):
    offer("Opdekdeuren wit")
    offer("Kanaalplaat 200", category="hollowcore_slab")
    assert found(client, "?q=binnendeur") == {"Opdekdeuren wit"}
    assert found(client, "?q=kanaalplaten") == {"Kanaalplaat 200"}


def test_filters_work_together(client):
    offer("Goed", at="Assen", length_mm=2115, price_eur=Decimal(10))
    offer("Te duur", at="Assen", length_mm=2115, price_eur=Decimal(11))
    offer("Te ver", at="Zwolle", length_mm=2115, price_eur=Decimal(10))
    offer("Te kort", at="Assen", length_mm=2015, price_eur=Decimal(10))
    assert found(client, "?plaats=assen&straal=20&lengte_van=2100&prijs=10") == {"Goed"}


def test_a_word_that_nobody_knows_finds_nothing_and_says_so(client):
    offer("Opdekdeuren wit")
    page = read(client, "?q=boomklomp")
    assert titles(page) == set()
    assert "Niets gevonden voor “boomklomp”" in page
    assert "We kennen geen materiaal dat zo heet" in page
    assert "Toon alle partijen" in page


def test_an_empty_page_offers_ways_that_lead_somewhere(client):
    offer("Opdekdeur", at="Zwolle")
    page = read(client, "?q=deur&plaats=Assen&straal=5")
    assert titles(page) == set()
    assert "Zonder Assen, 5 km" in page
    assert "Zonder “deur”" not in page


def test_a_word_that_is_nearly_one_of_ours_is_offered(client):
    offer("Binnendeur", category="door_interior")
    assert re.search(r"<b>“binnendeur”</b>|<b>Binnendeur", read(client, "?q=binnedeur"))


@pytest.mark.parametrize(
    ("query", "typed", "sentence"),
    [
        ("lengte_van=abc", "abc", "“abc” is geen getal"),
        ("plaats=Zzz&straal=10", "Zzz", "We kennen geen plaats “Zzz”"),
        ("straal=10", "10", "Vul ook een plaats in"),
        ("straal=ver&plaats=Assen", "ver", "Vul een heel getal in"),
        ("prijs=veel", "veel", "“veel” is geen getal"),
        ("vrij=gisteren", "gisteren", "Vul een dag in als dag-maand-jaar"),
        ("hoeveel=0", "0", "Vul een hoeveelheid groter dan nul in"),
        ("lengte_van=500&lengte_tot=400", "400", "Deze maat is kleiner dan de maat ervoor"),
    ],
)
def test_a_value_that_cannot_be_right_is_kept_and_told_and_left_out(client, query, typed, sentence):
    offer("Deur")
    page = read(client, f"?{query}")
    assert titles(page) == {"Deur"}
    assert f'value="{typed}"' in page
    assert sentence in page
    assert 'aria-invalid="true"' in page


def test_values_that_mean_nothing_are_ignored(client):
    offer("Deur")
    page = read(client, "?soort=bestaat&groep=niet&graad=Z&stand=maan&eenheid=vat&sorteer=mooi&weergave=3d&bladzijde=x")
    assert titles(page) == {"Deur"}
    assert chips(page) == {}


def test_every_filter_is_a_chip_that_takes_itself_out(client):
    offer("Deur", at="Assen", length_mm=2115)
    query = "?q=deur&groep=openings&plaats=Assen&straal=25&lengte_van=2000&lengte_tot=2200&prijs=20&weergave=tabel"
    page = read(client, query)
    set_ = chips(page)
    assert list(set_) == ["“deur”", "Ramen, deuren en glas", "Assen, 25 km", "2.000–2.200 mm lang", "hoogstens € 20,00"]
    without_place = set_["Assen, 25 km"]
    assert "plaats" not in without_place
    assert "straal" not in without_place
    assert "q=deur" in without_place
    assert "weergave=tabel" in without_place
    left = chips(html.unescape(client.get(without_place, headers=DUTCH).text))
    assert list(left) == ["“deur”", "Ramen, deuren en glas", "2.000–2.200 mm lang", "hoogstens € 20,00"]


def test_the_form_shows_what_the_address_says(client):
    offer("Deur")
    page = read(client, "?q=wit&plaats=assen&straal=30&hoeveel=5&graad=C&bekend=1&groep=openings&sorteer=prijs")
    for shown in ('value="wit"', 'value="assen"', 'value="30"', 'value="5"'):
        assert shown in page
    assert re.search(r'<option selected value="C">', page)
    assert re.search(r'<option selected value="prijs">', page)
    assert re.search(r'<input checked[^>]*name="bekend"', page)
    assert re.search(r'value="openings"[^>]* checked', page)


def test_an_address_with_empty_fields_becomes_a_short_one(client):
    answer = client.get("/aanbod?q=deur&plaats=&straal=&sorteer=nieuw&groep=timber&groep=metal&prijs=")
    assert answer.status_code == 302
    assert answer.location == "/aanbod?q=deur&groep=timber&groep=metal"


def test_the_tree_counts_under_the_other_filters(client):
    offer("Deur in Assen", at="Assen")
    offer("Deur in Zwolle", at="Zwolle")
    offer("Plaat in Zwolle", at="Zwolle", category="hollowcore_slab")
    everywhere, near_assen = read(client), read(client, "?plaats=Assen&straal=10&groep=concrete_struct")
    assert count_of(everywhere, "openings") == 2
    assert count_of(everywhere, "concrete_struct") == 1
    assert count_of(near_assen, "openings") == 1
    assert count_of(near_assen, "concrete_struct") == 0
    assert "soort-hollowcore_slab" in read(client, "?groep=concrete_struct")


def count_of(page: str, group: str) -> int:
    return int(re.search(rf'id="groep-{group}".*?choice__count">([0-9.]+)<', page)[1])


def test_what_is_found_can_be_put_in_order(client):
    offer("Duur ver", at="Zwolle", price_eur=Decimal(90))
    offer("Goedkoop dichtbij", at="Assen", price_eur=Decimal(1))
    pages = {order: read(client, f"?sorteer={order}&plaats=Rolde") for order in ("prijs", "afstand", "nieuw")}
    first = {order: re.search(r'title"><a href="[^"]+">([^<]+)<', page)[1] for order, page in pages.items()}
    assert first["prijs"] == first["afstand"] == "Goedkoop dichtbij"


def test_a_long_list_has_pages_that_keep_the_filters(client):
    owner = make_organisation()
    for number in range(26):
        offer(f"Deur {number}", organisation=owner)
    first = read(client, "?groep=openings")
    assert len(titles(first)) == 24
    following = re.search(r'rel="next" href="([^"]+)"', first)[1]
    assert following == "/aanbod?groep=openings&bladzijde=2"
    second = html.unescape(client.get(following, headers=DUTCH).text)
    assert len(titles(second)) == 2
    assert titles(first).isdisjoint(titles(second))


def test_the_table_tells_the_same_as_the_cards(client):
    offer("Opdekdeur", at="Assen", price_eur=Decimal("17.50"))
    page = read(client, "?weergave=tabel&plaats=Assen")
    row = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
    for text in ("Opdekdeur", "2.115 × 930 × 40 mm · 20 kg", "40 st", "€ 17,50", "Assen · 0 km", "Op voorraad"):
        assert text in row


def test_the_map_groups_by_place_and_leads_to_it(client):
    offer("Een", at="Assen")
    offer("Twee", at="Assen")
    offer("Alleen", at="Zwolle", stage=Stage.EXPECTED)
    page = read(client, "?weergave=kaart&groep=openings")
    assert "2 partijen op voorraad in Assen" in page
    assert "/aanbod?weergave=kaart&groep=openings&plaats=Assen&straal=5" in page
    assert "Alleen, Zwolle" in page


def test_a_card_says_what_it_costs_saves_and_proves(client):
    listing = offer("Kanaalplaat 200", category="hollowcore_slab", kg_per_unit=Decimal(1744), held=Decimal(10))
    make_finding(listing.passport)
    page = read(client)
    for text in ("30 van 40 st", "€ 15,00", "per st", "Asbest", "onbekend"):
        assert text in page
    assert re.search(r"−[0-9.]+ kg CO<sub>2</sub> per st", page)


def test_the_catalogue_speaks_english(client):
    offer("Opdekdeur", length_mm=2115)
    page = read(client, "?lengte_van=2000", language="en")
    assert '<html lang="en">' in page
    assert "Windows, doors and glass" in page
    assert "2,115 × 930 × 40 mm" in page


@pytest.mark.parametrize("view", ["kaarten", "tabel", "kaart"])
def test_the_number_of_statements_does_not_grow_with_what_is_found(client, statements, view):
    offer("Een")
    read(client, f"?weergave={view}")
    statements.clear()
    read(client, f"?weergave={view}")
    few = len(statements)
    for number in range(10):
        offer(f"Deur {number}", at="Assen")
    statements.clear()
    read(client, f"?weergave={view}")
    assert len(statements) == few <= 9
