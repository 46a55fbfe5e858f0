"""The life of an offer: its terms, and who reserved and fetched of it."""

from datetime import datetime
from typing import Final

from flask_babel import gettext as _

from marketplace.kit.journal import Fact
from marketplace.materials.hazards import Hazard
from marketplace.web.evidence import hazard_name
from marketplace.web.history.changes import changes_told
from marketplace.web.history.told import Facts, Tellers, Told, amount, joined, organisation, reason, with_amount
from marketplace.web.moments import until


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
    if facts.get("option"):
        return with_amount(_("Optie op %(amount)s aangevraagd"), _("Optie aangevraagd"), facts), organisation(facts)
    return with_amount(_("%(amount)s aangevraagd"), _("Aangevraagd"), facts), organisation(facts)


def _waiting(facts: Facts, _public: bool) -> Told:
    return with_amount(_("In de rij voor %(amount)s"), _("In de rij"), facts), organisation(facts)


def _offered_to(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("Aan de beurt voor %(amount)s"), _("Aan de beurt"), facts)
    return title, joined(organisation(facts), _until(facts))


def _accepted(facts: Facts, _public: bool) -> Told:
    return with_amount(_("%(amount)s aangenomen"), _("Aangenomen"), facts), organisation(facts)


def _confirmed(facts: Facts, _public: bool) -> Told:
    if facts.get("option"):
        title = with_amount(_("Optie op %(amount)s bevestigd"), _("Optie bevestigd"), facts)
    else:
        title = with_amount(_("Reservering van %(amount)s bevestigd"), _("Reservering bevestigd"), facts)
    return title, str(_("meteen, binnen de kring")) if facts.get("automatic") else organisation(facts)


def _extended(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Reservering van %(amount)s verlengd"), _("Reservering verlengd"), facts), _until(facts)


def _expiring(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Reservering van %(amount)s loopt bijna af"), _("Loopt bijna af"), facts), _until(facts)


def _paused(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Reservering van %(amount)s staat stil"), _("Reservering staat stil"), facts), ""


def _resumed(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("Reservering van %(amount)s loopt weer"), _("Reservering loopt weer"), facts)
    return title, _until(facts)


def _declined(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Reservering van %(amount)s afgewezen"), _("Reservering afgewezen"), facts), reason(facts)


def _cancelled(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("Reservering van %(amount)s geannuleerd"), _("Reservering geannuleerd"), facts)
    side = {"buyer": _("door wie reserveerde"), "owner": _("door de aanbieder")}.get(str(facts.get("side")), "")
    return title, joined(str(side), reason(facts))


def _left_queue(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Uit de rij voor %(amount)s"), _("Uit de rij"), facts), joined(reason(facts), _still(facts))


def _still(facts: Facts) -> str:
    """Return how much there still was for who waited for more, or nothing."""
    left = amount(facts, "left")
    return str(_("er is nog %(left)s, te weinig voor wie hierop wachtte", left=left)) if left else ""


def _waits_on(facts: Facts, _public: bool) -> Told:
    return with_amount(_("Wacht verder op %(amount)s"), _("Wacht verder op de rest"), facts), ""


def _expired(facts: Facts, _public: bool) -> Told:
    title = with_amount(_("Reservering van %(amount)s verlopen"), _("Reservering verlopen"), facts)
    why = {
        "offered": _("niet op tijd aangenomen"),
        "requested": _("niet op tijd beantwoord"),
        "confirmed": _("niet op tijd opgehaald"),
    }.get(str(facts.get("was")), "")
    return title, str(why)


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


def _until(facts: Facts) -> str:
    found = _moment(facts.get("until"))
    return until(found) if found else ""


def _moment(value: Fact) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:  # the journal is for ever, and so is what an earlier program wrote
        return None
    return found if found.tzinfo else None


TELLERS: Final[Tellers] = {
    "listing.posted": _posted,
    "listing.published": _offered,
    "listing.changed": _offer_changed,
    "listing.taken_off": _taken_off,
    "listing.withdrawn": _taken_back,
    "listing.counted": _counted,
    "reservation.counted": _option_counted,
    "reservation.paused": _paused,
    "reservation.resumed": _resumed,
    "reservation.shortened": _option_shortened,
    "reservation.requested": _requested,
    "reservation.waiting": _waiting,
    "reservation.offered": _offered_to,
    "reservation.accepted": _accepted,
    "reservation.confirmed": _confirmed,
    "reservation.extended": _extended,
    "reservation.expiring": _expiring,
    "reservation.declined": _declined,
    "reservation.cancelled": _cancelled,
    "reservation.left_queue": _left_queue,
    "reservation.waits_on": _waits_on,
    "reservation.expired": _expired,
    "reservation.handed_over": _handed_over,
}
