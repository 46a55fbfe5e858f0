"""What the page of a passport shows, in the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Actor, Permission
from marketplace.kit import journal
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.journal import JournalEntry
from marketplace.kit.quantities import Unit
from marketplace.listings import queries as listings
from marketplace.listings.existing import can_be_offered
from marketplace.listings.models import Listing, Stage
from marketplace.materials.eural import find_eural
from marketplace.materials.hazards import relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports import queries
from marketplace.passports.assembly import classification_of
from marketplace.passports.models import Passport, PassportStatus
from marketplace.passports.seal import Seal
from marketplace.passports.verification import verify
from marketplace.scanning.queries import handled_by
from marketplace.scanning.steps import may_handle
from marketplace.web import gs1_keys
from marketplace.web.cards import estimate_text, mass_text, photo_url, quantity_text
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.evidence import FactRow, HazardRow, fact_rows, hazard_name, hazard_rows
from marketplace.web.filters import category_name, day, dimensions, language, quantity
from marketplace.web.found import ReportLine, copied_text, report_lines
from marketplace.web.history.entries import TimelineEntry, entries
from marketplace.web.labels_of import qr_of
from marketplace.web.lineage_steps import StepLink, steps_for
from marketplace.web.passports.lineage_view import LineageView, lineage_of
from marketplace.web.passports.proof import Proof, proof_of
from marketplace.web.passports.whereabouts import last_seen
from marketplace.web.passports.work import WorkPage, work_of
from marketplace.web.verdicts import Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class OfferLine:
    """Hold one open offer of what the passport describes."""

    url: str
    amount: str
    place: str
    stage: str
    is_free_to_take: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Hold one line of where the material came from, with a link where there is a page."""

    label: str
    value: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PassportPage:
    """Hold everything that the page shows; texts are as they are read."""

    passport: Passport
    lead: str
    photo_url: str | None
    drawing: str
    qr: str
    issued_on: str
    last_seen: str
    hazards: list[HazardRow]
    hazards_known: int
    facts: list[FactRow]
    facts_known: int
    mass: str
    origin: list[Origin]
    codes: list[tuple[str, str]]
    timeline: list[TimelineEntry]
    since: str
    offers: list[OfferLine]
    work: WorkPage | None
    proof: Proof
    version: int | None
    """The newest signed version, which can be downloaded; None where there is none."""
    scan_url: str | None
    """Where a member of the owner or its hub says what happens with it; None for others."""
    edit_url: str | None
    """Where a trader of the owner completes it; None for others, and once it is over."""
    can_offer: bool
    """Whether a trader of the owner may put it up for sale as it is."""
    steps: list[StepLink]
    """What a member of the owner may do with it."""
    lineage: LineageView | None
    verdict: Verdict
    withdrawn_because: str
    """Why it was withdrawn; only for members of the owner."""
    sizes: str
    copied: str
    """That the label was seen where nobody can have carried it, or nothing."""
    reports: list[ReportLine]
    """What finders reported and nobody settled yet; only for members of the owner."""

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left of it: it went on into others, or ceased to be material."""
        return self.passport.status in {PassportStatus.REPLACED, PassportStatus.DESTROYED}

    @property
    def is_draft(self) -> bool:
        return self.passport.status is PassportStatus.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        return self.passport.status is PassportStatus.WITHDRAWN


def page_of(passport: Passport, actor: Actor, seal: Seal, *, section: str = "") -> PassportPage:
    """Return the page of a passport for who asks; `passport` is loaded whole, as `passports.queries` does.

    `section` is the id of the section of a road that was chosen.
    """
    lots = listings.of_passport(passport.id)
    shown = [lot for lot in lots if lot.published_at is not None]
    told = journal.history(passport.subject, *(lot.subject for lot in shown))
    open_lots = [] if passport.status.is_over else [lot for lot in shown if lot.is_open]
    hazards, facts = _hazards(passport), _facts(passport)
    lineage = lineage_of(passport, actor)
    checked = verify(passport, seal)
    return PassportPage(
        passport=passport,
        lead=_lead(passport),
        photo_url=photo_url(passport, "large"),
        drawing=_drawing(passport, lots),
        qr=qr_of(passport),
        issued_on=_issued_on(passport, told),
        last_seen=last_seen(passport, told, _ours(actor)),
        hazards=hazards,
        hazards_known=sum(row.level != "unknown" for row in hazards),
        facts=facts,
        facts_known=sum(row.level != "unknown" for row in facts),
        mass=_mass(passport),
        origin=[*_origin(passport), *_built_in(lineage)],
        codes=_codes(passport),
        timeline=_timeline(passport, open_lots, entries(told, public=True, ours=_ours(actor))),
        since=_since(passport),
        offers=[_offer(lot) for lot in open_lots],
        work=work_of(passport, chosen=section),
        scan_url=None if passport.status.is_over else _scan_url(passport, lots, actor),
        can_offer=actor.may(Permission.TRADE, passport.owner_id) and can_be_offered(passport),
        steps=steps_for(passport, actor),
        lineage=lineage,
        verdict=verdict_of(checked, passport.issuer),
        withdrawn_because=_withdrawn_because(passport, actor),
        sizes=dimensions(passport.dimensions),
        copied=copied_text(passport, lots),
        reports=report_lines(passport, actor),
        proof=proof_of(passport),
        edit_url=_edit_url(passport, actor),
        version=checked.number,
    )


def _lead(passport: Passport) -> str:
    kind = category_name(passport.category)
    return f"{quantity(passport.quantity, passport.unit)}, {_lower(kind)}" if passport.quantity else kind


def _lower(text: str) -> str:
    # "IPE-profiel" and "PIR-plaat" keep their capitals.
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _drawing(passport: Passport, lots: Sequence[Listing]) -> str:
    expected = bool(lots) and all(lot.stage is Stage.EXPECTED for lot in lots)
    return drawing(passport.category, dims=passport.dimensions, expected=expected, width=360, height=240)


def _issued_on(passport: Passport, told: Sequence[JournalEntry]) -> str:
    published = [entry.at for entry in told if entry.action == "passport.published"]
    return day(min(published, default=passport.created_at))


def _hazards(passport: Passport) -> list[HazardRow]:
    """Return what is known of every hazard to be suspected: what nobody stated is unknown, and stands first."""
    stated = {finding.hazard for finding in passport.hazards}
    suspected = relevant_hazards(get_category(passport.category), passport.building_year)
    silent = str(gettext("Niemand heeft dit nog opgegeven of onderzocht."))
    unknown = str(gettext("onbekend"))
    rows = [
        HazardRow(hazard_name(hazard), unknown, "unknown", silent, "unknown")
        for hazard in suspected
        if hazard not in stated
    ]
    return rows + hazard_rows(passport)


def _facts(passport: Passport) -> list[FactRow]:
    """Return what is known and how, without origin and year, which have a place of their own on this page."""
    rows = fact_rows(passport)
    own = len(rows) - len(queries.latest(passport.claims, "key"))
    elsewhere = {str(gettext("Herkomst")), str(gettext("Bouwjaar"))}
    return [row for row in rows[:own] if row.label not in elsewhere] + rows[own:]


def _mass(passport: Passport) -> str:
    total = mass_text(passport.quantity * passport.kg_per_unit)
    if passport.unit in {Unit.KG, Unit.T}:
        return total
    if passport.mass_is_estimate:
        return str(gettext("%(mass)s in totaal, geschat naar soort en maat", mass=total))
    return str(gettext("%(mass)s in totaal, volgens opgave", mass=total))


def _origin(passport: Passport) -> list[Origin]:
    project = passport.origin_project
    lines = [
        Origin(str(gettext("Gebouw of weg")), passport.origin or str(gettext("niet opgegeven"))),
        Origin(str(gettext("Bouwjaar")), str(passport.building_year or gettext("onbekend"))),
    ]
    if project is not None:
        url = url_for("projects.show", slug=project.slug)
        lines += [Origin(str(gettext("Project")), project.name, url), Origin(str(gettext("Plaats")), project.place)]
    return lines


def _built_in(lineage: LineageView | None) -> list[Origin]:
    return [Origin(str(gettext("Nu ingebouwd in")), lineage.built_in)] if lineage and lineage.built_in else []


def _codes(passport: Passport) -> list[tuple[str, str]]:
    if passport.details.work is not None:
        kind = classification_of(passport)
        return [(str(gettext("Soort")), kind.name_en if language() == "en" else kind.name_nl), ("IFC", kind.ifc)]
    category = get_category(passport.category)
    eural = find_eural(category.eural)
    gs1 = gs1_keys.readable(passport)
    return [
        (str(gettext("Soort")), category.name(language())),
        ("NL-SfB", " ".join(part for part in (category.nlsfb, category.nlsfb_name) if part)),
        ("IFC", category.ifc_class),
        ("Eural", f"{eural} {eural.name(language())}" if eural else category.eural),
        *([("GS1", gs1)] if gs1 else []),
    ]


def _ours(actor: Actor) -> list[int]:
    return actor.organisations(Permission.HANDLE)


def _timeline(passport: Passport, lots: Sequence[Listing], told: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    coming = [lot for lot in lots if lot.stage is Stage.EXPECTED]
    ahead = [_comes_free(min(coming, key=lambda lot: lot.available_from))] if coming else []
    built = [TimelineEntry(str(passport.building_year), str(gettext("Gebouwd")), passport.origin, "past")]
    return [*ahead, *told, *(built if passport.building_year else [])]


def _comes_free(lot: Listing) -> TimelineEntry:
    return TimelineEntry(day(lot.available_from), str(gettext("Komt vrij uit het gebouw")), lot.place, "future")


def _since(passport: Passport) -> str:
    year = passport.building_year or passport.created_at.astimezone(AMSTERDAM).year
    return str(gettext("sinds %(year)s", year=year))


def _offer(lot: Listing) -> OfferLine:
    return OfferLine(
        url=url_for("listings.show", reference=lot.reference),
        amount=", ".join(filter(None, (quantity_text(lot), estimate_text(lot)))),
        place=lot.hub.name if lot.hub else lot.place,
        stage=lot.stage.value,
        is_free_to_take=lot.available > Decimal(0),
    )


def _edit_url(passport: Passport, actor: Actor) -> str | None:
    may = actor.may(Permission.TRADE, passport.owner_id) and not passport.status.is_over
    return url_for("passports.edit", code=passport.code) if may else None


def _withdrawn_because(passport: Passport, actor: Actor) -> str:
    found = queries.find_withdrawal(passport.id) if actor.may(Permission.HANDLE, passport.owner_id) else None
    return found.reason if found else ""


def _scan_url(passport: Passport, lots: Sequence[Listing], actor: Actor) -> str | None:
    handled = any(may_handle(actor, handled_by(lot)) for lot in lots)
    return url_for("scan.steps", code=passport.code) if handled else None
