"""Labels with a code of their own: scanned, claimed, void and replaced, as people meet them."""

import re

import pytest
import zxingcpp
from pypdfium2 import PdfDocument
from sqlalchemy import select

from marketplace.accounts.permissions import Role
from marketplace.kit.codes import grouped
from marketplace.kit.database import session
from marketplace.labels import actions, queries
from marketplace.labels.models import IssuedLabel, LabelStatus
from marketplace.listings.models import Listing
from marketplace.passports.models import PassportStatus
from marketplace.web import lookups
from tests.factories import by, make_listing, make_member, make_organisation, make_passport, sign_in, sign_out
from tests.web.reading import sent_back


@pytest.fixture
def owner(context):
    return make_organisation(name="Bork Groep")


@pytest.fixture
def passport(owner):
    return make_passport(owner)


@pytest.fixture
def trader(client, owner):
    return sign_in(client, make_member(owner))


@pytest.fixture
def blank(owner):
    (label,) = actions.make_blanks(organisation=owner, count=1, by=by(owner))
    return label.code


def claimed(owner, passport) -> str:
    (label,) = actions.make_blanks(organisation=owner, count=1, by=by(owner))
    return actions.claim(code=label.code, passport=passport, by=by(owner)).code


def where(client, path):
    """Return where an address leads in the end, and with which answer."""
    answer = client.get(path, follow_redirects=True)
    return answer.request.path, answer.status_code


@pytest.mark.parametrize("path", ["/ID/{}", "/scan/{}", "/labels/{}", "/id/{}", "/scan/open?code={}"])
def test_a_claimed_label_leads_strangers_to_the_passport(client, owner, passport, path):
    code = claimed(owner, passport)
    for spelling in (code, code.lower()):
        assert where(client, path.format(spelling)) == (f"/paspoort/{passport.code}", 200)


def test_a_claimed_label_leads_its_people_to_the_steps(trader, owner, passport):
    make_listing(owner, passport=passport)
    answer = trader.get(f"/scan/{claimed(owner, passport)}")
    assert answer.status_code == 200
    assert f'action="/scan/{passport.code}"' in answer.text


def test_the_label_of_a_draft_is_for_its_people_alone(client, owner):
    draft = make_passport(owner, status=PassportStatus.DRAFT)
    code = claimed(owner, draft)
    assert client.get(f"/ID/{code}", follow_redirects=True).status_code == 404
    assert where(sign_in(client, make_member(owner)), f"/ID/{code}") == (f"/paspoort/{draft.code}", 200)


@pytest.mark.parametrize("path", ["/ID/{}", "/scan/{}"])
def test_a_blank_label_is_a_plain_notice_to_strangers(client, owner, passport, blank, path):
    for who in (sign_out(client), sign_in(client, make_member())):
        answer = who.get(path.format(blank), follow_redirects=True)
        assert answer.status_code == 404
        assert "nog niet gekoppeld" in answer.text
        assert "<form class" not in answer.text.partition("<main")[2].partition("</main")[0]
        assert owner.name not in answer.text.partition("<main")[2].partition("</main")[0]


def test_a_blank_label_asks_its_people_what_it_hangs_on(trader, owner, passport, blank):
    labelled, other = make_passport(owner, name="Al gelabeld"), make_passport(name="Van een ander")
    claimed(owner, labelled)
    answer = trader.get(f"/scan/{blank}", follow_redirects=True)
    assert (answer.request.path, answer.status_code) == (f"/labels/{blank}", 200)
    assert "Nog te koppelen" in answer.text
    assert f'value="{passport.code}"' in answer.text
    assert f"/aanbieden?label={blank}" in answer.text
    assert labelled.code not in answer.text
    assert other.code not in answer.text


def test_what_a_label_hangs_on_is_searched(trader, owner, passport, blank):
    beam = make_passport(owner, name="Eiken balk")
    page = trader.get(f"/labels/{blank}?q=balk").text
    assert (beam.code in page, passport.code in page) == (True, False)
    assert "Niets gevonden zonder label" in trader.get(f"/labels/{blank}?q=zzz").text


