"""Printing labels, claiming those that were printed ahead, and replacing those that are no longer to be trusted."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from sqlalchemy import select, update

from marketplace.accounts.models import Organisation
from marketplace.kit import clock, journal
from marketplace.kit.codes import new_passport_code, normalise
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.journal import By
from marketplace.labels import queries
from marketplace.labels.models import IssuedLabel, LabelPrint, LabelStatus, PrintFormat
from marketplace.labels.prints import PrintFacts
from marketplace.passports import queries as passports
from marketplace.passports.models import Passport

MOST: Final = 1000
"""Labels in one print."""

_LONGEST_REASON: Final = 500


def require_count(count: int, *, field: str = "count") -> None:
    """Raise InvalidInputError unless this many labels can be made in one print."""
    if not 0 < count <= MOST:
        message = N_("Maak 1 tot en met %(most)s labels in één keer; dit zijn er %(count)s.")
        raise InvalidInputError(message, field=field, most=MOST, count=count)


def record_print(
    *, facts: PrintFacts, form: PrintFormat, organisation_id: int, codes: Sequence[str], by: By
) -> LabelPrint:
    """Keep the facts of a print, and which codes were on it."""
    row = LabelPrint(
        organisation_id=organisation_id,
        user_id=by.user_id,
        at=clock.now(),
        format=form,
        medium=facts.medium,
        width_mm=_exact(facts.width_mm),
        height_mm=_exact(facts.height_mm),
        module_mm=_exact(facts.module_mm),
        level=facts.level,
        language=facts.language,
        count=facts.count,
        skipped=facts.skipped,
        codes=" ".join(dict.fromkeys(codes)),
    )
    session.add(row)
    session.flush()
    journal.record(row.subject, "label.printed", by=by, format=form, medium=facts.medium, count=facts.count)
    return row


def make_blanks(*, organisation: Organisation, count: int, by: By) -> list[IssuedLabel]:
    """Make labels that wait for a passport. Raises InvalidInputError for none, or for more than one print holds."""
    require_count(count)
    at = clock.now()
    made = [
        IssuedLabel(code=code, organisation_id=organisation.id, status=LabelStatus.BLANK, made_at=at)
        for code in _new_codes(count)
    ]
    session.add_all(made)
    session.flush()
    first = made[0].code
    journal.record(f"organisation:{organisation.id}", "label.blanks_made", by=by, count=count, first=first)
    return made


def claim(*, code: str, passport: Passport, by: By) -> IssuedLabel:
    """Let a blank label lead to a passport of the organisation that had the label made.

    Claiming it once more for the same passport changes nothing. Raises NotFoundError where `by` acts for another
    organisation or the passport is not theirs, and ConflictError where the label is no longer blank or the passport
    no longer holds.
    """
    label = queries.label_of_code(code)
    if label is None or not label.organisation_id == by.organisation_id == passport.owner_id:
        raise NotFoundError(N_("Dit label en deze partij horen niet bij dezelfde organisatie."), field="code")
    if passport.status.is_over:
        raise ConflictError(N_("Dit paspoort geldt niet meer; koppel het label aan een ander."), field="code")
    if label.status is LabelStatus.ACTIVE and label.passport_id == passport.id:
        return label
    _take(label, passport)
    journal.record(passport.subject, "label.claimed", by=by, code=label.code)
    return label


def _take(label: IssuedLabel, passport: Passport) -> None:
    """Check and change in one statement, so that of two who claim a label at once one gets it."""
    at = clock.now()
    taken = session.scalar(
        update(IssuedLabel)
        .where(IssuedLabel.id == label.id, IssuedLabel.status == LabelStatus.BLANK)
        .values(status=LabelStatus.ACTIVE, passport_id=passport.id, claimed_at=at)
        .returning(IssuedLabel.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(label)
    if taken is None:
        raise ConflictError(N_("Dit label is al gekoppeld of ongeldig."), field="code")


def void(*, code: str, reason: str, by: By) -> IssuedLabel:
    """Say that a label is no longer to be trusted. Who may do so is for the caller to ask.

    Raises InvalidInputError without a reason, NotFoundError for a code that nobody has, and ConflictError where the
    label is void already.
    """
    reason = _stated(reason)
    label = queries.label_of_code(code)
    if label is None:
        label = _void_own(passports.get_by_code(code), reason)
    else:
        _void_issued(label, reason)
    journal.record(_subject(label), "label.voided", by=by, code=label.code, reason=reason)
    return label


def reissue(*, passport: Passport, old_code: str, reason: str, by: By) -> IssuedLabel:
    """Replace a label of a passport by a new one with a code of its own, and return the new one.

    The old one becomes void if it is not; `reason` is needed only then. Raises NotFoundError where the old code is of
    something else, ConflictError where it was replaced before or the passport no longer holds.
    """
    old_code = normalise(old_code)
    if passport.status.is_over:
        raise ConflictError(N_("Dit paspoort geldt niet meer; er worden geen labels meer van gemaakt."))
    old = queries.label_of_code(old_code)
    if (old is None and old_code != passport.code) or (old is not None and old.passport_id != passport.id):
        raise NotFoundError(N_("Deze code hoort niet bij dit paspoort."), field="code")
    if old is None or old.status is not LabelStatus.VOID:
        old = void(code=old_code, reason=reason, by=by)
    new = _issued(passport)
    _replace(old, new)
    journal.record(passport.subject, "label.reissued", by=by, code=new.code, replaced=old_code)
    return new


def _issued(passport: Passport) -> IssuedLabel:
    (code,) = _new_codes(1)
    at = clock.now()
    label = IssuedLabel(
        code=code,
        organisation_id=passport.owner_id,
        passport_id=passport.id,
        status=LabelStatus.ACTIVE,
        made_at=at,
        claimed_at=at,
    )
    session.add(label)
    session.flush()
    return label


def _replace(old: IssuedLabel, new: IssuedLabel) -> None:
    replaced = session.scalar(
        update(IssuedLabel)
        .where(IssuedLabel.id == old.id, IssuedLabel.replaced_by.is_(None))
        .values(replaced_by=new.code)
        .returning(IssuedLabel.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(old)
    if replaced is None:
        raise ConflictError(N_("Dit label is al vervangen."), field="code")


def _void_own(passport: Passport, reason: str) -> IssuedLabel:
    label = IssuedLabel(
        code=passport.code,
        organisation_id=passport.owner_id,
        passport_id=passport.id,
        status=LabelStatus.VOID,
        made_at=passport.created_at,
        voided_at=clock.now(),
        reason=reason,
    )
    session.add(label)
    flush_or({"issued_label.code": _already_void()})
    return label


def _void_issued(label: IssuedLabel, reason: str) -> None:
    voided = session.scalar(
        update(IssuedLabel)
        .where(IssuedLabel.id == label.id, IssuedLabel.status != LabelStatus.VOID)
        .values(status=LabelStatus.VOID, voided_at=clock.now(), reason=reason)
        .returning(IssuedLabel.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(label)
    if voided is None:
        raise _already_void()


def _already_void() -> ConflictError:
    return ConflictError(N_("Dit label is al ongeldig."), field="code")


def _subject(label: IssuedLabel) -> str:
    return f"passport:{label.passport_id}" if label.passport_id else f"organisation:{label.organisation_id}"


def _stated(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise InvalidInputError(N_("Vul in waarom dit label niet meer geldt."), field="reason")
    if len(reason) > _LONGEST_REASON:
        message = N_("Een reden heeft ten hoogste %(most)s tekens.")
        raise InvalidInputError(message, field="reason", most=_LONGEST_REASON)
    return reason


def _new_codes(count: int) -> list[str]:
    """Return codes that neither a passport nor a label has."""
    codes: list[str] = []
    while len(codes) < count:
        fresh = {new_passport_code() for _ in range(count - len(codes))} - set(codes)
        codes += sorted(fresh - _taken(fresh))
    return codes


def _taken(codes: set[str]) -> set[str]:
    of_passports = select(Passport.code).where(Passport.code.in_(codes))
    return {
        *session.scalars(of_passports),
        *session.scalars(select(IssuedLabel.code).where(IssuedLabel.code.in_(codes))),
    }


def _exact(size: float) -> Decimal:
    return Decimal(str(round(size, 3)))
