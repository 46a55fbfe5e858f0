"""The rules of a house in sentences for who would reserve there."""

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.reservations.terms import Terms


def told(terms: Terms) -> list[str]:
    """Return the rules as sentences: when one hears, how long it is kept, and how much one may and must take."""
    hears = ngettext(
        "U hoort binnen %(num)s dag of het doorgaat.",
        "U hoort binnen %(num)s dagen of het doorgaat.",
        terms.answer_days,
    )
    kept = ngettext(
        "Daarna houden we het %(num)s dag vast.", "Daarna houden we het %(num)s dagen vast.", terms.hold_days
    )
    return [hears, kept, _extensions(terms), *_shares(terms)]


def _extensions(terms: Terms) -> str:
    if not terms.extensions:
        return str(_("Verlengen kan niet."))
    days = ngettext("%(num)s dag", "%(num)s dagen", terms.extension_days)
    return str(
        ngettext(
            "U mag %(num)s keer verlengen, met %(days)s.",
            "U mag %(num)s keer verlengen, telkens met %(days)s.",
            terms.extensions,
            days=days,
        )
    )


def _shares(terms: Terms) -> list[str]:
    least, most = terms.least_percent, terms.most_percent
    told_least = [_("U neemt ten minste %(percent)s%% van een partij af.", percent=least)] if least else []
    told_most = [_("U reserveert ten hoogste %(percent)s%% van een partij.", percent=most)] if most < 100 else []
    return [str(sentence) for sentence in (*told_least, *told_most)]
