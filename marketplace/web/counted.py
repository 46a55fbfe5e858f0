"""A count of a harvest as everybody reads it: what was expected, what was found, and what each option gets of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import Flask
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.kit.errors import N_
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ShortHarvest
from marketplace.reservations.counted import CountedOption, Slip, find_count, slips_of
from marketplace.reservations.harvest import Outcome
from marketplace.reservations.models import Reservation
from marketplace.web.access import current_actor
from marketplace.web.filters import day, quantity
from marketplace.web.moments import ahead

RULE_NAMES: Final = {
    ShortHarvest.FIRST_COME: N_("wie het eerst komt"),
    ShortHarvest.PROPORTIONAL: N_("naar verhouding, in hele stuks"),
}
_MEASURED_RULE: Final = N_("naar verhouding")
_SLIPS: Final = {
    "available_from": N_("De oogst is verschoven: was %(was)s, nu %(now)s."),
    "available_until": N_("De laatste dag is verschoven: was %(was)s, nu %(now)s."),
    "crusher_on": N_("De dag van de breker is verschoven: was %(was)s, nu %(now)s."),
}


@dataclass(frozen=True, slots=True)
class CountRow:
    """Hold what one option was promised and gets, in the words of the page."""

    name: str
    before: str
    after: str
    is_less: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class CountView:
    """Hold a count as it is shown; `rest` says what becomes of what nobody had reserved."""

    title: str
    rule: str
    rows: Sequence[CountRow]
    rest: Sequence[str]
    warning: str = ""
    """What who counts should know before they agree, if anything."""


def register(app: Flask) -> None:
    """Let every page about a reservation or a lot tell of its harvest."""
    app.add_template_global(told_view, "told_count")
    app.add_template_global(got_sentence)
    app.add_template_global(slip_sentences)


def rule_name(rule: ShortHarvest, unit: Unit) -> str:
    """Return how a short harvest is shared out."""
    return str(gettext(RULE_NAMES[rule] if unit.whole or rule is ShortHarvest.FIRST_COME else _MEASURED_RULE))


def preview_view(outcome: Outcome, listing: Listing) -> CountView:
    """Return what a count comes to, for the people who count: with the name of everybody who has an option."""
    unit = outcome.counted.unit
    names = [share.reservation.organisation.name for share in outcome.shares]
    rows = [
        _row(at, name, share.before, share.after, unit, ours=False)
        for at, (name, share) in enumerate(zip(names, outcome.shares, strict=True), 1)
    ]
    return CountView(
        title=_title(outcome.expected.value, outcome.counted.value, unit),
        rule=rule_name(outcome.rule, unit),
        rows=rows,
        rest=_rest(outcome),
        warning=_warning(outcome, listing),
    )


def _warning(outcome: Outcome, listing: Listing) -> str:
    """Return what it means that a harvest is counted before it was planned, or nothing: it may be a mistake."""
    first = ahead(listing.available_from)
    if first is None:
        return ""
    said = gettext("De oogst was gepland vanaf %(day)s; u telt hem nu al.", day=day(first))
    then = gettext("Na de telling loopt de tijd om op te halen vanaf vandaag.") if outcome.counted.value else ""
    return f"{said} {then}".strip()


def told_view(listing: Listing) -> CountView | None:
    """Return how a lot was counted, or None; only the owner's people read who had the options."""
    count = find_count(listing)
    if count is None:
        return None
    rows = [_told_row(at, option, listing, count.unit) for at, option in enumerate(count.options, 1)]
    title = _title(count.expected, count.counted, count.unit)
    return CountView(title, rule_name(count.rule, count.unit), rows, ())


def got_sentence(reservation: Reservation, listing: Listing) -> str:
    """Return what a reservation got of the harvest, or nothing where it was no option then."""
    count = find_count(listing)
    got = count.find_option(reservation.reference) if count else None
    if count is None or got is None:
        return ""
    amounts = {
        "asked": quantity(got.before, count.unit),
        "counted": quantity(count.counted, count.unit),
        "expected": quantity(count.expected, count.unit),
        "got": quantity(got.after, count.unit),
    }
    if current_actor().may(Permission.HANDLE, reservation.organisation_id):
        return str(gettext("U vroeg %(asked)s, geoogst is %(counted)s van %(expected)s, u krijgt %(got)s.", **amounts))
    return str(gettext("Gevraagd %(asked)s, geoogst %(counted)s van %(expected)s, toegewezen %(got)s.", **amounts))


def slip_sentences(reservation: Reservation, listing: Listing) -> list[str]:
    """Return which days of the harvest moved since this was asked for, while it is still in its building."""
    return [_slip(slip) for slip in slips_of(reservation, listing)]


def _slip(slip: Slip) -> str:
    was, now = (day(each) if each else gettext("geen dag") for each in (slip.was, slip.now))
    return str(gettext(_SLIPS[slip.field], was=was, now=now))


def _title(expected: Decimal, counted: Decimal, unit: Unit) -> str:
    amounts = {"counted": quantity(counted, unit), "expected": quantity(expected, unit)}
    return str(gettext("Geteld: %(counted)s van %(expected)s.", **amounts))


def _told_row(at: int, option: CountedOption, listing: Listing, unit: Unit) -> CountRow:
    actor = current_actor()
    ours = actor.may(Permission.HANDLE, option.organisation_id)
    known = ours or actor.may(Permission.HANDLE, listing.organisation_id)
    return _row(at, option.organisation if known else "", option.before, option.after, unit, ours=ours)


def _row(at: int, name: str, before: Decimal, after: Decimal, unit: Unit, *, ours: bool) -> CountRow:
    title = gettext("Optie %(number)s", number=at)
    full = f"{title}, {name}" if name else str(title)
    return CountRow(full, quantity(before, unit), quantity(after, unit), after < before, ours)


def _rest(outcome: Outcome) -> list[str]:
    unit, free = outcome.counted.unit, outcome.counted.value - outcome.kept
    sentences = []
    if not outcome.counted.value:
        sentences.append(gettext("Er is niets geoogst: de partij verdwijnt uit het aanbod, en alle opties eindigen."))
    elif outcome.shares:
        shown = ngettext("%(num)s optie wordt een reservering.", "%(num)s opties worden reserveringen.", _kept(outcome))
        sentences.append(shown)
    if outcome.short_available:
        amount = quantity(outcome.short_available, unit)
        sentences.append(gettext("Van wat nog vrij was wordt %(amount)s afgeschreven.", amount=amount))
    if outcome.extra:
        amount = quantity(outcome.extra, unit)
        sentences.append(gettext("Er is %(amount)s meer dan verwacht; dat komt erbij.", amount=amount))
    if free:
        sentences.append(gettext("Vrij blijft %(amount)s.", amount=quantity(free, unit)))
    return [str(sentence) for sentence in sentences]


def _kept(outcome: Outcome) -> int:
    return sum(1 for share in outcome.shares if share.after)
