"""What may be said of several things together: the worst of their hazards, and otherwise only what they share. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

import msgspec

from marketplace.passports.details import Details, FigureKey, FigureNote
from marketplace.passports.gate import Finding, HazardStatus

_FROM_BAD_TO_GOOD: Final = (
    HazardStatus.PRESENT,
    HazardStatus.UNKNOWN,
    HazardStatus.ABSENT_DECLARED,
    HazardStatus.ABSENT_TESTED,
)
_AMOUNTS: Final = {FigureKey.QUANTITY, FigureKey.MASS, FigureKey.AREA, FigureKey.VOLUME}
"""Figures of all there is; the others are of one piece, and stay as they are when there is more or less of it."""

_LONGEST_REPORT: Final = 80
_THOUSANDTH: Final = Decimal("0.001")


def worst(findings: Sequence[Finding]) -> Finding:
    """Return what is known of one hazard in all of these together; needs at least one.

    Present in one is present in all, and permitted only where the others have the same permission or are free of it.
    Of what was measured the highest value counts. Tests keep the numbers of all their reports.
    """
    found = min(findings, key=_badness)
    if found.status is HazardStatus.PRESENT and not all(_agrees(each, found.permission) for each in findings):
        return replace(found, permission="")
    if found.status is HazardStatus.ABSENT_TESTED:
        return replace(found, report=_reports(findings))
    return found


def _badness(finding: Finding) -> tuple[int, bool, Decimal]:
    value = finding.value if finding.value is not None else Decimal(0)
    return _FROM_BAD_TO_GOOD.index(finding.status), bool(finding.permission), -value


def _agrees(finding: Finding, permission: str) -> bool:
    return finding.status in _FROM_BAD_TO_GOOD[2:] or finding.permission == permission


def _reports(findings: Sequence[Finding]) -> str:
    numbers = list(dict.fromkeys(each.report.strip() for each in findings))
    while len(joined := ", ".join(numbers)) > _LONGEST_REPORT and len(numbers) > 1:
        numbers.pop()
    return joined


def common(details: Sequence[Details]) -> Details:
    """Return what all of these state alike; amounts are added up where each of them states one."""
    first = details[0]
    shared = {
        name: getattr(first, name)
        for name in first.__struct_fields__
        if name != "figures" and all(getattr(each, name) == getattr(first, name) for each in details)
    }
    return Details(figures=_figures(details), **shared)


def _figures(details: Sequence[Details]) -> tuple[FigureNote, ...]:
    notes = [[each.figure(note.key) for each in details] for note in details[0].figures]
    return tuple(note for same in notes if (note := _together(same)) is not None)


def _together(notes: Sequence[FigureNote | None]) -> FigureNote | None:
    known = [note for note in notes if note is not None]
    first = known[0]
    if len(known) < len(notes) or any(note.known is not first.known for note in known):
        return None
    if first.key not in _AMOUNTS:
        return first if all(note == first for note in known) else None
    return msgspec.structs.replace(first, value=_sum(known, "value"), tolerance=_sum(known, "tolerance"))


def _sum(notes: Sequence[FigureNote], name: str) -> Decimal | None:
    values = [getattr(note, name) for note in notes]
    return None if None in values else sum(values, Decimal(0))


def share_of(details: Details, share: Decimal) -> Details:
    """Return the details of a share (0 to 1) of what these describe: amounts become less, all else stays."""
    figures = tuple(_scaled(note, share) if note.key in _AMOUNTS else note for note in details.figures)
    return msgspec.structs.replace(details, figures=figures)


def _scaled(note: FigureNote, share: Decimal) -> FigureNote:
    value, tolerance = (
        None if each is None else max((each * share).quantize(_THOUSANDTH), _THOUSANDTH)
        for each in (note.value, note.tolerance)
    )
    return msgspec.structs.replace(note, value=value, tolerance=tolerance)
