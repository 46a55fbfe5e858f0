"""The form in which an estimated harvest is looked through: which lines, how much of each, and for how much."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField
from wtforms.validators import InputRequired

from marketplace.kit.errors import MarketplaceError
from marketplace.listings.expecting import Line, check_line
from marketplace.listings.models import ShortHarvest
from marketplace.projects.estimating import ExpectedItem
from marketplace.projects.models import Grade
from marketplace.web.errors import add_to_form
from marketplace.web.fields import DayField, MoneyField, QuantityField
from marketplace.web.listings.naming import GRADE_NAMES, SHORT_HARVEST_NAMES

_FIELDS: Final = ("take", "amount", "price")


class ReviewForm(FlaskForm):
    """What counts for every line. The lines themselves are the fields `take_KEY`, `amount_KEY` and `price_KEY`."""

    grade = RadioField(_l("Staat"), [InputRequired(_l("Kies in welke staat het is."))], default=Grade.C.value)
    short_harvest = RadioField(
        _l("Bij een tegenvallende oogst"), [InputRequired()], default=ShortHarvest.PROPORTIONAL.value
    )

    available_until = DayField(_l("Beschikbaar tot en met"))

    items: Sequence[ExpectedItem] = ()
    unseen: frozenset[str] = frozenset()
    """The keys of what stands at the project already, unknown to the page that was sent: somebody went back to it."""

    def of(self, item: ExpectedItem) -> tuple[Field, Field, Field]:
        """Return the fields of a line: whether it is taken, how much, and for how much."""
        take, amount, price = (self[f"{name}_{item.key}"] for name in _FIELDS)
        return take, amount, price

    def offer_choices(self) -> None:
        """Put the words of the page's language to what can be chosen."""
        self.grade.choices = [(grade.value, gettext(name)) for grade, name in GRADE_NAMES.items()]
        self.short_harvest.choices = [(rule.value, gettext(name)) for rule, name in SHORT_HARVEST_NAMES.items()]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 (as in wtforms)
        """Check every line that is taken, so that all mistakes are told at once; the others do not matter."""
        super().validate(extra_validators)
        if not any(self.of(item)[0].data for item in self.items):
            self.form_errors.append(gettext("Kies ten minste één regel."))
        for item in self.items:
            take, amount, price = self.of(item)
            if not take.data:
                amount.errors, price.errors = [], []
            elif item.key in self.unseen:
                take.data, amount.errors, price.errors = False, [], []
                said = gettext(
                    "Deze soort staat al bij het project. Vink de regel opnieuw aan om er nog een toe te voegen."
                )
                take.errors = [*take.errors, said]
            elif amount.data is None and not amount.errors:
                amount.errors = [gettext("Vul in hoeveel u aanbiedt.")]
            elif not amount.errors and not price.errors:
                self._check(Line(item, amount.data, price.data))
        return not self.errors

    def _check(self, line: Line) -> None:
        try:
            check_line(line)
        except MarketplaceError as error:
            add_to_form(self, error)

    def lines(self) -> list[Line]:
        """Return the lines that are taken."""
        chosen = [(item, *self.of(item)) for item in self.items]
        return [Line(item, amount.data, price.data) for item, take, amount, price in chosen if take.data]


def review_form(
    items: Sequence[ExpectedItem], *, names: dict[str, str], chosen: frozenset[str], until: date | None
) -> ReviewForm:
    """Return the form for these items by the key of each; the amount begins at the least, which is the careful one.

    `until` is the last day unless somebody knows better.
    """
    fields: dict[str, object] = {"items": items}
    for item in items:
        name = names[item.key]
        fields[f"take_{item.key}"] = BooleanField(name, default=item.key in chosen)
        label = gettext("%(name)s, hoeveel", name=name)
        fields[f"amount_{item.key}"] = QuantityField(label, default=careful(item))
        fields[f"price_{item.key}"] = MoneyField(gettext("%(name)s, prijs", name=name))
    form: ReviewForm = type("ReviewOfItems", (ReviewForm,), fields)(available_until=until)
    form.offer_choices()
    return form


def careful(item: ExpectedItem) -> Decimal:
    """Return how much to offer of a range unless somebody knows better: who promises less disappoints nobody."""
    return item.low
