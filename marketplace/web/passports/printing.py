"""A passport made ready to print: its sheet in the language of the reader."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.codes import grouped
from marketplace.kit.errors import N_
from marketplace.labels import qr
from marketplace.passports.details import FigureKey
from marketplace.passports.document import Organisation, PassportDocument
from marketplace.passports.levels import Granularity
from marketplace.passports.sheet import Picture, Section, Sheet, Terms
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.filters import clock_time, day, language
from marketplace.web.passports import printed, printed_works
from marketplace.web.passports.words import amount, joined, lower, say

_ART: Final = '<svg xmlns="http://www.w3.org/2000/svg" font-family="Source Sans 3" '


def sheet_of(
    document: PassportDocument, *, signed: bytes, signer: str, photo: Path | None = None, is_withdrawn: bool = False
) -> Sheet:
    """Return the sheet of a published passport. `signed` is what is attached to it, and `signer` the did of the hub."""
    issued = say(N_("versie %(number)s, %(day)s"), number=document.number, day=day(document.valid_from))
    return Sheet(
        language=language(),
        at=_wall_time(document.valid_from),
        band=(say(N_("Materialenpaspoort")), issued),
        name=document.name,
        author=document.issuer.name,
        lead=_lead(document),
        description=document.description,
        code=grouped(document.code),
        address=document.uri,
        picture=_picture(document, photo),
        qr=_code(document),
        issued=_issued(document, signed, signer),
        sections=tuple(_sections(document)),
        page=say(N_("Pagina {page} van {pages}")),
        attachment=say(N_("Het ondertekende paspoort, versie %(number)s"), number=document.number),
        warning=_warning(document, is_withdrawn=is_withdrawn),
    )


def _warning(document: PassportDocument, *, is_withdrawn: bool) -> str:
    if is_withdrawn:
        return say(N_("Dit paspoort is ingetrokken."))
    return say(N_("Voorbeeld: dit materiaal bestaat niet.")) if document.is_example else ""


def _sections(document: PassportDocument) -> list[Section]:
    made = (
        printed.figures(document),
        printed_works.structure(document),
        printed.hazards(document),
        printed.composition(document),
        printed.origin(document),
        printed.condition(document),
        printed.statements(document),
        printed.tests(document),
        printed.detachability(document),
        printed.environment(document),
        printed.later(document),
        printed.parties(document),
        printed.ancestors(document),
        printed.files(document),
    )
    return [section for section in made if section is not None]


def _lead(document: PassportDocument) -> str:
    quantity, kind = document.figure(FigureKey.QUANTITY), document.classification
    name = kind.name_en if language() == "en" else kind.name_nl
    return joined(amount(quantity) if quantity else "", lower(name))


def _picture(document: PassportDocument, photo: Path | None) -> Picture | None:
    """Return the photo or the drawing of what it is; of a building there is no drawing."""
    alt = say(N_("Foto van %(name)s"), name=document.name)
    if photo is not None:
        return Picture(photo.read_bytes(), "jpg", alt)
    sizes = {figure.key: int(figure.value) for figure in document.figures if figure.unit == "MMT"}
    dims = (sizes.get(FigureKey.LENGTH), sizes.get(FigureKey.WIDTH), sizes.get(FigureKey.HEIGHT))
    is_work, is_road = document.granularity is Granularity.WORK, bool(document.work and document.work.sections)
    if is_work and not is_road:
        return None
    category = "asphalt_granulate" if is_road else document.classification.category
    svg = drawing(category, dims=dims, expected=is_work, width=360, height=270)
    alt = say(N_("Tekening van deze soort materiaal met de maten: %(name)s"), name=document.name)
    return Picture(svg.replace("<svg ", _ART, 1).encode(), "svg", alt)


def _code(document: PassportDocument) -> Picture:
    alt = say(N_("QR-code die naar %(address)s leidt"), address=document.uri)
    return Picture(qr.svg(qr.symbol(document.uri.upper())).encode(), "svg", alt)


def _issued(document: PassportDocument, signed: bytes, signer: str) -> Terms:
    return Terms(
        (
            (say(N_("Uitgegeven door")), _organisation(document.issuer)),
            (say(N_("Eigenaar")), _organisation(document.owner)),
            (say(N_("Geldig vanaf")), _moment(document.valid_from)),
            (say(N_("Ondertekend door")), signer),
            (say(N_("Adres")), document.uri),
            ("SHA-256", hashlib.sha256(signed).hexdigest()),
            (
                say(N_("Controleren")),
                say(
                    N_(
                        "De handtekening staat in paspoort.json, dat aan deze PDF vastzit. "
                        "Op het adres hierboven staat of het paspoort nog geldt."
                    )
                ),
            ),
        )
    )


def _organisation(organisation: Organisation) -> str:
    number = f"{say(N_('KvK'))} {organisation.kvk}" if organisation.kvk else ""
    return joined(organisation.name, organisation.place, number)


def _wall_time(at: datetime) -> datetime:
    return at.astimezone(AMSTERDAM)


def _moment(at: datetime) -> str:
    return f"{day(at)}, {clock_time(at)}"
