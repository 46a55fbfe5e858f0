"""The journal in words, and what of it the public may read."""

import json
from datetime import UTC, datetime

import pytest

from marketplace.kit import clock
from marketplace.kit.journal import JournalEntry
from marketplace.web.history.entries import entries
from tests.conftest import one_database
from tests.factories import make_hub

NOON = datetime(2027, 3, 12, 11, tzinfo=UTC)

EVERYTHING = {
    "passport.created": {"code": "7KQ9M2FX4HTB8WPN", "quantity": "96", "unit": "piece"},
    "passport.published": {},
    "passport.withdrawn": {},
    "passport.changed": {"quantity_from": "96", "quantity_to": "88.5"},
    "passport.hazard_stated": {"hazard": "asbestos", "status_from": "unknown", "status_to": "absent_tested"},
    "passport.claim_added": {"key": "strength", "value": "C45/55", "source": "SGS"},
    "passport.document_added": {"kind": "pdf", "name": "rapport.pdf", "sha256": "ab"},
    "passport.test_recorded": {"test": "Druksterkte", "passed": False, "value": "32 N/mm2", "method": "EN 12390-3"},
    "passport.version_signed": {"version": 2, "sha256": "ab"},
    "passport.photo_added": {"sha256": "ab"},
    "passport.photo_removed": {"sha256": "ab"},
    "passport.split": {"quantity": "8", "unit": "piece", "code": "7KQ9M2FX4HTB8WPN"},
    "passport.merged": {"quantity": "8", "unit": "piece", "code": "7KQ9M2FX4HTB8WPN"},
    "passport.installed": {"quantity": "8", "unit": "piece", "place": "School Beilen", "where": "kamer van Jan"},
    "passport.harvested": {"quantity": "8", "unit": "piece", "lost": "2", "reason": "Jan brak er twee", "part": "deur"},
    "passport.milled": {"quantity": "80", "unit": "t", "part": "V1/D1", "code": "7KQ9M2FX4HTB8WPN"},
    "passport.lost": {"quantity": "8", "unit": "piece", "reason": "Jan weet het niet"},
    "passport.derived": {"quantity": "8", "unit": "piece", "parents": "7KQ9M2FX4HTB8WPN"},
    "listing.split": {"quantity": "8", "unit": "piece", "code": "7KQ9M2FX4HTB8WPN"},
    "label.claimed": {"code": "7KQ9M2FX4HTB8WPN"},
    "label.voided": {"code": "7KQ9M2FX4HTB8WPN", "reason": "Jan belde af"},
    "label.reissued": {"code": "7KQ9M2FX4HTB8WPN", "replaced": "7KQ9M2FX4HTB8WPN"},
    "listing.posted": {"total": "96", "unit": "piece", "place": "Assen", "price_eur": "15"},
    "listing.published": {},
    "listing.changed": {"stage_from": "expected", "stage_to": "in_stock"},
    "listing.taken_off": {"hazard": "asbestos"},
    "listing.withdrawn": {},
    "reservation.requested": {"quantity": "8", "unit": "piece", "organisation": "Bouwer X"},
    "reservation.confirmed": {"quantity": "8", "unit": "piece"},
    "reservation.declined": {"quantity": "8", "unit": "piece", "reason": "Jan belde af"},
    "reservation.cancelled": {"quantity": "8", "unit": "piece", "reason": "Jan belde af"},
    "reservation.waiting": {"quantity": "8", "unit": "piece", "organisation": "Bouwer X"},
    "reservation.waits_on": {"quantity": "5", "unit": "piece", "offered": "RAB23CD4"},
    "reservation.offered": {"quantity": "8", "unit": "piece", "until": "2027-03-14T11:00:00+00:00"},
    "reservation.accepted": {"quantity": "8", "unit": "piece"},
    "reservation.extended": {"quantity": "8", "unit": "piece", "until": "2027-03-20T23:00:00+00:00"},
    "reservation.expiring": {"quantity": "8", "unit": "piece", "until": "2027-03-20T23:00:00+00:00"},
    "reservation.counted": {"quantity": "8", "unit": "piece"},
    "reservation.left_queue": {"quantity": "8", "unit": "piece", "reason": "Jan belde af", "side": "buyer"},
    "reservation.expired": {"quantity": "8", "unit": "piece", "was": "offered"},
    "reservation.released": {"quantity": "8", "unit": "piece", "reason": "Jan belde af"},
    "reservation.handed_over": {"quantity": "8.000", "unit": "piece", "organisation": "Bouwer X"},
    "reservation.written_off": {"quantity": "8", "unit": "piece", "reason": "Jan reed eroverheen"},
    "reservation.shortened": {
        "quantity": "3",
        "unit": "piece",
        "before": "8",
        "after": "5",
        "organisation": "Bouwer X",
    },
    "hand_over.reported": {"quantity": "8", "unit": "piece", "from": "Bouwer X", "reason": "Jan reed erover"},
    "hand_over.rejected": {"quantity": "8", "unit": "piece", "from": "Bouwer X", "reason": "Jan telde anders"},
    "pickup.proposed": {"starts_at": "2027-03-20T09:00:00+00:00", "from": "Bouwer X"},
    "pickup.agreed": {"starts_at": "2027-03-20T09:00:00+00:00", "from": "Bouwer X"},
    "pickup.cancelled": {"reason": "Jan belde af", "from": "Bouwer X"},
    "passport.transferred": {"quantity": "8", "unit": "piece", "from": "Sloper Y", "to": "Bouwer X"},
    "scan.seen": {"place": "Hoogeveen", "rack": "B-04"},
    "scan.received": {"place": "Hoogeveen", "rack": "B-04", "quantity": "96", "unit": "piece"},
    "scan.damaged": {"quantity": "3", "unit": "piece", "reason": "Jan reed eroverheen"},
}


