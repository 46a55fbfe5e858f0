"""Publishing versions: each is signed once, kept as it was signed, and compared with what is stated today."""

import json
from datetime import datetime
from typing import Any

from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError
from marketplace.passports import queries
from marketplace.passports.assembly import content_sha256, document_of
from marketplace.passports.document import PassportDocument
from marketplace.passports.models import Passport, PassportVersion, Withdrawal
from marketplace.passports.seal import Seal
from marketplace.passports.status_list import MINIMUM_BITS, entry
from marketplace.passports.untp import credential_of


def whole(passport: Passport) -> Passport:
    """Return the passport with everything that its document states, as the database has it now."""
    session.flush()
    session.expire(passport)
    return queries.get_by_code(passport.code)


def draft_of(passport: Passport, *, origin: str, at: datetime) -> PassportDocument:
    """Return what would be published of a passport now. `passport` is loaded whole."""
    return document_of(passport, origin=origin, number=_next_number(passport), at=at)


def add_version(passport: Passport, *, seal: Seal, at: datetime) -> PassportVersion | None:
    """Sign what the passport states and keep it as a new version; None where the last version says the same.

    `passport` is loaded whole. Raises ConflictError where somebody else publishes it at the same moment.
    """
    draft = draft_of(passport, origin=seal.origin, at=at)
    digest, last = content_sha256(draft), queries.find_version(passport.id)
    if last is not None and last.content_sha256 == digest:
        return None
    credential = credential_of(draft, issuer_did=seal.did, status=status_entry(passport, seal.origin))
    signed, jwt = seal.sign(credential, at)
    version = PassportVersion(
        passport_id=passport.id,
        number=draft.number,
        valid_from=draft.valid_from,
        content_sha256=digest,
        credential=json.dumps(signed, ensure_ascii=False, separators=(",", ":")),
        jwt=jwt,
    )
    session.add(version)
    message = N_("Dit paspoort wordt net door iemand anders gepubliceerd. Probeer het nog eens.")
    flush_or({"passport_version.passport_id": ConflictError(message)})
    return version


def withdraw(passport: Passport, *, reason: str, at: datetime) -> None:
    """Mark every version of a passport as withdrawn, in the status list and for ever."""
    session.add(Withdrawal(passport_id=passport.id, at=at, reason=reason))
    flush_or({"passport_withdrawal.passport_id": ConflictError(N_("Dit paspoort is al ingetrokken."))})


def status_entry(passport: Passport, origin: str) -> dict[str, Any]:
    """Return the place of a passport in the status lists of the hub, as `credentialStatus` says it."""
    number, position = divmod(passport.id, MINIMUM_BITS)
    return entry(list_url=status_list_url(number, origin), position=position)


def status_list_url(number: int, origin: str) -> str:
    """Return the address of one status list; each has room for `status_list.MINIMUM_BITS` passports."""
    return f"{origin}/status/{number}"


def _next_number(passport: Passport) -> int:
    last = queries.find_version(passport.id)
    return last.number + 1 if last else 1
