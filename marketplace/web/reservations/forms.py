"""Forms to reserve, to wait, to answer and to give up."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.projects.models import Need, Project
from marketplace.web.fields import QuantityField


class ReserveForm(FlaskForm):
    """How much of a listing, and what for."""

    quantity = QuantityField(_l("Hoeveel"), validators=[InputRequired(_l("Vul in hoeveel u wilt reserveren."))])
    purpose = SelectField(_l("Voor project"))
    note = TextAreaField(_l("Bericht aan de aanbieder"), validators=[Length(max=500)])

    def offer_purposes(self, projects: list[Project], nothing: str, category: str | None = None) -> None:
        """Let people choose one of these projects, one of their needs, or nothing yet.

        With a category, only needs that accept it; without, every need is read, and the action says what does not fit.
        """
        choices = [("", nothing)]
        for project in projects:
            choices.append((f"project:{project.id}", project.name))
            fit = [need for need in project.needs if category is None or need.accepts(category)]
            choices += [(f"need:{need.id}", f"{project.name}: {need.title}") for need in fit]
        self.purpose.choices = choices

    def purpose_ids(self, projects: list[Project]) -> tuple[int | None, int | None]:
        """Return the ids of the chosen project and need."""
        kind, _, number = (self.purpose.data or "").partition(":")
        if kind == "project":
            return int(number), None
        if kind == "need":
            need = _need(int(number), projects)
            return need.project_id, need.id
        return None, None


class QueueForm(ReserveForm):
    """How much of a listing somebody waits for, and how much of it would already be of use."""

    least = QuantityField(_l("Ook minder is goed, vanaf"), validators=[Optional()])


def _need(need_id: int, projects: list[Project]) -> Need:
    return next(need for project in projects for need in project.needs if need.id == need_id)


class DeclineForm(FlaskForm):
    """Why a reservation is refused."""

    reason = StringField(
        _l("Reden"),
        id="decline-reason",
        validators=[InputRequired(_l("Vul in waarom u deze reservering afwijst.")), Length(max=500)],
    )


class CallOffForm(FlaskForm):
    """Why the owner takes back what was promised."""

    reason = StringField(
        _l("Reden"),
        id="call-off-reason",
        validators=[InputRequired(_l("Vul in waarom u deze reservering intrekt.")), Length(max=500)],
    )


class CancelForm(FlaskForm):
    """Why a reservation is given up, or a place in the queue, if that helps the other."""

    reason = StringField(_l("Reden"), validators=[Length(max=500)])


class GiveBackForm(FlaskForm):
    """How much of a reservation is given back, less than all of it, and why, if that helps the other."""

    quantity = QuantityField(
        _l("Hoeveel geeft u terug?"), validators=[InputRequired(_l("Vul in hoeveel u teruggeeft."))]
    )
    reason = StringField(_l("Reden"), id="give-back-reason", validators=[Length(max=500)])
