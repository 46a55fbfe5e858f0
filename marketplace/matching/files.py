"""The JSON format of matching problems and plans.

A problem is `{"params", "lots", "needs", "hubs", "fixed"}`, a plan `{"value", "bound", "matches"}`. Sizes of a need are
written as `dim`, `tol_mm` and `cut`, or, where its windows cannot be given so, as `windows` ([least, greatest], null
for an end that is open) and `cut_mm`.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final, NoReturn

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.matching.problem import Fixed, Hub, Instance, Lot, Match, Need, Params, Plan, Terms, Window

GRADES: Final = ("A", "B", "C", "D")
REQUIRED: Final = object()
# No figure of the field comes near these, and sums of them stay exact enough.
GREATEST: Final = 1e12
LAST_WEEK: Final = 1_000_000


def read_instance(text: str, case: str | None = None) -> Instance:
    """Read one matching problem.

    A text that holds a list of problems needs `case`, the id of the one to take. Raises InvalidInputError with the
    place and the field for anything that is missing, unknown, twice there, negative or not a number.
    """
    data = _Record(_choose(_parse(text), case), "het bestand")
    lots = tuple(_lot(record) for record in data.records("lots", "partij"))
    needs = tuple(_need(record) for record in data.records("needs", "behoefte"))
    hubs = tuple(_hub(record) for record in data.records("hubs", "hub"))
    for parts in (lots, needs, hubs):
        _refuse_duplicates(part.id for part in parts)
    fixed = tuple(_fixed(entry, {lot.id for lot in lots}, {need.id for need in needs}) for entry in data.items("fixed"))
    return Instance(_params(data.record("params")), lots, needs, hubs, fixed, _excluded(data))


def write_instance(instance: Instance) -> str:
    """Write a matching problem so that `read_instance` returns it unchanged."""
    document = {
        "params": asdict(instance.params),
        "lots": [_written_lot(lot) for lot in instance.lots],
        "needs": [_written_need(need) for need in instance.needs],
        "hubs": [_written_hub(hub) for hub in instance.hubs],
        "fixed": [[fixed.lot, fixed.need, fixed.quantity] for fixed in instance.fixed],
    }
    if instance.excluded:
        document["excluded"] = [list(pair) for pair in sorted(instance.excluded)]
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def read_plan(text: str) -> Plan:
    """Read a plan; raises InvalidInputError like `read_instance`, but does not check the plan against a problem."""
    data = _Record(_parse(text), "het plan")
    value = data.number("value", signed=True)
    matches = tuple(_match(record) for record in data.records("matches", "match"))
    return Plan(value, matches, data.optional_number("bound"))


def write_plan(plan: Plan) -> str:
    """Write a plan with its value and bound, and with the terms of each match as signed EUR."""
    document = {"value": plan.value, "bound": plan.bound, "matches": [asdict(match) for match in plan.matches]}
    return json.dumps(document, ensure_ascii=False)


class _Record:
    """One JSON object whose fields are checked as they are read; `where` names it in the error sentences."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise InvalidInputError(N_("%(where)s moet een JSON-object zijn."), where=where)
        self.data: Mapping[str, Any] = data
        self.where = where

    def refuse(self, field: str, reason: str) -> NoReturn:
        message = N_("In %(where)s klopt het veld “%(name)s” niet: %(reason)s.")
        raise InvalidInputError(message, where=self.where, name=field, reason=reason)

    def get(self, field: str, default: object = REQUIRED) -> Any:  # noqa: ANN401 (JSON can hold anything; each reader below narrows it)
        value = self.data.get(field, default)
        if value is REQUIRED:
            raise InvalidInputError(N_("In %(where)s ontbreekt het veld “%(name)s”."), where=self.where, name=field)
        return value

    def checked(self, field: str, value: object, *, signed: bool = False) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(field, N_("dit moet een getal zijn"))
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.refuse(field, N_("dit moet een eindig getal zijn"))
        if abs(number) > GREATEST:
            self.refuse(field, N_("dit getal is te groot"))
        if number < 0 and not signed:
            self.refuse(field, N_("dit mag niet negatief zijn"))
        return number

    def number(self, field: str, default: object = REQUIRED, *, signed: bool = False) -> float:
        return self.checked(field, self.get(field, default), signed=signed)

    def optional_number(self, field: str) -> float | None:
        value = self.get(field, None)
        return None if value is None else self.checked(field, value)

    def numbers(self, field: str, count: int | None = None, *, signed: bool = False) -> tuple[float, ...]:
        values = self.items(field)
        if not values or (count is not None and len(values) != count):
            self.refuse(field, N_("het aantal getallen klopt niet"))
        return tuple(self.checked(field, value, signed=signed) for value in values)

    def sizes(self, field: str) -> tuple[float, ...] | None:
        if self.get(field) is None:
            return None
        sizes = self.numbers(field)
        if min(sizes) <= 0:
            self.refuse(field, N_("een maat is groter dan 0 mm"))
        return sizes

    def place(self) -> tuple[float, float]:
        x, y = self.numbers("xy", 2, signed=True)
        return x, y

    def weeks(self) -> tuple[int, int]:
        first, last = self.numbers("win", 2, signed=True)
        if first > last:
            self.refuse("win", N_("de eerste week ligt na de laatste"))
        if max(abs(first), abs(last)) > LAST_WEEK:
            self.refuse("win", N_("dit getal is te groot"))
        if first != int(first) or last != int(last):
            self.refuse("win", N_("een week is een heel getal"))
        return int(first), int(last)

    def text(self, field: str) -> str:
        value = self.get(field)
        if not isinstance(value, str) or not value or not _is_text(value):
            self.refuse(field, N_("dit moet een tekst zijn"))
        return value

    def words(self, field: str) -> str:
        value = self.get(field, "")
        if not isinstance(value, str):
            self.refuse(field, N_("dit moet een tekst zijn"))
        return value

    def grade(self) -> str:
        if (value := self.text("grade")) not in GRADES:
            self.refuse("grade", N_("een kwaliteit is A, B, C of D"))
        return value

    def flag(self, field: str, default: object = REQUIRED) -> bool:
        value = self.get(field, default)
        if not isinstance(value, bool):
            self.refuse(field, N_("dit moet true of false zijn"))
        return value

    def items(self, field: str) -> list[Any]:
        value = self.get(field)
        if not isinstance(value, list):
            self.refuse(field, N_("dit moet een lijst zijn"))
        return value

    def record(self, field: str) -> "_Record":
        return _Record(self.get(field), field)

    def records(self, field: str, name: str) -> Iterable["_Record"]:
        for position, data in enumerate(self.items(field), start=1):
            given = data.get("id") if isinstance(data, dict) else None
            yield _Record(data, f"{name} {given if isinstance(given, str) else position}")


