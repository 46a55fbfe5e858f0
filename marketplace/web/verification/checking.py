"""What the page that checks a passport answers, in the words of the page."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from marketplace.kit.codes import grouped, is_passport_code, normalise
from marketplace.kit.errors import N_, NotFoundError
from marketplace.passports.document import PassportDocument
from marketplace.passports.presented import OF_PDF, Presented, Result
from marketplace.passports.seal import Seal
from marketplace.passports.verification import Standing, Verification, verify
from marketplace.web import lookups
from marketplace.web.errors import sentence
from marketplace.web.filters import day
from marketplace.web.verdicts import TITLES as CODE_TITLES
from marketplace.web.verdicts import details_of, named, tone_of


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what was found: a word, its sentence, what does not fit, and facts of what was signed. Texts as read.

    `tone` is moss, slate, signal or danger.
    """

    tone: str
    title: str
    text: str
    details: list[str]
    facts: list[tuple[str, str]]
    passport_url: str | None = None
    unreadable: bool = False


TITLES: Final = {
    Presented.NEWEST: N_("Echt"),
    Presented.SUPERSEDED: N_("Echt, maar niet de nieuwste"),
    Presented.WITHDRAWN: N_("Ingetrokken"),
    Presented.REPLACED: N_("Vervangen"),
    Presented.DESTROYED: N_("Bestaat niet meer"),
    Presented.FORGED: N_("Vals"),
    Presented.ALTERED: N_("Niet te vertrouwen"),
    Presented.OTHER_OPERATOR: N_("Van een andere hub"),
    Presented.UNRECORDED: N_("Niet bij ons bekend"),
    Presented.UNSIGNED: N_("Niet ondertekend"),
    Presented.OTHER_THING: N_("Geen paspoort"),
    Presented.UNREADABLE: N_("Niet te lezen"),
}
_TONES: Final = {
    Presented.NEWEST: "moss",
    Presented.SUPERSEDED: "signal",
    Presented.OTHER_OPERATOR: "slate",
    Presented.OTHER_THING: "slate",
    Presented.UNREADABLE: "signal",
    Presented.UNSIGNED: "signal",
    Presented.REPLACED: "signal",
    Presented.DESTROYED: "signal",
}


def answer_to_code(text: str, seal: Seal) -> Answer:
    """Return what a code, or the whole address of a label, is worth."""
    code = lookups.code_in(text)
    try:
        passport = lookups.get_passport(code)
    except NotFoundError as error:
        return _of_no_passport(text, code, error, seal)
    found = verify(passport, seal)
    url = url_for("passports.show", code=passport.code)
    return _answer(found, url)


def _of_no_passport(text: str, code: str, error: NotFoundError, seal: Seal) -> Answer:
    host = urlsplit(text).hostname if "://" in text else None
    if host and host != urlsplit(seal.origin).hostname:
        message = gettext(
            "Dit adres is van %(host)s. Wat daar is uitgegeven kunnen wij niet nagaan; vraag het daar.", host=host[:80]
        )
        return Answer("slate", str(gettext(TITLES[Presented.OTHER_OPERATOR])), str(message), [], [])
    if is_passport_code(normalise(code)):
        return _answer(Verification(Standing.UNKNOWN), None)
    title = str(gettext(TITLES[Presented.UNREADABLE]))
    return Answer("signal", title, sentence(error), [], [], unreadable=True)


def _answer(found: Verification, url: str | None) -> Answer:
    return Answer(
        tone_of(found.standing),
        str(gettext(CODE_TITLES[found.standing])),
        str(gettext(found.reason)),
        details_of(found),
        _facts(found.document),
        url,
    )


def answer_to_upload(result: Result) -> Answer:
    """Return what a file or token is worth."""
    document = result.document
    text = str(gettext(result.reason))
    known = document is not None and result.outcome is not Presented.UNRECORDED
    return Answer(
        _TONES.get(result.outcome, "danger"),
        str(gettext(TITLES[result.outcome])),
        text % result.params if result.params else text,
        [str(gettext(OF_PDF))] if result.is_pdf and document is not None else [],
        _facts(document),
        url_for("passports.show", code=document.code) if document and known else None,
        unreadable=result.outcome is Presented.UNREADABLE,
    )


def unreadable(form: FlaskForm) -> Answer:
    """Return the answer to a form that was not filled in as it must."""
    errors = [str(error) for field in form for error in field.errors]
    return Answer("signal", str(gettext(TITLES[Presented.UNREADABLE])), " ".join(errors), [], [], unreadable=True)


def _facts(document: PassportDocument | None) -> list[tuple[str, str]]:
    if document is None:
        return []
    return [
        (str(gettext("Wat")), document.name),
        (str(gettext("Code")), grouped(document.code)),
        (str(gettext("Versie")), str(document.number)),
        (str(gettext("Ondertekend voor")), named(document.issuer.name, document.issuer.kvk)),
        (str(gettext("Op")), day(document.valid_from)),
    ]
