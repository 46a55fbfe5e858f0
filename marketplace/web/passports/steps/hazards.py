"""What is known of each hazardous substance, with the report that says so."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField

from marketplace.kit import clock
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.journal import By
from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports import actions, evidence
from marketplace.passports.checks import check_day
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.models import EvidenceDocument, HazardFinding, Passport
from marketplace.web.evidence import FINDING_NAMES
from marketplace.web.fields import DayField, DecimalField
from marketplace.web.filters import language
from marketplace.web.passports.steps.step import StepForm, plain, text
from marketplace.web.passports.steps.uploads import upload_of

_FIELDS: Final = ("hazard", "report", "laboratory", "found_on", "value", "unit", "permission", "document")


class HazardsForm(StepForm):
    """A group of fields for each hazard; those that are neither suspected nor stated are folded away."""

    suspected: tuple[Hazard, ...] = ()
    others: tuple[Hazard, ...] = ()

    def prepare(self, passport: Passport) -> None:
        """Put what is suspected or stated first, and name each hazard in the language of the page."""
        stated = {row.hazard: row for row in passport.hazards}
        matter = relevant_hazards(get_category(passport.category), passport.building_year)
        self.suspected = tuple(hazard for hazard in Hazard if hazard in matter or hazard in stated)
        self.others = tuple(hazard for hazard in Hazard if hazard not in self.suspected)
        self.papers = {hazard: row.document for hazard, row in stated.items() if row.document}
        for hazard in Hazard:
            status = self[f"hazard_{hazard.value}"]
            label = hazard.label(language())
            status.label.text = label[:1].upper() + label[1:]
            status.choices = [(value.value, gettext(name)) for value, name in FINDING_NAMES.items()]

    @property
    def others_open(self) -> bool:
        """Tell whether something is wrong with a hazard that is folded away."""
        return any(self[f"{name}_{hazard.value}"].errors for hazard in self.others for name in _FIELDS)

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return every finding."""
        return {name: value for row in passport.hazards for name, value in _values_of(row)}

    def save(self, passport: Passport, *, uploads: Path, by: By) -> None:
        """Record the findings, and keep the reports that came with them."""
        findings = dict(self._findings())
        documents = dict(self._documents(passport, uploads, by))
        actions.set_hazards(passport, findings, by, documents=documents)

    def _findings(self) -> Iterator[tuple[Hazard, Finding]]:
        for hazard in Hazard:
            finding = self._finding(hazard)
            if hazard in self.suspected or finding != Finding(HazardStatus.UNKNOWN):
                yield hazard, finding

    def _finding(self, hazard: Hazard) -> Finding:
        name = hazard.value
        day, value = self[f"found_on_{name}"].data, self[f"value_{name}"].data
        check_day(day, on=clock.today(), field=f"found_on_{name}")
        if value is not None and value < 0:
            raise InvalidInputError(N_("Een gehalte is nul of meer."), field=f"value_{name}")
        return Finding(
            status=HazardStatus(self[f"hazard_{name}"].data),
            report=plain(self[f"report_{name}"].data),
            found_on=day,
            laboratory=plain(self[f"laboratory_{name}"].data),
            value=Decimal(value) if value is not None else None,
            unit=plain(self[f"unit_{name}"].data) if value is not None else "",
            permission=plain(self[f"permission_{name}"].data),
        )

    def _documents(self, passport: Passport, uploads: Path, by: By) -> Iterator[tuple[Hazard, EvidenceDocument]]:
        for hazard in Hazard:
            field = self[f"document_{hazard.value}"]
            if upload := upload_of(field):
                try:
                    yield (
                        hazard,
                        evidence.add_document(passport, upload.content, name=upload.name, uploads=uploads, by=by),
                    )
                except InvalidInputError as error:
                    raise InvalidInputError(error.message, field=field.name, **error.params) from error


for _hazard in Hazard:
    for _name, _field in {
        "hazard": SelectField(_hazard.label(), default=HazardStatus.UNKNOWN.value),
        "report": text(_l("Rapportnummer"), 80),
        "laboratory": text(_l("Laboratorium")),
        "found_on": DayField(_l("Onderzocht op")),
        "value": DecimalField(_l("Gehalte")),
        "unit": text(_l("Eenheid"), 20, default="mg/kg"),
        "permission": text(_l("Vergunning of ontheffing")),
        "document": FileField(_l("Rapport (PDF of foto)")),
    }.items():
        setattr(HazardsForm, f"{_name}_{_hazard.value}", _field)


def _values_of(row: HazardFinding) -> Iterator[tuple[str, object]]:
    yield f"hazard_{row.hazard.value}", row.status.value
    for name in ("report", "laboratory", "found_on", "value", "unit", "permission"):
        if (value := getattr(row, name)) not in {None, ""}:
            yield f"{name}_{row.hazard.value}", value
