"""The life of a basket: what was held together, and what was given up of it."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.web.history.told import Facts, Tellers, Told, joined, reason, with_amount


def _held(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("%(amount)s samen vastgelegd"), _("Samen vastgelegd"), facts)
    return title, joined(_lots(facts), _needs(facts), _promised(facts))


def _confirmed(facts: Facts, _public: bool) -> Told:
    confirmed = _number(facts, "confirmed")
    title = ngettext("%(num)s reservering bevestigd", "%(num)s reserveringen bevestigd", confirmed)
    return title, joined(str(facts.get("owner") or ""), _lots(facts))


def _cancelled(facts: Facts, _public: bool) -> Told:
    return _("Opgegeven wat nog niet was opgehaald"), joined(_lots(facts), reason(facts))


def _lots(facts: Facts) -> str:
    return str(ngettext("uit %(num)s partij", "uit %(num)s partijen", _number(facts, "lots")))


def _needs(facts: Facts) -> str:
    """Return for how many needs, where it is for more than one."""
    needs = _number(facts, "needs")
    return str(ngettext("voor %(num)s behoefte", "voor %(num)s behoeften", needs)) if needs else ""


def _promised(facts: Facts) -> str:
    """Return how many reservations needed no answer, or nothing."""
    promised = _number(facts, "promised")
    sentence = ngettext("%(num)s reservering meteen bevestigd", "%(num)s reserveringen meteen bevestigd", promised)
    return str(sentence) if promised else ""


def _number(facts: Facts, name: str) -> int:
    return int(facts.get(name) or 0)


TELLERS: Final[Tellers] = {
    "basket.held": _held,
    "basket.confirmed": _confirmed,
    "basket.cancelled": _cancelled,
}
