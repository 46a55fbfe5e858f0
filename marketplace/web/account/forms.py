"""The form about oneself."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length


class NameForm(FlaskForm):
    """What a person is called."""

    name = StringField(lazy_gettext("Uw naam"), [DataRequired(lazy_gettext("Vul uw naam in.")), Length(max=120)])
