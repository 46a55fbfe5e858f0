"""Offers as cards: what the macro `listing_card` shows of one, in the words of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.impact.savings import SavingEstimate, saving_by_reuse
from marketplace.kit import clock
from marketplace.kit.errors import InvalidInputError
from marketplace.kit.places import Point
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, Stage
from marketplace.materials.dimensions import Dimensions
from marketplace.materials.masses import mass_per_unit
from marketplace.materials.vocabulary import get_category
from marketplace.passports.models import Passport
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.evidence import proofs
from marketplace.web.filters import day, dimensions, each_unit, money, number, price, quantity, unit_label

SOON: Final = 21
"""Days before the crusher in which every day counts."""
_TONNE: Final = Decimal(1000)
_MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class ListingCard:
    """Hold a card: every text as it is read, the four parts of the stock as numbers, `drawing` as SVG of our own."""

    url: str
    title: str
    dims_text: str
    stage: str
    free_text: str | None
    quantity_text: str
    available: Decimal
    held: Decimal
    handed_over: Decimal
    written_off: Decimal
    unit_label: str
    price_text: str
    price_unit_text: str
    place_text: str
    saving_text: str | None
    proofs: list[tuple[str, str]]
    photo_url: str | None
    drawing: str
    is_example: bool
    crusher_text: str = ""
    estimate_text: str = ""


def cards_of(listings: Iterable[Listing], *, near: Point | None = None) -> list[ListingCard]:
    """Return these offers as cards, in the same order."""
    return [card_of(listing, near=near) for listing in listings]


def card_of(listing: Listing, *, near: Point | None = None) -> ListingCard:
    """Return an offer as a card, with the straight distance to `near`.

    Needs passport, photos, hazards, claims and hub to be loaded, as every query of `listings.queries` does.
    """
    passport = listing.passport
    return ListingCard(
        url=url_for("listings.show", reference=listing.reference),
        title=passport.name,
        dims_text=size_line(passport),
        stage=listing.stage.value,
        free_text=free_text(listing),
        quantity_text=quantity_text(listing),
        available=listing.available,
        held=listing.held,
        handed_over=listing.handed_over,
        written_off=listing.written_off,
        unit_label=unit_label(listing.unit),
        price_text=price_text(listing),
        price_unit_text=per_unit(listing.unit) if listing.price_eur else "",
        place_text=place_text(listing, near),
        saving_text=saving_line(listing, near),
        proofs=proofs(passport),
        photo_url=photo_url(passport, "card"),
        drawing="" if passport.photos else drawing_of(listing),
        is_example=passport.is_example,
        crusher_text=crusher_text(listing, clock.today()),
        estimate_text=estimate_text(listing),
    )


def drawing_of(listing: Listing, *, width: int = 320, height: int = 240) -> str:
    """Return the measured drawing of what is offered; dashed where it is still in its building."""
    passport = listing.passport
    expected = listing.stage is Stage.EXPECTED
    return drawing(passport.category, dims=passport.dimensions, expected=expected, width=width, height=height)


def photo_url(passport: Passport, size: str) -> str | None:
    """Return the address of the first photo in a size (large, card, thumb), or None."""
    first = next(iter(passport.photos), None)
    return url_for("listings.photo", key=first.key, size=size) if first else None


def size_line(passport: Passport) -> str:
    """Return the key sizes and the mass of one unit: `2.015 × 830 × 40 mm · 22 kg`."""
    sizes = dimensions(passport.dimensions)
    if passport.unit in {Unit.KG, Unit.T}:
        return sizes
    mass = f"{rounded(passport.kg_per_unit)} kg"
    mass = mass if passport.unit is Unit.PIECE else f"{mass} {per_unit(passport.unit)}"
    return " · ".join(part for part in (sizes, mass) if part)


def quantity_text(listing: Listing) -> str:
    """Return what is available of the whole: `85 van 100 st`, or `100 st` where nothing of it is gone."""
    if listing.available == listing.total:
        return quantity(listing.total, listing.unit)
    whole = quantity(listing.total, listing.unit)
    return str(gettext("%(available)s van %(total)s", available=number(listing.available), total=whole))


def estimate_text(listing: Listing) -> str:
    """Return between which amounts an estimate lies, `70 tot 110 st, schatting`; nothing where it is no estimate."""
    return range_text(*listing.estimated, listing.unit) if listing.estimated else ""


def range_text(low: Decimal, high: Decimal, unit: Unit) -> str:
    """Return an estimate as it is read everywhere: `70 tot 110 st, schatting`."""
    if low == high:
        return str(gettext("%(amount)s, schatting", amount=quantity(high, unit)))
    return str(gettext("%(low)s tot %(high)s, schatting", low=number(low), high=quantity(high, unit)))


def free_text(listing: Listing) -> str | None:
    """Return from when what is still in its building can be had, or None for what is in stock."""
    if listing.stage is not Stage.EXPECTED:
        return None
    return str(gettext("vrij %(day)s", day=day(listing.available_from)))


def crusher_text(listing: Listing, on: date) -> str:
    """Return when what is left goes to the crusher, and in how many days where that is soon; nothing where it is not.

    It is told as long as somebody can still keep it from there.
    """
    if listing.crusher_on is None or listing.crusher_on < on or not listing.is_open or not listing.available:
        return ""
    days = (listing.crusher_on - on).days
    if days == 0:
        return str(gettext("vandaag naar de breker"))
    told = gettext("naar de breker op %(day)s", day=day(listing.crusher_on))
    left = ngettext("nog %(num)s dag", "nog %(num)s dagen", days)
    return f"{told}, {left}" if days <= SOON else str(told)


def per_unit(unit: Unit) -> str:
    """Return `per st`."""
    return str(gettext("per %(unit)s", unit=each_unit(unit)))


def place_text(listing: Listing, near: Point | None) -> str:
    """Return the place, with the straight distance where one was asked for: `Hoogeveen · 4 km`."""
    if near is None:
        return listing.place
    return f"{listing.place} · {number(Decimal(round(listing.point.km_to(near))))} km"


def saving_of(listing: Listing, amount: Decimal, *, km: Decimal) -> SavingEstimate | None:
    """Return what reusing this amount over this road distance saves, or None where no figure is known."""
    passport = listing.passport
    category = get_category(passport.category)
    sizes = Dimensions(*(None if size is None else Decimal(size) for size in passport.dimensions))
    weighed = {passport.unit: passport.kg_per_unit}
    try:
        masses = mass_per_unit(category, sizes, weighed=weighed)
        return saving_by_reuse(category.id, mass_kg=amount * passport.kg_per_unit, km=km, kg_per=masses)
    except InvalidInputError:
        return None


def saving_line(listing: Listing, near: Point | None = None) -> str | None:
    """Return what one unit saves, transport to `near` counted: `−14 kg CO2 per st`, or None where it is not known."""
    km = Decimal(round(listing.point.road_km_to(near))) if near else Decimal(0)
    estimate = saving_of(listing, Decimal(1), km=km)
    if estimate is None or not estimate.typical.total_kg:
        return None
    sign = _MINUS if estimate.typical.total_kg > 0 else "+"
    return f"{sign}{mass_text(abs(estimate.typical.total_kg))} CO2 {per_unit(listing.unit)}"


def mass_text(kg: Decimal) -> str:
    """Return a mass as it is said: `248 kg`, `0,9 kg`, `10,1 t`."""
    return f"{rounded(kg / _TONNE)} t" if kg >= _TONNE * 10 else f"{rounded(kg)} kg"


def rounded(value: Decimal) -> str:
    """Return a number with no more figures than an estimate bears: whole from ten up, below that one decimal."""
    if value >= 100:
        return number(value.quantize(Decimal(1)))
    return number(value.quantize(Decimal("0.1") if value >= Decimal("0.05") else Decimal("0.001")))


def price_text(listing: Listing) -> str:
    """Return the price: `€ 145,00`, `Gratis`, or of a draft that it is not known yet."""
    return str(gettext("Prijs nog niet bekend")) if listing.price_open else price(listing.price_eur)


def price_line(listing: Listing) -> str:
    """Return the price with its unit: `€ 145,00 per st`, or `Gratis`."""
    if not listing.price_eur:
        return price_text(listing)
    return f"{money(listing.price_eur)} {per_unit(listing.unit)}"
