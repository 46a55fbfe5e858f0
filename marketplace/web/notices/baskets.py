"""What is written about a basket: to each owner all of theirs in one mail, line by line.

The places are those of `words`, with `count`, of how many reservations it tells, and `project`, for which it is.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask_babel import gettext, ngettext

from marketplace.kit.errors import N_
from marketplace.kit.journal import Fact
from marketplace.notifications.baskets import BasketNews, Part
from marketplace.notifications.recipients import Side
from marketplace.reservations.states import State
from marketplace.web.history.told import amount
from marketplace.web.notices.moments import day, moment
from marketplace.web.notices.words import ANSWER_BY, PROMISED, UNANSWERED, Words

FOR_PROJECT: Final = N_("Het is voor het project %(project)s.")
AGREES_DAYS: Final = N_("Wie bevestigt, stemt in met de afhaaldag die erbij staat.")
_MOST_LINES: Final = 40
"""Parts that a mail names; the page has them all."""

_WORDS: Final[Mapping[tuple[Side, str, bool], Words]] = {
    (Side.OWNER, "basket.held", False): Words(
        N_("%(count)s aanvragen tegelijk van %(buyer)s"),
        N_("%(buyer)s doet in één keer %(count)s aanvragen voor partijen van u. We houden die hoeveelheden vast."),
        N_("Bevestig elke aanvraag of wijs die af."),
        ANSWER_BY,
        UNANSWERED,
    ),
    (Side.OWNER, "basket.held", True): Words(
        N_("%(count)s reserveringen tegelijk van %(buyer)s uit uw kring"),
        N_(
            "%(buyer)s, met wie u in een kring zit, heeft in één keer %(count)s reserveringen van partijen van u "
            "gemaakt. Die hoeft u niet te bevestigen."
        ),
        N_("Zet klaar wat er al is, en spreek af wanneer het wordt opgehaald."),
        still=PROMISED,
    ),
    (Side.BUYER, "basket.held", True): Words(
        N_("%(count)s reserveringen meteen bevestigd"),
        N_(
            "Een collega heeft voor %(buyer)s partijen samen vastgelegd. Hiervan zijn %(count)s reserveringen meteen "
            "bevestigd, omdat u met de aanbieders in een kring zit."
        ),
        N_("Spreek af wanneer u het ophaalt."),
        still=PROMISED,
    ),
    (Side.BUYER, "basket.confirmed", True): Words(
        N_("%(owner)s bevestigt %(count)s reserveringen tegelijk"),
        N_("%(owner)s heeft in één keer %(count)s van uw reserveringen bevestigd."),
        N_("Spreek af wanneer u ophaalt wat nog geen dag heeft."),
        still=PROMISED,
    ),
    (Side.OWNER, "basket.cancelled", False): Words(
        N_("%(buyer)s annuleert %(count)s reserveringen tegelijk"),
        N_("%(buyer)s heeft in één keer %(count)s reserveringen van partijen van u geannuleerd."),
        N_("U hoeft niets te doen: de hoeveelheid is weer vrij, of gaat naar de volgende in de rij."),
    ),
}


def find_basket_words(news: BasketNews) -> Words | None:
    """Return what is written to a side about a step of a basket, or None where nobody there is told of it."""
    return _WORDS.get((news.side, news.entry.action, news.promised))


def facts_of_basket(news: BasketNews) -> dict[str, Fact]:
    """Return what is known for the places of the sentences, as people wrote or read it."""
    first = news.parts[0].reservation
    asked = [part.reservation for part in news.parts if part.reservation.state is State.REQUESTED]
    ends = [row.expires_at for row in asked if row.expires_at]
    asks = news.side is Side.OWNER and news.entry.action == "basket.held"
    return {
        "count": str(len(news.parts)),
        "organisation": news.organisation.name,
        "buyer": first.organisation.name,
        "project": first.project.name if first.project else "",
        "note": first.note if asks else "",
        "reason": news.entry.told.get("reason") or "",
        "until": moment(min(ends)) if ends else "",
        "asks_days": AGREES_DAYS if asked and _proposes(news) else "",
        "owner": first.listing.organisation.name,
    }


def lines_of_basket(news: BasketNews) -> list[str]:
    """Return what it is about, a line for each part, and how many more there are than a mail can name."""
    lines = [_line(part, news.side) for part in news.parts[:_MOST_LINES]]
    more = len(news.parts) - len(lines)
    return [*lines, str(ngettext("- en nog %(num)s", "- en nog %(num)s", more))] if more else lines


def _proposes(news: BasketNews) -> bool:
    told = [part.entry.told for part in news.parts]
    return any(facts.get("proposed_on") and not facts.get("agreed") for facts in told)


def _line(part: Part, side: Side) -> str:
    reservation = part.reservation
    what = f"- {amount(part.entry.told)} {reservation.listing.passport.name}"
    if side is Side.BUYER:
        what = f"{what}, {reservation.listing.organisation.name}"
    if reservation.need is not None:
        what = str(gettext("%(what)s, voor “%(need)s”", what=what, need=reservation.need.title))
    proposed_on = part.entry.told.get("proposed_on")
    if not proposed_on:
        return what
    fetched = day(date.fromisoformat(str(proposed_on)))
    if part.entry.told.get("agreed"):
        return str(gettext("%(what)s, ophalen op %(day)s", what=what, day=fetched))
    return str(gettext("%(what)s, voorgestelde afhaaldag %(day)s", what=what, day=fetched))
