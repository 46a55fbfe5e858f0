"""Reading passports."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.kit.codes import normalise
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, NotFoundError
from marketplace.passports.levels import Granularity
from marketplace.passports.models import (
    Claim,
    HazardFinding,
    LineageLink,
    MaterialTest,
    Passport,
    PassportPhoto,
    PassportStatus,
    PassportVersion,
    Withdrawal,
)

Row = TypeVar("Row")


class UnreadableError(ConflictError):
    """Say that what is kept of a passport cannot be read, which no part of the program brings about."""

    def __init__(self) -> None:
        super().__init__(
            N_("Vertrouw dit paspoort niet: de gegevens zijn niet te lezen, omdat iemand ze buiten ons om veranderde.")
        )


def find_by_code(code: str) -> Passport | None:
    """Return the passport of this code in any case, with everything that its page shows, or None.

    Raises UnreadableError where somebody changed its rows into what is no passport.
    """
    query = select(Passport).where(Passport.code == normalise(code)).options(*_whole())
    try:
        return session.scalars(query).one_or_none()
    except (LookupError, ValueError, ArithmeticError, msgspec.DecodeError) as error:
        raise UnreadableError from error


def get_by_code(code: str) -> Passport:
    """Return the passport of this code in any case, with everything that its page shows. Raises NotFoundError."""
    passport = find_by_code(code)
    if passport is None:
        raise NotFoundError(N_("We kennen geen paspoort met deze code. Controleer de code op het label."))
    return passport


def owned_by(organisation_ids: Collection[int], *, most: int = 200) -> Sequence[Passport]:
    """Return the passports that these organisations keep now, the newest first, without those that are over."""
    kept = (
        Passport.owner_id.in_(organisation_ids),
        Passport.status.in_([PassportStatus.DRAFT, PassportStatus.PUBLISHED]),
    )
    query = select(Passport).where(*kept).options(joinedload(Passport.owner), joinedload(Passport.issuer))
    return session.scalars(query.order_by(Passport.id.desc()).limit(most)).all()


def works_of(project_id: int) -> Sequence[Passport]:
    """Return the public passports of whole works, a road or a building, that a project made or takes down, by name."""
    among = (Passport.granularity == Granularity.WORK, Passport.status != PassportStatus.DRAFT)
    query = select(Passport).where(Passport.origin_project_id == project_id, *among)
    return session.scalars(query.order_by(Passport.name, Passport.id)).all()


def findings_of(passport_id: int) -> Sequence[HazardFinding]:
    """Return what is known of the hazards of a passport, in order of hazard."""
    query = select(HazardFinding).where(HazardFinding.passport_id == passport_id).order_by(HazardFinding.hazard)
    return session.scalars(query).all()


def latest_claims(passport_id: int) -> list[Claim]:
    """Return the claim that counts for each key, in the order in which the keys came up."""
    return latest(session.scalars(select(Claim).where(Claim.passport_id == passport_id).order_by(Claim.id)), "key")


def findings_of_each(passport_ids: Collection[int]) -> dict[int, list[HazardFinding]]:
    """Return the same as `findings_of` of several passports, by their ids, in one statement."""
    found: dict[int, list[HazardFinding]] = {passport_id: [] for passport_id in passport_ids}
    query = select(HazardFinding).where(HazardFinding.passport_id.in_(found)).order_by(HazardFinding.hazard)
    for row in session.scalars(query):
        found[row.passport_id].append(row)
    return found


def latest_claims_of_each(passport_ids: Collection[int]) -> dict[int, list[Claim]]:
    """Return the same as `latest_claims` of several passports, by their ids, in one statement."""
    found: dict[int, list[Claim]] = {passport_id: [] for passport_id in passport_ids}
    for row in session.scalars(select(Claim).where(Claim.passport_id.in_(found)).order_by(Claim.id)):
        found[row.passport_id].append(row)
    return {passport_id: latest(rows, "key") for passport_id, rows in found.items()}


def latest(rows: Iterable[Row], name: str) -> list[Row]:
    """Return of rows in order of entry the last for each value of a column, where the first of it stood."""
    return list({getattr(row, name): row for row in rows}.values())


def parents_of(passport_id: int) -> Sequence[LineageLink]:
    """Return out of what a passport came, with the passports themselves, in the order in which it happened."""
    query = select(LineageLink).where(LineageLink.child_id == passport_id).options(joinedload(LineageLink.parent))
    return session.scalars(query.order_by(LineageLink.id)).all()


def versions_of(passport_id: int) -> Sequence[PassportVersion]:
    """Return the published versions of a passport, the newest first."""
    query = select(PassportVersion).where(PassportVersion.passport_id == passport_id)
    return session.scalars(query.order_by(PassportVersion.number.desc())).all()


def find_version(passport_id: int, number: int | None = None) -> PassportVersion | None:
    """Return a published version by its number, the newest without one, or None."""
    query = select(PassportVersion).where(PassportVersion.passport_id == passport_id)
    if number is not None:
        query = query.where(PassportVersion.number == number)
    return session.scalars(query.order_by(PassportVersion.number.desc()).limit(1)).one_or_none()


def find_version_at(passport_id: int, at: datetime) -> PassportVersion | None:
    """Return the version of a passport that was the newest at a moment, or None where there was none yet."""
    query = select(PassportVersion).where(PassportVersion.passport_id == passport_id, PassportVersion.valid_from <= at)
    return session.scalars(query.order_by(PassportVersion.number.desc()).limit(1)).one_or_none()


def withdrawn_ids(*, first: int, most: int) -> Sequence[int]:
    """Return the ids of withdrawn passports from `first`, out of `most` of them."""
    among = (Withdrawal.passport_id >= first, Withdrawal.passport_id < first + most)
    return session.scalars(select(Withdrawal.passport_id).where(*among).order_by(Withdrawal.passport_id)).all()


def has_passport_from(passport_id: int) -> bool:
    """Tell whether any passport has this id or a higher one."""
    return session.scalar(select(Passport.id).where(Passport.id >= passport_id).limit(1)) is not None


def find_withdrawal(passport_id: int) -> Withdrawal | None:
    """Return when and why a passport was withdrawn, or None."""
    return session.scalars(select(Withdrawal).where(Withdrawal.passport_id == passport_id)).one_or_none()


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
        joinedload(Passport.owner),
        joinedload(Passport.origin_project),
        selectinload(Passport.hazards).joinedload(HazardFinding.document),
        selectinload(Passport.claims).joinedload(Claim.document),
        selectinload(Passport.photos),
        selectinload(Passport.tests).joinedload(MaterialTest.document),
        selectinload(Passport.documents),
    )
