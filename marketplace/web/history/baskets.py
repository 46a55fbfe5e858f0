"""The life of a basket: what was held together, and what was given up of it."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.web.history.told import Facts, Tellers, Told, reason, with_amount


def _held(facts: Facts, _public: bool) -> Told:
    return with_amount(_("%(amount)s samen vastgelegd"), _("Samen vastgelegd"), facts), _lots(facts)


def _cancelled(facts: Facts, _public: bool) -> Told:
    return _("Opgegeven wat nog niet was opgehaald"), reason(facts)


def _lots(facts: Facts) -> str:
    return str(ngettext("uit %(num)s partij", "uit %(num)s partijen", int(facts.get("lots") or 0)))


TELLERS: Final[Tellers] = {"basket.held": _held, "basket.cancelled": _cancelled}
