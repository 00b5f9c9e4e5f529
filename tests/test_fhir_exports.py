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
        ("mosm/kg", "mOsm/kg", "1"),
        ("osm/L", "mOsm/L", "1000"),
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


IV = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}
TOO_MUCH = {"route": IV, "doseAndRate": [{"rateQuantity": quantity(9, "mcg/kg/min", "ug/kg/min")}]}
RIGHT = {"route": IV, "doseAndRate": [{"rateQuantity": quantity(0.1, "mcg/kg/min", "ug/kg/min")}]}
TIROFIBAN = {"text": "tirofiban"}


def ordered(dosage: Any, /, **more: Any) -> dict[str, Any]:
    return {**request("tirofiban"), "dosageInstruction": [dosage], **more}


ACTIVITY = {"resourceType": "ActivityDefinition", "id": "a", "productCodeableConcept": TIROFIBAN, "dosage": [TOO_MUCH]}


@pytest.mark.parametrize(
    ("resource", "pointer"),
    [
        (ordered(RIGHT, contained=[ordered(TOO_MUCH, id="b")], priorPrescription={"reference": "#b"}), "/contained/0"),
        (ordered(RIGHT, contained=[ordered(TOO_MUCH)]), "/contained/0"),
        ({"resourceType": "PlanDefinition", "action": [], "contained": [ACTIVITY]}, "/contained/0"),
        ({"resourceType": "CarePlan", "contained": [ordered(TOO_MUCH)]}, "/contained/0"),
        ({"resourceType": "Parameters", "parameter": [{"resource": ordered(TOO_MUCH)}]}, "/parameter/0/resource"),
        (
            {"resourceType": "Parameters", "parameter": [{"part": [{"resource": bundle(ordered(TOO_MUCH))}]}]},
            "/parameter/0/part/0/resource/entry/0/resource",
        ),
        (bundle(ordered(RIGHT, contained=[ordered(TOO_MUCH)])), "/entry/0/resource/contained/0"),
        ({**ACTIVITY, "kind": "Task"}, ""),
    ],
)
def test_an_order_inside_of_another_resource_is_judged(resource: Any, pointer: str) -> None:
    outcome = check(resource, "--select", "RC402")
    name = "dosage" if "ActivityDefinition" in json.dumps(resource) else "dosageInstruction"
    assert [each["pointer"] for each in outcome.json["findings"]] == [f"{pointer}/{name}/0/doseAndRate/0/rateQuantity"]
    assert outcome.exit_code == 1


def test_an_order_that_an_action_names_is_judged_once() -> None:
    plan = {
        "resourceType": "PlanDefinition",
        "contained": [ACTIVITY],
        "action": [{"definitionCanonical": "#a"}],
    }
    assert codes(check(plan, "--select", "RC402")) == ["RC402"]


def test_an_amount_that_no_field_holds_is_an_error_of_a_drug_whose_doses_are_known() -> None:
    bare = {"route": IV, "doseAndRate": [{"rateQuantity": {"unit": "mcg/kg/min", "system": UCUM, "code": "ug/kg/min"}}]}
    found = [each for each in check(ordered(bare)).json["findings"] if each["severity"] == "error"]
    assert [(each["code"], each["found"]) for each in found] == [("RC712", "(no number) mcg/kg/min")]
    detail = {"productCodeableConcept": TIROFIBAN, "dailyAmount": quantity(900, "mg", "mg")}
    plan = {"resourceType": "CarePlan", "activity": [{"detail": detail}, {"reference": {"reference": "Task/1"}}]}
    found = [each for each in check(plan).json["findings"] if each["severity"] == "error"]
    assert [(each["code"], each["found"], each["pointer"]) for each in found] == [
        ("RC712", "900 mg", "/activity/0/detail/dailyAmount")
    ]


@pytest.mark.parametrize(
    ("start", "end", "noted"),
    [
        ("2026-03-01", "2026-03-06", True),
        ("2026-03-01T08:00:00", "2026-03-01T20:00:00", True),
        ("2026-03-01T08:00:00Z", "2026-03-02T08:00:00Z", False),
        ("2026-03-01", None, False),
    ],
)
def test_a_period_of_days_says_no_length_of_an_infusion(start: str, end: str | None, *, noted: bool) -> None:
    period = {"start": start, **({"end": end} if end else {})}
    made = ordered({**RIGHT, "timing": {"repeat": {"boundsPeriod": period}}})
    assert ("RC242" in codes(check(made))) is noted


