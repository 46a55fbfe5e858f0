"""The example of Drenthe: loaded once, through the real actions, all of it marked as an example."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.circles import circles_of, trust_each_other
from marketplace.accounts.models import Circle, Organisation, OrganisationKind, User
from marketplace.demo.actions import load_once
from marketplace.demo.sign_ins import PASSWORD, SIGN_INS
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.listings.catalogue import search
from marketplace.listings.criteria import Criteria
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.matching.filling import progress
from marketplace.matching.live import LivePlan
from marketplace.matching.models import Occasion, Proposal, RunState
from marketplace.matching.standing import last_run, summary
from marketplace.materials.vocabulary import get_category, groups
from marketplace.passports.models import Passport, PassportStatus, PassportVersion
from marketplace.passports.queries import works_of
from marketplace.passports.signatures import check
from marketplace.passports.untp import credential_of, document_of
from marketplace.projects.models import Hub, Need, Programme, Project
from marketplace.reservations.audit import audit
from marketplace.reservations.house_rules import HouseRules, terms_of
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.queries import get_basket, of_basket
from marketplace.reservations.states import State
from marketplace.reservations.terms import least_of, most_of
from marketplace.web.projects.laid import laid_layers
from tests.conftest import undone
from tests.sealing import SEAL


@pytest.fixture(scope="module")
def demo(app, tmp_path_factory):
    with undone(app):
        uploads = tmp_path_factory.mktemp("uploads")
        assert load_once(uploads=uploads, seal=SEAL, hash_password=lambda password: f"hashed {password}")
        yield


def count(model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_it_is_loaded_once(demo, tmp_path):
    before = count(Listing)
    session.commit()
    assert not load_once(uploads=tmp_path, seal=SEAL, hash_password=str)
    assert count(Listing) == before


def test_its_ledger_is_exact(demo):
    found = audit(clock.now())
    assert (found.lots, found.reservations) == (count(Listing), count(Reservation))
    assert [str(difference) for difference in found.differences] == []


def test_there_is_enough_for_search_map_and_matching_to_mean_something(demo):
    assert count(Listing) >= 150
    assert count(Need) >= 40
    used = set(session.scalars(select(Passport.category)))
    assert len(used) >= 60
    assert {get_category(category).group for category in used} == {group.id for group in groups()}
    stages = dict(session.execute(select(Listing.stage, func.count()).group_by(Listing.stage)).all())
    assert stages[Stage.EXPECTED] > 50
    assert stages[Stage.IN_STOCK] > 50


def proposed(category: str) -> list[Proposal]:
    """Return what is proposed of a kind, with where it comes from and where it goes."""
    listing, need = joinedload(Proposal.listing), joinedload(Proposal.need).joinedload(Need.project)
    options = (
        listing.joinedload(Listing.passport),
        listing.joinedload(Listing.project),
        listing.joinedload(Listing.hub),
        need.joinedload(Project.programme),
    )
    query = select(Proposal).join(Proposal.need).where(Need.category == category).options(*options)
    return list(session.scalars(query))


@pytest.mark.parametrize(
    ("category", "out_of", "hub", "into"),
    [
        ("asphalt_granulate", "n376-schoonoord", None, "n376-schoonoord"),
        ("azobe_beam", "dieverbrug-remmingwerk", "havenhub-zwolle", "n34-fietsbrug-odoorn"),
        ("raised_floor", None, "stadterij-hoogeveen", "volta-hoogeveen"),
        ("door_interior", "volta-hoogeveen", "stadterij-hoogeveen", "emmen-30-woningen"),
    ],
)
def test_each_named_case_is_a_match_of_the_first_plan(demo, category, out_of, hub, into):
    found = {
        (
            match.listing.project.slug if match.listing.project else None,
            match.listing.hub.slug if match.listing.hub else None,
            match.need.project.slug,
        )
        for match in proposed(category)
    }
    assert (out_of, hub, into) in found


def test_the_road_tells_that_half_of_its_new_surface_is_reclaimed(demo, app):
    road = session.scalars(select(Project).where(Project.slug == "n376-schoonoord")).one()
    with app.test_request_context():
        layers = laid_layers(works_of(road.id), road)
    assert layers[0].text.startswith("Deklaag: 50 % hergebruikt")
    assert [url is not None for _, url in layers[0].sources] == [True, True]


def test_the_named_events_are_there(demo):
    hubs, projects = set(session.scalars(select(Hub.name))), set(session.scalars(select(Project.name)))
    programmes = dict(session.execute(select(Programme.name, Programme.id)).all())
    assert any("Stadterij" in name for name in hubs)
    assert any("Zwolle" in name for name in hubs)
    for wanted in ("N376", "N34", "Volta", "Meppel", "Sleen", "Schoonoord"):
        assert any(wanted in name for name in projects), wanted
    of_programme = select(func.count()).where(Project.programme_id == programmes["Drenthe Woont Circulair"])
    assert session.scalar(of_programme) == 6


def test_the_homes_of_sleen_and_schoonoord_give_their_known_quantities(demo):
    def total(*words: str) -> Decimal:
        matching = [Passport.name.ilike(f"%{word}%") for word in words]
        places = Listing.place.in_(["Sleen", "Schoonoord"]) | Passport.origin.ilike("%Sleen%")
        places |= Passport.origin.ilike("%Schoonoord%")
        query = select(func.sum(Listing.total)).join(Listing.passport).where(places, *matching)
        return session.scalar(query) or Decimal(0)

    assert total("dakbeschot") == 1414
    assert total("balk", "zolder") == 1334
    assert total("isolatiechips") == 60


def test_the_eight_corporations_trust_each_other_and_nobody_else(demo):
    eight = session.scalars(
        select(Organisation).where(Organisation.kind == OrganisationKind.HOUSING_CORPORATION).order_by(Organisation.id)
    ).all()
    (circle,) = circles_of(eight[0].id)
    assert circle.name == "Drentse woningcorporaties"
    assert {place.organisation_id for place in circle.memberships if place.joined_at} == {each.id for each in eight}
    assert len(circle.memberships) == 8
    assert trust_each_other(eight[1].id, eight[7].id)
    bork = session.scalars(select(Organisation).where(Organisation.slug == "bork-groep")).one()
    assert not trust_each_other(eight[0].id, bork.id)


def test_some_have_rules_of_their_own_and_its_reservations_keep_to_them(demo):
    own = {rules.organisation_id: terms_of(rules.organisation_id) for rules in session.scalars(select(HouseRules))}
    assert {terms.hold_days for terms in own.values()} == {10, 21}
    held = session.scalars(select(Reservation).options(joinedload(Reservation.listing))).all()
    checked = [each for each in held if each.listing.organisation_id in own]
    for each in checked:
        lot, terms = each.listing, own[each.listing.organisation_id]
        assert least_of(terms, lot.total, lot.min_take, lot.unit) <= each.quantity
        assert each.quantity <= most_of(terms, lot.total, lot.unit, lot.min_take)
    assert checked


def test_everything_is_marked_as_an_example(demo):
    for model in (Organisation, User, Circle, Hub, Programme, Project, Passport):
        assert session.scalars(select(model).where(model.is_example.is_(False))).all() == [], model.__name__


def test_the_sign_ins_exist_and_share_the_known_password(demo):
    for sign_in in SIGN_INS:
        user = session.scalars(select(User).where(User.email == sign_in.email)).one()
        assert user.password == f"hashed {PASSWORD}"
        assert user.memberships, sign_in.email


def test_what_is_unknown_or_present_is_not_published(demo):
    drafts = session.scalars(select(Listing).where(Listing.status == ListingStatus.DRAFT)).all()
    assert len(drafts) == 8


def test_stock_is_what_the_reservations_hold(demo):
    held = session.scalar(select(func.sum(Listing.held)))
    assert held == session.scalar(select(func.sum(Reservation.held))) > 0


def test_somebody_waits_for_what_others_hold(demo):
    (waits,) = session.scalars(select(Reservation).where(Reservation.state == State.WAITING)).all()
    lot = session.get_one(Listing, waits.listing_id)
    assert (lot.available, lot.held) == (0, lot.total)
    assert waits.least < waits.waiting


def test_the_journal_tells_of_all_of_it_and_holds(demo):
    assert journal.length() > 1000
    assert journal.first_broken() is None


def test_the_search_finds_the_demo_by_the_words_of_builders(demo):
    for words in ("kanaalplaat", "binnendeur", "steenwol", "azobé", "HEA 200", "dakpannen"):
        assert search(Criteria(text=words)).total > 0, words
    assert search(Criteria(text="boomklomp")).total == 0


def test_every_published_passport_is_signed_and_a_valid_untp_passport(demo):
    from dppvalidator.validators.engine import ValidationEngine

    engine, keys = ValidationEngine("0.7.0", load_plugins=False), SEAL.public_keys()
    published = session.scalar(select(func.count()).where(Passport.status == PassportStatus.PUBLISHED))
    versions = session.scalars(select(PassportVersion)).all()
    assert len({version.passport_id for version in versions}) >= published > 100
    for version in versions:
        assert check(version.credential.encode(), keys).holds, version.passport_id
        assert check(version.jwt.encode(), keys).holds, version.passport_id
        credential = json.loads(version.credential)
        del credential["proof"]
        result = engine.validate(credential)
        assert result.valid, (version.passport_id, [str(error) for error in result.errors])
        made_again = credential_of(document_of(credential), issuer_did=SEAL.did, status=credential["credentialStatus"])
        assert made_again == credential


def test_one_need_is_filled_from_two_owners_at_once(demo):
    basket = session.scalars(select(Basket)).one()
    rows = of_basket(basket.id)
    assert [(row.quantity, row.state) for row in rows] == [(40, State.CONFIRMED), (24, State.REQUESTED)]
    assert len({row.listing.organisation_id for row in rows}) == 2
    so_far = progress(get_basket(basket.reference))
    assert (so_far.confirmed, so_far.waiting, so_far.asked) == (40, 24, 64)


def test_it_comes_with_a_plan_that_stands(demo):
    run = last_run()
    assert run is not None
    assert (run.occasion, run.state) == (Occasion.FIRST, RunState.DONE)
    stands = summary()
    assert stands.value_eur == run.value_eur > 100_000
    assert stands.proposals > 40
    assert not LivePlan().is_behind(), "all that was loaded is in the plan"
