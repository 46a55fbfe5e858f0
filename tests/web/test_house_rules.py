"""The page on which owners set their rules, and the sentences in which everybody reads them."""

from dataclasses import asdict

import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit.database import session
from marketplace.reservations.house_rules import set_terms, terms_of
from marketplace.reservations.terms import BOUNDS, Terms
from marketplace.web.house_rules import told
from tests.conftest import one_database
from tests.factories import by, make_member, make_organisation, sign_in
from tests.web.reading import sent_back

OWN = Terms(3, 10, 24, 0, 3, 12, 50, 10)


@pytest.fixture
def bork(context):
    return make_organisation(name="Bork Groep")


@pytest.fixture
def owner(client, bork):
    """A client that asks as an owner of Bork."""
    return sign_in(client, make_member(bork, Role.OWNER))


def post(client, path, terms, **fields):
    session.rollback()
    answer = client.post(path, data=asdict(terms) | fields)
    session.rollback()
    return answer


def page_of(organisation):
    return f"/organisaties/{organisation.slug}/regels"


def test_the_form_shows_what_holds_and_sends_it_back_unchanged(owner, bork):
    page, number = page_of(bork), bork.id
    set_terms(bork, OWN, by(bork))
    session.commit()
    shown = sent_back(owner.get(page).text)
    assert {name: shown[name] for name in BOUNDS} == {name: str(value) for name, value in asdict(OWN).items()}
    assert owner.post(page, data=shown).status_code == 303
    assert terms_of(number) == OWN


def test_rules_are_kept_and_told_to_everybody(owner, bork):
    page, number = page_of(bork), bork.id
    public = f"/organisaties/{bork.slug}"
    before = owner.get(public).text
    assert "U hoort binnen 5 dagen of het doorgaat. Daarna houden we het 14 dagen vast." in before
    assert "U mag 1 keer verlengen, met 7 dagen." in before
    answer = post(owner, page, OWN)
    assert (answer.status_code, answer.location) == (303, public)
    assert terms_of(number) == OWN
    after = owner.get(public).text
    for sentence in ("binnen 3 dagen", "10 dagen vast", "Verlengen kan niet", "ten minste 10%", "ten hoogste 50%"):
        assert sentence in after


@one_database
@pytest.mark.parametrize("name", BOUNDS)
def test_what_is_no_number_within_bounds_is_told_at_its_field(owner, bork, name):
    page, number = page_of(bork), bork.id
    for value in ("", "  ", "veel", "1.5", "-1", "1e1", "9" * 400, "٣"):
        answer = post(owner, page, OWN, **{name: value})
        assert answer.status_code == 422, value
        assert f'id="{name}-error"' in answer.text, value
        assert answer.text.count('class="field__error"') == 1, value
        assert terms_of(number) == Terms(), value


def test_every_wrong_field_is_told_at_once(owner, bork):
    answer = post(owner, page_of(bork), OWN, hold_days="0", warn_hours="0")
    assert answer.text.count('class="field__error"') == 2
    assert 'value="3"' in answer.text, "what was right is kept"


def test_the_least_share_is_refused_at_its_field_where_it_is_more_than_the_greatest(owner, bork):
    answer = post(owner, page_of(bork), OWN, least_percent="51")
    assert answer.status_code == 422
    assert "ten hoogste mag reserveren (50%)" in answer.text
    assert 'id="least_percent-error"' in answer.text


@pytest.mark.parametrize("role", [Role.TRADER, Role.SITE])
def test_rules_are_set_by_owners(client, bork, role):
    page, number = page_of(bork), bork.id
    sign_in(client, make_member(bork, role))
    assert client.get(page).status_code == 403
    assert post(client, page, OWN).status_code == 403
    assert terms_of(number) == Terms()


def test_the_rules_of_another_do_not_exist(owner):
    other = make_organisation()
    page, number = page_of(other), other.id
    session.commit()
    assert owner.get(page).status_code == 404
    assert post(owner, page, OWN).status_code == 404
    assert terms_of(number) == Terms()


@one_database
@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (Terms(answer_days=1), "U hoort binnen 1 dag of het doorgaat."),
        (Terms(hold_days=1), "Daarna houden we het 1 dag vast."),
        (Terms(extensions=2, extension_days=1), "U mag 2 keer verlengen, telkens met 1 dag."),
        (Terms(extensions=0), "Verlengen kan niet."),
    ],
)
def test_rules_are_told_in_plain_sentences(context, terms, sentence):
    with context.test_request_context():
        assert sentence in told(terms)
        assert len(told(terms)) == 3, "nothing is said of shares that hold nobody back"
