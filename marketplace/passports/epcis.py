"""The life of a thing as events in the shape of EPCIS 2.0: what, when, where, and in which step. Pure.

Made of the journal, of what everyone may know: no person, no organisation that reserved, no place inside a building.
Terms are those of the GS1 Core Business Vocabulary 2.0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.quantities import Unit

MEDIA_TYPE: Final = "application/ld+json"
_CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


@dataclass(frozen=True, slots=True)
class Happening:
    """Hold one entry of the journal: its number, when and what happened, and the facts that it tells."""

    number: int
    at: datetime
    action: str
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Step:
    """Hold how an action is called in the Core Business Vocabulary."""

    verb: str
    business: str
    disposition: str = "in_progress"


_STEPS: Final = {
    "passport.created": _Step("ADD", "commissioning", "active"),
    "passport.installed": _Step("OBSERVE", "installing", "active"),
    "passport.lost": _Step("OBSERVE", "destroying", "damaged"),
    "passport.withdrawn": _Step("OBSERVE", "inspecting", "non_sellable_other"),
    "passport.test_recorded": _Step("OBSERVE", "inspecting"),
    "scan.seen": _Step("OBSERVE", "storing"),
    "scan.received": _Step("OBSERVE", "receiving"),
    "scan.damaged": _Step("OBSERVE", "inspecting", "damaged"),
    "reservation.handed_over": _Step("OBSERVE", "shipping", "in_transit"),
}
_INTO: Final = {
    "passport.split": "repackaging",
    "passport.merged": "repackaging",
    "passport.harvested": "disassembling",
    "passport.milled": "disassembling",
}
"""Actions by which a thing, or a part of it, goes on as another; they tell its code."""


def events_of(code: str, happenings: Sequence[Happening], *, base: str, made_at: datetime) -> dict[str, Any]:
    """Return the EPCIS document about the passport `code`, the oldest event first.

    `base` is the address in front of every code. What has no step in the vocabulary is left out.
    """
    events = [event for happening in happenings if (event := _event(code, happening, base))]
    return {
        "@context": [_CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _moment(made_at),
        "epcisBody": {"eventList": sorted(events, key=lambda event: str(event["eventTime"]))},
    }


def _event(code: str, happening: Happening, base: str) -> dict[str, Any] | None:
    own, told = f"{base}{code}", happening.told
    if happening.action in _INTO:
        common = _common(own, happening, _INTO[happening.action])
        return common | _transformation([own], [f"{base}{told.get('code')}"])
    if happening.action == "passport.derived":
        parents = str(told.get("parents") or "").replace(",", " ").split()
        common = _common(own, happening, "creating_class_instance")
        return common | _transformation([f"{base}{each}" for each in parents], [own])
    step = _STEPS.get(happening.action)
    return _common(own, happening, step.business) | _observation(own, step, told, base) if step else None


def _observation(own: str, step: _Step, told: Mapping[str, object], base: str) -> dict[str, Any]:
    place = told.get("place")
    return {
        "type": "ObjectEvent",
        "action": step.verb,
        "disposition": step.disposition,
        **_what(own, told),
        **({"readPoint": {"id": _place(base, place)}} if place else {}),
    }


def _transformation(inputs: list[str], outputs: list[str]) -> dict[str, Any]:
    return {"type": "TransformationEvent", "inputEPCList": inputs, "outputEPCList": outputs}


def _common(own: str, happening: Happening, business: str) -> dict[str, Any]:
    offset = happening.at.astimezone(AMSTERDAM).strftime("%z")
    return {
        "eventID": f"{own}#event-{happening.number}",
        "eventTime": _moment(happening.at),
        "eventTimeZoneOffset": f"{offset[:3]}:{offset[3:]}",
        "bizStep": business,
    }


def _what(uri: str, told: Mapping[str, object]) -> dict[str, Any]:
    """Return the thing itself, or how much of the batch, where an amount was told."""
    amount, unit = _number(told.get("quantity")), told.get("unit")
    if amount is None or unit not in set(Unit):
        return {"epcList": [uri]}
    element: dict[str, Any] = {"epcClass": uri, "quantity": amount}
    if Unit(str(unit)) is not Unit.PIECE:
        element["uom"] = Unit(str(unit)).rec20
    return {"quantityList": [element]}


def _number(value: object) -> int | float | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _place(base: str, name: object) -> str:
    """Return a name for a place that is ours alone (RFC 4151): a town has no address on the web that we may claim."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in str(name).casefold())
    return f"tag:{urlsplit(base).hostname},2026:place:{'-'.join(plain.split())}"


def _moment(at: datetime) -> str:
    return at.astimezone(AMSTERDAM).isoformat(timespec="seconds")
