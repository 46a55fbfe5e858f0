"""Claims on stock, the baskets they are made in, and how what was claimed changes hands."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kit.codes import REFERENCE_LENGTH, new_reference
from marketplace.kit.database import MONEY, QUANTITY, Base
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.projects.models import Need, Project
from marketplace.reservations.states import State

_PARTS: Final = "waiting + held + handed_over + written_off + released"
_HOLDING: Final = "state IN ('offered', 'requested', 'confirmed')"


class Basket(Base):
    """Reservations of several lots, made all together or not at all: for one need, or for several of one project.

    Without a need of its own, each reservation names the need that it is for.
    """

    __tablename__ = "basket"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), unique=True, default=new_reference)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey(Need.id), index=True)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    need: Mapped[Need | None] = relationship(lazy="raise_on_sql")

    @property
    def subject(self) -> str:
        """Return the name of this basket in the journal."""
        return f"basket:{self.id}"


class Reservation(Base):
    """A claim of one organisation on a quantity of one listing; on expected material it is an option.

    Its quantity is kept in five parts that always add up to it; the database enforces it, as it does for the listing.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND least > 0", name="quantity"),
        CheckConstraint(f"quantity = {_PARTS}", name="adds_up"),
        CheckConstraint(
            "waiting >= 0 AND held >= 0 AND handed_over >= 0 AND written_off >= 0 AND released >= 0", name="parts"
        ),
        CheckConstraint("(waiting > 0) = (state = 'waiting')", name="waits"),
        CheckConstraint(f"(held > 0) = ({_HOLDING})", name="holds"),
        CheckConstraint("state <> 'offered' OR expires_at IS NOT NULL", name="has_a_clock"),
        Index("ix_reservation_due", "state", "expires_at"),
        Index("ix_reservation_queue", "listing_id", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), unique=True, default=new_reference)
    listing_id: Mapped[int] = mapped_column(ForeignKey(Listing.id))
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey(Need.id), index=True)
    basket_id: Mapped[int | None] = mapped_column(ForeignKey(Basket.id), index=True)
    unit: Mapped[Unit]
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    least: Mapped[Decimal] = mapped_column(QUANTITY)
    """The smallest part of it that is of use to who waits."""
    waiting: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    held: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    handed_over: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    written_off: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    """Broken, lost, or short of what was harvested."""
    released: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    """Given back, or never got."""
    price_eur: Mapped[Decimal] = mapped_column(MONEY)
    """Per unit without VAT, as the offer was when this was asked for, or came free for who waited."""
    state: Mapped[State]
    note: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was declined or cancelled."""
    created_at: Mapped[datetime]
    """When it was asked for, which is its place in the queue."""
    decided_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """When the present step lapses; none for an option on what is still in a building, and while it is paused."""
    warn_at: Mapped[datetime | None]
    """When people are to be warned of that; none once they are."""
    extensions: Mapped[int] = mapped_column(default=0)
    days_left: Mapped[int | None]
    """Days that were left to fetch it when its clock was stopped, because nobody may; none where the clock runs."""

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    need: Mapped[Need | None] = relationship(lazy="raise_on_sql")
    basket: Mapped[Basket | None] = relationship(lazy="raise_on_sql")

    @property
    def subject(self) -> str:
        """Return the name of this reservation in the journal."""
        return f"reservation:{self.id}"

    @property
    def is_paused(self) -> bool:
        """Tell whether it is promised while the gate is closed: nobody may fetch it, and it does not lapse."""
        return self.state is State.CONFIRMED and self.days_left is not None


class PickUpState(StrEnum):
    """Where an appointment stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    CANCELLED = "cancelled"


class PickUp(Base):
    """An appointment to fetch what is reserved: proposed by one side, agreed by the other."""

    __tablename__ = "pick_up"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="window"),
        Index(
            "ix_pick_up_live",
            "reservation_id",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index("ix_pick_up_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), unique=True, default=new_reference)
    reservation_id: Mapped[int] = mapped_column(ForeignKey(Reservation.id), index=True)
    state: Mapped[PickUpState] = mapped_column(default=PickUpState.PROPOSED)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    note: Mapped[str] = mapped_column(String(500), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts its changes, by which a calendar knows the newest (RFC 5545, 3.8.7.4)."""
    created_at: Mapped[datetime]

    reservation: Mapped[Reservation] = relationship(lazy="raise_on_sql")


class HandOverState(StrEnum):
    """Where a hand-over stands."""

    REPORTED = "reported"
    """One side says so; nothing has moved."""
    CONFIRMED = "confirmed"
    """Both sides say so, or the label was scanned: it has moved."""
    REJECTED = "rejected"


class HandOver(Base):
    """What one side says was fetched, broken or lost of a reservation, until the other confirms it or a scan does."""

    __tablename__ = "hand_over"
    __table_args__ = (
        CheckConstraint("quantity >= 0 AND broken >= 0 AND lost >= 0 AND quantity + broken + lost > 0", name="parts"),
        CheckConstraint("broken + lost = 0 OR reason <> ''", name="reason"),
        CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed"),
        CheckConstraint("passport_id IS NULL OR (state = 'confirmed' AND quantity > 0)", name="passport"),
        Index(
            "ix_hand_over_open",
            "reservation_id",
            unique=True,
            sqlite_where=text("state = 'reported'"),
            postgresql_where=text("state = 'reported'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), unique=True, default=new_reference)
    reservation_id: Mapped[int] = mapped_column(ForeignKey(Reservation.id), index=True)
    state: Mapped[HandOverState] = mapped_column(default=HandOverState.REPORTED)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    broken: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    lost: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    reason: Mapped[str] = mapped_column(String(500), default="")
    """What happened to what is broken or lost."""
    releases_rest: Mapped[bool] = mapped_column(default=False)
    """Whether what is still held after it is given back, instead of waiting for a next time."""
    by_scan: Mapped[bool] = mapped_column(default=False)
    reported_by_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    """The side that says so."""
    reported_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    passport_id: Mapped[int | None] = mapped_column(ForeignKey(Passport.id), index=True)
    """The passport that went along."""

    reservation: Mapped[Reservation] = relationship(lazy="raise_on_sql")
    passport: Mapped[Passport | None] = relationship(lazy="raise_on_sql")
