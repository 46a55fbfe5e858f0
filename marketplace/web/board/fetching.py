"""Until when a line is kept once it is reserved, said before anybody does: the days of its owner, or a day of ours."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from flask_babel import gettext, ngettext

from marketplace.accounts.circles import trust_each_other
from marketplace.kit.clock import day_of
from marketplace.listings.models import Stage
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.proposed_days import day_for, lapses_before
from marketplace.reservations.terms import Terms
from marketplace.web.board.summing import Line
from marketplace.web.filters import day


def fetching_of(lines: Iterable[Line], buyer_id: int, at: datetime) -> dict[tuple[int, int], str]:
    """Return in words when each line is to be fetched, by its key, if this organisation reserves it now."""
    terms, trusted = cache(terms_of), cache(trust_each_other)
    return {
        line.key: _told(
            line,
            terms(line.listing.organisation_id),
            at,
            at_once=trusted(line.listing.organisation_id, buyer_id),
        )
        for line in lines
    }


def _told(line: Line, terms: Terms, at: datetime, *, at_once: bool) -> str:
    proposed = day_for(line.listing, terms, line.need.wanted_from, at)
    if proposed and at_once:
        return str(
            gettext("voorgestelde afhaaldag %(day)s (die geldt als de eigenaar ermee instemt)", day=day(proposed))
        )
    if proposed:
        return str(
            gettext(
                "voorgestelde afhaaldag %(day)s (de eigenaar stemt daarmee in als hij bevestigt)", day=day(proposed)
            )
        )
    told = _within(line, terms, _since(line, at, at_once=at_once))
    if not lapses_before(line.listing, terms, line.need.wanted_from, at):
        return told
    start = day(line.need.wanted_from)
    return str(
        gettext(
            "%(told)s; dat is voordat de behoefte begint (%(day)s), en een afhaaldag kan niet zo ver vooruit",
            told=told,
            day=start,
        )
    )


def _since(line: Line, at: datetime, *, at_once: bool) -> str:
    if line.listing.stage is Stage.EXPECTED:
        return "harvest"
    if line.listing.available_from > day_of(at):
        return "first"
    return "promise" if at_once else "answer"


def _within(line: Line, terms: Terms, since: str) -> str:
    days, first = terms.hold_days, day(line.listing.available_from)
    match since:
        case "harvest":
            said = ngettext(
                "op te halen binnen %(num)s dag na de oogst", "op te halen binnen %(num)s dagen na de oogst", days
            )
        case "first":
            said = ngettext(
                "op te halen vanaf %(day)s, binnen %(num)s dag",
                "op te halen vanaf %(day)s, binnen %(num)s dagen",
                days,
                day=first,
            )
        case "promise":
            said = ngettext("op te halen binnen %(num)s dag", "op te halen binnen %(num)s dagen", days)
        case _:
            said = ngettext(
                "op te halen binnen %(num)s dag na bevestiging", "op te halen binnen %(num)s dagen na bevestiging", days
            )
    return str(said)
