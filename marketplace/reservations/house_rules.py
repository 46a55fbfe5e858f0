"""The rules that an organisation sets for reservations of its stock; without any, those of `Terms` itself hold."""

from dataclasses import fields
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import Base, session
from marketplace.kit.journal import By
from marketplace.reservations.terms import BOUNDS, Terms, check

_FIELDS: Final = tuple(field.name for field in fields(Terms))


class HouseRules(Base):
    """The terms of one organisation, a column for each; see `Terms` for what they mean."""

    __tablename__ = "house_rules"
    __table_args__ = (
        *(
            CheckConstraint(f"{field} BETWEEN {least} AND {most}", name=field)
            for field, (least, most) in BOUNDS.items()
        ),
        CheckConstraint("least_percent <= most_percent", name="shares"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), primary_key=True, autoincrement=False)
    answer_days: Mapped[int]
    hold_days: Mapped[int]
    offer_hours: Mapped[int]
    extensions: Mapped[int]
    extension_days: Mapped[int]
    warn_hours: Mapped[int]
    most_percent: Mapped[int]
    least_percent: Mapped[int]


def terms_of(organisation_id: int) -> Terms:
    """Return the terms of an organisation, which are the usual ones where it set none."""
    return _terms(session.get(HouseRules, organisation_id))


def set_terms(organisation: Organisation, terms: Terms, by: By) -> None:
    """Set the terms for what is reserved from now on. Raises InvalidInputError as `check` does."""
    check(terms)
    # Two owners who set the first rules at once would both add a row. Reservations only point at the organisation, and
    # do not wait for this.
    row = select(Organisation.id).where(Organisation.id == organisation.id)
    session.execute(row.with_for_update(key_share=True))
    rules = session.get(HouseRules, organisation.id, populate_existing=True)
    changed = differences(snapshot(_terms(rules), _FIELDS), snapshot(terms, _FIELDS))
    if not changed:
        return
    if rules is None:
        rules = HouseRules(organisation_id=organisation.id)
        session.add(rules)
    for field in _FIELDS:
        setattr(rules, field, getattr(terms, field))
    journal.record(f"organisation:{organisation.id}", "organisation.rules_changed", by=by, **changed)


def _terms(rules: HouseRules | None) -> Terms:
    return Terms(**{field: getattr(rules, field) for field in _FIELDS}) if rules else Terms()
