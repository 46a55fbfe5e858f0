"""Reading labels and prints, and the passport that a label leads to."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.kit.codes import normalise
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.labels.models import IssuedLabel, LabelPrint, LabelStatus
from marketplace.passports import queries as passports
from marketplace.passports.models import Passport, PassportStatus

_LABELLED = (PassportStatus.DRAFT, PassportStatus.PUBLISHED)


def label_of_code(code: str) -> IssuedLabel | None:
    """Return the label of this code in any case, with its organisation and passport; None where it has no row."""
    query = select(IssuedLabel).where(IssuedLabel.code == normalise(code))
    options = (joinedload(IssuedLabel.organisation), joinedload(IssuedLabel.passport))
    return session.scalars(query.options(*options)).one_or_none()


def find_passport_by_any_code(code: str) -> Passport | None:
    """Return the passport of its own code or of a label that hangs on it, with everything that its page shows.

    A blank or void label leads to none. A passport's own code always leads to it, whatever became of its label.
    """
    if passport := passports.find_by_code(code):
        return passport
    of_label = select(Passport.code).join(IssuedLabel, IssuedLabel.passport_id == Passport.id)
    own = session.scalar(of_label.where(IssuedLabel.code == normalise(code), IssuedLabel.status == LabelStatus.ACTIVE))
    return passports.find_by_code(own) if own else None


def find_blank(code: str, organisation_ids: Collection[int]) -> IssuedLabel | None:
    """Return the label of this code if it waits for a passport of one of these organisations, or None."""
    label = label_of_code(code)
    is_theirs = label is not None and label.organisation_id in organisation_ids
    return label if label is not None and is_theirs and label.status is LabelStatus.BLANK else None


def labels_of(passport_id: int) -> Sequence[IssuedLabel]:
    """Return the labels of a passport that have a row, the newest first."""
    query = select(IssuedLabel).where(IssuedLabel.passport_id == passport_id)
    return session.scalars(query.order_by(IssuedLabel.id.desc())).all()


def find_own_void(passport: Passport) -> IssuedLabel | None:
    """Return that the label with a passport's own code is void, or None where it holds."""
    return session.scalars(select(IssuedLabel).where(IssuedLabel.code == passport.code)).one_or_none()


def codes_to_print(of: Collection[Passport]) -> Mapping[int, str]:
    """Return the code for a new label of each passport by its id: its own, or where that is void, its newest label's.

    A passport of which every label is void is left out.
    """
    issued = session.scalars(
        select(IssuedLabel)
        .where(IssuedLabel.passport_id.in_([passport.id for passport in of]))
        .order_by(IssuedLabel.id)
    ).all()
    void = {label.code for label in issued if label.status is LabelStatus.VOID}
    newest = {label.passport_id: label.code for label in issued if label.status is LabelStatus.ACTIVE}
    wanted = {passport.id: newest.get(passport.id) if passport.code in void else passport.code for passport in of}
    return {passport_id: code for passport_id, code in wanted.items() if code}


def blanks_left(organisation_ids: Collection[int]) -> int:
    """Return how many labels of these organisations wait for a passport."""
    mine = IssuedLabel.organisation_id.in_(organisation_ids)
    query = select(func.count()).where(mine, IssuedLabel.status == LabelStatus.BLANK)
    return session.scalar(query) or 0


def prints_of(organisation_ids: Collection[int], *, most: int = 20) -> Sequence[LabelPrint]:
    """Return the last prints of these organisations, the newest first."""
    query = select(LabelPrint).where(LabelPrint.organisation_id.in_(organisation_ids))
    return session.scalars(query.order_by(LabelPrint.id.desc()).limit(most)).all()


def to_label(
    organisation_ids: Collection[int], text: str = "", *, most: int = 500, unlabelled: bool = False
) -> Sequence[Passport]:
    """Return the passports of these owners that still hold, the newest first, with their owner.

    With `text`, those whose name or code contains it; with `unlabelled`, those without a label of their own code.
    """
    query = select(Passport).where(Passport.owner_id.in_(organisation_ids), Passport.status.in_(_LABELLED))
    if words := text.strip():
        in_name = func.lower(Passport.name).contains(words.lower(), autoescape=True)
        query = query.where(or_(in_name, Passport.code.contains(normalise(words), autoescape=True)))
    if unlabelled:
        query = query.where(~exists().where(IssuedLabel.passport_id == Passport.id))
    query = query.options(joinedload(Passport.owner))
    return session.scalars(query.order_by(Passport.created_at.desc(), Passport.id.desc()).limit(most)).all()


def chosen(codes: Sequence[str], organisation_ids: Collection[int]) -> list[Passport]:
    """Return these passports in their order, each once, with their owner.

    Raises NotFoundError where one of them does not hold, or is of an owner other than these organisations.
    """
    wanted = list(dict.fromkeys(map(normalise, codes)))
    query = select(Passport).where(
        Passport.code.in_(wanted), Passport.owner_id.in_(organisation_ids), Passport.status.in_(_LABELLED)
    )
    options = joinedload(Passport.owner)
    found = {passport.code: passport for passport in session.scalars(query.options(options))}
    if len(found) != len(wanted):
        raise NotFoundError(N_("Een van deze partijen bestaat niet, of niet voor u."))
    return [found[code] for code in wanted]
