"""A lot that fits a need, as it is shown: how much of it, the way that it goes, and its value to the cent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from string import ascii_uppercase
from typing import Final

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.listings.models import Stage
from marketplace.matching.conversion import PARAMS, lot_of, need_of
from marketplace.matching.models import Proposal
from marketplace.matching.queries import Fit
from marketplace.matching.rules import cuts_per_unit, params_for
from marketplace.web.access import current_actor
from marketplace.web.cards import drawing_of as listing_drawing
from marketplace.web.cards import estimate_text, free_text, photo_url, size_line
from marketplace.web.evidence import proofs
from marketplace.web.filters import money, money_of, number, plain, quantity
from marketplace.web.fits import distance_text, weeks_of
from marketplace.web.worth import Term, terms_of, value_of, value_terms

_THUMB: Final = {"width": 160, "height": 120}


@dataclass(frozen=True, slots=True)
class LotRow:
    """Hold a lot that fits: a proposal with its letter, or one to spare without, with its value and the way it goes."""

    letter: str
    url: str
    title: str
    owner: str
    sizes_text: str
    stage: str
    free_text: str | None
    quantity_text: str
    of_text: str
    distance: str
    work_text: str
    route_text: str
    proofs: list[tuple[str, str]]
    photo_url: str | None
    drawing: str
    fall: list[Term]
    account: list[tuple[str, str]]
    total: str
    reserve_url: str | None
    reserve_text: str
    is_own: bool
    why_not: str = ""
    """Why it is not proposed although it fits; nothing of a proposal."""


def lettered(proposals: Sequence[Proposal]) -> Iterator[tuple[str, Proposal]]:
    """Yield proposals for one need with the letters that name them on its ruler: A to Z, then AA."""
    letters = (*ascii_uppercase, *map("".join, product(ascii_uppercase, repeat=2)))
    return zip(letters, proposals, strict=False)


def lot_row(match: Fit | Proposal, letter: str = "", why_not: str = "") -> LotRow:
    """Return a lot that fits, as it is shown to who asks now."""
    listing, need = match.listing, match.need
    passport = listing.passport
    amount = quantity(match.take, listing.unit)
    is_own = listing.organisation_id == need.project.organisation_id
    return LotRow(
        letter=letter,
        url=url_for("listings.show", reference=listing.reference),
        title=passport.name,
        owner=f"{listing.organisation.name}, {listing.place}",
        sizes_text=size_line(passport),
        stage=listing.stage.value,
        free_text=free_text(listing),
        quantity_text=quantity(match.quantity, need.unit),
        of_text=of_text(match),
        distance=distance_text(match),
        work_text=work_text(match),
        route_text=route_text(match),
        proofs=proofs(passport, most=3),
        photo_url=photo_url(passport, "thumb"),
        drawing="" if passport.photos else listing_drawing(listing, **_THUMB),
        fall=value_terms(match),
        account=account(match),
        total=money(value_of(match)),
        reserve_url=None if is_own else _reserve_url(match),
        reserve_text=str(gettext("Reserveer %(amount)s", amount=amount)),
        is_own=is_own,
        why_not=why_not,
    )


def of_text(match: Fit | Proposal) -> str:
    """Return of how much it is taken: `van 64 st vrij`, or `dat is 25 st, van 60 st vrij` where units differ.

    Of what is still in a building and was only estimated, between which amounts it lies.
    """
    listing = match.listing
    free = quantity(listing.available, listing.unit)
    take = quantity(match.take, listing.unit)
    converts, expected = listing.unit is not match.need.unit, listing.stage is Stage.EXPECTED
    if converts and expected:
        told = gettext("dat is %(take)s, van %(free)s, nog in gebouw", take=take, free=free)
    elif converts:
        told = gettext("dat is %(take)s, van %(free)s vrij", take=take, free=free)
    elif expected:
        told = gettext("van %(free)s, nog in gebouw", free=free)
    else:
        told = gettext("van %(free)s vrij", free=free)
    return " · ".join(part for part in (str(told), estimate_text(listing)) if part)


def work_text(match: Fit | Proposal) -> str:
    """Return what must be done to it: `200 mm inkorten`, `elk in 2 stukken zagen`, or nothing."""
    lot = lot_of(match.listing)
    need = need_of(match.need, rates=match.rates) if isinstance(match, Proposal) else match.route.need
    cuts = cuts_per_unit(lot, need, params_for(need, PARAMS))
    if cuts > 1:
        return str(ngettext("elk in %(num)s stuk zagen", "elk in %(num)s stukken zagen", cuts))
    if need.cut_mm is None or not lot.dims or not need.windows or lot.dims[0] <= need.windows[0][1]:
        return ""
    return str(gettext("%(size)s mm inkorten", size=number(Decimal(round(lot.dims[0] - need.windows[0][1])))))


def route_text(match: Fit | Proposal) -> str:
    """Return the way that it goes: `rechtstreeks`, or through which hub and for how long."""
    if match.hub is None:
        return str(gettext("rechtstreeks"))
    weeks = ngettext("%(num)s week opslag", "%(num)s weken opslag", weeks_of(match))
    return str(gettext("via %(hub)s, %(weeks)s", hub=match.hub.name, weeks=weeks))


def account(match: Fit | Proposal) -> list[tuple[str, str]]:
    """Return the terms of the whole match as (name, amount), which add up to its value to the cent."""
    terms = terms_of(match)
    named = [
        (gettext("Nieuw materiaal dat u niet koopt"), terms.new),
        (gettext("Milieukosten die u vermijdt"), terms.mki),
        (gettext("Prijs van deze partij"), terms.price),
        (gettext("Vervoer over de weg"), terms.transport),
        (gettext("Opslag in de hub"), terms.storage),
        (gettext("Ritten"), terms.trips),
    ]
    return [(str(name), money_of(amount)) for name, amount in named if amount]


def _reserve_url(match: Fit | Proposal) -> str | None:
    """Return where it can be reserved for this need, or None where others than its organisation ask."""
    actor = current_actor()
    if actor.signed_in and not actor.may(Permission.TRADE, match.need.project.organisation_id):
        return None
    return url_for(
        "reservations.reserve",
        reference=match.listing.reference,
        aantal=plain(match.take),
        behoefte=match.need.reference,
    )
