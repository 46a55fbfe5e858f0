"""The lineage of a passport as its page shows it: the drawing, the list behind it, and what became of it."""

from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Actor
from marketplace.kit.quantities import Unit
from marketplace.passports.ancestry import Family, family_of
from marketplace.passports.details import Work
from marketplace.passports.models import LineageLink, LinkKind, Passport, PassportStatus
from marketplace.web.cards import mass_text
from marketplace.web.drawings.tree import Card, Edge, tree
from marketplace.web.filters import quantity
from marketplace.web.lookups import may_see
from marketplace.web.passports.words import layer_name


@dataclass(frozen=True, slots=True)
class Branch:
    """Hold one passport in the list behind the drawing, with what came out of it beneath it."""

    name: str
    text: str
    url: str
    code: str
    is_present: bool
    came: str
    """How it came out of the one above it, as in "12 st afgesplitst"; empty for the oldest."""
    branches: list["Branch"]


@dataclass(frozen=True, slots=True)
class LineageView:
    """Hold what the page shows of a lineage; `drawing` is SVG of our own."""

    drawing: str
    branches: list[Branch]
    count: int
    is_whole: bool
    successors: list[Branch]
    """What came out of the present one."""
    built_in: str
    """The building or road in which it is now; empty where it is loose."""


def lineage_of(passport: Passport, actor: Actor) -> LineageView | None:
    """Return the lineage of a passport for who asks, or None where it came out of nothing and is still itself.

    A draft of somebody else is left out, with what hangs on it alone.
    """
    family = family_of(passport)
    seen = {each.id: each for each in family.passports if may_see(each, actor)}
    links = [link for link in family.links if link.parent_id in seen and link.child_id in seen]
    if not links and passport.id not in family.installed:
        return None
    first = min(family.generations[each] for each in seen)
    cards = [_card(each, family, first) for each in seen.values()]
    edges = [Edge(link.parent_id, link.child_id, _went(link, seen[link.parent_id])) for link in links]
    label = str(gettext("Stamboom van %(name)s", name=passport.name))
    roots = [each for each in seen.values() if each.id not in {link.child_id for link in links}]
    lister = _Lister(family, seen, links)
    branches = [lister.branch(each) for each in roots]
    children = [link for link in links if link.parent_id == passport.id]
    successors = [lister.branch(seen[link.child_id], _went(link, passport), deep=False) for link in children]
    installation = family.installed.get(passport.id)
    return LineageView(
        drawing=tree(cards, edges, label=label),
        branches=branches,
        count=len(seen),
        is_whole=family.is_whole,
        successors=successors,
        built_in=installation.place if installation else "",
    )


def _card(passport: Passport, family: Family, first: int) -> Card:
    return Card(
        key=passport.id,
        depth=family.generations[passport.id] - first,
        name=passport.name,
        text=_state(passport, family),
        url=url_for("passports.show", code=passport.code),
        is_present=passport is family.present,
        built_in=passport.id in family.installed,
        is_over=passport.status.is_over,
    )


def _state(passport: Passport, family: Family) -> str:
    if passport.status.is_over:
        return _end(passport)
    parts = [quantity(passport.quantity, passport.unit)]
    if passport.unit not in {Unit.KG, Unit.T}:
        parts.append(mass_text(passport.quantity * passport.kg_per_unit))
    installation = family.installed.get(passport.id)
    if installation is not None:
        parts.append(str(gettext("ingebouwd in %(place)s", place=installation.place)))
    elif passport.details.work is not None:
        parts.append(str(gettext("werk")))
    elif passport.status is PassportStatus.DRAFT:
        parts.append(str(gettext("concept")))
    return ", ".join(parts)


def _end(passport: Passport) -> str:
    words = {
        PassportStatus.REPLACED: gettext("vervangen, niets meer over"),
        PassportStatus.DESTROYED: gettext("vervallen, niets meer over"),
    }
    return str(words.get(passport.status, gettext("ingetrokken")))


def _went(link: LineageLink, parent: Passport) -> str:
    """Return what went from one passport to another: "12 st afgesplitst", "80 t gefreesd uit V1/D1"."""
    work = parent.details.work
    element = work.find_element(link.part) if work and link.part else None
    unit = element.unit if element else Unit.T if link.part else parent.unit
    amount = quantity(Decimal(link.quantity), unit)
    words = {
        LinkKind.SPLIT: gettext("%(amount)s afgesplitst", amount=amount),
        LinkKind.MERGE: gettext("%(amount)s samengevoegd", amount=amount),
        LinkKind.HARVEST: gettext("%(amount)s geoogst", amount=amount),
        LinkKind.MILL: gettext("%(amount)s gefreesd", amount=amount),
    }
    name = element.name if element else _layer_of(work, link.part) if work else link.part
    return f"{words[link.kind]}, {name}" if name else str(words[link.kind])


def _layer_of(work: Work, part: str) -> str:
    """Return what a layer is called by people; its address in the work where it is no longer there."""
    layers = ((section, layer) for section in work.sections for layer in section.layers)
    names = (layer_name(section, layer) for section, layer in layers if part == f"{section.id}/{layer.id}")
    return next(names, part)


@dataclass(frozen=True, slots=True)
class _Lister:
    """Write passports as branches of a list, each with what came out of it."""

    family: Family
    seen: dict[int, Passport]
    links: list[LineageLink]

    def branch(self, passport: Passport, came: str = "", *, deep: bool = True) -> Branch:
        below = [link for link in self.links if deep and link.parent_id == passport.id]
        return Branch(
            name=passport.name,
            text=_state(passport, self.family),
            url=url_for("passports.show", code=passport.code),
            code=passport.code,
            is_present=passport is self.family.present,
            came=came,
            branches=[self.branch(self.seen[link.child_id], _went(link, passport)) for link in below],
        )
