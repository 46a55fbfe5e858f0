"""What the page after a scan shows: the thing in big type, and the steps that this person may do now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm

from marketplace.accounts.permissions import Actor
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, Stage
from marketplace.passports.gate import HazardStatus
from marketplace.passports.models import Passport, PassportStatus
from marketplace.reservations.hand_overs import open_of
from marketplace.scanning import queries
from marketplace.scanning.steps import Step, allowed, may_handle
from marketplace.web.cards import estimate_text, photo_url, rounded
from marketplace.web.counted import CountView
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.evidence import hazard_name
from marketplace.web.fetched import filled_in
from marketplace.web.filters import quantity, unit_label
from marketplace.web.lineage_steps import LineageStep, StepLink, steps_for
from marketplace.web.scan.forms import DamagedForm, HandOverForm, ReceivedForm, SeenForm, who_fetches
from marketplace.web.scan.waiting import Report, ToFetch, reports, to_fetch

_ALONE_KG: Final = Decimal(23)
"""The most that one person should lift, by the lifting equation of NIOSH (1991) under ideal conditions."""

_FURTHER: Final = {LineageStep.INSTALL, LineageStep.SPLIT}


@dataclass(frozen=True, slots=True)
class StepView:
    """Hold one step as it is shown: what it is called, what it is about now, and its form."""

    step: Step
    title: str
    text: str
    icon: str
    form: FlaskForm
    commits: str
    """What its button says."""


@dataclass(frozen=True, slots=True)
class ScanPage:
    """Hold everything that the page shows; texts are as they are read."""

    passport: Passport
    lot: Listing
    photo_url: str | None
    drawing: str
    facts: list[tuple[str, str]]
    warnings: list[str]
    steps: list[StepView]
    nothing_to_do: str
    waiting: list[ToFetch]
    reports: list[Report]
    """What was reported as fetched and is not confirmed yet."""
    further: list[StepLink]
    """What a member of the owner may also do with the thing itself, each on a page of its own."""
    count: CountView | None = None
    """What the count that was sent comes to, to be agreed to before it is done."""

    def find_step(self, name: str) -> StepView | None:
        """Return the step of this name if it is allowed now, or None."""
        return next((view for view in self.steps if view.step.value == name), None)


def page_of(passport: Passport, lot: Listing, actor: Actor) -> ScanPage:
    """Return the page about a lot that this person handles. The forms read the request if it sends one of them."""
    promised, handles = queries.to_fetch(lot, actor), may_handle(actor, queries.handled_by(lot))
    reported = open_of([each.id for each in promised])
    waiting = to_fetch(promised, reported, handles=handles)
    steps = allowed(actor, queries.handled_by(lot), queries.situation_of(passport, lot, waiting=len(waiting)))
    expected = lot.stage is Stage.EXPECTED
    return ScanPage(
        passport=passport,
        lot=lot,
        photo_url=photo_url(passport, "card"),
        drawing=drawing(passport.category, dims=passport.dimensions, expected=expected, width=360, height=220),
        facts=_facts(passport, lot),
        warnings=_warnings(passport),
        steps=[_VIEWS[step](lot, waiting, handles=handles) for step in steps],
        nothing_to_do=_why_nothing(passport, lot),
        waiting=waiting,
        reports=reports(promised, reported, actor),
        further=[link for link in steps_for(passport, actor) if link.step in _FURTHER and lot.stage is Stage.IN_STOCK],
    )


def _facts(passport: Passport, lot: Listing) -> list[tuple[str, str]]:
    there = gettext("Nog in gebouw") if lot.stage is Stage.EXPECTED else gettext("Op deze plek")
    facts = [(str(there), estimate_text(lot) or quantity(lot.still_there, lot.unit))]
    if lot.rack:
        facts.append((str(gettext("Rek")), lot.rack))
    if passport.unit not in {Unit.KG, Unit.T}:
        label = str(gettext("Per %(unit)s", unit=unit_label(passport.unit)))
        facts.append((label, f"{rounded(passport.kg_per_unit)} kg"))
    return facts


def _warnings(passport: Passport) -> list[str]:
    found = [hazard_name(each.hazard) for each in passport.hazards if each.status is HazardStatus.PRESENT]
    unknown = [hazard_name(each.hazard) for each in passport.hazards if each.status is HazardStatus.UNKNOWN]
    too_heavy = passport.unit is Unit.PIECE and passport.kg_per_unit > _ALONE_KG
    warnings = [
        gettext("Til dit niet alleen.") if too_heavy else "",
        gettext("Aangetroffen: %(hazards)s.", hazards=", ".join(found)) if found else "",
        gettext("Onbekend, dus verdacht: %(hazards)s.", hazards=", ".join(unknown)) if unknown else "",
    ]
    return [str(warning) for warning in warnings if warning]


def _why_nothing(passport: Passport, lot: Listing) -> str:
    if passport.status is PassportStatus.WITHDRAWN:
        return str(gettext("Het paspoort is ingetrokken. Laat het liggen en vraag de eigenaar."))
    if lot.stage is Stage.EXPECTED:
        return str(gettext("Dit zit nog in het gebouw. De aanbieder neemt het eerst in ontvangst."))
    if lot.held:
        return str(gettext("Er is voor u nu niets meer op te halen."))
    return str(gettext("Alles van deze partij is al weg. Ligt het er toch nog? Meld het aan de eigenaar."))


def _sent(step: Step) -> Mapping[str, str] | None:
    """Return what was sent if it is this step that was sent; the forms of the others stay as they open."""
    return request.form if request.form.get("step") == step else None


def _hand_over(_lot: Listing, waiting: list[ToFetch], *, handles: bool) -> StepView:
    title = str(gettext("Meegeven") if handles else gettext("Ophalen"))
    commits = str(gettext("Geef dit mee") if handles else gettext("Ik neem dit mee"))
    only = _begins_with(waiting[0], handles=handles) if len(waiting) == 1 else {}
    form = HandOverForm(_sent(Step.HANDED_OVER), prefix=Step.HANDED_OVER, data=only)
    form.offer_reservations(waiting)
    several = str(gettext("%(count)s reserveringen wachten", count=len(waiting)))
    text = several if len(waiting) > 1 else who_fetches(waiting[0])
    return StepView(Step.HANDED_OVER, title, text, "truck", form, commits)


def _begins_with(only: ToFetch, *, handles: bool) -> dict[str, object]:
    amounts = filled_in(only.reservation, only.reported) if handles else {"quantity": only.amount}
    return {"reservation": only.reservation.reference, **amounts}


def _receive(lot: Listing, _waiting: list[ToFetch], **_who: bool) -> StepView:
    announced = {"hub": str(lot.hub_id or ""), "rack": lot.rack}
    form = ReceivedForm(_sent(Step.RECEIVED), prefix=Step.RECEIVED, data=announced)
    form.offer_hubs(lot, queries.hubs_for(lot))
    amount = quantity(lot.still_there, lot.unit)
    text = str(gettext("%(amount)s, uit het gebouw of van de wagen", amount=amount))
    commits = str(gettext("Neem in ontvangst"))
    return StepView(Step.RECEIVED, str(gettext("Ontvangen")), text, "box-seam", form, commits)


def _see(lot: Listing, _waiting: list[ToFetch], **_who: bool) -> StepView:
    form = SeenForm(_sent(Step.SEEN), prefix=Step.SEEN, data={"rack": lot.rack})
    place = lot.hub.name if lot.hub else lot.place
    text, commits = gettext("gezien in %(place)s", place=place), gettext("Ja, het ligt hier")
    return StepView(Step.SEEN, str(gettext("Ligt hier")), str(text), "eye", form, str(commits))


def _report(lot: Listing, _waiting: list[ToFetch], **_who: bool) -> StepView:
    text = str(gettext("van de %(amount)s die vrij zijn", amount=quantity(lot.available, lot.unit)))
    form = DamagedForm(_sent(Step.DAMAGED), prefix=Step.DAMAGED)
    commits = str(gettext("Schrijf dit af"))
    return StepView(Step.DAMAGED, str(gettext("Schade melden")), text, "exclamation-octagon", form, commits)


_VIEWS: Final[Mapping[Step, Callable[..., StepView]]] = {
    Step.HANDED_OVER: _hand_over,
    Step.RECEIVED: _receive,
    Step.SEEN: _see,
    Step.DAMAGED: _report,
}
