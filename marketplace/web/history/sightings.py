"""What people on site and finders saw of a thing."""

from typing import Final

from flask_babel import gettext as _

from marketplace.web.history.told import Facts, Tellers, Told, amount, joined, rack, reason, with_amount, with_place


def _seen(facts: Facts, public: bool) -> Told:
    return with_place(_("Gezien in %(place)s"), _("Gezien"), facts), "" if public else rack(facts)


def _received(facts: Facts, public: bool) -> Told:
    title = with_place(_("Ontvangen in %(place)s"), _("Ontvangen"), facts)
    return title, joined(amount(facts), "" if public else rack(facts))


def _damaged(facts: Facts, public: bool) -> Told:
    title = with_amount(_("%(amount)s beschadigd en afgeschreven"), _("Beschadigd en afgeschreven"), facts)
    return title, "" if public else reason(facts)


def _reported(facts: Facts, _public: bool) -> Told:
    return _("Een vinder meldde iets"), str(facts.get("place") or "")


def _settled(_facts: Facts, _public: bool) -> Told:
    return _("Melding afgehandeld"), ""


TELLERS: Final[Tellers] = {
    "scan.seen": _seen,
    "scan.received": _received,
    "scan.damaged": _damaged,
    "finder.reported": _reported,
    "finder.settled": _settled,
}
