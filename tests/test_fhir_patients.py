"""What a Bundle says of a patient is judged as the native fields are, and so is the site of a dosage."""

from __future__ import annotations

import json
from typing import Any

from tests.support import invoke

UCUM = "http://unitsofmeasure.org"
ICD = "http://hl7.org/fhir/sid/icd-10"
SNOMED = "http://snomed.info/sct"
AT = "/entry/2/resource"


def quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def request(**more: Any) -> dict[str, Any]:
    dosage = {
        "route": {"coding": [{"system": SNOMED, "code": "47625008"}]},
        "doseAndRate": [{"rateQuantity": quantity(0.1, "ug/kg/min")}],
        "timing": {"repeat": {"duration": 24, "durationUnit": "h"}},
    }
    site = {"site": {"text": more.pop("site")}} if "site" in more else {}
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": "tirofiban"},
        "dosageInstruction": [{**dosage, **site}],
        **more,
    }


def concept(code: str = "", text: str = "", system: str = ICD) -> dict[str, Any]:
    coded = {"coding": [{"system": system, "code": code}]} if code else {}
    return {**coded, **({"text": text} if text else {})}


def measured(loinc: str, *numbers: float, unit: str = "", day: str = "2026-03-01", **more: Any) -> dict[str, Any]:
    amounts = [quantity(each, unit) for each in numbers]
    parts = [
        {"code": concept(part, system="http://loinc.org"), "valueQuantity": each}
        for part, each in zip(("8480-6", "8462-4"), amounts, strict=False)
    ]
    value = {"valueQuantity": amounts[0]} if len(amounts) == 1 else {"component": parts}
    named = {"code": concept(loinc, system="http://loinc.org")} if loinc else {}
    whose = {"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/1"}}
    return {**whose, **named, "effectiveDateTime": day, **value, **more}


def condition(status: str = "active", **named: str) -> dict[str, Any]:
    state = {"clinicalStatus": {"coding": [{"code": status}]}}
    return {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, **state, "code": concept(**named)}