@pytest.mark.parametrize(
    ("rate", "hours", "code"),
    [
        ({"rateQuantity": quantity(100, "mL/h", "mL/h")}, 4, "RC304"),
        ({"rateQuantity": quantity(10, "mL/h", "mL/h")}, 1, "RC304"),
        ({"rateQuantity": quantity(10, "mEq/h", "meq/h")}, 4, "RC309"),
        ({"rateQuantity": quantity(100, "mL/h", "mL/h")}, 1, None),
        ({"rateQuantity": quantity(10, "mEq/h", "meq/h")}, 2, None),
    ],
)
def test_the_dose_of_a_request_is_what_is_given_and_no_bag(rate: Any, hours: int, code: str | None) -> None:
    strength = {"numerator": quantity(20, "mEq", "meq"), "denominator": quantity(100, "mL", "mL")}
    bag = {
        "resourceType": "Medication",
        "id": "bag",
        "ingredient": [{"itemCodeableConcept": {"text": "potassium chloride"}, "strength": strength}],
    }
    made = request("potassium chloride", doseQuantity=quantity(20, "mEq", "meq"), **rate)
    del made["medicationCodeableConcept"]
    made |= {"contained": [bag], "medicationReference": {"reference": "#bag"}}
    made["dosageInstruction"][0] |= {"route": IV, "timing": {"repeat": {"duration": hours, "durationUnit": "h"}}}
    assert codes(check(made, "--select", "RC3")) == ([code] if code else [])


def unread(resource: Any) -> list[tuple[str, str]]:
    found = check(resource).json["findings"]
    return [(each["pointer"], each["found"]) for each in found if each["code"] == "RC712"]


def test_a_dose_where_none_is_read_is_an_error_of_a_catalogue_drug_in_an_order_alone() -> None:
    misspelt = ordered(RIGHT)
    misspelt["dosageInstructions"] = misspelt.pop("dosageInstruction")
    assert unread(misspelt) == [("/dosageInstructions/0/doseAndRate/0/rateQuantity", "0.1 mcg/kg/min")]
    knowledge = {"resourceType": "MedicationKnowledge", "code": TIROFIBAN, "administrationGuidelines": [TOO_MUCH]}
    assert unread(bundle(ordered(RIGHT), knowledge)) == []
    assert unread(ordered(TOO_MUCH, doNotPerform=True)) == []
    other = {**request("heparin"), "dosages": [{"doseAndRate": [{"doseQuantity": quantity(5, "mg", "mg")}]}]}
    assert unread(other) == []


def test_a_medication_that_a_broken_reference_leaves_alone_is_an_error() -> None:
    drug = {"resourceType": "Medication", "id": "a", "code": TIROFIBAN}
    made = ordered(RIGHT)
    del made["medicationCodeableConcept"]
    linked = bundle(drug, {**made, "medicationReference": {"reference": "Medication/a"}})
    broken = bundle(drug, {**made, "medicationReference": {"reference": "Medication/b"}})
    assert unread(linked) == []
    assert unread(broken) == [("/entry/0/resource", "tirofiban")]


@pytest.mark.parametrize(
    ("coding", "route"),
    [
        ({"system": "http://snomed.info/sct", "code": "72607000"}, "IT"),
        ({"system": "http://snomed.info/sct", "code": "404820008"}, "EPI"),
        ({"system": "http://snomed.info/sct", "code": "9999", "display": "Intramuscular route"}, "IM"),
        ({"system": "urn:oid:1.2.3", "code": "EPI", "display": "Epidural"}, "EPI"),
    ],
)
def test_a_route_is_read_from_its_code_or_else_its_name(coding: dict[str, str], route: str) -> None:
    made = request("tirofiban", doseQuantity=quantity(0.8, "mg", "mg"))
    made["dosageInstruction"][0]["route"] = {"coding": [coding]}
    found = {each["code"]: each["message"] for each in check(made).json["findings"]}
    assert found["RC428"].startswith(f"tirofiban {route}: every source gives it IV")


def told(*resources: Any) -> list[list[tuple[str, str, str | None]]]:
    """Return the errors of each resource: code, pointer and what is expected."""
    text = "".join(f"{json.dumps(each)}\n" for each in resources)
    found: list[list[tuple[str, str, str | None]]] = [[] for _ in resources]
    for each in invoke("check", "-", "--stdin-filename", "a.ndjson", "--json", stdin=text).json["findings"]:
        if each["severity"] == "error":
            found[int(each["line"]) - 1].append((each["code"], each["pointer"], each["expected"]))
    return found


