"""The passport as a UNTP credential, judged by an outside validator and by the schema of W3C."""

import copy
import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings

from marketplace.materials.hazards import Hazard
from marketplace.passports.details import Component
from marketplace.passports.document import HazardStatement
from marketplace.passports.dpp.product import EXTENSION
from marketplace.passports.dpp.terms import UNKNOWN, UNKNOWN_COUNTRY, file_link, number
from marketplace.passports.gate import HazardStatus
from marketplace.passports.untp import CONTEXTS, credential_of, document_of
from tests.passports.documents import HUB, beams, building, door, road
from tests.passports.strategies import documents

BUILDERS = [door, beams, road, building]
W3C_SCHEMA = Path(__file__).parents[3] / "shared/standards/w3c-vcdm2-inputs/_verifiable-credential-schema.json"
STATUS = {
    "type": "BitstringStatusListEntry",
    "id": f"{HUB}/status/1#42",
    "statusPurpose": "revocation",
    "statusListIndex": "42",
    "statusListCredential": f"{HUB}/status/1",
}


def issued(document):
    """Return the credential as a reader gets it: signed forms are made of these bytes."""
    credential = credential_of(document, issuer_did="did:web:hub.example", status=STATUS)
    return json.loads(rfc8785.dumps(credential))


@pytest.fixture(scope="module")
def judge():
    """Return the outside validator for UNTP 0.7.0, without anything that could go to the network."""
    from dppvalidator.validators.engine import ValidationEngine

    return ValidationEngine("0.7.0", load_plugins=False).validate


@pytest.fixture(scope="module")
def strict_judge():
    from dppvalidator.validators.engine import ValidationEngine

    return ValidationEngine("0.7.0", strict_mode=True, layers=["schema"], load_plugins=False).validate


def codes(faults):
    return {fault.code for fault in faults}


@pytest.mark.parametrize("build", BUILDERS)
def test_the_validator_accepts_it_and_misses_only_an_end_date(judge, build):
    verdict = judge(issued(build()))
    assert verdict.errors == []
    assert codes(verdict.warnings) <= {"CQ016"}
    assert codes(verdict.info) <= {"PRT001"}


def test_with_an_end_date_the_validator_has_no_remark_left(judge):
    credential = credential_of(road(), issuer_did="did:web:hub.example", status=None)
    verdict = judge(credential | {"validUntil": "2036-03-02T00:00:00Z"})
    assert (verdict.errors, verdict.warnings, verdict.info) == ([], [], [])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_the_validator_accepts_whatever_is_stated(judge, document):
    assert judge(issued(document)).errors == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_nothing_is_lost_on_the_way_there_and_back(document):
    assert document_of(issued(document)) == document


@pytest.mark.parametrize("build", BUILDERS)
def test_it_is_plain_json_and_the_same_every_time(build):
    credential = credential_of(build(), issuer_did="did:web:hub.example", status=STATUS)
    assert json.loads(json.dumps(credential)) == credential == issued(build())
    assert document_of(credential) == build()


@pytest.mark.parametrize("build", BUILDERS)
def test_but_for_the_extension_every_word_is_one_of_untp(strict_judge, build):
    credential = issued(build())
    del credential["credentialSubject"]["characteristics"]
    _without_schemes_that_only_the_context_knows(credential)
    assert [(fault.path, fault.message) for fault in strict_judge(credential).errors] == []
    credential["credentialSubject"]["ourOwnWord"] = 1
    assert strict_judge(credential).errors


def _without_schemes_that_only_the_context_knows(credential):
    subject = credential["credentialSubject"]
    for holder in (subject["producedAtFacility"], *credential["issuer"].get("issuerAlsoKnownAs", ())):
        holder.pop("idScheme", None)


