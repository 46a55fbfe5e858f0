"""What every sentence about an entry of the journal is made of: its facts, as words for a page."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from marketplace.kit.journal import Fact
from marketplace.kit.quantities import Unit
from marketplace.web.filters import number, unit_label

Facts = Mapping[str, Fact]
Told = tuple[str, str] | None
"""The title and the text of one line; None where the reader may know nothing of it."""
Teller = Callable[[Facts, bool], Told]
"""How an action is told, given its facts and whether the reader is the public."""
Tellers = Mapping[str, Teller]


def with_amount(sentence: str, without: str, facts: Facts) -> str:
    """Return a sentence with the amount in it; `without` where the facts tell none."""
    found = amount(facts)
    return sentence.replace("%(amount)s", found) if found else without


def with_place(sentence: str, without: str, facts: Facts) -> str:
    """Return a sentence with the place in it; `without` where the facts tell none."""
    place = str(facts.get("place") or "")
    return sentence.replace("%(place)s", place) if place else without


def amount(facts: Facts, key: str = "quantity") -> str:
    """Return an amount with its unit, or nothing."""
    value, unit = facts.get(key), str(facts.get("unit"))
    if value is None:
        return ""
    return f"{written(value)} {unit_label(Unit(unit))}" if unit in set(Unit) else written(value)


def written(value: Fact) -> str:
    """Return a number as people read it; what is none stays as it is."""
    try:
        return number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def organisation(facts: Facts) -> str:
    """Return the organisation that is named, or nothing."""
    return str(facts.get("organisation") or "")


def reason(facts: Facts) -> str:
    """Return why, as somebody typed it, or nothing."""
    return str(facts.get("reason") or "")


def rack(facts: Facts) -> str:
    """Return in which rack, or nothing."""
    return str(_("rek %(rack)s", rack=facts["rack"])) if facts.get("rack") else ""


def joined(*parts: str) -> str:
    """Return the parts that say something, one after the other."""
    return ", ".join(part for part in parts if part)
