"""What is on offer: a quantity of what a passport describes, where, when and for how much."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    event,
    inspect,
    literal_column,
    update,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session, relationship

from marketplace.accounts.models import Organisation
from marketplace.kit.codes import REFERENCE_LENGTH, new_reference
from marketplace.kit.database import MONEY, QUANTITY, Base
from marketplace.kit.location import Located
from marketplace.kit.quantities import Unit
from marketplace.passports.models import Passport
from marketplace.projects.models import Grade, Hub, Project


class ListingStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """Where the material is: still in a building, in stock, or gone."""

    EXPECTED = "expected"
    IN_STOCK = "in_stock"
    GONE = "gone"


class ShortHarvest(StrEnum):
    """Who gets what when less comes out of a building than was promised."""

    FIRST_COME = "first_come"
    """The earliest gets all of it, the next what is left."""
    PROPORTIONAL = "proportional"
    """Everybody gets the same share, in whole pieces."""


class Listing(Located, Base):
    """An offer. Its stock is kept in four parts that always add up to the total; the database enforces it."""

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint("total = available + held + handed_over + written_off", name="stock_adds_up"),
        CheckConstraint("available >= 0 AND held >= 0 AND handed_over >= 0 AND written_off >= 0", name="stock_parts"),
        CheckConstraint("total > 0", name="total"),
        CheckConstraint("price_eur >= 0", name="price"),
        CheckConstraint("NOT price_open OR (price_eur = 0 AND status <> 'published')", name="price_open"),
        CheckConstraint(
            "(estimate_low IS NULL) = (estimate_high IS NULL) AND (estimate_low IS NULL "
            "OR (estimate_low > 0 AND estimate_high >= estimate_low))",
            name="estimate",
        ),
        CheckConstraint("available_until IS NULL OR available_until >= available_from", name="window"),
        Index("ix_listing_grid", "x_km", "y_km"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH), unique=True, default=new_reference)
    passport_id: Mapped[int] = mapped_column(ForeignKey(Passport.id), index=True)
    category: Mapped[str] = mapped_column(String(40), deferred=True, deferred_raiseload=True)
    """Of the passport, as the sizes are: a copy to search by, because no index spans two tables. Read those there."""
    length_mm: Mapped[int | None] = mapped_column(deferred=True, deferred_raiseload=True)
    width_mm: Mapped[int | None] = mapped_column(deferred=True, deferred_raiseload=True)
    height_mm: Mapped[int | None] = mapped_column(deferred=True, deferred_raiseload=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    status: Mapped[ListingStatus] = mapped_column(default=ListingStatus.DRAFT)
    stage: Mapped[Stage]
    unit: Mapped[Unit]
    total: Mapped[Decimal] = mapped_column(QUANTITY)
    available: Mapped[Decimal] = mapped_column(QUANTITY)
    held: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    handed_over: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    written_off: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    handed_over_without_passport: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(0))
    """The part of what was handed over that left before passports moved along with their material."""
    estimate_low: Mapped[Decimal | None] = mapped_column(QUANTITY)
    """Where how much there is was estimated: the least of it, as `estimate_high` is the most. Counting ends it."""
    estimate_high: Mapped[Decimal | None] = mapped_column(QUANTITY)
    min_take: Mapped[Decimal] = mapped_column(QUANTITY, default=Decimal(1))
    grade: Mapped[Grade]
    price_eur: Mapped[Decimal] = mapped_column(MONEY)
    """Per unit, without VAT; 0 is free of charge, unless `price_open`."""
    price_open: Mapped[bool] = mapped_column(default=False)
    """Whether nobody said yet for how much, so that it cannot be published."""
    available_from: Mapped[date]
    """From when it can be taken; for expected material the day of harvest."""
    available_until: Mapped[date | None]
    crusher_on: Mapped[date | None]
    """When what is left goes to the crusher."""
    short_harvest: Mapped[ShortHarvest] = mapped_column(default=ShortHarvest.FIRST_COME)
    hub_id: Mapped[int | None] = mapped_column(ForeignKey(Hub.id), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id), index=True)
    """The demolition or road project out of which it comes."""
    rack: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    passport: Mapped[Passport] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    hub: Mapped[Hub | None] = relationship(lazy="raise_on_sql")
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")

    @property
    def subject(self) -> str:
        """Return the name of this listing in the journal."""
        return f"listing:{self.id}"

    @property
    def still_there(self) -> Decimal:
        """Return how much was neither fetched nor written off, in the unit of the listing."""
        return self.available + self.held

    @property
    def estimated(self) -> tuple[Decimal, Decimal] | None:
        """Return the least and the most that there may still be, or None where somebody counted it or stated it."""
        if self.estimate_low is None or self.estimate_high is None or self.stage is not Stage.EXPECTED:
            return None
        gone = self.handed_over + self.written_off
        return max(self.estimate_low - gone, Decimal(0)), max(self.estimate_high - gone, Decimal(0))

    @hybrid_property
    def is_open(self) -> bool:
        """Tell whether others may see and reserve it; of the class, the condition that says so in a query."""
        return self.status is ListingStatus.PUBLISHED and self.stage is not Stage.GONE

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        # Written out: a value that is sent apart would keep the databases from using an index of open offers only.
        return (cls.status == literal_column("'published'")) & (cls.stage != literal_column("'gone'"))


ON_OFFER: Final = Listing.is_open & (Listing.available > literal_column("0"))
"""The condition that something of an offer can be reserved; what the indexes of the catalogue hold."""

_SOUGHT: Final = (Listing.category, Listing.length_mm, Listing.width_mm, Listing.height_mm, Listing.available_until)
Index("ix_listing_sizes", *_SOUGHT, sqlite_where=ON_OFFER, postgresql_where=ON_OFFER)
Index(
    "ix_listing_newest",
    Listing.published_at,
    Listing.id,
    *_SOUGHT,
    sqlite_where=ON_OFFER,
    postgresql_where=ON_OFFER,
)

_COPIED: Final = ("category", "length_mm", "width_mm", "height_mm")


@event.listens_for(Listing, "before_insert")
def _copy_passport(_mapper: Mapper[Listing], _connection: Connection, listing: Listing) -> None:
    passport = inspect(listing).dict.get("passport")
    if passport is None:
        passport = object_session(listing).get_one(Passport, listing.passport_id)  # type: ignore[union-attr]  # it is in one
    for name in _COPIED:
        setattr(listing, name, getattr(passport, name))


@event.listens_for(Passport, "after_update")
def _follow_passport(_mapper: Mapper[Passport], connection: Connection, passport: Passport) -> None:
    changed = [name for name in _COPIED if inspect(passport).attrs[name].history.has_changes()]
    if changed:
        offers = update(Listing).where(Listing.passport_id == passport.id)
        connection.execute(offers.values({name: getattr(passport, name) for name in changed}))
