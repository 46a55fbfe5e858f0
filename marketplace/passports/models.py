"""What a thing or a batch is, where it came from, and what is claimed of it with which evidence."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kit.codes import PASSPORT_LENGTH, new_passport_code
from marketplace.kit.database import QUANTITY, Base
from marketplace.kit.quantities import Unit
from marketplace.materials.hazards import Hazard
from marketplace.projects.models import Project


class PassportStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Granularity(StrEnum):
    ITEM = "item"
    BATCH = "batch"
    WORK = "work"


class HazardStatus(StrEnum):
    """What is known of a hazardous substance; unknown is not clean."""

    UNKNOWN = "unknown"
    ABSENT_DECLARED = "absent_declared"
    ABSENT_TESTED = "absent_tested"
    PRESENT = "present"


class EvidenceLevel(StrEnum):
    """How a claim is known, from weak to strong."""

    UNKNOWN = "unknown"
    DECLARED = "declared"
    MEASURED = "measured"
    TESTED = "tested"
    CERTIFIED = "certified"


class Passport(Base):
    """The lasting identity of a thing, a batch or a work; it outlives owners and buildings."""

    __tablename__ = "passport"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"), CheckConstraint("kg_per_unit > 0", name="mass"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(PASSPORT_LENGTH), unique=True, default=new_passport_code)
    granularity: Mapped[Granularity] = mapped_column(default=Granularity.BATCH)
    status: Mapped[PassportStatus] = mapped_column(default=PassportStatus.DRAFT)
    issuer_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    category: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    """What the passport describes, whatever of it is on offer."""
    unit: Mapped[Unit]
    kg_per_unit: Mapped[Decimal] = mapped_column(QUANTITY)
    mass_is_estimate: Mapped[bool] = mapped_column(default=True)
    """True where the mass comes from the vocabulary rather than from the lister."""
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    building_year: Mapped[int | None]
    """Of the donor; decides with the category which hazards are relevant."""
    origin: Mapped[str] = mapped_column(String(160))
    """The building or road it came from, as people call it."""
    origin_project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id), index=True)
    last_seen_at: Mapped[datetime | None]
    last_seen_place: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    is_example: Mapped[bool] = mapped_column(default=False)

    issuer: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    origin_project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    hazards: Mapped[list["HazardFinding"]] = relationship(lazy="raise_on_sql", order_by="HazardFinding.hazard")
    claims: Mapped[list["Claim"]] = relationship(lazy="raise_on_sql", order_by="Claim.id")
    photos: Mapped[list["PassportPhoto"]] = relationship(lazy="raise_on_sql", order_by="PassportPhoto.position")

    @property
    def subject(self) -> str:
        """Return the name of this passport in the journal."""
        return f"passport:{self.id}"

    @property
    def dimensions(self) -> tuple[int | None, int | None, int | None]:
        """Return length, width and height in mm, in the slots of the category."""
        return self.length_mm, self.width_mm, self.height_mm


class HazardFinding(Base):
    """What is known of one hazardous substance in one passport."""

    __tablename__ = "hazard_finding"
    __table_args__ = (UniqueConstraint("passport_id", "hazard"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id))
    hazard: Mapped[Hazard]
    status: Mapped[HazardStatus]
    report: Mapped[str] = mapped_column(String(80), default="")
    found_on: Mapped[date | None]


class Claim(Base):
    """One thing that is said of the material, and how it is known."""

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(200))
    level: Mapped[EvidenceLevel]
    source: Mapped[str] = mapped_column(String(120), default="")
    """Who measured, tested or certified it."""
    report: Mapped[str] = mapped_column(String(80), default="")
    known_on: Mapped[date | None]


class PassportPhoto(Base):
    """A photo; its files are named by a random key, and the hash is of what was sent in."""

    __tablename__ = "passport_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
