"""The GS1 keys of passports and hubs under the company prefix of the operator, and the way back from them. Pure.

A passport is an item or a batch of an article: its category is the article, its code the serial or the lot. Nothing is
kept for it, so that a prefix can be set, and taken out again, at any time.
"""

from functools import cache
from typing import Final

from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.tables import read_table
from marketplace.passports.gs1.digital_link import DigitalLink, parse
from marketplace.passports.gs1.keys import EXAMPLE_PREFIX, batch_link, gln, gtin, is_of, item_link, place_link
from marketplace.passports.levels import Granularity

PRIMARY_KEYS: Final = ("01", "414")
"""The application identifiers that begin the keys below: GTIN and the GLN of a place."""

_LINKS: Final = {Granularity.ITEM: item_link, Granularity.BATCH: batch_link}
_GLN_NUMBER_END: Final = 12


def may_carry(prefix: str, *, is_example: bool) -> bool:
    """Tell whether a thing may have a key of this prefix: one that belongs to somebody is not for examples."""
    return bool(prefix) and (prefix.startswith(EXAMPLE_PREFIX) or not is_example)


def passport_link(prefix: str, base: str, *, category: str, granularity: Granularity, code: str) -> str | None:
    """Return the Digital Link of a passport below `base`, or None for what is no article: a whole work."""
    number, link = _articles().get(category), _LINKS.get(granularity)
    return link(base, gtin(prefix, number), code) if number is not None and link is not None else None


def hub_link(prefix: str, base: str, number: int) -> str:
    """Return the Digital Link of hub `number`."""
    return place_link(base, gln(prefix, number))


def code_in(prefix: str, address: str) -> str:
    """Return the code in the Digital Link of a passport.

    Any article of ours will do: a passport may have got another category since its label was printed, and its code is
    unique without. Raises InvalidInputError where the address is not well formed, NotFoundError where its key is of
    another party or names an article only.
    """
    link = _own(prefix, address)
    code = link.find("21") or link.find("10")
    if link.key.ai != "01" or code is None:
        raise NotFoundError(
            N_("In dit adres staat geen serienummer of partijnummer, en dus niet welk paspoort het is.")
        )
    return code


def hub_number_in(prefix: str, address: str) -> int:
    """Return the number of the hub in the Digital Link of a place. Raises as `code_in` does."""
    key = _own(prefix, address).key
    if key.ai != "414":
        raise NotFoundError(N_("In dit adres staat geen plaats van deze hub."))
    return int(key.value[len(prefix) : _GLN_NUMBER_END])


def _own(prefix: str, address: str) -> DigitalLink:
    link = parse(address)
    if not is_of(prefix, link.key.ai, link.key.value):
        raise NotFoundError(N_("Dit is een code van een andere partij; hier staan alleen paspoorten van deze hub."))
    return link


@cache
def _articles() -> dict[str, int]:
    return {row["category"]: int(row["number"]) for row in read_table("marketplace.passports", "gs1_articles")}
