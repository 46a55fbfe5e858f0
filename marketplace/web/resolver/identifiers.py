"""What a machine calls a passport: its code, or an address of this hub that leads to it. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from marketplace.kit.errors import N_, InvalidInputError, NotFoundError
from marketplace.passports.gs1.own_keys import code_in

_VERSION: Final = re.compile(r"v(?P<number>[0-9]{1,6})")
_OF_GS1: Final = "/01/"
_PATH: Final = re.compile(r"/id/(?P<code>[^/]+)/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the code, and the number of a version where one is named."""

    code: str
    number: int | None = None


def read(text: str, hosts: Collection[str], prefix: str = "") -> Asked:
    """Return what an identifier names: a code or an address below one of `hosts`, with or without `#v` and a number.

    A GS1 Digital Link may be below any host, because its key says whose it is: that of `prefix`, where there is one.
    Raises NotFoundError where another party would know it, InvalidInputError where nobody would.
    """
    name, _, fragment = text.partition("#")
    return Asked(_code(name, hosts, prefix) if "://" in name else name.strip("/"), _number(fragment))


def _code(address: str, hosts: Collection[str], prefix: str) -> str:
    if _OF_GS1 in address:
        return code_in(prefix, address)
    try:
        parts = urlsplit(address)
    except ValueError:
        raise _malformed() from None
    found = _PATH.fullmatch(parts.path)
    if parts.scheme not in {"http", "https"} or found is None:
        raise _malformed()
    if parts.netloc.lower() not in hosts:
        raise NotFoundError(N_("Dit is een code van een andere partij; hier staan alleen paspoorten van deze hub."))
    return found["code"]


def _number(fragment: str) -> int | None:
    if not fragment:
        return None
    found = _VERSION.fullmatch(fragment)
    if found is None:
        raise _malformed()
    return int(found["number"])


def _malformed() -> InvalidInputError:
    return InvalidInputError(N_("Dit is geen code en geen adres van een paspoort, zoals https://HUB/ID/CODE."))
