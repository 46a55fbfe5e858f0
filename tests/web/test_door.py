"""When the door takes the lock: as late as it can, and not for what only reads."""

import pytest
from flask import g

from marketplace.accounts.models import User
from marketplace.kit.database import begin_writing, end_reading, session
from marketplace.web import door
from tests.factories import make_member, sign_in


@pytest.fixture
def taken(monkeypatch) -> list[bool]:
    """The times that the lock was taken: whether it was known by then who asks."""
    times = []

    def take() -> None:
        times.append("actor" in g)
        begin_writing()

    monkeypatch.setattr(door, "begin_writing", take)
    return times


def test_who_writes_takes_it_once_and_is_known_by_then(client, taken):
    assert sign_in(client, make_member()).post("/aanbieden", data={}).status_code == 422
    assert taken == [True]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/aanbod"),
        ("POST", "/aanbod"),
        ("POST", "/bestaat-niet"),
        ("POST", "/aanmelden"),
    ],
    ids=["a page", "where nothing can be sent", "nowhere", "a password"],
)
def test_who_does_not_write_takes_none(client, taken, method, path):
    client.open(path, method=method, data={"email": "iemand@voorbeeld.nl", "password": "iets"})
    assert taken == []


def test_who_may_not_write_takes_none(client, taken):
    assert client.post("/aanbieden").status_code == 302
    assert taken == []


def test_what_was_read_is_kept_when_reading_ends(context, statements):
    person = make_member()
    session.commit()
    known = session.get_one(User, person.id)
    assert known.memberships
    end_reading()
    statements.clear()
    assert known.name
    assert known.memberships[0].organisation.name
    assert statements == []
    session.commit()
    assert known.name
    assert statements, "after a write it is read again"
