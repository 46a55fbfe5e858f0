"""The proof that the page of a passport shows: tests, what was said before, and the documents with their hashes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from marketplace.passports import queries
from marketplace.passports.models import EvidenceDocument, MaterialTest, Passport
from marketplace.web.evidence import claim_name, source_text
from marketplace.web.filters import number


@dataclass(frozen=True, slots=True)
class Result:
    """Hold one result of a test, or one earlier claim, as it is read."""

    name: str
    text: str
    passed: bool
    by_when: Markup
    note: str = ""
    earlier: list["Result"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold one document: what it is called, how large it is, its hash and where it is."""

    name: str
    size: str
    sha256: str
    url: str
    is_pdf: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """Hold what proves a passport."""

    tests: list[Result]
    said_before: list[Result]
    papers: list[Paper]

    @property
    def passed(self) -> int:
        """Return how many tests count as passed."""
        return sum(test.passed for test in self.tests)


def proof_of(passport: Passport) -> Proof:
    """Return what proves a passport, which is loaded whole."""
    return Proof(_tests(passport), _said_before(passport), [_paper(passport, one) for one in passport.documents])


def _tests(passport: Passport) -> list[Result]:
    return [
        _result(passport, test, [other for other in passport.tests if other.test == test.test and other is not test])
        for test in queries.latest(passport.tests, "test")
    ]


def _result(passport: Passport, test: MaterialTest, earlier: Sequence[MaterialTest] = ()) -> Result:
    outcome = str(gettext("voldoet") if test.passed else gettext("voldoet niet"))
    return Result(
        name=test.test,
        text=f"{outcome}, {test.value}" if test.value else outcome,
        passed=test.passed,
        by_when=source_text(
            passport, test.laboratory, test.tested_on, test.report, method=test.method, document=test.document
        ),
        note=test.note,
        earlier=[_result(passport, other) for other in reversed(earlier)],
    )


def _said_before(passport: Passport) -> list[Result]:
    """Return the claims that a later one of the same key took the place of, the latest first."""
    counting = queries.latest(passport.claims, "key")
    return [
        Result(
            claim_name(claim.key),
            claim.value,
            passed=True,
            by_when=source_text(
                passport, claim.source, claim.known_on, claim.report, method=claim.method, document=claim.document
            ),
        )
        for claim in reversed(passport.claims)
        if claim not in counting
    ]


def _paper(passport: Passport, document: EvidenceDocument) -> Paper:
    return Paper(
        name=document.name,
        size=f"{number(max(1, round(document.size / 1000)))} kB",
        sha256=document.sha256,
        url=url_for("passports.document", code=passport.code, sha256=document.sha256),
        is_pdf=document.kind == "pdf",
    )
