"""The settings, read once from the environment; a bad one is refused at start with a sentence that names it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class SettingError(Exception):
    """Say which setting is wrong and what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides.

    `public_url` is the address that labels carry, without a slash at its end; empty means the address by which the
    page itself was asked for. `mail_url` is `folder:` (a file per mail under the instance folder), `log:` or
    `smtp://user:password@host:port` (`smtps://` for TLS from the start).
    """

    host: str
    port: int
    instance_path: Path
    uploads_path: Path
    database_url: str
    demo: bool
    public_url: str
    mail_url: str

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
