"""The form with the room and the tariffs of a hub."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from marketplace.web.fields import MoneyField, QuantityField


class HubForm(FlaskForm):
    """How much fits in, and what moving and storing cost."""

    capacity_m3 = QuantityField(_l("Ruimte"), [InputRequired(_l("Vul de ruimte van de hub in, in m³."))])
    handle_eur_per_m3 = MoneyField(_l("In- en uitslag"), [InputRequired(_l("Vul in wat het kost, of 0."))])
    store_eur_per_m3_week = MoneyField(_l("Opslag per week"), [InputRequired(_l("Vul in wat het kost, of 0."))])
