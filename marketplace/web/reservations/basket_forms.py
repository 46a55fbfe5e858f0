"""Forms to fill a need from several lots, and to give a basket up."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.web.fields import DecimalField

_TAKE: Final = "take_"


class TakeField(DecimalField):
    """Read how much of one lot is taken; nothing and zero both leave it where it is."""

    def read(self, text: str) -> Decimal:
        number = super().read(text)
        if number < 0:
            raise ValueError(gettext("Een hoeveelheid kan niet negatief zijn."))
        return number


class FillForm(FlaskForm):
    """What is told to every owner; the amounts, one field for each lot, are added by `fill_form`."""

    note = TextAreaField(_l("Bericht aan alle aanbieders"), validators=[Length(max=500)])

    def take(self, reference: str) -> TakeField:
        """Return the field of a lot."""
        field: TakeField = self[f"{_TAKE}{reference}"]
        return field

    def taken(self, reference: str) -> Decimal | None:
        """Return how much of a lot is taken, or None where nothing is, or what cannot be read."""
        field = self.take(reference)
        return None if field.errors else field.data or None


class GiveUpForm(FlaskForm):
    """That everything may go, and why, if that helps the others."""

    reason = StringField(_l("Reden"), validators=[Length(max=500)])
    sure = BooleanField(
        _l("Ja, annuleer alles wat nog niet is opgehaald"),
        validators=[InputRequired(_l("Vink aan dat alles mag vervallen."))],
    )


def fill_form(lots: Mapping[str, str], proposed: Mapping[str, Decimal]) -> FillForm:
    """Return the form with a field for each lot, `lots` by its reference, and at first what is proposed of them.

    Of a lot that came in since the page was made nothing is taken.
    """

    class Filled(FillForm):
        pass

    for reference, label in lots.items():
        setattr(Filled, f"{_TAKE}{reference}", TakeField(label))
    if request.method == "POST":
        return Filled(request.form)
    return Filled(None, data={f"{_TAKE}{reference}": amount for reference, amount in proposed.items()})


def references_sent() -> list[str]:
    """Return the references of the lots of which something was asked."""
    return [name.removeprefix(_TAKE) for name, text in request.form.items() if name.startswith(_TAKE) and text.strip()]
