"""What a passport claims of its material, as UNTP performance claims: quality, hazards, tests, environment. Pure.

A claim holds what a reader of UNTP understands; every word of it stands in full in the document that goes along.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from marketplace.passports.details import ConditionScale, Detachability, Layer, Mki, Section
from marketplace.passports.document import HazardStatement, PassportDocument
from marketplace.passports.dpp.terms import file_link, measure, named, number, term

_TOPICS: Final = "https://vocabulary.uncefact.org/conformity-topics/"
_MEASURED: Final = {"mg/kg": "NA", "%": "P1"}
"""The units of a hazard that Recommendation 20 has a code for; a value in another unit stands in the document alone."""


class Topic(Enum):
    """The topics of the UNTP vocabulary that passports touch on, with their names."""

    PRODUCT = "product-integrity", "Product Integrity"
    CHEMICALS = "chemical-safety", "Chemical Safety"
    TECHNIQUE = "technical-conformity", "Technical Conformity"
    CLIMATE = "greenhouse-gas-emissions", "Greenhouse Gas Emissions"
    ECOLOGY = "ecological-resilience", "Ecological Resilience"
    CONTENT = "recycled-material-integration", "Recycled Material Integration"
    DESIGN = "sustainable-product-design", "Sustainable Product Design"
    CHAIN = "circular-value-chains", "Circular Value Chains"


def claims_of(document: PassportDocument) -> list[dict[str, Any]]:
    """Return everything that a passport claims, always in the same order; there is at least one, on its quality."""
    return [
        _quality(document),
        *(_condition(document)),
        *(_hazard(document, hazard) for hazard in document.hazards),
        *_tests(document),
        *_statements(document),
        *_environment(document),
        *_circularity(document),
        *_layers(document),
    ]


def _claim(
    document: PassportDocument,
    key: str,
    name: str,
    topic: Topic,
    performance: Iterable[dict[str, Any]],
    *,
    on: date | None = None,
    about: Iterable[str] = (),
    evidence: str = "",
) -> dict[str, Any]:
    """Return one claim. `key` names it within the passport, its part before the slash names the criterion."""
    topic_key, topic_name = topic.value
    criterion = key.partition("/")[0]
    claim = named(
        "Claim",
        f"{document.uri}#{key}",
        name,
        referenceCriteria=[named("Criterion", term(document, criterion), criterion)],
        claimDate=(on or document.valid_from.date()).isoformat(),
        claimedPerformance=[
            {"metric": named("PerformanceMetric", term(document, criterion), name), **outcome}
            for outcome in performance
        ],
        conformityTopic=[named("ConformityTopic", _TOPICS + topic_key, topic_name)],
    )
    if words := "; ".join(filter(None, about)):
        claim["description"] = words
    if evidence:
        claim["evidence"] = [file_link(evidence, name, term(document, "evidence"))]
    return claim


def _score(code: str, definition: str = "", **more: int) -> dict[str, Any]:
    return {"score": {"code": code, **more, **({"definition": definition} if definition else {})}}


def _quality(document: PassportDocument) -> dict[str, Any]:
    quality = document.quality
    return _claim(
        document, "quality", "Quality", Topic.PRODUCT, [_score(quality.basis.value)], about=[quality.document]
    )


def _condition(document: PassportDocument) -> Iterator[dict[str, Any]]:
    if (condition := document.condition) is None:
        return
    inspected = condition.scale is ConditionScale.NEN_2767
    name = "Condition by NEN 2767" if inspected else "Condition by the owner's own estimate"
    score = _score(str(condition.score), "1 is as new, 6 is very bad", rank=condition.score)
    about = (condition.defects, condition.inspector)
    key = f"condition-{condition.scale.value}"
    yield _claim(document, key, name, Topic.PRODUCT, [score], on=condition.on, about=about)


def _hazard(document: PassportDocument, statement: HazardStatement) -> dict[str, Any]:
    unit = _MEASURED.get(statement.unit.strip())
    found = {} if statement.value is None or unit is None else {"measure": measure(statement.value, unit)}
    return _claim(
        document,
        f"hazard-{statement.hazard.value}",
        statement.hazard.label("en"),
        Topic.CHEMICALS,
        [{**found, **_score(statement.status.value)}],
        on=statement.found_on,
        about=(statement.report, statement.laboratory, statement.permission),
        evidence=statement.document,
    )


def _tests(document: PassportDocument) -> Iterator[dict[str, Any]]:
    for position, test in enumerate(document.tests):
        yield _claim(
            document,
            f"test/{position}",
            f"Test: {test.test}",
            Topic.TECHNIQUE,
            [_score("passed" if test.passed else "failed", test.value)],
            on=test.tested_on,
            about=(test.method, test.laboratory, test.report),
            evidence=test.document,
        )


def _statements(document: PassportDocument) -> Iterator[dict[str, Any]]:
    for position, statement in enumerate(document.statements):
        yield _claim(
            document,
            f"statement/{position}",
            statement.key,
            Topic.PRODUCT,
            [_score(statement.value, statement.level.value)],
            on=statement.known_on,
            about=(statement.source, statement.method, statement.report),
            evidence=statement.document,
        )


def _environment(document: PassportDocument) -> Iterator[dict[str, Any]]:
    if document.mki is not None:
        yield _mki(document, "mki", document.mki)
    for position, gwp in enumerate(document.gwp):
        name = f"Global warming potential, module {gwp.module}, kg CO2 equivalent per {gwp.unit.value}"
        outcome = {"measure": measure(gwp.kg, "KGM")}
        yield _claim(document, f"gwp/{position}", name, Topic.CLIMATE, [outcome], about=[gwp.source])


def _mki(document: PassportDocument, key: str, mki: Mki, where: str = "") -> dict[str, Any]:
    """Return an environmental cost. Euros are no unit of measure, so that it is a score that tells all it means."""
    nmd = f"NMD category {mki.nmd_category}" if mki.nmd_category else ""
    meaning = f"EUR per {mki.unit.value}, set {mki.set.value}, modules {'+'.join(mki.modules)}"
    score = _score(f"{number(mki.eur)}", "; ".join(filter(None, (meaning, nmd))))
    name = f"Environmental cost indicator (MKI){where}"
    return _claim(document, key, name, Topic.ECOLOGY, [score], about=[mki.source])


def _circularity(document: PassportDocument) -> Iterator[dict[str, Any]]:
    for origin in ("reused", "recycled", "biobased") if document.composition else ():
        share = sum((line.fraction * getattr(line, origin) for line in document.composition), Decimal(0))
        yield _content(document, origin, f"Mass that is {origin}", share * 100)
    if document.work is not None and document.work.sections:
        share = _reclaimed([layer for section in document.work.sections for layer in section.layers])
        yield _content(document, "reclaimed", "Mass of the layers that is reclaimed", share)
    if document.detachability is not None:
        yield _detachability(document, document.detachability)
    if (later := document.later) is not None:
        score = _score(later.scenario.value, later.strategy)
        yield _claim(document, "end-of-life", "End of life scenario", Topic.CHAIN, [score])


def _content(document: PassportDocument, origin: str, name: str, percent: Decimal) -> dict[str, Any]:
    return _claim(document, f"content-{origin}", name, Topic.CONTENT, [{"measure": measure(percent, "P1")}])


def _reclaimed(layers: Sequence[Layer]) -> Decimal:
    """Return the percentage of the mass of all layers that is reclaimed."""
    total = sum((layer.mass_t for layer in layers), Decimal(0))
    reclaimed = sum((layer.mass_t * layer.reclaimed_percent for layer in layers), Decimal(0))
    return reclaimed / total if total else Decimal(0)


def _detachability(document: PassportDocument, detachability: Detachability) -> dict[str, Any]:
    outcome = {"measure": measure(detachability.index, "C62")}
    return _claim(document, "detachability", "Detachability index (losmaakbaarheidsindex)", Topic.DESIGN, [outcome])


def _layers(document: PassportDocument) -> Iterator[dict[str, Any]]:
    for section in document.work.sections if document.work else ():
        for layer in section.layers:
            yield from _layer(document, section, layer)


def _layer(document: PassportDocument, section: Section, layer: Layer) -> Iterator[dict[str, Any]]:
    part = f"{section.id}/{layer.id}"
    if layer.pak10 is not None:
        outcome, about = {"measure": measure(layer.pak10, _MEASURED["mg/kg"])}, [layer.pak10_report]
        yield _claim(document, f"pak10/{part}", f"PAK10 in layer {part}", Topic.CHEMICALS, [outcome], about=about)
    if layer.mki is not None:
        yield _mki(document, f"mki/{part}", layer.mki, f" of layer {part}")
