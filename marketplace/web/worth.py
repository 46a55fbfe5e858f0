"""What a match is worth to who reads it: by the rates it was planned by for its own people, else by the usual ones."""

from decimal import Decimal
from typing import Final, NamedTuple

from flask import request
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.matching.conversion import avoided_by
from marketplace.matching.models import Proposal
from marketplace.matching.problem import Terms
from marketplace.matching.queries import Fit
from marketplace.matching.rates import organisations_with_rates
from marketplace.matching.usual import usual_terms
from marketplace.projects.models import Need
from marketplace.web.access import current_actor
from marketplace.web.filters import number

_FIRST_ESTIMATE: Final = 2
"""How many steps of the fall, new and price, come before those that are estimated."""
_MINUS: Final = "\N{MINUS SIGN}"
_CENT: Final = Decimal("0.01")
_WITH_RATES: Final = "materialenhub.with_rates"
"""Where a request keeps which organisations have rates of their own, so that it reads them once."""


class Term(NamedTuple):
    """Hold one step of the fall of value, as the macro `fall` wants it; `kind` is new, minus, plus or total."""

    label: str
    text: str
    amount: float
    kind: str


def hides_rates(need: Need) -> bool:
    """Tell whether a need counts by rates of its own that who asks now may not know, nor work out of an amount."""
    if _WITH_RATES not in request.environ:
        request.environ[_WITH_RATES] = organisations_with_rates()
    planner = need.project.organisation_id
    return planner in request.environ[_WITH_RATES] and not current_actor().may(Permission.HANDLE, planner)


def value_of(match: Fit | Proposal) -> Decimal:
    """Return what all of a match is worth, in EUR to the cent: the sum of `terms_of`."""
    if hides_rates(match.need):
        terms = terms_of(match)
        return _cents(sum(getattr(terms, name) for name in Terms.__slots__))
    return match.value_eur if isinstance(match, Proposal) else _cents(match.value)


def terms_of(match: Fit | Proposal) -> Terms:
    """Return the parts of that value in signed EUR; of a proposal as they were when it was made."""
    terms = match.terms if isinstance(match, Fit) else _kept(match)
    return usual_terms(match, terms) if hides_rates(match.need) else terms


def value_terms(match: Fit | Proposal) -> list[Term]:
    """Return the value of one unit of a need as a fall: new, what is spent, what is avoided, and what is left.

    The trips of the lorry are divided over all units. Terms that are nothing are left out. What is shown adds up: the
    cents that rounding leaves over go to the largest step that is an estimate, for prices are known to the cent.
    """
    whole, count = terms_of(match), match.quantity
    avoided = gettext("CO2") if avoided_by(match.need).gwp else gettext("MKI")
    steps = [
        (gettext("Nieuw"), whole.new, "new"),
        (gettext("Prijs"), whole.price, "minus"),
        (gettext("Vervoer"), whole.transport + whole.trips, "minus"),
        (gettext("Opslag"), whole.storage, "minus"),
        (avoided, whole.mki, "plus"),
    ]
    total = _cents(value_of(match) / count)
    each = _added_up([_cents(Decimal(str(amount)) / count) for _, amount, _ in steps], total)
    shown = [
        _term(label, amount, kind)
        for (label, _, kind), amount in zip(steps, each, strict=True)
        if amount or kind == "new"
    ]
    return [*shown, _term(gettext("Waarde"), total, "total")]


def _added_up(parts: list[Decimal], total: Decimal) -> list[Decimal]:
    """Return the steps with what they lack of their total put into one of them."""
    largest = max(range(len(parts)), key=lambda at: (at >= _FIRST_ESTIMATE and bool(parts[at]), abs(parts[at])))
    parts[largest] += total - sum(parts)
    return parts


def _kept(proposal: Proposal) -> Terms:
    parts = (
        proposal.new_eur,
        proposal.mki_eur,
        proposal.price_eur,
        proposal.transport_eur,
        proposal.storage_eur,
        proposal.trips_eur,
    )
    return Terms(*map(float, parts))


def _term(label: str, exact: Decimal, kind: str) -> Term:
    sign = {"minus": _MINUS if exact < 0 else "", "plus": "+" if exact > 0 else _MINUS}.get(kind)
    text = number(exact, 2) if sign is None else f"{sign}{number(abs(exact), 2)}"
    return Term(label, text, float(exact), kind)


def _cents(amount: float | Decimal) -> Decimal:
    return Decimal(str(amount)).quantize(_CENT)
