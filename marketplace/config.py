"""The settings, read once from the environment; a bad one is refused at start with a sentence that names it."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

_FOR_EXAMPLES = "952"
"""What GS1 keys for examples begin with (GS1 General Specifications, section 1.4.2)."""


class SettingError(Exception):
    """Say which setting is wrong and what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides.

    `public_url` is the address that labels carry, without a slash at its end; empty means the address by which the
    page itself was asked for. `mail_url` is `folder:` (a file per mail under the instance folder), `log:` or
    `smtp://user:password@host:port` (`smtps://` for TLS from the start). `gs1_prefix` is the company prefix for which
    the operator has a licence of GS1; empty means that no GS1 keys are given out or resolved. `worker` tells whether
    the server starts the two processes beside it: one sends mails and keeps time, the other plans.
    """

    host: str
    port: int
    instance_path: Path
    uploads_path: Path
    database_url: str
    demo: bool
    public_url: str
    mail_url: str
    gs1_prefix: str
    worker: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings of `environment`, or raise SettingError."""
        instance_path = _folder(environment, "INSTANCE_PATH", ROOT / "instance")
        return cls(
            host=environment.get("HOST") or "127.0.0.1",
            port=_port(environment.get("PORT") or "8000"),
            instance_path=instance_path,
            uploads_path=_folder(environment, "UPLOADS_PATH", ROOT / "uploads"),
            database_url=_database_url(
                environment.get("DATABASE_URL") or f"sqlite:///{instance_path / 'marketplace.sqlite'}"
            ),
            demo=_yes_or_no("DEMO", environment.get("DEMO") or "1"),
            public_url=_web_address("PUBLIC_URL", environment.get("PUBLIC_URL", "")),
            mail_url=_mail_url(environment.get("MAIL_URL") or "folder:"),
            gs1_prefix=_gs1_prefix(environment.get("GS1_PREFIX", ""), demo=environment.get("DEMO") != "0"),
            worker=_yes_or_no("WORKER", environment.get("WORKER") or "1"),
        )

    @property
    def origin(self) -> str:
        """Return the web address under which passports are issued: the public one, or else where it listens."""
        return self.public_url or f"http://{'localhost' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104 (compared, not bound)

    @property
    def https(self) -> bool:
        """Tell whether people reach the app over TLS, so that cookies may demand it."""
        return self.public_url.startswith("https://")


def secret(folder: Path, name: str) -> str:
    """Return the secret of this name, made at first use and readable by the owner alone."""
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value := secrets.token_urlsafe(48))
    return value


def _folder(environment: Mapping[str, str], name: str, default: Path) -> Path:
    path = Path(environment.get(name) or default).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"{name}={path} is not a folder that can be used: {error.strerror}.") from error
    if not os.access(path, os.W_OK):
        raise SettingError(f"{name}={path} is not a folder that can be used: it cannot be written.")
    return path


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingError(f"PORT={text} is not a port: give a number from 1 to 65535.")
    return int(text)


def _yes_or_no(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise SettingError(f"{name}={text} is not understood: give 1 or 0.")
    return text == "1"


def _database_url(text: str) -> str:
    scheme, _, rest = text.partition("://")
    if scheme in {"postgres", "postgresql"}:
        scheme = "postgresql+psycopg"
    if scheme not in {"sqlite", "postgresql+psycopg"} or not rest:
        raise SettingError(f"DATABASE_URL={text} is not understood: give sqlite:///PATH or postgresql://HOST/NAME.")
    return f"{scheme}://{rest}"


def _web_address(name: str, text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query):
        raise SettingError(f"{name}={text} is not understood: give an address such as https://hub.example.")
    return text.rstrip("/")


def _mail_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme in {"folder", "log"} or (parts.scheme in {"smtp", "smtps"} and parts.hostname):
        return text
    raise SettingError(f"MAIL_URL={text} is not understood: give folder:, log: or smtp://HOST:PORT.")


def _gs1_prefix(text: str, *, demo: bool) -> str:
    # Behind it there must be room for the three digits of an article in the twelve of a GTIN.
    if text and not re.fullmatch(r"[0-9]{4,9}", text):
        raise SettingError(f"GS1_PREFIX={text} is not understood: give the 4 to 9 digits of your GS1 company prefix.")
    if text.startswith(_FOR_EXAMPLES) and not demo:
        raise SettingError(f"GS1_PREFIX={text} belongs to nobody: prefixes that begin with 952 go with DEMO=1 only.")
    return text
