"""Texts and orders that speak of something else, as people write them: no finding at warning or above.

Collected by a reader who knew the facts and not the code. Beside each family stands what must still be found.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import LEFT_OUT, invoke

DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min"}
BAG = {**DRIP, "concentration": "50 mcg/mL", "pump_rate": "14.4 mL/h"}
BOLUS = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "800 mcg"}


def heavy(orders: list[dict[str, Any]], *more: str, **of_set: Any) -> list[str]:
    """Return the codes of findings at warning or above of an order set of a patient of 80 kg."""
    made = {"order_set": "S", "patient": {"weight": "80 kg"}, **of_set, "orders": orders}
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", *more, stdin=json.dumps(made))
    assert outcome.exit_code in {0, 1}, outcome.stderr
    found = [each["code"] for each in outcome.json["findings"] if each["severity"] != "note"]
    return [code for code in found if code not in LEFT_OUT]


def beside(text: str, order: dict[str, Any]) -> list[str]:
    return heavy([{**order, "text": text}], "--ignore", "RC501,RC6")


OF_BAG = (
    *("Hb 13.5 g/dL at baseline", "haemoglobin drop of 2 g/dL or more: call", "creatinine 1.0 mg/dL measured today"),
    *(
        "fibrinogen below 150 mg/dL: call",
        "glucose 180 mg/dL or more: start insulin",
        "D-dimer 500 ng/mL",
        "CRP 12 mg/L",
    ),
    *("norepinephrine 0.05 mcg/kg/min runs beside it", "nicardipine 5 mg/h alongside", "propofol at 25 mcg/kg/min"),
    *("If CrCl is 60 mL/min or less, halve to 0.075 mcg/kg/min.", "hard limit 0.4 mcg/kg/min in the pump library"),
    *("the 0.4 mcg/kg/min load is not used here", "rounded to the nearest 0.1 mL/h", "oxygen 2 L/min"),
    *("sodium chloride 0.9 % at 75 mL/h", "urine output 30 mL/h", "carrier fluid 20 mL/h", "pump limit 999 mL/h"),
    *("previously at 0.1 mcg/kg/min", "or 0.1 mcg/kg/min as Huo did", "Norepinephrine infusion at 5 mcg/min elsewhere"),
    *("give aspirin 325 mg and clopidogrel 600 mg at hour 20", "eGFR 75 mL/min/1.73 m2 on admission"),
    *("hold metformin if eGFR is below 30", "do not confuse with argatroban", "tirofiban, not argatroban"),
    *("50 mL/h saline alongside", "0.4 mcg/kg/min for 30 min, then 0.15 mcg/kg/min", "look-alike: argatroban"),
    *("spinal cord (SC) compression excluded", "Charleston SC 29425", "PTT 30.0 s and A1c 7.0 % at baseline"),
)
OF_BOLUS = (
    *("with aspirin 325 mg", "Do not use the cardiac dose of 25 mcg/kg", "25 mcg/kg is the cardiac bolus; do not use"),
    *("for pain give paracetamol 1 g PRN",),
    *("waste 2950 mcg of the vial", "home dose was 81 mg of aspirin", "labetalol 10 mg IV PRN for SBP above 180 mmHg"),
    *("half now and half later, 400 mcg each, that is 400 mcg and 400 mcg", "not the 180 mcg/kg of another drug"),
)


@pytest.mark.parametrize("text", OF_BAG)
def test_what_a_text_says_of_others_is_no_contradiction_of_an_infusion(text: str) -> None:
    assert beside(text, BAG) == []


@pytest.mark.parametrize("text", OF_BOLUS)
def test_what_a_text_says_of_others_is_no_contradiction_of_a_bolus(text: str) -> None:
    assert beside(text, BOLUS) == []


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (BAG, "run at 16 mL/h"),
        (BAG, "tirofiban 0.1 mcg/kg/min"),
        (BAG, "maintenance 0.1 mcg/kg/min IV"),
        (BAG, "If no bleeding, 0.15 mcg/kg/h"),  # the same number in another unit of time
        (BAG, "oxygen and 0.15 mcg/kg/hour"),
        (BAG, "Set pump to 144 mL/h"),
        (BAG, "Keep at 24.4 mL/h overnight"),
        (BAG, "High alert: 144 mL/h"),
        (BAG, "then run 864 mL/h"),
        (BAG, "Start after bolus: 0.15 mcg/kg/h"),
        ({**BAG, "run_time": "24 h"}, "Infuse over 48 h"),
        (BOLUS, "Load with 800 mg"),
        (BOLUS, "IV bolus 8 mg"),
        (BOLUS, "give 400 mcg"),
        (BOLUS, "Aggrastat 8,000 mcg"),
        ({**BAG, "drug": "milrinone"}, "milrinone 0.51 mcg/kg/min"),
    ],
    ids=str,
)
def test_a_wrong_number_of_the_order_itself_is_still_found(order: dict[str, Any], text: str) -> None:
    assert "RC308" in beside(text, order)


OTHERS = [
    ("clopidogrel", "600 mg", "with aspirin 325 mg"),
    ("aspirin", "325 mg", "Give with clopidogrel 75 mg"),
    ("aspirin", "325 mg", "with pantoprazole 40 mg"),
    ("aspirin", "325 mg", "or 300 mg PR"),
    ("ticagrelor", "180 mg", "with aspirin 81 mg daily"),
    ("clopidogrel", "600 mg", "75 mg daily from tomorrow"),
    ("labetalol", "10 mg", "then 20 mg, 40 mg, 80 mg every 10 min to a total of 300 mg"),
]


@pytest.mark.parametrize(("drug", "dose", "text"), OTHERS)
def test_a_dose_of_another_drug_in_the_text_is_no_contradiction(drug: str, dose: str, text: str) -> None:
    assert beside(text, {"drug": drug, "route": "PO", "kind": "dose", "dose": dose}) == []


def test_the_parts_of_a_dose_add_up() -> None:
    lysis = {"drug": "alteplase", "route": "IV", "kind": "infusion", "dose": "72 mg"}
    assert beside("give 7.2 mg IV over 1 minute, then 64.8 mg over 60 minutes", lysis) == []
    assert beside("give 7.2 mg and 50 mg", lysis) == ["RC308", "RC308"]


DENIED = (
    *("fixed rate, don\u2019t titrate", "cannot be titrated", "Non-titrated infusion", "Titration is not allowed"),
    *("Do not stop, change or titrate", "Do not titrate or bolus PRN", "titrate nicardipine to SBP below 180 mmHg"),
    *("acetaminophen 650 mg PRN headache", "change bag PRN when empty", "PRN: none"),
)
TITRATED = ("titrate to effect", "no bolus, titrate to effect", "may repeat bolus PRN", "IV PRN", "titrate tirofiban")


@pytest.mark.parametrize("text", DENIED)
def test_a_titration_that_is_denied_or_of_another_drug_is_none(text: str) -> None:
    assert beside_all(text) == []


@pytest.mark.parametrize("text", TITRATED)
def test_a_titration_is_found(text: str) -> None:
    assert "RC636" in beside_all(text)


def beside_all(text: str) -> list[str]:
    return heavy([{**DRIP, "text": text}], "--select", "RC636")


def drips(*orders: dict[str, str]) -> list[dict[str, str]]:
    return [{"drug": "tirofiban", "route": "IV", "kind": "infusion", **order} for order in orders]


RIGHT: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "second bag after a bolus": (
        [
            {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"},
            *drips(
                {"dose_rate": "12 mcg/min", "start": "+0 h", "run_time": "16 h"},
                {"dose_rate": "12 mcg/min", "start": "+16 h", "run_time": "8 h"},
            ),
        ],
        {"protocol": "yang-2020-iv"},
    ),
    "first of two bags as VTBI": (
        drips({"pump_rate": "14.4 mL/h", "vtbi": "250 mL", "product": "bag-250", "run_time": "24 h"}),
        {},
    ),
    "rounded bolus": (
        [{**BOLUS, "dose": "0.63 mg"} | {"dose_per_kg": "10 mcg/kg"}],
        {"patient": {"weight": "63.2 kg"}},
    ),
    "rounded bolus alone": (
        [{"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose": "0.63 mg"}],
        {"patient": {"weight": "63.2 kg"}},
    ),
    "load as a slow bolus": (
        [{"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "9 mcg/kg", "give_over": "30 min"}],
        {"protocol": "instant-2024"},
    ),
    "load by its volume": (
        drips({"vtbi": "19.2 mL", "pump_rate": "38.4 mL/h", "concentration": "50 mcg/mL"}),
        {},
    ),
    "own cap of a heavy patient": (
        [{"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose": "1000 mcg", "max_dose": "1000 mcg"}],
        {"patient": {"weight": "120 kg"}, "protocol": "yang-2020-iv"},
    ),
    "slow dose into an artery": (
        [
            {
                "drug": "tirofiban",
                "route": "IA",
                "kind": "infusion",
                "dose": "500 mcg",
                "give_over": "5 min",
                "concentration": "50 mcg/mL",
                "volume": "10 mL",
                "pump_rate": "120 mL/h",
            }
        ],
        {},
    ),
    "what hangs there, and the pump": (
        [
            {
                "drug": "abciximab",
                "route": "IV",
                "kind": "infusion",
                "dose": "9 mg",
                "volume": "250 mL",
                "pump_rate": "16.7 mL/h",
                "run_time": "12 h",
            }
        ],
        {},
    ),
    "label row without a protocol": (
        [{"drug": "eptifibatide", "route": "IV", "kind": "bolus", "dose": "22.6 mg"}],
        {"patient": {"weight": "122 kg"}},
    ),
    "half rate at its clearance": (
        drips({"pump_rate": "7.2 mL/h", "concentration": "50 mcg/mL", "run_time": "24 h"}),
        {"patient": {"weight": "80 kg", "creatinine_clearance": "40 mL/min"}},
    ),
    "clopidogrel when cangrelor ends": (
        [
            {"drug": "cangrelor", "route": "IV", "kind": "bolus", "dose_per_kg": "30 mcg/kg", "start": "+0 h"},
            {
                "drug": "cangrelor",
                "route": "IV",
                "kind": "infusion",
                "dose_rate_per_kg": "4 mcg/kg/min",
                "start": "+0 h",
                "run_time": "2 h",
            },
            {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "600 mg", "start": "+2 h"},
        ],
        {},
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_has_no_finding(name: str) -> None:
    orders, of_set = RIGHT[name]
    assert heavy(orders, "--ignore", "RC403,RC405", **of_set) == []


def infusion(**fields: str) -> list[dict[str, Any]]:
    return drips({"dose_rate_per_kg": "0.15 mcg/kg/min", "run_time": "18 h", **fields})


RENAL = {"patient": {"weight": "80 kg", "creatinine_clearance": "20 mL/min"}}
WRONG: dict[str, tuple[list[dict[str, Any]], dict[str, Any], str]] = {
    "full rate under the label's clearance": (infusion(), {**RENAL, "protocol": "us-label"}, "RC419"),
    "half rate above it": (
        infusion(dose_rate_per_kg="0.075 mcg/kg/min"),
        {"patient": {"weight": "80 kg", "creatinine_clearance": "90 mL/min"}, "protocol": "us-label"},
        "RC419",
    ),
    "full rate in the branch of the half": (
        drips(
            {"dose_rate_per_kg": "0.15 mcg/kg/min", "when": {"creatinine_clearance": "> 60 mL/min"}},  # type: ignore[dict-item]
            {"dose_rate_per_kg": "0.15 mcg/kg/min", "when": {"creatinine_clearance": "<= 60 mL/min"}},  # type: ignore[dict-item]
        ),
        {"protocol": "us-label"},
        "RC419",
    ),
    "a label's clearance without a renal rule": (
        infusion(run_time="24 h"),
        {**RENAL, "protocol": "yang-2020-iv"},
        "RC501",
    ),
    "a load for days": (
        drips({"dose_rate_per_kg": "0.4 mcg/kg/min", "run_time": "72 h"}),
        {"protocol": "trend-2024"},
        "RC419",
    ),
    "a cap for a light patient": (
        [{"drug": "eptifibatide", "route": "IV", "kind": "bolus", "dose": "22.6 mg"}],
        {"patient": {"weight": "40 kg"}, "protocol": "eptifibatide-label"},
        "RC419",
    ),
    "the label's full row at a low clearance": (
        drips({"pump_rate": "15 mL/h", "concentration": "50 mcg/mL", "run_time": "18 h"}),
        {**RENAL, "protocol": "us-label"},
        "RC419",
    ),
    "a full cap at a low clearance": (
        [{"drug": "eptifibatide", "route": "IV", "kind": "infusion", "dose_rate": "15 mg/h"}],
        {"patient": {"weight": "130 kg", "creatinine_clearance": "20 mL/min"}, "protocol": "eptifibatide-label"},
        "RC419",
    ),
    "a branch that hides the clearance": (
        drips({"dose_rate_per_kg": "0.15 mcg/kg/min", "when": {"creatinine_clearance": "<= 90 mL/min"}}),  # type: ignore[dict-item]
        {**RENAL, "protocol": "us-label"},
        "RC419",
    ),
    "a dose in a weight condition": (
        [{**BOLUS, "dose": "8000 mcg", "when": {"weight": "70-80 kg"}}],
        {"patient": {}},
        "RC301",
    ),
    "a bolus by its rate": (
        [{**BOLUS, "dose_rate_per_kg": "1000 mcg/kg/min", "give_over": "5 min"}],
        {"protocol": "yang-2020-iv"},
        "RC419",
    ),
}
del WRONG["a bolus by its rate"][0][0]["dose_per_kg"], WRONG["a bolus by its rate"][0][0]["dose"]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name: str) -> None:
    orders, of_set, code = WRONG[name]
    assert code in heavy(orders, **of_set)


def oral(drug: str, dose: str, **fields: str) -> dict[str, str]:
    return {"drug": drug, "route": "PO", "kind": "dose", "dose": dose, **fields}


def test_loads_and_maintenance_doses_may_be_chosen_by_drug() -> None:
    made = [
        oral("ticagrelor", "180 mg", choose_one="load"),
        oral("clopidogrel", "600 mg", choose_one="load"),
        oral("ticagrelor", "90 mg", frequency="twice daily", choose_one="then"),
        oral("clopidogrel", "75 mg", frequency="daily", choose_one="then"),
    ]
    assert heavy(made, "--select", "RC632") == []
    made[3] = oral("clopidogrel", "75 mg", frequency="daily")
    assert "RC632" in heavy(made, "--select", "RC632")


@pytest.mark.parametrize(("frequency", "codes"), [("daily", ["RC627"]), ("twice daily", []), ("BID", [])])
def test_a_maintenance_dose_that_comes_too_seldom_is_found(frequency: str, codes: list[str]) -> None:
    assert heavy([oral("ticagrelor", "90 mg", frequency=frequency)], "--select", "RC626,RC627") == codes


def test_an_antiplatelet_beside_a_thrombolysis_without_a_time_is_told() -> None:
    patient = {"weight": "80 kg", "thrombolysis": "given"}
    timed = {**oral("lysine acetylsalicylate", "500 mg", start="+1 h"), "route": "IV"}
    assert heavy([timed], "--select", "RC611", patient=patient) == ["RC611"]
    assert heavy([timed], "--select", "RC611", patient={**patient, "thrombolysis": "none"}) == []


def test_of_a_rate_that_no_source_uses_the_pump_is_not_blamed() -> None:
    made = drips({"dose_rate_per_kg": "0.15 mcg/kg/h", "product": "bag-250", "pump_rate": "14.4 mL/h"})
    outcome = invoke(
        *("check", "-", "--stdin-filename", "a.json", "--select", "RC3", "--format", "json"),
        stdin=json.dumps({"order_set": "S", "patient": {"weight": "80 kg"}, "orders": made}),
    )
    (found,) = outcome.json["findings"]
    assert (found["code"], found["pointer"]) == ("RC303", "/orders/0/dose_rate_per_kg")
    assert (found["expected"], found["slip"]) == ("9 mcg/kg/h", ["per minute for per hour"])
