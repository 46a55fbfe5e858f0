"""Planned demolition and construction, what it needs, and the hubs where material can wait."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kit.codes import REFERENCE_LENGTH, new_reference
from marketplace.kit.database import MONEY, QUANTITY, Base
from marketplace.kit.location import Located
from marketplace.kit.quantities import Unit
from marketplace.projects.buildings import Building, BuildingType


class ProjectKind(StrEnum):
    """What is done to the building or the road."""

    DEMOLITION = "demolition"
    CONSTRUCTION = "construction"
    RENOVATION = "renovation"
    ROAD = "road"


class Grade(StrEnum):
    """How good the material is, A best; a need names the worst that it accepts."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Hub(Located, Base):
    """A site where material may wait between demolition and construction, with its room and tariffs."""

    __tablename__ = "hub"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    capacity_m3: Mapped[Decimal] = mapped_column(QUANTITY)
    handle_eur_per_m3: Mapped[Decimal] = mapped_column(MONEY)
    store_eur_per_m3_week: Mapped[Decimal] = mapped_column(MONEY)
    is_example: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Programme(Base):
    """Projects that are planned and accounted for together."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    is_example: Mapped[bool] = mapped_column(default=False)


class Project(Located, Base):
    """Planned work on one site in one window of time."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="window"),
        CheckConstraint("floor_area_m2 > 0", name="floor_area"),
        CheckConstraint("dwellings > 0", name="dwellings"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[ProjectKind]
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    """Whose people plan it."""
    client_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    """For whom the work is done."""
    programme_id: Mapped[int | None] = mapped_column(ForeignKey(Programme.id), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    building_year: Mapped[int | None]
    building_type: Mapped[BuildingType | None]
    floor_area_m2: Mapped[int | None]
    """The gross floor area (bvo, NEN 2580) of what is worked on."""
    dwellings: Mapped[int | None]
    summary: Mapped[str] = mapped_column(Text, default="")
    is_example: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id, lazy="raise_on_sql")
    client: Mapped[Organisation] = relationship(foreign_keys=client_id, lazy="raise_on_sql")
    programme: Mapped[Programme | None] = relationship(lazy="raise_on_sql")
    needs: Mapped[list["Need"]] = relationship(
        back_populates="project", lazy="raise_on_sql", order_by="Need.wanted_from, Need.id"
    )

    @property
    def building(self) -> Building | None:
        """Return what a harvest can be estimated from, or None where type or floor area are not known."""
        if self.building_type is None or self.floor_area_m2 is None:
            return None
        return Building(self.building_type, self.floor_area_m2, self.dwellings, self.building_year)


class Need(Base):
    """What a project looks for: a quantity of a kind within windows of dimensions, time and distance."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("wanted_until >= wanted_from", name="window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), unique=True, default=new_reference)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id), index=True)
    title: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(40), index=True)
    substitutes: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Other categories that would do, after the wanted one."""
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    unit: Mapped[Unit]
    length_min: Mapped[int | None]
    """Millimetres, like all dimensions; the slots are those of the category, so a door's height is its length."""
    length_max: Mapped[int | None]
    width_min: Mapped[int | None]
    width_max: Mapped[int | None]
    height_min: Mapped[int | None]
    height_max: Mapped[int | None]
    wanted_from: Mapped[date]
    wanted_until: Mapped[date]
    max_km: Mapped[int]
    """By road, from lot to site."""
    grade: Mapped[Grade]
    accepts_untested: Mapped[bool] = mapped_column(default=False)
    new_eur: Mapped[Decimal] = mapped_column(MONEY)
    """What one unit costs new, by the planner's own estimate."""
    max_price: Mapped[Decimal | None] = mapped_column(MONEY)
    """What one unit may cost; only the own organisation sees it."""
    min_batch: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(1))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    project: Mapped[Project] = relationship(back_populates="needs", lazy="raise_on_sql")

    @property
    def categories(self) -> list[str]:
        return [self.category, *self.substitutes]

    def accepts(self, category: str) -> bool:
        """Tell whether this kind of material would do: the wanted one, or a substitute."""
        return category in self.categories
