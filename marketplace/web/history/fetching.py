"""How what was reserved was fetched: appointments, what each side said of it, and to whom the passport went."""

from datetime import datetime
from typing import Final

from flask_babel import gettext as _

from marketplace.web.filters import clock_time, day
from marketplace.web.history.told import Facts, Tellers, Told, amount, joined, reason, with_amount


def _proposed(facts: Facts, _public: bool) -> Told:
    return _("Tijd voorgesteld"), joined(_side(facts), _window(facts))


def _agreed(facts: Facts, _public: bool) -> Told:
    return _("Tijd afgesproken"), joined(_side(facts), _window(facts))


def _called_off(facts: Facts, _public: bool) -> Told:
    return _("Afspraak afgezegd"), joined(_side(facts), _window(facts))


def _reported(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("%(amount)s gemeld als opgehaald"), _("Gemeld als opgehaald"), facts)
    return title, joined(_side(facts), losses(facts), reason(facts))


def _rejected(facts: Facts, _public: bool) -> Told:
    return _("Melding afgewezen"), joined(_side(facts), reason(facts))


def _written_off(facts: Facts, _public: bool) -> Told:
    broken = with_amount(_("%(amount)s stuk, afgeschreven"), _("Stuk, afgeschreven"), facts)
    lost = with_amount(_("%(amount)s zoek, afgeschreven"), _("Zoek, afgeschreven"), facts)
    return lost if facts.get("what") == "lost" else broken, reason(facts)


def _released(facts: Facts, _public: bool) -> Told:
    return with_amount(_("%(amount)s vrijgegeven"), _("Vrijgegeven"), facts), reason(facts)


def _transferred(facts: Facts, public: bool) -> Told:
    title = with_amount(_("%(amount)s naar een andere eigenaar"), _("Naar een andere eigenaar"), facts)
    return title, "" if public else " → ".join(str(facts[side]) for side in ("from", "to") if facts.get(side))


def losses(facts: Facts) -> str:
    """Return how much was broken and how much lost, or nothing."""
    broken = str(_("%(amount)s stuk", amount=amount(facts, "broken"))) if facts.get("broken") else ""
    lost = str(_("%(amount)s zoek", amount=amount(facts, "lost"))) if facts.get("lost") else ""
    return joined(broken, lost)


def _side(facts: Facts) -> str:
    return str(facts.get("from") or "")


def _window(facts: Facts) -> str:
    try:
        starts, ends = (datetime.fromisoformat(str(facts.get(name))) for name in ("starts_at", "ends_at"))
    except ValueError:
        return ""
    return f"{day(starts)} {clock_time(starts)} – {clock_time(ends)}"


TELLERS: Final[Tellers] = {
    "pickup.proposed": _proposed,
    "pickup.agreed": _agreed,
    "pickup.cancelled": _called_off,
    "hand_over.reported": _reported,
    "hand_over.rejected": _rejected,
    "reservation.written_off": _written_off,
    "reservation.released": _released,
    "passport.transferred": _transferred,
}
