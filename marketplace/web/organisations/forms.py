"""The forms about an organisation and its members."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.accounts.models import OrganisationKind
from marketplace.accounts.permissions import Role
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
