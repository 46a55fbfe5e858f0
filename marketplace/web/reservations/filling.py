"""The page on which a need is filled from several lots, which are then held all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import InvalidInputError, MarketplaceError
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing, ListingStatus
from marketplace.matching.board import coverage_of
from marketplace.matching.filling import Share, share_of, total_of
from marketplace.matching.models import OwnRates, Proposal
from marketplace.matching.queries import Fit, Fits, fits_for_need
from marketplace.matching.rates import rates_for
from marketplace.projects.models import Need
from marketplace.reservations import baskets
from marketplace.reservations.baskets import LinesError
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.queries import refusals_of
from marketplace.web.access import requires
from marketplace.web.cards import estimate_text, free_text, price_line, size_line
from marketplace.web.errors import add_to_form, sentence, status_of
from marketplace.web.filters import money, quantity, unit_label
from marketplace.web.fits import distance_text
from marketplace.web.idempotency import Remade
from marketplace.web.own import own_need
from marketplace.web.reservations.basket_forms import FillForm, TakeField, fill_form, references_sent
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.later import shown_later
from marketplace.web.reservations.sides import acting_for


@dataclass(frozen=True, slots=True)
class Lot:
    """Hold a lot that may be chosen; `fit` is None where it suited when the page was made, and no longer does."""

    listing: Listing
    fit: Fit | None
    refused: str = ""
    """Why the owner declined it for this need before, if so: then it is not proposed again."""

    @property
    def label(self) -> str:
        return f"{self.listing.passport.name}, {self.listing.organisation.name}"


@dataclass(frozen=True, slots=True)
class LotRow:
    """Hold one lot in the form: what it is, and what the chosen amount of it brings and costs."""

    field: TakeField
    url: str
    title: str
    text: str
    refused_text: str
    stage: str
    free_text: str | None
    price_text: str
    unit: str
    hint: str
    brings_text: str
    cost_text: str


@blueprint.route("/behoeften/<reference>/vullen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def fill(reference: str) -> Answer:
    """Choose how much to take of each lot that fits, and hold all of it at once.

    What fits is worked out only to show the page, and so never while others wait for the lock.
    """
    need = own_need(reference)
    if request.method != "POST":
        return _page(need)
    sent = listings.ids_of(references_sent())
    form = fill_form(dict.fromkeys(sent, ""), {})
    if request.form.get("step") != "hold" or not form.validate():
        return _again(reference)
    taken = [(listing_id, form.taken(sent_as)) for sent_as, listing_id in sent.items()]
    try:
        basket = baskets.hold_all(
            lines=[(listing_id, amount) for listing_id, amount in taken if amount is not None],
            purpose=Purpose(need.project.organisation, need.project_id, need.id, note=form.note.data or ""),
            by=acting_for(need.project.organisation),
            at=clock.now(),
        )
    except MarketplaceError as error:
        return _again(reference, error)
    commit()
    flash(gettext("Alles is vastgelegd. De aanbieders krijgen uw aanvraag."), "success")
    return redirect(url_for("reservations.basket", reference=basket.reference), 303)


def _again(reference: str, error: MarketplaceError | None = None) -> Remade:
    """Show the page with what was sent, worked out anew, and with what is wrong with it."""
    return shown_later(lambda: _page(own_need(reference), error))


def _lots(fits: Fits, proposals: Sequence[Proposal]) -> list[Lot]:
    """Return what may be chosen: what is proposed first, then what fits as well, then what was asked of others."""
    proposed = {proposal.listing_id: position for position, proposal in enumerate(proposals)}
    fitting = sorted(fits.matches, key=lambda fit: proposed.get(fit.listing.id, len(proposed)))
    refused = refusals_of(fits.need.id)
    lots = [Lot(fit.listing, fit, refused.get(fit.listing.id, "")) for fit in fitting[: baskets.MOST]]
    known = {lot.listing.reference for lot in lots}
    others = [reference for reference in references_sent() if reference not in known]
    found = [listings.find(reference) for reference in others[: baskets.MOST]]
    seen = [listing for listing in found if listing is not None and listing.status is not ListingStatus.DRAFT]
    return [*lots, *(Lot(listing, None) for listing in seen)]


def _page(need: Need, error: MarketplaceError | None = None) -> tuple[str, int]:
    """Return the form with what is sent, or at first what is proposed, and its status; every sentence at its line."""
    fits = fits_for_need(need, sees_budget=True, without=[need.project.organisation_id])
    (coverage,) = coverage_of([need])
    lots = _lots(fits, coverage.proposals)
    proposed = _takes(coverage.proposals)
    labels = {lot.listing.reference: lot.label for lot in lots}
    refused = {lot.listing.reference for lot in lots if lot.refused}
    form = fill_form(labels, {lot: take for lot, take in proposed.items() if lot not in refused})
    status = 422 if request.method == "POST" and not form.validate() else 200
    if error is not None:
        status = _tell(form, error, lots)
    return _rendered(form, fits, lots), status


def _takes(proposals: Sequence[Proposal]) -> dict[str, Decimal]:
    """Return how much is proposed of each lot, over whatever routes, by its reference."""
    takes: dict[str, Decimal] = {}
    for proposal in proposals:
        reference = proposal.listing.reference
        takes[reference] = takes.get(reference, Decimal(0)) + proposal.take
    return takes


def _tell(form: FillForm, error: MarketplaceError, lots: Sequence[Lot]) -> int:
    if not isinstance(error, LinesError):
        add_to_form(form, error)
        return status_of(error)
    for lot in lots:
        if problem := error.problems.get(lot.listing.id):
            field = form.take(lot.listing.reference)
            field.errors = [*field.errors, sentence(problem)]
    return 422 if all(isinstance(problem, InvalidInputError) for problem in error.problems.values()) else 409


def _rendered(form: FillForm, fits: Fits, lots: Sequence[Lot]) -> str:
    need, rates = fits.need, rates_for([fits.need])[fits.need.id]
    shares = {lot.listing.id: _share(lot, form.taken(lot.listing.reference), need, rates) for lot in lots}
    total = total_of(share for share in shares.values() if share)
    return render_template(
        "reservations/fill.html",
        need=need,
        form=form,
        fits=fits,
        rows=[_row(form, lot, shares[lot.listing.id], need) for lot in lots],
        total=total,
        count=sum(share is not None for share in shares.values()),
        missing=max(fits.remaining - total.quantity, Decimal(0)),
        over=max(total.quantity - fits.remaining, Decimal(0)),
    )


def _share(lot: Lot, taken: Decimal | None, need: Need, rates: OwnRates | None) -> Share | None:
    return None if taken is None else share_of(lot.listing, need, taken, lot.fit, rates)


def _row(form: FillForm, lot: Lot, share: Share | None, need: Need) -> LotRow:
    listing = lot.listing
    same_unit = listing.unit is need.unit and (share is None or share.quantity == form.taken(listing.reference))
    where = [f"{listing.organisation.name}, {listing.place}", size_line(listing.passport)]
    return LotRow(
        field=form.take(listing.reference),
        url=url_for("listings.show", reference=listing.reference),
        title=listing.passport.name,
        text=" · ".join([*(part for part in where if part), distance_text(lot.fit) if lot.fit else _unfit()]),
        refused_text=_refused(lot),
        stage=listing.stage.value,
        free_text=free_text(listing),
        price_text=price_line(listing),
        unit=unit_label(listing.unit),
        hint=_hint(listing),
        brings_text="" if share is None or same_unit else _brings(share, need),
        cost_text=_cost(share) if share else "",
    )


def _unfit() -> str:
    return str(gettext("past niet meer"))


def _refused(lot: Lot) -> str:
    if not lot.refused:
        return ""
    owner = lot.listing.organisation.name
    return str(gettext("%(owner)s wees dit eerder af: “%(reason)s”", owner=owner, reason=lot.refused))


def _hint(listing: Listing) -> str:
    return ", ".join(part for part in (_free(listing), estimate_text(listing)) if part)


def _free(listing: Listing) -> str:
    free = quantity(listing.available, listing.unit)
    if listing.min_take > 1 or not listing.unit.whole:
        least = quantity(min(listing.min_take, listing.available), listing.unit)
        return str(gettext("%(free)s vrij, ten minste %(least)s", free=free, least=least))
    return str(gettext("%(free)s vrij", free=free))


def _brings(share: Share, need: Need) -> str:
    return str(gettext("vult %(amount)s", amount=quantity(share.quantity, need.unit)))


def _cost(share: Share) -> str:
    return str(
        gettext(
            "%(price)s, en vervoer ongeveer %(transport)s", price=money(share.price), transport=money(share.transport)
        )
    )
