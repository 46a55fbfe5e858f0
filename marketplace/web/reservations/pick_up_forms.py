"""The form of an appointment: a day and two times, as a clock on the wall shows them."""

import re
from datetime import datetime, time
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TimeInput

from marketplace.kit.wall_time import moment_of
from marketplace.web.fields import DayField, TypedField

_TIME: Final = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?:[:.]00)?)?", re.ASCII)


class TimeField(TypedField):
    """Read a time as the browser sends it, 09:30, or as it is typed: 9.30 or 9."""

    widget = TimeInput()

    def read(self, text: str) -> time:
        match = _TIME.fullmatch(text.removesuffix("uur").strip())
        hour, minute = (int(match["hour"]), int(match["minute"] or 0)) if match else (24, 0)
        if hour > 23 or minute > 59:
            raise ValueError(gettext("Vul een tijd in als uren en minuten, zoals 09:30."))
        return time(hour, minute)

    def written(self, value: time) -> str:
        return f"{value:%H:%M}"


class PickUpForm(FlaskForm):
    """When it is fetched."""

    day = DayField(_l("Dag"), validators=[InputRequired(_l("Kies een dag."))])
    starts = TimeField(_l("Van"), validators=[InputRequired(_l("Vul in vanaf hoe laat."))])
    ends = TimeField(_l("Tot"), validators=[InputRequired(_l("Vul in tot hoe laat."))])
    note = StringField(_l("Opmerking"), validators=[Length(max=500)])

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Return the moments of both times. Raises InvalidInputError for one that the clock skips on that day."""
        day = self.day.data
        return moment_of(day, self.starts.data, field="starts"), moment_of(day, self.ends.data, field="ends")
