"""What the journal tells, in words for a page: the life of a passport and of its offers, the newest first.

The public reads the life of the material. What is business (prices, who reserved, why somebody refused) and what
people typed for each other (racks, addresses, reasons) is told to members of the owner alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.kit.changes import Change, changes_in
from marketplace.kit.codes import grouped
from marketplace.kit.journal import Fact, JournalEntry
from marketplace.kit.quantities import Unit
from marketplace.materials.hazards import Hazard
from marketplace.web.evidence import claim_name
from marketplace.web.filters import category_name, day, language, money, number, unit_label

Facts = Mapping[str, Fact]


class TimelineEntry(NamedTuple):
    """One line of the `timeline` macro; `state` is past, now (the newest) or future."""

    date_text: str
    title: str
    text: str
    state: str


class _Line(NamedTuple):
    date_text: str
    action: str
    title: str
    text: str


def entries(journal_entries: Sequence[JournalEntry], *, public: bool) -> list[TimelineEntry]:
    """Return journal entries as lines of a timeline, the newest first.

    With `public`, only what anyone may know. An action that has no words here gets a sentence that fits all.
    """
    newest_first = sorted(journal_entries, key=lambda entry: entry.number, reverse=True)
    lines = [line for entry in newest_first if (line := _line(entry, public=public))]
    merged = [_merged(list(same)) for _key, same in groupby(lines, key=_sameness)]
    return [
        TimelineEntry(line.date_text, line.title, line.text, "past" if position else "now")
        for position, line in enumerate(merged)
    ]


def _line(entry: JournalEntry, *, public: bool) -> _Line | None:
    if entry.action in _TOLD_ELSEWHERE or (public and entry.action in _FOR_MEMBERS):
        return None
    tell = _TELLERS.get(entry.action)
    told = tell(entry.told, public) if tell else (_("Gegevens bijgewerkt"), "")
    return _Line(day(entry.at), entry.action, *told) if told else None


def _sameness(line: _Line) -> tuple[str, ...]:
    # Twelve photos of one morning are one line.
    return (line.date_text, line.action) if line.action == "passport.photo_added" else line


def _merged(same: list[_Line]) -> _Line:
    first = same[0]
    if first.action != "passport.photo_added":
        return first
    title = ngettext("Foto toegevoegd", "%(num)s foto's toegevoegd", len(same))
    return first._replace(title=title)


Told = tuple[str, str] | None

_TOLD_ELSEWHERE: Final = {"scan.handed_over"}
"""The offer tells the same in `reservation.handed_over`."""

_FOR_MEMBERS: Final = {
    "passport.created",
    "passport.photo_added",
    "passport.photo_removed",
    "listing.posted",
    "reservation.requested",
    "reservation.confirmed",
    "reservation.declined",
    "reservation.cancelled",
    "finder.reported",
    "finder.settled",
}

_PRIVATE_FIELDS: Final = {"price_eur", "address", "rack", "hub_id", "project_id", "origin_project_id", "description"}


def _created(facts: Facts, _public: bool) -> Told:
    return _("Paspoort gemaakt"), _amount(facts)


def _published(_facts: Facts, _public: bool) -> Told:
    return _("Paspoort gepubliceerd"), ""


def _withdrawn(facts: Facts, public: bool) -> Told:
    return _("Paspoort ingetrokken"), "" if public else _reason(facts)


def _changed(facts: Facts, public: bool) -> Told:
    changes, parts = _changes(facts, public=public), _parts(facts)
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


def _claim_added(facts: Facts, _public: bool) -> Told:
    name = claim_name(str(facts.get("key") or "")) or _("Eigenschap")
    return _("%(name)s vastgelegd", name=name), _joined(*(str(facts.get(key) or "") for key in ("value", "source")))


def _document_added(facts: Facts, public: bool) -> Told:
    return _("Document toegevoegd"), "" if public else str(facts.get("name") or "")


def _test_recorded(facts: Facts, _public: bool) -> Told:
    outcome = _("voldoet") if facts.get("passed") else _("voldoet niet")
    title = _("Getest: %(test)s, %(outcome)s", test=facts.get("test") or "", outcome=outcome)
    return title, _joined(*(str(facts.get(key) or "") for key in ("value", "method", "laboratory")))


def _photo_added(_facts: Facts, _public: bool) -> Told:
    return _("Foto toegevoegd"), ""


def _photo_removed(_facts: Facts, _public: bool) -> Told:
    return _("Foto verwijderd"), ""


def _split(facts: Facts, _public: bool) -> Told:
    return _with_amount(_("%(amount)s afgesplitst"), _("Afgesplitst"), facts), _to_code(facts)


def _merged_into(facts: Facts, _public: bool) -> Told:
    return _with_amount(_("%(amount)s samengevoegd met andere"), _("Samengevoegd met andere"), facts), _to_code(facts)


def _installed(facts: Facts, public: bool) -> Told:
    title = _with_place(_("Ingebouwd in %(place)s"), _("Ingebouwd"), facts)
    return title, _joined(_amount(facts), "" if public else str(facts.get("where") or ""))


def _harvested(facts: Facts, _public: bool) -> Told:
    title = _with_amount(_("%(amount)s geoogst"), _("Geoogst"), facts)
    return title, _joined(_part(facts), _lost_on_the_way(facts), _to_code(facts))


def _milled(facts: Facts, _public: bool) -> Told:
    return _with_amount(_("%(amount)s gefreesd"), _("Gefreesd"), facts), _joined(_part(facts), _to_code(facts))


def _lost(facts: Facts, public: bool) -> Told:
    title = _with_amount(_("%(amount)s afgeschreven"), _("Afgeschreven"), facts)
    return title, _joined(_part(facts), "" if public else _reason(facts))


def _destroyed(facts: Facts, public: bool) -> Told:
    return _with_amount(_("De laatste %(amount)s vervallen"), _("Vervallen"), facts), "" if public else _reason(facts)


def _derived(facts: Facts, _public: bool) -> Told:
    parents = str(facts.get("parents") or "")
    return _("Voortgekomen uit een ander paspoort"), _("uit %(codes)s", codes=parents) if parents else ""


def _posted(facts: Facts, _public: bool) -> Told:
    return _("Partij ingevoerd"), _joined(_amount(facts, "total"), str(facts.get("place") or ""))


def _offered(_facts: Facts, _public: bool) -> Told:
    return _("Te koop gezet"), ""


def _offer_changed(facts: Facts, public: bool) -> Told:
    text = _changes(facts, public=public)
    return None if text is None else (_("Aanbod gewijzigd"), text)


def _taken_back(_facts: Facts, _public: bool) -> Told:
    return _("Niet meer te koop"), ""


def _requested(facts: Facts, _public: bool) -> Told:
    return _with_amount(_("%(amount)s gereserveerd"), _("Gereserveerd"), facts), _name(facts)


def _confirmed(facts: Facts, _public: bool) -> Told:
    return _with_amount(_("Reservering van %(amount)s bevestigd"), _("Reservering bevestigd"), facts), _name(facts)


def _declined(facts: Facts, _public: bool) -> Told:
    return _with_amount(_("Reservering van %(amount)s afgewezen"), _("Reservering afgewezen"), facts), _reason(facts)


def _cancelled(facts: Facts, _public: bool) -> Told:
    return _with_amount(_("Reservering van %(amount)s vervallen"), _("Reservering vervallen"), facts), _reason(facts)


def _handed_over(facts: Facts, public: bool) -> Told:
    return _with_amount(_("%(amount)s overgedragen"), _("Overgedragen"), facts), "" if public else _name(facts)


def _seen(facts: Facts, public: bool) -> Told:
    return _with_place(_("Gezien in %(place)s"), _("Gezien"), facts), "" if public else _rack(facts)


def _received(facts: Facts, public: bool) -> Told:
    title = _with_place(_("Ontvangen in %(place)s"), _("Ontvangen"), facts)
    return title, _joined(_amount(facts), "" if public else _rack(facts))


def _damaged(facts: Facts, public: bool) -> Told:
    title = _with_amount(_("%(amount)s beschadigd en afgeschreven"), _("Beschadigd en afgeschreven"), facts)
    return title, "" if public else _reason(facts)


def _reported(facts: Facts, _public: bool) -> Told:
    return _("Een vinder meldde iets"), str(facts.get("place") or "")


def _settled(_facts: Facts, _public: bool) -> Told:
    return _("Melding afgehandeld"), ""


def _version_signed(facts: Facts, _public: bool) -> Told:
    return _("Versie %(number)s ondertekend", number=str(facts.get("version") or "")), ""


def _label_claimed(facts: Facts, _public: bool) -> Told:
    return _("Label gekoppeld"), _label(facts, "code")


def _label_voided(facts: Facts, public: bool) -> Told:
    return _("Label ongeldig verklaard"), _joined(_label(facts, "code"), "" if public else _reason(facts))


def _label_reissued(facts: Facts, _public: bool) -> Told:
    return _("Nieuw label uitgegeven"), _label(facts, "code")


_TELLERS: Final[Mapping[str, Callable[[Facts, bool], Told]]] = {
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
    "passport.split": _split,
    "passport.merged": _merged_into,
    "passport.installed": _installed,
    "passport.harvested": _harvested,
    "passport.milled": _milled,
    "passport.lost": _lost,
    "passport.destroyed": _destroyed,
    "passport.derived": _derived,
    "label.claimed": _label_claimed,
    "label.voided": _label_voided,
    "label.reissued": _label_reissued,
    "listing.posted": _posted,
    "listing.split": _split,
    "listing.published": _offered,
    "listing.changed": _offer_changed,
    "listing.withdrawn": _taken_back,
    "reservation.requested": _requested,
    "reservation.confirmed": _confirmed,
    "reservation.declined": _declined,
    "reservation.cancelled": _cancelled,
    "reservation.handed_over": _handed_over,
    "scan.seen": _seen,
    "scan.received": _received,
    "scan.damaged": _damaged,
    "finder.reported": _reported,
    "finder.settled": _settled,
    "passport.version_signed": _version_signed,
}


def _with_amount(sentence: str, without: str, facts: Facts) -> str:
    amount = _amount(facts)
    return sentence.replace("%(amount)s", amount) if amount else without


def _with_place(sentence: str, without: str, facts: Facts) -> str:
    place = str(facts.get("place") or "")
    return sentence.replace("%(place)s", place) if place else without


def _amount(facts: Facts, key: str = "quantity") -> str:
    value, unit = facts.get(key), str(facts.get("unit"))
    if value is None:
        return ""
    return f"{_number(value)} {unit_label(Unit(unit))}" if unit in set(Unit) else _number(value)


def _number(value: Fact) -> str:
    try:
        return number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _name(facts: Facts) -> str:
    return str(facts.get("organisation") or "")


def _reason(facts: Facts) -> str:
    return str(facts.get("reason") or "")


def _to_code(facts: Facts) -> str:
    return str(_("nu %(code)s", code=facts["code"])) if facts.get("code") else ""


def _part(facts: Facts) -> str:
    return str(_("onderdeel %(part)s", part=facts["part"])) if facts.get("part") else ""


def _lost_on_the_way(facts: Facts) -> str:
    lost = str(facts.get("lost") or "0")
    return "" if lost == "0" else str(_("%(amount)s verloren", amount=_amount(facts, "lost")))


def _label(facts: Facts, key: str) -> str:
    return grouped(str(facts.get(key) or ""))


def _rack(facts: Facts) -> str:
    return str(_("rek %(rack)s", rack=facts["rack"])) if facts.get("rack") else ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _hazard(value: Fact) -> str:
    label = Hazard(str(value)).label(language()) if value in set(Hazard) else str(_("gevaarlijke stof"))
    return label[:1].upper() + label[1:]


def _changes(facts: Facts, *, public: bool) -> str | None:
    """Return what changed, or None where the reader may know nothing of it."""
    shown = [change for change in changes_in(facts) if not (public and change.field in _PRIVATE_FIELDS)]
    named = [_change(change) for change in shown if change.field in _field_names()]
    return "; ".join(named) if shown else None


def _change(change: Change) -> str:
    label = _field_names()[change.field]
    write = _WRITTEN.get(change.field)
    if write is None:
        return label
    old, new = _value(write, change.old), _value(write, change.new)
    return str(_("%(field)s van %(old)s naar %(new)s", field=label, old=old, new=new))


def _value(write: Callable[[Fact], str], value: Fact) -> str:
    if value in {None, ""}:
        return str(_("niet ingevuld"))
    try:
        return write(value)
    except (ValueError, ArithmeticError, LookupError):
        return str(value)


def _field_names() -> dict[str, str]:
    return {
        "name": _("naam"),
        "category": _("soort"),
        "description": _("omschrijving"),
        "quantity": _("hoeveelheid"),
        "total": _("hoeveelheid te koop"),
        "unit": _("eenheid"),
        "kg_per_unit": _("gewicht"),
        "length_mm": _("lengte"),
        "width_mm": _("breedte"),
        "height_mm": _("hoogte of dikte"),
        "building_year": _("bouwjaar"),
        "origin": _("herkomst"),
        "origin_project_id": _("project van herkomst"),
        "stage": _("stadium"),
        "min_take": _("kleinste afname"),
        "grade": _("kwaliteit"),
        "price_eur": _("prijs"),
        "available_from": _("beschikbaar vanaf"),
        "available_until": _("beschikbaar tot"),
        "crusher_on": _("dag van de breker"),
        "hub_id": _("hub"),
        "project_id": _("project"),
        "place": _("plaats"),
        "address": _("adres"),
        "rack": _("rek"),
    }


def _stage(value: Fact) -> str:
    return {"expected": str(_("nog in gebouw")), "in_stock": str(_("op voorraad")), "gone": str(_("weg"))}[str(value)]


def _millimetres(value: Fact) -> str:
    return f"{_number(value)} mm"


def _kilograms(value: Fact) -> str:
    return f"{_number(value)} kg"


def _day(value: Fact) -> str:
    return day(date.fromisoformat(str(value)))


_WRITTEN: Final[Mapping[str, Callable[[Fact], str]]] = {
    "name": str,
    "category": lambda value: category_name(str(value)),
    "quantity": _number,
    "total": _number,
    "unit": lambda value: unit_label(Unit(str(value))),
    "kg_per_unit": _kilograms,
    "length_mm": _millimetres,
    "width_mm": _millimetres,
    "height_mm": _millimetres,
    "building_year": str,
    "origin": str,
    "stage": _stage,
    "min_take": _number,
    "grade": str,
    "price_eur": lambda value: money(Decimal(str(value))),
    "available_from": _day,
    "available_until": _day,
    "crusher_on": _day,
    "place": str,
    "rack": str,
}
"""How the values of a field are written; a field that is not here is only named."""
