"""Pages that take long, shown in answer to a request that may write and wrote nothing."""

from collections.abc import Callable

from flask import current_app
from werkzeug.wrappers import Response

from marketplace.kit.database import session
from marketplace.web.idempotency import Remade
from marketplace.web.timekeeping import settle_due


def shown_later(page: Callable[[], tuple[str, int]]) -> Remade:
    """Undo what was begun, and answer with a page and its status that are made when nobody waits for the lock."""

    def shown() -> Response:
        session.rollback()
        settle_due()  # whatever was asked, what time brought to the lots stands
        return current_app.make_response(page())

    return Remade((), shown)
