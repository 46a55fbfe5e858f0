"""Labels with a code of their own: made ahead, claimed, void, replaced; and what is kept of a print."""

import pytest

from marketplace.kit import journal
from marketplace.kit.codes import is_passport_code
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError, NotFoundError
from marketplace.labels import actions, media, queries
from marketplace.labels.models import IssuedLabel, LabelStatus, PrintFormat
from marketplace.labels.prints import facts_of
from marketplace.passports.models import PassportStatus
from tests.factories import by, make_organisation, make_passport
from tests.labels import samples


@pytest.fixture
def owner(context):
    return make_organisation()


@pytest.fixture
def passport(owner):
    return make_passport(owner)


def blank(owner) -> IssuedLabel:
    (label,) = actions.make_blanks(organisation=owner, count=1, by=by(owner))
    return label


def told(passport):
    return [(entry.action, entry.told) for entry in reversed(journal.history(passport.subject))]


def test_blank_labels_have_codes_that_nobody_has(owner, passport):
    made = actions.make_blanks(organisation=owner, count=12, by=by(owner))
    codes = {label.code for label in made}
    assert len(codes) == 12
    assert all(map(is_passport_code, codes))
    assert {label.status for label in made} == {LabelStatus.BLANK}
    assert queries.blanks_left([owner.id]) == 12
    assert queries.blanks_left([make_organisation().id]) == 0
    (entry,) = journal.history(f"organisation:{owner.id}")
    assert (entry.action, entry.told["count"]) == ("label.blanks_made", 12)


def test_a_code_that_is_taken_is_not_given_again(owner, passport, monkeypatch):
    label = blank(owner)
    drawn = iter([passport.code, label.code, samples.code(1), samples.code(1), samples.code(2)])
    monkeypatch.setattr(actions, "new_passport_code", lambda: next(drawn))
    made = actions.make_blanks(organisation=owner, count=2, by=by(owner))
    assert sorted(each.code for each in made) == sorted([samples.code(1), samples.code(2)])


@pytest.mark.parametrize("count", [-1, 0, 1001])
def test_none_or_too_many_blank_labels_are_refused(owner, count):
    with pytest.raises(InvalidInputError) as refused:
        actions.make_blanks(organisation=owner, count=count, by=by(owner))
    assert refused.value.field == "count"


def test_a_blank_label_leads_nowhere_until_it_is_claimed(owner, passport):
    label = blank(owner)
    assert queries.find_passport_by_any_code(label.code) is None
    actions.claim(code=label.code.lower(), passport=passport, by=by(owner))
    assert queries.find_passport_by_any_code(label.code) is passport
    assert queries.find_passport_by_any_code(passport.code) is passport
    assert (label.status, label.claimed_at is not None) == (LabelStatus.ACTIVE, True)
    assert told(passport) == [("label.claimed", {"code": label.code})]


def test_a_label_is_claimed_once(owner, passport):
    label = blank(owner)
    actions.claim(code=label.code, passport=passport, by=by(owner))
    actions.claim(code=label.code, passport=passport, by=by(owner))
    assert len(told(passport)) == 1, "a double tap is one claim"
    with pytest.raises(ConflictError):
        actions.claim(code=label.code, passport=make_passport(owner), by=by(owner))
    assert queries.find_passport_by_any_code(label.code) is passport


def test_nobody_claims_what_is_not_theirs(owner, passport):
    label, stranger = blank(owner), make_organisation()
    for claimed, who in ((passport, stranger), (make_passport(stranger), owner), (make_passport(stranger), stranger)):
        with pytest.raises(NotFoundError):
            actions.claim(code=label.code, passport=claimed, by=by(who))
    with pytest.raises(NotFoundError):
        actions.claim(code=passport.code, passport=passport, by=by(owner))
    assert label.status is LabelStatus.BLANK


@pytest.mark.parametrize("status", [PassportStatus.WITHDRAWN, PassportStatus.REPLACED, PassportStatus.DESTROYED])
def test_a_passport_that_is_over_gets_no_label(owner, status):
    over, label = make_passport(owner, status=status), blank(owner)
    with pytest.raises(ConflictError):
        actions.claim(code=label.code, passport=over, by=by(owner))
    with pytest.raises(ConflictError):
        actions.reissue(passport=over, old_code=over.code, reason="weg", by=by(owner))


def test_a_void_label_leads_nowhere_and_is_void_once(owner, passport):
    label = blank(owner)
    actions.claim(code=label.code, passport=passport, by=by(owner))
    actions.void(code=label.code, reason="  van de pallet gewaaid ", by=by(owner))
    assert queries.find_passport_by_any_code(label.code) is None
    assert (label.status, label.reason, label.passport_id) == (LabelStatus.VOID, "van de pallet gewaaid", passport.id)
    with pytest.raises(ConflictError):
        actions.void(code=label.code, reason="nog eens", by=by(owner))
    assert label.reason == "van de pallet gewaaid"


