"""A delivery note in the language of the reader."""

from decimal import Decimal

from flask_babel import gettext

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.codes import grouped
from marketplace.kit.errors import N_
from marketplace.labels import qr
from marketplace.reservations.delivery_note import DeliveryNote, Party, Row
from marketplace.reservations.hand_overs import Then, as_it_was
from marketplace.reservations.models import HandOver, Reservation
from marketplace.web.cards import rounded
from marketplace.web.filters import clock_time, day, dimensions, language, money, quantity
from marketplace.web.labels_of import address_of, plain_address_of


def note_of(reservation: Reservation, row: HandOver) -> DeliveryNote:
    """Return the delivery note of a confirmed hand-over; both come loaded with their world."""
    owner, buyer = reservation.listing.organisation, reservation.organisation
    at = (row.confirmed_at or row.reported_at).astimezone(AMSTERDAM)
    then = as_it_was(row, journal.history(reservation.subject))
    return DeliveryNote(
        language=language(),
        at=at,
        title=_say(N_("Pakbon")),
        number=row.reference,
        author=owner.name,
        date=f"{day(at)}, {clock_time(at)}",
        parties=(_party(_say(N_("Van")), owner), _party(_say(N_("Aan")), buyer)),
        facts=tuple(_facts(reservation, row, then)),
        heads=(_say(N_("Wat")), _say(N_("Hoeveel")), _say(N_("Gewicht")), _say(N_("Prijs"))),
        rows=tuple(_rows(reservation, row)),
        notes=tuple(_notes(reservation, row, then)),
        signatures=(
            _say(N_("Meegegeven namens %(name)s"), name=owner.name),
            _say(N_("Ontvangen namens %(name)s"), name=buyer.name),
        ),
        page=_say(N_("Pagina {page} van {pages}")),
        **_passport(row),
    )


def _party(role: str, organisation: Organisation) -> Party:
    number = f"{_say('KvK')} {organisation.kvk}" if organisation.kvk else ""
    lines = (organisation.address, organisation.place, number)
    return Party(role, organisation.name, tuple(line for line in lines if line))


def _facts(reservation: Reservation, row: HandOver, then: Then) -> list[tuple[str, str]]:
    facts = [(_say(N_("Reservering")), reservation.reference)]
    if then.where:
        facts.append((_say(N_("Opgehaald in")), then.where))
    if reservation.project:
        facts.append((_say(N_("Voor project")), reservation.project.name))
    how = _say(N_("door het label te scannen")) if row.by_scan else _say(N_("door beide kanten"))
    return [*facts, (_say(N_("Bevestigd")), how)]


def _rows(reservation: Reservation, row: HandOver) -> list[Row]:
    listing = reservation.listing
    name, sizes = listing.passport.name, dimensions(listing.passport.dimensions)
    rows = []
    if row.quantity:
        price = money(row.quantity * reservation.price_eur) if reservation.price_eur else ""
        rows.append(_row(reservation, name, row.quantity, price=price, more=sizes))
    losses = ((_say(N_("Stuk: %(name)s"), name=name), row.broken), (_say(N_("Zoek: %(name)s"), name=name), row.lost))
    return rows + [_row(reservation, what, amount, more=row.reason) for what, amount in losses if amount]


def _row(reservation: Reservation, what: str, amount: Decimal, *, price: str = "", more: str = "") -> Row:
    mass = amount * reservation.listing.passport.kg_per_unit
    return Row(what, quantity(amount, reservation.unit), f"{rounded(mass)} kg", price, more)


def _notes(reservation: Reservation, row: HandOver, then: Then) -> list[str]:
    notes = []
    if then.left:
        left = quantity(then.left, reservation.unit)
        notes.append(_say(N_("Van deze reservering staat nog %(amount)s klaar."), amount=left))
    if row.releases_rest:
        notes.append(_say(N_("Wat overbleef is vrijgegeven.")))
    if row.quantity and reservation.price_eur:
        notes.append(_say(N_("Prijzen zonder btw. Dit is geen factuur.")))
    return notes


def _passport(row: HandOver) -> dict[str, str]:
    """Return what the note says of the passport that went along: nothing where none did."""
    if row.passport is None:
        return {}
    address = plain_address_of(row.passport.code)
    return {
        "code_title": _say(N_("Het materialenpaspoort gaat mee")),
        "code": grouped(row.passport.code),
        "qr": qr.svg(qr.symbol(address_of(row.passport.code))),
        "alt": _say(N_("QR-code die naar %(address)s leidt"), address=address),
    }


def _say(message: str, **params: object) -> str:
    return str(gettext(message, **params))
