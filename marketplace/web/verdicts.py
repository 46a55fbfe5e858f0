"""What a passport is worth, as pages show it: a colour, an icon, and what does not fit in a sentence."""

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext

from marketplace.accounts.models import Organisation
from marketplace.kit.errors import N_
from marketplace.passports.inspection import MEMBERS
from marketplace.passports.verification import Standing, Verification
from marketplace.web.filters import day

_TONES: Final = {
    Standing.GENUINE: "moss",
    Standing.OUTDATED: "signal",
    Standing.ALTERED: "danger",
    Standing.UNSIGNED: "slate",
    Standing.WITHDRAWN: "danger",
    Standing.REPLACED: "signal",
    Standing.DESTROYED: "signal",
    Standing.DRAFT: "slate",
    Standing.UNKNOWN: "danger",
}

_ICONS: Final = {"moss": "patch-check-fill", "signal": "patch-exclamation", "danger": "exclamation-octagon"}
TITLES: Final = {
    Standing.GENUINE: N_("Echt en ongewijzigd"),
    Standing.OUTDATED: N_("Echt, maar daarna is iets gewijzigd"),
    Standing.ALTERED: N_("Niet te vertrouwen"),
    Standing.UNSIGNED: N_("Nog niet ondertekend"),
    Standing.WITHDRAWN: N_("Ingetrokken"),
    Standing.REPLACED: N_("Vervangen"),
    Standing.DESTROYED: N_("Bestaat niet meer"),
    Standing.DRAFT: N_("Concept"),
    Standing.UNKNOWN: N_("Onbekend"),
}
"""What a standing is called at the head of its answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold what the band under a passport says; texts are as they are read."""

    tone: str
    icon: str
    title: str
    lines: list[str]
    version: str


def verdict_of(found: Verification, issuer: Organisation) -> Verdict:
    """Return what the band of a passport says: who signed it when, or what is wrong with it."""
    tone = tone_of(found.standing)
    version = str(gettext("versie %(number)s", number=found.number)) if found.number else ""
    reason = [] if found.standing is Standing.GENUINE else [str(gettext(found.reason))]
    lines = [*reason, *details_of(found), *_signed(found, issuer)]
    return Verdict(tone, _ICONS.get(tone, "info-circle"), str(gettext(TITLES[found.standing])), lines, version)


def _signed(found: Verification, issuer: Organisation) -> list[str]:
    if found.document is None or found.signed_at is None:
        return [str(gettext("Uitgegeven door %(name)s", name=named(issuer.name, issuer.kvk))) + "."]
    signer = found.document.issuer
    facts = {"name": named(signer.name, signer.kvk), "day": day(found.signed_at), "number": found.number}
    return [str(gettext("Ondertekend door %(name)s, op %(day)s, versie %(number)s.")) % facts]


def named(name: str, kvk: str) -> str:
    """Return an organisation with its number in the trade register, where that is known."""
    register = gettext("KvK")
    return f"{name}, {register} {kvk}" if kvk else name


def tone_of(standing: Standing) -> str:
    """Return the colour of a standing: moss, signal, danger or slate."""
    return _TONES[standing]


def details_of(found: Verification) -> list[str]:
    """Return what does not fit: where it is, and which parts say something else now."""
    changed = ", ".join(str(gettext(MEMBERS[member])) for member in found.changed)
    said = str(gettext("Verschilt van wat is ondertekend: %(what)s.", what=changed)) if changed else ""
    return [text for text in (str(gettext(found.why)) if found.why else "", said) if text]
