"""What happens after somebody reserves or waits, said before they do, by the rules of the owner."""

from datetime import datetime

from flask_babel import gettext, ngettext

from marketplace.accounts.circles import trust_each_other
from marketplace.kit.clock import day_of
from marketplace.listings.models import Listing, Stage
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.terms import Terms, answer_by, hold_until, most_of
from marketplace.web.filters import day, quantity
from marketplace.web.moments import until


def after_reserving(listing: Listing, buyer_id: int, at: datetime) -> list[str]:
    """Return in sentences what comes of a reservation that this organisation makes now."""
    terms, owner = terms_of(listing.organisation_id), listing.organisation.name
    if trust_each_other(listing.organisation_id, buyer_id):
        said = [
            gettext("U zit met %(owner)s in een kring: wat u reserveert is meteen van u.", owner=owner),
            _kept_from_now(listing, terms, at),
        ]
    else:
        said = [
            gettext(
                "%(owner)s kan antwoorden %(until)s. Zo lang houden we het voor u vast.",
                owner=owner,
                until=until(answer_by(terms, at)),
            ),
            _kept_once_confirmed(listing, terms, at),
        ]
    return [str(sentence) for sentence in (*said, _extensions(terms), *_most(listing, terms))]


def after_waiting(listing: Listing) -> list[str]:
    """Return in sentences what comes of a place in the queue."""
    terms = terms_of(listing.organisation_id)
    hours = ngettext("%(num)s uur", "%(num)s uur", terms.offer_hours)
    return [
        str(gettext("Komt er iets vrij waar u wat aan hebt, dan houden we het voor u vast en krijgt u bericht.")),
        str(gettext("U beslist dan binnen %(hours)s; daarna gaat het naar de volgende.", hours=hours)),
        str(gettext("Wachten kost niets, en u kunt altijd uit de rij stappen.")),
    ]


def _kept_from_now(listing: Listing, terms: Terms, at: datetime) -> str:
    if listing.stage is Stage.EXPECTED:
        return _option(listing, terms)
    return str(
        gettext("We houden het voor u vast %(until)s.", until=until(hold_until(terms, at, listing.available_from)))
    )


def _kept_once_confirmed(listing: Listing, terms: Terms, at: datetime) -> str:
    if listing.stage is Stage.EXPECTED:
        return _option(listing, terms)
    if listing.available_from > day_of(at):
        days = ngettext("%(num)s dag", "%(num)s dagen", terms.hold_days)
        start = day(listing.available_from)
        return str(gettext("Na de bevestiging ligt het vanaf %(day)s %(days)s voor u klaar.", day=start, days=days))
    return str(
        ngettext(
            "Na de bevestiging ligt het %(num)s dag voor u klaar.",
            "Na de bevestiging ligt het %(num)s dagen voor u klaar.",
            terms.hold_days,
        )
    )


def _option(listing: Listing, terms: Terms) -> str:
    days = ngettext("%(num)s dag", "%(num)s dagen", terms.hold_days)
    return str(
        gettext(
            "Het zit nog in het gebouw: u neemt een optie. De tijd om op te halen, %(days)s, loopt pas als het "
            "geoogst is (naar verwachting %(day)s).",
            days=days,
            day=day(listing.available_from),
        )
    )


def _extensions(terms: Terms) -> str:
    if not terms.extensions:
        return str(gettext("Verlengen kan bij deze aanbieder niet."))
    days = ngettext("%(num)s dag", "%(num)s dagen", terms.extension_days)
    times = ngettext("%(num)s keer", "%(num)s keer", terms.extensions)
    return str(gettext("U kunt dat %(times)s verlengen, met %(days)s.", times=times, days=days))


def _most(listing: Listing, terms: Terms) -> list[str]:
    if terms.most_percent == 100:
        return []
    most = quantity(most_of(terms, listing.total, listing.unit, listing.min_take), listing.unit)
    return [str(gettext("Eén organisatie reserveert hiervan ten hoogste %(most)s.", most=most))]
