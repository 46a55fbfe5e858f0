"""Reading passports."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.kit.codes import normalise
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.passports.models import HazardFinding, Passport, PassportPhoto


def find_by_code(code: str) -> Passport | None:
    """Return the passport of this code in any case, with everything that its page shows, or None."""
    query = select(Passport).where(Passport.code == normalise(code)).options(*_whole())
    return session.scalars(query).one_or_none()


def get_by_code(code: str) -> Passport:
    """Return the passport of this code in any case, with everything that its page shows. Raises NotFoundError."""
    passport = find_by_code(code)
    if passport is None:
        raise NotFoundError(N_("We kennen geen paspoort met deze code. Controleer de code op het label."))
    return passport


def findings_of(passport_id: int) -> Sequence[HazardFinding]:
    """Return what is known of the hazards of a passport, in order of hazard."""
    query = select(HazardFinding).where(HazardFinding.passport_id == passport_id).order_by(HazardFinding.hazard)
    return session.scalars(query).all()


def photos_of(passport_id: int) -> Sequence[PassportPhoto]:
    """Return the photos of a passport in their order."""
    query = select(PassportPhoto).where(PassportPhoto.passport_id == passport_id)
    return session.scalars(query.order_by(PassportPhoto.position, PassportPhoto.id)).all()


def has_photo(key: str) -> bool:
    """Tell whether a passport shows the photo of this key."""
    return session.scalar(select(PassportPhoto.id).where(PassportPhoto.key == key)) is not None


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Passport.issuer),
        joinedload(Passport.origin_project),
        selectinload(Passport.hazards),
        selectinload(Passport.claims),
        selectinload(Passport.photos),
    )
