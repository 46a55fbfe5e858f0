"""The one page on which a basket is followed, and what others may know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock, journal
from marketplace.kit.database import commit
from marketplace.kit.errors import N_
from marketplace.matching.conversion import in_need
from marketplace.matching.filling import Progress, progress
from marketplace.matching.queries import reserved_for
from marketplace.reservations import baskets, queries
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import ACTIVE, State
from marketplace.web.access import current_actor, require_member, requires
from marketplace.web.filters import day, quantity
from marketplace.web.history.entries import TimelineEntry, entries
from marketplace.web.history.told import joined
from marketplace.web.moments import ahead, last_day
from marketplace.web.reservations.basket_forms import GiveUpForm
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.sides import acting_for

_STEPS: Final = {
    State.WAITING: N_("Wacht tot er weer iets vrijkomt"),
    State.OFFERED: N_("U beslist, uiterlijk op %(day)s"),
    State.REQUESTED: N_("%(owner)s antwoordt uiterlijk op %(day)s"),
    State.CONFIRMED: N_("U haalt het op, uiterlijk op %(day)s"),
    State.HANDED_OVER: N_("Opgehaald"),
}
_FROM: Final = N_("U haalt het op vanaf %(first)s, uiterlijk op %(day)s")
_PAUSED: Final = N_("Mag nu niet worden opgehaald; zolang vervalt het niet")
_IN_BUILDING: Final = N_("Nog in het gebouw: de tijd om het op te halen loopt pas als het er is")


@dataclass(frozen=True, slots=True)
class BasketRow:
    """Hold one lot of a basket: where its reservation stands, who has to do what until when."""

    reservation: Reservation
    url: str
    amount_text: str
    fills_text: str
    step_text: str


@dataclass(frozen=True, slots=True)
class PartOf:
    """Hold what is told on a reservation of the basket that it belongs to; only its own side is led to it."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class OwnBasket:
    """Hold one basket in the list of who made it; `status` is what `status_of` returns."""

    basket: Basket
    title: str
    status: str


@blueprint.get("/mandjes/<reference>")
@requires(Permission.HANDLE)
def basket(reference: str) -> str:
    """Show a basket to the members of its organisation: each lot with its state, and what is still missing."""
    return _page(_own(reference, Permission.HANDLE), GiveUpForm(formdata=None))


@blueprint.post("/mandjes/<reference>/opgeven")
@requires(Permission.TRADE)
def give_up_basket(reference: str) -> Answer:
    """Give up all that is not fetched yet."""
    found, form = _own(reference, Permission.TRADE), GiveUpForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    given_up = baskets.cancel_all(
        found, reason=form.reason.data or "", by=acting_for(found.organisation), at=clock.now()
    )
    count = len(given_up)
    commit()
    flash(ngettext("%(num)s reservering geannuleerd.", "%(num)s reserveringen geannuleerd.", count), "success")
    return redirect(url_for("reservations.basket", reference=reference), 303)


@blueprint.app_template_global("part_of_basket")
def part_of_basket(reservation: Reservation) -> PartOf | None:
    """Return what its two sides may know of the basket of a reservation, or None where it is in none.

    The owner is told how much is asked altogether, never of whom.
    """
    if reservation.basket_id is None or reservation.basket is None:
        return None
    found = queries.get_basket(reservation.basket.reference)
    is_ours = current_actor().may(Permission.HANDLE, found.organisation_id)
    url = url_for("reservations.basket", reference=found.reference) if is_ours else None
    return PartOf(_part_text(found), url)


@blueprint.app_template_global("own_baskets")
def own_baskets() -> list[OwnBasket]:
    """Return the baskets of who asks, the newest first, and those of which nothing more is to come last."""
    found = queries.baskets_of(current_actor().organisations(Permission.HANDLE))
    rows = queries.of_baskets([each.id for each in found])
    own = [OwnBasket(each, title_of(each, progress(each, rows[each.id])), status_of(rows[each.id])) for each in found]
    return sorted(own, key=lambda each: each.status != "live")


