"""Forms about what was fetched."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from marketplace.web.fetched import FetchedFields


class ReportForm(FetchedFields):
    """What one side says was fetched."""


class RejectForm(FlaskForm):
    """What is wrong with what the other side said."""

    reason = StringField(
        _l("Wat klopt er niet?"), validators=[InputRequired(_l("Vul in wat er niet klopt.")), Length(max=500)]
    )


class StepForm(FlaskForm):
    """Nothing but the token: the button says it all."""
