"""The forms of who checks a passport and of who reports what is wrong with a label."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.scanning.reports import LONGEST_NOTE
from marketplace.web.fields import PlaceField
from marketplace.web.found import COMPLAINT_NAMES


class CheckForm(FlaskForm):
    """A passport as a file, or as a text that was pasted."""

    file = FileField(_l("Bestand (JSON, token of PDF)"))
    text = TextAreaField(_l("Of plak het document of het token"))

    def content(self) -> bytes:
        """Return what is to be checked: the file, and without one the text."""
        if isinstance(self.file.data, FileStorage):
            return self.file.data.stream.read()
        return (self.text.data or "").encode()


class FinderForm(FlaskForm):
    """What is wrong, and perhaps where, in words and with a photo. It asks for no name and no address."""

    complaint = RadioField(
        _l("Wat klopt er niet?"),
        validators=[InputRequired(_l("Kies wat er niet klopt."))],
    )
    place = PlaceField(_l("In welke plaats staat het?"))
    note = TextAreaField(_l("Wat ziet u?"), validators=[Length(max=LONGEST_NOTE)])
    photo = FileField(_l("Foto"))

    def __init__(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401 (passed on to wtforms)
        super().__init__(*arguments, **more)
        self.complaint.choices = [(complaint.value, gettext(text)) for complaint, text in COMPLAINT_NAMES.items()]

    def photo_content(self) -> bytes | None:
        """Return the bytes of the photo, or None where there is none."""
        sent = self.photo.data
        return sent.stream.read() or None if isinstance(sent, FileStorage) else None
