"""What was seen and done on site."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.kit.database import QUANTITY, Base
from marketplace.passports.models import Passport
from marketplace.scanning.steps import Step


class ScanEvent(Base):
    """One step done by one person after scanning one label."""

    __tablename__ = "scan_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Made on the device, so that an event that arrives twice is done once."""
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    step: Mapped[Step]
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(120), default="")
    x_km: Mapped[float | None]
    y_km: Mapped[float | None]
    """Where that place lies on the national grid."""
    quantity: Mapped[Decimal | None] = mapped_column(QUANTITY)
    note: Mapped[str] = mapped_column(String(500), default="")


class Complaint(StrEnum):
    """What a finder says is wrong with a label."""

    OTHER_THING = "other_thing"
    OTHER_PLACE = "other_place"
    LABEL = "label"
    OTHER = "other"


class FinderReport(Base):
    """What somebody who stood before a thing told its owner, without saying who they are."""

    __tablename__ = "finder_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    complaint: Mapped[Complaint]
    place: Mapped[str] = mapped_column(String(80), default="")
    x_km: Mapped[float | None]
    y_km: Mapped[float | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    photo_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When the owner had seen to it."""

    passport: Mapped[Passport] = relationship(lazy="raise_on_sql")
