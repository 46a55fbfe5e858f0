"""The state that it is in, and on what its quality rests."""

from dataclasses import replace
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from marketplace.kit.errors import N_
from marketplace.passports.details import Condition, ConditionScale, Quality, QualityBasis
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.web.fields import DayField
from marketplace.web.passports.steps.step import StepForm, changed, named, plain, text

SCORE_NAMES: Final = {
    1: N_("1 · als nieuw"),
    2: N_("2 · goed"),
    3: N_("3 · redelijk"),
    4: N_("4 · matig"),
    5: N_("5 · slecht"),
    6: N_("6 · zeer slecht"),
}
SCALE_NAMES: Final = {
    ConditionScale.OWN: N_("Eigen inschatting"),
    ConditionScale.NEN_2767: N_("Inspectie volgens NEN 2767"),
}
BASIS_NAMES: Final = {
    QualityBasis.UNTESTED: N_("Niet onderzocht"),
    QualityBasis.VISUAL: N_("Bekeken"),
    QualityBasis.TESTED: N_("Getest"),
    QualityBasis.CERTIFIED: N_("Gecertificeerd"),
}


class ConditionForm(StepForm):
    """Condition and quality."""

    condition = SelectField(_l("Conditie"), choices=lambda: named(SCORE_NAMES, none=N_("niet gezegd")))
    scale = RadioField(_l("Wie gaf dit cijfer?"), choices=lambda: named(SCALE_NAMES))
    inspector = text(_l("Inspectiebureau"))
    condition_on = DayField(_l("Bekeken op"))
    defects = TextAreaField(_l("Gebreken"), validators=[Length(max=1000)])
    quality_basis = RadioField(_l("Waar de kwaliteit op rust"), choices=lambda: named(BASIS_NAMES))
    quality_document = text(_l("Document van de kwaliteit"))

    @staticmethod
    def values(passport: Passport) -> dict[str, object]:
        """Return the score with who gave it, and the basis of the quality."""
        condition, quality = passport.details.condition, passport.details.quality
        return {
            "condition": str(condition.score) if condition else "",
            "scale": (condition.scale if condition else ConditionScale.OWN).value,
            "inspector": condition.inspector if condition else "",
            "condition_on": condition.on if condition else None,
            "defects": condition.defects if condition else "",
            "quality_basis": quality.basis.value,
            "quality_document": quality.document,
        }

    def stated(self, facts: PassportFacts) -> PassportFacts:
        """Return the facts with this condition and quality."""
        basis = QualityBasis(self.quality_basis.data or QualityBasis.UNTESTED)
        quality = Quality(basis, plain(self.quality_document.data))
        return replace(facts, details=changed(facts, condition=self._condition(), quality=quality))

    def _condition(self) -> Condition | None:
        if not self.condition.data:
            return None
        scale = ConditionScale(self.scale.data or ConditionScale.OWN)
        defects = (self.defects.data or "").strip()
        inspector, day = plain(self.inspector.data), self.condition_on.data
        return Condition(int(self.condition.data), scale, defects, inspector, day)

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the score where only what belongs to it was filled in, so that it is not lost."""
        sound = bool(super().validate(extra_validators))
        belongs = self.inspector.data or self.defects.data or self.condition_on.data
        if belongs and not self.condition.data:
            self.condition.errors = [_l("Kies eerst het cijfer; dan telt ook wat u eronder invulde.")]
        return sound and not self.condition.errors
