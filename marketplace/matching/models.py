"""What the matcher proposes, how it came to that, and what people answered.

Terms are signed EUR of the whole match; they add up to its value to the cent.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation, User
from marketplace.kit.database import MONEY, QUANTITY, Base
from marketplace.listings.models import Listing
from marketplace.projects.models import Hub, Need


class RunState(StrEnum):
    """How far the computation of a plan is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Occasion(StrEnum):
    """Why a plan is computed."""

    FIRST = "first"
    NIGHTLY = "nightly"
    ASKED = "asked"


class PlanRun(Base):
    """One computation of the plan for all that is on offer, all that is needed, and the hubs between them."""

    __tablename__ = "plan_run"
    __table_args__ = (Index("ix_plan_run_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[Occasion]
    state: Mapped[RunState] = mapped_column(default=RunState.WAITING)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey(Organisation.id), index=True)
    seed: Mapped[int] = mapped_column(default=0)
    effort: Mapped[int]
    """Improvements tried for each need: what bounds the search, and never the time."""
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beaten_at: Mapped[datetime | None]
    """When whoever computes it last said how far it is; long ago, it died."""
    finished_at: Mapped[datetime | None]
    computer: Mapped[str] = mapped_column(String(120), default="")
    """The process that computes it, see `kit.processes`: where that is gone, nobody waits for a sign of life."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often somebody began to compute it: what died twice is not tried again."""
    percent: Mapped[int] = mapped_column(default=0)
    lots: Mapped[int] = mapped_column(default=0)
    needs: Mapped[int] = mapped_column(default=0)
    standing_eur: Mapped[Decimal | None] = mapped_column(MONEY)
    """What the proposals that stood at the time were worth, by the same account."""
    value_eur: Mapped[Decimal | None] = mapped_column(MONEY)
    """What stands at its end is worth once every better plan that it offers is taken over."""
    bound_eur: Mapped[Decimal | None] = mapped_column(MONEY)
    """What no plan at all can be worth more than."""
    problem_hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the problem as it was solved: the same problem and seed give the same plan."""
    error: Mapped[str] = mapped_column(Text, default="")


class _Terms:
    """A quantity of a lot for a need and what it is worth; shared by what stands and what is offered instead."""

    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    """In the unit of the need."""
    take: Mapped[Decimal] = mapped_column(QUANTITY)
    """How much of the listing that is, in its own unit."""
    value_eur: Mapped[Decimal] = mapped_column(MONEY)
    new_eur: Mapped[Decimal] = mapped_column(MONEY)
    mki_eur: Mapped[Decimal] = mapped_column(MONEY)
    price_eur: Mapped[Decimal] = mapped_column(MONEY)
    transport_eur: Mapped[Decimal] = mapped_column(MONEY)
    storage_eur: Mapped[Decimal] = mapped_column(MONEY)
    trips_eur: Mapped[Decimal] = mapped_column(MONEY)
    stored_from: Mapped[int | None]
    """First week in the hub, counted as `conversion.week_of` does; None where it goes directly."""
    stored_until: Mapped[int | None]
    """First week after it."""


class Proposal(_Terms, Base):
    """What stands: a proposal of the matcher, never a claim. Together they fit: no lot, need or hub is used twice."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND take > 0", name="quantity"),
        CheckConstraint(
            "value_eur = new_eur + mki_eur + price_eur + transport_eur + storage_eur + trips_eur", name="adds_up"
        ),
        UniqueConstraint("listing_id", "need_id", "hub_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey(Listing.id, ondelete="CASCADE"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id, ondelete="CASCADE"), index=True)
    hub_id: Mapped[int | None] = mapped_column(ForeignKey(Hub.id), index=True)
    proposed_at: Mapped[datetime]

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql")
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    hub: Mapped[Hub | None] = relationship(lazy="raise_on_sql")


class ImprovementState(StrEnum):
    """What became of a better plan that was offered."""

    OFFERED = "offered"
    TAKEN = "taken"
    OUTDATED = "outdated"


class Improvement(Base):
    """A part of a newly computed plan that is worth more than what stands, and can be taken over by itself."""

    __tablename__ = "improvement"
    __table_args__ = (CheckConstraint("gain_eur > 0", name="gain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(PlanRun.id), index=True)
    state: Mapped[ImprovementState] = mapped_column(default=ImprovementState.OFFERED)
    gain_eur: Mapped[Decimal] = mapped_column(MONEY)
    decided_at: Mapped[datetime | None]

    lines: Mapped[list["ImprovementLine"]] = relationship(
        lazy="raise_on_sql", order_by="ImprovementLine.id", cascade="all, delete-orphan"
    )
    agreements: Mapped[list["ImprovementAgreement"]] = relationship(
        lazy="raise_on_sql",
        order_by="ImprovementAgreement.agreed_at, ImprovementAgreement.organisation_id",
        cascade="all, delete-orphan",
    )


class ImprovementAgreement(Base):
    """That an organisation agrees to a better plan; of several, the first asked for it."""

    __tablename__ = "improvement_agreement"

    improvement_id: Mapped[int] = mapped_column(ForeignKey(Improvement.id, ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), primary_key=True, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    agreed_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class ImprovementLine(Base):
    """One proposal that would come, change or go: how much of a lot a need gets now, and how much it would get."""

    __tablename__ = "improvement_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey(Improvement.id, ondelete="CASCADE"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey(Listing.id, ondelete="CASCADE"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id, ondelete="CASCADE"), index=True)
    hub_id: Mapped[int | None] = mapped_column(ForeignKey(Hub.id))
    before: Mapped[Decimal] = mapped_column(QUANTITY)
    """In the unit of the need, like `after`."""
    after: Mapped[Decimal] = mapped_column(QUANTITY)
    value_before_eur: Mapped[Decimal] = mapped_column(MONEY)
    value_after_eur: Mapped[Decimal] = mapped_column(MONEY)

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql")
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    hub: Mapped[Hub | None] = relationship(lazy="raise_on_sql")


class Dismissal(Base):
    """That a lot is not to be proposed for a need again, and why."""

    __tablename__ = "dismissal"
    __table_args__ = (UniqueConstraint("need_id", "listing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id, ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(ForeignKey(Listing.id, ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    dismissed_at: Mapped[datetime]

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql")


class OwnRates(Base):
    """What an organisation counts for its own needs instead of the usual rates; None keeps the usual one."""

    __tablename__ = "own_rates"
    __table_args__ = (
        CheckConstraint("eur_per_1000_tkm >= 0 AND trip_eur >= 0 AND kerf_mm >= 0 AND mki_percent >= 0", name="rates"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), primary_key=True, autoincrement=False)
    eur_per_1000_tkm: Mapped[Decimal | None] = mapped_column(MONEY)
    """For a tonne over a thousand kilometres, so that cents are fine enough."""
    trip_eur: Mapped[Decimal | None] = mapped_column(MONEY)
    kerf_mm: Mapped[int | None]
    mki_percent: Mapped[int | None]
    """How heavily the environmental cost counts; 100 is as it is published."""


class MarketCursor(Base):
    """Up to which row of the journal the proposals were kept up to date; the one row of this table."""

    __tablename__ = "market_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    journal_number: Mapped[int]
