"""Of what is held or given up together each owner gets one mail, about what is theirs and nothing else."""

from decimal import Decimal
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select

from marketplace.accounts import circles
from marketplace.accounts.models import Organisation
from marketplace.kit.clock import now
from marketplace.kit.database import session
from marketplace.notifications import actions
from marketplace.notifications.models import Notice
from marketplace.projects.models import Project
from marketplace.reservations import proposed_days
from marketplace.reservations.actions import confirm, decline
from marketplace.reservations.answering import confirm_all
from marketplace.reservations.baskets import Line, cancel_all, hold_for_project
from marketplace.reservations.queries import of_basket
from marketplace.web.notices import sending
from marketplace.web.notices.moments import day
from tests.conftest import other
from tests.factories import by, make_listing, make_member, make_need, make_organisation, make_project

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def builder(context):
    actions.begin()
    return make_organisation(name="Bouwbedrijf Es")


@pytest.fixture
def people(builder):
    """A planner of the builder with a colleague, and a trader of each of two owners."""
    north, south = make_organisation(name="Noord"), make_organisation(name="Zuid")
    return {
        "planner": make_member(builder),
        "colleague": make_member(builder),
        "north": make_member(north),
        "south": make_member(south),
    }


@pytest.fixture
def owner_of(people):
    return {name: people[name].memberships[0].organisation_id for name in ("north", "south")}


@pytest.fixture
def project(builder):
    return make_project(builder, name="Twaalf woningen")


@pytest.fixture
def told_day(app):
    """Return a function that writes the first day of a project as a mail does."""

    def told(project) -> str:
        with app.test_request_context():
            return day(project.starts_on)

    return told


@pytest.fixture
def mails(settings, tmp_path, app, monkeypatch):
    """Return a function that sends what is to be told, and returns the new mails by who gets them."""
    config = other(settings, instance_path=tmp_path, public_url="https://hub.example")
    monkeypatch.setitem(app.config, "SETTINGS", config)

    def send(*, once: bool = True):
        session.commit()
        sending.gather_and_send()
        files = sorted((tmp_path / "mail").glob("*.eml"))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        for file in files:
            file.unlink()
        assert not once or len({mail["To"] for mail in found}) == len(found), "nobody gets two of one step"
        return {mail["To"]: mail for mail in found}

    return send


@pytest.fixture
def held(project, people, owner_of):
    """Two lots of one owner and one of another, held for two needs by the planner."""
    doors, cellar = make_need(project, title="Binnendeuren"), make_need(project, title="Kelderdeuren")
    first, second, third = (
        make_listing(session.get_one(type(project.organisation), owner_of[owner]), total=12, name=name)
        for owner, name in (("north", "Deur eik"), ("north", "Deur wit"), ("south", "Deur staal"))
    )
    lines = [
        Line(first.id, Decimal(12), doors.id),
        Line(second.id, Decimal(5), cellar.id),
        Line(third.id, Decimal(3), cellar.id),
    ]

    def hold():
        who = by(project.organisation, people["planner"])
        return hold_for_project(project_id=project.id, lines=lines, note="Graag in één rit", by=who, at=now())

    return hold


def test_each_owner_gets_one_mail_with_a_line_for_each_of_theirs(held, people, mails, project, told_day):
    basket = held()
    sent = mails()
    assert set(sent) == {people["north"].email, people["south"].email}
    mail = sent[people["north"].email]
    assert mail["Subject"] == "2 aanvragen tegelijk van Bouwbedrijf Es"
    text = mail.get_content()
    when = told_day(project)
    assert f"- 12 st Deur eik, voor “Binnendeuren”, voorgestelde afhaaldag {when}\n- 5 st Deur wit, voor" in text
    assert "Wie bevestigt, stemt in met de afhaaldag die erbij staat." in text
    for part in ("Het is voor het project Twaalf woningen.", "Graag in één rit", "Antwoord uiterlijk", "/balie\n"):
        assert part in text
    assert "staal" not in text
    assert basket.reference not in text
    assert session.scalar(select(func.count()).select_from(Notice)) == 2


def test_an_owner_of_one_lot_is_asked_as_for_any_other_reservation(held, people, mails, project, told_day):
    basket = held()
    mail = mails()[people["south"].email]
    assert mail["Subject"] == "3 st Deur staal gevraagd door Bouwbedrijf Es"
    told = f"Voorgestelde afhaaldag: {told_day(project)}. Wie bevestigt, stemt daarmee in."
    assert told in mail.get_content()
    assert f"/reserveringen/{of_basket(basket.id)[2].reference}\n" in mail.get_content()