SPOILT = {
    "a product without a name": lambda subject: subject.pop("name"),
    "a fraction above one": lambda subject: subject["materialProvenance"][0].update(massFraction=1.4),
    "a country in full": lambda subject: subject["countryOfProduction"].update(countryCode="Nederland"),
    "an unheard-of granularity": lambda subject: subject.update(idGranularity="work"),
    "no donor": lambda subject: subject.pop("producedAtFacility"),
    "a role of our own": lambda subject: subject["relatedParty"][0].update(role="seller"),
    "a figure in words": lambda subject: subject["dimensions"]["weight"].update(value="28,5"),
    "a hazardous material without safety": lambda subject: subject["materialProvenance"][0].update(hazardous=True),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_the_validator_refuses(judge, spoil):
    credential = issued(door())
    assert judge(credential).errors == []
    spoil(credential["credentialSubject"])
    assert judge(credential).errors


@pytest.mark.skipif(not W3C_SCHEMA.is_file(), reason="the optional folder ../shared/standards is not there")
@pytest.mark.parametrize("build", BUILDERS)
def test_the_schema_of_w3c_accepts_it(build):
    import jsonschema

    check = jsonschema.Draft202012Validator(json.loads(W3C_SCHEMA.read_text()))
    credential = issued(build())
    assert list(check.iter_errors(credential)) == []
    assert list(check.iter_errors(credential | {"validFrom": "2 maart 2026"}))


def expanded(credential):
    """Return the expanded JSON-LD and the words without a meaning. UNTP's own words stand in for by its vocabulary."""
    from pyld import jsonld
    from pyld.documentloader import frozen

    untp = {"@context": {"@vocab": "https://vocabulary.uncefact.org/untp/"}}
    known = frozen.FrozenDocumentLoader()

    def load(url, options):
        return {"document": untp, "documentUrl": url, "contextUrl": None} if url == CONTEXTS[1] else known(url, options)

    dropped = []
    return jsonld.expand(credential, {"documentLoader": load}, on_property_dropped=dropped.append), dropped


def test_as_json_ld_the_document_is_a_literal_of_our_own_word():
    expansion, dropped = expanded(issued(door()))
    words = json.dumps(expansion)
    assert dropped == []
    assert words.count(f"{HUB}/ns/passport#document") == 1
    (subject,) = expansion[0]["https://www.w3.org/2018/credentials#credentialSubject"]
    (characteristics,) = subject["https://vocabulary.uncefact.org/untp/characteristics"]
    assert characteristics == {
        f"{HUB}/ns/passport#document": [{"@type": "@json", "@value": json.loads(msgspec.json.encode(door()))}],
    }


def test_the_version_has_an_id_that_leads_to_the_passport():
    credential = issued(door())
    assert credential["id"] == f"{HUB}/ID/7K3M9PQRSTVWX#v3"
    assert credential["credentialSubject"]["id"] == f"{HUB}/ID/7K3M9PQRSTVWX"
    assert credential["validFrom"] == "2026-03-02T09:30:00Z"
    assert credential["credentialStatus"]["statusListIndex"] == 42


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (door, {"idGranularity": "item", "itemNumber": "7K3M9PQRSTVWX"}),
        (beams, {"idGranularity": "batch", "batchNumber": "5QWXYZ2345678"}),
        (road, {"idGranularity": "item", "itemNumber": "2RSTVWXYZ3456"}),
    ],
)
def test_the_granularity_comes_with_its_number(build, expected):
    subject = issued(build())["credentialSubject"]
    assert {
        name: subject.get(name) for name in ("idGranularity", "itemNumber", "batchNumber") if name in subject
    } == expected


def test_sizes_carry_their_unit_and_margin():
    assert issued(door())["credentialSubject"]["dimensions"] == {
        "weight": {"value": 28.5, "unit": "KGM", "lowerTolerance": 0.5, "upperTolerance": 0.5},
        "length": {"value": 2115, "unit": "MMT", "lowerTolerance": 1, "upperTolerance": 1},
        "width": {"value": 930, "unit": "MMT"},
        "height": {"value": 40, "unit": "MMT"},
        "volume": {"value": 0.0787, "unit": "MTQ"},
    }


def test_reused_is_not_counted_as_recycled_and_the_rest_is_called_unknown():
    lines = issued(door())["credentialSubject"]["materialProvenance"]
    assert [(line["name"], line["massFraction"], line.get("recycledMassFraction")) for line in lines] == [
        ("vurenhout", 0.6, 0),
        ("spaanplaat", 0.3, 0.75),
        ("lead (paint or stabiliser)", 0.00084, None),
        (UNKNOWN, 0.09916, None),
    ]
    assert [line["originCountry"]["countryCode"] for line in lines] == ["SE", *[UNKNOWN_COUNTRY] * 3]