def entry(action, facts, number=1, at=NOON):
    return JournalEntry(number=number, at=at, subject="passport:1", action=action, facts=json.dumps(facts))


@pytest.fixture
def told(context):
    with context.test_request_context():
        yield lambda *journal, public=False: entries(journal, public=public)


@one_database
def test_every_action_has_words_of_its_own(told):
    for action, facts in EVERYTHING.items():
        (line,) = told(entry(action, facts))
        assert line.title, action
        assert line.title != "Gegevens bijgewerkt", action
        assert "%(" not in line.title + line.text, action
        assert line.date_text == "12 mrt 2027", action


@one_database
@pytest.mark.parametrize("action", [*EVERYTHING, "robot.danced"])
def test_facts_that_are_missing_or_odd_stop_no_page(told, action):
    for facts in ({}, {"quantity": "veel", "unit": 3, "hazard": "kou", "stage_from": 1, "stage_to": "x"}):
        for public in (True, False):
            assert len(told(entry(action, facts), public=public)) <= 1, (facts, public)


@one_database
@pytest.mark.parametrize(
    ("action", "option", "title"),
    [
        ("requested", False, "8 st aangevraagd"),
        ("confirmed", False, "Reservering van 8 st bevestigd"),
        ("requested", True, "Optie op 8 st aangevraagd"),
        ("confirmed", True, "Optie op 8 st bevestigd"),
    ],
)
def test_what_was_asked_is_not_called_reserved_and_an_option_is_called_one(told, action, option, title):
    (line,) = told(entry(f"reservation.{action}", {"quantity": "8", "unit": "piece", "option": option}))
    assert line.title == title


def test_an_action_that_nobody_has_words_for_is_told_in_general(told):
    assert told(entry("robot.danced", {"secret": "x"})) == [("12 mrt 2027", "Gegevens bijgewerkt", "", "now")]


@one_database
@pytest.mark.parametrize(
    ("action", "facts", "line"),
    [
        ("reservation.offered", {"until": "2027-03-14T11:00:00+00:00"}, "tot zo 14 mrt 2027 12:00 uur"),
        ("reservation.extended", {"until": "2027-03-20T23:00:00+00:00"}, "tot en met za 20 mrt 2027"),
        ("reservation.expired", {"was": "requested"}, "niet op tijd beantwoord"),
        ("reservation.cancelled", {"side": "owner", "reason": "Zelf nodig"}, "door de aanbieder, Zelf nodig"),
        ("reservation.confirmed", {"automatic": True}, "meteen, binnen de kring"),
        ("reservation.shortened", {"before": "8", "after": "5", "unit": "piece"}, "8 st wordt 5 st"),
    ],
)
def test_a_step_of_a_reservation_is_told_with_what_matters_of_it(told, monkeypatch, action, facts, line):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 26, 9, tzinfo=UTC))
    assert told(entry(action, facts))[0].text == line


def test_the_newest_comes_first_and_is_now(told):
    lines = told(entry("passport.published", {}, 4), entry("scan.seen", {}, 9), entry("listing.published", {}, 5))
    assert [(line.title, line.state) for line in lines] == [
        ("Gezien", "now"),
        ("Te koop gezet", "past"),
        ("Paspoort gepubliceerd", "past"),
    ]


def test_the_public_reads_no_prices_no_parties_and_nothing_that_people_typed(told):
    lines = told(
        *(entry(action, facts, number) for number, (action, facts) in enumerate(EVERYTHING.items())), public=True
    )
    everything = " ".join(f"{line.title} {line.text}" for line in lines)
    assert "8 st overgedragen" in everything
    assert "3 st beschadigd" in everything
    for secret in ("Bouwer X", "Sloper Y", "Jan", "B-04", "€", "15", "gereserveerd"):
        assert secret not in everything


def test_a_change_of_the_price_alone_is_no_news_for_the_public(told):
    change = entry("listing.changed", {"price_eur_from": "15", "price_eur_to": "12.5"})
    assert told(change, public=True) == []
    assert told(change)[0].text == "prijs van € 15,00 naar € 12,50"


