"""Numbers, dates and dimensions as the Dutch and the English write them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from flask import Flask
from flask_babel import format_currency, format_date, format_decimal, get_locale, gettext
from markupsafe import Markup

from marketplace.kit.clock import AMSTERDAM, day_of
from marketplace.kit.codes import grouped
from marketplace.kit.quantities import Unit, written_decimal
from marketplace.materials.vocabulary import get_category

_CENT: Final = Decimal("0.01")


def language() -> str:
    """Return the language of the page, nl or en."""
    return str(get_locale() or "nl")[:2]


def number(value: Decimal | float, decimals: int | None = None) -> str:
    """Return a number with the separators of the language, with at most three decimals or with exactly `decimals`."""
    pattern = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern)).replace("-", "\N{MINUS SIGN}")


def money(value: Decimal) -> str:
    """Return an amount in euros: a whole one without cents only from a thousand up."""
    cents = value.quantize(_CENT, ROUND_HALF_UP)  # half a cent goes up, where the library takes the even one
    return str(format_currency(cents, "EUR")).replace("\N{NO-BREAK SPACE}", " ").replace("-", "\N{MINUS SIGN}")


def money_of(amount: float) -> str:
    """Return an amount in EUR that was worked out, to the cent: `€ 12,50`."""
    return money(Decimal(str(amount)).quantize(Decimal("0.01")))


def euros(value: Decimal) -> str:
    """Return an amount in whole euros, where cents would only seem exact."""
    return money(value.quantize(Decimal(1), ROUND_HALF_UP)).removesuffix(",00").removesuffix(".00")


def price(value: Decimal) -> str:
    """Return a price: its amount, or that it is free."""
    return money(value) if value else str(gettext("Gratis"))


def unit_label(unit: Unit) -> str:
    """Return a unit as it stands behind a number."""
    return unit.label(language())


def quantity(value: Decimal, unit: Unit) -> str:
    """Return a number with its unit."""
    return f"{number(value)} {unit_label(unit)}"


def typed(value: Decimal) -> str:
    """Return a number as a person types it in a form: `2,5`, in English `2.5`."""
    return written_decimal(value.normalize(), language())


def plain(value: Decimal) -> str:
    """Return a number for an address, which is read the same in every language: `2.5`."""
    return written_decimal(value.normalize(), "en")


def day(value: date | datetime) -> str:
    """Return a date as `12 mrt 2027`."""
    if isinstance(value, datetime):
        value = day_of(value)
    return str(format_date(value, "d MMM yyyy")).replace(".", "")


def clock_time(value: datetime) -> str:
    """Return the time of a moment as a clock in the Netherlands shows it: `09:30`."""
    return f"{value.astimezone(AMSTERDAM):%H:%M}"


def dimensions(values: tuple[int | None, int | None, int | None]) -> str:
    """Return dimensions in mm as `5.400 × 1.196 × 200 mm`, or nothing where none is known."""
    known = [number(Decimal(value)) for value in values if value is not None]
    return f"{' × '.join(known)} mm" if known else ""


def category_name(category_id: str) -> str:
    """Return what a category is called in the language of the page."""
    return get_category(category_id).name(language())


def safe_svg(svg: str) -> Markup:
    """Mark a drawing of our own as safe to put in a page."""
    return Markup(svg)  # noqa: S704 (drawings are made by the program from numbers and the vocabulary, never from text of people)


def register(app: Flask) -> None:
    """Make these known to the templates."""
    filters = (
        number,
        money,
        price,
        quantity,
        typed,
        plain,
        day,
        clock_time,
        dimensions,
        category_name,
        unit_label,
        safe_svg,
    )
    for function in filters:
        app.add_template_filter(function)
    app.add_template_filter(grouped, "code")
