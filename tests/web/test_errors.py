"""Every kind of error gets its page: the right status, a sentence, and nothing of the inside."""

import errno
from decimal import Decimal

import pytest
from sqlalchemy.exc import OperationalError

from marketplace.accounts.permissions import Permission
from marketplace.kit.errors import ConflictError, InvalidInputError, MarketplaceError, NotAllowedError, NotFoundError
from marketplace.kit.quantities import Unit
from marketplace.listings.stock import NotEnoughError
from marketplace.materials.hazards import Hazard
from marketplace.materials.vocabulary import UnknownCategoryError
from marketplace.passports.admission import refusal
from marketplace.passports.gate import Block, Reason
from marketplace.web import errors
from marketplace.web.access import requires
from marketplace.web.errors import sentence
from tests.factories import make_passport


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError("x"), 422),
        (NotFoundError("x"), 404),
        (NotAllowedError("x"), 403),
        (ConflictError("x"), 409),
        (NotEnoughError("x %(available)s", available=Decimal(2), unit=Unit.PIECE), 409),
        (MarketplaceError("x"), 422),
    ],
)
def test_the_status_follows_from_the_kind_of_the_error(error, status):
    assert errors.status_of(error) == status


def test_a_kind_of_a_kind_has_the_status_of_its_kind():
    nearest = next(kind for kind in UnknownCategoryError.__mro__[1:] if kind in errors._STATUS)
    assert errors.status_of(UnknownCategoryError("x")) == errors._STATUS[nearest]


class DriverError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("inside", "status", "words"),
    [
        (DriverError("40P01"), 503, "te druk"),
        (Exception("database is locked"), 503, "te druk"),
        (DriverError("53100"), 507, "opslag is vol"),
        (Exception("database or disk is full"), 507, "opslag is vol"),
        (Exception("syntax error near SECRET"), 500, "ging bij ons iets mis"),
    ],
)
def test_trouble_of_the_database_is_told_without_its_inside(context, inside, status, words):
    with context.test_request_context("/"):
        page, code, headers = errors._of_database(OperationalError("SELECT secret", {}, inside))
    assert code == status
    assert words in page
    assert "SECRET" not in page
    assert "SELECT" not in page
    assert ("Retry-After" in headers) == (status == 503)


@pytest.mark.parametrize(("path", "status"), [("/bestaat-niet", 404), ("/ID/", 404), ("/aanbod/ZZZZZZZZ", 404)])
def test_what_does_not_exist_has_a_page_that_says_so(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert "<h1" in answer.text


def test_the_wrong_method_is_told(client):
    assert client.post("/aanbod").status_code == 405


def test_the_door_tries_again_where_another_transaction_was_in_the_way(context):
    tries = []

    @requires(Permission.PUBLIC)
    def busy():
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("UPDATE", {}, DriverError("40001"))
        return "done"

    view, context.view_functions["home.about"] = context.view_functions["home.about"], busy
    try:
        assert context.test_client().get("/over").text == "done"
    finally:
        context.view_functions["home.about"] = view
    assert len(tries) == 3


def test_a_thing_with_names_is_called_by_that_of_the_readers_language(context):
    error = refusal([Block(Reason.UNKNOWN, Hazard.LEAD)], make_passport())
    assert str(error).startswith("Van lood (verf of stabilisator) is")
    with context.test_request_context(headers={"Accept-Language": "en"}):
        assert "lead (paint or stabiliser)" in sentence(error)


def test_an_amount_is_written_as_the_readers_language_does(context):
    error = NotEnoughError("Er is nog maar %(available)s beschikbaar.", available=Decimal("2.5"), unit=Unit.M2)
    assert str(error) == "Er is nog maar 2,5 m² beschikbaar."
    with context.test_request_context(headers={"Accept-Language": "en"}):
        assert "2.5 m²" in sentence(error)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_where_no_file_can_be_written_the_page_says_that_the_disk_is_full(context, number):
    with context.test_request_context("/"):
        page, status, _ = errors._of_system(OSError(number, "No space left", "/secret/path"))
    assert (status, "opslag is vol" in page, "secret" in page) == (507, True, False)


def test_another_error_of_the_system_is_no_full_disk(context):
    denied = OSError(errno.EACCES, "Permission denied")
    with context.test_request_context("/"), pytest.raises(OSError, match="Permission denied"):
        errors._of_system(denied)
    context.testing = False
    try:
        with context.test_request_context("/"):
            assert errors._of_system(denied)[1] == 500
    finally:
        context.testing = True
