"""Things to test with: each factory adds one row, with sound values for whatever a test does not care about."""

import itertools
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import g
from flask.testing import FlaskClient

from marketplace.accounts.models import Membership, Organisation, OrganisationKind, User
from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import commit, session
from marketplace.kit.journal import By
from marketplace.kit.places import NamedPlace, find_place
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.materials.vocabulary import get_category
from marketplace.passports import actions
from marketplace.passports.details import EMPTY
from marketplace.passports.gate import HazardStatus
from marketplace.passports.models import HazardFinding, Passport, PassportStatus
from marketplace.passports.proposals import completed
from marketplace.passports.seal import Seal
from marketplace.passports.versions import whole
from marketplace.projects.models import Grade, Hub, Need, Project, ProjectKind
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import HOLDING, State

_numbers = itertools.count(1)


def moment(day: date) -> datetime:
    """Return noon of a day, as a moment."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.AMSTERDAM)


def by(organisation: Organisation | None = None, user: User | None = None) -> By:
    """Return who acts, for the journal."""
    return By(user.id if user else None, organisation.id if organisation else None)


def place(name: str) -> NamedPlace:
    """Return a place that the product knows."""
    found = find_place(name)
    assert found, name
    return found


def _put(located: Any, name: str, address: str) -> None:
    found = place(name)
    located.put_at(place=found.name, latitude=found.latitude, longitude=found.longitude, address=address)


def _add(thing: Any, **overrides: Any) -> Any:
    for name, value in overrides.items():
        assert hasattr(type(thing), name), f"{type(thing).__name__} has no {name}"
        setattr(thing, name, value)
    session.add(thing)
    session.flush()
    return thing


def make_organisation(*, at: str = "Hoogeveen", address: str = "Industrieweg 1", **overrides: Any) -> Organisation:
    """Add a contractor in Hoogeveen."""
    number = next(_numbers)
    organisation = Organisation(slug=f"sloper-{number}", name=f"Sloper {number}", kind=OrganisationKind.CONTRACTOR)
    _put(organisation, at, address)
    return _add(organisation, **overrides)


def make_user(**overrides: Any) -> User:
    """Add a person with a confirmed address and no organisation."""
    number = next(_numbers)
    user = User(
        email=f"persoon{number}@voorbeeld.nl",
        name=f"Persoon {number}",
        fs_uniquifier=f"uniek-{number}",
        confirmed_at=clock.now(),
    )
    return _add(user, **overrides)


def make_member(organisation: Organisation | None = None, role: Role = Role.TRADER, **overrides: Any) -> User:
    """Add a person who is a member of an organisation, by default as trader of a new one."""
    user = make_user(**overrides)
    session.add(Membership(user_id=user.id, organisation_id=(organisation or make_organisation()).id, role=role))
    session.flush()
    session.refresh(user, ["memberships"])
    return user


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """Let `client` ask as `user` from here on, and return it."""
    uniquifier = user.fs_uniquifier
    commit()
    _forget()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = uniquifier
        cookie["_fresh"] = True
        cookie["fs_cc"] = "set"
        cookie["fs_paa"] = time.time()
    return client


def sign_out(client: FlaskClient) -> FlaskClient:
    """Let `client` ask as nobody in particular from here on, and return it."""
    commit()
    _forget()
    with client.session_transaction() as cookie:
        cookie.clear()
    return client


def _forget() -> None:
    # The requests of a test share its application context, and so what was remembered of the previous visitor.
    for name in ("actor", "_login_user", "fs_authn_via"):
        g.pop(name, None)


def make_passport(issuer: Organisation | None = None, **overrides: Any) -> Passport:
    """Add the published passport of 40 interior doors of 2,115 x 930 x 40 mm, built 2001, so without hazards."""
    owner = issuer or make_organisation()
    passport = Passport(
        issuer_id=owner.id,
        owner_id=owner.id,
        status=PassportStatus.PUBLISHED,
        category="door_interior",
        name="Binnendeuren opdek",
        quantity=Decimal(40),
        unit=Unit.PIECE,
        kg_per_unit=Decimal(20),
        length_mm=2115,
        width_mm=930,
        height_mm=40,
        building_year=2001,
        origin="Kantoor Beilen",
        created_at=clock.now(),
    )
    kind = get_category(overrides.get("category", "door_interior"))
    return _add(passport, **{"details": completed(EMPTY, kind)} | overrides)


def make_finding(passport: Passport, **overrides: Any) -> HazardFinding:
    """Add what is known of one hazard: by default that nothing is known of asbestos."""
    finding = HazardFinding(passport_id=passport.id, hazard="asbestos", status=HazardStatus.UNKNOWN)
    _add(finding, **overrides)
    session.refresh(finding)
    return finding


_PART_OF = {State.WAITING: "waiting", State.HANDED_OVER: "handed_over", State.WRITTEN_OFF: "written_off"}
_OF_PASSPORT = {"category", "name", "description", "length_mm", "width_mm", "height_mm", "kg_per_unit", "building_year"}


def make_listing(
    organisation: Organisation | None = None,
    passport: Passport | None = None,
    *,
    at: str = "Hoogeveen",
    total: Decimal | int = 40,
    **overrides: Any,
) -> Listing:
    """Add a published offer, in stock since long, of which everything is available; not in the search index.

    Keywords set columns of the listing, or of the passport that is made with it (category, name, sizes and so on).
    """
    keeper = session.get_one(Organisation, passport.owner_id) if passport else None
    owner = organisation or keeper or make_organisation(at=at)
    of_passport = {name: overrides.pop(name) for name in _OF_PASSPORT & set(overrides)}
    amount, unit = Decimal(total), overrides.get("unit", passport.unit if passport else Unit.PIECE)
    passport = passport or make_passport(owner, quantity=amount, unit=unit, **of_passport)
    parts = [overrides.get(part, 0) for part in ("held", "handed_over", "written_off")]
    listing = Listing(
        passport=passport,
        organisation_id=owner.id,
        status=ListingStatus.PUBLISHED,
        stage=Stage.IN_STOCK,
        unit=unit,
        total=amount,
        available=amount - sum(Decimal(part) for part in parts),
        held=Decimal(0),
        handed_over=Decimal(0),
        written_off=Decimal(0),
        grade=Grade.B,
        price_eur=Decimal("15.00"),
        available_from=date(2026, 1, 1),
        created_at=clock.now(),
        published_at=clock.now(),
    )
    _put(listing, at, "Industrieweg 1")
    return _add(listing, **overrides)


def make_hub(organisation: Organisation | None = None, *, at: str = "Hoogeveen", **overrides: Any) -> Hub:
    """Add a hub with room for 500 m3."""
    number = next(_numbers)
    hub = Hub(
        slug=f"hub-{number}",
        name=f"Hub {number}",
        organisation_id=(organisation or make_organisation(kind=OrganisationKind.HUB)).id,
        capacity_m3=Decimal(500),
        handle_eur_per_m3=Decimal("12.00"),
        store_eur_per_m3_week=Decimal("1.50"),
    )
    _put(hub, at, "Havenweg 2")
    return _add(hub, **overrides)


def make_project(organisation: Organisation | None = None, *, at: str = "Assen", **overrides: Any) -> Project:
    """Add a construction project that starts in a month and takes half a year, planned by and for one organisation."""
    number = next(_numbers)
    owner = organisation or make_organisation(kind=OrganisationKind.BUILDER)
    project = Project(
        slug=f"project-{number}",
        name=f"Project {number}",
        kind=ProjectKind.CONSTRUCTION,
        organisation_id=owner.id,
        client_id=owner.id,
        starts_on=clock.today() + timedelta(days=30),
        ends_on=clock.today() + timedelta(days=210),
    )
    _put(project, at, "Bouwplein 3")
    return _add(project, **overrides)


def make_need(project: Project | None = None, **overrides: Any) -> Need:
    """Add the need of 20 interior doors of at least grade C within 50 km."""
    project = project or make_project()
    need = Need(
        project_id=project.id,
        title="Binnendeuren",
        category="door_interior",
        quantity=Decimal(20),
        unit=Unit.PIECE,
        wanted_from=project.starts_on,
        wanted_until=project.ends_on,
        max_km=50,
        grade=Grade.C,
        accepts_untested=True,
        new_eur=Decimal("95.00"),
        created_at=clock.now(),
    )
    return _add(need, **overrides)


def make_reservation(listing: Listing, organisation_id: int, quantity: Decimal | int, **overrides: Any) -> Reservation:
    """Add a reservation by an organisation, by default a confirmed one; the stock of the listing stays as it is."""
    amount = Decimal(quantity)
    state = overrides.get("state", State.CONFIRMED)
    part = "held" if state in HOLDING else _PART_OF.get(state, "released")
    reservation = Reservation(
        listing_id=listing.id,
        organisation_id=organisation_id,
        unit=listing.unit,
        quantity=amount,
        least=amount,
        price_eur=listing.price_eur,
        state=State.CONFIRMED,
        created_at=clock.now(),
    )
    if state is State.OFFERED:
        reservation.expires_at = clock.now() + timedelta(days=2)
    return _add(reservation, **{part: amount} | overrides)


def make_signed(issuer: Organisation | None = None, *, seal: Seal, **overrides: Any) -> Passport:
    """Add a passport of which the first version was published and signed, by the real action, and return it whole."""
    passport = make_passport(issuer, status=PassportStatus.DRAFT, building_year=2015, **overrides)
    actions.publish(whole(passport), by(), seal=seal)
    return whole(passport)
