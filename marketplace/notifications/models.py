"""Who is still to be told of what, and how far the journal was read for it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import Organisation, User
from marketplace.kit.database import Base

LONGEST_ERROR = 200


class Notice(Base):
    """One thing that happened, for one person. It is made once and never again, because the journal is read once."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("journal_number", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    journal_number: Mapped[int] = mapped_column(BigInteger)
    """The row of the journal that it tells of; no foreign key, because rows there are never taken away."""
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    """For which of their organisations the person is told, and so on which side of the reservation they stand."""
    action: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    """None where it was sent or given up; while one worker has it, the moment at which another may take it over."""
    last_error: Mapped[str] = mapped_column(String(LONGEST_ERROR), default="")


class NoticeCursor(Base):
    """The one row that tells how far the journal was read. The migration makes it."""

    __tablename__ = "notice_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    read_to: Mapped[int | None] = mapped_column(BigInteger)
    """None until the first reading, which begins at the end: nobody is told about what happened before that."""
