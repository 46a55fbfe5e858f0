"""Who passes the gate: judging the rows of a passport, and saying what to do where the gate stays shut."""

from collections.abc import Sequence
from typing import Final

from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError
from marketplace.materials.vocabulary import get_category
from marketplace.passports import queries
from marketplace.passports.gate import Block, Reason, blocking
from marketplace.passports.models import Claim, HazardFinding, Passport

_SENTENCES: Final = {
    Reason.TAR: N_(
        "Dit asfalt bevat teer (meer dan 75 mg/kg PAK10). Het komt niet op de markt: voer het af om te reinigen."
    ),
    Reason.PRESENT: N_(
        "Hierin is %(hazard)s aangetroffen. Vul in op grond van welke vergunning het toch mag, of laat het verwijderen."
    ),
    Reason.UNKNOWN: N_("Van %(hazard)s is nog niets bekend. Laat het onderzoeken, en vul hier in wat daaruit kwam."),
    Reason.UNREPORTED: N_(
        "Dat er geen %(hazard)s in zit, kan alleen met het nummer van een onderzoeksrapport. Vul het in."
    ),
}


class BlockedError(ConflictError):
    """Say that this material may not be offered, and what to do."""


def blocks_of(passport: Passport) -> list[Block]:
    """Return everything that forbids offering this material now, the gravest first."""
    return _blocks(passport, queries.findings_of(passport.id), queries.latest_claims(passport.id))


def blocks_of_each(passports: Sequence[Passport]) -> dict[int, list[Block]]:
    """Return the same of several passports, by their ids, in two statements."""
    ids = [passport.id for passport in passports]
    findings, claims = queries.findings_of_each(ids), queries.latest_claims_of_each(ids)
    return {each.id: _blocks(each, findings[each.id], claims[each.id]) for each in passports}


def _blocks(passport: Passport, findings: Sequence[HazardFinding], claims: Sequence[Claim]) -> list[Block]:
    known = {row.hazard: row.finding for row in findings}
    texts = (passport.name, passport.description, *(f"{claim.key} {claim.value}" for claim in claims))
    return blocking(get_category(passport.category), passport.building_year, known, texts)


def require_open_gate(passport: Passport) -> None:
    """Raise BlockedError, at the field of the hazard, where this material may not be offered, kept or handed over."""
    if blocks := blocks_of(passport):
        raise refusal(blocks, passport)


def require_open_gate_of(passport_id: int) -> None:
    """Raise BlockedError where the material of this passport may not be offered, kept or handed over."""
    require_open_gate(session.get_one(Passport, passport_id))


def refusal(blocks: Sequence[Block], passport: Passport) -> BlockedError:
    """Return the error that says what to do about the gravest of these blocks."""
    block = blocks[0]
    if block.hazard is None:
        message = N_("Dit materiaal mag niet worden aangeboden. %(reason)s")
        return BlockedError(message, field="category", reason=get_category(passport.category).ban_reason())
    kind = "report" if block.reason is Reason.UNREPORTED else "hazard"
    return BlockedError(_SENTENCES[block.reason], field=f"{kind}_{block.hazard.value}", hazard=block.hazard)
