"""Searching by size: the copy of the sizes follows the passport, and both databases answer from an index alone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect

from marketplace.kit.database import session
from marketplace.listings import catalogue
from marketplace.listings.criteria import Criteria, Window
from marketplace.listings.models import Listing
from tests.benchmarks import region
from tests.factories import make_listing, make_passport

_SIZES = Criteria(length=Window(2000, 2400), width=Window(at_most=900), height=Window(at_least=20))


def found(**criteria) -> set[int]:
    return {listing.id for listing in catalogue.search(Criteria(**criteria)).items}


def test_every_offer_of_a_passport_follows_its_kind_and_sizes(context):
    passport = make_passport(category="door_interior", length_mm=2115)
    offers = {make_listing(passport=passport).id, make_listing(passport=passport).id}
    other = make_listing(category="door_interior", length_mm=2115).id
    assert found(length=Window(2115, 2115)) == found(categories=("door_interior",)) == {*offers, other}
    passport.category, passport.length_mm, passport.width_mm = "timber_joist", 4000, None
    session.flush()
    assert found(length=Window(2115, 2115)) == found(categories=("door_interior",)) == {other}
    assert found(length=Window(4000, 4000)) == found(categories=("timber_joist",)) == offers
    assert found(width=Window(at_least=1)) == {other}
    assert catalogue.facets(Criteria()).by_category == {"door_interior": 1, "timber_joist": 2}


def test_an_offer_that_knows_only_the_number_of_its_passport_has_its_sizes_too(context):
    like = make_listing(length_mm=1234)
    own = {"id", "reference", "passport_id", "category", "length_mm", "width_mm", "height_mm"}
    terms = {column: getattr(like, column) for column in inspect(Listing).columns.keys() if column not in own}  # noqa: SIM118 (no mapping)
    number = make_passport(length_mm=4321).id
    session.expunge_all()
    session.add(Listing(**terms, passport_id=number))
    assert len(found(length=Window(4321, 4321))) == 1


def test_the_total_that_follows_from_the_facets_is_the_one_that_is_counted(context):
    for category in ("door_interior", "door_interior", "window_pvc", "sand"):
        make_listing(category=category)
    for criteria in (Criteria(), Criteria(categories=("sand", "window_pvc")), Criteria(group="openings")):
        page, facets = catalogue.search_with_facets(criteria, size=2)
        assert (page.total, facets) == (catalogue.search(criteria).total, catalogue.facets(criteria))
        assert len(page.items) == 2


@pytest.mark.parametrize("criteria", [_SIZES, Criteria()], ids=["sizes", "everything"])
def test_a_search_by_size_reads_no_more_than_an_index(context, database, criteria):
    region.fill(300)
    facets, page, *_ = plans_of(lambda: catalogue.search_with_facets(criteria), database)
    count, *_ = plans_of(lambda: catalogue.search(criteria), database)
    assert "ix_listing_sizes" in facets
    assert "ix_listing_newest" in page
    assert "ix_listing_sizes" in count or "ix_listing_newest" in count
    for plan in (facets, page, count):
        # Whatever the index did not hold would be sorted, or read from the rows.
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan
        assert database == "sqlite" or "Index Only Scan" in plan


def plans_of(act: Callable[[], object], database: str) -> list[str]:
    """Return how the database would answer each statement of an act, if it had so many rows that indexes pay."""
    sent: list[tuple[str, Any]] = []

    def see(_connection, _cursor, statement, parameters, *_rest) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", see)
    act()
    event.remove(Engine, "before_cursor_execute", see)
    connection = session.connection()
    if database == "postgresql":
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashagg"):
            connection.exec_driver_sql(f"SET LOCAL {setting} = off")
    explain = "EXPLAIN QUERY PLAN " if database == "sqlite" else "EXPLAIN "
    return ["\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + sql, given)) for sql, given in sent]
