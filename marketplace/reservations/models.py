"""Claims on stock."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kit.codes import REFERENCE_LENGTH, new_reference
from marketplace.kit.database import QUANTITY, Base
from marketplace.listings.models import Listing
from marketplace.projects.models import Need, Project
from marketplace.reservations.states import State


class Reservation(Base):
    """A quantity of one listing kept for one organisation; on expected material it is an option."""

    __tablename__ = "reservation"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), unique=True, default=new_reference)
    request_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Made with the empty form, so that a double click reserves once."""
    listing_id: Mapped[int] = mapped_column(ForeignKey(Listing.id), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey(Need.id), index=True)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    state: Mapped[State] = mapped_column(default=State.REQUESTED)
    note: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was declined or cancelled."""
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    need: Mapped[Need | None] = relationship(lazy="raise_on_sql")

    @property
    def subject(self) -> str:
        """Return the name of this reservation in the journal."""
        return f"reservation:{self.id}"
