"""A school before its demolition as an example of a work: the elements that become harvest."""

from datetime import date
from decimal import Decimal

from marketplace.accounts.models import Organisation
from marketplace.demo.data import Row, day
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.materials.hazards import Hazard
from marketplace.passports import actions as passports
from marketplace.passports.details import Details, Element, Work
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Passport
from marketplace.projects.models import Project


def add_building(building: Row, *, owner: Organisation, project: Project, on: date) -> Passport:
    """Add the passport of a building as a draft, called after the category that weighs most in its walls."""
    by = By(organisation_id=owner.id)
    elements = tuple(_element(row) for row in building["elements"])
    facts = PassportFacts(
        category=building["category"],
        name=building["name"],
        quantity=Quantity(sum((element.mass_kg for element in elements), Decimal(0)) / 1000, Unit.T),
        description=building["note"],
        building_year=building["building_year"],
        origin=building["origin"],
        origin_project_id=project.id,
        granularity=Granularity.WORK,
        details=Details(work=Work(elements=elements)),
    )
    passport = passports.create(issuer=owner, facts=facts, by=by)
    absent = Finding(HazardStatus.ABSENT_TESTED, building["report"], day(building["date"], on), building["laboratory"])
    passports.set_hazards(passport, {Hazard(name): absent for name in building["hazards"]}, by)
    return passport


def _element(row: Row) -> Element:
    return Element(
        id=row["id"],
        category=row["category"],
        name=row["name"],
        quantity=Decimal(row["quantity"]),
        unit=Unit(row["unit"]),
        mass_kg=Decimal(row["mass_kg"]),
        place=row["place"],
    )
