"""A notice as a mail: what happened, what to do now and until when, and one link to the page where that is done."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Final

from flask import current_app, url_for
from flask_babel import force_locale, gettext

from marketplace.config import Settings
from marketplace.kit.errors import N_
from marketplace.kit.journal import Fact
from marketplace.materials.hazards import Hazard
from marketplace.notifications.queries import News
from marketplace.notifications.recipients import WINDOW, Side
from marketplace.web import mail
from marketplace.web.evidence import hazard_name
from marketplace.web.filters import quantity
from marketplace.web.history.changes import changes_told
from marketplace.web.history.fetching import losses
from marketplace.web.history.told import amount
from marketplace.web.notices.invitations import attach_appointment
from marketplace.web.notices.moments import moment, window
from marketplace.web.notices.words import HAZARD, LOSSES, NOTE, OVERTAKEN, REASON, WHEN, WHERE, Words, find_words

_ASKS: Final = {"reservation.requested", "reservation.waiting"}
_MEETS: Final = {"pickup.proposed", "pickup.agreed"}
_PLACE: Final = re.compile(r"%\((\w+)\)s")


def compose(news: News, settings: Settings) -> EmailMessage | None:
    """Return the mail that tells a person the news in their language, or None where there are no words for it."""
    words = find_words(news.entry.action, news.side, news.entry.told)
    if words is None:
        return None
    with force_locale(news.person.language), current_app.test_request_context(base_url=settings.origin):
        places = _places(news)
        message = mail.compose(
            sender=mail.sender_of(settings),
            recipient=news.person.email,
            subject=_filled(words.subject, places),
            text=_text(news, words, places),
        )
        attach_appointment(message, news)
    return message


def _text(news: News, words: Words, places: Mapping[str, str]) -> str:
    greeting = gettext("Dag %(name)s,", name=_typed(news.person.name)) if news.person.name else gettext("Dag,")
    why = N_("U krijgt deze mail omdat u handelt voor %(organisation)s op Materialenhub.")
    parts = [
        greeting,
        " ".join(_known(places, words.happened, WHEN, WHERE, HAZARD, LOSSES, REASON, NOTE)),
        " ".join(_known(places, *_to_do(news, words))),
        _link(news),
        _filled(why, places),
    ]
    return "\n\n".join(part for part in parts if part)


def _to_do(news: News, words: Words) -> tuple[str, ...]:
    if words.still and news.reservation.state.value not in words.still:
        return (OVERTAKEN,)
    return words.to_do, words.until


def _link(news: News) -> str:
    """Return the address of the page with the step to take: of all reservations where the news is about several."""
    if news.more:
        return url_for("reservations.index", _external=True)
    return url_for("reservations.show", reference=news.reservation.reference, _external=True)


def _places(news: News) -> dict[str, str]:
    """Return what is known for the places of the sentences, as people read it; what is not known is left out."""
    facts, reservation = news.entry.told, news.reservation
    owner, buyer = _typed(reservation.listing.organisation.name), _typed(reservation.organisation.name)
    places = {
        "name": _typed(reservation.listing.passport.name),
        "organisation": _typed(news.organisation.name),
        "owner": owner,
        "buyer": buyer,
        "other": buyer if news.side is Side.OWNER else owner,
        "amount": amount(facts) or quantity(reservation.quantity, reservation.unit),
        "before": amount(facts, "before"),
        "after": amount(facts, "after"),
        "counted": amount(facts, "counted"),
        "left": amount(facts, "left"),
        "losses": losses(facts),
        "reason": _typed(str(facts.get("reason") or "")),
        "window": changes_told(_of_window(facts), public=True) or "",
        "hazard": _hazard(facts),
        "when": _when(facts),
        "where": _where(news),
        "note": _typed(reservation.note) if news.side is Side.OWNER and news.entry.action in _ASKS else "",
        "until": moment(reservation.expires_at) if reservation.expires_at else "",
    }
    return {place: text for place, text in places.items() if text}


def _when(facts: Mapping[str, Fact]) -> str:
    try:
        return window(*(datetime.fromisoformat(str(facts.get(key))) for key in ("starts_at", "ends_at")))
    except ValueError:
        return ""


def _where(news: News) -> str:
    """Return where is fetched what both sides are to agree on; who may do that may know the address."""
    listing = news.reservation.listing
    return (
        ", ".join(_typed(part) for part in (listing.address, listing.place) if part)
        if news.entry.action in _MEETS
        else ""
    )


def _of_window(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {key: value for key, value in facts.items() if key.rpartition("_")[0] in WINDOW}


def _hazard(facts: Mapping[str, Fact]) -> str:
    hazard = str(facts.get("hazard") or "")
    return hazard_name(Hazard(hazard)) if hazard in set(Hazard) else ""


def _known(places: Mapping[str, str], *sentences: str) -> list[str]:
    return [_filled(text, places) for text in sentences if text and set(_PLACE.findall(text)) <= places.keys()]


def _filled(sentence: str, places: Mapping[str, str]) -> str:
    # A place that is unknown stays empty, rather than that a mail is not sent.
    return str(gettext(sentence)) % {place: places.get(place, "…") for place in _PLACE.findall(sentence)}


def _typed(text: str) -> str:
    """Return what somebody typed on one line and without addresses, so that our own link is the only one."""
    return " ".join(re.sub(r"(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)", "", text).split())