def bundle(*more: dict[str, Any], **of_request: Any) -> dict[str, Any]:
    held = [measured("29463-7", 80, unit="kg"), request(**of_request), *more]
    entries = [{"fullUrl": f"urn:uuid:{place}", "resource": each} for place, each in enumerate(held)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def errors(documents: list[dict[str, Any]]) -> list[list[str]]:
    text = "".join(f"{json.dumps(each)}\n" for each in documents)
    found: list[list[str]] = [[] for _ in documents]
    for each in invoke("check", "-", "--stdin-filename", "a.ndjson", "--format", "json", "--isolated", stdin=text).json[
        "findings"
    ]:
        if each["severity"] == "error":
            found[int(each["line"]) - 1].append(f"{each['code']} {each['pointer']}")
    return found


PLATELETS = "777-3"
WRONG = (
    (bundle(measured(PLATELETS, 9, unit="10*3/uL")), f"RC650 {AT}"),
    (bundle(measured("", 9, unit="10*9/L", code={"text": "Platelets"})), f"RC650 {AT}"),
    (
        bundle(measured(PLATELETS, 210, unit="10*3/uL"), measured(PLATELETS, 9, unit="10*3/uL", day="2026-03-02")),
        "RC650 /entry/3/resource",
    ),
    (bundle(measured("", 9, unit="10*9/L", code={"text": "Thrombozyten"})), f"RC650 {AT}"),
    (bundle({**measured(PLATELETS), "valueString": "9 x10^9/L"}), f"RC650 {AT}"),
    (bundle(measured("6301-6", 3, unit="{INR}")), f"RC651 {AT}"),
    (bundle(condition(code="I61.9")), f"RC655 {AT}/code"),
    (bundle(condition(code="274100004", system=SNOMED)), f"RC655 {AT}/code"),
    (bundle(condition(text="Intracerebral haemorrhage")), f"RC655 {AT}/code"),
    (bundle(condition(text="Kleinhirnblutung, keine neue", code="I61.4")), f"RC655 {AT}/code"),
    (bundle(condition(text="Haemorrhage, left", code="I61.4")), f"RC655 {AT}/code"),
    (bundle(condition(text="Thalamic hemorrhage")), f"RC655 {AT}/code"),
    (bundle(condition("resolved", code="I61.9")), f"RC655 {AT}/code"),
    (bundle(condition("inactive", text="Intracranial haemorrhage")), f"RC655 {AT}/code"),
    (bundle(reasonCode=[concept("I61.4", "Haemorrhage, left")]), "RC655 /entry/1/resource"),
    (bundle(condition(text="Active gastrointestinal bleeding")), f"RC647 {AT}/code"),
    (bundle(reasonCode=[concept("I61.9")]), "RC655 /entry/1/resource"),
    (
        bundle(condition("resolved", code="I61.9"), reasonReference=[{"reference": "urn:uuid:2"}]),
        "RC655 /entry/1/resource",
    ),
    (bundle(site="lumbar intrathecal space"), "RC316 /entry/1/resource/dosageInstruction/0/site/text"),
    (bundle(site="vertebral column"), "RC316 /entry/1/resource/dosageInstruction/0/site/text"),
    (bundle(site="left eye"), "RC316 /entry/1/resource/dosageInstruction/0/site/text"),
)
RIGHT = (
    bundle(),
    bundle(measured(PLATELETS, 210, unit="10*3/uL")),
    bundle(measured(PLATELETS, 9, unit="10*3/uL", subject={"reference": "Patient/2"})),
    bundle(measured(PLATELETS, 9, unit="10*3/uL", status="entered-in-error")),
    bundle(measured("6301-6", 1, unit="{INR}")),
    bundle(measured("85354-9", 150, 80, unit="mm[Hg]")),
    bundle(measured("8480-6", 150, unit="mm[Hg]"), measured("8462-4", 80, unit="mm[Hg]")),
    bundle(measured("", 80, unit="kg", code={"text": "Actual weight"})),
    bundle(measured("", 9, unit="fL", code={"text": "Mean platelet volume"})),
    bundle(
        {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/1"}, "code": {"text": "penicillin"}}
    ),
    bundle(measured("2164-2", 90, unit="mL/min")),
    bundle(measured("33914-3", 10, unit="mL/min/{1.73_m2}")),
    bundle(condition(code="I63.9")),
    bundle(condition("resolved", text="Ischaemic stroke", code="I63.9")),
    bundle({**condition("resolved", code="I61.9"), "verificationStatus": concept("refuted")}),
    bundle(condition("resolved", text="Pregnancy")),
    bundle(condition("resolved", text="No ICH")),
    bundle(condition(code="I10", text="Essential hypertension")),
    bundle(reasonCode=[concept("I63.9")]),
    bundle(site="left arm"),
    bundle(site="right antecubital vein"),
    bundle(site="femoral vein"),
)


def test_what_a_record_says_against_a_drug_is_one_error_where_it_stands() -> None:
    assert errors([made for made, _ in WRONG]) == [[error] for _, error in WRONG]


def test_a_patient_within_the_limits_is_none() -> None:
    assert errors(list(RIGHT)) == [[] for _ in RIGHT]


STROKE = (
    ("stroke", "230690007", SNOMED),
    ("Hirninfarkt", "I63.9", ICD),
    ("", "I63.5", ICD),
    ("Acute ischemic stroke", "", ICD),
)


def of_drug(drug: str, *conditions: dict[str, Any], rate: float = 0.0) -> dict[str, Any]:
    made = bundle(*conditions, medicationCodeableConcept={"text": drug})
    amount = {"rateQuantity": quantity(rate, "ug/kg/min")} if rate else {"doseQuantity": quantity(20, "mg")}
    route = {"coding": [{"system": SNOMED, "code": "47625008"}]}
    made["entry"][1]["resource"]["dosageInstruction"] = [{"route": route, "doseAndRate": [amount]}]
    return made


def test_a_condition_of_the_patient_is_what_every_drug_is_judged_by() -> None:
    strokes = [condition(text=text, code=code, system=system) for text, code, system in STROKE]
    at = "/entry/1/resource/dosageInstruction/0"
    assert errors([of_drug("abciximab", each) for each in strokes]) == [[f"RC660 {at}"] for _ in strokes]
    kidneys = [condition(code="Z99.2"), condition(code="N18.6"), condition(text="ESRD", code="N18.6")]
    assert errors([of_drug("eptifibatide", each, rate=1.0) for each in kidneys]) == [
        [f"RC653 {AT}/code"] for _ in kidneys
    ]
    of_past = [
        condition(text="Old stroke"),
        condition(code="Z86.73"),
        condition(text="Stroke 3 years ago", code="I69.3"),
        condition("resolved", text="Stroke"),
        condition("remission", text="TIA"),
    ]
    assert errors([of_drug("cangrelor", each, rate=4.0) for each in of_past]) == [[f"RC647 {AT}/code"] for _ in of_past]
    others = [
        *(
            condition("resolved", text="Stroke"),
            condition(text="Family history of stroke"),
            condition(text="No stroke"),
        ),
        *(condition(text="Coronary artery disease"), condition(code="N18.3"), condition(code="I10")),
    ]
    assert errors([of_drug("abciximab", each) for each in others]) == [[] for _ in others]


def told(made: dict[str, Any]) -> set[tuple[str, str, str]]:
    outcome = invoke(
        "check", "-", "--stdin-filename", "a.json", "--format", "json", "--isolated", stdin=json.dumps(made)
    )
    return {(each["severity"], each["code"], each["pointer"]) for each in outcome.json["findings"]}


WHOSE = {"reference": "Patient/1"}


def test_what_of_a_patient_is_not_read_is_said() -> None:
    unread = (
        measured("8480-6", 240, unit="mm[Hg]"),
        measured("2160-0", 8, unit="mg/dL", code=concept("2160-0", "creatinine", "http://loinc.org")),
        {"resourceType": "Procedure", "status": "completed", "subject": WHOSE, "code": {"text": "Haemodialysis"}},
        {**measured(PLATELETS), "valueString": "few"},
    )
    noted = {pointer for severity, code, pointer in told(bundle(*unread)) if (severity, code) == ("note", "RC242")}
    assert noted == {
        "/entry/2/resource",
        "/entry/3/resource/code",
        "/entry/4/resource/code",
        "/entry/5/resource",
    }


def test_what_a_patient_takes_and_does_not_bear_is_judged_beside_the_order() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "patient": WHOSE, "code": {"text": "tirofiban"}}
    taken = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "subject": WHOSE,
        "medicationCodeableConcept": {"text": "apixaban 5 mg"},
    }
    found = told(bundle(allergy, taken))
    assert ("warning", "RC647", f"{AT}/code") in found
    assert ("warning", "RC624", "/entry/3/resource/medicationCodeableConcept/text") in found
    assert not {each for each in told(bundle({**taken, "status": "stopped"})) if each[1] == "RC624"}


def test_the_latest_clearance_and_pressure_are_the_patients() -> None:
    low = bundle(measured("2164-2", 10, unit="mL/min"))
    low["entry"][1]["resource"]["dosageInstruction"][0]["doseAndRate"] = [{"rateQuantity": quantity(0.15, "ug/kg/min")}]
    assert errors([low]) == [[f"RC501 {AT}"]]
    text = json.dumps(bundle(measured("85354-9", 220, 120, unit="mm[Hg]")))
    found = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", "--isolated", stdin=text).json
    warned = [(each["code"], each["pointer"]) for each in found["findings"] if each["severity"] == "warning"]
    assert warned == [("RC652", AT)]
