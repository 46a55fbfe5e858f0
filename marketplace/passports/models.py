"""What a thing or a batch is, where it came from, and what is claimed of it with which evidence."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from marketplace.accounts.models import Organisation, User
from marketplace.kit.codes import PASSPORT_LENGTH, new_passport_code
from marketplace.kit.database import QUANTITY, Base
from marketplace.kit.quantities import Unit
from marketplace.materials.hazards import Hazard
from marketplace.passports.details import EMPTY, Details, from_json, to_json
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.levels import EvidenceLevel, Granularity
from marketplace.projects.models import Project


class PassportStatus(StrEnum):
    """What a passport is worth. `replaced` has become other passports; `destroyed` has ceased to be material."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    DESTROYED = "destroyed"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can happen with what it describes."""
        return self in {PassportStatus.WITHDRAWN, PassportStatus.REPLACED, PassportStatus.DESTROYED}


class DocumentKind(StrEnum):
    """What a proof is as a file."""

    PDF = "pdf"
    PHOTO = "photo"


class DetailsJson(TypeDecorator[Details]):
    """Keep details as JSON text, which both databases hold as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Details | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (as SQLAlchemy declares it)
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Details | None:  # noqa: ARG002 (the same)
        return None if value is None else from_json(value)


class EvidenceDocument(Base):
    """A report or photo that proves something: checked when it came in, and named by its hash for ever."""

    __tablename__ = "evidence_document"
    __table_args__ = (UniqueConstraint("passport_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey("passport.id"), index=True)
    kind: Mapped[DocumentKind]
    key: Mapped[str] = mapped_column(String(32), index=True)
    """Random; its file is found by it. Passports that came out of one another share the file."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file exactly as it is kept, so that anyone who downloads it can compare."""
    name: Mapped[str] = mapped_column(String(120))
    """What the file was called, or is about; shown, never used as a path."""
    size: Mapped[int]
    """Bytes."""
    added_at: Mapped[datetime]


