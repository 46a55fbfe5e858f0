"""A list from a spreadsheet becomes needs: looked at first, corrected where it stands, and added all together."""

import re
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import OrganisationKind
from marketplace.kit.database import session
from marketplace.projects.models import Need
from tests.factories import make_member, make_organisation, make_project, sign_in
from tests.web.reading import post, sent_back

LIST = """Materiaal\tHoeveel\tMaten\tPrijs van nieuw
binnendeur\t20\t2115 x 930\t95
kanaalplaat\t1.090\t5.300-5.600\t210,50"""


@pytest.fixture
def path(client):
    builder = make_organisation(name="Bouwbedrijf Es", kind=OrganisationKind.BUILDER)
    project = make_project(builder, slug="twaalf")
    sign_in(client, make_member(builder))
    return f"/projecten/{project.slug}/behoeften/plakken"


def needs():
    return list(session.scalars(select(Need).order_by(Need.id)))


def count():
    return session.scalar(select(func.count()).select_from(Need))


def looked_at(client, path, text):
    answer = post(client, path, text=text)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_a_list_is_shown_as_understood_and_then_added_at_once(client, path):
    page = looked_at(client, path, LIST)
    assert count() == 0
    for told in ("Binnendeur (opdek/stomp)", "2.115 ± 10 × 930 ± 5 mm", "5.300–5.600 mm", "1.090 m²", "2 van 2 klaar"):
        assert told in page
    answer = post(client, path, **sent_back(page), step="add")
    assert (answer.status_code, answer.location) == (303, "/projecten/twaalf#needs")
    doors, slabs = needs()
    assert (doors.category, doors.quantity, doors.length_min, doors.width_min) == ("door_interior", 20, 2115, 930)
    assert (slabs.quantity, slabs.new_eur, slabs.length_max) == (1090, Decimal("210.50"), 5600)
    assert "2 behoeften zijn toegevoegd" in client.get("/projecten/twaalf").text


def test_one_mistake_keeps_everything_out_and_nothing_is_lost(client, path):
    page = looked_at(client, path, LIST.replace("20", "twintig").replace("2115 x 930", "2115 x 930 x 40 x 3"))
    assert "“twintig” is geen getal" in page
    sent = sent_back(page)
    assert (sent["r0-quantity"], sent["r0-sizes"]) == ("twintig", "2115 x 930 x 40 x 3")
    answer = post(client, path, **sent, step="add")
    assert answer.status_code == 422
    assert count() == 0
    again = sent_back(answer.text) | {"r0-quantity": "20", "r0-sizes": "2115 x 930", "step": "add"}
    assert post(client, path, **again).status_code == 303
    assert count() == 2


def test_what_may_be_several_kinds_is_chosen_at_its_cell(client, path):
    page = looked_at(client, path, LIST.replace("binnendeur", "deur"))
    assert "kan van alles zijn" in page
    assert re.search(r'<option value="door_interior">', page)
    sent = sent_back(page) | {"r0-choice": "door_interior"}
    checked = post(client, path, **sent, step="check")
    assert 'value="door_interior" selected' in checked.text
    assert post(client, path, **sent_back(checked.text), step="add").status_code == 303
    assert needs()[0].category == "door_interior"


def test_a_row_that_is_left_out_does_not_hold_up_the_others(client, path):
    sent = sent_back(looked_at(client, path, LIST.replace("binnendeur", "qqq"))) | {"r0-left_out": "1"}
    nothing = post(client, path, **sent, **{"r1-left_out": "1"}, step="add")
    assert nothing.status_code == 422
    assert "U slaat elke rij over" in nothing.text
    assert post(client, path, **sent, step="add").status_code == 303
    assert [need.category for need in needs()] == ["hollowcore_slab"]


def test_an_unknown_column_is_named(client, path):
    assert "niet overgenomen: Bestek" in looked_at(client, path, "Materiaal;Aantal;Bestek\nbinnendeur;3;21.10")


def test_what_is_no_list_comes_back_with_a_sentence(client, path):
    answer = post(client, path, text="alleen wat woorden")
    assert answer.status_code == 422
    assert "geen kolommen" in answer.text
    assert sent_back(answer.text)["text"] == "alleen wat woorden"


def test_numbers_are_read_and_shown_in_the_language_of_the_page(client, path):
    client.set_cookie("language", "en")
    page = looked_at(client, path, "Material;Quantity;Size;New price\ninterior door;20;2,115;1,234.50")
    assert "2,115 ± 10 mm" in page
    assert post(client, path, **sent_back(page), step="add").status_code == 303
    assert needs()[0].new_eur == Decimal("1234.50")


@pytest.mark.parametrize(
    "fields",
    [{}, {"step": "add"}, {"r0-": "x", "r999-quantity": "3", "step": "add"}, {"r0-choice": "x", "step": "check"}],
)
def test_whatever_is_sent_is_answered(client, path, fields):
    assert post(client, path, **fields).status_code in {200, 422}
    assert count() == 0


def test_a_project_of_another_is_not_to_be_found(client, path):
    sign_in(client, make_member(make_organisation()))
    assert client.get(path).status_code == 404
    assert post(client, path, text=LIST).status_code == 404


def test_the_page_tells_what_it_reads_and_reads_its_own_example(client, path):
    page = unescape(client.get(path).text)
    example = re.search(r'<pre class="paste-example"[^>]*>(.*?)</pre>', page, re.DOTALL)[1]
    assert "2 van 2 klaar" in looked_at(client, path, example)


def test_days_that_are_past_and_sizes_out_of_a_name_are_told_before_it_is_added(client, path):
    page = looked_at(
        client, path, "Materiaal;Hoeveel;Prijs van nieuw;Uiterlijk op;Nodig vanaf\nHEA 200;6 m;60;1-2-2020;1-1-2020"
    )
    assert "De laatste dag is al voorbij in rij 1." in page
    assert "200 ± 5 × 190 ± 5 mm" in page
    assert "De laatste dag" not in looked_at(client, path, LIST)
