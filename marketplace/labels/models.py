"""What was printed, and the labels that carry a code of their own."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation, User
from marketplace.kit.codes import PASSPORT_LENGTH
from marketplace.kit.database import QUANTITY, Base
from marketplace.passports.models import Passport


class LabelStatus(StrEnum):
    """What a label is worth: printed ahead, hanging on something, or no longer to be trusted."""

    BLANK = "blank"
    ACTIVE = "active"
    VOID = "void"


class PrintFormat(StrEnum):
    """The file in which labels were asked for."""

    PDF = "pdf"
    ZPL = "zpl"
    SVG = "svg"
    PNG = "png"


class LabelPrint(Base):
    """One print as it was asked for: whose, on what, and how strong the codes are. See `prints.PrintFacts`."""

    __tablename__ = "label_print"
    __table_args__ = (CheckConstraint("count > 0 AND skipped >= 0", name="count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]
    format: Mapped[PrintFormat]
    medium: Mapped[str] = mapped_column(String(40))
    width_mm: Mapped[Decimal] = mapped_column(QUANTITY)
    height_mm: Mapped[Decimal] = mapped_column(QUANTITY)
    module_mm: Mapped[Decimal] = mapped_column(QUANTITY)
    """Of the weakest code among the labels, as is `level`."""
    level: Mapped[str] = mapped_column(String(1))
    language: Mapped[str] = mapped_column(String(4))
    """nl, en or both."""
    count: Mapped[int]
    skipped: Mapped[int]
    codes: Mapped[str] = mapped_column(Text)
    """Every code that was printed, once, with spaces between them: what a box of labels that turns up belongs to."""

    @property
    def subject(self) -> str:
        """Return the name of this print in the journal."""
        return f"label_print:{self.id}"


class IssuedLabel(Base):
    """A label with a code of its own, in one namespace with the codes of passports.

    The label with a passport's own code needs no row until it is void: then this row says so, and by what it was
    replaced. The code of the passport itself stays what it is.
    """

    __tablename__ = "issued_label"
    __table_args__ = (
        CheckConstraint("status <> 'active' OR passport_id IS NOT NULL", name="of_a_passport"),
        CheckConstraint("status <> 'blank' OR passport_id IS NULL", name="blank"),
        CheckConstraint("(status = 'void') = (voided_at IS NOT NULL)", name="voided"),
        CheckConstraint("replaced_by IS NULL OR status = 'void'", name="replaced"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(PASSPORT_LENGTH), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    """Who had it made, and alone may claim it while it is blank."""
    passport_id: Mapped[int | None] = mapped_column(ForeignKey(Passport.id), index=True)
    status: Mapped[LabelStatus]
    made_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it is void, for the people of its owner."""
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("issued_label.code"))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    passport: Mapped[Passport | None] = relationship(lazy="raise_on_sql")
