"""Two do something to one circle at once: one is refused and nothing is told twice; with controls that go wrong."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from marketplace.accounts import circles
from marketplace.accounts.circles import trust_each_other
from marketplace.accounts.models import Circle, CircleMembership, Organisation
from marketplace.kit import journal
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.errors import MarketplaceError
from tests.accounts.test_circles import AT, count, found, happened, invite, put_out, take_in, withdraw
from tests.factories import by, make_organisation

Step = Callable[[], object]
REFUSED = ["NotFoundError", "done"]
"""What comes of two steps of which one leaves nothing for the other."""


@dataclass
class Race:
    """Steps at once in transactions of their own, on one circle of three organisations, of which the first keeps it."""

    app: Flask
    ids: list[int]
    begin: Callable[[], None] = begin_writing
    slug: str = ""
    subject: str = ""
    outcomes: list[str] = field(default_factory=list)

    def prepare(self, *, joined: tuple[int, ...] = (), asked: tuple[int, ...] = ()) -> None:
        """Found the circle and let these in, or ask them."""
        begin_writing()
        keeper, circle = self.organisation(0), found(self.organisation(0))
        for index in joined:
            take_in(circle, self.organisation(index), keeper)
        for index in asked:
            invite(circle, self.organisation(index), keeper)
        self.slug, self.subject = circle.slug, circle.subject
        commit()
        session.remove()

    def organisation(self, index: int) -> Organisation:
        return session.get_one(Organisation, self.ids[index])

    def circle(self, index: int) -> Circle:
        return circles.get_circle(self.slug, self.ids[index])

    def run(self, *steps: Step) -> list[str]:
        """Take the steps at once; return in order what became of them."""
        together = threading.Barrier(len(steps))

        def take(step: Step) -> None:
            with self.app.app_context():
                together.wait(10)
                try:
                    self.begin()
                    step()
                    commit()
                    self.outcomes.append("done")
                except (MarketplaceError, OperationalError, StaleDataError) as error:
                    session.rollback()
                    self.outcomes.append(type(error).__name__)
                finally:
                    session.remove()

        threads = [threading.Thread(target=take, args=[step]) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return sorted(self.outcomes)

    def join(self, index: int) -> None:
        circles.join(circle=self.circle(index), organisation=self.organisation(index), by=by(), at=AT)

    def leave(self, index: int) -> None:
        circles.leave(circle=self.circle(index), organisation=self.organisation(index), by=by())

    def withdraw(self, index: int) -> None:
        withdraw(self.circle(0), self.organisation(index), self.organisation(0))

    def put_out(self, index: int) -> None:
        put_out(self.circle(0), self.organisation(index), self.organisation(0))


@pytest.fixture
def race(app, emptied_afterwards):
    """Three organisations that other transactions see."""
    with app.app_context():
        begin_writing()
        ids = [make_organisation().id for _ in range(3)]
        commit()
        session.remove()
        yield Race(app, ids)
        session.remove()


@pytest.fixture(params=["guarded", "unguarded"])
def guarded(request, race, monkeypatch) -> bool:
    """Let whoever has decided wait a moment for the other to decide too; unguarded, nothing keeps it from doing so."""
    is_guarded = request.param == "guarded"
    decided, tell = threading.Barrier(2), circles._tell

    def tell_together(*args, **facts) -> None:
        if threading.current_thread() is not threading.main_thread():
            with suppress(threading.BrokenBarrierError):  # where the other waits for the lock
                decided.wait(0.2 if is_guarded else 10)
        tell(*args, **facts)

    monkeypatch.setattr(circles, "_tell", tell_together)
    if not is_guarded:
        monkeypatch.setattr(circles, "_lock", lambda _circle: None)  # which holds on PostgreSQL
        race.begin = lambda: None  # and this on SQLite
    return is_guarded


# The control deletes what another one has deleted, of which the library warns.
pytestmark = [pytest.mark.timeout(120), pytest.mark.filterwarnings("ignore:DELETE statement:sqlalchemy.exc.SAWarning")]


def test_an_invitation_is_either_accepted_or_withdrawn(race, guarded):
    race.prepare(asked=(1,))
    came = race.run(lambda: race.join(1), lambda: race.withdraw(1))
    if not guarded:
        assert came != REFUSED, "the control: whoever accepted is out, or meets an error"
        return
    assert came == REFUSED
    (last,) = happened(race.subject)[2:]
    assert trust_each_other(*race.ids[:2]) is (last == "circle.joined")


def test_what_two_withdraw_at_once_is_withdrawn_and_told_once(race, guarded):
    race.prepare(asked=(1,))
    came = race.run(lambda: race.withdraw(1), lambda: race.withdraw(1))
    if not guarded:
        assert came != REFUSED
        return
    assert came == REFUSED
    assert happened(race.subject) == ["circle.founded", "circle.invited", "circle.withdrawn"]


def test_who_is_put_out_twice_at_once_is_put_out_and_told_once(race, guarded):
    race.prepare(joined=(1,))
    came = race.run(lambda: race.put_out(1), lambda: race.put_out(1))
    if not guarded:
        assert came != REFUSED
        return
    assert came == REFUSED
    assert happened(race.subject).count("circle.put_out") == 1


def test_who_leaves_as_they_are_put_out_goes_once(race, guarded):
    race.prepare(joined=(1, 2))
    came = race.run(lambda: race.put_out(1), lambda: race.leave(1))
    if not guarded:
        assert came != REFUSED
        return
    assert came == REFUSED
    assert len([action for action in happened(race.subject) if action in {"circle.put_out", "circle.left"}]) == 1


def test_a_keeper_who_leaves_while_putting_the_last_other_out_leaves_no_empty_circle(race, guarded):
    """Either the other is put out first and the circle ends, or the keeper is gone and puts nobody out."""
    race.prepare(joined=(1,))
    came = race.run(lambda: race.put_out(1), lambda: race.leave(0))
    places, left = count(CircleMembership), count(Circle)
    if not guarded:
        assert (places, left) == (0, 1) or "OperationalError" in came, "the control: a circle of nobody"
        return
    assert came in (REFUSED, ["done", "done"])
    assert places == left == (1 if came == REFUSED else 0)


@pytest.mark.parametrize("_", range(5))
def test_a_circle_never_ends_with_somebody_in_it(race, _):
    """The last one leaves at the moment that another joins: either both happen, or the one who joins finds nothing."""
    race.prepare(asked=(1,))
    came = race.run(lambda: race.leave(0), lambda: race.join(1))
    assert came in (REFUSED, ["done", "done"])
    joined = came != REFUSED
    assert len(circles.circles_of(race.ids[1])) == count(Circle) == count(CircleMembership) == (1 if joined else 0)


@pytest.mark.parametrize("names", [("Kring Noord", "KRING NOORD"), ("Kring Noord", "Kring Noord")])
def test_of_two_who_found_one_name_at_once_one_is_told(race, names):
    steps = [lambda index=index, name=name: found(race.organisation(index), name) for index, name in enumerate(names)]
    assert race.run(*steps) == ["ConflictError", "done"]
    assert session.scalar(select(func.count()).select_from(Circle)) == 1
    assert journal.first_broken() is None
