"""Asking whether the harvest moves along when the days of its project change, and moving what people ticked."""

import html
import re
from datetime import timedelta

import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.listings.models import ListingStatus, Stage
from marketplace.projects.models import Project, ProjectKind
from marketplace.reservations.counted import slips_of
from marketplace.reservations.models import Reservation
from tests.factories import (
    make_listing,
    make_member,
    make_organisation,
    make_project,
    make_reservation,
    sign_in,
)
from tests.web.reading import sent_back

EDIT, MOVE = "/projecten/sleen/wijzigen", "/projecten/sleen/oogst/verschuiven"


@pytest.fixture
def contractor(context):
    return make_organisation(name="Sloopbedrijf Noord")


@pytest.fixture
def project(contractor):
    return make_project(contractor, name="Sloop Sleen", slug="sleen", at="Sleen", kind=ProjectKind.DEMOLITION)


@pytest.fixture
def trader(client, contractor, project):
    return sign_in(client, make_member(contractor))


def harvest(project, **more):
    days = {"available_from": project.starts_on, "available_until": project.ends_on}
    facts = {"stage": Stage.EXPECTED, "project_id": project.id, "organisation_id": project.organisation_id}
    return make_listing(**facts | days | more)


def shift(trader, project, *, start=0, end=0):
    """Save the project with its days moved by so many days, and return the answer."""
    sent = sent_back(trader.get(EDIT).text)
    days = (project.starts_on + timedelta(days=start), project.ends_on + timedelta(days=end))
    return trader.post(EDIT, data=sent | {"starts_on": str(days[0]), "ends_on": str(days[1])})


def tokens(answer):
    return [html.unescape(found) for found in re.findall(r'name="move" value="([^"]+)"', answer.text)]


def days_of(lot):
    session.refresh(lot)
    return lot.available_from, lot.available_until


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def test_after_the_days_changed_the_lots_are_listed_and_move_when_agreed_to(trader, project):
    lot, draft = harvest(project), harvest(project, status=ListingStatus.DRAFT, available_until=None)
    option = make_reservation(lot, make_organisation().id, 12)
    lot.held, lot.available = 12, lot.available - 12
    journal.record(option.subject, "reservation.requested", by=By())
    first, last = project.starts_on, project.ends_on
    assert shift(trader, project, start=30, end=60).location == MOVE
    page = trader.get(MOVE)
    assert len(tokens(page)) == 2
    assert "12 st in optie" in words(page)
    assert days_of(lot) == (first, last)
    assert "2 partijen staan nog op de dagen van voor" in words(trader.get("/projecten/sleen"))
    assert trader.post(MOVE, data={"move": tokens(page)}).status_code == 303
    moved = first + timedelta(days=30), last + timedelta(days=60)
    assert (days_of(lot), days_of(draft)) == (moved, (moved[0], None))
    slips = {slip.field: (slip.was, slip.now) for slip in slips_of(session.get_one(Reservation, option.id))}
    assert slips == {"available_from": (first, moved[0]), "available_until": (last, moved[1])}
    assert "Er hoeft niets te verschuiven" in words(trader.get(MOVE))
    assert "staan nog op de dagen" not in words(trader.get("/projecten/sleen"))


def test_what_was_not_moved_the_first_time_moves_all_the_way_the_second(trader, project):
    lot, last = harvest(project), project.ends_on
    for _ in range(2):
        shift(trader, project, end=10)
    trader.post(MOVE, data={"move": tokens(trader.get(MOVE))})
    assert days_of(lot) == (project.starts_on, last + timedelta(days=20))


def test_sent_again_it_moves_nothing_twice(trader, project):
    lot = harvest(project)
    shift(trader, project, start=30, end=30)
    sent = tokens(trader.get(MOVE))
    trader.post(MOVE, data={"move": sent})
    days = days_of(lot)
    again = trader.post(MOVE, data={"move": sent})
    assert again.status_code == 409
    assert days_of(lot) == days
    assert trader.post(MOVE, data={}).status_code == 422


def test_nothing_moves_into_the_past_or_past_its_own_end(trader, project):
    lot = harvest(project, available_until=project.starts_on + timedelta(days=5))
    shift(trader, project, start=-60, end=-170)
    trader.post(MOVE, data={"move": tokens(trader.get(MOVE))})
    assert days_of(lot) == (clock.today(), clock.today())


def test_where_no_day_or_no_lot_of_ones_own_changed_nothing_is_asked(trader, project):
    harvest(project, organisation_id=make_organisation().id)
    harvest(project, stage=Stage.IN_STOCK)
    harvest(project, status=ListingStatus.WITHDRAWN)
    assert shift(trader, project, start=30, end=30).location == "/projecten/sleen"
    journal.record(harvest(project).subject, "listing.posted", by=By())
    sent = sent_back(trader.get(EDIT).text) | {"summary": "Anders"}
    assert trader.post(EDIT, data=sent).location == "/projecten/sleen"


def test_it_is_not_for_others(client, project):
    harvest(project)
    sign_in(client, make_member())
    assert client.get(MOVE).status_code == 404
    sign_in(client, make_member(session.get_one(Project, project.id).organisation, Role.SITE))
    assert client.post(MOVE, data={"move": "x"}).status_code == 403
