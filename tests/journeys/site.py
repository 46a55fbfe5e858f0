"""The site as people meet it: the real server in a process of its own, with its own folders and the demo loaded."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from marketplace.config import ROOT

_PATIENCE = 90  # seconds; loading the demo is most of it
_MAIL = 20  # seconds; the worker looks every second


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site answers, without a slash at its end, and the folder of its database and photos."""

    address: str
    folder: Path

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.address + path

    def ask(self, sql: str, *values: object) -> tuple:
        """Return the first row of a question to its database: what a test must know before it looks at the page."""
        path = self.folder / "instance" / "marketplace.sqlite"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            row = connection.execute(sql, values).fetchone()
        assert row, f"nothing in the demo answers: {sql}"
        return row

    def fetch(self, path: str) -> bytes:
        """Return what a path answers to somebody who is not signed in."""
        with urllib.request.urlopen(self.url(path), timeout=20) as answer:  # noqa: S310 (an address of our own)
            return answer.read()

    def mail(self, to: str, subject: str) -> str:
        """Wait for a mail to somebody of the demo, by the beginning of its subject, and return its text."""
        until = time.monotonic() + _MAIL
        while time.monotonic() < until:
            for path in sorted((self.folder / "instance" / "mail").glob("*.eml")):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                if mail["To"] == f"{to}@demo.materialenhub.example" and mail["Subject"].startswith(subject):
                    return str(mail.get_content())
            time.sleep(0.1)
        raise TimeoutError(f"no mail to {to} came that begins with: {subject}")

    def command(self, *words: str) -> str:
        """Return what `flask --app wsgi` answers to these words. Raises CalledProcessError where it fails."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(command, cwd=ROOT, env=_environment(self.folder), check=True, capture_output=True)
        return done.stdout.decode().strip()


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Site]:
    """Serve the site from an empty folder, as `make run` does, until the block ends."""
    port = str(_free_port())
    site = Site(f"http://127.0.0.1:{port}", folder)
    given = {"HOST": "127.0.0.1", "PORT": port, **settings}
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "marketplace"],
            cwd=ROOT,
            env=_environment(folder) | given,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(site, server, log)
            yield site
        finally:
            server.terminate()
            server.wait(20)


def errors_of(site: Site) -> str:
    """Return what the server complained of, from the first traceback on; empty when it did not."""
    _, found, rest = (site.folder / "server.log").read_text(encoding="utf-8").partition("Traceback")
    return found + rest


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PUBLIC_URL", "MAIL_URL"}}
    folders = {"INSTANCE_PATH": str(folder / "instance"), "UPLOADS_PATH": str(folder / "uploads")}
    return {**kept, **folders, "DEMO": "1"}


def _free_port() -> int:
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _wait(site: Site, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            site.fetch("/readyz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"The site did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
