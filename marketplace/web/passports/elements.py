"""The elements of a building as its passport shows them, and how much of each was harvested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from marketplace.passports.details import Element
from marketplace.web.cards import mass_text
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.filters import category_name, number, quantity


@dataclass(frozen=True, slots=True)
class ElementRow:
    """Hold one kind of element of a building, and how much of it was harvested."""

    name: str
    category: str
    drawing: str
    quantity: str
    mass: str
    place: str
    harvested: str


def element_rows(elements: Sequence[Element], harvested: Mapping[str, Decimal]) -> list[ElementRow]:
    """Return a row for each element; `harvested` is how much of it was taken out, by its id and in its unit."""
    return [_element(element, harvested.get(element.id, Decimal(0))) for element in elements]


def _element(element: Element, harvested: Decimal) -> ElementRow:
    done = harvested >= element.quantity
    whole = quantity(element.quantity, element.unit)
    if done:
        text = str(gettext("alles"))
    elif harvested:
        text = str(gettext("%(part)s van %(whole)s", part=number(harvested), whole=whole))
    else:
        text = str(gettext("nog niets"))
    return ElementRow(
        name=element.name,
        category=category_name(element.category),
        drawing=drawing(element.category, expected=not done, width=200, height=150, with_dimensions=False),
        quantity=whole,
        mass=mass_text(element.mass_kg),
        place=element.place,
        harvested=text,
    )


def elements_text(elements: Sequence[Element], harvested: Mapping[str, Decimal]) -> str:
    """Return how much of the mass was harvested, as the head of the table tells it."""
    whole = sum((element.mass_kg for element in elements), Decimal(0))
    taken = sum((_taken(element, harvested) for element in elements), Decimal(0))
    return str(gettext("%(part)s van %(whole)s geoogst", part=mass_text(taken), whole=mass_text(whole)))


def _taken(element: Element, harvested: Mapping[str, Decimal]) -> Decimal:
    share = harvested.get(element.id, Decimal(0)) / element.quantity
    return element.mass_kg * min(share, Decimal(1))
