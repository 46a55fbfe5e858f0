"""Telling people what happened: notices are gathered from the journal, taken one by one, written and sent.

Each step is a short transaction of its own, and none is open while a mail server is waited for. A worker that dies
between sending a mail and keeping that it was sent leaves one mail that is sent once more, after the lease.
"""

from datetime import datetime
from email.message import EmailMessage
from typing import Final, NamedTuple

from flask import current_app

from marketplace.accounts.models import User
from marketplace.config import Settings
from marketplace.kit import clock
from marketplace.kit.database import begin_writing, commit, session
from marketplace.notifications import actions, queries
from marketplace.web import mail
from marketplace.web.notices.composing import compose

_AT_ONCE: Final = 50


class Outcome(NamedTuple):
    """How many mails were sent, and how many could not be."""

    sent: int
    failed: int


def gather(at: datetime) -> None:
    """Read the journal to its end, and keep who is to be told of what."""
    while queries.is_unread():
        session.rollback()
        begin_writing()
        read = actions.gather(at)
        commit()
        if not read:
            return
    session.rollback()


def send(_at: datetime) -> Outcome:
    """Send what is to be sent, but no more than some dozens at once, and stop where a mail could not be sent.

    A mail server that is away is then asked once, and not for every mail that waits.
    """
    sent = 0
    while sent < _AT_ONCE and (notice_id := _claim()) is not None:
        if not _send(notice_id):
            return Outcome(sent, 1)
        sent += 1
    return Outcome(sent, 0)


def gather_and_send() -> Outcome:
    """Tell everyone everything that waits: for machines on which no worker runs."""
    gather(clock.now())
    total = 0
    while (outcome := send(clock.now())).sent and not outcome.failed:
        total += outcome.sent
    return Outcome(total + outcome.sent, outcome.failed)


def _claim() -> int | None:
    session.rollback()
    if not queries.is_due(clock.now()):
        session.rollback()
        return None
    session.rollback()
    begin_writing()
    taken = actions.claim(1, clock.now())
    commit()
    return taken[0] if taken else None


def _send(notice_id: int) -> bool:
    """Send one notice and keep what became of it; return whether the next may be tried."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        message = _message(notice_id, settings)
    except Exception as error:  # one that cannot be written must not keep the others from being sent
        current_app.logger.exception("notice %s could not be written", notice_id)
        _keep_failed(notice_id, type(error).__name__)
        return True
    if message is None:
        begin_writing()
        actions.drop(notice_id, "nobody to tell")
        commit()
        return True
    if mail.deliver(message, settings):
        begin_writing()
        actions.sent(notice_id, clock.now())
        commit()
        return True
    _keep_failed(notice_id, "not delivered")
    return False


def _message(notice_id: int, settings: Settings) -> EmailMessage | None:
    try:
        news = queries.find_news(notice_id)
        return compose(news, settings) if news and _may_be_mailed(news.person, settings) else None
    finally:
        session.rollback()


def _may_be_mailed(person: User, settings: Settings) -> bool:
    """Tell whether a person may get mail: those of the example do not exist, and get none by a mail server."""
    return not (person.is_example and mail.goes_out(settings)) and mail.may_reach(person.email, settings)


def _keep_failed(notice_id: int, why: str) -> None:
    begin_writing()
    again = actions.failed(notice_id, clock.now(), why)
    commit()
    if not again:
        current_app.logger.error("notice %s is given up: %s", notice_id, why)
