"""The forms of the sign-in library with our labels, a name, and one password field with a button that shows it."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_security.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    VerifyForm,
)
from wtforms import Field, PasswordField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from marketplace.kit.errors import N_

_LABELS = {
    "email": N_("E-mailadres"),
    "password": N_("Wachtwoord"),
    "remember": N_("Ingelogd blijven op dit apparaat"),
}


class _Labelled:
    """Gives the fields of a form of the library our labels."""

    labels = _LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (whatever the library passes on)
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            field = getattr(self, name, None)
            if isinstance(field, Field):
                field.label.text, field.description = gettext(label), ""


class SignIn(_Labelled, LoginForm):
    """An e-mail address and a password."""

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 (as in the library)
        """Return whether these two belong together.

        Whoever gave the right password may know what else is wrong, such as an address that was never confirmed; so
        that is said at the top of the form, out of reach of what the library makes anonymous.
        """
        valid: bool = super().validate(**kwargs)
        if not valid and self.user_authenticated:
            self.form_errors.extend(str(error) for error in self.email.errors)
            self.email.errors = []
        return valid


class Registration(_Labelled, RegisterFormV2):
    """A name, an e-mail address and a password."""

    name = StringField(
        lazy_gettext("Uw naam"),
        validators=[
            DataRequired(lazy_gettext("Vul uw naam in.")),
            Length(max=120, message=lazy_gettext("Gebruik ten hoogste 120 tekens.")),
        ],
    )

    def validate_name(self, field: Field) -> None:
        """Refuse a name with signs that cannot be seen."""
        field.data = " ".join((field.data or "").split())
        if not field.data.isprintable():
            raise ValidationError(gettext("Deze waarde is niet te lezen."))


class Confirmation(_Labelled, SendConfirmationForm):
    """An e-mail address to send the link to once more."""


class Recovery(_Labelled, ForgotPasswordForm):
    """An e-mail address to send a link for a new password to."""


class NewPassword(_Labelled, ResetPasswordForm):
    """A new password, by the link of a mail."""

    labels = {"password": N_("Nieuw wachtwoord")}  # noqa: RUF012 (a table that nobody changes)
    password_confirm = None  # type: ignore[assignment]  # so WTForms drops a field of the base


class PasswordChange(_Labelled, ChangePasswordForm):
    """The present password and a new one."""

    labels = {"new_password": N_("Nieuw wachtwoord")}  # noqa: RUF012 (a table that nobody changes)
    password = PasswordField(
        lazy_gettext("Huidig wachtwoord"),
        render_kw={"autocomplete": "current-password"},
        validators=[DataRequired(lazy_gettext("Vul een wachtwoord in."))],
    )
    new_password_confirm = None  # type: ignore[assignment]  # so WTForms drops a field of the base


class Verification(_Labelled, VerifyForm):
    """The present password, asked for again."""