def _is_text(value: str) -> bool:
    """Tell whether a text can be written: half of a pair of surrogates cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInputError(N_("Dit is geen JSON: %(reason)s."), reason=error) from error
    except RecursionError as error:
        raise InvalidInputError(N_("Dit JSON-bestand is te diep genest.")) from error


def _choose(data: object, case: str | None) -> object:
    if not isinstance(data, list):
        return data
    cases = {entry["id"]: entry for entry in data if isinstance(entry, dict) and isinstance(entry.get("id"), str)}
    names = ", ".join(cases)
    if case is None:
        message = N_(
            "Dit bestand bevat een lijst van gevallen; kies er één, bijvoorbeeld met --case. Er zijn: %(names)s."
        )
        raise InvalidInputError(message, names=names)
    if case not in cases:
        raise InvalidInputError(N_("Geval %(case)s bestaat niet. Er zijn: %(names)s."), case=case, names=names)
    return cases[case]


def _refuse_duplicates(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise InvalidInputError(N_("De aanduiding %(id)s komt twee keer voor."), id=name)
        seen.add(name)


def _params(record: _Record) -> Params:
    return Params(*(record.number(name) for name in ("eur_per_tkm", "trip_eur", "kerf_mm", "road")))


def _lot(record: _Record) -> Lot:
    return Lot(
        id=record.text("id"),
        category=record.text("cat"),
        quantity=record.number("qty"),
        price=record.number("price"),
        kg=record.number("kg"),
        m3=record.number("m3"),
        xy=record.place(),
        weeks=record.weeks(),
        dims=record.sizes("dim"),
        grade=record.grade(),
        hazard=record.text("haz"),
        min_take=record.number("min_take"),
        divisible=record.flag("divisible"),
        unit=record.words("unit"),
        holds=_holds(record),
    )


def _holds(record: _Record) -> tuple[tuple[str, float], ...]:
    found = []
    for entry in record.items("holds") if "holds" in record.data else ():
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
            record.refuse("holds", N_("elke andere eenheid heeft een naam en een hoeveelheid"))
        found.append((entry[0], record.checked("holds", entry[1])))
    return tuple(found)


def _need(record: _Record) -> Need:
    windows, cut_mm = _given_windows(record) if "windows" in record.data else _windows(record)
    return Need(
        id=record.text("id"),
        categories=_categories(record),
        quantity=record.number("qty"),
        new_eur=record.number("new_eur"),
        mki_eur=record.number("mki_eur"),
        xy=record.place(),
        weeks=record.weeks(),
        windows=windows,
        cut_mm=cut_mm,
        grade=record.grade(),
        max_km=record.number("max_km"),
        max_price=record.optional_number("max_price"),
        accepts_untested=record.flag("accepts_untested", default=False),
        min_batch=record.number("min_batch", default=1),
        unit=record.words("unit"),
        whole=record.flag("whole", default=False),
        params=None if record.get("params", None) is None else _params(record.record("params")),
        posted=record.number("posted", default=0, signed=True),
    )


def _categories(record: _Record) -> frozenset[str]:
    names = record.items("cats")
    if not names or not all(isinstance(name, str) for name in names):
        record.refuse("cats", N_("dit moet een lijst van soorten zijn"))
    return frozenset(names)


def _windows(record: _Record) -> tuple[tuple[Window, ...] | None, float | None]:
    """Read `dim`, `tol_mm` and `cut`: all within the tolerance, but a length that is cut may not be shorter."""
    sizes = record.sizes("dim")
    if sizes is None:
        return None, None
    tolerance = record.number("tol_mm")
    windows = tuple((size - tolerance, size + tolerance) for size in sizes)
    return (((sizes[0], sizes[0]), *windows[1:]), sizes[0]) if record.flag("cut") else (windows, None)


def _given_windows(record: _Record) -> tuple[tuple[Window, ...] | None, float | None]:
    windows: list[Window] = []
    for entry in record.items("windows"):
        if not isinstance(entry, list) or len(entry) != 2:
            record.refuse("windows", N_("elke maat heeft een ondergrens en een bovengrens"))
        low = -math.inf if entry[0] is None else record.checked("windows", entry[0], signed=True)
        high = math.inf if entry[1] is None else record.checked("windows", entry[1], signed=True)
        if low > high:
            record.refuse("windows", N_("de ondergrens ligt boven de bovengrens"))
        windows.append((low, high))
    cut_mm = record.optional_number("cut_mm")
    if cut_mm == 0:
        record.refuse("cut_mm", N_("een maat is groter dan 0 mm"))
    return tuple(windows), cut_mm


def _hub(record: _Record) -> Hub:
    cost = (record.number(name) for name in ("cap_m3", "handle", "store"))
    return Hub(record.text("id"), record.place(), *cost)


def _fixed(entry: object, lots: set[str], needs: set[str]) -> Fixed:
    if not isinstance(entry, list) or len(entry) != 3:
        raise InvalidInputError(N_("Een vaste toewijzing bestaat uit partij, behoefte en hoeveelheid."))
    lot, need, amount = entry
    for name, known in ((lot, lots), (need, needs)):
        if not isinstance(name, str) or name not in known:
            raise InvalidInputError(N_("De vaste toewijzing noemt %(id)s, maar die is er niet."), id=name)
    return Fixed(lot, need, _Record({}, "fixed").checked("quantity", amount))


def _excluded(data: _Record) -> frozenset[tuple[str, str]]:
    entries = data.items("excluded") if "excluded" in data.data else []
    for entry in entries:
        if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(name, str) for name in entry):
            data.refuse("excluded", N_("elk paar bestaat uit een partij en een behoefte"))
    return frozenset((lot, need) for lot, need in entries)


def _match(record: _Record) -> Match:
    amounts = record.record("terms")
    terms = Terms(*(amounts.number(name, signed=True) for name in Terms.__slots__))
    hub = None if record.get("hub") is None else record.text("hub")
    value = record.number("value", signed=True)
    return Match(record.text("lot"), record.text("need"), hub, record.number("quantity"), value, terms)


def _written_lot(lot: Lot) -> dict[str, object]:
    short = {"category": "cat", "quantity": "qty", "weeks": "win", "dims": "dim", "hazard": "haz"}
    return {short.get(name, name): value for name, value in asdict(lot).items()}


def _written_hub(hub: Hub) -> dict[str, object]:
    return {("cap_m3" if name == "capacity_m3" else name): value for name, value in asdict(hub).items()}


def _written_need(need: Need) -> dict[str, object]:
    short = {"categories": "cats", "quantity": "qty", "weeks": "win"}
    document = {short.get(name, name): value for name, value in asdict(need).items()}
    document["cats"] = sorted(need.categories)
    if (sizes := _written_sizes(need)) is None:
        document["windows"] = [[_written_end(low), _written_end(high)] for low, high in need.windows or ()]
        return document
    del document["windows"], document["cut_mm"]
    return document | sizes


def _written_end(size: float) -> float | None:
    return size if math.isfinite(size) else None


def _written_sizes(need: Need) -> dict[str, object] | None:
    """Return `dim`, `tol_mm` and `cut` where these give exactly the windows of the need, else None."""
    if need.windows is None:
        return {"dim": None, "tol_mm": 0, "cut": False}
    if not all(low + high > 0 and math.isfinite(high) for low, high in need.windows):
        return None
    sizes = [(low + high) / 2 for low, high in need.windows]
    tolerance = max(high - low for low, high in need.windows) / 2
    document: dict[str, object] = {"dim": sizes, "tol_mm": tolerance, "cut": need.cut_mm is not None}
    read_back = _windows(_Record(document, need.id))
    return document if read_back == (need.windows, need.cut_mm) else None
