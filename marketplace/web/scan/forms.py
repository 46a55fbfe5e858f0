"""The small form of each step after a scan: as few questions as a person with gloves can answer."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from marketplace.listings.models import Listing
from marketplace.projects.models import Hub
from marketplace.web.fetched import FetchedFields
from marketplace.web.fields import DecimalField, QuantityField
from marketplace.web.filters import quantity
from marketplace.web.scan.waiting import ToFetch


class SeenForm(FlaskForm):
    """Where in the hub or on the site it lies."""

    rack = StringField(_l("Rek of vak"), validators=[Length(max=40)])


class ReceivedForm(FlaskForm):
    """Where it is put down, and how many there are if somebody counted them: 0 where nothing could be harvested."""

    counted = DecimalField(_l("Geteld aantal"))
    hub = SelectField(_l("Waar"))
    rack = StringField(_l("Rek of vak"), validators=[Length(max=40)])
    agreed = HiddenField(validators=[Length(max=4000)])
    """What a count comes to, once somebody saw it; empty until then."""

    def offer_hubs(self, lot: Listing, hubs: Sequence[Hub]) -> None:
        """Let people choose one of these hubs, or the place where it is unless a hub was announced."""
        here = [] if lot.hub_id else [("", gettext("Blijft in %(place)s", place=lot.place))]
        self.hub.choices = here + [(str(hub.id), hub.name) for hub in hubs]


class HandOverForm(FetchedFields):
    """Which of the confirmed reservations is fetched, and how much of it."""

    reservation = RadioField(_l("Voor wie"), validators=[InputRequired(_l("Kies wie het komt halen."))])

    def offer_reservations(self, waiting: Sequence[ToFetch]) -> None:
        """Let people choose one of these."""
        self.reservation.choices = [(each.reservation.reference, who_fetches(each)) for each in waiting]


class DamagedForm(FlaskForm):
    """How much is broken, and what happened."""

    quantity = QuantityField(_l("Hoeveel is er stuk?"), validators=[InputRequired(_l("Vul in hoeveel er stuk is."))])
    reason = StringField(
        _l("Wat is er gebeurd?"), validators=[InputRequired(_l("Vul in wat er gebeurd is.")), Length(max=500)]
    )


def who_fetches(waiting: ToFetch) -> str:
    """Return what is fetched by whom: `22 st voor Bouwbedrijf Noord, Fietsbrug N34`."""
    reservation = waiting.reservation
    amount = quantity(waiting.amount, reservation.unit)
    project = f", {reservation.project.name}" if reservation.project else ""
    return str(gettext("%(amount)s voor %(name)s", amount=amount, name=reservation.organisation.name)) + project
