"""Silence is a claim: a dose of a catalogue drug that could not be read, or judged, is an error in every format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

UCUM = "http://unitsofmeasure.org"
MG = {"value": 100, "unit": "mg", "system": UCUM, "code": "mg"}


def document(text: str, name: str, *options: str) -> dict[str, Any]:
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", "json", *options, stdin=text)
    made: dict[str, Any] = json.loads(outcome.stdout)
    return made


def errors(text: str, name: str) -> list[tuple[str, str]]:
    found = document(text, name)["findings"]
    return [(each["code"], each["pointer"]) for each in found if each["severity"] == "error"]


def request(drug: str, entry: dict[str, Any]) -> str:
    return json.dumps(
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "subject": {"reference": "Patient/1"},
            "medicationCodeableConcept": {"text": drug},
            "dosageInstruction": [{"route": {"text": "IV"}, "doseAndRate": [entry]}],
        }
    )


AT = "/dosageInstruction/0/doseAndRate/0/"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"rateQuantity": {"value": 0.15, "unit": "MCG/KG/MIN"}}, ("RC712", "rateQuantity")),
        ({"rateQuantity": {"value": 0.15, "unit": "\u00b5g/kg/Min."}}, ("RC712", "rateQuantity")),
        ({"rateQuantity": {"value": 0.15}}, ("RC712", "rateQuantity")),
        (
            {"rateQuantity": {"value": 0.15, "unit": "{mcg/kg/min}", "system": UCUM, "code": "{mcg/kg/min}"}},
            ("RC712", "rateQuantity"),
        ),
        ({"doseQuantity": {"value": 1500}}, ("RC712", "doseQuantity")),
        ({"doseRange": {"low": {"value": 1}, "high": MG}}, ("RC712", "doseRange/low")),
        # Where another error says why, it is not said twice.
        ({"rateRatio": {"numerator": MG}}, ("RC235", "rateRatio")),
    ],
)
def test_an_amount_of_fhir_that_no_field_took_is_an_error_of_a_catalogue_drug(
    entry: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert (expected[0], AT + expected[1]) in errors(request("tirofiban", entry), "a.json")
    codes = [code for code, _ in errors(request("tirofiban", entry), "a.json") if code in {"RC712", "RC235"}]
    assert codes == [expected[0]]
    assert all(code != "RC712" for code, _ in errors(request("propofol", entry), "a.json"))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("drug: clopidogrel, dose: 750 mg, frequency: daily", ("RC626", "/dose")),
        ("drug: clopidogrel, route: PO, dose: 750 mg, frequency: daily", ("RC626", "/dose")),
        ("drug: ticagrelor, dose: 900 mg, frequency: twice daily", ("RC626", "/dose")),
        ("drug: aspirin, dose: 5 g", ("RC626", "/dose")),
        ("drug: tirofiban, dose_rate_per_kg: 1.5 mcg/kg/min", ("RC402", "/dose_rate_per_kg")),
        ("drug: Integrelin, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg", ("RC112", "/drug")),
        ("drug: Aggrastatt, route: IV, kind: infusion, dose_rate_per_kg: 1.5 mcg/kg/min", ("RC112", "/drug")),
        (
            "drug: tirofiban-hcl, route: IV, kind: infusion, dose_rate_per_kg: 1.5 mcg/kg/min",
            ("RC402", "/dose_rate_per_kg"),
        ),
        ("drug: tirofiban and heparin, route: IV, kind: infusion, dose_rate_per_kg: 1 mcg/kg/min", ("RC112", "/drug")),
        (
            "drug: Aggrastat-infusion, route: IV, kind: infusion, dose_rate_per_kg: 1.5 mcg/kg/min",
            ("RC402", "/dose_rate_per_kg"),
        ),
        (
            "drug: tirofiban, route: IV, kind: infusion, pump_rate: 14.4 mL/h, product: 12.5 mg mit 250 mL",
            ("RC712", "/product"),
        ),
        ("drug: tirofiban, route: IV, kind: infusion, dose: 5 mg/m2", ("RC712", "/dose")),
    ],
)
def test_a_dose_is_judged_by_its_drug_and_field(order: str, expected: tuple[str, str]) -> None:
    assert errors(f"{{{order}}}", "a.yaml") == [expected]


@pytest.mark.parametrize("word", ["mit", "dans", "avec"])
@pytest.mark.parametrize("rate", ["", "dose_rate_per_kg: 0.15 mcg/kg/min, "])
def test_a_product_that_cannot_be_read_is_not_called_missing(rate: str, word: str) -> None:
    product = f"pump_rate: 14.4 mL/h, product: 12.5 mg {word} 250 mL"
    order = f"{{drug: tirofiban, route: IV, kind: infusion, {rate}{product}}}"
    text = f"order_set: Example\npatient: {{weight: 80 kg}}\norders:\n  - {order}\n"
    found = document(text, "a.yaml")["findings"]
    assert [each["expected"] for each in found if each["code"] == "RC712"] == ["12.5 mg in 250 mL"]
    assert not {"RC701", "RC702"} & {each["code"] for each in found}


def test_what_a_baseline_takes_of_it_is_said_in_the_summary(tmp_path: Path) -> None:
    file, known = tmp_path / "a.yaml", tmp_path / "known.json"
    file.write_text("{drug: tirofiban, kind: bolus, dose: '8,00 mcg'}", encoding="utf-8")
    invoke("check", str(file), "--write-baseline", str(known))
    outcome = invoke("check", str(file), "--baseline", str(known), "--format", "json")
    made = json.loads(outcome.stdout)
    assert (outcome.exit_code, made["findings"], made["settings"]["unread_left_out"]) == (0, [], {"RC201": 1})
    assert "RC201" in invoke("check", str(file), "--baseline", str(known)).stdout


def test_the_state_of_each_order_is_shown_where_it_is_asked_for() -> None:
    text = (
        "order_set: Example\norders:\n  - {id: a, drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10-25 mcg/kg}\n"
    )
    text += "  - {id: b, drug: heparin, route: IV, kind: bolus, dose: 5000 units}\n"
    made = document(text, "a.yaml", "--show-judged")
    assert [(each["line"], each["id"], each["state"]) for each in made["judged_orders"]] == [
        (3, "a", "dose"),
        (4, "b", "arithmetic"),
    ]
    assert document(text, "a.yaml")["judged_orders"] == []
    page = invoke("check", "-", "--stdin-filename", "a.yaml", "--show-judged", stdin=text).stdout
    assert "arithmetic: a.yaml:4 b" in page


FIELDS = {
    "dose_per_kg": ["10 mcg/kg", "0.2 mL/kg"],
    "dose": ["800 mcg", "300 mg", "5 mg/m2"],
    "dose_rate_per_kg": ["0.15 mcg/kg/min", "0.2 mL/kg/h"],
    "dose_rate": ["12 mcg/min"],
    "volume": ["16 mL"],
    "pump_rate": ["14.4 mL/h"],
}


@pytest.mark.parametrize("drug", ["tirofiban", "eptifibatide", "clopidogrel", "aspirin"])
def test_no_dose_of_a_catalogue_drug_reaches_a_clean_exit_unjudged(drug: str) -> None:
    orders = [
        {"drug": drug, name: value, **more}
        for name, values in FIELDS.items()
        for value in values
        for more in ({}, {"kind": "bolus"}, {"kind": "infusion", "route": "IV"}, {"kind": "dose", "route": "PO"})
    ]
    lines = "".join(f"{json.dumps(each)}\n" for each in orders)
    made = document(lines, "a.jsonl", "--show-judged")
    wrong = {each["line"] for each in made["findings"] if each["severity"] == "error"}
    silent = [
        orders[each["line"] - 1]
        for each in made["judged_orders"]
        if each["state"] in {"not_judged", "arithmetic", "text_only"} and each["line"] not in wrong
    ]
    assert silent == []


BESIDE = "drug: tirofiban, route: IV, kind: infusion"
DRIP = f"{BESIDE}, dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 24 h"
CANGRELOR = "drug: cangrelor, route: IV, kind: infusion, dose_rate_per_kg: 4 mcg/kg/min, run_time: 2 h"
EPTIFIBATIDE = "drug: eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg, start: +{} min"
AGAIN = ("RC640", "")
# Two orders of one patient of 80 kg, and the errors that they are.
TWO: list[tuple[str, str, list[tuple[str, str]]]] = [
    (DRIP, DRIP.replace("tirofiban", "Aggrastat"), [AGAIN]),
    (DRIP, f"{BESIDE}, dose_rate: 12 mcg/min, run_time: 24 h", [AGAIN]),
    (DRIP, f"{BESIDE}, concentration: 50 mcg/mL, pump_rate: 14.4 mL/h, run_time: 24 h", [AGAIN]),
    (DRIP, f"{BESIDE}, dose: 17.28 mg, run_time: 24 h", [AGAIN]),
    (DRIP, f"{BESIDE}, concentration: 50 mcg/mL, text: run at 14.4 mL/h, run_time: 24 h", [AGAIN]),
    (DRIP, f"{BESIDE}, dose_rate_per_kg: 0.1 mcg/kg/min, run_time: 24 h, start: +6 h", [AGAIN]),
    (CANGRELOR, CANGRELOR.replace("cangrelor", "Kengreal"), [AGAIN]),
    (EPTIFIBATIDE.format(0), "}, {".join(EPTIFIBATIDE.format(at) for at in (10, 20)), [("RC634", "")]),
    (EPTIFIBATIDE.format(0), EPTIFIBATIDE.format(10), []),
    # What follows the first infusion: its load, the next bag, the step down; what a group or a condition keeps apart.
    (f"{BESIDE}, dose_rate_per_kg: 0.4 mcg/kg/min, run_time: 30 min", DRIP.replace("0.15", "0.1"), []),
    (f"{DRIP}, text: first bag", f"{DRIP}, text: second bag", []),
    (DRIP, f"{BESIDE}, dose_rate_per_kg: 0.1 mcg/kg/min, run_time: 12 h, start: +24 h", []),
    (f"{DRIP}, choose_one: a", f"{BESIDE}, dose_rate: 12 mcg/min, run_time: 24 h, choose_one: a", []),
    # One mistake is one finding: a route of no source, a bolus that is repeated, a stop on the day before.
    ("drug: tirofiban, route: PO, kind: dose, dose: 800 mcg", "drug: aspirin", [("RC428", "route")]),
    (
        "drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, frequency: every 6 h",
        "drug: aspirin",
        [("RC429", "frequency")],
    ),
    (
        f"{BESIDE}, dose_rate_per_kg: 0.15 mcg/kg/min, start: 2026-03-02 14:00, stop: 2026-03-01 20:00",
        "drug: aspirin",
        [("RC306", "stop")],
    ),
    (f"{BESIDE}, dose_rate_per_kg: 0.15 mcg/kg/min, start: 2026-03-02 14:00, stop: 13:00", "drug: aspirin", []),
]


def test_two_orders_that_double_a_dose_or_hide_its_end_are_found_once() -> None:
    sets = (
        f"- {{order_set: Rescue, patient: {{weight: 80 kg}}, orders: [{{{one}}}, {{{other}}}]}}\n"
        for one, other, _ in TWO
    )
    found: list[list[tuple[str, str]]] = [[] for _ in TWO]
    for each in document("".join(sets), "a.yaml")["findings"]:
        if each["severity"] == "error":
            _, _, field = each["pointer"].rpartition("/orders/")
            found[each["line"] - 1].append((each["code"], field[2:]))
    assert found == [errors for _, _, errors in TWO]


# Names of a set whose one infusion gives 0.1 mcg/kg/min: those that state another dose, and those that do not.
OTHER_DOSE = (
    "Tirofiban 1 mcg/kg/min after thrombectomy",
    "Rescue with tirofiban 0.15 mcg/kg/min after failed thrombectomy",
)
SAME_DOSE = (
    "Tirofiban 0.1 mcg/kg/min after thrombectomy",
    "Rescue after tirofiban 0.4 mcg/kg/min",
    "Rescue, bleeding on tirofiban 0.15 mcg/kg/min",
    "Step down, tirofiban 0.4 mcg/kg/min already given",
)


def test_a_heading_states_the_dose_of_its_orders_whatever_it_follows() -> None:
    drip = DRIP.replace("0.15", "0.1")
    text = "".join(f"- {{order_set: '{name}', orders: [{{{drip}}}]}}\n" for name in (*OTHER_DOSE, *SAME_DOSE))
    found = {each["found"]: each["expected"] for each in document(text, "a.yaml", "--select", "RC308")["findings"]}
    assert found == {"1 mcg/kg/min": "0.1 mcg/kg/min", "0.15 mcg/kg/min": "0.1 mcg/kg/min"}
