"""Turns to write come to everybody, whoever else wants them, and none is lost with the process that had it."""

import fcntl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from marketplace.kit import turns
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.turns import Turn

_OTHER = """
import sys
from marketplace.kit.turns import Turn
print("asks", flush=True)
turn = Turn(sys.argv[1])
print("has it", flush=True)
sys.stdin.readline()
open(sys.argv[1] + "-log", "a").write("other\\n")
turn.end()
"""


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "some.sqlite")


@contextmanager
def other_process(path):
    """Another process that asks for the turn, and has it until it is told to go on."""
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "asks\n"
        try:
            yield process
        finally:
            process.kill()


def test_who_comes_second_waits_for_the_first(path):
    first, order = Turn(path), []

    def second() -> None:
        turn = Turn(path)
        order.append("second")
        turn.end()

    thread = threading.Thread(target=second)
    thread.start()
    thread.join(0.1)
    order.append("first")
    first.end()
    thread.join(5)
    assert order == ["first", "second"]


def test_a_process_that_waits_comes_before_one_that_has_just_written(path, tmp_path):
    turn = Turn(path)
    with other_process(path) as other:
        _until_somebody_is_next(path)
        other.stdin.write("go on\n")
        other.stdin.flush()
        turn.end()
        again = Turn(path)
        assert (tmp_path / "some.sqlite-log").read_text() == "other\n"
        again.end()


def _until_somebody_is_next(path):
    """Wait until the other process holds the lock of who is next, which it does while it waits."""
    with Path(f"{path}-next").open("w") as file:
        for _ in range(5000):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(file, fcntl.LOCK_UN)
            time.sleep(0.002)
    raise AssertionError("nobody waits")


def test_a_turn_ends_with_the_process_that_had_it(path):
    with other_process(path) as other:
        assert other.stdout.readline() == "has it\n"
        other.kill()
        other.wait()
        turn = Turn(path)
        assert turn.is_ours
        turn.end()


def test_who_has_waited_too_long_goes_on_without_it_and_takes_it_from_nobody(path, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    first = Turn(path)
    second = Turn(path)
    assert (first.is_ours, second.is_ours) == (True, False)
    second.end()
    third = Turn(path)
    assert not third.is_ours, "the first still writes"
    for turn in (first, third):
        turn.end()
    last = Turn(path)
    assert last.is_ours
    last.end()


def test_without_a_folder_for_its_files_writing_goes_on(tmp_path):
    turn = Turn(str(tmp_path / "nowhere" / "some.sqlite"))
    assert not turn.is_ours
    turn.end()


def test_a_transaction_gives_its_turn_back_however_it_ends(app):
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        pytest.skip("PostgreSQL queues its writers itself")
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with app.app_context():
        for end in (commit, session.rollback, session.remove):
            begin_writing()
            end()
            turn = Turn(path)
            assert turn.is_ours, end
            turn.end()


def test_turns_at_one_database_keep_nobody_from_another(path, tmp_path):
    here, there = Turn(path), Turn(str(tmp_path / "other.sqlite"))
    assert here.is_ours
    assert there.is_ours
    here.end()
    there.end()