def test_the_own_code_of_a_passport_leads_to_it_even_when_its_label_is_void(owner, passport):
    assert queries.find_own_void(passport) is None
    actions.void(code=passport.code, reason="onleesbaar", by=by(owner))
    assert queries.find_passport_by_any_code(passport.code) is passport
    assert queries.find_own_void(passport).reason == "onleesbaar"
    with pytest.raises(ConflictError):
        actions.void(code=passport.code, reason="nog eens", by=by(owner))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_label_is_not_void_without_a_reason_of_readable_length(owner, passport, reason):
    with pytest.raises(InvalidInputError) as refused:
        actions.void(code=passport.code, reason=reason, by=by(owner))
    assert refused.value.field == "reason"
    assert queries.find_own_void(passport) is None


def test_a_code_that_nobody_has_cannot_be_void(owner):
    with pytest.raises(NotFoundError):
        actions.void(code=samples.code(), reason="weg", by=by(owner))


def test_a_new_label_replaces_the_old_one_and_the_passport_keeps_its_code(owner, passport):
    code = passport.code
    new = actions.reissue(passport=passport, old_code=code, reason="gescheurd", by=by(owner))
    assert passport.code == code != new.code
    assert {queries.find_passport_by_any_code(each) for each in (code, new.code)} == {passport}
    assert queries.find_own_void(passport).replaced_by == new.code
    assert [action for action, _ in told(passport)] == ["label.voided", "label.reissued"]
    newest = actions.reissue(passport=passport, old_code=new.code, reason="weer gescheurd", by=by(owner))
    assert queries.find_passport_by_any_code(new.code) is None
    assert queries.codes_to_print([passport]) == {passport.id: newest.code}


def test_a_label_that_was_void_already_is_replaced_without_a_new_reason_and_once(owner, passport):
    actions.void(code=passport.code, reason="weg", by=by(owner))
    assert queries.codes_to_print([passport]) == {}
    new = actions.reissue(passport=passport, old_code=passport.code, reason="", by=by(owner))
    assert queries.codes_to_print([passport]) == {passport.id: new.code}
    with pytest.raises(ConflictError):
        actions.reissue(passport=passport, old_code=passport.code, reason="", by=by(owner))


def test_a_label_of_something_else_is_not_replaced(owner, passport):
    other = make_passport(owner)
    for code in (other.code, blank(owner).code, samples.code()):
        with pytest.raises(NotFoundError):
            actions.reissue(passport=passport, old_code=code, reason="weg", by=by(owner))


def test_a_passport_whose_label_holds_is_printed_with_its_own_code(owner, passport):
    label = blank(owner)
    actions.claim(code=label.code, passport=passport, by=by(owner))
    assert queries.codes_to_print([passport]) == {passport.id: passport.code}


def test_the_facts_of_a_print_are_kept(owner):
    labels = [samples.label(1), samples.label(1), samples.label(2)]
    facts = facts_of(labels, media.get("l7160"), skip=2)
    codes = [samples.code(1), samples.code(1), samples.code(2)]
    row = actions.record_print(facts=facts, form=PrintFormat.PDF, organisation_id=owner.id, codes=codes, by=by(owner))
    session.expire(row)
    kept = {name: float(getattr(row, name)) for name in ("width_mm", "height_mm", "module_mm")}
    assert kept == {"width_mm": 63.5, "height_mm": 38.1, "module_mm": facts.module_mm}
    assert (row.medium, row.level, row.language, row.count, row.skipped) == ("l7160", "H", "nl", 3, 2)
    assert row.codes.split() == [samples.code(1), samples.code(2)]
    assert queries.prints_of([owner.id]) == [row]
    assert queries.prints_of([make_organisation().id]) == []


def test_only_own_passports_that_hold_are_chosen(owner, passport):
    other, over = make_passport(), make_passport(owner, status=PassportStatus.WITHDRAWN)
    assert queries.chosen([passport.code, passport.code.lower()], [owner.id]) == [passport]
    for code in (other.code, over.code, samples.code()):
        with pytest.raises(NotFoundError):
            queries.chosen([passport.code, code], [owner.id])


def test_what_is_to_be_labelled_is_found_by_name_and_code(owner, passport):
    beam = make_passport(owner, name="Eiken balk 100 %")
    make_passport(name="Eiken balk van een ander")
    assert queries.to_label([owner.id]) == [beam, passport]
    assert queries.to_label([owner.id], "EIKEN") == [beam]
    assert queries.to_label([owner.id], "0%") == []
    assert queries.to_label([owner.id], passport.code[:4].lower()) == [passport]
    actions.claim(code=blank(owner).code, passport=beam, by=by(owner))
    assert queries.to_label([owner.id], unlabelled=True) == [passport]
