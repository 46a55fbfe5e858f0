"""Several who do something at once, each a thread with a session of its own, so that only the database is shared."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Flask

from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError

Result = TypeVar("Result")


def at_once(
    app: Flask, steps: Sequence[Callable[[], Result]], *, refused: tuple[type[Exception], ...] = (ConflictError,)
) -> list[Result | Exception]:
    """Take all steps at once, each on a connection of its own, and return in their order what came of each.

    That is what the step returned, or the error by which it was `refused`, after which it is undone.
    """
    came: list[Result | Exception] = [AssertionError("it came to no end")] * len(steps)
    ready = threading.Barrier(len(steps))

    def client(number: int) -> None:
        with app.app_context():
            ready.wait(timeout=20)
            try:
                came[number] = steps[number]()
            except refused as error:
                session.rollback()
                came[number] = error

    threads = [threading.Thread(target=client, args=(number,)) for number in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def done(came: Sequence[object]) -> list[int]:
    """Return the numbers of the steps that were not refused."""
    return [number for number, each in enumerate(came) if not isinstance(each, Exception)]
