"""Giving a thing to another organisation: its passport goes along."""

from decimal import Decimal

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.passports.lineage import sign_what_is_left, split
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act, lock


def transfer(passport: Passport, to: Organisation, act: Act) -> None:
    """Make another organisation the owner of a passport, and sign that; who issued it stays who issued it.

    Where it was seen last is where it was fetched: it lies there no more, and nobody saw it yet where it went.
    Raises ConflictError where nothing is left of it.
    """
    lock(passport)
    before = session.get_one(Organisation, passport.owner_id)
    if before.id == to.id:
        return
    passport.owner_id = to.id
    passport.last_seen_at, passport.last_seen_place = None, ""
    session.flush()
    session.expire(passport, ["owner"])
    facts = {"quantity": as_fact(passport.quantity), "unit": passport.unit.value}
    names = {"from": before.name, "to": to.name}
    journal.record(
        passport.subject, "passport.transferred", by=act.by, from_id=before.id, to_id=to.id, **facts, **names
    )
    sign_what_is_left(passport, act)


def give(passport: Passport, quantity: Decimal, to: Organisation, act: Act) -> Passport:
    """Give an amount of a thing to another organisation, and return the passport that went along.

    All of it takes its passport along; a part gets one of its own. Raises NotEnoughLeftError where there is less, and
    ConflictError for a part of a work and of what is built in.
    """
    lock(passport)
    (given,) = [passport] if quantity == passport.quantity else split(passport, [quantity], act)
    transfer(given, to, act)
    return given
