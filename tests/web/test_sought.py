"""What was added a moment ago is looked for, and is not missing yet; and no bound is claimed for it."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.quantities import Quantity, Unit
from marketplace.matching.board import plan_standing
from marketplace.matching.live import LivePlan
from marketplace.projects import actions
from tests.factories import by, make_listing, make_need, make_project
from tests.planned import plan_all
from tests.projects.planning import need_facts


@pytest.fixture
def project(context):
    return make_project(slug="twaalf", at="Assen")


def add(project):
    """Add a need for more doors than there are, as somebody does."""
    day = clock.today() + timedelta(days=100)
    facts = need_facts(quantity=Quantity(Decimal(30), Unit.PIECE), wanted_from=day, wanted_until=day, length=None)
    need = actions.add_need(project=project, facts=facts, by=by())
    session.commit()
    return need


def needs_of(client, address):
    """Return the marks and the words of what is told of the needs on a page."""
    page = client.get(address).text
    part = page.split('id="needs"')[-1].split('id="fits"')[0]
    return page, " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_a_need_that_the_planner_has_not_seen_is_sought_and_then_told_without_the_page_being_left(client, project):
    make_listing(total=20)
    plan_all()
    need = add(project)
    for address, part in (("/projecten/twaalf", "need-rows"), (f"/behoeften/{need.reference}", "need-found")):
        page, told = needs_of(client, address)
        assert "We zoeken nog wat past." in told
        assert "te kort" not in told
        assert f'id="{part}" hx-get="{address}" hx-select="#{part}"' in page
    live = LivePlan()
    while live.is_behind():
        live.keep_up(clock.now())
        session.commit()
    for address in ("/projecten/twaalf", f"/behoeften/{need.reference}"):
        page, told = needs_of(client, address)
        assert "We zoeken nog" not in told
        assert "20 st voorgesteld" in told
        assert "10 st te kort" in told
        assert 'hx-trigger="every' not in page.split("<main")[1]


def test_before_a_first_plan_nothing_is_looked_for(client, project):
    add(project)
    assert "te kort" in needs_of(client, "/projecten/twaalf")[1]


def test_the_bound_is_claimed_for_what_was_there_when_it_was_computed(client, project):
    make_listing(total=20)
    make_need(project)
    plan_all()
    assert "Beter kan niet: dit is het beste plan dat er is." in needs_of(client, "/projecten/twaalf")[1]
    assert not plan_standing().has_changed
    add(project)
    told = needs_of(client, "/projecten/twaalf")[1]
    assert "Toen kon het niet beter; sindsdien is er iets veranderd." in told
