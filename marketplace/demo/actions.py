"""Load Drenthe as an example, through the actions that people use.

Whatever is made here is marked as an example. Dates in the files are days from the day of loading.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zlib import crc32

from sqlalchemy import select

from marketplace.accounts import actions as accounts
from marketplace.accounts import circles
from marketplace.accounts import queries as people
from marketplace.accounts.models import Organisation, OrganisationKind, User
from marketplace.accounts.permissions import Role
from marketplace.demo.building import add_building
from marketplace.demo.data import Row, day, decimal, document, rows
from marketplace.demo.road import add_road
from marketplace.demo.sign_ins import PASSWORD
from marketplace.kit import clock
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.journal import By
from marketplace.kit.location import Site
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings import actions as listings
from marketplace.listings.expecting import Line, days_of, expect
from marketplace.listings.expecting import Terms as HarvestTerms
from marketplace.listings.models import Listing, ShortHarvest, Stage
from marketplace.listings.offers import Offer
from marketplace.matching import planning
from marketplace.matching.models import Occasion
from marketplace.materials.hazards import Hazard
from marketplace.passports import actions as passports
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import Passport
from marketplace.passports.seal import Seal
from marketplace.projects import actions as projects
from marketplace.projects.buildings import BuildingType
from marketplace.projects.estimating import basis_of, estimate
from marketplace.projects.facts import HubFacts, NeedFacts, ProjectFacts
from marketplace.projects.models import Grade, Hub, Need, Programme, Project, ProjectKind
from marketplace.reservations import actions as reservations
from marketplace.reservations.baskets import hold_all
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.queries import of_basket
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms

LONGEST_ON_SHOW = 45
"""Days ago that the oldest offers came in, so that "new this week" is a part of them."""


@dataclass(slots=True)
class Loaded:
    """What has been made so far, by the slugs of the files."""

    on: date
    uploads: Path
    seal: Seal
    organisations: dict[str, Organisation] = field(default_factory=dict)
    hubs: dict[str, Hub] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)


def load_once(*, uploads: Path, seal: Seal, hash_password: Callable[[str], str], on: date | None = None) -> bool:
    """Load the example into a database without organisations, and tell whether that was done.

    `hash_password` is the door's, which alone knows how it checks a password.
    """
    begin_writing()
    if session.scalar(select(Organisation.id).limit(1)) is not None:
        session.rollback()
        return False
    loaded = Loaded(on or clock.today(), uploads, seal)
    _add_people(loaded, hash_password(PASSWORD))
    _add_circles_and_rules(loaded)
    _add_plans(loaded)
    for row in rows("listings"):
        loaded.listings[row["slug"]] = _post(row, loaded)
    for row in rows("estimates"):
        _expect(row, loaded)
    for row in rows("reservations"):
        _reserve(row, loaded)
    for row in rows("baskets"):
        _fill(row, loaded)
    for passport in _works(loaded):
        passports.publish(passport, By(organisation_id=passport.owner_id), seal=loaded.seal)
    planning.compute(planning.request_run(Occasion.FIRST, By()))
    commit()
    return True


def _add_people(loaded: Loaded, password_hash: str) -> None:
    for row in rows("organisations"):
        organisation = accounts.add_organisation(
            name=row["name"], kind=OrganisationKind(row["kind"]), place=row["place"], by=By(), is_example=True
        )
        loaded.organisations[row["slug"]] = organisation
        for person in row["people"]:
            user = people.find_user(person["email"]) or _person(person, password_hash)
            accounts.add_member(organisation=organisation, user=user, role=Role(person["role"]), by=By())


def _person(row: Row, password_hash: str) -> User:
    return accounts.add_user(
        email=row["email"], name=row["name"], password_hash=password_hash, confirmed=True, is_example=True, by=By()
    )


def _add_circles_and_rules(loaded: Loaded) -> None:
    """Found the circles, let everybody in them join, and set the rules of who has other rules than usual."""
    at = clock.now()
    for row in rows("circles"):
        founder = loaded.organisations[row["founder"]]
        by = By(organisation_id=founder.id)
        circle = circles.found(name=row["name"], founder=founder, is_example=True, by=by, at=at)
        for slug in row["members"]:
            member = loaded.organisations[slug]
            circles.invite(circle=circle, organisation=member, inviter=founder, by=by, at=at)
            circles.join(circle=circle, organisation=member, by=By(organisation_id=member.id), at=at)
    for row in rows("house_rules"):
        organisation = loaded.organisations[row["organisation"]]
        set_terms(organisation, Terms(**row["terms"]), By(organisation_id=organisation.id))


def _post(row: Row, loaded: Loaded) -> Listing:
    """Offer one lot as its owner would: the offer, what is known of hazards, the claims, and then publish."""
    owner = loaded.organisations[row["organisation"]]
    by = By(organisation_id=owner.id)
    listing = listings.post(
        organisation=owner,
        offer=_offer(row, loaded),
        facts=_facts(row),
        by=by,
        publish=False,
        uploads=loaded.uploads,
        seal=loaded.seal,
        at=_came_in(row, loaded.on),
    )
    passport = session.get_one(Passport, listing.passport_id)
    passports.set_hazards(passport, _findings(row, loaded.on), by)
    for claim in row["claims"]:
        _claim(passport, claim, loaded.on, by)
    if row["status"] == "published":
        listings.publish(listing, by, seal=loaded.seal, at=_came_in(row, loaded.on))
    return listing


def _expect(row: Row, loaded: Loaded) -> None:
    """Offer what the building of a project is estimated to give, of the kinds that have a price, at the careful end."""
    project, prices = loaded.projects[row["project"]], row["prices"]
    if project.building is None:
        raise ValueError(f"{row['project']}: nothing to estimate from")
    items = [item for item in estimate(project.building) if item.category in prices]
    expect(
        project=project,
        lines=[Line(item, item.low, Decimal(prices[item.category])) for item in items],
        terms=HarvestTerms(
            basis_of(project.building),
            short_harvest=ShortHarvest.PROPORTIONAL,
            available_until=days_of(project, on=loaded.on)[1],
        ),
        publish=True,
        by=By(organisation_id=project.organisation_id),
        uploads=loaded.uploads,
        seal=loaded.seal,
    )


def _offer(row: Row, loaded: Loaded) -> Offer:
    hub, project = loaded.hubs.get(row["hub"] or ""), loaded.projects.get(row["project"] or "")
    return Offer(
        grade=Grade(row["grade"]),
        price_eur=Decimal(row["price_eur"]),
        available_from=loaded.on + timedelta(days=row["available_from"]),
        available_until=day(row["available_until"], loaded.on),
        crusher_on=day(row["crusher"], loaded.on),
        stage=Stage(row["stage"]),
        short_harvest=ShortHarvest(row.get("short_harvest", ShortHarvest.FIRST_COME)),
        min_take=Decimal(row["min_take"]),
        hub_id=hub.id if hub else None,
        project_id=project.id if project else None,
        rack=row["rack"] or "",
    )


def _facts(row: Row) -> PassportFacts:
    sizes: Mapping[str, int | None] = row["dims"] or {}
    return PassportFacts(
        category=row["category"],
        name=row["title"],
        quantity=Quantity(Decimal(row["quantity"]), Unit(row["unit"])),
        description=row["description"],
        kg_per_unit=decimal(row["kg_per_unit"]),
        length_mm=sizes.get("length"),
        width_mm=sizes.get("width"),
        height_mm=sizes.get("height"),
        building_year=row["building_year"],
        origin=row["origin"],
    )


def _came_in(row: Row, on: date) -> datetime:
    """Return when the offer was posted: in the past weeks, and not before the material was there.

    What is still in a building has no such day; its name decides, so that it is the same at every loading.
    """
    in_stock_since = -int(row["available_from"])
    days = in_stock_since if in_stock_since > 0 else crc32(row["slug"].encode())
    return datetime.combine(on, clock.now().timetz()) - timedelta(days=days % LONGEST_ON_SHOW)


def _findings(row: Row, on: date) -> dict[Hazard, Finding]:
    return {
        Hazard(name): Finding(HazardStatus(found["status"]), found["report"] or "", day(found["date"], on))
        for name, found in row["hazards"].items()
    }


def _claim(passport: Passport, row: Row, on: date, by: By) -> None:
    passports.add_claim(
        passport,
        key=row["key"],
        value=row["value"],
        level=EvidenceLevel(row["level"]),
        source=row["by"],
        report=row["report"] or "",
        known_on=day(row["date"], on),
        by=by,
    )


def _reserve(row: Row, loaded: Loaded) -> None:
    listing, buyer = loaded.listings[row["listing"]], loaded.organisations[row["organisation"]]
    need = loaded.needs.get(row["need"] or "")
    at = clock.now()
    purpose = Purpose(buyer, need.project_id if need else None, need.id if need else None)
    quantity, by = Decimal(row["quantity"]), By(organisation_id=buyer.id)
    if State(row["state"]) is State.WAITING:
        least = Decimal(row["least"])
        reservations.wait(listing_id=listing.id, quantity=quantity, least=least, purpose=purpose, by=by, at=at)
        return
    reservation = reservations.request(listing_id=listing.id, quantity=quantity, purpose=purpose, by=by, at=at)
    if State(row["state"]) is State.CONFIRMED and reservation.state is State.REQUESTED:
        reservations.confirm(reservation, by=By(organisation_id=listing.organisation_id), at=at)


def _fill(row: Row, loaded: Loaded) -> None:
    """Hold several lots for one need together, and let some of their owners confirm."""
    need, at = loaded.needs[row["need"]], clock.now()
    project = session.get_one(Project, need.project_id)
    buyer = session.get_one(Organisation, project.organisation_id)
    lines = [(loaded.listings[slug].id, Decimal(amount)) for slug, amount in row["lines"].items()]
    purpose = Purpose(buyer, project.id, need.id, note=row["note"])
    basket = hold_all(lines=lines, purpose=purpose, by=By(organisation_id=buyer.id), at=at)
    confirmed = {loaded.listings[slug].id for slug in row["confirmed"]}
    for reservation in of_basket(basket.id):
        if reservation.listing_id in confirmed:
            owner = By(organisation_id=reservation.listing.organisation_id)
            reservations.confirm(reservation, by=owner, at=at)


def _add_plans(loaded: Loaded) -> None:
    """Add hubs and programmes, projects that belong to them, and what the projects need."""
    for row in rows("hubs"):
        loaded.hubs[row["slug"]] = _hub(row, loaded)
    for row in rows("programmes"):
        loaded.programmes[row["slug"]] = projects.add_programme(
            name=row["name"], summary=row["summary"], slug=row["slug"], is_example=True, by=By()
        )
    for row in rows("projects"):
        loaded.projects[row["slug"]] = _project(row, loaded)
    for row in rows("needs"):
        loaded.needs[row["slug"]] = _need(row, loaded)


def _site(row: Row) -> Site:
    return Site(row["place"], row["latitude"], row["longitude"], row["address"])


def _hub(row: Row, loaded: Loaded) -> Hub:
    owner = loaded.organisations[row["organisation"]]
    facts = HubFacts(
        name=row["name"],
        site=_site(row),
        capacity_m3=Decimal(row["capacity_m3"]),
        handle_eur_per_m3=Decimal(row["handle_eur_per_m3"]),
        store_eur_per_m3_week=Decimal(row["store_eur_per_m3_week"]),
    )
    by = By(organisation_id=owner.id)
    return projects.add_hub(organisation=owner, facts=facts, slug=row["slug"], is_example=True, by=by)


def _project(row: Row, loaded: Loaded) -> Project:
    planner = loaded.organisations[row["organisation"]]
    programme = loaded.programmes.get(row["programme"] or "")
    facts = ProjectFacts(
        name=row["name"],
        kind=ProjectKind(row["kind"]),
        client_id=loaded.organisations[row["client"]].id,
        site=_site(row),
        starts_on=loaded.on + timedelta(days=row["starts"]),
        ends_on=loaded.on + timedelta(days=row["ends"]),
        programme_id=programme.id if programme else None,
        building_year=row["building_year"],
        building_type=BuildingType(row["building_type"]) if row["building_type"] else None,
        floor_area_m2=row["floor_area_m2"],
        dwellings=row["dwellings"],
        summary=row["summary"],
    )
    by = By(organisation_id=planner.id)
    return projects.add_project(organisation=planner, facts=facts, slug=row["slug"], is_example=True, by=by)


def _need(row: Row, loaded: Loaded) -> Need:
    project = loaded.projects[row["project"]]
    windows = {slot: (least, most) for slot, (least, most) in row["windows"].items()}
    facts = NeedFacts(
        title=row["title"],
        category=row["category"],
        quantity=Quantity(Decimal(row["quantity"]), Unit(row["unit"])),
        wanted_from=loaded.on + timedelta(days=row["from"]),
        wanted_until=loaded.on + timedelta(days=row["until"]),
        new_eur=Decimal(row["new_eur"]),
        substitutes=tuple(row["substitutes"]),
        length=windows.get("length"),
        width=windows.get("width"),
        height=windows.get("height"),
        max_km=row["max_km"],
        grade=Grade(row["grade"]),
        accepts_untested=row["accepts_untested"],
        max_price=decimal(row["max_price"]),
        min_batch=Decimal(row["min_batch"]),
        note=row["note"] or "",
    )
    return projects.add_need(project=project, facts=facts, by=By(organisation_id=project.organisation_id))


def _works(loaded: Loaded) -> list[Passport]:
    """Add the passports of whole works, and of what went into them, as drafts in the order of publishing."""
    road, school = document("n376"), document("school")
    n376, demolition = loaded.projects[road["project"]], loaded.projects[school["project"]]
    return [
        *add_road(road, owner=_client(n376), project=n376, on=loaded.on),
        add_building(school, owner=_client(demolition), project=demolition, on=loaded.on),
    ]


def _client(project: Project) -> Organisation:
    return session.get_one(Organisation, project.client_id)
