"""The N376 as an example of a work: its layers, and the passports of the old roads that went into them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from marketplace.accounts.models import Organisation
from marketplace.demo.data import Row, day, decimal
from marketplace.kit import clock
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.materials.hazards import Hazard
from marketplace.passports import actions as passports
from marketplace.passports.details import (
    ASPHALT,
    Details,
    Donor,
    Layer,
    LayerKind,
    Mki,
    MkiSet,
    Reclaimed,
    Section,
    Work,
)
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.levels import EvidenceLevel, Granularity
from marketplace.passports.models import Passport
from marketplace.projects.models import Project

_CATEGORY: Final = "asphalt_granulate"
_MKI_SOURCE: Final = "Mengselblad (verzonnen voorbeeld)"


def add_road(road: Row, *, owner: Organisation, project: Project, on: date) -> list[Passport]:
    """Add the passports of the asphalt that was milled, and that of the road it went into, all as drafts.

    Whoever publishes them does so in this order, so that the sources of the road are there before it is.
    """
    donors = {row["passport"]: _donor(row, road, owner, project, on) for row in road["donors"]}
    return [*donors.values(), _road(road, {name: donor.code for name, donor in donors.items()}, owner, project, on)]


def _donor(row: Row, road: Row, owner: Organisation, project: Project, on: date) -> Passport:
    by = By(organisation_id=owner.id)
    facts = PassportFacts(
        category=_CATEGORY,
        name=row["passport"],
        quantity=Quantity(Decimal(row["tonnes"]), Unit.T),
        description=row["note"],
        building_year=row["year"],
        origin=row["origin"],
        origin_project_id=project.id if row["of_this_project"] else None,
        details=Details(donor=Donor(road=row["road"], layer=row["layer"], client=row["client"])),
    )
    passport = passports.create(issuer=owner, facts=facts, by=by, at=_moment(on, row["milled"]))
    _state_pak(passport, row, road["laboratory"], on, by)
    return passport


def _moment(on: date, days: int) -> datetime:
    return datetime.combine(on, clock.now().timetz()) + timedelta(days=days)


def _state_pak(passport: Passport, row: Row, laboratory: str, on: date, by: By) -> None:
    value, found_on = Decimal(row["pak10_mg_per_kg"]), day(row["date"], on)
    finding = Finding(HazardStatus.ABSENT_TESTED, row["report"], found_on, laboratory, value, "mg/kg")
    passports.set_hazards(passport, {Hazard.PAK: finding}, by)
    passports.add_claim(
        passport,
        key="pak10",
        value=f"{value} mg/kg",
        level=EvidenceLevel.TESTED,
        source=laboratory,
        report=row["report"],
        known_on=found_on,
        by=by,
    )


def _road(road: Row, codes: Mapping[str, str], owner: Organisation, project: Project, on: date) -> Passport:
    by = By(organisation_id=owner.id)
    work = work_of(road, codes, on)
    facts = PassportFacts(
        category=_CATEGORY,
        name=road["name"],
        quantity=Quantity(sum((layer.mass_t for layer in _layers(work)), Decimal(0)), Unit.T),
        description=road["note"],
        building_year=on.year,
        origin=f"{road['road']}, hm {_comma(road['from_hm'])} tot {_comma(road['to_hm'])}",
        origin_project_id=project.id,
        granularity=Granularity.WORK,
        details=Details(donor=Donor(road=road["road"]), work=work),
    )
    passport = passports.create(issuer=owner, facts=facts, by=by)
    _state_pak(passport, _worst(road, work), road["laboratory"], on, by)
    _state_cores(passport, road, work, on, by)
    passports.add_claim(
        passport,
        key=f"mki_new_{LayerKind.SURFACE.value}",
        value=f"€\N{NO-BREAK SPACE}{_comma(road['mki_surface_all_new_eur_per_t'])} per t",
        level=EvidenceLevel.DECLARED,
        source=_MKI_SOURCE,
        by=by,
    )
    return passport


def _comma(number: str) -> str:
    return number.replace(".", ",")


def work_of(road: Row, codes: Mapping[str, str], on: date) -> Work:
    """Return the sections and layers of the file, with `codes` as the passports of the sources by their names."""
    return Work(
        sections=tuple(
            Section(
                id=str(row["section"]),
                from_hm=Decimal(row["from_hm"]),
                to_hm=Decimal(row["to_hm"]),
                road=road["road"],
                side=row["side"],
                width_m=decimal(row["width_m"]),
                layers=tuple(_layer(layer, road, codes, on) for layer in row["layers"]),
            )
            for row in road["sections"]
        )
    )


def _layer(row: Row, road: Row, codes: Mapping[str, str], on: date) -> Layer:
    sources = ((source["passport"], Decimal(source["percent"])) for source in row["sources"])
    return Layer(
        id=row["kind"].replace("_", "-"),
        kind=LayerKind(row["kind"]),
        mix=row["mix"],
        thickness_mm=row["thickness_mm"],
        area_m2=Decimal(row["area_m2"]),
        mass_t=Decimal(row["mass_t"]),
        standard=row["en13108"] or "",
        laid_on=day(row["laid"], on),
        laid_year=row["laid_year"],
        bitumen=row["bitumen"] or "",
        bitumen_percent=decimal(row["bitumen_percent"]),
        reclaimed_percent=Decimal(row["reclaimed_percent"]),
        sources=tuple(Reclaimed(name, percent, codes[name]) for name, percent in sources),
        plant=row["plant"] or "",
        report=row["report"] or "",
        pak10=decimal(row["pak10_mg_per_kg"]),
        pak10_report=row["report"] or "",
        mki=_mki(row["mki_eur_per_t"], road),
    )


def _mki(eur: str | None, road: Row) -> Mki | None:
    if eur is None:
        return None
    return Mki(Decimal(eur), MkiSet(road["mki_set"]), tuple(road["mki_modules"]), Unit.T, _MKI_SOURCE)


def _layers(work: Work) -> Iterator[Layer]:
    return (layer for section in work.sections for layer in section.layers)


def _worst(road: Row, work: Work) -> Row:
    """Return what stands for the whole road: the asphalt with the most PAK10, found in the cores."""
    asphalt = (layer for layer in _layers(work) if layer.kind in ASPHALT)
    worst = max(asphalt, key=lambda layer: layer.pak10 or 0)
    return {"pak10_mg_per_kg": worst.pak10, "report": worst.pak10_report, "date": road["cores"][0]["date"]}


def _state_cores(passport: Passport, road: Row, work: Work, on: date, by: By) -> None:
    """State each core that was drilled, by the section in which it was."""
    for core in road["cores"]:
        section = next(one for one in work.sections if one.from_hm <= Decimal(core["hm"]) < one.to_hm)
        passports.add_claim(
            passport,
            key=f"core_{section.id}",
            value=f"Kern {core['core']} bij hm {_comma(core['hm'])}",
            level=EvidenceLevel.TESTED,
            source=road["laboratory"],
            report=core["report"],
            known_on=day(core["date"], on),
            by=by,
        )
