"""Numbers of one text have to fit each other and the fields: volumes, weights, maxima, parts, ranges, formulas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import LEFT_OUT, invoke

BOLUS = {"dose_per_kg": "10 mcg/kg", "dose": "800 mcg", "concentration": "50 mcg/mL", "volume": "16 mL"}
DRIP = {
    "dose_rate_per_kg": "0.15 mcg/kg/min",
    "concentration": "50 mcg/mL",
    "pump_rate": "14.4 mL/h",
    "run_time": "24 h",
}


def checked(text: str, kind: str, drug: str = "tirofiban", weight: str = "", **fields: str) -> Any:
    """Return the findings at warning or above of one order with a text, and how far it was judged."""
    order = {"drug": drug, "route": "IV", "kind": kind, "text": text, **fields}
    made = {"order_set": "S", "orders": [{name: value for name, value in order.items() if value}]}
    patient = {"patient": {"weight": weight}} if weight else {}
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made | patient))
    assert outcome.exit_code in {0, 1}, outcome.stderr
    found = [each for each in outcome.json["findings"] if each["severity"] != "note" and each["code"] not in LEFT_OUT]
    [state] = [name for name, count in outcome.json["summary"]["judged"].items() if count]
    return found, state


ALONE_WRONG = (
    ("infusion", "tirofiban 0.15 mcg/kg/min, 144 mL/h of 50 mcg/mL, 80 kg", "144 mL/h", "14.4 mL/h"),
    ("infusion", "tirofiban 0.15 mcg/kg/min = 720 mcg/min at 80 kg", "720 mcg/min", "12 mcg/min"),
    ("infusion", "infuse 14.4 mL/h for 24 h, 3456 mL total, 50 mcg/mL", "3456 mL", "345.6 mL"),
    ("infusion", "tirofiban 12.5 mg/250 mL (250 mcg/mL) at 0.15 mcg/kg/min", "250 mcg/mL", "50 mcg/mL"),
    ("infusion", "0.15 mcg/kg/min of 50 mcg/mL: 1.8 x kg mL/h", "1.8 x kg mL/h", "0.15 mcg/kg/min"),
    ("infusion", "tirofiban 0.1-1.5 mcg/kg/min", "0.1-1.5 mcg/kg/min", None),
    ("infusion", "0.4 mcg/kg/min for 30 min, then 1 mcg/kg/min", "1 mcg/kg/min", "0.1 mcg/kg/min"),
    ("infusion", "tirofiban 0.4 mcg/kg/min for 24 h", "0.4 mcg/kg/min", None),
    ("bolus", "10 mcg/kg x 80 kg = 8,000 mcg", "8,000 mcg", "800 mcg"),
    ("bolus", "tirofiban 10 mcg/kg, 80 kg, 800 mcg = 160 mL of 50 mcg/mL", "160 mL", "16 mL"),
    ("bolus", "10 mcg/kg, max 10 mg", "10 mg", None),
    ("", "tirofiban 10 mcg/kg = 8,000 mcg for 80 kg", "8,000 mcg", "800 mcg"),
    ("", "tirofiban 1.5 mcg/kg/min for 24 h", "1.5 mcg/kg/min", "0.15 mcg/kg/min"),
)


@pytest.mark.parametrize(("kind", "text", "found", "expected"), ALONE_WRONG)
def test_a_text_alone_that_contradicts_itself_or_every_source_is_an_error(
    kind: str, text: str, found: str, expected: str | None
) -> None:
    findings, state = checked(text, kind)
    errors = [each for each in findings if each["severity"] == "error"]
    assert [(each["pointer"], each["found"]) for each in errors] == [("/orders/0/text", found)]
    assert expected is None or errors[0]["expected"] == expected
    assert state == "text_only"


ALONE_RIGHT = (
    ("infusion", "0.15 mcg/kg/min for 80 kg: 14.4 mL/h of 50 mcg/mL"),
    ("infusion", "infuse 14.4 mL/h for 24 h, 345.6 mL total, 50 mcg/mL"),
    ("infusion", "rate in mL/h = 0.18 x weight in kg, 50 mcg/mL, 0.15 mcg/kg/min"),
    ("infusion", "tirofiban 250 mL bag of 50 mcg/mL at 14.4 mL/h for 24 h"),
    ("infusion", "0.4 mcg/kg/min for 30 min, then 0.1 mcg/kg/min for 24 h"),
    ("infusion", "0.15 mcg/kg/min; 60 kg: 10.8 mL/h; 80 kg: 14.4 mL/h; 50 mcg/mL"),
    ("bolus", "tirofiban 10 mcg/kg, 80 kg, 800 mcg = 16 mL of 50 mcg/mL"),
    ("bolus", "10 mcg/kg, at most 1 mg; e.g. 800 mcg for 80 kg"),
    ("", "tirofiban 10 mcg/kg bolus then 0.15 mcg/kg/min"),
)


@pytest.mark.parametrize(("kind", "text"), ALONE_RIGHT)
def test_a_text_alone_that_is_right_has_no_finding_above_a_note(kind: str, text: str) -> None:
    assert checked(text, kind)[0] == []


BESIDE_WRONG = (
    ("bolus", "give 160 mL", "160 mL", "16 mL"),
    ("bolus", "weight 50 kg", "50 kg", "80 kg"),
    ("bolus", "80 kg; patient weight 55 kg", "55 kg", "80 kg"),
    ("bolus", "max 80 mcg", "80 mcg", None),
    ("bolus", "maximum 800 mg", "800 mg", None),
    ("infusion", "total 3456 mL", "3456 mL", "345.6 mL"),
    ("infusion", "total dose 172.8 mg", "172.8 mg", "17.28 mg"),
    ("infusion", "rate (mL/h) = 1.8 x weight", "1.8 x weight", "14.4 mL/h"),
    ("infusion", "12.5 mg/250 mL (250 mcg/mL)", "250 mcg/mL", "50 mcg/mL"),
    ("infusion", "max 1.5 mL/h", "1.5 mL/h", None),
)


@pytest.mark.parametrize(("kind", "text", "found", "expected"), BESIDE_WRONG)
def test_a_number_of_a_text_that_contradicts_the_fields_is_an_error(
    kind: str, text: str, found: str, expected: str | None
) -> None:
    fields = BOLUS if kind == "bolus" else DRIP
    findings, _ = checked(text, kind, weight="80 kg", **fields)
    errors = [each for each in findings if each["severity"] == "error"]
    assert [(each["pointer"], each["found"]) for each in errors] == [("/orders/0/text", found)]
    assert expected is None or errors[0]["expected"] == expected


BESIDE_RIGHT = (
    ("bolus", "10 mcg/kg x 80 kg = 800 mcg = 16 mL", "dose"),
    ("bolus", "flush with 10 mL saline", "dose"),
    ("bolus", "from a 15 mL vial; waste 4 mL", "dose"),
    ("bolus", "patient 176 lb (80 kg), ideal body weight 62 kg", "dose"),
    ("bolus", "dose cap 1,500 mcg (150 kg); above 100 kg call pharmacy", "dose"),
    ("bolus", "two syringes of 8 mL, or 2 x 8 mL", "dose"),
    ("bolus", "maintenance fluids 75 mL/h", "fields_only"),
    ("infusion", "0.1 to 0.15 mcg/kg/min, max 30 mL/h", "dose"),
    ("infusion", "0.15 mcg/kg/min x 80 kg = 12 mcg/min = 720 mcg/h = 14.4 mL/h", "dose"),
    ("infusion", "for 24 h (345.6 mL, 17.28 mg); 2 bags of 250 mL", "dose"),
    ("infusion", "1 bag = 250 mL = 12.5 mg", "fields_only"),
    ("infusion", "tirofiban 10 mcg/kg IV over 3 min followed by 0.15 mcg/kg/min for 24 h", "fields_only"),
    ("infusion", "0.075 mcg/kg/min (7.2 mL/h) if CrCl is 60 mL/min or less", "fields_only"),
)


@pytest.mark.parametrize(("kind", "text", "state"), BESIDE_RIGHT)
def test_a_text_that_fits_its_fields_or_speaks_of_something_else_is_no_error(kind: str, text: str, state: str) -> None:
    fields = BOLUS if kind == "bolus" else DRIP
    findings, judged = checked(text, kind, weight="80 kg", **fields)
    assert [each["code"] for each in findings if each["severity"] == "error"] == []
    assert judged == state


OF_OTHER_DRUGS = (
    ("heparin", "bolus", "80 units/kg = 64,000 units for 80 kg", 1),
    ("heparin", "bolus", "80 units/kg = 6,400 units for 80 kg (max 8,000 units)", 0),
    ("sodium chloride 0.9 %", "infusion", "1000 mL at 50 mL/h for 4 h", 1),
    ("sodium chloride 0.9 %", "infusion", "50 mL/h for 4 h = 2000 mL", 1),
    ("sodium chloride 0.9 %", "infusion", "1000 mL bag at 50 mL/h for 4 h", 0),
    ("sodium chloride 0.9 %", "infusion", "200 mL at 50 mL/h for 4 h", 0),
    ("lactated ringers", "infusion", "1 L at 125 mL/h for 24 h", 0),
    ("alteplase", "infusion", "0.9 mg/kg = 720 mg, weight 80 kg, over 60 min", 1),
    ("alteplase", "infusion", "0.9 mg/kg, weight 80 kg, total 72 mg: 10% = 7.2 mg, 90% = 648 mg over 60 min", 1),
    ("alteplase", "infusion", "0.9 mg/kg, weight 80 kg, total 72 mg: 10% = 7.2 mg, 90% = 64.8 mg over 60 min", 0),
    ("alteplase", "infusion", "0.9 mg/kg, max 900 mg", 1),
    ("alteplase", "infusion", "0.9 mg/kg, max 90 mg", 0),
)


@pytest.mark.parametrize(("drug", "kind", "text", "errors"), OF_OTHER_DRUGS)
def test_a_text_of_any_drug_has_to_fit_itself(drug: str, kind: str, text: str, errors: int) -> None:
    findings, _ = checked(text, kind, drug=drug)
    assert [each["severity"] for each in findings] == ["error"] * errors


def resource(dosage: dict[str, Any]) -> str:
    intravenous = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}
    made = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": "tirofiban"},
        "dosageInstruction": [{"route": intravenous, **dosage}],
    }
    return json.dumps(made)


def rate(value: float, code: str) -> dict[str, Any]:
    return {"rateQuantity": {"value": value, "unit": code, "system": "http://unitsofmeasure.org", "code": code}}


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        ({"doseAndRate": [rate(0.15, "ug/kg/min"), rate(144, "mL/h")]}, [("RC702", "warning")]),
        ({"doseAndRate": [rate(14.4, "mL/h")]}, [("RC712", "error")]),
        ({"doseAndRate": [rate(0.15, "ug/kg/min")]}, []),
        ({"text": "tirofiban 1.5 mcg/kg/min for 24 h"}, [("RC402", "error")]),
        ({"text": "tirofiban 0.15 mcg/kg/min for 24 h"}, []),
    ],
)
def test_a_fhir_dosage_of_a_flow_without_a_strength_or_of_a_text_alone(
    dosage: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=resource(dosage))
    found = [(each["code"], each["severity"]) for each in outcome.json["findings"]]
    assert [each for each in found if each[1] != "note" and each[0][:3] in {"RC3", "RC4", "RC7"}] == expected
