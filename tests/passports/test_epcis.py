"""The life of a thing, in the shape of EPCIS 2.0."""

from datetime import UTC, datetime

import pytest

from marketplace.passports.epcis import Happening, events_of

BASE = "https://hub.example/ID/"
CODE, CHILD = "7KQ9M2FX4HTB8WPN", "2QW7M2FX4HTB8WPR"
NOON = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
WINTER = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)


def events(*happenings):
    return events_of(CODE, happenings, base=BASE, made_at=NOON)["epcisBody"]["eventList"]


def one(action, at=NOON, **told):
    (event,) = events(Happening(12, at, action, told))
    return event


def test_a_document_says_what_it_is_and_when_it_was_made():
    document = events_of(CODE, [], base=BASE, made_at=NOON)
    assert (document["type"], document["schemaVersion"]) == ("EPCISDocument", "2.0")
    assert document["creationDate"] == "2026-07-01T12:30:00+02:00"
    assert document["epcisBody"] == {"eventList": []}


def test_an_event_says_what_when_where_and_in_which_step():
    assert one("scan.received", quantity="24", unit="piece", place="Nieuw-Amsterdam", rack="B4") == {
        "type": "ObjectEvent",
        "eventID": f"{BASE}{CODE}#event-12",
        "eventTime": "2026-07-01T12:30:00+02:00",
        "eventTimeZoneOffset": "+02:00",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "disposition": "in_progress",
        "quantityList": [{"epcClass": f"{BASE}{CODE}", "quantity": 24}],
        "readPoint": {"id": "tag:hub.example,2026:place:nieuw-amsterdam"},
    }


def test_the_offset_follows_the_clock_on_the_wall():
    assert one("scan.seen", WINTER)["eventTimeZoneOffset"] == "+01:00"


def test_what_is_weighed_carries_its_unit_and_pieces_none():
    assert one("scan.damaged", quantity="1.5", unit="t")["quantityList"] == [
        {"epcClass": f"{BASE}{CODE}", "quantity": 1.5, "uom": "TNE"}
    ]
    assert one("scan.seen")["epcList"] == [f"{BASE}{CODE}"]


@pytest.mark.parametrize("action", ["passport.split", "passport.merged", "passport.harvested", "passport.milled"])
def test_what_goes_on_as_another_is_a_transformation(action):
    event = one(action, code=CHILD, quantity="3", unit="piece")
    assert (event["type"], event["inputEPCList"], event["outputEPCList"]) == (
        "TransformationEvent",
        [f"{BASE}{CODE}"],
        [f"{BASE}{CHILD}"],
    )


def test_what_came_out_of_several_names_them_all():
    event = one("passport.derived", parents=f"{CHILD}, 3AW7M2FX4HTB8WPZ", code=CODE)
    assert event["inputEPCList"] == [f"{BASE}{CHILD}", f"{BASE}3AW7M2FX4HTB8WPZ"]
    assert event["outputEPCList"] == [f"{BASE}{CODE}"]


def test_nothing_private_and_nothing_without_a_step_comes_out():
    private = {"organisation": "Bouwbedrijf Noord", "reason": "Gevallen", "where": "kamer 3", "price_eur_from": "99.95"}
    told = events(
        Happening(1, NOON, "listing.changed", private),
        Happening(2, NOON, "reservation.requested", private),
        Happening(3, NOON, "reservation.handed_over", private | {"quantity": "4", "unit": "piece"}),
        Happening(4, NOON, "passport.installed", private | {"place": "Dorpshuis"}),
    )
    assert [event["bizStep"] for event in told] == ["shipping", "installing"]
    assert not any(text in str(told) for text in private.values())


def test_events_come_in_the_order_in_which_they_happened():
    later = Happening(1, WINTER, "scan.seen", {})
    assert [event["eventID"][-1] for event in events(later, Happening(2, NOON, "scan.seen", {}))] == ["2", "1"]
