"""The forms of the label desk: what to print and on what, which thing a label hangs on, and why one no longer holds."""

from collections.abc import Sequence
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from marketplace.accounts.models import Organisation
from marketplace.kit.codes import grouped
from marketplace.labels.actions import MOST
from marketplace.labels.media import MEDIA, Medium
from marketplace.labels.models import PrintFormat
from marketplace.labels.words import LANGUAGES, Language
from marketplace.passports.models import Passport
from marketplace.web.fields import OptionalIntField
from marketplace.web.filters import language, quantity

MOST_COPIES: Final = 10
DEFAULT_MEDIUM: Final = "l7160"

_Dpi = int | None
_FORMATS: Final[dict[str, tuple[PrintFormat, _Dpi]]] = {
    "pdf": (PrintFormat.PDF, None),
    "zpl-203": (PrintFormat.ZPL, 203),
    "zpl-300": (PrintFormat.ZPL, 300),
    "svg": (PrintFormat.SVG, None),
    "png": (PrintFormat.PNG, None),
}


class PaperForm(FlaskForm):
    """On what labels are printed, in which language, and as which file."""

    medium = SelectField(_l("Papier"), default=DEFAULT_MEDIUM, validators=[InputRequired()])
    skip = OptionalIntField(_l("Lege plaatsen op het eerste vel"), default=0, most=999)
    language = RadioField(_l("Taal op het label"), default=language, validators=[InputRequired(_l("Kies een taal."))])
    format = RadioField(_l("Bestand"), default="pdf", validators=[InputRequired(_l("Kies een soort bestand."))])

    def offer_papers(self) -> None:
        """Let people choose among all that we know, by the name in their language."""
        self.medium.choices = [(medium.id, medium.name(language())) for medium in MEDIA.values()]
        names = {"nl": _l("Nederlands"), "en": _l("Engels"), "both": _l("Nederlands en Engels")}
        self.language.choices = [(each, names[each]) for each in LANGUAGES]
        self.format.choices = [
            ("pdf", gettext("PDF, voor elke printer")),
            ("zpl-203", gettext("ZPL, labelprinter van 203 dpi")),
            ("zpl-300", gettext("ZPL, labelprinter van 300 dpi")),
            ("svg", gettext("SVG, één label als tekening")),
            ("png", gettext("PNG, één label als plaatje")),
        ]

    @property
    def paper(self) -> Medium:
        """Return the chosen medium."""
        return MEDIA[self.medium.data]

    @property
    def spoken(self) -> Language:
        """Return the chosen language."""
        return next(each for each in LANGUAGES if each == self.language.data)

    @property
    def file(self) -> tuple[PrintFormat, _Dpi]:
        """Return the chosen kind of file, with the resolution of a label printer."""
        return _FORMATS[self.format.data]


class PrintForm(PaperForm):
    """How many labels of each chosen lot."""

    copies = OptionalIntField(
        _l("Labels per partij"),
        default=1,
        least=1,
        most=MOST_COPIES,
        validators=[InputRequired(_l("Vul in hoeveel labels elke partij krijgt."))],
    )


class BlanksForm(PaperForm):
    """How many labels to print ahead, and for whom."""

    organisation = SelectField(_l("Namens"), coerce=int)
    count = OptionalIntField(
        _l("Hoeveel labels"),
        default=21,
        least=1,
        most=MOST,
        validators=[InputRequired(_l("Vul in hoeveel labels u vooruit wilt printen."))],
    )

    def offer_organisations(self, organisations: Sequence[Organisation]) -> None:
        """Let people choose for whom."""
        self.organisation.choices = [(organisation.id, organisation.name) for organisation in organisations]


class ClaimForm(FlaskForm):
    """What the label hangs on: one of the things without a label, or another by its code."""

    lot = RadioField(_l("Waar hangt het label aan?"), validate_choice=False)
    code = StringField(_l("Of typ de code van het paspoort"), validators=[Length(max=200)])

    def offer(self, passports: Sequence[Passport]) -> None:
        """Let people choose one of these."""
        self.lot.choices = [
            (each.code, f"{each.name}, {quantity(each.quantity, each.unit)} · {grouped(each.code)}")
            for each in passports
        ]


class VoidForm(FlaskForm):
    """Why a label no longer holds."""

    code = HiddenField()
    reason = StringField(_l("Waarom geldt dit label niet meer?"))
