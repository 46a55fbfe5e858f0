"""What an organisation has coming, on a sheet of a month: appointments, ends of clocks, harvests and crusher days."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from flask import render_template, request, url_for
from flask_babel import format_date, gettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.clock import AMSTERDAM
from marketplace.listings.models import Listing, Stage
from marketplace.reservations import desk
from marketplace.reservations.models import PickUp, PickUpState, Reservation
from marketplace.reservations.states import State
from marketplace.web.access import acting_organisation, current_actor, requires
from marketplace.web.filters import clock_time, quantity
from marketplace.web.moments import last_day
from marketplace.web.reservations.appointments import feed_url
from marketplace.web.reservations.blueprint import blueprint
from marketplace.web.reservations.months import Month, find_month, month_of

_MONDAY: Final = date(2026, 11, 2)


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one thing of a day: its kind, when it is where it has an hour, what it is, and where that leads.

    `kind` is pick_up, proposed, answer, end, harvest or crusher.
    """

    day: date
    kind: str
    hours: str
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold one month with what happens on each of its days."""

    month: Month
    title: str
    events: Mapping[date, list[Event]]
    weekdays: list[str]
    today: date

    @property
    def is_empty(self) -> bool:
        return not self.events


@blueprint.get("/agenda")
@requires(Permission.HANDLE)
def agenda() -> str:
    """Show a month of our organisations."""
    month = find_month(request.args.get("maand", "")) or month_of(clock.today())
    ours = current_actor().organisations(Permission.HANDLE)
    organisation = acting_organisation()
    feed = feed_url(organisation) if organisation else None
    return render_template("reservations/agenda.html", sheet=_sheet(month, ours), feed=feed, organisation=organisation)


def _sheet(month: Month, ours: Sequence[int]) -> Sheet:
    starts, ends = (datetime.combine(day, time(), AMSTERDAM) for day in (month.first, month.next.first))
    live = desk.active(ours)
    found = [
        *(_appointment(pick_up) for pick_up in desk.pick_ups(ours, starts=starts, ends=ends)),
        *_clocks(live, ours),
        *_harvests(live),
        *_crushers([*desk.crusher_days(ours, first=month.first, last=month.last), *(row.listing for row in live)]),
    ]
    by_day: defaultdict[date, list[Event]] = defaultdict(list)
    for event in sorted(found, key=lambda event: (event.day, not event.hours, event.hours, event.title)):
        if month.first <= event.day <= month.last:
            by_day[event.day].append(event)
    weekdays = [str(format_date(_MONDAY + timedelta(days=count), "EEE")).strip(".") for count in range(7)]
    return Sheet(month, str(format_date(month.first, "MMMM yyyy")), dict(by_day), weekdays, clock.today())


def _appointment(pick_up: PickUp) -> Event:
    reservation = pick_up.reservation
    starts, ends = (moment.astimezone(AMSTERDAM) for moment in (pick_up.starts_at, pick_up.ends_at))
    agreed = pick_up.state is PickUpState.AGREED
    title = gettext("Ophalen") if agreed else gettext("Ophalen, voorgesteld")
    return Event(
        starts.date(),
        "pick_up" if agreed else "proposed",
        f"{clock_time(starts)}–{clock_time(ends)}",
        str(title),
        _what(reservation),
        _url(reservation),
    )


def _clocks(live: Sequence[Reservation], ours: Sequence[int]) -> Iterator[Event]:
    for row in live:
        if row.expires_at is None:
            continue
        is_owner = row.listing.organisation_id in ours
        kind = "answer" if row.state in {State.REQUESTED, State.OFFERED} else "end"
        yield Event(last_day(row.expires_at), kind, _hour(row), _title(row, is_owner=is_owner), _what(row), _url(row))


def _title(row: Reservation, *, is_owner: bool) -> str:
    owner, buyer = row.listing.organisation.name, row.organisation.name
    if row.state is State.REQUESTED:
        theirs = gettext("Laatste dag waarop %(name)s kan antwoorden", name=owner)
        return str(gettext("Laatste dag waarop u kunt antwoorden") if is_owner else theirs)
    if row.state is State.OFFERED:
        theirs = gettext("Laatste dag waarop %(name)s kan beslissen", name=buyer)
        return str(theirs if is_owner else gettext("Laatste dag waarop u kunt beslissen"))
    return str(gettext("Laatste dag om op te halen"))


def _hour(row: Reservation) -> str:
    """Return the hour of a clock that does not end a day."""
    there = row.expires_at.astimezone(AMSTERDAM) if row.expires_at else None
    return clock_time(there) if there and there.time() != time(0) else ""


def _harvests(live: Sequence[Reservation]) -> Iterator[Event]:
    expected = {row.listing_id: row.listing for row in live if row.listing.stage is Stage.EXPECTED}
    for listing_id, listing in expected.items():
        claimed = sum((row.held + row.waiting for row in live if row.listing_id == listing_id), Decimal(0))
        text = f"{quantity(claimed, listing.unit)} {listing.passport.name}"
        yield Event(listing.available_from, "harvest", "", str(gettext("Oogst")), text, _listing_url(listing))


def _crushers(listings: Sequence[Listing]) -> Iterator[Event]:
    for listing in {listing.id: listing for listing in listings}.values():
        if listing.crusher_on and listing.is_open:
            title, url = gettext("Naar de breker"), _listing_url(listing)
            yield Event(listing.crusher_on, "crusher", "", str(title), _rest(listing), url)


def _rest(listing: Listing) -> str:
    return str(gettext("wat over is van %(name)s", name=listing.passport.name))


def _what(row: Reservation) -> str:
    return f"{quantity(row.held or row.waiting, row.unit)} {row.listing.passport.name}"


def _url(row: Reservation) -> str:
    return url_for("reservations.show", reference=row.reference)


def _listing_url(listing: Listing) -> str:
    return url_for("listings.show", reference=listing.reference)
