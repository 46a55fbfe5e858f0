"""What is claimed and what was tested, each with how it is known, and the document that proves it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from marketplace.accounts.queries import names_of
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.journal import By
from marketplace.materials.vocabulary import get_category
from marketplace.passports import actions, evidence, queries
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import EvidenceDocument, Passport
from marketplace.passports.suggestions import suggested_tests
from marketplace.web.evidence import CLAIM_NAMES, claim_name
from marketplace.web.fields import DayField
from marketplace.web.passports.steps.step import StepForm, named, plain, text
from marketplace.web.passports.steps.uploads import upload_of
from marketplace.web.passports.words import LEVELS

OUTCOME_NAMES: Final = {"yes": N_("Voldoet"), "no": N_("Voldoet niet")}


class ProofForm(StepForm):
    """Two groups, of which one is sent at a time: a claim, or the result of a test."""

    key = text(_l("Eigenschap"), 40)
    value = text(_l("Waarde"), 200)
    level = SelectField(_l("Hoe bekend"), choices=lambda: named(LEVELS), default=EvidenceLevel.DECLARED.value)
    source = text(_l("Door wie"))
    method = text(_l("Methode of norm"))
    report = text(_l("Rapportnummer"), 80)
    known_on = DayField(_l("Vastgesteld op"))
    document = FileField(_l("Document (PDF of foto)"))
    document_known = SelectField(_l("Of een document dat er al is"), default="")

    test = text(_l("Test"), 80)
    passed = RadioField(_l("Uitkomst"), choices=lambda: named(OUTCOME_NAMES), validate_choice=False)
    test_value = text(_l("Gemeten waarde"), 80)
    test_method = text(_l("Methode of norm"))
    laboratory = text(_l("Laboratorium"))
    test_report = text(_l("Rapportnummer"), 80)
    tested_on = DayField(_l("Getest op"))
    test_document = FileField(_l("Document (PDF of foto)"))
    test_document_known = SelectField(_l("Of een document dat er al is"), default="")
    note = TextAreaField(_l("Opmerking"), validators=[Length(max=500)])

    def prepare(self, passport: Passport) -> None:
        """Offer the documents that are there, and what suits this kind."""
        papers = [("", gettext("geen")), *((one.sha256, one.name) for one in passport.documents)]
        self.document_known.choices = self.test_document_known.choices = papers
        self.claims = [(claim_name(claim.key), claim) for claim in queries.latest(passport.claims, "key")]
        self.tests = queries.latest(passport.tests, "test")
        self.documents = passport.documents
        self.people = names_of([*(claim.person_id for _name, claim in self.claims), *(t.person_id for t in self.tests)])
        self.known_keys = sorted(str(gettext(name)) for name in CLAIM_NAMES.values())
        self.known_tests = [str(gettext(name)) for name in suggested_tests(get_category(passport.category))]

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:  # noqa: ARG004 (each time something new is added)
        """Return nothing: what is there stays, and is shown above the form."""
        return {}

    def save(self, passport: Passport, *, uploads: Path, by: By) -> None:
        """Add the claim, or the result of the test."""
        if self.is_test:
            self._save_test(passport, uploads, by)
        else:
            self._save_claim(passport, uploads, by)

    @property
    def is_test(self) -> bool:
        """Tell whether a test was sent rather than a claim."""
        return bool(self.test.data or self.passed.data or self.test_value.data or self.tested_on.data)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 (as in wtforms)
        """Refuse a form in which both groups were filled in: each is saved by itself, and nothing may be lost."""
        sound = bool(super().validate(extra_validators))
        if self.is_test and (self.key.data or self.value.data):
            self.test.errors = [gettext("Bewaar de eigenschap en de test een voor een: maak een van beide leeg.")]
        return sound and not self.test.errors

    def _save_claim(self, passport: Passport, uploads: Path, by: By) -> None:
        for name, message in _ASKED.items():
            if not plain(self[name].data):
                raise InvalidInputError(message, field=name)
        actions.add_claim(
            passport,
            key=_key_of(plain(self.key.data)),
            value=plain(self.value.data),
            level=EvidenceLevel(self.level.data),
            source=plain(self.source.data),
            report=plain(self.report.data),
            method=plain(self.method.data),
            known_on=self.known_on.data,
            document=self._document("document", passport, uploads, by),
            by=by,
        )

    def _save_test(self, passport: Passport, uploads: Path, by: By) -> None:
        if self.passed.data not in OUTCOME_NAMES:
            raise InvalidInputError(N_("Kies of het voldoet."), field="passed")
        if self.tested_on.data is None:
            raise InvalidInputError(N_("Vul in wanneer het is getest."), field="tested_on")
        document = self._document("test_document", passport, uploads, by)
        evidence.record_test(
            passport,
            test=self.test.data or "",
            passed=self.passed.data == "yes",
            value=self.test_value.data or "",
            method=self.test_method.data or "",
            laboratory=self.laboratory.data or "",
            report=self.test_report.data or "",
            tested_on=self.tested_on.data,
            document=document,
            note=self.note.data or "",
            by=by,
        )

    def _document(self, name: str, passport: Passport, uploads: Path, by: By) -> EvidenceDocument | None:
        if upload := upload_of(self[name]):
            try:
                return evidence.add_document(passport, upload.content, name=upload.name, uploads=uploads, by=by)
            except InvalidInputError as error:
                raise InvalidInputError(error.message, field=name, **error.params) from error
        known = self[f"{name}_known"].data
        return evidence.find_document(passport.id, known) if known else None


_ASKED: Final[Mapping[str, str]] = {
    "key": N_("Vul in welke eigenschap het is, zoals sterkte of brandklasse."),
    "value": N_("Vul de waarde in."),
}


def _key_of(name: str) -> str:
    """Return the key of a claim by what it is called on a page; a name of one's own is its own key."""
    known = {str(gettext(words)).casefold(): key for key, words in CLAIM_NAMES.items()}
    return known.get(name.casefold(), name)
