"""Whether a material may be offered: what is known of its hazards against what must be known. Pure rules.

Which hazards matter follows from category and building year. Unknown is not clean, present needs a permission, and
"free of asbestos" or "free of tar" is a finding with a report number, never a remark.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import Category

REPORTED: Final = frozenset({Hazard.ASBESTOS, Hazard.PAK})
"""Hazards of which only a report can say that they are absent (Asbestverwijderingsbesluit 2005; CROW 210)."""

PAK10_LIMIT: Final = Decimal(75)
"""mg/kg of PAK10 above which asphalt is tar-bearing and must be cleaned thermally (Besluit bodemkwaliteit)."""

_ASPHALT_WORDS: Final = ("asphalt",)


class HazardStatus(StrEnum):
    """What is known of a hazardous substance; unknown is not clean."""

    UNKNOWN = "unknown"
    ABSENT_DECLARED = "absent_declared"
    ABSENT_TESTED = "absent_tested"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what is known of one hazard. A test is only a test with the number of its report.

    `value` in `unit` (such as mg/kg) where it was measured; `permission` names what allows reuse although present.
    """

    status: HazardStatus
    report: str = ""
    found_on: date | None = None
    laboratory: str = ""
    value: Decimal | None = None
    unit: str = ""
    permission: str = ""


class Reason(StrEnum):
    """Say why a material may not be offered."""

    BANNED = "banned"
    TAR = "tar"
    PRESENT = "present"
    UNKNOWN = "unknown"
    UNREPORTED = "unreported"


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one reason why a material may not be offered, and the hazard it concerns if there is one."""

    reason: Reason
    hazard: Hazard | None = None


def blocking(
    category: Category, building_year: int | None, findings: Mapping[Hazard, Finding], texts: Iterable[str] = ()
) -> list[Block]:
    """Return everything that forbids offering, the gravest first; an empty list opens the gate.

    Judged are the hazards that matter for this category and year, every other one of which something was found, and
    those of which one of the `texts` says that they are absent.
    """
    banned = [Block(Reason.BANNED)] if category.banned else []
    relevant, denied = relevant_hazards(category, building_year), claims_to_be_free(texts)
    judged = [_judge(category, hazard, findings.get(hazard), hazard in relevant) for hazard in Hazard]
    claimed = [Block(Reason.UNREPORTED, hazard) for hazard in denied if not _is_proven(findings.get(hazard))]
    blocks = dict.fromkeys([*banned, *filter(None, judged), *claimed])
    return sorted(blocks, key=lambda block: list(Reason).index(block.reason))


def _is_proven(finding: Finding | None) -> bool:
    return bool(finding and finding.status is HazardStatus.ABSENT_TESTED and finding.report.strip())


def _judge(category: Category, hazard: Hazard, finding: Finding | None, relevant: bool) -> Block | None:
    if finding is None or finding.status is HazardStatus.UNKNOWN:
        return Block(Reason.UNKNOWN, hazard) if relevant else None
    if _is_tar(category, hazard, finding):
        return Block(Reason.TAR, hazard)
    if finding.status is HazardStatus.PRESENT:
        return None if finding.permission.strip() else Block(Reason.PRESENT, hazard)
    if hazard in REPORTED and not finding.report.strip():
        return Block(Reason.UNREPORTED, hazard)
    return None


def _is_tar(category: Category, hazard: Hazard, finding: Finding) -> bool:
    """Tell whether this is tar-bearing asphalt, which no permission and no word brings to the market."""
    if hazard is not Hazard.PAK or not category.id.startswith(_ASPHALT_WORDS):
        return False
    return finding.status is HazardStatus.PRESENT or (finding.value is not None and finding.value > PAK10_LIMIT)


def unknown(category: Category, building_year: int | None, known: Iterable[Hazard]) -> tuple[Hazard, ...]:
    """Return the relevant hazards of which nothing is known; what nobody stated is unknown, never clean."""
    stated = frozenset(known)
    return tuple(hazard for hazard in relevant_hazards(category, building_year) if hazard not in stated)


_FREE_OF: Final = {
    Hazard.ASBESTOS: re.compile(r"asbest(?:os)?[\s-]*(?:vrij|free)|(?:geen|vrij van|no|free of) asbest", re.IGNORECASE),
    Hazard.PAK: re.compile(r"te?[ea]r[\s-]*(?:vrij|free)|(?:geen|vrij van|no|free of) te?[ea]r\b", re.IGNORECASE),
}


def claims_to_be_free(texts: Iterable[str]) -> tuple[Hazard, ...]:
    """Return the hazards of which a text says that they are absent: "asbestvrij", "teervrij", "free of tar"."""
    joined = "\n".join(texts)
    return tuple(hazard for hazard, words in _FREE_OF.items() if words.search(joined))
