"""Filling a need from several lots on a page, and following the basket: for its own organisation, and nobody else."""

import re
from decimal import Decimal

import pytest
from flask import render_template
from sqlalchemy import func, select

from marketplace.accounts.models import OrganisationKind
from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus
from marketplace.matching.queries import fits_for_need
from marketplace.reservations import actions
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.queries import baskets_of, get, of_basket, refusals_of
from marketplace.reservations.states import State
from marketplace.web.reservations import filling
from marketplace.web.reservations.baskets import status_of
from tests.factories import (
    by,
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_project,
    make_reservation,
    sign_in,
)
from tests.planned import plan_all
from tests.reservations.asking import ask


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es", kind=OrganisationKind.BUILDER)


@pytest.fixture
def need(builder):
    return make_need(make_project(builder, name="Twaalf woningen"), title="Binnendeuren", quantity=Decimal(20))


@pytest.fixture
def noord(context):
    return make_organisation(name="Sloperij Noord")


@pytest.fixture
def first(noord):
    return make_listing(noord, total=12, price_eur=Decimal(10), name="Deur noord")


@pytest.fixture
def second(context):
    return make_listing(make_organisation(name="Sloperij Zuid"), total=8, price_eur=Decimal(20), name="Deur zuid")


@pytest.fixture
def lots(first, second):
    return (first, 12), (second, 8)


@pytest.fixture
def trader(client, builder):
    return sign_in(client, make_member(builder))


def url(need) -> str:
    return f"/behoeften/{need.reference}/vullen"


def send(client, need, *lines, step="hold", **more):
    """Send the form with these (listing, text)."""
    takes = {f"take_{listing.reference}": str(text) for listing, text in lines}
    return client.post(url(need), data={"step": step, **takes, **more})


