"""Finding a passport by a code that was scanned or typed, with help for who mistypes and a limit for who guesses."""

import re
from typing import Final

from flask import abort, current_app, request
from limits import RateLimitItemPerMinute

from marketplace.accounts.permissions import Actor, Permission
from marketplace.kit.codes import ALPHABET, PASSPORT_LENGTH, is_passport_code, normalise
from marketplace.kit.errors import N_, NotFoundError
from marketplace.labels import queries as labels
from marketplace.labels.models import IssuedLabel, LabelStatus
from marketplace.passports.models import Passport, PassportStatus
from marketplace.passports.queries import find_version
from marketplace.web.access import current_actor

_MISSES: Final = RateLimitItemPerMinute(30, namespace="passport_misses")
"""How many codes one address may get wrong before it has to wait; right codes are never counted."""

_IN_ADDRESS: Final = re.compile(r".*/(?:ID|paspoort|21|10)/(?P<code>[^/?#]*)", re.IGNORECASE | re.DOTALL)
_LONGEST: Final = 40


class LabelAloneError(NotFoundError):
    """Say that a label leads to no passport, because it waits for one or is void; `label` is the label."""

    def __init__(self, label: IssuedLabel) -> None:
        is_blank = label.status is LabelStatus.BLANK
        super().__init__(N_("Dit label is nog niet gekoppeld.") if is_blank else N_("Dit label geldt niet meer."))
        self.label = label


def code_in(text: str) -> str:
    """Return the code in what a person typed or pasted, which may be the address of a label or a page."""
    match = _IN_ADDRESS.match(text)
    return "".join(filter(str.isalnum, match["code"] if match else text)).upper()[:_LONGEST]


def get_passport(code: str) -> Passport:
    """Return the passport of a code for who asks, its own or that of a label on it.

    A draft exists for members of its owner alone. Raises NotFoundError with what may be wrong with the code.
    For a label that leads to none it raises LabelAloneError. Answers 429 to an address that keeps guessing.
    """
    _refuse_guessers()
    passport = labels.find_passport_by_any_code(code) if is_passport_code(normalise(code)) else None
    if passport is None or not may_see(passport, current_actor()):
        if label := _find_label_alone(code):
            raise LabelAloneError(label)
        _count_miss()
        raise not_found(code)
    return passport


def not_found(code: str) -> NotFoundError:
    """Return the error that says what is wrong with a code: its length, its characters, a typing error, or nothing."""
    plain = normalise(code)
    strange = "".join(dict.fromkeys(character for character in plain if character not in ALPHABET))
    if strange:
        message = N_("In onze codes komt “%(characters)s” niet voor. Kijk nog eens goed op het label.")
        return NotFoundError(message, field="code", characters=strange[:_LONGEST])
    if len(plain) != PASSPORT_LENGTH:
        message = N_("Een code heeft %(wanted)s tekens; dit zijn er %(count)s.")
        return NotFoundError(message, field="code", wanted=PASSPORT_LENGTH, count=len(plain))
    if not is_passport_code(plain):
        message = N_("Er zit een typefout in deze code. Vergelijk hem teken voor teken met het label.")
        return NotFoundError(message, field="code")
    return NotFoundError(N_("We kennen geen paspoort met deze code."), field="code")


def _find_label_alone(code: str) -> IssuedLabel | None:
    label = labels.label_of_code(code) if is_passport_code(normalise(code)) else None
    is_own = label is not None and label.passport is not None and label.passport.code == label.code
    return None if label is None or is_own or label.status is LabelStatus.ACTIVE else label


def may_see(passport: Passport, actor: Actor) -> bool:
    """Tell whether this person may know of a passport: a draft exists for members of its owner alone.

    A draft that was signed is none: somebody changed its row, and its page is where that is told.
    """
    is_draft = passport.status is PassportStatus.DRAFT and find_version(passport.id) is None
    return not is_draft or actor.may(Permission.HANDLE, passport.owner_id)


def _refuse_guessers() -> None:
    (limiter,) = current_app.extensions["limiter"]
    if current_app.config["RATELIMIT_ENABLED"] and not limiter.limiter.test(_MISSES, request.remote_addr):
        abort(429)


def _count_miss() -> None:
    (limiter,) = current_app.extensions["limiter"]
    if current_app.config["RATELIMIT_ENABLED"]:
        limiter.limiter.hit(_MISSES, request.remote_addr)
