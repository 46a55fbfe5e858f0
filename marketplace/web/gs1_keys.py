"""The GS1 keys that this hub may give out, where its operator has a licence for them."""

from flask import current_app

from marketplace.config import Settings
from marketplace.passports.gs1 import own_keys
from marketplace.passports.gs1.digital_link import parse
from marketplace.passports.models import Passport
from marketplace.web.sealing import hub_seal


def prefix() -> str:
    """Return the company prefix of the operator, empty without a licence."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.gs1_prefix


def link_of(passport: Passport) -> str | None:
    """Return the GS1 Digital Link of a passport, or None where it has no key."""
    if not own_keys.may_carry(prefix(), is_example=passport.is_example):
        return None
    return own_keys.passport_link(
        prefix(),
        hub_seal().origin,
        category=passport.category,
        granularity=passport.granularity,
        code=passport.code,
    )


def readable(passport: Passport) -> str:
    """Return the key of a passport as it is printed, such as (01)09521234000013(21)7KQ9M2FX4HTB8WPN, or nothing."""
    link = link_of(passport)
    return parse(link).readable if link else ""