def count(model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def hold(client, need, *lines) -> Basket:
    answer = send(client, need, *lines)
    assert answer.status_code == 303, answer.text
    return session.scalars(select(Basket)).one()


def test_the_form_proposes_lots_that_together_cover_the_need(trader, need, first, second):
    plan_all()
    page = trader.get(url(need)).text
    assert f'name="take_{first.reference}"' in page
    values = [
        page.split(f'name="take_{lot.reference}"')[1].split('value="')[1].split('"')[0] for lot in (first, second)
    ]
    assert values == ["12", "8"]
    assert "€ 280,00" in page.replace("\xa0", " ")
    assert url(need) in trader.get(f"/behoeften/{need.reference}").text


def test_what_the_owner_declined_for_this_need_is_told_and_not_proposed_again(trader, need, first, second):
    basket = hold(trader, need, (first, 12), (second, 8))
    (refused,) = [row for row in of_basket(basket.id) if row.listing_id == second.id]
    actions.decline(refused, reason="Gaat naar een school", by=by(), at=clock.now())
    page = trader.get(url(need)).text
    assert "Sloperij Zuid wees dit eerder af: “Gaat naar een school”" in page
    assert 'value="' not in page.split(f'name="take_{second.reference}"')[1].split(">")[0].replace('value=""', "")
    send(trader, need, (second, 8))
    assert len(refusals_of(need.id)) == 1, "it may be asked again"
    assert session.scalar(select(func.count()).select_from(Basket)) == 2


def test_one_button_holds_all_and_leads_to_the_basket(trader, need, first, second, builder):
    answer = send(trader, need, (first, 12), (second, 8), note="Graag op een dag")
    basket = session.scalars(select(Basket)).one()
    assert (answer.status_code, answer.location) == (303, f"/mandjes/{basket.reference}")
    assert (basket.organisation_id, basket.need_id, basket.project_id) == (builder.id, need.id, need.project_id)
    assert {row.note for row in of_basket(basket.id)} == {"Graag op een dag"}
    page = trader.get(answer.location).text
    for text in (
        "20 st voor “Binnendeuren”",
        "12 st · Deur noord",
        "8 st · Deur zuid",
        "Sloperij Noord antwoordt uiterlijk",
    ):
        assert text in page
    assert "Vul de rest aan" not in page


def test_counting_again_holds_nothing(trader, need, first, second):
    answer = send(trader, need, (first, 5), (second, ""), step="count")
    assert answer.status_code == 200
    assert "15 st" in answer.text  # that is still missing
    assert 'value="5"' in answer.text
    assert "€ 50,00" in answer.text.replace("\xa0", " ")
    assert (count(Basket), count(Reservation)) == (0, 0)


def test_a_lot_that_was_taken_in_the_meantime_is_told_at_its_line_and_nothing_is_held_or_lost(
    trader, need, first, second
):
    second.held, second.available = Decimal(3), Decimal(5)
    answer = send(trader, need, (first, 11), (second, 8), note="Blijft staan")
    assert answer.status_code == 409
    assert "Er is niets vastgelegd" in answer.text
    assert f'href="#take_{second.reference}"' in answer.text
    assert f'id="take_{second.reference}-error"' in answer.text
    assert f'id="take_{first.reference}-error"' not in answer.text
    assert "Er is nog maar 5 st beschikbaar." in answer.text
    for kept in ('value="11"', 'value="8"', "Blijft staan"):
        assert kept in answer.text
    assert (count(Basket), count(Reservation)) == (0, 0)
    assert (first.available, second.available) == (12, 5)


def test_a_lot_that_is_gone_altogether_stays_in_the_form_with_its_error(trader, need, first, second):
    second.held, second.available = Decimal(8), Decimal(0)
    answer = send(trader, need, (first, 12), (second, 8))
    assert answer.status_code == 409
    assert f'id="take_{second.reference}-error"' in answer.text
    assert count(Reservation) == 0


def test_a_draft_of_somebody_else_does_not_show_in_the_form(trader, need, first):
    draft = make_listing(status=ListingStatus.DRAFT, name="Nog geheim")
    answer = send(trader, need, (first, 12), (draft, 1), step="count")
    assert answer.status_code == 200
    assert "Nog geheim" not in answer.text


@pytest.mark.parametrize("text", ["veel", "-3", "1,5"])
def test_what_is_no_amount_is_told_at_its_line(trader, need, first, second, text):
    answer = send(trader, need, (first, 12), (second, text))
    assert answer.status_code == 422
    assert f'id="take_{second.reference}-error"' in answer.text
    assert f'value="{text}"' in answer.text
    assert count(Reservation) == 0


def test_nothing_chosen_is_told_at_the_top(trader, need, first):
    answer = send(trader, need, (first, "0"))
    assert answer.status_code == 422
    assert "ten minste één partij" in answer.text


def test_own_lots_are_not_offered_to_be_reserved(trader, need, builder, first):
    own = make_listing(builder, total=40)
    page = trader.get(url(need)).text
    assert f"take_{own.reference}" not in page
    assert f"take_{first.reference}" in page


def test_a_lot_in_another_unit_says_how_much_it_fills(trader, builder):
    need = make_need(make_project(builder), category="plywood", unit=Unit.M2, quantity=Decimal(20))
    boards = make_listing(total=10, category="plywood", length_mm=2440, width_mm=1220, height_mm=18)
    page = send(trader, need, (boards, 5), step="count").text
    assert "vult 14,884 m²" in page


def test_only_who_trades_for_the_project_may_fill_its_need(client, need, first, builder):
    sign_in(client, make_member())
    assert client.get(url(need)).status_code == 404
    assert send(client, need, (first, 1)).status_code == 404
    sign_in(client, make_member(builder, Role.SITE))
    assert client.get(url(need)).status_code == 403
    assert count(Reservation) == 0


def test_only_members_see_a_basket_so_not_the_owner_of_a_lot(client, need, lots, noord, builder):
    basket = hold(sign_in(client, make_member(builder)), need, *lots)
    page = f"/mandjes/{basket.reference}"
    sign_in(client, make_member(builder, Role.SITE))
    assert client.get(page).status_code == 200
    assert "Alles annuleren" not in client.get(page).text
    for other in (make_organisation(), noord):
        sign_in(client, make_member(other))
        assert client.get(page).status_code == 404
        assert client.post(f"{page}/opgeven", data={"sure": "y"}).status_code == 404
    assert client.get("/mandjes/BESTAATNIET").status_code == 404


def test_what_falls_away_is_shown_with_the_way_to_fill_the_rest(trader, need, first, second):
    third = make_listing(make_organisation(), total=9, name="Deur oost")
    basket = hold(trader, need, (first, 12), (second, 8))
    noord, zuid = of_basket(basket.id)
    actions.confirm(noord, by=by(), at=clock.now())
    actions.decline(zuid, reason="Toch zelf nodig", by=by(), at=clock.now())
    page = trader.get(f"/mandjes/{basket.reference}").text
    for text in ("Toch zelf nodig", "8 st nog niet vastgelegd", "Vul de rest aan", "12 st bevestigd, 8 weggevallen"):
        assert text in page.replace("12 bevestigd", "12 st bevestigd")
    plan_all()
    rest = trader.get(url(need)).text
    assert 'value="8"' in rest
    assert f"take_{third.reference}" in rest


def test_giving_up_asks_whether_one_is_sure(trader, need, first, second):
    basket = hold(trader, need, (first, 12), (second, 8))
    give_up = f"/mandjes/{basket.reference}/opgeven"
    refused = trader.post(give_up, data={"reason": "Ontwerp anders"})
    assert refused.status_code == 422
    assert "Ontwerp anders" in refused.text
    assert {row.state for row in of_basket(basket.id)} == {State.REQUESTED}
    assert trader.post(give_up, data={"reason": "Ontwerp anders", "sure": "y"}).status_code == 303
    assert {row.state for row in of_basket(basket.id)} == {State.CANCELLED}
    assert "Opgegeven wat nog niet was opgehaald" in trader.get(f"/mandjes/{basket.reference}").text
    assert trader.post(give_up, data={"sure": "y"}).status_code == 409


def test_the_owner_of_a_lot_learns_that_it_is_a_part_and_nothing_of_the_others(trader, client, need, lots, noord):
    basket = hold(trader, need, *lots)
    reservation = of_basket(basket.id)[0].reference
    ours = _part(trader, reservation)
    assert f'href="/mandjes/{basket.reference}"' in ours
    theirs = _part(sign_in(client, make_member(noord)), reservation)
    for text in (ours, theirs):
        assert "Deel van 20 st voor “Binnendeuren”." in text
    for secret in ("Zuid", "zuid", "/mandjes/"):
        assert secret not in theirs
    assert "Sloperij Zuid" not in client.get(f"/reserveringen/{reservation}").text


def test_a_reservation_alone_is_part_of_nothing(trader, first, builder):
    alone = ask(first, 2, builder).reference
    assert _part(trader, alone) == ""


def test_the_baskets_of_an_organisation_are_listed_for_itself(trader, client, need, lots, noord):
    basket = hold(trader, need, *lots)
    assert basket.reference in _included(trader, "reservations/_baskets.html")
    assert _included(sign_in(client, make_member(noord)), "reservations/_baskets.html") == ""


def test_a_basket_of_which_nothing_more_comes_says_so_and_stands_last(trader, need, first, second):
    given_up = hold(trader, need, (first, 2))
    for row in of_basket(given_up.id):
        actions.cancel(row, by=by(), at=clock.now())
    page = _included(trader, "reservations/_baskets.html")
    assert "Mandjes" not in page
    assert re.search(r"<details.*Afgerond: 1 mandje.*Geannuleerd", page, re.DOTALL)
    send(trader, need, (second, 2))
    (live,) = (each for each in baskets_of([given_up.organisation_id]) if each.id != given_up.id)
    page = _included(trader, "reservations/_baskets.html")
    running, ended = page.split("<details")
    assert (live.reference in running, "Loopt" in running) == (True, True)
    assert (given_up.reference in ended, "Geannuleerd" in ended) == (True, True)


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([State.CANCELLED, State.CONFIRMED], "live"),
        ([State.HANDED_OVER, State.HANDED_OVER], "fetched"),
        ([State.HANDED_OVER, State.CANCELLED], "partly"),
        ([State.CANCELLED, State.CANCELLED], "cancelled"),
        ([State.CANCELLED, State.DECLINED], "lapsed"),
    ],
)
def test_how_a_basket_stands_follows_from_all_of_its_lots(context, states, status):
    rows = [make_reservation(make_listing(), make_organisation().id, 2, state=state) for state in states]
    assert status_of(rows) == status


