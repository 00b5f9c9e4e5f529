"""FHIR as systems export it: old releases, absent data, weights under several codes, units of other sizes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.core.quantities.ucum import judged_code
from tests.support import invoke

if TYPE_CHECKING:
    from tests.support import Outcome

UCUM = "http://unitsofmeasure.org"


def quantity(value: Any, unit: str, code: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


def request(drug: str = "oxytocin", /, **dose: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "medicationCodeableConcept": {"text": drug},
        "dosageInstruction": [{"doseAndRate": [dose]}],
    }


def check(resource: Any, *args: str) -> Outcome:
    return invoke("check", "-", "--stdin-filename", "a.json", "--json", *args, stdin=json.dumps(resource))


def codes(outcome: Outcome) -> list[str]:
    return [each["code"] for each in outcome.json["findings"]]


def bundle(*resources: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


@pytest.mark.parametrize(
    ("code", "unit", "times"),
    [
        ("m[iU]/min", "units/min", "1/1000"),
        ("mU/min", "units/min", "1/1000"),
        ("[iU]/h", "units/h", "1"),
        ("nmol", "umol", "1/1000"),
        ("pg/mL", "ng/mL", "1/1000"),
        ("cL", "mL", "10"),
        ("ng/uL", "ng/mL", "1000"),
    ],
)
def test_a_code_of_another_size_is_counted_in_a_unit_of_the_table(code: str, unit: str, times: str) -> None:
    judged = judged_code(code)
    assert judged.unit is not None
    assert (judged.unit.name, str(judged.times)) == (unit, times)


@pytest.mark.parametrize(
    ("unit", "code", "found"),
    [
        ("units/min", "mU/min", ["RC233"]),
        ("units/min", "m[iU]/min", ["RC233"]),
        ("units/min", "[iU]/min", []),
        ("mg", "kat", ["RC233", "RC232"]),
        ("mg", "{tablet}", ["RC232"]),
        ("kat", "kat", ["RC232"]),
        ("mmol", "nmol", ["RC233"]),
    ],
)
def test_the_unit_is_compared_with_every_code_of_ucum(unit: str, code: str, found: list[str]) -> None:
    name = "rateQuantity" if "/" in code else "doseQuantity"
    outcome = check(
        request("oxytocin", **{name: quantity(2, unit, code)}), "--select", "RC232,RC233", "--ignore", "RC711,RC712"
    )
    assert [each for each in codes(outcome) if each in {"RC232", "RC233"}] == found


STU3 = {
    "resourceType": "MedicationRequest",
    "medicationCodeableConcept": {"text": "aspirin"},
    "context": {"reference": "Encounter/1"},
    "requester": {"agent": {"reference": "Practitioner/1"}},
    "dosageInstruction": [{"doseQuantity": quantity(100, "mg", "mg")}],
}


@pytest.mark.parametrize(
    ("resource", "release"),
    [
        (STU3, "STU3"),
        (bundle({"resourceType": "Patient"}, *[STU3] * 20), "STU3"),
        ({"resourceType": "MedicationOrder", "dosageInstruction": [{"doseQuantity": {"value": 1}}]}, "DSTU2"),
        ({**STU3, "context": None, "requester": {}}, "STU3"),
    ],
)
def test_an_old_release_is_told_once_and_judged_by_nothing(resource: Any, release: str) -> None:
    outcome = check(resource)
    (told,) = outcome.json["findings"]
    assert told["message"] == f"this is FHIR {release}, and R4 and R5 are read: it was not judged"
    assert (told["code"], outcome.exit_code) == ("RC102", 3)


def weight(code: str, value: int, when: dict[str, Any]) -> dict[str, Any]:
    coding = [{"system": "http://loinc.org", "code": code}]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": coding},
        "valueQuantity": quantity(value, "kg", "kg"),
        **when,
    }


@pytest.mark.parametrize("code", ["29463-7", "3141-9", "3142-7", "8335-2"])
def test_a_body_weight_is_taken_under_each_of_its_codes_and_the_latest_counts(code: str) -> None:
    drip = request(
        "tirofiban",
        rateQuantity=quantity(0.15, "mcg/kg/min", "ug/kg/min"),
        doseQuantity=quantity(7200, "mcg", "ug"),
    )
    drip["dosageInstruction"][0]["timing"] = {"repeat": {"duration": 10, "durationUnit": "h"}}
    old = weight("29463-7", 40, {"effectiveDateTime": "2026-03-01"})
    new = weight(code, 80, {"effectivePeriod": {"start": "2026-03-02"}})
    assert "RC301" not in codes(check(bundle(drip, old, new), "--select", "RC3"))
    assert codes(check(bundle(drip, new, weight(code, 40, {"effectiveDateTime": "2026-03-03"})), "--select", "RC3"))


def test_an_activitys_code_names_its_drug_where_no_product_does() -> None:
    activity = {
        "resourceType": "ActivityDefinition",
        "kind": "MedicationRequest",
        "code": {"coding": [{"system": "http://example.org", "code": "x", "display": "clopidogrel"}]},
        "dosage": [{"route": {"text": "oral"}, "doseAndRate": [{"doseQuantity": quantity(7500, "mg", "mg")}]}],
    }
    assert "RC106" not in codes(check(activity))
    assert check(activity).exit_code == 1
    named = {**activity, "productCodeableConcept": {"text": "paracetamol"}}
    assert {"RC711"} <= set(codes(check(named)))


def test_what_says_itself_that_it_is_not_there_is_a_note() -> None:
    why = [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    for dose in ({"extension": why}, {"_value": {"extension": why}}):
        outcome = check(request("aspirin", doseQuantity=dose), "--select", "RC2")
        assert [(each["code"], each["severity"]) for each in outcome.json["findings"]] == [("RC243", "note")]
        assert outcome.json["findings"][0]["message"] == "its value is not given: unknown"


PACKAGE = {"name": "hl7.fhir.example", "version": "1.0.0", "fhirVersions": ["4.0.1"], "dependencies": {}}


@pytest.mark.parametrize(
    "document",
    [
        PACKAGE,
        {"schema": "rescuecalc.baseline.1", "findings": []},
        {"$schema": "http://json-schema.org/draft-07/schema#", "properties": {}},
        {"resourceType": "StructureDefinition", "url": "x"},
    ],
)
def test_what_lies_beside_order_sets_is_passed_over_and_counted(document: Any) -> None:
    outcome = check(document)
    assert (outcome.json["findings"], outcome.json["summary"]["passed_over"], outcome.exit_code) == ([], 1, 0)


@pytest.mark.parametrize(
    "document", [{"name": "a", "version": "1"}, {**PACKAGE, "orders": [{"dose": "1 mg"}]}, {"a": 1}]
)
def test_what_may_be_an_order_set_is_not_passed_over(document: Any) -> None:
    outcome = check(document)
    assert (outcome.exit_code != 0, outcome.json["summary"]["passed_over"]) == (True, 0)


RESOURCES = sorted((Path(__file__).parent / "orders").glob("RC23*/*/*.json"))


@pytest.mark.parametrize("file", RESOURCES[:12], ids=lambda each: f"{each.parent.parent.name}-{each.stem}")
def test_a_resource_reads_the_same_as_a_file_and_as_a_line(file: Path) -> None:
    resource = json.loads(file.read_text("utf-8"))
    line = f"{json.dumps(resource)}\n"

    def told(name: str, text: str) -> list[tuple[Any, ...]]:
        outcome = invoke("check", "-", "--stdin-filename", name, "--json", stdin=text)
        wanted = ("code", "message", "pointer", "found", "expected", "column")
        return [tuple(each[key] for key in wanted) for each in outcome.json["findings"]]

    assert told("a.json", line) == told("a.ndjson", line)


def test_a_dispense_names_the_brand_that_was_handed_out_and_a_request_the_drug() -> None:
    dispense = {**request("Aggrastat"), "resourceType": "MedicationDispense"}
    assert "RC222" not in codes(check(dispense))
    assert "RC222" in codes(check(request("Aggrastat")))


@pytest.mark.parametrize(
    ("dose", "says"),
    [
        ({"value": 5}, "the quantity has no system and no unit: it was not judged"),
        ({"value": 5, "system": UCUM}, "the quantity has no code and no unit: it was not judged"),
        ({"value": 5, "unit": "mg"}, "the quantity has no system: its unit is read as people write it, 'mg'"),
    ],
)
def test_a_quantity_without_a_unit_says_so(dose: dict[str, Any], says: str) -> None:
    outcome = check(request("heparin", doseQuantity=dose), "--select", "RC236")
    assert [each["message"] for each in outcome.json["findings"] if each["code"] == "RC236"] == [says]
