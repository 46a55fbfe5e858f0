"""Finding offers by words: Dutch forms, synonyms, compounds, and nothing where there is nothing."""

import pytest

from marketplace.kit.journal import By
from marketplace.kit.quantities import Unit
from marketplace.listings import actions, catalogue
from marketplace.listings.criteria import Criteria
from tests.listings.offering import facts, offer, post
from tests.sealing import SEAL


def found(text: str) -> set[str]:
    return {listing.passport.name for listing in catalogue.search(Criteria(text=text)).items}


@pytest.fixture
def shelf(context):
    """One offer of each of several kinds."""
    post(category="door_interior", name="Opdekdeuren wit")
    post(category="window_frame_wood", name="Kozijnen meranti", length_mm=1500, width_mm=900)
    post(category="door_hardware", name="Deurkrukken rvs")
    post(category="hollowcore_slab", name="Kanaalplaten 200 mm", unit=Unit.M2, height_mm=200, description="Uit Smilde")
    post(category="steel_hea", name="Liggers HEA 200", unit=Unit.M)
    post(category="steel_ipe", name="Liggers", unit=Unit.M, width_mm=100, height_mm=200)
    post(category="ins_stonewool", name="Platen 120 mm", unit=Unit.M2, height_mm=120)


def test_words_find_what_people_mean_by_them(shelf):
    meant = [
        ("binnendeur", {"Opdekdeuren wit"}),
        ("binnendeuren", {"Opdekdeuren wit"}),
        ("deur", {"Opdekdeuren wit"}),
        ("DEUREN", {"Opdekdeuren wit"}),
        ("witte deur", {"Opdekdeuren wit"}),
        ("rode deur", set()),
        ("kozijn", {"Kozijnen meranti"}),
        ("kanaalplaat", {"Kanaalplaten 200 mm"}),
        ("hollow-core slab", {"Kanaalplaten 200 mm"}),
        ("kanaalplaten uit Smilde", {"Kanaalplaten 200 mm"}),
        ("steenwol", {"Platen 120 mm"}),
        ("rockwool", {"Platen 120 mm"}),
        ("isolatie", {"Platen 120 mm"}),
        ("HEA200", {"Liggers HEA 200"}),
        ("hea 200", {"Liggers HEA 200"}),
        ("ipe 200", {"Liggers"}),
        ("hea 220", set()),
        ("stalen balk", {"Liggers HEA 200", "Liggers"}),
        ("boomklomp", set()),
        ("deur boomklomp", set()),
        ("дверь", set()),
        ('deur" OR words:"a', set()),
        ("' | 'deur", {"Opdekdeuren wit"}),
    ]
    wrong = [(asked, names, found(asked)) for asked, names in meant if found(asked) != names]
    assert wrong == []


def test_a_search_without_words_restricts_nothing(shelf):
    assert len(found("  ?! ")) == 7


def test_an_offer_is_found_by_its_reference_and_by_the_code_of_its_passport(context):
    listing, _other = post(), post()
    for code in (listing.reference.lower(), listing.passport.code):
        assert [hit.id for hit in catalogue.search(Criteria(text=code)).items] == [listing.id]


def test_an_offer_is_found_by_its_new_words_after_a_change_and_no_longer_by_the_old(context):
    listing = post(name="Deuren groen")
    actions.change(listing, offer(), facts(category="toilet", name="Duobloks"), By(), seal=SEAL)
    assert found("duoblok") == {"Duobloks"}
    assert found("deur") == set()


def test_drafts_and_what_was_withdrawn_are_not_found(context):
    post(name="Concept", publish=False)
    listing = post(name="Terug")
    assert found("binnendeur") == {"Terug"}
    actions.withdraw(listing, By())
    assert found("binnendeur") == set()
    actions.publish(listing, By(), seal=SEAL)
    assert found("binnendeur") == {"Terug"}
