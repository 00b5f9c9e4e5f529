"""The patient's state against the labels: platelets, INR, blood pressure, dialysis, history, anticoagulant."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from rescuecalc.core.orders.condition_text import read_condition, read_open
from rescuecalc.core.orders.patient_state import read_state
from rescuecalc.core.quantities.quantity import DosingWeight
from rescuecalc.errors import InputError
from tests.support import invoke

DRIP = "drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 24 h"
DOSE = ("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--format", "json")
STATE = ",".join(f"RC65{number}" for number in range(9))
RENAL = ("--age", "70", "--sex", "female", "--creatinine", "1.2mg/dL")


def judged(patient: str, order: str = DRIP) -> Any:
    text = f"{{order_set: x, patient: {{{patient}}}, orders: [{{{order}}}]}}"
    return invoke("check", "-", "--select", f"{STATE},RC109", "--format", "json", stdin=text).json


def found(patient: str, order: str = DRIP) -> list[tuple[str, str, str]]:
    return [(each["code"], each["severity"], each["message"]) for each in judged(patient, order)["findings"]]


def test_three_values_beyond_the_label_are_two_errors_and_a_warning_that_name_it() -> None:
    assert found("platelets: 70 x10^9/L, inr: 2.1, blood_pressure: 200/115") == [
        (
            "RC650",
            "error",
            "platelets 70 x10^9/L: the EU label contraindicates tirofiban below platelets of 100 x10^9/L",
        ),
        ("RC651", "error", "INR 2.1: the EU label contraindicates tirofiban with an INR above 1.5"),
        (
            "RC652",
            "warning",
            "blood pressure 200/115 mmHg: the EU label does not recommend tirofiban above 180/110 mmHg",
        ),
    ]


@pytest.mark.parametrize(
    ("patient", "drug", "code", "severity"),
    [
        ("platelets: 99", "tirofiban", "RC650", "error"),
        ("platelets: 100", "tirofiban", "RC650", "warning"),
        ("platelets: 149", "tirofiban", "RC650", "warning"),
        ("platelets: 99", "eptifibatide", "RC650", "warning"),
        ("platelets: 99", "abciximab", "RC650", "error"),
        ("inr: 1.51", "tirofiban", "RC651", "error"),
        ("blood_pressure: 181/80", "tirofiban", "RC652", "warning"),
        ("blood_pressure: 150/111", "tirofiban", "RC652", "warning"),
        ("blood_pressure: 180/80, thrombolysis: -2 h", "eptifibatide", "RC652", "warning"),
        ("dialysis: yes", "eptifibatide", "RC653", "error"),
        ("prior_thrombocytopenia: tirofiban", "tirofiban", "RC654", "error"),
        ("prior_thrombocytopenia: eptifibatide", "tirofiban", "RC654", "error"),
        ("prior_thrombocytopenia: yes", "tirofiban", "RC654", "error"),
        ("intracranial_haemorrhage: yes", "tirofiban", "RC655", "error"),
        ("intracranial_haemorrhage: yes", "eptifibatide", "RC655", "error"),
        ("intracranial_haemorrhage: yes", "cangrelor", "RC655", "error"),
        ('anticoagulant: "apixaban, -12 h"', "tirofiban", "RC656", "warning"),
        ("anticoagulant: warfarin", "eptifibatide", "RC656", "warning"),
        ('anticoagulant: "warfarin, -168 h"', "abciximab", "RC656", "error"),
        ("anticoagulant: enoxaparin", "tirofiban", "RC656", "warning"),
        ("anticoagulant: dextran", "tirofiban", "RC656", "warning"),
        ("anticoagulant: somethingaban", "tirofiban", "RC656", "warning"),
        ("platelets: 92000 x10^9/L", "tirofiban", "RC658", "error"),
        ("haemoglobin: 98 g/dL", "tirofiban", "RC658", "error"),
        ('inr: "21"', "tirofiban", "RC658", "error"),
        ("blood_pressure: 380/110", "tirofiban", "RC658", "error"),
    ],
)
def test_a_value_beyond_a_limit_is_found(patient: str, drug: str, code: str, severity: str) -> None:
    order = f"drug: {drug}, route: IV, kind: infusion"
    assert (code, severity) in [each[:2] for each in found(patient, order)]


@pytest.mark.parametrize(
    "patient",
    [
        "platelets: 150",
        "platelets: 150000 /uL",
        'platelets: "150,000/uL"',
        "platelets: 150 x10^3/uL",
        "platelets: 150 G/L",
        "inr: 1.5",
        "blood_pressure: 180/110",
        "blood_pressure: 179/104 mmHg, thrombolysis: -2 h",
        "dialysis: yes",
        "prior_thrombocytopenia: none",
        "intracranial_haemorrhage: no",
        "anticoagulant: none",
        "cyp2c19: poor",
        "haemoglobin: 98 g/L",
    ],
)
def test_a_value_within_the_limits_of_tirofiban_is_silent(patient: str) -> None:
    assert found(patient) == []


def test_an_oral_anticoagulant_a_week_before_abciximab_no_longer_counts() -> None:
    assert (
        found('anticoagulant: "warfarin, -169 h"', "drug: abciximab, route: IV, kind: infusion, dose_rate: 10 mcg/min")
        == []
    )


def test_a_poor_metaboliser_is_a_warning_beside_clopidogrel() -> None:
    order = "drug: clopidogrel, route: PO, kind: dose, dose: 75 mg, frequency: daily"
    assert [each[:2] for each in found("cyp2c19: poor metaboliser", order)] == [("RC657", "warning")]
    assert found("cyp2c19: normal", order) == []


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("platelets", "92000", "a count per microlitre needs its unit"),
        ("platelets", "92 mg", "'mg' is not a unit that is read here"),
        ("platelets", "9,2", "a comma is not read (it may divide thousands or decimals)"),
        ("inr", "1.6 s", "an INR has no unit"),
        ("inr", "-1.6", "a sign is not read"),
        ("blood_pressure", "190", "a blood pressure is two whole numbers"),
        ("blood_pressure", "90/190", "the systolic pressure comes first and is the higher one"),
        ("anticoagulant", "apixaban 12 h ago", "it is not a drug, or a drug and the time of its last dose"),
        ("anticoagulant", "yes", "the drug is not named"),
        ("dialysis", "maybe", "it is neither yes nor no"),
        ("prior_thrombocytopenia", "heparin", "it is neither yes, no nor a GP IIb/IIIa inhibitor"),
        ("cyp2c19", "*2/*2", "it is not a type of metaboliser"),
        ("haemoglobin", "9.8", "it has no unit"),
    ],
)
def test_what_cannot_be_read_is_a_finding_that_quotes_it(field: str, text: str, reason: str) -> None:
    [(code, severity, message)] = found(f'{field}: "{text}"')
    assert (code, severity) == ("RC109", "error")
    begins = f"{field}: cannot read '{text}': {reason}; "
    assert message.startswith((f"{begins}write ", f"{begins}did you mean "))


def test_yaml_json_and_csv_say_the_same() -> None:
    as_json = json.dumps(
        {
            "order_set": "x",
            "patient": {"platelets": 70, "dialysis": True, "inr": 2.1},
            "orders": [
                {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.075 mcg/kg/min"}
            ],
        }
    )
    heading = "drug,route,kind,dose_rate_per_kg,patient_platelets,patient_dialysis,patient_inr\n"
    row = "tirofiban,IV,infusion,0.075 mcg/kg/min,70 x10^9/L,yes,2.1\n"
    texts = {"x.json": as_json, "x.csv": f"{heading}{row}"}
    for name, text in texts.items():
        outcome = invoke("check", "-", "--stdin-filename", name, "--select", STATE, "--format", "json", stdin=text)
        assert [each["code"] for each in outcome.json["findings"]] == ["RC650", "RC651"], name


def test_the_options_of_dose_are_judged_by_the_same_rules() -> None:
    options = ("--platelets", "92", "--inr", "1.6", "--bp", "190/100", "--dialysis")
    outcome = invoke(*DOSE, *options)
    assert outcome.exit_code == 1
    assert {each["code"]: each["severity"] for each in outcome.json["findings"] if each["code"].startswith("RC65")} == {
        "RC650": "error",
        "RC651": "error",
        "RC652": "warning",
    }
    assert outcome.json["patient"]["platelets"] == "92 x10^9/L"
    assert outcome.json["not_given"] == ["CrCl", "thrombolysis", "anticoagulant"]


@pytest.mark.parametrize("command", ["bridge", "plan"])
def test_bridge_and_plan_take_them_too(command: str) -> None:
    made = invoke(
        command, "rescue-bt-2022", "--weight", "80kg", "--inr", "1.6", "--anticoagulant", "apixaban, -12h", "--details"
    )
    assert made.exit_code == 1
    assert "RC651" in made.stdout
    assert "not judged    CrCl, platelets, blood pressure, thrombolysis (not given)" in made.stdout


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--platelets", "92000x10^9/L"), 4, "--platelets: 92,000 x10^9/L is outside of 1 to 2,000"),
        (("--inr", "x"), 2, "--inr: cannot read 'x'"),
        ((*RENAL, "--crcl", "45mL/min"), 2, "--crcl, or --age, --sex and --creatinine to calculate it; not both"),
        (("--age", "70"), 2, "--sex and --creatinine are missing"),
        ((*RENAL, "--basis", "ideal"), 2, "--basis ideal needs the height"),
    ],
)
def test_what_cannot_be_read_or_used_is_refused(options: tuple[str, ...], code: int, words: str) -> None:
    outcome = invoke(*DOSE, *options)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert words in outcome.stderr


def test_dose_calculates_the_clearance_and_uses_the_unrounded_value() -> None:
    made = invoke(*DOSE, *RENAL).json
    assert str(made["creatinine_clearance"]["value"]) == "55.0925925925926"
    working = made["clearance_working"]
    assert working["basis"] == "actual"
    assert working["derivation"][-1]["calculation"] == (
        "(140 - 70) × 80 kg ÷ (72 × 1.2 mg/dL) × 0.85 = about 55.0926 mL/min"
    )
    assert made["renal_columns"][0]["band"] == "CrCl 60 mL/min or less: infusion halved, bolus unchanged"


def test_a_clearance_just_above_a_threshold_is_not_rounded_onto_it() -> None:
    options = ("--age", "68", "--sex", "male", "--creatinine", "1.2mg/dL")
    made = invoke("dose", "us-label", "--weight", "72.04kg", "--run-time", "18h", *options, "--format", "json").json
    assert made["renal"]["band"] == "CrCl above 60 mL/min: full dose"
    assert "RC505" in {each["code"] for each in made["findings"]}


def test_check_says_in_one_line_what_was_not_given() -> None:
    everything = "creatinine_clearance: 90 mL/min, platelets: 200, inr: 1.0, blood_pressure: 140/80"
    assert judged("platelets: 200")["summary"]["not_given"] == [
        "CrCl",
        "INR",
        "blood pressure",
        "thrombolysis",
        "anticoagulant",
    ]
    assert judged(f"{everything}, anticoagulant: none, thrombolysis: none")["summary"]["not_given"] == []
    assert judged("platelets: 200", "drug: heparin, route: IV")["summary"]["not_given"] == []


@pytest.mark.core
@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("haemoglobin", "9.8 g/dL", "9.8"),
        ("anticoagulant", "no", ""),
        ("prior_thrombocytopenia", "yes", "yes"),
        ("prior_thrombocytopenia", "no", "none"),
        ("prior_thrombocytopenia", "Aggrastat", "tirofiban"),
        ("dialysis", "no", "False"),
        ("cyp2c19", "Poor metaboliser", "poor"),
    ],
)
def test_what_is_written_of_a_state_is_read(name: str, text: str, shown: str) -> None:
    state = read_state(name, text)
    assert shown in str(getattr(state, "drug", state))


@pytest.mark.core
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("platelets", "92000", "a count per microlitre needs its unit"),
        ("platelets", "92 mg", "'mg' is not a unit that is read here"),
        ("haemoglobin", "9.8", "it has no unit"),
        ("inr", "1.6 s", "an INR has no unit"),
        ("blood_pressure", "190", "two whole numbers"),
        ("blood_pressure", "100/190", "the systolic pressure comes first"),
        ("anticoagulant", "12 units", "it is not a drug"),
        ("anticoagulant", "yes", "the drug is not named"),
        ("dialysis", "perhaps", "neither yes nor no"),
        ("prior_thrombocytopenia", "aspirin", "neither yes, no nor a GP IIb/IIIa inhibitor"),
        ("cyp2c19", "good", "not a type of metaboliser"),
    ],
)
def test_what_is_no_state_is_refused_with_the_text_and_an_example(name: str, text: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        read_state(name, text)
    assert repr(text) in str(caught.value)
    assert re.search("write |did you mean ", str(caught.value))


def test_a_value_for_which_an_inhibitor_has_no_limit_is_said_to_be_not_judged() -> None:
    order = {
        "drug": "eptifibatide", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "2 mcg/kg/min",
        "concentration": "0.75 mg/mL", "run_time": "18 h",
    }  # fmt: skip
    state = {"creatinine_clearance": "90 mL/min", "blood_pressure": "230/130", "inr": "6", "platelets": "210 x10^9/L"}
    made = {"order_set": "PCI", "indication": "acute coronary syndrome", "patient": {"weight": "80 kg", **state}}
    document = json.dumps({**made, "orders": [order]})
    found = invoke("check", "-", "--format", "json", "--isolated", stdin=document).json["findings"]
    of_state = [each for each in found if each["pointer"].startswith("/patient")]
    assert [(each["code"], each["severity"], each["pointer"]) for each in of_state] == [
        ("RC671", "warning", "/patient/blood_pressure"),
        ("RC671", "warning", "/patient/inr"),
    ]


PCI = "indication: acute coronary syndrome"


@pytest.mark.parametrize(
    ("drugs", "patient", "expected"),
    [
        # A limit of another drug of the class, or of its kind, is held: silence would read as one that was kept.
        ("eptifibatide", "prior_thrombocytopenia: tirofiban", "RC671 warning"),
        ("abciximab", "prior_thrombocytopenia: yes", "RC671 warning"),
        ("abciximab", "prior_thrombocytopenia: no", ""),
        ("tirofiban", "prior_thrombocytopenia: yes", "RC654 error"),
        ("cangrelor", 'anticoagulant: "apixaban, -12 h"', "RC671 warning"),
        ("cangrelor", "anticoagulant: none", ""),
        ("abciximab", 'anticoagulant: "apixaban, -200 h"', ""),
        # The labels' doses for the heart presuppose heparin.
        ("eptifibatide", 'anticoagulant: "heparin, -2 h"', "RC671 note"),
        ("tirofiban", 'anticoagulant: "heparin, -2 h"', "RC656 note"),
        # Of oral agents no limit is held; beside an inhibitor its own finding says it.
        ("clopidogrel aspirin", "platelets: 20 x10^9/L", "RC671 note"),
        ("clopidogrel aspirin", "platelets: 140 x10^9/L", ""),
        ("ticagrelor", 'inr: "6"', "RC671 note"),
        ("clopidogrel aspirin tirofiban", "platelets: 20 x10^9/L", "RC650 error"),
        ("tirofiban", "haemoglobin: 6 g/dL", "RC671 note"),
    ],
)
def test_what_no_limit_of_the_drug_judges_is_named_once(drugs: str, patient: str, expected: str) -> None:
    orders = ", ".join(
        f"{{drug: {each}, route: IV, kind: infusion}}" if each in INFUSED else f"{{drug: {each}, route: PO}}"
        for each in drugs.split()
    )
    text = f"{{order_set: Example, {PCI}, patient: {{{patient}}}, orders: [{orders}]}}"
    told = invoke("check", "-", "--format", "json", stdin=text).json["findings"]
    found = [f"{each['code']} {each['severity']}" for each in told if each["pointer"].startswith("/patient")]
    assert found == ([expected] if expected else [])


INFUSED = ("tirofiban", "eptifibatide", "abciximab", "cangrelor")


@pytest.mark.core
@pytest.mark.parametrize(
    ("name", "text", "bounds"),
    [
        ("weight", ">= 60 to < 70 kg", [(">=", "60 kg"), ("<", "70 kg")]),
        ("weight", "46-54 kg", [(">=", "46 kg"), ("<=", "54 kg")]),
        ("creatinine_clearance", ">= 30 mL/min and < 60 mL/min", [(">=", "30 mL/min"), ("<", "60 mL/min")]),
    ],
)
def test_a_condition_is_read_as_its_bounds(name: str, text: str, bounds: list[tuple[str, str]]) -> None:
    assert [(each.comparator, str(each.quantity)) for each in read_condition(text, name).bounds] == bounds


@pytest.mark.core
@pytest.mark.parametrize(
    ("name", "text"),
    [("weight", "> 60 kg and around 70 kg"), ("imaging", "seen by the radiologist"), ("thrombolysis", "perhaps")],
)
def test_what_is_no_condition_is_refused(name: str, text: str) -> None:
    with pytest.raises(InputError, match=name):
        read_condition(text, name)


@pytest.mark.core
@pytest.mark.parametrize("text", ["< 60 to < 70 kg", ">= 70 to < 60 kg", "60 kg", "> 60 kg and above"])
def test_a_band_that_is_not_open_has_no_bounds(text: str) -> None:
    assert read_open(text, DosingWeight) == ()
