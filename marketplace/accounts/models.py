"""People, the organisations they act for, and the circles in which organisations trust each other."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.permissions import Actor, Role
from marketplace.kit.database import Base
from marketplace.kit.location import Located

if TYPE_CHECKING:

    class UserMixin:
        """Stands for the mixin below, whose annotations describe columns of another style than ours."""

else:
    from flask_security.core import UserMixin


class OrganisationKind(StrEnum):
    """What an organisation is in the chain of reuse."""

    CONTRACTOR = "contractor"
    BUILDER = "builder"
    HOUSING_CORPORATION = "housing_corporation"
    PUBLIC_CLIENT = "public_client"
    HUB = "hub"


class Organisation(Located, Base):
    """A company or public body that lists, reserves or plans."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[OrganisationKind]
    kvk: Mapped[str] = mapped_column(String(8), default="")
    """Number in the trade register; empty where it was not given."""
    is_example: Mapped[bool] = mapped_column(default=False)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation", lazy="raise_on_sql")


class User(Base, UserMixin):
    """A person who can sign in. The columns are those that the sign-in library asks for, and a name."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("language IN ('nl', 'en')", name="language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(120), default="")
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """Stands for the person in a session; changing it ends all of them."""
    confirmed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="nl")
    """In which mails are written: nl or en."""
    is_example: Mapped[bool] = mapped_column(default=False)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", lazy="selectin")

    roles: tuple[()] = ()
    """The sign-in library looks here for roles of its own; ours belong to an organisation."""

    @property
    def actor(self) -> Actor:
        return Actor(self.id, {membership.organisation_id: membership.role for membership in self.memberships})


class Membership(Base):
    """A person's role in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    role: Mapped[Role]

    user: Mapped[User] = relationship(back_populates="memberships", lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships", lazy="joined")


class Circle(Base):
    """Organisations that trust each other: what one reserves of another is promised at once."""

    __tablename__ = "circle"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(360), unique=True)
    """The name without its capitals, so that there are no two of one name."""
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    memberships: Mapped[list["CircleMembership"]] = relationship(back_populates="circle", lazy="raise_on_sql")

    @property
    def subject(self) -> str:
        """Return the name of this circle in the journal."""
        return f"circle:{self.id}"


class CircleMembership(Base):
    """The place of an organisation in a circle: an invitation until it joins."""

    __tablename__ = "circle_membership"
    __table_args__ = (UniqueConstraint("circle_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey(Circle.id))
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    """Which organisation invited it; the founder invited itself."""
    invited_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]

    circle: Mapped[Circle] = relationship(back_populates="memberships", lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id, lazy="raise_on_sql")
    invited_by: Mapped[Organisation] = relationship(foreign_keys=invited_by_id, lazy="raise_on_sql")
