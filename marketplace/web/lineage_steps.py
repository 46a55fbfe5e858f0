"""What a member may do with a thing, each with its own page: split, merge, install, harvest, mill, lose or withdraw."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from flask import url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Actor, Permission
from marketplace.kit.errors import N_
from marketplace.passports.ancestry import installations_of
from marketplace.passports.details import ASPHALT
from marketplace.passports.models import Passport, PassportStatus


class LineageStep(StrEnum):
    """The steps in the life of a thing; the value is its word in the address."""

    SPLIT = "splitsen"
    MERGE = "samenvoegen"
    INSTALL = "inbouwen"
    HARVEST = "oogsten"
    MILL = "frezen"
    LOSE = "afschrijven"
    WITHDRAW = "intrekken"


class _Words(NamedTuple):
    title: str
    text: str
    icon: str
    permission: Permission


_WORDS: Final = {
    LineageStep.SPLIT: _Words(N_("Splitsen"), N_("een deel krijgt een eigen label"), "layers", Permission.TRADE),
    LineageStep.MERGE: _Words(N_("Samenvoegen"), N_("met wat precies hetzelfde is"), "plus", Permission.TRADE),
    LineageStep.INSTALL: _Words(N_("Inbouwen"), N_("in een gebouw of weg"), "building", Permission.HANDLE),
    LineageStep.HARVEST: _Words(N_("Oogsten"), N_("er weer uithalen"), "recycle", Permission.TRADE),
    LineageStep.MILL: _Words(N_("Frezen"), N_("lagen asfalt eruit halen"), "cone", Permission.TRADE),
    LineageStep.LOSE: _Words(N_("Afschrijven"), N_("gebroken, kwijt of afgevoerd"), "trash", Permission.HANDLE),
    LineageStep.WITHDRAW: _Words(
        N_("Trek dit paspoort in"), N_("het klopt niet en geldt niet meer"), "exclamation-octagon", Permission.TRADE
    ),
}


@dataclass(frozen=True, slots=True)
class StepLink:
    """Hold one step as a link, in the words of the page."""

    step: LineageStep
    url: str
    title: str
    text: str
    icon: str


def title_of(step: LineageStep) -> str:
    """Return what a step is called."""
    return str(gettext(_WORDS[step].title))


def permission_for(step: LineageStep) -> Permission:
    """Return what a member needs for a step."""
    return _WORDS[step].permission


def steps_for(passport: Passport, actor: Actor) -> list[StepLink]:
    """Return the steps that this person may do now: none for who is no member of the owner."""
    if not actor.may(Permission.HANDLE, passport.owner_id):
        return []
    can = [step for step in possible(passport) if actor.may(_WORDS[step].permission, passport.owner_id)]
    return [_link(step, passport) for step in can]


def possible(passport: Passport) -> list[LineageStep]:
    """Return the steps that can be done with a thing now, whoever does them, what is most likely wanted first."""
    if passport.status.is_over:
        return []
    ends = [LineageStep.WITHDRAW] if passport.status is PassportStatus.PUBLISHED else []
    return [*_changes_of(passport), *ends]


def _changes_of(passport: Passport) -> list[LineageStep]:
    if work := passport.details.work:
        has_asphalt = any(layer.kind in ASPHALT for section in work.sections for layer in section.layers)
        steps = {LineageStep.MILL: has_asphalt, LineageStep.HARVEST: work.elements, LineageStep.LOSE: work.part_ids()}
        return [step for step, can in steps.items() if can]
    if installations_of([passport.id]):
        return [LineageStep.HARVEST, LineageStep.LOSE]
    return [LineageStep.INSTALL, LineageStep.SPLIT, LineageStep.MERGE, LineageStep.LOSE]


def _link(step: LineageStep, passport: Passport) -> StepLink:
    words = _WORDS[step]
    url = url_for("passports.step", code=passport.code, step=step.value)
    return StepLink(step, url, str(gettext(words.title)), str(gettext(words.text)), words.icon)
