"""Forms to answer proposals: which of them are accepted, and why one is dismissed."""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Final

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.kit.codes import ALPHABET, REFERENCE_LENGTH
from marketplace.web.board.summing import Line
from marketplace.web.filters import plain

_LINE: Final = re.compile(
    rf"([{ALPHABET}]{{{REFERENCE_LENGTH}}})_([{ALPHABET}]{{{REFERENCE_LENGTH}}})_(\d{{1,9}}(?:\.\d{{1,3}})?)"
)
LINES: Final = "regel"
"""The hidden field of each line that was shown, chosen or not."""


class AcceptForm(FlaskForm):
    """What is told to every owner; one box for each line is added by `accept_form`."""

    note = TextAreaField(_l("Bericht aan alle aanbieders"), validators=[Length(max=500)])

    def box(self, line: Line) -> BooleanField:
        """Return the box of a line."""
        field: BooleanField = self[name_of(line)]
        return field

    def chosen(self, lines: Iterable[Line]) -> list[Line]:
        """Return the lines of which the box is ticked."""
        return [line for line in lines if self.box(line).data]


class DismissForm(FlaskForm):
    """Why a lot is not to be proposed for a need again."""

    reason = StringField(
        _l("Waarom past deze partij niet?"),
        validators=[InputRequired(_l("Vul in waarom dit voorstel niet past.")), Length(max=300)],
    )


def name_of(line: Line) -> str:
    """Return the name of the box of a line."""
    return f"neem_{line.listing.reference}_{line.need.reference}"


def written(line: Line) -> str:
    """Return a line as its hidden field holds it: the lot, the need, and how much of the lot."""
    return f"{line.listing.reference}_{line.need.reference}_{plain(line.take)}"


def sent_lines() -> Iterator[tuple[str, str, Decimal]]:
    """Yield the lines that were sent, as references of lot and need with an amount; what is no line is left out."""
    for text in request.form.getlist(LINES):
        if found := _LINE.fullmatch(text):
            yield found[1], found[2], Decimal(found[3])


def accept_form(lines: Iterable[Line], left_out: Collection[tuple[int, int]] = ()) -> AcceptForm:
    """Return the form with a box for each line, all of them ticked at first but those `left_out`, by their keys."""

    class Filled(AcceptForm):
        pass

    ticked: dict[str, bool] = {}
    for line in lines:
        name = name_of(line)
        setattr(Filled, name, BooleanField(f"{line.listing.passport.name}, {line.listing.organisation.name}"))
        ticked[name] = line.key not in left_out
    return Filled(request.form) if request.method == "POST" else Filled(None, data=ticked)
