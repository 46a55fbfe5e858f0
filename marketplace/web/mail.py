"""Mail to people: into a folder, to the log or to a mail server, after the transaction it tells of has ended."""

import secrets
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from flask import Flask, Response, current_app, g, has_request_context
from flask_security import MailUtil

from marketplace.accounts.queries import normalise_email
from marketplace.config import Settings
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.files import write_durably

_SECONDS = 15
_RESERVED = {"example", "test", "invalid"}


class Mail(MailUtil):
    """The mails of the sign-in pages, sent by `deliver`."""

    def send_mail(  # noqa: PLR0917 (the signature of the library)
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,  # noqa: ARG002 (asked for by the library; our mails are plain text)
        **context: Any,  # noqa: ANN401, ARG002 (what the template was filled with, which is done by now)
    ) -> None:
        """Send a mail at the end of the request, or at once where there is none."""
        current_app.logger.info("mail %s", template)
        message = compose(sender=str(sender), recipient=str(recipient), subject=str(subject), text=body or "")
        if has_request_context():
            g.setdefault("mail", []).append(message)
        else:
            deliver(message, current_app.config["SETTINGS"])

    def normalize(self, email: str) -> str:
        """Return an address as accounts keep it, or raise the library's error for one that cannot be right."""
        return normalise_email(super().normalize(email))

    def validate(self, email: str) -> str:
        """Return an address as accounts keep it, or raise the library's error for one that cannot be right."""
        return normalise_email(super().validate(email))


def compose(*, sender: str, recipient: str, subject: str, text: str) -> EmailMessage:
    """Return a plain text mail. Raises ValueError for a line break in a header."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Materialenhub <{sender}>", recipient, subject
    message["Date"] = formatdate(clock.now().timestamp())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(text.strip() + "\n", cte="8bit")
    return message


def sender_of(settings: Settings) -> str:
    """Return the address that mails come from: `?from=` of the mail setting, else no-reply at the public host."""
    given = parse_qs(urlsplit(settings.mail_url).query).get("from")
    return given[0] if given else f"no-reply@{urlsplit(settings.public_url).hostname or 'localhost'}"


def may_reach(email: str, settings: Settings) -> bool:
    """Tell whether mail to this address may be sent: a mail server gets none for names that nobody can have (RFC 2606).

    A folder and the log take every mail.
    """
    reserved = email.rpartition("@")[2].rpartition(".")[2].lower() in _RESERVED
    return not (reserved and goes_out(settings))


def goes_out(settings: Settings) -> bool:
    """Tell whether mails are given to a mail server, and so may reach people."""
    return urlsplit(settings.mail_url).scheme not in {"folder", "log"}


def deliver(message: EmailMessage, settings: Settings) -> bool:
    """Send a mail as the settings say, and return whether that worked; a failure is logged, never raised."""
    server = urlsplit(settings.mail_url)
    try:
        if server.scheme == "folder":
            name = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}.eml"
            write_durably(settings.instance_path / "mail" / name, message.as_bytes())
        elif server.scheme == "log":
            current_app.logger.warning("mail to %s: %s\n%s", message["To"], message["Subject"], message.get_content())
        elif may_reach(message["To"], settings):
            _by_smtp(message, server)
        else:
            current_app.logger.info("mail to %s is not sent: that is an example", message["To"])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        current_app.logger.error("mail was not sent (%s): %s", type(error).__name__, error)
        return False
    return True


def _by_smtp(message: EmailMessage, server: SplitResult) -> None:
    host, tls = server.hostname or "localhost", ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, server.port or 465, timeout=_SECONDS, context=tls)
        if server.scheme == "smtps"
        else smtplib.SMTP(host, server.port or 25, timeout=_SECONDS)
    ) as connection:
        connection.ehlo()
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=tls)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)


def _send_waiting(response: Response) -> Response:
    waiting: list[EmailMessage] = g.pop("mail", [])
    if waiting and response.status_code < 400:
        # What the request changed is committed by now. Ending the transaction keeps a slow mail server from
        # holding up everyone else who writes.
        session.rollback()
        for message in waiting:
            deliver(message, current_app.config["SETTINGS"])
    return response


def register(app: Flask) -> None:
    """Send what a request has written once its transaction is done."""
    app.after_request(_send_waiting)
