import smtplib
from email import message_from_bytes, policy

import pytest

from marketplace.web import mail
from tests.conftest import other

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def message():
    return mail.compose(
        sender="no-reply@hub.example",
        recipient="jan@bork.nl",
        subject="Bevestig één adres",
        text="Dag,\n\nVóór morgen.",
    )


def test_a_mail_is_a_file_that_a_mail_program_reads(settings, message, tmp_path):
    assert mail.deliver(message, other(settings, instance_path=tmp_path))
    (file,) = (tmp_path / "mail").glob("*.eml")
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (read["To"], read["Subject"]) == ("jan@bork.nl", "Bevestig één adres")
    assert read.get_content() == "Dag,\n\nVóór morgen.\n"


def test_a_mail_may_go_to_the_log(settings, message, caplog):
    assert mail.deliver(message, other(settings, mail_url="log:"))
    assert "Vóór morgen." in caplog.text


@pytest.mark.parametrize(
    "failure", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPAuthenticationError(535, b"no")]
)
def test_a_server_that_fails_breaks_nothing_and_is_logged(settings, message, caplog, monkeypatch, failure):
    def fail(*_args, **_kwargs):
        raise failure

    monkeypatch.setattr(smtplib, "SMTP", fail)
    assert not mail.deliver(message, other(settings, mail_url="smtp://hub:geheim@localhost:2525"))
    assert "mail was not sent" in caplog.text
    assert "geheim" not in caplog.text


def test_a_server_gets_the_mail_with_its_name_and_password(settings, message, monkeypatch):
    sent = []

    class Server:
        def __init__(self, host, port, **_):
            sent.append((host, port))

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def ehlo(self):
            return None

        def has_extn(self, _name):
            return False

        def login(self, user, password):
            sent.append((user, password))

        def send_message(self, what):
            sent.append(what["To"])

    monkeypatch.setattr(smtplib, "SMTP", Server)
    assert mail.deliver(message, other(settings, mail_url="smtp://hub:ge%40heim@mail.example:2525"))
    assert sent == [("mail.example", 2525), ("hub", "ge@heim"), "jan@bork.nl"]


def test_a_mail_server_is_given_nothing_for_an_example(settings, message, monkeypatch):
    given = []
    monkeypatch.setattr(mail, "_by_smtp", lambda message, _server: given.append(message["To"]))
    served = other(settings, mail_url="smtp://localhost:2525")
    for address in ("bouwer@demo.materialenhub.example", "jan@example.nl"):
        message.replace_header("To", address)
        assert mail.deliver(message, served)
    assert given == ["jan@example.nl"]


@pytest.mark.parametrize(
    ("changes", "sender"),
    [
        ({}, "no-reply@localhost"),
        ({"public_url": "https://hub.example"}, "no-reply@hub.example"),
        ({"mail_url": "smtp://localhost:25?from=post@hub.example"}, "post@hub.example"),
    ],
)
def test_the_sender_follows_from_the_settings(settings, changes, sender):
    assert mail.sender_of(other(settings, **changes)) == sender


def test_a_line_break_cannot_smuggle_in_a_header():
    with pytest.raises(ValueError, match="linefeed"):
        mail.compose(sender="a@b.nl", recipient="jan@bork.nl", subject="Dag\nBcc: iedereen@bork.nl", text="x")
