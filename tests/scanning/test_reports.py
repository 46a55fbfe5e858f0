"""What finders report is kept for the owner, told in the journal, and settled once."""

from datetime import timedelta

import pytest

from marketplace.kit import clock, journal
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.passports.levels import Granularity
from marketplace.passports.taking import Act
from marketplace.scanning import actions, queries, reports
from marketplace.scanning.actions import Scan
from marketplace.scanning.models import Complaint
from marketplace.scanning.reports import Found
from tests.factories import by, make_listing, make_member, make_organisation, make_passport, place
from tests.sealing import SEAL
from tests.web.test_posting import jpeg


@pytest.fixture
def passport(context):
    return make_passport()


@pytest.fixture
def send(passport, tmp_path):
    def report(complaint=Complaint.OTHER_THING, **told):
        return reports.report(passport, Found(complaint, **told), uploads=tmp_path)

    return report


def test_a_report_is_kept_with_its_place_and_told_without_its_words(passport, send):
    row = send(Complaint.OTHER_PLACE, place=place("Assen"), note="  in de  schuur ")
    assert (row.place, row.note, row.x_km > 200) == ("Assen", "in de schuur", True)
    entry = journal.history(passport.subject)[0]
    assert (entry.action, entry.user_id, "schuur" in entry.facts) == ("finder.reported", None, False)
    assert list(queries.open_reports([passport.id])) == [row]


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_something_else_needs_a_few_words_and_no_more(send, note):
    with pytest.raises(InvalidInputError) as refused:
        send(Complaint.OTHER, note=note)
    assert refused.value.field == "note"


def test_a_photo_is_kept_without_its_metadata_and_what_is_none_is_refused(send, tmp_path):
    row = send(photo=jpeg())
    assert (tmp_path / "photos" / row.photo_key[:2] / row.photo_key / "large.jpg").is_file()
    with pytest.raises(InvalidInputError):
        send(photo=b"geen foto")


def test_nobody_can_bury_an_owner_in_reports(send, monkeypatch):
    monkeypatch.setattr(reports, "MOST_OPEN", 2)
    send()
    row = send()
    with pytest.raises(ConflictError):
        send()
    reports.settle(row, by())
    send()


def test_a_report_is_settled_once(passport, send):
    row = send()
    reports.settle(row, by())
    assert list(queries.open_reports([passport.id])) == []
    assert journal.history(passport.subject)[0].action == "finder.settled"
    with pytest.raises(ConflictError):
        reports.settle(row, by())


@pytest.mark.usefixtures("context")
class TestCopies:
    @pytest.fixture
    def lot(self):
        owner = make_organisation()
        return make_listing(owner, passport=make_passport(owner, granularity=Granularity.ITEM), at="Hoogeveen")

    @pytest.fixture
    def scan(self, lot):
        person = make_member(make_organisation())
        return lambda minutes: actions.seen(
            Scan(lot.passport, lot, Act(by(user=person), SEAL, clock.now() - timedelta(minutes=minutes)))
        )

    def copied(self, lot):
        return queries.find_copied(lot.passport, [lot], now=clock.now())

    def test_a_scan_and_a_finder_far_away_within_the_hour_show_a_copy(self, lot, scan, tmp_path):
        scan(minutes=10)
        assert self.copied(lot) is None
        reports.report(lot.passport, Found(Complaint.OTHER_PLACE, place("Utrecht")), uploads=tmp_path)
        earlier, later = self.copied(lot)
        assert (earlier.place, later.place) == ("Hoogeveen", "Utrecht")

    def test_hours_between_them_show_none(self, lot, scan, tmp_path):
        scan(minutes=150)
        reports.report(lot.passport, Found(Complaint.OTHER_PLACE, place("Utrecht")), uploads=tmp_path)
        assert self.copied(lot) is None

    def test_a_report_without_a_place_shows_none(self, lot, scan, tmp_path):
        scan(minutes=1)
        reports.report(lot.passport, Found(Complaint.LABEL), uploads=tmp_path)
        assert self.copied(lot) is None

    def test_two_scans_at_two_places_show_a_copy_of_one_thing(self, lot, scan):
        scan(minutes=20)
        there = place("Utrecht")
        lot.put_at(place=there.name, latitude=there.latitude, longitude=there.longitude)
        scan(minutes=1)
        assert self.copied(lot) is not None

    def test_what_is_long_ago_is_no_longer_told(self, lot, scan, tmp_path):
        day = 91 * 24 * 60
        scan(minutes=day)
        at = clock.now() - timedelta(minutes=day - 5)
        reports.report(lot.passport, Found(Complaint.OTHER_PLACE, place("Utrecht")), uploads=tmp_path, at=at)
        assert self.copied(lot) is None
