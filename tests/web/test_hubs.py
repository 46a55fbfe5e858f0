"""The pages about hubs."""

from decimal import Decimal

import pytest

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.listings.models import ListingStatus
from marketplace.projects.models import Hub
from tests.factories import make_hub, make_listing, make_member, make_organisation, sign_in


@pytest.fixture
def hub(context):
    return make_hub(
        make_organisation(name="Stadterij"), name="Hub Hoogeveen", slug="hoogeveen", capacity_m3=Decimal(6500)
    )


def test_without_hubs_the_page_says_so(client):
    assert "Er zijn nog geen hubs" in client.get("/hubs").text


def test_every_hub_tells_its_room_and_tariffs(client, hub):
    make_listing(hub_id=hub.id)
    make_listing(hub_id=hub.id, status=ListingStatus.DRAFT)
    page = client.get("/hubs").text
    for told in ("Hub Hoogeveen", "Stadterij", "6.500 m³", "€ 12,00", "€ 1,50", "1 partij"):
        assert told in page


def test_a_hub_shows_what_lies_there_and_nothing_else(client, hub):
    make_listing(hub_id=hub.id, name="Kanaalplaten")
    make_listing(name="Binnendeuren elders")
    page = client.get("/hubs/hoogeveen").text
    assert "Kanaalplaten" in page
    assert "Binnendeuren elders" not in page
    assert "/aanbod?hub=hoogeveen" in page


def test_an_empty_hub_says_so(client, hub):
    assert "Hier ligt nu niets te koop" in client.get("/hubs/hoogeveen").text


def test_an_unknown_hub_does_not_exist(client):
    assert client.get("/hubs/onbekend").status_code == 404


def test_many_lots_take_as_many_statements_as_one(client, hub, statements):
    def ask(path):
        statements.clear()
        assert client.get(path).status_code == 200
        return len(statements)

    make_listing(hub_id=hub.id)
    few = ask("/hubs"), ask("/hubs/hoogeveen")
    for _ in range(4):
        make_listing(hub_id=hub.id)
        make_listing(hub_id=make_hub().id)
    assert (ask("/hubs"), ask("/hubs/hoogeveen")) == few


SENT = {"capacity_m3": "4.000,5", "handle_eur_per_m3": "9,50", "store_eur_per_m3_week": "0"}


def test_its_organisation_sets_room_and_tariffs(client, hub):
    sign_in(client, make_member(session.get_one(Organisation, hub.organisation_id)))
    assert "/hubs/hoogeveen/wijzigen" in client.get("/hubs/hoogeveen").text
    assert 'value="6500"' in client.get("/hubs/hoogeveen/wijzigen").text
    assert client.post("/hubs/hoogeveen/wijzigen", data=SENT).status_code == 303
    changed = session.get_one(Hub, hub.id)
    costs = (changed.capacity_m3, changed.handle_eur_per_m3, changed.store_eur_per_m3_week)
    assert costs == (Decimal("4000.5"), Decimal("9.5"), 0)
    assert [entry.action for entry in journal.history(f"hub:{hub.id}")] == ["hub.changed"]


def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(client, hub):
    sign_in(client, make_member(session.get_one(Organisation, hub.organisation_id)))
    answer = client.post("/hubs/hoogeveen/wijzigen", data=SENT | {"capacity_m3": "0", "handle_eur_per_m3": "veel"})
    assert answer.status_code == 422
    assert "groter dan nul" in answer.text
    assert 'value="veel"' in answer.text
    assert session.get_one(Hub, hub.id).capacity_m3 == 6500


def test_others_do_not_change_it(client, hub):
    sign_in(client, make_member(make_organisation(name="Ander")))
    assert "wijzigen" not in client.get("/hubs/hoogeveen").text
    assert client.post("/hubs/hoogeveen/wijzigen", data=SENT).status_code == 404