def status_of(reservations: Sequence[Reservation]) -> str:
    """Return how a basket stands: live while something may still come of it, then fetched, partly, cancelled or lapsed.

    All of it is fetched where nothing was given back or lost.
    """
    if any(reservation.state in ACTIVE for reservation in reservations):
        return "live"
    if any(reservation.handed_over for reservation in reservations):
        whole = all(reservation.handed_over == reservation.quantity for reservation in reservations)
        return "fetched" if whole else "partly"
    return "cancelled" if all(reservation.state is State.CANCELLED for reservation in reservations) else "lapsed"


def title_of(found: Basket, so_far: Progress | None) -> str:
    """Return what a basket is called: how much of what it asks for."""
    if so_far is None:
        return str(gettext("Mandje %(reference)s", reference=found.reference))
    amount = quantity(so_far.asked, so_far.need.unit)
    return str(gettext("%(amount)s voor “%(need)s”", amount=amount, need=so_far.need.title))


def _part_text(found: Basket) -> str:
    so_far = progress(found)
    if so_far is None:
        return str(gettext("Deel van een groter geheel: een mandje met meer partijen."))
    amount = quantity(so_far.asked, so_far.need.unit)
    return str(gettext("Deel van %(amount)s voor “%(need)s”.", amount=amount, need=so_far.need.title))


def _own(reference: str, permission: Permission) -> Basket:
    found = queries.get_basket(reference)
    require_member(permission, found.organisation_id)
    return found


def _page(found: Basket, form: GiveUpForm) -> str:
    reservations = queries.of_basket(found.id)
    so_far = progress(found, reservations)
    may_trade = current_actor().may(Permission.TRADE, found.organisation_id)
    return render_template(
        "reservations/basket.html",
        basket=found,
        need=found.need,
        title=title_of(found, so_far),
        progress=so_far,
        missing=_missing(found),
        rows=[_row(reservation, found) for reservation in reservations],
        owners=len({reservation.listing.organisation_id for reservation in reservations}),
        may_trade=may_trade,
        may_give_up=may_trade and any(reservation.state in ACTIVE for reservation in reservations),
        form=form,
        history=_history(found, reservations),
    )


def _missing(found: Basket) -> Decimal:
    """Return how much of the need nothing is reserved for, by this basket or another way."""
    if found.need is None:
        return Decimal(0)
    return max(found.need.quantity - reserved_for([found.need])[found.need.id], Decimal(0))


def _row(reservation: Reservation, found: Basket) -> BasketRow:
    need, listing = found.need, reservation.listing
    filled = in_need(listing, need, reservation.quantity) if need else None
    shows = need and filled is not None and (need.unit is not reservation.unit or filled != reservation.quantity)
    return BasketRow(
        reservation=reservation,
        url=url_for("reservations.show", reference=reservation.reference),
        amount_text=quantity(reservation.quantity, reservation.unit),
        fills_text=gettext("vult %(amount)s", amount=quantity(filled, need.unit)) if need and filled and shows else "",
        step_text=step_text(reservation),
    )


def step_text(reservation: Reservation) -> str:
    """Return who has to do what until when, or why nothing more will come of it."""
    until = reservation.expires_at
    told = _STEPS.get(reservation.state)
    if told is None:
        return reservation.reason or str(gettext("Hiervan komt niets meer"))
    first = ahead(reservation.listing.available_from)
    if reservation.is_paused:
        told = _PAUSED
    elif reservation.state is State.CONFIRMED and (until is None or first):
        told = _FROM if until else _IN_BUILDING
    days = {"day": day(last_day(until)) if until else "", "first": day(first) if first else ""}
    return str(gettext(told, owner=reservation.listing.organisation.name, **days))


def _history(found: Basket, reservations: Sequence[Reservation]) -> list[TimelineEntry]:
    """Return what happened to a basket and to each of its lots, the newest first."""
    lots = {reservation.subject: reservation.listing.passport.name for reservation in reservations}
    lines: list[TimelineEntry] = []
    for entry in journal.history(found.subject, *lots):
        for line in entries([entry], public=False):
            text = joined(lots.get(entry.subject, ""), line.text)
            lines.append(line._replace(text=text, state="past" if lines else "now"))
    return lines
