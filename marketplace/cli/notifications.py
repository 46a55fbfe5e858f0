"""Commands that tell people what happened, and the worker that does so by itself."""

import sys
from collections.abc import Callable

import click
from flask import Flask, current_app
from flask.cli import AppGroup

Send = Callable[[], tuple[int, int]]
"""Tell everyone everything that waits, and return how many mails were sent and how many could not be."""


def register(app: Flask, *, send: Send, work: Callable[[Flask], None]) -> None:
    """Add `flask notifications send` and `flask worker`, which do what they are given."""
    group = AppGroup("notifications", help="The mails about what happened.")

    @group.command("send")
    def send_once() -> None:
        """Tell everyone what happened since the last time; for machines on which no worker runs."""
        sent, failed = send()
        click.echo(f"Sent: {sent}.")
        if failed:
            click.echo("The mail server took no more; what is left is tried again later.", err=True)
            sys.exit(1)

    @click.command("worker")
    def worker() -> None:
        """Send mails and do what is due, until stopped; `make run` starts one by itself."""
        work(current_app._get_current_object())  # type: ignore[attr-defined]  # of the proxy, which is typed as the app

    app.cli.add_command(group)
    app.cli.add_command(worker)
