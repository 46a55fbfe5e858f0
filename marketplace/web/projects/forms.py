"""The form in which a project is planned, and what it states as facts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.location import Site
from marketplace.projects.buildings import BuildingType
from marketplace.projects.facts import LARGEST_FLOOR_M2, LONGEST_NAME, MOST_DWELLINGS, ProjectFacts, mistakes_in_project
from marketplace.projects.models import Programme, Project, ProjectKind
from marketplace.web.errors import add_to_form
from marketplace.web.fields import DayField, OptionalIntField, PlaceField
from marketplace.web.projects.naming import KIND_HINTS, KIND_NAMES, building_name

_NONE: Final = 0
"""What the choice without a programme sends."""


class ProjectForm(FlaskForm):
    """What, where, when and for whom."""

    name = StringField(_l("Naam"), [InputRequired(_l("Vul een naam in.")), Length(max=LONGEST_NAME)])
    kind = RadioField(_l("Wat gebeurt er?"), [InputRequired(_l("Kies wat er gebeurt."))], coerce=ProjectKind)
    client_id = SelectField(_l("Voor wie is het werk?"), [InputRequired()], coerce=int)
    programme_id = SelectField(_l("Programma"), coerce=int, default=_NONE)
    place = PlaceField(_l("Plaats"), [InputRequired(_l("Vul een plaats in."))])
    address = StringField(_l("Adres"), [Length(max=160)])
    starts_on = DayField(_l("Begin"), [InputRequired(_l("Vul de eerste dag in."))])
    ends_on = DayField(_l("Einde"), [InputRequired(_l("Vul de laatste dag in."))])
    building_year = OptionalIntField(_l("Bouwjaar"), least=1000, most=2100)
    building_type = SelectField(_l("Soort gebouw"), default="")
    floor_area_m2 = OptionalIntField(_l("Vloeroppervlak (bvo)"), least=1, most=LARGEST_FLOOR_M2)
    dwellings = OptionalIntField(_l("Aantal woningen"), least=1, most=MOST_DWELLINGS)
    summary = TextAreaField(_l("Toelichting"), [Length(max=2000)])

    def set_choices(self, organisations: Iterable[Organisation], programmes: Iterable[Programme]) -> None:
        """Offer the kinds, and these organisations and programmes."""
        self.kind.choices = [(kind.value, gettext(name)) for kind, name in KIND_NAMES.items()]
        types = [(kind.value, building_name(kind)) for kind in BuildingType]
        self.building_type.choices = [("", gettext("Niet ingevuld")), *types]
        self.client_id.choices = [(organisation.id, organisation.name) for organisation in organisations]
        none = (_NONE, gettext("Geen programma"))
        self.programme_id.choices = [none, *((programme.id, programme.name) for programme in programmes)]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Say all that is wrong at once: of each field by itself, and of what the fields say together."""
        each_is_sound = super().validate(extra_validators)
        stated = {name: field.data for name, field in self._fields.items()}
        found = mistakes_in_project(stated, on=clock.today())
        mistakes = [error for error in found if not self[error.field or "name"].errors]
        for error in mistakes:
            add_to_form(self, error)
        return each_is_sound and not mistakes

    @property
    def hints(self) -> dict[ProjectKind, str]:
        """What each kind means for material, in the language of the page."""
        return {kind: gettext(hint) for kind, hint in KIND_HINTS.items()}

    def facts(self, project: Project | None = None) -> ProjectFacts:
        """Return what the form states; a place that did not change keeps the position that is known of it."""
        return ProjectFacts(
            name=self.name.data or "",
            kind=self.kind.data,
            client_id=self.client_id.data,
            programme_id=self.programme_id.data or None,
            site=self._site(project),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            building_year=self.building_year.data,
            building_type=BuildingType(self.building_type.data) if self.building_type.data else None,
            floor_area_m2=self.floor_area_m2.data,
            dwellings=self.dwellings.data,
            summary=self.summary.data or "",
        )

    def _site(self, project: Project | None) -> Site:
        place, address = self.place.data, self.address.data or ""
        if project is not None and project.place == place.name:
            return Site(place.name, project.latitude, project.longitude, address)
        return Site(place.name, place.latitude, place.longitude, address)


def values_of(project: Project) -> dict[str, object]:
    """Return what a project says of itself, for the fields of the form."""
    return {
        "name": project.name,
        "kind": project.kind,
        "client_id": project.client_id,
        "programme_id": project.programme_id or _NONE,
        "address": project.address,
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "building_year": project.building_year,
        "building_type": project.building_type or "",
        "floor_area_m2": project.floor_area_m2,
        "dwellings": project.dwellings,
        "summary": project.summary,
    }
