"""The life of a passport: what was stated, proven, signed and withdrawn."""

from typing import Final

from flask_babel import gettext as _

from marketplace.kit.journal import Fact
from marketplace.materials.hazards import Hazard
from marketplace.web.evidence import claim_name, hazard_name
from marketplace.web.history.changes import changes_told
from marketplace.web.history.told import Facts, Tellers, Told, amount, joined, reason


def _created(facts: Facts, _public: bool) -> Told:
    return _("Paspoort gemaakt"), amount(facts)


def _published(_facts: Facts, _public: bool) -> Told:
    return _("Paspoort gepubliceerd"), ""


def _withdrawn(facts: Facts, public: bool) -> Told:
    return _("Paspoort ingetrokken"), "" if public else reason(facts)


def _version_signed(facts: Facts, _public: bool) -> Told:
    return _("Versie %(number)s ondertekend", number=str(facts.get("version") or "")), ""


def _changed(facts: Facts, public: bool) -> Told:
    changes, parts = changes_told(facts, public=public), _parts(facts)
    if changes is None and not parts:
        return None
    return _("Gegevens gewijzigd"), "; ".join(text for text in (changes, parts) if text)


def _parts(facts: Facts) -> str:
    """Return which groups of fields changed, each once."""
    names = {
        "figures": _("maten"),
        "composition": _("samenstelling"),
        "donor": _("herkomst"),
        "condition": _("conditie"),
        "quality": _("kwaliteit"),
        "detachability": _("losmaakbaarheid"),
        "dismantling": _("uitnemen"),
        "hoisting": _("hijsen"),
        "mki": _("MKI"),
        "gwp": _("CO2"),
        "later": _("later"),
        "parties": _("betrokkenen"),
        "work": _("lagen en elementen"),
    }
    changed = str(facts.get("parts") or "").split()
    return ", ".join(dict.fromkeys(str(names[part]) for part in changed if part in names))


def _hazard_stated(facts: Facts, _public: bool) -> Told:
    words = {
        "unknown": _("onbekend"),
        "absent_declared": _("afwezig, volgens opgave"),
        "absent_tested": _("afwezig, getest"),
        "present": _("aangetroffen"),
    }
    name, status = _hazard(facts.get("hazard")), words.get(str(facts.get("status_to")), "")
    report = facts.get("report_to")
    text = _("rapport %(report)s", report=report) if report else ""
    return _("%(hazard)s: %(status)s", hazard=name, status=status or _("gegevens bijgewerkt")), text


def _hazard(value: Fact) -> str:
    return hazard_name(Hazard(str(value))) if value in set(Hazard) else str(_("gevaarlijke stof")).capitalize()


def _claim_added(facts: Facts, _public: bool) -> Told:
    name = claim_name(str(facts.get("key") or "")) or _("Eigenschap")
    return _("%(name)s vastgelegd", name=name), joined(*(str(facts.get(key) or "") for key in ("value", "source")))


def _document_added(facts: Facts, public: bool) -> Told:
    return _("Document toegevoegd"), "" if public else str(facts.get("name") or "")


def _test_recorded(facts: Facts, _public: bool) -> Told:
    outcome = _("voldoet") if facts.get("passed") else _("voldoet niet")
    title = _("Getest: %(test)s, %(outcome)s", test=facts.get("test") or "", outcome=outcome)
    return title, joined(*(str(facts.get(key) or "") for key in ("value", "method", "laboratory")))


def _photo_added(_facts: Facts, _public: bool) -> Told:
    return _("Foto toegevoegd"), ""


def _photo_removed(_facts: Facts, _public: bool) -> Told:
    return _("Foto verwijderd"), ""


TELLERS: Final[Tellers] = {
    "passport.created": _created,
    "passport.published": _published,
    "passport.withdrawn": _withdrawn,
    "passport.changed": _changed,
    "passport.hazard_stated": _hazard_stated,
    "passport.claim_added": _claim_added,
    "passport.document_added": _document_added,
    "passport.test_recorded": _test_recorded,
    "passport.photo_added": _photo_added,
    "passport.photo_removed": _photo_removed,
    "passport.version_signed": _version_signed,
}
