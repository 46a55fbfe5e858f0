"""A notice as a mail: what happened, what to do now and until when, and one link to the page where that is done."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from email.message import EmailMessage
from typing import Final

from flask import current_app, url_for
from flask_babel import force_locale, gettext

from marketplace.config import Settings
from marketplace.kit.errors import N_
from marketplace.kit.journal import Fact
from marketplace.listings.models import Stage
from marketplace.materials.hazards import Hazard
from marketplace.notifications.baskets import BasketNews
from marketplace.notifications.circles import CircleNews
from marketplace.notifications.queries import News
from marketplace.notifications.recipients import PLACE, WINDOW, Side
from marketplace.reservations.queries import holds_something
from marketplace.web import mail
from marketplace.web.evidence import hazard_name
from marketplace.web.filters import quantity
from marketplace.web.history.changes import changes_told
from marketplace.web.history.fetching import losses
from marketplace.web.history.told import amount
from marketplace.web.moments import ahead
from marketplace.web.notices.baskets import FOR_PROJECT, facts_of_basket, find_basket_words, lines_of_basket
from marketplace.web.notices.invitations import attach_appointment
from marketplace.web.notices.moments import day, moment, window
from marketplace.web.notices.options import find_option_words
from marketplace.web.notices.words import (
    ADDRESS_LATER,
    ASKED_DAY,
    HAZARD,
    LOSSES,
    MOVED,
    NOTE,
    OPEN_DAY,
    OVERTAKEN,
    READY,
    REASON,
    RELEASED,
    REMARK,
    SAID_BEFORE,
    WHEN,
    WHERE,
    Words,
    find_words,
)

AnyNews = News | CircleNews | BasketNews

_ASKS: Final = {"reservation.requested", "reservation.waiting"}
_MEETS: Final = {"pickup.proposed", "pickup.agreed"}
_READY: Final = {"reservation.confirmed", "reservation.resumed"}
_FURTHER: Final = (
    FOR_PROJECT,
    SAID_BEFORE,
    WHEN,
    ASKED_DAY,
    OPEN_DAY,
    WHERE,
    REMARK,
    HAZARD,
    LOSSES,
    RELEASED,
    REASON,
    NOTE,
)
"""What is added to any mail where it is known."""
_PLACE: Final = re.compile(r"%\((\w+)\)s")


def compose(news: AnyNews, settings: Settings) -> EmailMessage | None:
    """Return the mail that tells a person the news in their language, or None where there are no words for it."""
    words = _words(news)
    if words is None:
        return None
    with force_locale(news.person.language), current_app.test_request_context(base_url=settings.origin):
        places = _places_of(news)
        message = mail.compose(
            sender=mail.sender_of(settings),
            recipient=news.person.email,
            subject=_filled(words.subject, places),
            text=_text(news, words, places),
        )
        if not isinstance(news, CircleNews):
            attach_appointment(message, news)
    return message


def _words(news: AnyNews) -> Words | None:
    if isinstance(news, BasketNews):
        return find_basket_words(news)
    step = (news.entry.action, news.side, news.entry.told)
    return find_option_words(*step) or find_words(*step)


def _text(news: AnyNews, words: Words, places: Mapping[str, str]) -> str:
    greeting = gettext("Dag %(name)s,", name=_typed(news.person.name)) if news.person.name else gettext("Dag,")
    why = N_("U krijgt deze mail omdat u handelt voor %(organisation)s op Materialenhub.")
    kept_back, asks_days = places.get("kept_back", ""), places.get("asks_days", "")
    parts = [
        greeting,
        " ".join(_known(places, words.happened, MOVED, kept_back, *_FURTHER, asks_days)),
        "\n".join(map(_typed, lines_of_basket(news))) if isinstance(news, BasketNews) else "",
        " ".join(_known(places, *_to_do(news, words))),
        _link(news),
        _filled(why, places),
    ]
    return "\n\n".join(part for part in parts if part)


def _to_do(news: AnyNews, words: Words) -> tuple[str, ...]:
    if words.still and news.state not in words.still:
        return (OVERTAKEN,)
    return words.to_do, READY, words.until


def _link(news: AnyNews) -> str:
    """Return the address of the page with the step to take: of all reservations where the news is about several."""
    if isinstance(news, CircleNews):
        return url_for("organisations.circles_page", slug=news.organisation.slug, _external=True)
    if isinstance(news, BasketNews):
        if news.side is Side.BUYER:
            return url_for("reservations.basket", reference=news.basket.reference, _external=True)
        return url_for("reservations.desk", _external=True)
    if news.more:
        return url_for("reservations.index", _external=True)
    return url_for("reservations.show", reference=news.reservation.reference, _external=True)


def _places_of(news: AnyNews) -> dict[str, str]:
    if isinstance(news, BasketNews):
        return {place: _typed(str(text)) for place, text in facts_of_basket(news).items() if text}
    return _places_of_circle(news) if isinstance(news, CircleNews) else _places(news)


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
        "released": amount(facts, "released"),
        "said": amount(facts, "said"),
        "reason": _typed(str(facts.get("reason") or "")),
        "window": changes_told(_among(WINDOW, facts), public=True) or "",
        "moved": _moved(news),
        "kept_back": _kept_back(news),
        "remark": _typed(str(facts.get("note") or "")) if news.entry.action in _MEETS else "",
        "hazard": _hazard(facts),
        "harvest": day(reservation.listing.available_from),
        "when": _when(facts),
        "where": _where(news),
        "ready": _ready(news),
        "note": _typed(reservation.note) if news.side is Side.OWNER and news.entry.action in _ASKS else "",
        "until": moment(reservation.expires_at) if reservation.expires_at else "",
    }
    return {place: text for place, text in (places | _proposed(news)).items() if text}


def _proposed(news: News) -> dict[str, str]:
    """Return the day that was proposed with a request: for the owner to agree to by confirming it, or still open."""
    told, proposed_on = news.entry.told, str(news.entry.told.get("proposed_on") or "")
    if not proposed_on or told.get("agreed"):
        return {}
    asked = news.entry.action == "reservation.requested"
    return {"asked_day" if asked else "open_day": day(date.fromisoformat(proposed_on))}


def _places_of_circle(news: CircleNews) -> dict[str, str]:
    """Return the same of a circle: its name and those of the organisations as they were when it happened."""
    facts = news.entry.told
    places = {
        "circle": facts.get("circle"),
        "organisation": news.organisation.name,
        "who": facts.get("organisation"),
        "by": facts.get("invited_by") or facts.get("put_out_by"),
        "reason": facts.get("reason"),
    }
    return {place: _typed(str(text)) for place, text in places.items() if text}


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


def _ready(news: News) -> str:
    """Return from when it can be fetched, where that is told and still to come."""
    listing, is_told = news.reservation.listing, news.entry.action in _READY
    first = ahead(listing.available_from) if is_told and listing.stage is Stage.IN_STOCK else None
    return day(first) if first else ""


def _moved(news: News) -> str:
    """Return from where to where it went, as far as the reader may know."""
    shown = PLACE if _knows_address(news) else PLACE - {"address"}
    return _typed(changes_told(_among(shown, news.entry.told), public=False) or "")


def _kept_back(news: News) -> str:
    """Return the sentence that stands for an address that the reader may not know yet."""
    return ADDRESS_LATER if news.entry.told.get("address_to") and not _knows_address(news) else ""


def _knows_address(news: News) -> bool:
    """Tell whether the reader may fetch something there."""
    return holds_something([news.organisation.id], news.reservation.listing_id)


def _among(fields: Collection[str], facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {key: value for key, value in facts.items() if key.rpartition("_")[0] in fields}


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
