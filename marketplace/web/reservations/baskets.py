"""The one page on which a basket is followed, and what others may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.matching.filling import progress, progress_by_need
from marketplace.matching.models import OwnRates
from marketplace.matching.rates import rates_for
from marketplace.projects.models import Project
from marketplace.reservations import baskets, queries
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import ACTIVE, State
from marketplace.web.access import current_actor, require_member, requires
from marketplace.web.filters import quantity
from marketplace.web.reservations.basket_forms import GiveUpForm
from marketplace.web.reservations.basket_page import by_need, history_of
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.sides import acting_for

_SETTLED: Final = frozenset({State.CONFIRMED, State.HANDED_OVER})
_MOST_TOLD: Final = 20
"""Lines of the history that stand open; of two hundred lots the rest is folded."""


@dataclass(frozen=True, slots=True)
class PartOf:
    """Hold what is told on a reservation of the basket that it belongs to; only its own side is led to it."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class OwnBasket:
    """Hold one basket in the list of who made it: what it is for, or how much it is; `status` is of `status_of`."""

    basket: Basket
    title: str
    text: str
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
    return PartOf(_part_text(found, reservation), url)


@blueprint.app_template_global("own_baskets")
def own_baskets(project: Project | None = None) -> list[OwnBasket]:
    """Return the baskets of who asks, the newest first, and those of which nothing more is to come last.

    With a project only those that were held for it.
    """
    found = queries.baskets_of(current_actor().organisations(Permission.HANDLE))
    wanted = [each for each in found if project is None or each.project_id == project.id]
    rows = queries.of_baskets([each.id for each in wanted])
    rates = rates_for([each.need for each in wanted if each.need])
    own = [
        OwnBasket(each, title_of(each, rows[each.id], rates), _text_of(each, rows[each.id]), status_of(rows[each.id]))
        for each in wanted
    ]
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


def title_of(
    found: Basket, reservations: Sequence[Reservation], rates: Mapping[int, OwnRates | None] | None = None
) -> str:
    """Return what a basket is called: how much of what it asks for, or for how many needs of which project.

    `rates` are as `progress` takes them.
    """
    so_far = progress(found, reservations, rates)
    if so_far is not None:
        amount = quantity(so_far.asked, so_far.need.unit)
        return str(gettext("%(amount)s voor “%(need)s”", amount=amount, need=so_far.need.title))
    needs = {reservation.need_id for reservation in reservations} - {None}
    if found.project is None or not needs:
        return str(gettext("Mandje %(reference)s", reference=found.reference))
    return str(
        ngettext(
            "%(num)s behoefte van “%(project)s”",
            "%(num)s behoeften van “%(project)s”",
            len(needs),
            project=found.project.name,
        )
    )


def _text_of(found: Basket, reservations: Sequence[Reservation]) -> str:
    if found.need is not None:
        return found.project.name if found.project else ""
    lots = len({reservation.listing_id for reservation in reservations})
    return str(ngettext("%(num)s partij", "%(num)s partijen", lots))


def _part_text(found: Basket, reservation: Reservation) -> str:
    of_it = [row for row in queries.of_basket(found.id) if row.need_id == reservation.need_id]
    far = progress_by_need(of_it)
    if not far:
        return str(gettext("Deel van een groter geheel: een mandje met meer partijen."))
    amount, title = quantity(far[0].asked, far[0].need.unit), far[0].need.title
    if found.need is not None or found.project is None:
        return str(gettext("Deel van %(amount)s voor “%(need)s”.", amount=amount, need=title))
    message = gettext(
        "Deel van %(amount)s voor “%(need)s”, in een mandje voor “%(project)s”.",
        amount=amount,
        need=title,
        project=found.project.name,
    )
    return str(message)


def _own(reference: str, permission: Permission) -> Basket:
    found = queries.get_basket(reference)
    require_member(permission, found.organisation_id)
    return found


def _page(found: Basket, form: GiveUpForm) -> str:
    reservations = queries.of_basket(found.id)
    may_trade = current_actor().may(Permission.TRADE, found.organisation_id)
    return render_template(
        "reservations/basket.html",
        basket=found,
        title=title_of(found, reservations),
        parts=by_need(reservations),
        settled=sum(row.state in _SETTLED for row in reservations),
        count=len(reservations),
        owners=len({reservation.listing.organisation_id for reservation in reservations}),
        may_trade=may_trade,
        may_give_up=may_trade and any(reservation.state in ACTIVE for reservation in reservations),
        form=form,
        history=history_of(found, reservations),
        most_told=_MOST_TOLD,
    )
