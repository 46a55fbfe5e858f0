"""The forms about an organisation: who it is, its members, its rules and its circles."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from marketplace.accounts.circles import LONGEST_REASON
from marketplace.accounts.models import OrganisationKind
from marketplace.accounts.permissions import Role
from marketplace.matching.rates import BOUNDS as BOUNDS_OF_RATES
from marketplace.reservations.terms import BOUNDS
from marketplace.web.fields import MoneyField, OptionalIntField
from marketplace.web.naming import KIND_NAMES, ROLE_HINTS, ROLE_NAMES


class OrganisationForm(FlaskForm):
    """Who an organisation is and where."""

    name = StringField(lazy_gettext("Naam"), [DataRequired(lazy_gettext("Vul een naam in.")), Length(max=120)])
    kind = RadioField(
        lazy_gettext("Soort"),
        [InputRequired(lazy_gettext("Kies een soort."))],
        coerce=OrganisationKind,
        default=OrganisationKind.CONTRACTOR,
    )
    place = StringField(lazy_gettext("Plaats"), [DataRequired(lazy_gettext("Vul een plaats in.")), Length(max=80)])
    address = StringField(lazy_gettext("Adres"), [Length(max=160)])
    kvk = StringField(lazy_gettext("KvK-nummer"), [Length(max=20)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind, gettext(name)) for kind, name in KIND_NAMES.items()]


class MemberForm(FlaskForm):
    """An account to take in, with its role."""

    email = EmailField(
        lazy_gettext("E-mailadres"), [DataRequired(lazy_gettext("Vul een e-mailadres in.")), Length(max=255)]
    )
    role = RadioField(
        lazy_gettext("Rol"), [InputRequired(lazy_gettext("Kies een rol."))], coerce=Role, default=Role.TRADER
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(role, gettext(name)) for role, name in ROLE_NAMES.items()]

    @property
    def hints(self) -> dict[Role, str]:
        """What each role may do, in the language of the page."""
        return {role: gettext(hint) for role, hint in ROLE_HINTS.items()}


class RoleForm(FlaskForm):
    """Another role for a member."""

    role = SelectField(lazy_gettext("Rol"), coerce=Role)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(role, gettext(name)) for role, name in ROLE_NAMES.items()]


class _Stated(InputRequired):
    """Ask for a number; zero is one, and what could not be read has its own sentence already."""

    def __call__(self, _form: object, field: Field) -> None:
        if field.data is None and not field.errors:
            raise StopValidation(gettext("Vul een getal in."))


def _number(name: str, label: str) -> OptionalIntField:
    least, most = BOUNDS[name]
    return OptionalIntField(label, [_Stated()], least=least, most=most)


class RulesForm(FlaskForm):
    """The terms of `reservations.terms`, a field for each of the same name."""

    answer_days = _number("answer_days", lazy_gettext("Antwoord binnen"))
    hold_days = _number("hold_days", lazy_gettext("Vasthouden"))
    extensions = _number("extensions", lazy_gettext("Hoe vaak verlengen"))
    extension_days = _number("extension_days", lazy_gettext("Verlengen met"))
    warn_hours = _number("warn_hours", lazy_gettext("Waarschuwen"))
    offer_hours = _number("offer_hours", lazy_gettext("Bedenktijd voor de wachtrij"))
    least_percent = _number("least_percent", lazy_gettext("Minste deel van een partij"))
    most_percent = _number("most_percent", lazy_gettext("Grootste deel van een partij"))


class RatesForm(FlaskForm):
    """What counts for the needs of an organisation; what is left open is as usual."""

    eur_per_1000_tkm = MoneyField(lazy_gettext("Vervoer, per ton over 1.000 km"))
    trip_eur = MoneyField(lazy_gettext("Een rit"))
    kerf_mm = OptionalIntField(lazy_gettext("Zaagsnede"), least=0, most=BOUNDS_OF_RATES["kerf_mm"])
    mki_percent = OptionalIntField(lazy_gettext("Gewicht van het milieu"), least=0, most=BOUNDS_OF_RATES["mki_percent"])


class CircleForm(FlaskForm):
    """What a new circle is called."""

    name = StringField(
        lazy_gettext("Naam van de kring"), [DataRequired(lazy_gettext("Vul een naam in.")), Length(max=120)]
    )


class InvitationForm(FlaskForm):
    """Which organisation to ask into a circle."""

    organisation = StringField(
        lazy_gettext("Organisatie"),
        [DataRequired(lazy_gettext("Vul de naam van een organisatie in.")), Length(max=120)],
    )


class PutOutForm(FlaskForm):
    """Why another organisation is put out of a circle."""

    reason = StringField(
        lazy_gettext("Reden"),
        [DataRequired(lazy_gettext("Vul in waarom u deze organisatie uit de kring zet.")), Length(max=LONGEST_REASON)],
    )