def _part(client, reservation: str) -> str:
    return _included(client, "reservations/_part_of_basket.html", reservation=reservation)


def _included(client, template: str, reservation: str | None = None) -> str:
    """Return a piece of a page as the visitor sees it."""
    with client:
        client.get("/")
        found = get(reservation) if reservation else None
        return render_template(template, reservation=found).strip()


def test_many_baskets_take_the_same_few_statements(trader, need, first, statements):
    counts = []
    for _ in range(2):
        assert send(trader, need, (first, 2)).status_code == 303
        session.commit()
        session.expire_all()
        statements.clear()
        assert "Mandjes" in trader.get("/reserveringen").text
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.fixture
def worked_out(emptied_afterwards, monkeypatch) -> list[str]:
    """The times that the matcher was asked what fits a need: with the lock or without."""
    times = []

    def watched(*args, **kwargs):
        writes = session.connection().get_execution_options().get("writes", False)
        times.append("with the lock" if writes else "without the lock")
        return fits_for_need(*args, **kwargs)

    monkeypatch.setattr(filling, "fits_for_need", watched)
    return times


@pytest.mark.parametrize(
    ("asked", "status"),
    [(("count", "5"), 200), (("hold", "veel"), 422), (("hold", "13"), 409), (("hold", "12"), 303)],
    ids=["counted again", "no amount", "too much", "held"],
)
@pytest.mark.parametrize("key", ["k", ""], ids=["with a key", "without a key"])
def test_nobody_waits_for_the_lock_while_what_fits_is_worked_out(app, worked_out, asked, status, key):
    step, amount = asked
    with app.app_context():
        builder, lot = make_organisation(kind=OrganisationKind.BUILDER), make_listing(total=12)
        need = make_need(make_project(builder), quantity=Decimal(20))
        client = sign_in(app.test_client(), make_member(builder))
        answer = send(client, need, (lot, amount), step=step, request_key=key)
        assert answer.status_code == status
    assert worked_out == ([] if status == 303 else ["without the lock"])
