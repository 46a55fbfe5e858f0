"""`flask reservations audit` says that the ledger is exact, or names lot, part and entry where it is not."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from marketplace.kit import journal
from marketplace.kit.clock import standing_at
from marketplace.kit.database import session
from marketplace.kit.errors import NotFoundError
from marketplace.kit.journal import By
from marketplace.listings import stock
from marketplace.listings.lineage import split_lot
from marketplace.passports.taking import Act
from marketplace.reservations import actions
from marketplace.reservations.audit import audit
from marketplace.reservations.settling import settle
from marketplace.reservations.states import State
from tests.factories import by, make_listing, make_organisation, make_reservation
from tests.reservations.asking import AT, ask, posted, promised, queue
from tests.reservations.fetching import hand_over
from tests.tampering import tampered


@pytest.fixture
def run(context):
    def run(*more):
        session.flush()
        session.expire_all()
        with standing_at(AT):
            return context.test_cli_runner().invoke(args=["reservations", "audit", *more])

    return run


@pytest.fixture
def world(context):
    """A lot with a reservation in every state, of which nothing is wrong; and the reservations by their state."""
    listing = posted(total=40)
    rows = {
        State.DECLINED: ask(listing, 1),
        State.CANCELLED: ask(listing, 2),
        State.HANDED_OVER: promised(listing, 3),
        State.EXPIRED: ask(listing, 4, at=AT - timedelta(days=20)),
        State.REQUESTED: ask(listing, 5),
        State.CONFIRMED: promised(listing, 6),
    }
    actions.decline(rows[State.DECLINED], reason="Nee", by=by(), at=AT)
    actions.cancel(rows[State.CANCELLED], by=by(), at=AT)
    hand_over(rows[State.HANDED_OVER])
    rest = ask(listing, 26)
    rows[State.OFFERED] = queue(listing, 26)
    rows[State.WAITING] = queue(listing, 7, least=2)
    actions.cancel(rest, by=by(), at=AT)
    return listing, rows


@contextmanager
def unchecked(database, *checks):
    """Let rows break some of the checks of their table."""
    if database == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
        yield
        session.execute(text("PRAGMA ignore_check_constraints = OFF"))
        return
    for check in checks:
        session.execute(text(f"ALTER TABLE {check.split('_')[1]} DROP CONSTRAINT {check}"))
    yield


@contextmanager
def put_back():
    """Undo what is done to the rows, so that the next mistake is made in a world of which nothing is wrong."""
    with session.begin_nested() as planted:
        yield
        planted.rollback()


def edit(table, row_id, change):
    session.execute(text(f"UPDATE {table} SET {change} WHERE id = :id"), {"id": row_id})  # noqa: S608 (our own words)


def found(at=AT):
    session.flush()
    session.expire_all()
    return [str(difference) for difference in audit(at).differences]


def scaled(database, amount):
    """Return an amount as the database keeps it."""
    return amount * 1000 if database == "sqlite" else amount


def last_of(subject):
    return journal.history(subject)[0].number


def test_what_is_exact_is_said_to_be_with_what_was_looked_at(run, world):
    result = run()
    assert result.output == f"1 lot, 9 reservations, {journal.length()} entries: all exact\n"
    assert result.exit_code == 0


def test_nothing_at_all_is_exact(run):
    assert run().output == "0 lots, 0 reservations, 0 entries: all exact\n"


def test_what_lapsed_and_nobody_settled_is_due_and_no_difference(world):
    listing, rows = world
    until = rows[State.OFFERED].expires_at
    assert audit(until - timedelta(microseconds=1)).due == 0
    assert (audit(until).due, audit(until).differences) == (1, [])
    settle([listing.id], until)
    assert audit(until).due == 0
    assert found(until) == []


@pytest.mark.parametrize(
    ("less", "more"), [("available", "held"), ("held", "handed_over"), ("handed_over", "written_off")]
)
def test_an_amount_that_moved_in_a_lot_behind_the_back_is_named(world, database, less, more):
    listing, _ = world
    other = posted(total=40)
    promised(other, 9)
    hand_over(promised(other, 8))
    assert found() == []
    amount = scaled(database, 1)
    edit("listing", other.id, f"{less} = {less} - {amount}, {more} = {more} + {amount}")
    said = found()
    where, entry = f"lot {other.reference}: ", f"(journal {last_of(other.subject)})"
    for part in (less, more):
        assert any(line.startswith(f"{where}{part} is ") and line.endswith(f"by the journal {entry}") for line in said)
    assert all(other.reference in line and listing.reference not in line for line in said)


def test_a_total_that_was_changed_behind_the_back_is_named(world, database):
    listing, _ = world
    amount = scaled(database, 1)
    edit("listing", listing.id, f"total = total + {amount}, available = available + {amount}")
    assert [line.split(" is ")[0] for line in found()] == [
        f"lot {listing.reference}: {part}" for part in ("total", "available")
    ]


def test_a_unit_that_was_changed_behind_the_back_is_named(world):
    listing, rows = world
    edit("listing", listing.id, "unit = 'm2'")
    edit("reservation", rows[State.WAITING].id, "unit = 'm2'")
    own = f"reservation {rows[State.WAITING].reference}"
    said = [line.split(" (")[0] for line in found()]
    assert said == [
        f"lot {listing.reference}, {own}: unit is m2, and piece by the journal",
        f"lot {listing.reference}: unit is m2, and piece by the journal",
    ]


def test_a_lot_that_does_not_add_up_is_named(world, database):
    listing, _ = world
    with unchecked(database, "ck_listing_stock_adds_up"):
        edit("listing", listing.id, f"available = available + {scaled(database, 1)}")
        session.expire_all()
        assert f"lot {listing.reference}: total is 40, and its parts are 41 together" in found()


def test_a_part_that_is_less_than_nothing_is_named(world, database):
    listing, _ = world
    with unchecked(database, "ck_listing_stock_parts"):
        less, more = scaled(database, -1), scaled(database, 1)
        edit("listing", listing.id, f"written_off = {less}, available = available + {more}")
        assert f"lot {listing.reference}: written_off is -1, less than nothing" in found()


@pytest.mark.parametrize("part", ["waiting", "held", "handed_over", "written_off", "released"])
def test_a_reservation_that_does_not_add_up_is_named(world, database, part):
    listing, rows = world
    row = rows[State.CONFIRMED]
    with unchecked(database, "ck_reservation_adds_up", "ck_reservation_waits"):
        edit("reservation", row.id, f"{part} = {part} + {scaled(database, 1)}")
        where = f"lot {listing.reference}, reservation {row.reference}: "
        said = found()
        assert f"{where}quantity is 6, and its parts are 7 together" in said
        assert any(line.startswith(f"{where}{part} is ") and "by the journal" in line for line in said)


def test_an_amount_that_moved_in_a_reservation_behind_the_back_is_named(world):
    for state in (State.DECLINED, State.CANCELLED, State.EXPIRED, State.HANDED_OVER):
        row = world[1][state]
        where = "handed_over" if state is State.HANDED_OVER else "released"
        for part in {"handed_over", "written_off", "released"} - {where}:
            with put_back():
                edit("reservation", row.id, f"{where} = 0, {part} = quantity")
                about = [line for line in found() if row.reference in line]
                assert {line.split(": ")[1].split(" is ")[0] for line in about} == {where, part}, state
                assert all(line.endswith(f"(journal {last_of(row.subject)})") for line in about), (state, part)
        assert found() == []


def test_a_state_that_was_changed_behind_the_back_is_named(world, database):
    for state in world[1]:
        with put_back():
            _a_changed_state_is_named(world[1], database, state)
        assert found() == []


def _a_changed_state_is_named(rows, database, state):
    other = {State.CONFIRMED: "requested", State.REQUESTED: "confirmed", State.OFFERED: "confirmed"}
    wanted = other.get(state, "expired" if state is not State.EXPIRED else "declined")
    if state is State.WAITING:
        with unchecked(database, "ck_reservation_waits"):
            edit("reservation", rows[state].id, "state = 'cancelled'")
            wanted = "cancelled"
            (said,) = found()
    else:
        edit("reservation", rows[state].id, f"state = '{wanted}'")
        (said,) = found()
    where = f"reservation {rows[state].reference}: state is {wanted}, and {state.value} by the journal"
    assert where in said


def test_a_reservation_that_was_given_to_another_lot_is_named(world):
    listing, rows = world
    other = posted(total=40)
    row = rows[State.CONFIRMED]
    edit("reservation", row.id, f"listing_id = {other.id}")
    said = found()
    assert f"lot {listing.reference}: held is 37, and 31 by its reservations together" in said
    assert f"lot {other.reference}: held is 0, and 6 by its reservations together" in said
    assert any(f"lot is {other.reference}, and {listing.reference} by the journal" in line for line in said)


def test_a_reservation_that_is_gone_is_named(world):
    _, rows = world
    row = rows[State.DECLINED]
    subject, number = row.subject, last_of(row.subject)
    session.delete(row)
    assert found() == [f"journal: {subject} is gone, and the journal tells of it (journal {number})"]


def test_a_lot_and_a_reservation_that_nobody_told_of_are_named(world):
    listing, _ = world
    planted = make_listing(total=3)
    ghost = make_reservation(listing, make_organisation().id, 2, state=State.CANCELLED)
    why = "the journal does not tell how it began"
    assert found() == [
        f"lot {listing.reference}, reservation {ghost.reference}: {why}",
        f"lot {planted.reference}: {why}",
    ]


def test_a_row_of_the_journal_that_was_changed_is_named_and_so_is_its_lot(world, database):
    listing, _ = world
    number = next(e.number for e in journal.history(listing.subject) if e.action == "reservation.handed_over")
    with tampered(database, "journal"):
        session.execute(
            text("UPDATE journal SET facts = replace(facts, '\"3\"', '\"2\"') WHERE number = :n"), {"n": number}
        )
    said = found()
    assert said[0] == f"journal: the journal is broken here (journal {number})"
    assert any(line.startswith(f"lot {listing.reference}: handed_over is 3, and 2 by the journal") for line in said)


def test_a_row_of_the_journal_that_is_gone_is_named(world, database):
    number = last_of(world[1][State.CONFIRMED].subject)
    with tampered(database, "journal"):
        session.execute(text("DELETE FROM journal WHERE number = :n"), {"n": number})
    assert f"journal: the journal is broken here (journal {number})" in found()


def test_an_entry_that_does_not_fit_is_named_by_its_number(world):
    listing, rows = world
    told = {"quantity": "99", "unit": "piece"}
    entry = journal.record(listing.subject, "reservation.requested", by=By(), **told)
    again = journal.record(rows[State.DECLINED].subject, "reservation.declined", by=By(), **told)
    said = found()
    assert f"lot {listing.reference}: takes 99 of 0 available (journal {entry.number})" in said
    own = f"lot {listing.reference}, reservation {rows[State.DECLINED].reference}"
    assert f"{own}: takes 99 of 0 held (journal {again.number})" in said
    assert len(said) == 2


def test_a_part_that_was_split_off_began_with_the_split(world, seal):
    listing = posted(total=40)
    part = split_lot(listing, Decimal(15), Act(by(), seal, AT))
    assert found() == []
    (begun,) = journal.history(part.subject)
    assert (begun.action, begun.told["total"], begun.told["split_off"]) == ("listing.posted", "15", listing.reference)


def test_a_part_that_was_split_off_before_that_was_told_began_with_the_split_too(world, seal, database):
    listing = posted(total=40)
    part = split_lot(listing, Decimal(15), Act(by(), seal, AT))
    with tampered(database, "journal"):
        session.execute(text("DELETE FROM journal WHERE subject = :s"), {"s": part.subject})
    assert found() == []
    assert audit(AT, listing=part.reference).differences == []
    edit("listing", part.id, f"total = {scaled(database, 16)}, available = {scaled(database, 16)}")
    assert [line.split(" is ")[0] for line in found()] == [
        f"lot {part.reference}: {name}" for name in ("total", "available")
    ]


def test_what_is_broken_and_was_promised_to_nobody_is_no_difference(world):
    listing = posted(total=40)
    stock.write_off(listing.id, Decimal(4))
    journal.record(listing.subject, "scan.damaged", by=By(), quantity="4.000", unit="piece", reason="Gevallen")
    assert found() == []
    stock.write_off(listing.id, Decimal(1))
    assert len(found()) == 2


def test_one_lot_can_be_looked_at_alone(run, world, database):
    listing, _ = world
    other = posted(total=40)
    ask(other, 5)
    edit("listing", other.id, f"available = available - {scaled(database, 1)}, held = held + {scaled(database, 1)}")
    good, bad = run("--listing", listing.reference.lower()), run("--listing", other.reference)
    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert good.output.startswith("1 lot, 9 reservations, ")
    assert f"lot {other.reference}: held is 6, and 5 by the journal" in bad.output
    assert bad.output.endswith("1 lot, 1 reservation, 3 entries: 3 differences\n")


def test_a_lot_that_does_not_exist_is_said_so(run):
    with pytest.raises(NotFoundError):
        audit(AT, listing="ABCDEFGH")
    assert run("--listing", "ABCDEFGH").exit_code == 2


def test_the_number_of_statements_does_not_grow_with_what_there_is(world, statements):
    for _ in range(5):
        ask(posted(total=40), 5)
    session.expire_all()
    statements.clear()
    audit(AT)
    assert len(statements) == 7