FLOWS = {"rateQuantity": quantity(14.4, "mL/h", "mL/h"), "doseQuantity": quantity(345.6, "mL", "mL")}
BEGINS = "2026-03-01T08:00:00Z"


def lasting(repeat: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = ordered({"route": IV, "timing": {"repeat": repeat}, "doseAndRate": [FLOWS], **more})
    strength = {"numerator": quantity(12.5, "mg", "mg"), "denominator": quantity(250, "mL", "mL")}
    inside = [{"itemCodeableConcept": TIROFIBAN, "strength": strength}]
    bag = {"resourceType": "Medication", "id": "bag", "code": TIROFIBAN, "ingredient": inside}
    del made["medicationCodeableConcept"]
    return {**made, "contained": [bag], "medicationReference": {"reference": "#bag"}}


def hours(number: int) -> dict[str, Any]:
    return quantity(number, "h", "h")


def test_bounds_of_every_kind_are_how_long_an_infusion_runs() -> None:
    at = "/dosageInstruction/0/timing/repeat"
    day, wrong = {"duration": 24, "durationUnit": "h"}, [("RC305", f"{at}/boundsPeriod", "24 h")]
    assert told(
        lasting({"boundsPeriod": {"start": BEGINS, "end": "2026-03-11T08:00:00Z"}}),
        lasting({"boundsPeriod": {"start": BEGINS, "end": "2026-02-01T08:00:00Z"}}),
        lasting({"boundsRange": {"low": hours(24), "high": hours(240)}}),
        lasting({**day, "durationMax": 240}),
        lasting({**day, "boundsDuration": hours(240)}),
        lasting({**day, "boundsPeriod": {"start": BEGINS, "end": "2026-03-11T08:00:00Z"}}),
    ) == [
        wrong,
        [("RC109", f"{at}/boundsPeriod/end", None)],
        [("RC305", f"{at}/boundsRange", "24 h")],
        [("RC305", f"{at}/durationMax", "24 h")],
        [("RC239", f"{at}/boundsDuration", "24 h")],
        [("RC239", f"{at}/boundsPeriod", "24 h")],
    ]
    assert told(
        lasting({"boundsPeriod": {"start": BEGINS, "end": "2026-03-02T08:00:00Z"}}),
        lasting({**day, "boundsDuration": quantity(1, "d", "d")}),
        lasting({"boundsDuration": hours(24)}, text="tirofiban for 24 h, weight 80 kg"),
    ) == [[], [], []]


def test_a_route_is_read_or_said_not_to_be() -> None:
    day = {"boundsDuration": hours(24)}
    v3 = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"
    routes: list[tuple[dict[str, Any], str | None]] = [
        ({"coding": [{"system": v3, "code": "ITINJ"}]}, "RC428"),
        ({"coding": [{"system": "http://standardterms.edqm.eu", "code": "20042000"}]}, "RC428"),
        ({"coding": [{"system": "urn:local", "code": "IT"}]}, "RC428"),
        ({"text": "Intrathecal use"}, "RC428"),
        ({"text": "Injection, intrathecal"}, "RC428"),
        ({"text": "by the third door"}, "RC712"),
        ({"coding": [{"system": v3, "code": "IVINJ"}]}, None),
        ({"text": "Intravenous use"}, None),
        ({"text": "see admin instructions"}, None),
    ]
    found = told(*(lasting(day, route=route) for route, _ in routes))
    assert [[code for code, *_ in each] for each in found] == [[code] if code else [] for _, code in routes]


def test_what_a_request_says_of_its_drug_beside_the_name_is_judged() -> None:
    day = {"boundsDuration": hours(24)}
    mixed, plain, tablet = lasting(day), lasting(day), lasting(day)
    mixed["contained"][0]["ingredient"].append({"itemCodeableConcept": {"text": "heparin"}})
    plain["contained"][0]["ingredient"].append({"itemCodeableConcept": {"text": "sodium chloride 0.9 %"}})
    tablet["contained"][0]["form"] = {"text": "film-coated tablet"}
    plain["contained"][0]["form"] = {"text": "solution for infusion"}
    other = {**lasting(day), "substitution": {"allowedCodeableConcept": {"text": "eptifibatide"}}}
    same = {**lasting(day), "substitution": {"allowedCodeableConcept": {"text": "generic tirofiban"}}}
    assert told(mixed, tablet, other, plain, same) == [
        [("RC240", "/contained/0/ingredient/1", None)],
        [("RC239", "/contained/0/form", None)],
        [("RC240", "/substitution/allowedCodeableConcept", None)],
        [],
        [],
    ]
