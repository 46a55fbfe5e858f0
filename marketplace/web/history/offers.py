"""The life of an offer: its terms, and who reserved and fetched of it."""

from typing import Final

from flask_babel import gettext as _

from marketplace.materials.hazards import Hazard
from marketplace.web.evidence import hazard_name
from marketplace.web.history.changes import changes_told
from marketplace.web.history.told import Facts, Tellers, Told, amount, joined, organisation, reason, with_amount


def _posted(facts: Facts, _public: bool) -> Told:
    return _("Partij ingevoerd"), joined(amount(facts, "total"), str(facts.get("place") or ""))


def _offered(_facts: Facts, _public: bool) -> Told:
    return _("Te koop gezet"), ""


def _offer_changed(facts: Facts, public: bool) -> Told:
    text = changes_told(facts, public=public)
    return None if text is None else (_("Aanbod gewijzigd"), text)


def _taken_back(_facts: Facts, _public: bool) -> Told:
    return _("Niet meer te koop"), ""


def _taken_off(facts: Facts, _public: bool) -> Told:
    hazard = str(facts.get("hazard") or "")
    why = hazard_name(Hazard(hazard)) if hazard in set(Hazard) else ""
    return _("Van de markt gehaald"), why


def _requested(facts: Facts, _public: bool) -> Told:
    return with_amount(_("%(amount)s gereserveerd"), _("Gereserveerd"), facts), organisation(facts)


def _confirmed(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("Reservering van %(amount)s bevestigd"), _("Reservering bevestigd"), facts)
    return title, organisation(facts)


def _declined(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Reservering van %(amount)s afgewezen"), _("Reservering afgewezen"), facts), reason(facts)


def _cancelled(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Reservering van %(amount)s vervallen"), _("Reservering vervallen"), facts), reason(facts)


def _handed_over(facts: Facts, public: bool) -> Told:
    return with_amount(_("%(amount)s overgedragen"), _("Overgedragen"), facts), "" if public else organisation(facts)


def _counted(facts: Facts, _public: bool) -> Told:
    expected, counted = amount(facts, "expected"), amount(facts, "counted")
    return _("De oogst is geteld"), str(_("%(counted)s, verwacht was %(expected)s", counted=counted, expected=expected))


def _option_counted(facts: Facts, _public: bool) -> Told:
    title = _("%(amount)s geoogst voor een optie")
    return with_amount(title, _("Geoogst voor een optie"), facts), ""


def _option_shortened(facts: Facts, _public: bool) -> Told:
    before, after = amount(facts, "before"), amount(facts, "after")
    text = _("%(before)s wordt %(after)s", before=before, after=after)
    return _("Minder geoogst voor een optie"), str(text)


TELLERS: Final[Tellers] = {
    "listing.posted": _posted,
    "listing.published": _offered,
    "listing.changed": _offer_changed,
    "listing.taken_off": _taken_off,
    "listing.withdrawn": _taken_back,
    "listing.counted": _counted,
    "reservation.counted": _option_counted,
    "reservation.shortened": _option_shortened,
    "reservation.requested": _requested,
    "reservation.confirmed": _confirmed,
    "reservation.declined": _declined,
    "reservation.cancelled": _cancelled,
    "reservation.handed_over": _handed_over,
}
