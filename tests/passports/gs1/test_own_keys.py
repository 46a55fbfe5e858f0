"""The keys of passports and hubs: the operator's own, the same for ever, read alike by biip, and the way back."""

import pytest
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gtin import Gtin

from marketplace.kit.codes import new_passport_code
from marketplace.kit.errors import InvalidInputError, NotFoundError
from marketplace.kit.tables import read_table
from marketplace.materials.vocabulary import categories
from marketplace.passports.gs1.own_keys import code_in, hub_link, hub_number_in, may_carry, passport_link
from marketplace.passports.levels import Granularity

PREFIX, BASE, CODE = "9521234", "https://hub.example", "7KQ9M2FX4HTB8WPN"
OTHERS = "https://hub.example/01/09506000134352/21/7KQ9M2FX4HTB8WPN"


def link(category="door_interior", granularity=Granularity.ITEM, code=CODE, prefix=PREFIX):
    return passport_link(prefix, BASE, category=category, granularity=granularity, code=code)


def test_every_category_has_a_number_of_its_own():
    numbers = {row["category"]: int(row["number"]) for row in read_table("marketplace.passports", "gs1_articles")}
    assert {category.id for category in categories()} <= set(numbers)
    assert len(set(numbers.values())) == len(numbers)
    assert max(numbers.values()) <= 999


@pytest.mark.parametrize(("category", "number"), [("brick_waal", 1), ("brick_vecht", 2)])
def test_a_number_that_was_given_stays(category, number):
    assert link(category).startswith(f"{BASE}/01/0{PREFIX}{number:05d}")


@pytest.mark.parametrize("prefix", ["9521", "952123456"])
@pytest.mark.parametrize(("granularity", "ai"), [(Granularity.ITEM, "21"), (Granularity.BATCH, "10")])
def test_biip_reads_what_is_made_and_it_leads_back(prefix, granularity, ai):
    for category in categories():
        code = new_passport_code()
        address = link(category.id, granularity, code, prefix)
        elements = {each.ai.ai: each.value for each in GS1DigitalLinkURI.parse(address).element_strings}
        assert elements[ai] == code
        assert Gtin.parse(elements["01"]).check_digit is not None
        assert elements["01"].startswith(f"0{prefix}")
        assert code_in(prefix, address) == code


def test_a_whole_work_is_no_article():
    assert link(granularity=Granularity.WORK) is None
    assert link(category="no_such_thing") is None


@pytest.mark.parametrize(
    ("prefix", "is_example", "may"),
    [("", False, False), ("8712345", False, True), ("8712345", True, False), ("9521234", True, True)],
)
def test_a_key_that_belongs_to_somebody_is_not_for_examples(prefix, is_example, may):
    assert may_carry(prefix, is_example=is_example) is may


@pytest.mark.parametrize("prefix", ["", PREFIX, "950601"])
def test_a_key_of_another_party_is_called_that(prefix):
    with pytest.raises(NotFoundError, match="andere partij"):
        code_in(prefix, OTHERS)
    assert code_in("9506", OTHERS) == CODE


def test_a_wrong_check_digit_is_found():
    wrong = link().replace("/21/", "/21/", 1)
    gtin = wrong.split("/")[4]
    with pytest.raises(InvalidInputError, match="controlecijfer"):
        code_in(PREFIX, wrong.replace(gtin, gtin[:-1] + str((int(gtin[-1]) + 1) % 10)))


def test_an_article_without_a_code_is_no_passport():
    with pytest.raises(NotFoundError, match="geen serienummer"):
        code_in(PREFIX, link().partition("/21/")[0])


def test_a_hub_is_a_place_with_a_number():
    address = hub_link(PREFIX, BASE, 17)
    assert address.startswith(f"{BASE}/414/{PREFIX}00017")
    assert (hub_number_in(PREFIX, address), hub_number_in(PREFIX, f"{address}/254/B-04")) == (17, 17)
    with pytest.raises(NotFoundError, match="geen plaats"):
        hub_number_in(PREFIX, link())
    with pytest.raises(NotFoundError, match="geen serienummer"):
        code_in(PREFIX, address)