def test_a_change_of_the_price_among_others_is_left_out_for_the_public(told):
    facts = {"price_eur_from": "15", "price_eur_to": "9", "total_from": "96", "total_to": "88"}
    (line,) = told(entry("listing.changed", facts), public=True)
    assert line.text == "hoeveelheid te koop van 96 naar 88"


def test_another_place_is_told_to_members_with_its_address_and_hub_and_to_the_public_by_its_town(told):
    hub = make_hub(name="Havenhub")
    facts = {"hub_id_from": None, "hub_id_to": hub.id, "place_from": "Assen", "place_to": "Zwolle"}
    change = entry("listing.changed", {**facts, "address_from": "Loods 3", "address_to": "Kade 12"})
    town = "plaats van Assen naar Zwolle"
    assert told(change, public=True)[0].text == town
    assert told(change)[0].text == f"adres van Loods 3 naar Kade 12; hub van niet ingevuld naar Havenhub; {town}"


@pytest.mark.parametrize("value", ["999999", "onzin"])
def test_a_hub_that_is_no_more_is_told_by_its_number(told, value):
    (line,) = told(entry("listing.changed", {"hub_id_from": None, "hub_id_to": value}))
    assert line.text == f"hub van niet ingevuld naar {value}"


def test_photos_of_one_day_are_one_line_but_scans_are_not(told):
    photos = [entry("passport.photo_added", {}, number) for number in (1, 2, 3)]
    scans = [entry("scan.seen", {"place": "Assen"}, 4), entry("scan.seen", {"place": "Beilen"}, 5)]
    assert [line.title for line in told(*photos, *scans)] == [
        "Gezien in Beilen",
        "Gezien in Assen",
        "3 foto's toegevoegd",
    ]


def test_a_hand_over_by_scan_is_told_once(told):
    journal = [entry("reservation.handed_over", {"quantity": "8", "unit": "piece"}), entry("scan.handed_over", {}, 2)]
    assert [line.title for line in told(*journal)] == ["8 st overgedragen"]


def test_what_was_damaged_is_told_once_and_another_loss_as_well(told):
    same = {"quantity": "3", "unit": "piece", "reason": "Jan reed eroverheen"}
    journal = [
        entry("passport.lost", same, 1),
        entry("passport.lost", same, 2),
        entry("scan.damaged", same | {"quantity": "3.000"}, 4),
        entry("passport.lost", same | {"reason": "Gestolen"}, 5),
        entry("scan.damaged", same | {"quantity": "4"}, 6),
        entry("passport.lost", same, 7),
    ]
    for public in (True, False):
        assert [line.title for line in told(*journal, public=public)] == [
            "3 st afgeschreven",
            "4 st beschadigd en afgeschreven",
            "3 st afgeschreven",
            "3 st beschadigd en afgeschreven",
            "3 st afgeschreven",
        ]


def test_what_was_lost_while_fetching_is_told_once_to_members_and_to_the_public(told):
    facts = {"quantity": "2", "unit": "piece", "reason": "Glas"}
    journal = [entry("passport.lost", facts), entry("reservation.written_off", facts | {"what": "broken"}, 2)]
    assert [line.title for line in told(*journal)] == ["2 st stuk, afgeschreven"]
    assert [line.title for line in told(*journal, public=True)] == ["2 st afgeschreven"]


def test_between_whom_a_thing_changed_hands_only_they_read(context):
    sides = {"from": "Bork", "from_id": 1, "to": "Esdorp", "to_id": 2, "quantity": "8", "unit": "piece"}
    with context.test_request_context():
        for ours, text in ((), ""), ((3,), ""), ((1,), "Bork → Esdorp"), ((3, 2), "Bork → Esdorp"):
            (line,) = entries([entry("passport.transferred", sides)], public=True, ours=ours)
            assert (line.title, line.text) == ("8 st naar een andere eigenaar", text)
        hidden = {"reason": "Jan belde af", "from_id": 1, "to_id": 2}
        assert entries([entry("reservation.declined", hidden)], public=True, ours=[1, 2]) == []
        (line,) = entries([entry("passport.lost", hidden)], public=True, ours=[1, 2])
        assert "Jan" not in line.text


def test_a_change_names_the_groups_of_fields_and_keeps_the_name_of_a_file_inside(told):
    (line,) = told(
        entry("passport.changed", {"parts": "composition donor condition", "name_from": "A", "name_to": "B"})
    )
    assert line.text == "naam van A naar B; samenstelling, herkomst, conditie"
    (line,) = told(entry("passport.document_added", {"kind": "pdf", "name": "Jansen.pdf"}), public=True)
    assert "Jansen" not in line.title + line.text


def test_the_public_reads_that_a_test_failed(told):
    (line,) = told(entry("passport.test_recorded", EVERYTHING["passport.test_recorded"]), public=True)
    assert line.title == "Getest: Druksterkte, voldoet niet"
    assert line.text == "32 N/mm2, EN 12390-3"