class Passport(Base):
    """The lasting identity of a thing, a batch or a work; it outlives owners and buildings."""

    __tablename__ = "passport"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("quantity > 0 OR status = 'replaced' OR status = 'destroyed'", name="quantity_left"),
        CheckConstraint("kg_per_unit > 0", name="mass"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(PASSPORT_LENGTH), unique=True, default=new_passport_code)
    granularity: Mapped[Granularity] = mapped_column(default=Granularity.BATCH)
    status: Mapped[PassportStatus] = mapped_column(default=PassportStatus.DRAFT)
    issuer_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    """Whose it is now, and who therefore keeps the passport; at first the issuer."""
    category: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    """What there is of it now, whatever of that is on offer: what was split off or taken out no longer counts."""
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
    details: Mapped[Details] = mapped_column(DetailsJson, default=EMPTY)
    last_seen_at: Mapped[datetime | None]
    last_seen_place: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    is_example: Mapped[bool] = mapped_column(default=False)

    issuer: Mapped[Organisation] = relationship(foreign_keys=issuer_id, lazy="raise_on_sql")
    owner: Mapped[Organisation] = relationship(foreign_keys=owner_id, lazy="raise_on_sql")
    origin_project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    hazards: Mapped[list["HazardFinding"]] = relationship(lazy="raise_on_sql", order_by="HazardFinding.hazard")
    claims: Mapped[list["Claim"]] = relationship(lazy="raise_on_sql", order_by="Claim.id")
    photos: Mapped[list["PassportPhoto"]] = relationship(lazy="raise_on_sql", order_by="PassportPhoto.position")
    tests: Mapped[list["MaterialTest"]] = relationship(lazy="raise_on_sql", order_by="MaterialTest.id")
    documents: Mapped[list[EvidenceDocument]] = relationship(lazy="raise_on_sql", order_by=EvidenceDocument.id)

    @property
    def subject(self) -> str:
        """Return the name of this passport in the journal."""
        return f"passport:{self.id}"

    @property
    def dimensions(self) -> tuple[int | None, int | None, int | None]:
        """Return length, width and height in mm, in the slots of the category."""
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def mass_kg(self) -> Decimal:
        """Return the mass of all that there is of it now, in kg to the gram."""
        return (self.quantity * self.kg_per_unit).quantize(Decimal("0.001"))


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
    laboratory: Mapped[str] = mapped_column(String(120), default="")
    value: Mapped[Decimal | None] = mapped_column(QUANTITY)
    unit: Mapped[str] = mapped_column(String(20), default="")
    """Of the value, such as mg/kg."""
    permission: Mapped[str] = mapped_column(String(120), default="")
    """What allows reuse although it is present: the number of a permit or exemption."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey(EvidenceDocument.id))

    document: Mapped[EvidenceDocument | None] = relationship(lazy="raise_on_sql")

    @property
    def finding(self) -> Finding:
        """Return what is known, as the gate judges it."""
        return Finding(self.status, self.report, self.found_on, self.laboratory, self.value, self.unit, self.permission)


class Claim(Base):
    """One thing that is said of the material, and how it is known. All are kept; the latest of a key counts."""

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(200))
    level: Mapped[EvidenceLevel]
    source: Mapped[str] = mapped_column(String(120), default="")
    """Who measured, tested or certified it."""
    report: Mapped[str] = mapped_column(String(80), default="")
    method: Mapped[str] = mapped_column(String(120), default="")
    """By which method or standard it was found, such as EN 338."""
    known_on: Mapped[date | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey(EvidenceDocument.id))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    """Who recorded it. Stays inside: no signed document names a person."""

    document: Mapped[EvidenceDocument | None] = relationship(lazy="raise_on_sql")


class MaterialTest(Base):
    """One result of one test. All are kept; the latest of a test counts."""

    __tablename__ = "material_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    test: Mapped[str] = mapped_column(String(80))
    passed: Mapped[bool]
    value: Mapped[str] = mapped_column(String(80), default="")
    method: Mapped[str] = mapped_column(String(120), default="")
    laboratory: Mapped[str] = mapped_column(String(120), default="")
    report: Mapped[str] = mapped_column(String(80), default="")
    tested_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(500), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey(EvidenceDocument.id))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    recorded_at: Mapped[datetime]

    document: Mapped[EvidenceDocument | None] = relationship(lazy="raise_on_sql")


class PassportPhoto(Base):
    """A photo; its files are named by a random key, and the hash is of what was sent in."""

    __tablename__ = "passport_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(32), index=True)
    """Random; its files are found by it. Passports that came out of one another share them."""
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]


class PassportVersion(Base):
    """One published state of a passport, signed. Database triggers refuse to change or delete it."""

    __tablename__ = "passport_version"
    __table_args__ = (UniqueConstraint("passport_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id))
    number: Mapped[int]
    """Counts from 1 for each passport."""
    valid_from: Mapped[datetime]
    content_sha256: Mapped[str] = mapped_column(String(64))
    """Of what is stated, without number and moment: the same content makes no new version."""
    credential: Mapped[str] = mapped_column(Text)
    """The UNTP credential as JSON with its Data Integrity proof, exactly as it was signed and is served."""
    jwt: Mapped[str] = mapped_column(Text)
    """The same credential as `application/vc+jwt`."""

    passport: Mapped[Passport] = relationship(lazy="raise_on_sql")


class Withdrawal(Base):
    """That no version of a passport is to be relied upon any longer. Triggers refuse to change or delete it."""

    __tablename__ = "passport_withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), unique=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")


class LinkKind(StrEnum):
    """How one passport came out of another."""

    SPLIT = "split"
    MERGE = "merge"
    HARVEST = "harvest"
    MILL = "mill"


class LineageLink(Base):
    """That a quantity of one passport went into another. Database triggers refuse to change or delete it."""

    __tablename__ = "lineage_link"
    __table_args__ = (
        UniqueConstraint("parent_id", "child_id", "part"),
        CheckConstraint("quantity > 0 AND mass_kg > 0", name="amount"),
        CheckConstraint("parent_id <> child_id", name="two_passports"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LinkKind]
    parent_id: Mapped[int] = mapped_column(ForeignKey(Passport.id))
    child_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    part: Mapped[str] = mapped_column(String(40), default="")
    """The layer or element of a work that it came out of; empty for the thing as a whole."""
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    """In the unit of the parent, or of the part."""
    mass_kg: Mapped[Decimal] = mapped_column(QUANTITY)
    at: Mapped[datetime]

    parent: Mapped[Passport] = relationship(foreign_keys=parent_id, lazy="raise_on_sql")
    child: Mapped[Passport] = relationship(foreign_keys=child_id, lazy="raise_on_sql")


class Loss(Base):
    """A quantity of a passport that became nothing else: broken, lost, or to waste. Triggers refuse to change it."""

    __tablename__ = "passport_loss"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    part: Mapped[str] = mapped_column(String(40), default="")
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    mass_kg: Mapped[Decimal] = mapped_column(QUANTITY)
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


_OPEN: Final = text("ended_on IS NULL")


class Installation(Base):
    """That a thing is built in: in which building or road, from when, and until when it was harvested again."""

    __tablename__ = "installation"
    __table_args__ = (
        # A thing is built in at one place at a time.
        Index(
            "uq_installation_open",
            "passport_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    into_id: Mapped[int | None] = mapped_column(ForeignKey(Passport.id), index=True)
    """The passport of the work that it became part of, where there is one."""
    project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id), index=True)
    place: Mapped[str] = mapped_column(String(160))
    """The building or road, as people call it."""
    where: Mapped[str] = mapped_column(String(120), default="")
    """The place in it: floor, axis, room."""
    installed_on: Mapped[date]
    ended_on: Mapped[date | None]

    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    into: Mapped[Passport | None] = relationship(foreign_keys=into_id, lazy="raise_on_sql")
