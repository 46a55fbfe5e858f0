"""What happened to the labels of a thing."""

from typing import Final

from flask_babel import gettext as _

from marketplace.kit.codes import grouped
from marketplace.web.history.told import Facts, Tellers, Told, joined, reason


def _label_claimed(facts: Facts, _public: bool) -> Told:
    return _("Label gekoppeld"), _label(facts, "code")


def _label_voided(facts: Facts, public: bool) -> Told:
    return _("Label ongeldig verklaard"), joined(_label(facts, "code"), "" if public else reason(facts))


def _label_reissued(facts: Facts, _public: bool) -> Told:
    return _("Nieuw label uitgegeven"), _label(facts, "code")


def _label(facts: Facts, key: str) -> str:
    return grouped(str(facts.get(key) or ""))


TELLERS: Final[Tellers] = {
    "label.claimed": _label_claimed,
    "label.voided": _label_voided,
    "label.reissued": _label_reissued,
}
