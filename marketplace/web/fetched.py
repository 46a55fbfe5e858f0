"""The questions about what was fetched: the same after a scan and on the page of a reservation."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, ValidationError
from wtforms.validators import Length

from marketplace.reservations.handing_over import Fetched
from marketplace.reservations.models import HandOver, Reservation
from marketplace.web.fields import DecimalField

_STAYS, _FREE = "stays", "free"


def filled_in(reservation: Reservation, reported: HandOver | None) -> dict[str, object]:
    """Return what the form begins with: what waits to be confirmed, or else all that is held."""
    if reported is None:
        return {"quantity": reservation.held}
    rest = {"rest": _FREE if reported.releases_rest else _STAYS}
    losses = {name: getattr(reported, name) or None for name in ("broken", "lost")}
    return {"quantity": reported.quantity, "reason": reported.reason, **losses, **rest}


class AmountField(DecimalField):
    """Read how much of something, which may be nothing."""

    def pre_validate(self, _form: object) -> None:
        """Say that nothing can be less than nothing. Raises ValidationError with a sentence."""
        if self.data is not None and self.data < 0:
            raise ValidationError(_l("Minder dan niets kan niet."))


def _rests() -> Iterator[tuple[str, str]]:
    yield _STAYS, gettext("Blijft gereserveerd, voor een volgende keer")
    yield _FREE, gettext("Komt vrij voor anderen")


class FetchedFields(FlaskForm):
    """How much was fetched, what is broken or lost and why, and what becomes of the rest."""

    quantity = AmountField(_l("Hoeveel gaat er mee?"))
    broken = AmountField(_l("Stuk"))
    lost = AmountField(_l("Zoekgeraakt"))
    reason = StringField(_l("Wat is er gebeurd?"), validators=[Length(max=500)])
    rest = RadioField(_l("En wat overblijft?"), choices=lambda: list(_rests()), default=_STAYS)

    def __init__(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401 (passed on to the form)
        super().__init__(*arguments, **more)
        self.rest.flags.required = True  # one of both is always chosen
        self.reason.flags.required_if = _l("(nodig bij stuk of zoekgeraakt)")

    @property
    def fetched(self) -> Fetched:
        """Return what was filled in; an empty amount is nothing."""
        return Fetched(
            quantity=self.quantity.data or Decimal(0),
            broken=self.broken.data or Decimal(0),
            lost=self.lost.data or Decimal(0),
            reason=self.reason.data or "",
            releases_rest=self.rest.data == _FREE,
        )

    @property
    def has_loss(self) -> bool:
        """Tell whether the questions about what is broken or lost are to stand open."""
        return bool(self.broken.raw_data and self.broken.raw_data[0]) or any(
            field.errors or field.data for field in (self.broken, self.lost, self.reason)
        )
