"""What is done without anybody asking: telling people and keeping time in one process, and planning in another.

Nothing depends on it being prompt: what is due is also found when somebody looks. Two workers do no harm.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from flask import Flask
from sqlalchemy.exc import DBAPIError

from marketplace.kit import answers, clock
from marketplace.kit.database import begin_writing, commit, db, is_transient, session
from marketplace.notifications import actions as notifications
from marketplace.planner import Planner
from marketplace.reservations.settling import due_for_worker
from marketplace.web.notices import sending
from marketplace.web.timekeeping import settle_each

_TICK: Final = 1.0
_AFTER_ERROR: Final = 30.0
_LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do every so many seconds, in short transactions of its own, given the moment."""

    name: str
    every: float
    run: Callable[[datetime], object]


def settle(at: datetime) -> None:
    """Let happen what time brought to reservations, one listing a transaction, so that nobody waits for long.

    One at which it goes wrong keeps no other from being settled; its error is raised at the end.
    """
    errors = [error for _, error in settle_each(due_for_worker(at), at)]
    if errors:
        raise errors[0]


def forget(at: datetime) -> None:
    """Take away what nobody asks after any more: notices and answers of long ago."""
    begin_writing()
    notifications.forget(at)
    answers.forget(at - answers.KEPT_FOR)
    commit()


TASKS: Final = (
    Task("settle", _TICK, settle),
    Task("gather", _TICK, sending.gather),
    Task("send", _TICK, sending.send),
    Task("forget", 3600, forget),
)
"""In this order at every tick: what time has changed is told at once."""

_PLANNER: Final = Planner()
PLANNING: Final = (
    Task("keep_up", _TICK, _PLANNER.keep_up),
    Task("plan", _TICK, _PLANNER.plan),
)
"""Done by a process of their own, because a plan may take a minute."""

Ended = Callable[[float], bool]
"""Wait so many seconds, and tell whether to end."""


@dataclass(slots=True)
class Worker:
    """The tasks, and when each is to be done next, on a clock that only goes forward."""

    app: Flask
    tasks: tuple[Task, ...] = TASKS
    next_at: dict[str, float] = field(default_factory=dict)

    def tick(self) -> None:
        """Do what is to be done now. An error is logged and ends nothing."""
        for task in self.tasks:
            if time.monotonic() >= self.next_at.get(task.name, 0):
                self.next_at[task.name] = time.monotonic() + self._do(task)

    def _do(self, task: Task) -> float:
        """Do one task and return after how many seconds to do it again."""
        with self.app.app_context():
            try:
                task.run(clock.now())
            except Exception as error:  # whatever it is, the other tasks and the next time must not suffer
                session.rollback()
                if isinstance(error, DBAPIError) and is_transient(error):
                    return _TICK
                self.app.logger.exception("the worker could not do: %s", task.name)
                return max(task.every, _AFTER_ERROR)
        return task.every


def run(app: Flask, ended: Ended, tasks: tuple[Task, ...] = TASKS) -> None:
    """Work until it is time to end."""
    worker = Worker(app, tasks)
    while not ended(_TICK):
        worker.tick()


def work_alone(app: Flask) -> None:
    """Work until the process is stopped, with the planner beside it."""
    lifeline = _ready_to_fork(app)
    _fork(partial(_work_for, app, lifeline, PLANNING))

    def never(seconds: float) -> bool:
        time.sleep(seconds)
        return False

    run(app, never)


class Lifeline:
    """A pipe that nobody writes to. It ends when its holder does, however that ends: then the others see it close."""

    def __init__(self) -> None:
        self._watched, self._held = os.pipe()

    def let_go(self) -> None:
        """Hold it no longer; every process that was forked from the holder has to."""
        os.close(self._held)

    def ended(self, seconds: float) -> bool:
        """Wait at most so many seconds for its end, and tell whether it came."""
        return bool(select.select([self._watched], [], [], seconds)[0])


def start(app: Flask) -> Lifeline:
    """Let a worker and a planner run beside this process for as long as it lives; return what others must let go of.

    They are forked, so that they share what was imported. Before each stands a keeper, which starts it anew where it
    dies.
    """
    lifeline = _ready_to_fork(app)
    for tasks in (TASKS, PLANNING):
        _fork(partial(_keep, app, lifeline, tasks))
    return lifeline


def _ready_to_fork(app: Flask) -> Lifeline:
    with app.app_context():
        db.engine.dispose()  # connections must not be shared
    sys.stdout.flush()
    return Lifeline()


def _work_for(app: Flask, lifeline: Lifeline, tasks: tuple[Task, ...]) -> None:
    lifeline.let_go()
    run(app, lifeline.ended, tasks)


def _keep(app: Flask, lifeline: Lifeline, tasks: tuple[Task, ...]) -> None:
    lifeline.let_go()
    for name in (signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # they come to every process of a terminal; the server's end ends this one
    pause = 0.0
    while not lifeline.ended(pause):
        began = time.monotonic()
        os.waitpid(_fork(lambda: run(app, lifeline.ended, tasks)), 0)
        pause = _pause(time.monotonic() - began, pause)


def _pause(lived: float, pause: float) -> float:
    """Return how many seconds to wait before starting anew: hardly after a long life, ever longer after short ones."""
    return 1.0 if lived > _LONGEST_PAUSE else min(max(1.0, pause * 2), _LONGEST_PAUSE)


def _fork(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own, which ends with it, and return its number."""
    if child := os.fork():
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)  # what the parent does at its end is the parent's
