"""Alteplase and tenecteplase against their dose in stroke, whichever field or words state it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

AT_80 = ", patient: {weight: 80 kg}"


def found(order: str, patient: str = AT_80, name: str = "Acute stroke thrombolysis") -> list[tuple[str, str]]:
    text = f"{{order_set: {name}{patient}, orders: [{order}]}}"
    outcome = invoke("check", "-", "--format", "json", stdin=text)
    assert outcome.exit_code in {0, 1}, outcome.stderr
    return [(each["code"], each["severity"]) for each in outcome.json["findings"]]


def errors(order: str, patient: str = AT_80) -> list[str]:
    return [code for code, severity in found(order, patient) if severity == "error"]


def lysis(drug: str, kind: str, more: str) -> str:
    return f"{{drug: {drug}, route: IV, kind: {kind}, {more}}}"


RIGHT_TEXTS = (
    "0.9 mg/kg total 72 mg; 10% (7.2 mg) bolus over 1 min, 64.8 mg over 60 min",
    "0.9 mg/kg (max 90 mg): 10 % as bolus over 1 min, remainder over 60 min",
    "0.9 mg/kg IV (maximum 90 mg), 10% of total dose as IV bolus over 1 minute, remaining 90% infused over 60 minutes",
    "72 mg total: 7.2 mg IV bolus over 1 min then 64.8 mg IV infusion over 60 min",
    "0.9 mg/kg = 72 mg; give 7.2 mg bolus over 1 min, then 64.8 mg over 1 hour",
    "Total dose 72 mg (0.9 mg/kg, max 90 mg). Bolus 7.2 mg (10%) over 1 minute. Infusion 64.8 mg (90%) over 60 min.",
    "7.2 mg bolus followed by 64.8 mg over 60 min",
    "Bolus: 7.2 mg over 1 min. Infusion: 64.8 mg over 60 min. Total 72 mg.",
    "Give 0.09 mg/kg bolus over 1 min then 0.81 mg/kg over 60 min, max 90 mg",
    "Alteplase 72 mg: 7.2 mg (7.2 mL of 1 mg/mL) bolus, then 64.8 mL/h for 60 min",
    "64.8 mg over 60 min (64.8 mL/h of 1 mg/mL)",
    "Bolus 10% = 7.2 mg IV push, infusion 90% = 64.8 mg over 60 min; total dose not to exceed 90 mg",
)


@pytest.mark.parametrize("text", RIGHT_TEXTS)
@pytest.mark.parametrize("kind", ["bolus", "infusion"])
@pytest.mark.parametrize("patient", [AT_80, ""])
def test_a_text_that_says_the_parts_of_a_dose_is_right(text: str, kind: str, patient: str) -> None:
    assert errors(lysis("alteplase", kind, f'text: "{text}"'), patient) == []


WRONG = (
    ("alteplase", "bolus", "volume: 72 mL, concentration: 1 mg/mL"),
    ("alteplase", "infusion", "pump_rate: 648 mL/h, concentration: 1 mg/mL, run_time: 60 min"),
    ("alteplase", "infusion", "pump_rate: 648 mL/h, concentration: 1 mg/mL"),
    ("alteplase", "infusion", "pump_rate: 64.8 mL/h, concentration: 10 mg/mL, run_time: 60 min"),
    ("alteplase", "infusion", "dose_rate: 648 mg/h, run_time: 60 min"),
    ("alteplase", "infusion", "dose_rate: 64.8 mg/min"),
    ("alteplase", "infusion", "dose_rate_per_kg: 9 mg/kg/h, run_time: 1 h"),
    ("alteplase", "infusion", "vtbi: 648 mL, concentration: 1 mg/mL, run_time: 60 min"),
    ("alteplase", "infusion", "vtbi: 64.8 mL, pump_rate: 648 mL/h, concentration: 1 mg/mL"),
    ("alteplase", "infusion", "dose: 648 mg, volume: 648 mL, run_time: 60 min"),
    ("alteplase", "infusion", "dose: 64.8 mg, give_over: 6 min"),
    ("alteplase", "infusion", "dose: 64.8 mg, run_time: 24 h"),
    ("alteplase", "infusion", "dose: 6.48 mg, run_time: 60 min"),
    ("alteplase", "bolus", "dose: 7.2 mcg"),
    ("alteplase", "infusion", 'text: "648 mg/h for 60 min"'),
    ("alteplase", "infusion", 'text: "1 mg/mL at 648 mL/h for 60 min"'),
    ("alteplase", "bolus", 'text: "72 mg bolus over 1 min then 64.8 mg over 60 min"'),
    ("alteplase", "bolus", 'text: "7.2 mg bolus over 1 min then 648 mg over 60 min"'),
    ("alteplase", "bolus", 'text: "7.2 mg bolus over 1 min then 64.8 mg over 10 min"'),
    ("alteplase", "infusion", 'text: "0.9 mg/kg (max 900 mg), 10% bolus, rest over 60 min"'),
    ("tenecteplase", "bolus", "volume: 40 mL, concentration: 5 mg/mL"),
    ("tenecteplase", "bolus", "dose_per_kg: 0.025 mg/kg"),
    ("tenecteplase", "bolus", "dose: 2 mg"),
    ("tenecteplase", "bolus", "dose: 20 mg, give_over: 60 min"),
    ("tenecteplase", "bolus", 'text: "give 40 mL of 5 mg/mL IV push"'),
    ("tenecteplase", "bolus", 'text: "2.5 mg/kg IV over 5 seconds"'),
)


@pytest.mark.parametrize(("drug", "kind", "more"), WRONG)
@pytest.mark.parametrize("patient", [AT_80, ""])
def test_a_dose_or_a_time_that_is_none_in_stroke_is_an_error(drug: str, kind: str, more: str, patient: str) -> None:
    assert "RC665" in errors(lysis(drug, kind, more), patient)


def test_a_text_whose_parts_are_more_than_the_whole_is_an_error() -> None:
    text = '"7.2 mg bolus over 1 min then 72 mg over 60 min"'
    assert errors(lysis("alteplase", "bolus", f"text: {text}")) == ["RC666"]


def test_what_two_orders_give_by_volume_and_rate_adds_up() -> None:
    bolus = lysis("alteplase", "bolus", "volume: 7.2 mL, concentration: 1 mg/mL, give_over: 1 min")
    rest = "vtbi: {0} mL, pump_rate: {0} mL/h, concentration: 1 mg/mL, run_time: 60 min"
    assert errors(f"{bolus}, {lysis('alteplase', 'infusion', rest.format('64.8'))}") == []
    assert errors(f"{bolus}, {lysis('alteplase', 'infusion', rest.format('72'))}") == ["RC666"]


@pytest.mark.parametrize(
    ("drug", "dose", "indication", "expected"),
    [
        ("alteplase", "100 mg", "myocardial infarction", []),
        ("alteplase", "1000 mg", "myocardial infarction", [("RC665", "error")]),
        ("alteplase", "1000 mg", "", [("RC665", "error")]),
        ("tenecteplase", "50 mg", "myocardial infarction", []),
        ("tenecteplase", "500 mg", "myocardial infarction", [("RC665", "error")]),
    ],
)
def test_more_than_the_most_of_any_indication_is_an_error_in_every_set(
    drug: str, dose: str, indication: str, expected: list[tuple[str, str]]
) -> None:
    kind = "infusion" if drug == "alteplase" else "bolus"
    text = f"{{order_set: Lysis, indication: {indication or 'none'}, orders: [{lysis(drug, kind, f'dose: {dose}')}]}}"
    made = invoke("check", "-", "--select", "RC665", "--format", "json", stdin=text).json
    assert [(each["code"], each["severity"]) for each in made["findings"]] == expected


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        (("9mg/kg/h", "--weight", "80kg", "--concentration", "1mg/mL"), 1),
        (("0.81mg/kg/h", "--weight", "80kg", "--concentration", "1mg/mL"), 0),
        (("648mL/h", "--to", "mg/h", "--concentration", "1mg/mL"), 1),
        (("64.8mL/h", "--to", "mg/h", "--concentration", "1mg/mL"), 0),
    ],
)
def test_a_typed_rate_of_alteplase_is_judged(rate: tuple[str, ...], code: int) -> None:
    outcome = invoke("rate", *rate, "--drug", "alteplase", "--format", "json")
    assert (outcome.exit_code, outcome.json["judged_as"]) == (code, "alteplase")


def request(text: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "reasonCode": [{"text": "acute ischaemic stroke"}],
        "medicationCodeableConcept": {"text": "alteplase"},
        "dosageInstruction": [{"text": text}],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RIGHT_TEXTS[0], []),
        (RIGHT_TEXTS[1], []),
        ("9 mg/kg, 10% bolus over 1 min, rest over 60 min", ["RC665"]),
    ],
)
def test_a_text_of_fhir_is_read_alike(text: str, expected: list[str]) -> None:
    made = invoke("check", "-", "--select", "RC665,RC666,RC308", "--format", "json", stdin=json.dumps(request(text)))
    assert [each["code"] for each in made.json["findings"]] == expected


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("If SBP above 180 start nicardipine 5 mg/h IV and titrate", False),
        ("BP below 180/105; nicardipine infusion, titrate to effect", False),
        ("after aspirin 300 mg titrate to effect", True),
        ("titrate to effect", True),
    ],
)
def test_what_is_titrated_is_the_drug_named_before(text: str, *, is_found: bool) -> None:
    more = f"dose_rate_per_kg: 0.1 mcg/kg/min, run_time: 24 h, text: {text!r}"
    assert ("RC636" in errors(lysis("tirofiban", "infusion", more))) is is_found


@pytest.mark.parametrize(
    ("name", "cap", "expected"),
    [
        ("Paediatric ward", "500 mg", []),
        ("Ward", "500 mg", [("RC427", "warning")]),
        ("Ward", "1000 mg", []),
        ("Paediatric ward", "5 mg", [("RC427", "error")]),
    ],
)
def test_a_cap_of_children_is_no_error(name: str, cap: str, expected: list[tuple[str, str]]) -> None:
    order = f"{{drug: paracetamol, route: PO, kind: dose, dose_per_kg: 15 mg/kg, max_dose: {cap}}}"
    assert [each for each in found(order, "", name) if each[0] == "RC427"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "10% (7.2 mg) of total 72 mg as bolus",
        "Total 72 mg; bolus 7.2 mg",
        "0.9 mg/kg, max 90 mg",
        "0.9 mg/kg x 80 kg = 72 mg",
        "dose 0.9 mg/kg = 72 mg, give 10 %",
        "then 64.8 mg over 60 min",
        "bolus 10 % of the total 72 mg, rest 64.8 mg over 60 min",
        "Total dose 0.9 mg/kg (72 mg): 7.2 mg bolus then 64.8 mg over 60 min",
    ],
)
def test_the_text_of_a_bolus_may_tell_the_whole_and_the_rest(text: str) -> None:
    bolus = lysis("alteplase", "bolus", f'dose: 7.2 mg, give_over: 1 min, text: "{text}"')
    rest = lysis("alteplase", "infusion", "dose: 64.8 mg, run_time: 60 min")
    assert errors(f"{bolus}, {rest}", ", patient: {weight: 80 kg}") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("72 mg bolus over 1 min", "RC308"),
        ("0.72 mg bolus over 1 min", "RC308"),
        ("9 mg/kg, max 90 mg", "RC308"),
        ("then 648 mg over 60 min", "RC665"),
        ("Total dose 0.9 mg/kg (720 mg)", "RC308"),
    ],
)
def test_a_wrong_number_in_the_text_of_a_bolus_is_an_error(text: str, code: str) -> None:
    bolus = lysis("alteplase", "bolus", f'dose: 7.2 mg, give_over: 1 min, text: "{text}"')
    assert errors(bolus, ", patient: {weight: 80 kg}") == [code]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (lysis("tenecteplase", "bolus", "dose: 20 mg").replace("IV", "SC"), "RC428"),
        (lysis("alteplase", "infusion", "dose: 64.8 mg").replace("IV", "PO"), "RC428"),
        (lysis("tenecteplase", "bolus", "dose_per_kg: 0.25 mg/kg, frequency: daily"), "RC664"),
        (lysis("alteplase", "infusion", "dose_rate: 6.5 mg/h"), "RC665"),
        (lysis("alteplase", "infusion", "dose_rate: 81 mcg/h"), "RC665"),
    ],
)
def test_a_route_a_frequency_and_a_tenth_of_the_rate_are_errors(order: str, code: str) -> None:
    assert code in errors(order, ", patient: {weight: 80 kg}")


@pytest.mark.parametrize("dose", ["0.9 mcg/kg", "0.09 mg/kg"])
def test_a_dose_per_kg_far_below_is_an_error_without_an_indication(dose: str) -> None:
    made = f"{{order_set: x, orders: [{lysis('alteplase', 'infusion', f'dose_per_kg: {dose}')}]}}"
    findings = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=made).json["findings"]
    assert "RC665" in [each["code"] for each in findings if each["severity"] == "error"]


@pytest.mark.parametrize(
    ("drug", "dose"),
    [("tenecteplase", "20,000 units"), ("tenecteplase", "4,000 units"), ("alteplase", "20000 mmol")],
)
def test_a_dose_in_another_kind_of_unit_is_not_judged_and_said_so(drug: str, dose: str) -> None:
    made = {
        "order_set": "Lysis", "version": "1", "approved": "2026-01-01", "indication": "acute ischaemic stroke",
        "patient": {"weight": "80 kg"},
        "orders": [{"drug": drug, "route": "IV", "kind": "bolus", "dose": dose, "give_over": "10 s"}],
    }  # fmt: skip
    found = invoke("check", "-", "--format", "json", "--isolated", stdin=json.dumps(made)).json["findings"]
    assert [(each["code"], each["pointer"]) for each in found if each["severity"] == "error"] == [
        ("RC712", "/orders/0/dose")
    ]


def test_a_titrated_rate_beyond_the_pump_is_an_error_and_no_crash() -> None:
    order = {
        "drug": "nicardipine", "route": "IV", "kind": "infusion", "concentration": "0.1 mg/mL",
        "titrate": {"max": "150 mg/h"},
    }  # fmt: skip
    result = invoke(
        "check", "-", "--format", "json", "--isolated", stdin=json.dumps({"order_set": "x", "orders": [order]})
    )
    assert [each["code"] for each in result.json["findings"] if each["severity"] == "error"] == ["RC310"]


def test_the_rows_of_a_table_with_open_ends_are_not_one_after_the_other() -> None:
    table = (("15 mg", "< 60 kg"), ("17.5 mg", "60-69 kg"), ("20 mg", "70-79 kg"), ("22.5 mg", "80-89 kg"))
    orders = [
        {"drug": "tenecteplase", "route": "IV", "kind": "bolus", "dose": dose, "give_over": "5 s", "weight": weight}
        for dose, weight in (*table, ("25 mg", ">= 90 kg"))
    ]
    made = {"order_set": "Lysis", "indication": "acute ischaemic stroke", "orders": orders}
    found = invoke("check", "-", "--format", "json", "--isolated", stdin=json.dumps(made)).json["findings"]
    assert [each["code"] for each in found if each["severity"] == "error"] == []
    made["orders"] = [*orders, {**orders[0], "weight": "50-65 kg"}]
    found = invoke("check", "-", "--format", "json", "--isolated", stdin=json.dumps(made)).json["findings"]
    assert "RC664" in [each["code"] for each in found if each["severity"] == "error"]