def test_a_substance_that_does_not_fit_beside_the_composition_is_claimed_only():
    lead = HazardStatement(Hazard.LEAD, HazardStatus.PRESENT, value=Decimal(840), unit="mg/kg")
    whole = (Component("staal", Decimal(1), primary=Decimal(1)),)
    subject = issued(msgspec.structs.replace(door(), composition=whole, hazards=(lead,)))["credentialSubject"]
    assert [line["name"] for line in subject["materialProvenance"]] == ["staal"]
    (claim,) = [claim for claim in subject["performanceClaim"] if claim["id"].endswith("#hazard-lead")]
    assert claim["claimedPerformance"][0]["measure"] == {"value": 840, "unit": "NA"}
    assert claim["claimedPerformance"][0]["score"] == {"code": "present"}


def test_an_unknown_donor_is_unknown_and_never_invented():
    subject = issued(beams())["credentialSubject"]
    assert subject["producedAtFacility"]["name"] == UNKNOWN
    assert subject["countryOfProduction"] == {"countryCode": UNKNOWN_COUNTRY, "countryName": UNKNOWN}
    assert issued(door())["credentialSubject"]["producedAtFacility"]["registeredId"] == "0106100000012345"


def test_a_road_claims_what_its_layers_hold():
    claims = {claim["id"].partition("#")[2]: claim for claim in issued(road())["credentialSubject"]["performanceClaim"]}
    assert claims["content-reclaimed"]["claimedPerformance"][0]["measure"] == {"value": 19.9270072992701, "unit": "P1"}
    assert claims["pak10/V1/L1"]["claimedPerformance"][0]["measure"] == {"value": 4.2, "unit": "NA"}
    assert claims["pak10/V2/L1"]["claimedPerformance"][0]["measure"] == {"value": 0, "unit": "NA"}
    assert (
        claims["mki/V1/L1"]["claimedPerformance"][0]["score"]["definition"]
        == "EUR per t, set A1, modules A1+A2+A3+A4+A5"
    )
    links = [link["linkURL"] for link in issued(road())["credentialSubject"]["relatedDocument"]]
    assert links == [f"{HUB}/ID/9ABCDEFGHJKMN"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_every_claim_has_a_name_of_its_own(document):
    claims = [claim["id"] for claim in issued(document)["credentialSubject"]["performanceClaim"]]
    assert len(set(claims)) == len(claims) > 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.1", "0.1"),
        ("28.50", "28.5"),
        ("1E+2", "100"),
        ("-0", "0"),
        ("0.3333333333333333333333", "0.333333333333333"),
        ("123456789012.3456789", "123456789012.346"),
        ("1E+20", "100000000000000000000"),
    ],
)
def test_a_number_has_at_most_fifteen_digits(value, expected):
    assert rfc8785.dumps(number(Decimal(value))).decode() == expected


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_signed(value):
    with pytest.raises(ValueError, match="no number"):
        number(Decimal(value))


def test_a_file_is_named_by_what_is_in_it():
    sha256_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    link = file_link(sha256_of_nothing, "leeg", "photo")
    assert link["linkURL"] == "ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    assert link["digestMultibase"] == "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"


def members(value):
    """Yield the name of every member, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner)


PRIVATE = ("price", "prijs", "phone", "telefoon", "mail", "person", "reserv", "user", "contact")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_no_member_is_of_a_kind_that_may_not_be_public(document):
    named = {name.lower() for name in members(issued(document))}
    assert not [name for name in named if any(word in name for word in PRIVATE)]


def test_what_is_slipped_in_beside_the_entry_of_a_list_does_not_go_out():
    slipped = STATUS | {"phone": "0592-CANARY", "statusListIndex": 3}
    credential = credential_of(door(), issuer_did="did:web:hub.example", status=slipped)
    assert "CANARY" not in json.dumps(credential)
    assert credential["credentialStatus"]["statusListIndex"] == 3


@pytest.mark.parametrize("member", ["price", "phone", "reservedFor"])
def test_a_document_with_more_than_it_may_hold_is_no_document(member):
    credential = copy.deepcopy(issued(door()))
    credential["credentialSubject"]["characteristics"][EXTENSION][member] = "CANARY"
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        document_of(credential)


@pytest.mark.parametrize("other", [None, [], {}, {"credentialSubject": {"characteristics": {}}}])
def test_a_credential_of_another_holds_no_document(other):
    with pytest.raises(msgspec.ValidationError):
        document_of(other)
