"""The guided form as a whole: its steps in order, what each is called, and how far one is."""

from dataclasses import dataclass
from typing import Final

from flask import url_for
from flask_babel import get_locale, gettext

from marketplace.kit import clock
from marketplace.kit.errors import N_
from marketplace.passports.admission import blocks_of
from marketplace.passports.completeness import Completeness, Requirement, Step, completeness
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Passport, PassportStatus
from marketplace.passports.versions import draft_of
from marketplace.web.passports.steps.amount import AmountForm
from marketplace.web.passports.steps.composition import CompositionForm
from marketplace.web.passports.steps.condition import ConditionForm
from marketplace.web.passports.steps.detaching import DetachingForm
from marketplace.web.passports.steps.environment import EnvironmentForm
from marketplace.web.passports.steps.hazards import HazardsForm
from marketplace.web.passports.steps.later import LaterForm
from marketplace.web.passports.steps.origin import OriginForm
from marketplace.web.passports.steps.proof import ProofForm
from marketplace.web.passports.steps.step import StepForm
from marketplace.web.passports.steps.work import WorkForm


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one step of the form: its name in the address, its title, its lead, its form and its template."""

    step: Step
    slug: str
    title: str
    lead: str
    form: type[StepForm]
    template: str


PAGES: Final = (
    Page(
        Step.AMOUNT,
        "hoeveel",
        N_("Wat en hoeveel"),
        N_("Wat het is, hoe groot en hoe zwaar, en hoe u dat weet."),
        AmountForm,
        "passports/steps/amount.html",
    ),
    Page(
        Step.WORK,
        "opbouw",
        N_("Vakken, lagen en elementen"),
        N_("Waaruit het werk bestaat: wat er ooit uit geoogst kan worden."),
        WorkForm,
        "passports/steps/work.html",
    ),
    Page(
        Step.COMPOSITION,
        "samenstelling",
        N_("Samenstelling"),
        N_("Waar het van gemaakt is. Hergebruikt is iets anders dan gerecycled."),
        CompositionForm,
        "passports/steps/composition.html",
    ),
    Page(
        Step.ORIGIN,
        "herkomst",
        N_("Herkomst"),
        N_("Uit welk gebouw of welke weg het komt, en waar het daarin zat."),
        OriginForm,
        "passports/steps/origin.html",
    ),
    Page(
        Step.CONDITION,
        "toestand",
        N_("Conditie en kwaliteit"),
        N_("Hoe het eraan toe is, en waar dat oordeel op rust."),
        ConditionForm,
        "passports/steps/condition.html",
    ),
    Page(
        Step.HAZARDS,
        "gevaarlijke-stoffen",
        N_("Gevaarlijke stoffen"),
        N_("Onbekend is niet schoon: van elke stof die hier kan zitten moet iets bekend zijn."),
        HazardsForm,
        "passports/steps/hazards.html",
    ),
    Page(
        Step.PROOF,
        "bewijs",
        N_("Eigenschappen en tests"),
        N_("Wat u ervan weet en hoe. Alles blijft bewaard; het laatste telt."),
        ProofForm,
        "passports/steps/proof.html",
    ),
    Page(
        Step.DETACHING,
        "losmaken",
        N_("Losmaken"),
        N_("Hoe het er heel uit komt."),
        DetachingForm,
        "passports/steps/detaching.html",
    ),
    Page(
        Step.ENVIRONMENT,
        "milieu",
        N_("Milieu"),
        N_("Een MKI telt alleen met set, modules, eenheid en bron."),
        EnvironmentForm,
        "passports/steps/environment.html",
    ),
    Page(
        Step.LATER,
        "later",
        N_("Later en betrokkenen"),
        N_("Wat er na het volgende gebruik gebeurt, en welke organisaties ermee te maken hadden."),
        LaterForm,
        "passports/steps/later.html",
    ),
)


@dataclass(frozen=True, slots=True)
class Need:
    """Hold one thing that is still to be done, with a link to the field where that is."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Hold one step as the list of steps shows it."""

    title: str
    url: str
    met: int
    total: int
    is_needed: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """Hold how far a passport is, for the ruler and the list beside the form."""

    found: Completeness
    stops: list[Stop]
    needed: list[Need]
    wanted: list[Need]
    number: int
    """Of the version that would be published next."""
    is_draft: bool


def pages_of(passport: Passport) -> list[Page]:
    """Return the steps that suit a passport: only a work has sections and elements."""
    is_work = passport.granularity is Granularity.WORK or passport.details.work is not None
    return [page for page in PAGES if page.step is not Step.WORK or is_work]


def page_of(passport: Passport, slug: str) -> Page:
    """Return the step of this name in the address; the first where it has no such step."""
    pages = pages_of(passport)
    return next((page for page in pages if page.slug == slug), pages[0])


def page_after(passport: Passport, page: Page) -> Page:
    """Return the step behind this one, or this one where it is the last."""
    pages = pages_of(passport)
    steps = [one.step for one in pages]
    place = steps.index(page.step) + 1 if page.step in steps else 0
    return pages[min(place, len(pages) - 1)]


def guide_of(passport: Passport, current: Page) -> Guide:
    """Return how far a passport is, which is loaded whole."""
    document = draft_of(passport, origin="", at=clock.now())
    found = completeness(document, blocks_of(passport))
    return Guide(
        found=found,
        stops=[_stop(passport, page, found, is_current=page is current) for page in pages_of(passport)],
        needed=[_need(passport, one) for one in found.missing_to_publish],
        wanted=[_need(passport, one) for one in found.missing_besides],
        number=document.number,
        is_draft=passport.status is PassportStatus.DRAFT,
    )


def needed_of(passport: Passport) -> list[Need]:
    """Return what is still needed to publish a passport, which is loaded whole."""
    found = completeness(draft_of(passport, origin="", at=clock.now()), blocks_of(passport))
    return [_need(passport, one) for one in found.missing_to_publish]


def _stop(passport: Passport, page: Page, found: Completeness, *, is_current: bool) -> Stop:
    mine = found.of(page.step)
    return Stop(
        title=str(gettext(page.title)),
        url=url_of(passport, page),
        met=sum(one.met for one in mine),
        total=len(mine),
        is_needed=any(one in found.missing_to_publish for one in mine),
        is_current=is_current,
    )


def _need(passport: Passport, requirement: Requirement) -> Need:
    page = next(page for page in PAGES if page.step is requirement.step)
    name = requirement.hazard.label(get_locale().language) if requirement.hazard else ""
    sentence = str(gettext(requirement.sentence))
    return Need(sentence % {"hazard": name} if name else sentence, f"{url_of(passport, page)}#{requirement.field}")


def url_of(passport: Passport, page: Page) -> str:
    """Return the address of one step of a passport."""
    return url_for("passports.edit", code=passport.code, stap=page.slug)
