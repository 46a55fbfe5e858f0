"""What was seen and done on site."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.kit.database import QUANTITY, Base
from marketplace.passports.models import Passport
from marketplace.scanning.steps import Step


class ScanEvent(Base):
    """One step done by one person after scanning one label."""

    __tablename__ = "scan_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Made with the empty form, so that a double tap does a step once."""
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    step: Mapped[Step]
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(120), default="")
    quantity: Mapped[Decimal | None] = mapped_column(QUANTITY)
    note: Mapped[str] = mapped_column(String(500), default="")
