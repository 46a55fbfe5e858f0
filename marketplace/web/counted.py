"""A count of a harvest as everybody reads it: what was expected, what was found, and what each option gets of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from flask import Flask
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.kit.errors import N_
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ShortHarvest
from marketplace.reservations.counted import Count, CountedOption, Slip, find_count, slips_of
from marketplace.reservations.harvest import Outcome, Share
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State
from marketplace.web.access import current_actor
from marketplace.web.cards import estimate_text, price_text
from marketplace.web.filters import day, quantity
from marketplace.web.moments import ahead

RULE_NAMES: Final = {
    ShortHarvest.FIRST_COME: N_("wie het eerst komt"),
    ShortHarvest.PROPORTIONAL: N_("naar verhouding, in hele stuks"),
}
_UNSETTLED: Final = {State.REQUESTED: N_("nog niet bevestigd"), State.OFFERED: N_("nog niet aangenomen")}
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
    unsettled: str = ""
    """What is still to be decided of it, if anything."""


@dataclass(frozen=True, slots=True)
class CountView:
    """Hold a count as it is shown; `rest` says what becomes of what nobody had reserved."""

    title: str
    rule: str
    rows: Sequence[CountRow]
    rest: Sequence[str]
    warning: str = ""
    """What who counts should know before they agree, if anything."""
    news: str = ""
    """Why it is not what somebody agreed to, if that is so."""


@dataclass(frozen=True, slots=True)
class GotView:
    """Hold what a reservation got of a harvest as a sentence, and the count from which that came."""

    sentence: str
    count: CountView


def register(app: Flask) -> None:
    """Let every page about a reservation or a lot tell of its harvest."""
    app.add_template_global(got_view)
    app.add_template_global(slip_sentences)
    app.add_template_global(estimate_text)
    app.add_template_global(price_text)


def rule_name(rule: ShortHarvest, unit: Unit) -> str:
    """Return how a short harvest is shared out."""
    return str(gettext(RULE_NAMES[rule] if unit.whole or rule is ShortHarvest.FIRST_COME else _MEASURED_RULE))


def preview_view(outcome: Outcome, listing: Listing, *, agreed: str = "") -> CountView:
    """Return what a count comes to, for the people who count: with the name of everybody who has an option.

    `agreed` is the token of what they agreed to, and empty where they see it for the first time.
    """
    unit = outcome.counted.unit
    rows = [_foreseen_row(at, share, unit) for at, share in enumerate(outcome.shares, 1)]
    return CountView(
        title=_title(outcome.expected.value, outcome.counted.value, unit),
        rule=rule_name(outcome.rule, unit),
        rows=rows,
        rest=_rest(outcome),
        warning=_warning(outcome, listing),
        news=_news(outcome, agreed),
    )


def _warning(outcome: Outcome, listing: Listing) -> str:
    """Return what it means that a harvest is counted before it was planned, or nothing: it may be a mistake."""
    first = ahead(listing.available_from)
    if first is None:
        return ""
    said = gettext("De oogst was gepland vanaf %(day)s; u telt hem nu al.", day=day(first))
    then = gettext("Na de telling loopt de tijd om op te halen vanaf vandaag.") if outcome.counted.value else ""
    return f"{said} {then}".strip()


def _news(outcome: Outcome, agreed: str) -> str:
    if not agreed or agreed == outcome.token:
        return ""
    if outcome.is_of_same_count(agreed):
        return str(gettext("Intussen is er iets veranderd: kijk opnieuw naar de verdeling."))
    return str(gettext("U vulde een ander aantal in: kijk opnieuw naar de verdeling."))


def told_view(listing: Listing) -> CountView | None:
    """Return how a lot was counted, or None; only the owner's people read who had the options."""
    count = find_count(listing)
    return None if count is None else _told_view(count, listing)


def got_view(reservation: Reservation) -> GotView | None:
    """Return what a reservation got of the harvest, or None where it was no option then."""
    count = find_count(reservation.listing)
    got = count.find_option(reservation.reference) if count else None
    if count is None or got is None:
        return None
    return GotView(_got_sentence(reservation, got, count), _told_view(count, reservation.listing))


def _told_view(count: Count, listing: Listing) -> CountView:
    rows = [_told_row(at, option, listing, count.unit) for at, option in enumerate(count.options, 1)]
    title = _title(count.expected, count.counted, count.unit)
    return CountView(title, rule_name(count.rule, count.unit), rows, ())


def _got_sentence(reservation: Reservation, got: CountedOption, count: Count) -> str:
    amounts = {
        "asked": quantity(got.before, count.unit),
        "counted": quantity(count.counted, count.unit),
        "expected": quantity(count.expected, count.unit),
        "got": quantity(got.after, count.unit),
    }
    if current_actor().may(Permission.HANDLE, reservation.organisation_id):
        return str(gettext("U vroeg %(asked)s, geoogst is %(counted)s van %(expected)s, u krijgt %(got)s.", **amounts))
    return str(gettext("Gevraagd %(asked)s, geoogst %(counted)s van %(expected)s, toegewezen %(got)s.", **amounts))


def slip_sentences(reservation: Reservation) -> list[str]:
    """Return which days of the harvest moved since this was asked for, while it is still in its building."""
    return [_slip(slip) for slip in slips_of(reservation)]


def _slip(slip: Slip) -> str:
    was, now = (day(each) if each else gettext("geen dag") for each in (slip.was, slip.now))
    return str(gettext(_SLIPS[slip.field], was=was, now=now))


def _title(expected: Decimal, counted: Decimal, unit: Unit) -> str:
    amounts = {"counted": quantity(counted, unit), "expected": quantity(expected, unit)}
    return str(gettext("Geteld: %(counted)s van %(expected)s.", **amounts))


def _foreseen_row(at: int, share: Share, unit: Unit) -> CountRow:
    row = _row(at, share.reservation.organisation.name, share.before, share.after, unit, ours=False)
    unsettled = _UNSETTLED.get(share.reservation.state)
    return replace(row, unsettled=str(gettext(unsettled))) if unsettled else row


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
    else:
        sentences += _becomes(outcome)
    if outcome.short_available:
        amount = quantity(outcome.short_available, unit)
        sentences.append(gettext("Van wat nog vrij was wordt %(amount)s afgeschreven.", amount=amount))
    if outcome.extra:
        amount = quantity(outcome.extra, unit)
        sentences.append(gettext("Er is %(amount)s meer dan verwacht; dat komt erbij.", amount=amount))
    if free:
        sentences.append(gettext("Vrij blijft %(amount)s.", amount=quantity(free, unit)))
    return [str(sentence) for sentence in sentences]


def _becomes(outcome: Outcome) -> list[str]:
    """Return what becomes of the options that get something: a promise is one of real pieces, a request stays one."""
    kept = [share for share in outcome.shares if share.after]
    promised = sum(1 for share in kept if share.reservation.state is State.CONFIRMED)
    open_ones = len(kept) - promised
    sentences = []
    if promised or (outcome.shares and not kept):
        shown = ngettext("%(num)s optie wordt een reservering.", "%(num)s opties worden reserveringen.", promised)
        sentences.append(shown)
    if open_ones:
        shown = ngettext(
            "%(num)s optie is nog niet bevestigd: die houdt haar deel, en wacht op antwoord.",
            "%(num)s opties zijn nog niet bevestigd: die houden hun deel, en wachten op antwoord.",
            open_ones,
        )
        sentences.append(shown)
    return [str(sentence) for sentence in sentences]