@pytest.mark.parametrize("how", ["chosen", "typed", "pasted"])
def test_claiming_makes_the_label_lead_to_the_passport(client, owner, passport, blank, how):
    sign_in(client, make_member(owner, Role.SITE))
    sent = {
        "chosen": {"lot": passport.code},
        "typed": {"code": grouped(passport.code).lower()},
        "pasted": {"code": f"https://hub.example/ID/{passport.code}?x=1"},
    }[how]
    answer = client.post(f"/labels/{blank}/koppelen", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/scan/{blank}")
    assert where(sign_out(client), f"/ID/{blank}") == (f"/paspoort/{passport.code}", 200)


@pytest.mark.parametrize(
    ("sent", "field"), [({}, "lot"), ({"code": "onzin"}, "code"), ({"code": "7KQ9M2FX4HTB8WPN"}, "code")]
)
def test_what_cannot_be_claimed_is_said_at_its_field(trader, passport, blank, sent, field):
    answer = trader.post(f"/labels/{blank}/koppelen", data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert queries.label_of_code(blank).status is LabelStatus.BLANK


def test_a_passport_of_somebody_else_cannot_be_claimed(trader, passport, blank):
    other = make_passport()
    answer = trader.post(f"/labels/{blank}/koppelen", data={"lot": other.code})
    assert answer.status_code == 422
    assert other.name not in answer.text.partition("<fieldset")[0]
    assert queries.find_passport_by_any_code(blank) is None


def test_strangers_claim_nothing(client, passport, blank):
    stranger = make_organisation()
    own = make_passport(stranger)
    assert sign_out(client).post(f"/labels/{blank}/koppelen", data={"lot": own.code}).status_code == 302
    sign_in(client, make_member(stranger))
    assert client.post(f"/labels/{blank}/koppelen", data={"lot": own.code}).status_code == 404
    assert client.post("/labels/7KQ9M2FX4HTB8WPN/koppelen", data={"lot": own.code}).status_code == 404


def test_a_label_that_was_claimed_meanwhile_is_a_conflict(trader, owner, passport, blank):
    actions.claim(code=blank, passport=make_passport(owner), by=by(owner))
    assert trader.post(f"/labels/{blank}/koppelen", data={"lot": passport.code}).status_code == 409


def test_a_new_lot_takes_the_label_that_hangs_on_it(trader, owner, blank):
    page = trader.get(f"/aanbieden?label={blank}").text
    assert grouped(blank) in page
    sent = sent_back(page) | {
        "category": "door_interior",
        "category_text": "binnendeur",
        "quantity": "12",
        "grade": "B",
        "price_eur": "15",
        "building_year": "2001",
        "origin": "Kantoor Beilen",
        "publish": "1",
    }
    assert trader.post("/aanbieden", data=sent).status_code == 303
    listing = session.scalars(select(Listing)).one()
    assert queries.find_passport_by_any_code(blank).id == listing.passport_id


@pytest.mark.parametrize("label", ["7KQ9M2FX4HTB8WPN", "onzin", ""])
def test_a_label_that_is_not_blank_and_own_is_not_proposed(trader, label):
    (foreign,) = actions.make_blanks(organisation=make_organisation(), count=1, by=by())
    for code in (label, foreign.code):
        page = trader.get(f"/aanbieden?label={code}").text
        assert "hangt straks aan deze partij" not in page


def test_a_lot_is_not_posted_with_a_label_that_was_claimed_meanwhile(trader, owner, passport, blank):
    sent = sent_back(trader.get(f"/aanbieden?label={blank}").text) | {
        "category": "door_interior",
        "category_text": "binnendeur",
        "quantity": "12",
        "grade": "B",
        "price_eur": "15",
        "building_year": "2001",
        "origin": "Kantoor Beilen",
    }
    actions.claim(code=blank, passport=passport, by=by(owner))
    answer = trader.post("/aanbieden", data=sent)
    assert answer.status_code == 422
    assert "al gekoppeld of ongeldig" in answer.text
    assert session.scalars(select(Listing)).all() == []


@pytest.mark.parametrize("path", ["/ID/{}", "/scan/{}", "/labels/{}"])
def test_a_void_label_is_gone_and_shows_the_way(client, owner, passport, path):
    code = claimed(owner, passport)
    actions.void(code=code, reason="Jan heeft hem verplaatst", by=by(owner))
    answer = client.get(path.format(code), follow_redirects=True)
    assert answer.status_code == 410
    assert "geldt niet meer" in answer.text
    assert f'href="/paspoort/{passport.code}"' in answer.text
    assert "Jan" not in answer.text


def test_a_void_label_of_a_draft_tells_strangers_nothing_of_it(client, owner):
    draft = make_passport(owner, status=PassportStatus.DRAFT)
    code = claimed(owner, draft)
    actions.void(code=code, reason="weg", by=by(owner))
    answer = client.get(f"/labels/{code}")
    assert (answer.status_code, draft.code in answer.text) == (410, False)


def test_the_owner_voids_and_replaces(trader, owner, passport):
    code = claimed(owner, passport)
    answer = trader.post(f"/labels/{code}/ongeldig", data={"reason": "gescheurd"})
    assert (answer.status_code, answer.location) == (303, f"/paspoort/{passport.code}/label")
    assert "gescheurd" in trader.get(answer.location).text
    answer = trader.post(f"/labels/{code}/vervangen", data={})
    new = queries.label_of_code(code).replaced_by
    assert (answer.status_code, answer.location) == (303, f"/paspoort/{new}/label")
    page = trader.get(answer.location).text
    assert f'src="/paspoort/{new}/label.svg"' in page
    assert where(trader, f"/ID/{new}")[0] == f"/paspoort/{passport.code}"
    assert trader.get(f"/ID/{code}", follow_redirects=True).status_code == 410


@pytest.mark.parametrize("step", ["ongeldig", "vervangen"])
def test_a_reason_is_asked_at_its_field(trader, owner, passport, step):
    answer = trader.post(f"/labels/{passport.code}/{step}", data={"reason": " "})
    assert answer.status_code == 422
    assert f'id="reason-{passport.code}-error"' in answer.text
    assert queries.find_own_void(passport) is None


def test_a_blank_label_is_void_with_a_reason_only(trader, owner, blank):
    answer = trader.post(f"/labels/{blank}/ongeldig", data={"reason": ""})
    assert (answer.status_code, f'id="reason-{blank}-error"' in answer.text) == (422, True)
    assert trader.post(f"/labels/{blank}/ongeldig", data={"reason": "rol kwijt"}).status_code == 303
    assert trader.get(f"/ID/{blank}", follow_redirects=True).status_code == 410
    assert trader.post(f"/labels/{blank}/vervangen", data={"reason": "x"}).status_code == 404


def test_a_label_is_not_void_twice(trader, passport):
    sent = {"reason": "gescheurd"}
    assert trader.post(f"/labels/{passport.code}/ongeldig", data=sent).status_code == 303
    assert trader.post(f"/labels/{passport.code}/ongeldig", data=sent).status_code == 409
    assert trader.post(f"/labels/{passport.code}/vervangen", data=sent).status_code == 303
    assert trader.post(f"/labels/{passport.code}/vervangen", data=sent).status_code == 409


@pytest.mark.parametrize("step", ["ongeldig", "vervangen"])
def test_only_who_trades_for_the_owner_voids_and_replaces(client, owner, passport, step):
    path, sent = f"/labels/{passport.code}/{step}", {"reason": "pesten"}
    assert sign_out(client).post(path, data=sent).status_code == 302
    assert sign_in(client, make_member(owner, Role.SITE)).post(path, data=sent).status_code == 403
    assert sign_in(client, make_member()).post(path, data=sent).status_code == 404
    assert client.post(f"/labels/7KQ9M2FX4HTB8WPN/{step}", data=sent).status_code == 404
    assert queries.find_own_void(passport) is None
    page = sign_out(client).get(f"/paspoort/{passport.code}/label").text
    assert "vervangen" not in page
    assert "Ander papier" not in page


def test_the_page_of_a_passport_warns_of_its_old_label(client, owner, passport):
    assert "ongeldig sinds" not in client.get(f"/paspoort/{passport.code}").text
    new = actions.reissue(passport=passport, old_code=passport.code, reason="Jan", by=by(owner)).code
    answer = client.get(f"/paspoort/{passport.code}")
    assert answer.status_code == 200
    assert "ongeldig sinds" in answer.text
    assert grouped(new) in answer.text
    assert f'src="/paspoort/{new}/label.svg"' in client.get(f"/paspoort/{passport.code}/label").text


def test_a_passport_whose_every_label_is_void_has_none_to_show(client, owner, passport):
    actions.void(code=passport.code, reason="weg", by=by(owner))
    page = client.get(f"/paspoort/{passport.code}/label")
    assert (page.status_code, "<img class" in page.text) == (200, False)
    assert client.get(f"/paspoort/{passport.code}/label.pdf").status_code == 404


def test_labels_are_no_misses_of_who_guesses(client, app, blank, monkeypatch):
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", 1)
    monkeypatch.setattr(lookups, "_MISSES", lookups.RateLimitItemPerMinute(2, namespace="labels_test"))
    for _ in range(5):
        assert client.get(f"/labels/{blank}").status_code == 404
        assert client.get(f"/ID/{blank}").status_code == 307
    for _ in range(2):
        assert client.get("/ID/7KQ9M2FX4HTB8WPN").status_code == 404
    assert client.get(f"/labels/{blank}").status_code == 429


def test_from_a_roll_of_blank_labels_to_a_label_that_was_replaced(client, owner, passport):
    """The whole way: printed ahead, scanned, claimed, found, void, replaced, and both codes lead to the thing."""
    make_listing(owner, passport=passport)
    sign_in(client, make_member(owner))
    sent = {"medium": "l7160", "language": "both", "format": "pdf", "skip": "0", "count": "1"}
    sent["organisation"] = owner.id
    pdf = client.post("/labels/blanco", data={f"blank-{name}": value for name, value in sent.items()}).data
    (read,) = zxingcpp.read_barcodes(PdfDocument(pdf)[0].render(scale=150 / 72).to_pil())
    code = read.text.rpartition("/")[2]

    page = client.get(f"/scan/{code}", follow_redirects=True)
    action = re.search(r'action="(/labels/\w+/koppelen)"', page.text)[1]
    answer = client.post(action, data={"lot": passport.code}, follow_redirects=True)
    assert answer.request.path == f"/scan/{code}"
    assert "Label gekoppeld aan" in answer.text
    assert where(sign_out(client), f"/ID/{code}") == (f"/paspoort/{passport.code}", 200)

    sign_in(client, make_member(owner))
    client.post(f"/labels/{passport.code}/ongeldig", data={"reason": "onleesbaar"})
    assert "ongeldig sinds" in client.get(f"/paspoort/{passport.code}").text
    client.post(f"/labels/{passport.code}/vervangen", data={})
    new = session.scalars(select(IssuedLabel).order_by(IssuedLabel.id.desc())).first().code
    assert len({passport.code, code, new}) == 3
    for each in (passport.code, code, new):
        assert where(sign_out(client), f"/ID/{each}") == (f"/paspoort/{passport.code}", 200)
    told = client.get(f"/paspoort/{passport.code}").text
    assert "Nieuw label uitgegeven" in told
    assert "onleesbaar" not in told