def test_what_was_answered_meanwhile_is_not_asked_for_again(held, people, mails):
    for row in of_basket(held().id)[:2]:
        confirm(row, by=by(session.get_one(type(row.organisation), row.listing.organisation_id)), at=now())
    text = mails(once=False)[people["north"].email].get_content()
    assert "Intussen is er meer gebeurd." in text
    assert "Bevestig elke" not in text


def test_who_gives_up_a_basket_tells_each_owner_once_with_the_reason(held, people, mails, project):
    basket = held()
    mails()
    cancel_all(basket, reason="Ontwerp gewijzigd", by=by(project.organisation, people["planner"]), at=now())
    sent = mails()
    assert {to: mail["Subject"] for to, mail in sent.items()} == {
        people["north"].email: "Bouwbedrijf Es annuleert 2 reserveringen tegelijk",
        people["south"].email: "Bouwbedrijf Es annuleert 3 st Deur staal",
    }
    for mail in sent.values():
        assert "Reden: Ontwerp gewijzigd" in mail.get_content()


def test_who_had_fetched_or_lost_theirs_before_is_not_told_that_the_rest_is_given_up(held, people, mails, project):
    basket = held()
    mails()
    decline(of_basket(basket.id)[2], reason="Vol", by=by(), at=now())
    mails()
    cancel_all(basket, by=by(project.organisation, people["planner"]), at=now())
    assert set(mails()) == {people["north"].email}


def test_inside_a_circle_both_sides_are_told_once_that_it_is_promised(held, people, mails, owner_of, builder):
    north = session.get_one(type(builder), owner_of["north"])
    circle = circles.found(name="Drenthe", founder=builder, by=by(), at=now())
    circles.invite(circle=circle, organisation=north, inviter=builder, by=by(), at=now())
    circles.join(circle=circle, organisation=north, by=by(), at=now())
    mails()
    basket = held()
    sent = mails()
    assert {to: mail["Subject"] for to, mail in sent.items()} == {
        people["north"].email: "2 reserveringen tegelijk van Bouwbedrijf Es uit uw kring",
        people["south"].email: "3 st Deur staal gevraagd door Bouwbedrijf Es",
        people["colleague"].email: "2 reserveringen meteen bevestigd",
    }
    text = sent[people["colleague"].email].get_content()
    assert f"https://hub.example/mandjes/{basket.reference}" in text
    assert "- 12 st Deur eik, Noord, voor “Binnendeuren”" in text
    assert "staal" not in text
    assert "bevestig" not in sent[people["north"].email].get_content().lower().replace("hoeft u niet te bevestigen", "")


def text_and_file(mail):
    """Return the text of a mail, and what is attached to it."""
    files = [part.get_content() for part in mail.iter_attachments()]
    return mail.get_body().get_content(), "".join(each if isinstance(each, str) else each.decode() for each in files)


def test_who_asked_together_is_told_once_of_what_one_owner_confirms_together(held, people, mails, owner_of, told_day):
    basket = held()
    mails()
    north = session.get_one(Organisation, owner_of["north"])
    references = [row.reference for row in of_basket(basket.id)[:2]]
    confirm_all(references, owner=north, by=by(north, people["north"]), at=now())
    sent = mails()
    assert {to: mail["Subject"] for to, mail in sent.items()} == {
        people[who].email: "Noord bevestigt 2 reserveringen tegelijk" for who in ("planner", "colleague")
    }
    text, file = text_and_file(sent[people["planner"].email])
    when = told_day(session.get_one(Project, basket.project_id))
    assert f"- 12 st Deur eik, Noord, voor “Binnendeuren”, ophalen op {when}" in text
    assert "staal" not in text
    assert f"https://hub.example/mandjes/{basket.reference}" in text
    assert (file.count("BEGIN:VEVENT"), file.count("STATUS:CONFIRMED")) == (2, 2)


def test_one_that_is_confirmed_tells_the_day_or_that_it_is_still_open(held, people, mails, project, told_day):
    first, second, _ = of_basket(held().id)
    mails()
    when = told_day(project)
    proposed_days.confirm(first, by=by(), at=now())
    sent = mails()
    assert set(sent) == {people["planner"].email, people["colleague"].email}
    text, file = text_and_file(sent[people["planner"].email])
    assert "en stemt in met de afhaaldag die u voorstelde." in text
    assert f"Wanneer: {when}, 08:00 tot 17:00 uur." in text
    assert "Spreek af wanneer" not in text
    assert "STATUS:CONFIRMED" in file
    proposed_days.confirm(second, agrees=False, by=by(), at=now())
    text, file = text_and_file(mails()[people["planner"].email])
    assert f"Voorgestelde afhaaldag: {when}. Die geldt zodra de aanbieder ermee instemt." in text
    assert "Haal het op uiterlijk" in text
    assert file == ""
