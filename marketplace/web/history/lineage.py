"""What became of a thing: split, merged, built in, harvested, milled, lost."""

from typing import Final

from flask_babel import gettext as _

from marketplace.web.history.told import Facts, Tellers, Told, amount, joined, reason, with_amount, with_place


def _split(facts: Facts, _public: bool) -> Told:
    return with_amount(_("%(amount)s afgesplitst"), _("Afgesplitst"), facts), _to_code(facts)


def _merged_into(facts: Facts, _public: bool) -> Told:
    return with_amount(_("%(amount)s samengevoegd met andere"), _("Samengevoegd met andere"), facts), _to_code(facts)


def _installed(facts: Facts, public: bool) -> Told:
    title = with_place(_("Ingebouwd in %(place)s"), _("Ingebouwd"), facts)
    return title, joined(amount(facts), "" if public else str(facts.get("where") or ""))


def _harvested(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("%(amount)s geoogst"), _("Geoogst"), facts)
    return title, joined(_part(facts), _lost_on_the_way(facts), _to_code(facts))


def _milled(facts: Facts, _public: bool) -> Told:
    return with_amount(_("%(amount)s gefreesd"), _("Gefreesd"), facts), joined(_part(facts), _to_code(facts))


def _lost(facts: Facts, public: bool) -> Told:
    title = with_amount(_("%(amount)s afgeschreven"), _("Afgeschreven"), facts)
    return title, joined(_part(facts), "" if public else reason(facts))


def _derived(facts: Facts, _public: bool) -> Told:
    parents = str(facts.get("parents") or "")
    return _("Voortgekomen uit een ander paspoort"), _("uit %(codes)s", codes=parents) if parents else ""


def _to_code(facts: Facts) -> str:
    return str(_("nu %(code)s", code=facts["code"])) if facts.get("code") else ""


def _part(facts: Facts) -> str:
    return str(_("onderdeel %(part)s", part=facts["part"])) if facts.get("part") else ""


def _lost_on_the_way(facts: Facts) -> str:
    lost = str(facts.get("lost") or "0")
    return "" if lost == "0" else str(_("%(amount)s verloren", amount=amount(facts, "lost")))


TELLERS: Final[Tellers] = {
    "passport.split": _split,
    "passport.merged": _merged_into,
    "passport.installed": _installed,
    "passport.harvested": _harvested,
    "passport.milled": _milled,
    "passport.lost": _lost,
    "passport.derived": _derived,
    "listing.split": _split,
}
