"""Passports for spreadsheets: what a passport states as rows, and cells that no spreadsheet takes for a formula. Pure.

A programme of spreadsheets runs what begins with an equals sign or the like (CWE-1236). Such a text is written with an
apostrophe before it; numbers are written as numbers, the negative ones too.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.passports.document import HazardStatement, PassportDocument, Statement, TestStatement

Value = str | Decimal | int | date | None

_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Before the first cell, so that a spreadsheet reads UTF-8 as UTF-8."""

_STARTS_FORMULA: Final = tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH COMMERCIAL AT}")
_FULLWIDTH_MINUS: Final = "\N{FULLWIDTH HYPHEN-MINUS}"
_NUMBER: Final = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_GUARD: Final = "'"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a passport states. `group` and `field` are keys; `known` is a level or how a figure is known."""

    group: str
    field: str
    value: Value
    unit: str = ""
    known: str = ""
    source: str = ""
    report: str = ""
    on: date | None = None


def spreadsheet(rows: Iterable[Sequence[Value]], *, language: str) -> bytes:
    """Return the rows as CSV in UTF-8: for Dutch with semicolons and decimal commas, else with commas and points."""
    is_dutch = language == "nl"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if is_dutch else ",", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.write(_BOM)
    for row in rows:
        writer.writerow([cell(value, "," if is_dutch else ".") for value in row])
    return out.getvalue().encode()


def cell(value: Value, decimal_sign: str = ".") -> str:
    """Return a value as the text of a cell: numbers without thousands, days in ISO 8601, texts guarded."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", decimal_sign)
    if isinstance(value, str):
        return guarded(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def guarded(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: with an apostrophe where it could begin a formula."""
    text = text.replace("\0", "")
    begin = text.lstrip(" \N{NO-BREAK SPACE}")
    risky = begin.startswith((*_STARTS_FORMULA, _FULLWIDTH_MINUS)) and not _NUMBER.fullmatch(text)
    return _GUARD + text if risky else text


def facts_of(document: PassportDocument) -> Iterator[Fact]:
    """Yield what a passport states, in the order in which it is printed."""
    yield from _identity(document)
    for figure in document.figures:
        yield Fact("figure", figure.key.value, figure.value, figure.unit, figure.known.value)
    yield from (_hazard(each) for each in document.hazards)
    for component in document.composition:
        yield Fact("composition", component.material, component.fraction)
    yield from _origin(document)
    yield from _state(document)
    yield from (_statement(each) for each in document.statements)
    yield from (_test(each) for each in document.tests)
    yield from _environment(document)
    yield from _work(document)
    for ancestor in document.ancestors:
        yield Fact("ancestor", ancestor.code, ancestor.mass_kg, "KGM", source=ancestor.kind)


def _identity(document: PassportDocument) -> Iterator[Fact]:
    kind = document.classification
    stated: dict[str, Value] = {
        "code": document.code,
        "uri": document.uri,
        "version": document.number,
        "valid_from": document.valid_from.date(),
        "name": document.name,
        "description": document.description,
        "issuer": document.issuer.name,
        "owner": document.owner.name,
        "category": kind.category,
        "nlsfb": kind.nlsfb,
        "ifc": kind.ifc,
        "eural": kind.eural,
    }
    yield from (Fact("identity", field, value) for field, value in stated.items() if value)


def _hazard(each: HazardStatement) -> Fact:
    if each.value is not None:
        return Fact(
            "hazard",
            each.hazard.value,
            each.value,
            each.unit,
            each.status.value,
            each.laboratory,
            each.report,
            each.found_on,
        )
    return Fact(
        "hazard",
        each.hazard.value,
        None,
        known=each.status.value,
        source=each.laboratory,
        report=each.report,
        on=each.found_on,
    )


def _origin(document: PassportDocument) -> Iterator[Fact]:
    donor = document.origin
    stated: dict[str, Value] = {
        "name": donor.name,
        "building_year": donor.building_year,
        "place": donor.place,
        "address": donor.address,
        "road": donor.road,
        "project": donor.project,
        "client": donor.client,
        "bag_id": donor.bag_id,
    }
    yield from (Fact("origin", field, value) for field, value in stated.items() if value)
    if donor.unknown:
        yield Fact("origin", "name", None, known="unknown")


def _state(document: PassportDocument) -> Iterator[Fact]:
    state, quality = document.condition, document.quality
    yield Fact("quality", "basis", quality.basis.value, report=quality.document)
    if state:
        yield Fact("quality", "condition", state.score, known=state.scale.value, source=state.inspector, on=state.on)
    if document.detachability:
        yield Fact("quality", "detachability", document.detachability.index)


def _statement(each: Statement) -> Fact:
    source = each.source or each.method
    return Fact("statement", each.key, each.value, "", each.level.value, source, each.report, each.known_on)


def _test(each: TestStatement) -> Fact:
    outcome = "passed" if each.passed else "failed"
    return Fact("test", each.test, each.value, "", outcome, each.laboratory, each.report, each.tested_on)


def _environment(document: PassportDocument) -> Iterator[Fact]:
    if mki := document.mki:
        scope = f"{mki.set.value}: {' '.join(mki.modules)}"
        yield Fact("environment", "mki", mki.eur, f"EUR/{mki.unit.value}", scope, mki.source)
    for gwp in document.gwp:
        yield Fact("environment", "gwp", gwp.kg, f"kg CO2-eq/{gwp.unit.value}", gwp.module, gwp.source)


def _work(document: PassportDocument) -> Iterator[Fact]:
    work = document.work
    if work is None:
        return
    for section in work.sections:
        for layer in section.layers:
            name = f"{section.id}/{layer.id}"
            yield Fact(
                "layer", name, layer.mass_t, "TNE", source=f"{layer.kind.value}, {layer.mix}", report=layer.report
            )
            yield Fact("reclaimed", name, layer.reclaimed_percent, "%")
            if layer.pak10 is not None:
                yield Fact("pak10", name, layer.pak10, "mg/kg", report=layer.pak10_report)
    for element in work.elements:
        yield Fact("element", element.id, element.quantity, element.unit.rec20, source=element.name)
