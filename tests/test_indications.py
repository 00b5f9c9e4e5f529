"""What a set is for decides which dose is compared: a stroke, the heart, another indication, or one nobody knows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke


def findings(name: str, orders: list[dict[str, Any]], **more: Any) -> list[tuple[str, str, str]]:
    document = {"order_set": name, "patient": {"weight": "80 kg"}, "orders": orders, **more}
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(document))
    assert outcome.exit_code in {0, 1}, outcome.stderr
    return [(each["code"], each["severity"], str(each["message"])) for each in outcome.json["findings"]]


def heavy(name: str, orders: list[dict[str, Any]], **more: Any) -> list[tuple[str, str]]:
    return [(code, severity) for code, severity, _ in findings(name, orders, **more) if severity != "note"]


def alteplase(kind: str, **more: str) -> dict[str, Any]:
    return {"drug": "alteplase", "route": "IV", "kind": kind, **more}


def tenecteplase(dose: str) -> dict[str, Any]:
    return {"drug": "tenecteplase", "route": "IV", "kind": "bolus", "dose": dose, "give_over": "5 s"}


def oral(drug: str, dose: str = "", **more: str) -> dict[str, Any]:
    return {"drug": drug, "route": "PO", "kind": "dose", **({"dose": dose} if dose else {}), **more}


PE = [alteplase("bolus", dose="10 mg", give_over="2 min"), alteplase("infusion", dose="90 mg", run_time="2 h")]
STROKE = [
    alteplase("bolus", dose="7.2 mg", give_over="1 min", start="+0 h"),
    alteplase("infusion", dose="64.8 mg", run_time="60 min", start="+1 min"),
]


@pytest.mark.parametrize(
    "name",
    ["Pulmonary embolism", "PE lysis", "Rescue lysis, massive PE", "Anterior MI", "AMI", "ST elevation", "Frostbite",
     "Catheter occlusion", "Peripheral arterial occlusion"],
)  # fmt: skip
def test_alteplase_for_another_indication_is_not_judged_by_strokes_rule(name: str) -> None:
    assert heavy(name, PE) == []
    notes = [message for code, _, message in findings(name, PE) if code == "RC711"]
    assert len(notes) == 1
    assert notes[0].startswith("no dose of alteplase is held for ")
    assert "100 mg" in notes[0]


def test_the_same_doses_are_errors_in_a_stroke_and_a_warning_where_the_indication_is_unknown() -> None:
    assert {each for each in heavy("Stroke", PE) if each[1] == "error"} == {("RC665", "error")}
    assert {severity for _, severity in heavy("Lysis", PE, indication="retinal artery occlusion")} == {"warning"}


@pytest.mark.parametrize(
    ("name", "dose", "expected"),
    [
        ("Pulmonary embolism", "40 mg", []),
        ("Inferior wall MI", "45 mg", []),
        ("STEMI", "20 mg", []),
        ("STEMI", "4 mg", [("RC665", "error")]),
        ("STEMI", "55 mg", [("RC665", "error")]),
        ("Pulmonary embolism", "500 mg", [("RC665", "error")]),
        ("Ward", "45 mg", [("RC665", "error")]),
    ],
)
def test_tenecteplase_by_what_it_is_for(name: str, dose: str, expected: list[tuple[str, str]]) -> None:
    assert heavy(name, [tenecteplase(dose)]) == expected


def test_a_finding_prints_the_part_of_the_rule_that_is_broken() -> None:
    def message(**more: str) -> str:
        return next(text for code, _, text in findings("Stroke", [alteplase(**more)]) if code == "RC665")

    assert message(kind="bolus", dose="20 mg") == (
        "alteplase, a bolus of 20 mg: in stroke the bolus is 10 % of 0.9 mg/kg, at most 9 mg"
    )
    assert message(kind="infusion", dose="64.8 mg", run_time="20 min") == (
        "alteplase over 20 min: in stroke the infusion takes 60 min"
    )


@pytest.mark.parametrize(
    ("route", "name", "expected"),
    [
        ("IA", "Stroke", ("RC428", "warning")),
        ("intrathecal", "Stroke", ("RC428", "error")),
        ("intrathecal", "Peripheral arterial occlusion", ("RC428", "error")),
        ("IA", "STEMI", ("RC428", "warning")),
    ],
)
def test_a_thrombolytic_by_another_route(route: str, name: str, expected: tuple[str, str]) -> None:
    assert expected in heavy(name, [{**alteplase("bolus", dose="5 mg"), "route": route}])


def test_no_drug_of_the_catalogue_is_given_intrathecally() -> None:
    for order in (
        oral("aspirin", "300 mg"),
        oral("clopidogrel", "300 mg"),
        tenecteplase("20 mg"),
        {"drug": "tirofiban", "kind": "bolus", "dose_per_kg": "10 mcg/kg"},
        {"drug": "cangrelor", "kind": "bolus", "dose_per_kg": "30 mcg/kg"},
    ):
        assert ("RC428", "error") in heavy("Ward", [{**order, "route": "intrathecal"}])


def test_the_parts_of_a_thrombolysis_come_in_their_order_and_together() -> None:
    assert heavy("Stroke", STROKE) == []
    late = [{**STROKE[0], "start": "+10 min"}, STROKE[1]]
    assert heavy("Stroke", late) == [("RC670", "error")]
    assert heavy("Stroke", [STROKE[0], {**STROKE[1], "start": "+3 h"}]) == [("RC670", "error")]
    chosen = [{**each, "choose_one": "lysis"} for each in STROKE]
    assert heavy("Stroke", chosen) == [("RC670", "error")]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("platelets", "70 x10^9/L", "the EU label contraindicates tirofiban below platelets of 100 x10^9/L"),
        ("inr", "2.1", "the EU label contraindicates tirofiban with an INR above 1.5"),
        ("blood_pressure", "200/115", "AHA/ASA: below 180/105 mmHg for 24 h after a thrombolysis"),
        ("anticoagulant", "apixaban, -6 h", "the EU label does not recommend tirofiban with an oral anticoagulant"),
        ("intracranial_haemorrhage", "yes", "the EU label contraindicates tirofiban after any haemorrhagic stroke"),
    ],
)
def test_a_value_that_no_limit_of_a_thrombolytic_judges_is_said_to_be_not_judged(
    field: str, value: str, words: str
) -> None:
    found = findings("Stroke", STROKE, patient={"weight": "80 kg", field: value})
    told = [(severity, message) for code, severity, message in found if code == "RC671"]
    assert [severity for severity, _ in told] == ["warning"]
    assert "was not judged for alteplase; no limit of it is held here" in told[0][1]
    assert words in told[0][1]


def test_a_usual_value_is_no_finding_beside_a_thrombolytic() -> None:
    usual = {"weight": "80 kg", "platelets": "250 x10^9/L", "inr": "1.1", "blood_pressure": "160/90"}
    assert heavy("Stroke", STROKE, patient=usual) == []


def test_heparin_beside_a_thrombolytic_is_said_to_be_not_judged_in_a_stroke_alone() -> None:
    heparin = {"drug": "heparin", "route": "IV", "kind": "infusion", "dose_rate": "1000 units/h", "start": "+0 h"}
    assert ("RC671", "warning") in heavy("Stroke", [*STROKE, heparin])
    assert heavy("STEMI", [tenecteplase("40 mg"), heparin]) == []
    later = {**heparin, "start": "+26 h"}
    assert ("RC671", "warning") not in heavy("Stroke", [*STROKE, later])


@pytest.mark.parametrize(
    ("indication", "expected"),
    [
        ("intracerebral haemorrhage", [("RC647", "error")]),
        ("stroke, haemorrhage excluded", []),
        ("ischaemic stroke", []),
    ],
)
def test_antiplatelets_for_a_haemorrhage_are_an_error(indication: str, expected: list[tuple[str, str]]) -> None:
    orders = [oral("aspirin", "300 mg"), oral("clopidogrel", "300 mg")]
    assert heavy("Ward", orders, indication=indication) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (oral("prasugrel", "100 mg", frequency="daily"), [("RC626", "error")]),
        (oral("prasugrel", "10 mg", frequency="daily"), []),
        (oral("clopidogrel", "180 mg"), [("RC627", "error")]),
        (oral("ticagrelor", "75 mg", frequency="twice daily"), [("RC627", "error")]),
        (oral("ticagrelor", "60 mg", frequency="twice daily"), []),
        (oral("aspirin", "8.1 mg", frequency="daily"), [("RC627", "error")]),
        (oral("aspirin", "30 mg", frequency="daily"), []),
        (oral("ticagrelor", frequency="twice daily"), [("RC712", "error")]),
        (oral("clopidogrel", text="give the whole box"), [("RC712", "error")]),
        (oral("aspirin-clopidogrel", "75/75 mg", frequency="daily"), []),
        (oral("DuoPlavin", "75 mg/100 mg", frequency="daily"), []),
        (oral("DuoPlavin", "750 mg/100 mg", frequency="daily"), [("RC626", "error")]),
    ],
)
def test_doses_of_antiplatelets_far_from_every_source(order: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert heavy("Acute coronary syndrome", [order]) == expected


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("Pericarditis", {}, []),
        ("Ward", {"text": "for headache"}, []),
        ("Ward", {"frequency": "q6h PRN"}, []),
        ("Ward", {}, [("RC626", "error")]),
        ("Stroke rescue", {"text": "for headache"}, [("RC626", "error")]),
    ],
)
def test_aspirin_for_pain_is_not_judged_as_an_antiplatelet(
    name: str, more: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    order = {**oral("aspirin", "650 mg", frequency="q6h"), **more}
    assert heavy(name, [order]) == expected
    notes = [message for code, _, message in findings(name, [order]) if code == "RC711"]
    stated = "only doses of aspirin as an antiplatelet are held: only the arithmetic of its orders was judged"
    assert notes == ([] if expected else [stated])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Cath lab", []), ("NSTEMI", []), ("Discharge", [("RC620", "warning")]), ("Stroke", [("RC620", "error")])],
)
def test_prasugrel_is_an_error_where_a_stroke_is_named(name: str, expected: list[tuple[str, str]]) -> None:
    assert heavy(name, [oral("prasugrel", "60 mg")]) == expected


def infusion(drug: str, rate: str, run_time: str) -> dict[str, Any]:
    return {"drug": drug, "route": "IV", "kind": "infusion", "dose_rate_per_kg": rate, "run_time": run_time}


@pytest.mark.parametrize(
    ("name", "order", "expected"),
    [
        ("PCI", infusion("eptifibatide", "2 mcg/kg/min", "72 h"), None),
        ("PCI", infusion("eptifibatide", "2 mcg/kg/min", "240 h"), "error"),
        ("PCI", infusion("abciximab", "0.125 mcg/kg/min", "12 h"), None),
        ("PCI", infusion("abciximab", "0.125 mcg/kg/min", "18 h"), "warning"),
        ("PCI", infusion("abciximab", "0.125 mcg/kg/min", "120 h"), "error"),
        ("PCI", infusion("cangrelor", "4 mcg/kg/min", "5 h"), "error"),
        ("Bridge to cardiac surgery", infusion("cangrelor", "0.75 mcg/kg/min", "48 h"), "warning"),
    ],
)
def test_an_infusion_for_days_is_found(name: str, order: dict[str, Any], expected: str | None) -> None:
    assert dict(heavy(name, [order])).get("RC662") == expected


@pytest.mark.parametrize(
    ("more", "is_found"),
    [({"start": "+2 h"}, False), ({"start": "+1 h"}, True), ({"text": "immediately after cangrelor stops"}, False)],
)
def test_the_stop_of_cangrelor_follows_from_its_run_time(more: dict[str, str], *, is_found: bool) -> None:
    drip = infusion("cangrelor", "4 mcg/kg/min", "2 h")
    found = heavy("PCI", [drip, oral("clopidogrel", "600 mg", **more)])
    assert (("RC622", "error") in found) is is_found


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"drug": "mannitol", "route": "IV", "kind": "infusion", "dose_per_kg": "1 g/kg", "volume": "400 mL",
          "concentration": "20 g/100 mL", "run_time": "15 min"}, "warning"),
        ({"drug": "lipid emulsion 20%", "route": "IV", "kind": "bolus", "volume": "120 mL", "give_over": "1 min"},
         "warning"),
        ({"drug": "lipid emulsion 20%", "route": "IV", "kind": "infusion", "pump_rate": "1200 mL/h"}, "warning"),
        ({"drug": "lipid emulsion 20%", "route": "IV", "kind": "infusion", "pump_rate": "12000 mL/h"}, "error"),
        ({"drug": "propofol", "route": "IV", "kind": "infusion", "pump_rate": "1200 mL/h"}, "error"),
    ],
)  # fmt: skip
def test_what_is_run_in_fast_is_no_error(order: dict[str, Any], expected: str) -> None:
    assert dict(heavy("Ward", [order])) == {"RC310": expected}


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        (("10mg/min", "--concentration", "2mg/mL", "--drug", "abciximab"), 1),
        (("10mcg/min", "--concentration", "36mcg/mL", "--drug", "abciximab"), 0),
        (("75mg/h", "--concentration", "1mg/mL", "--drug", "clopidogrel"), 1),
    ],
)
def test_rate_judges_a_cap_and_a_drug_that_is_swallowed(rate: tuple[str, ...], code: int) -> None:
    assert invoke("rate", *rate).exit_code == code


@pytest.mark.parametrize(
    ("drug", "dose", "text", "expected"),
    [
        ("colchicine", "1.2 mg", "then 0.6 mg after 1 h; total 1.8 mg", []),
        ("lorazepam", "2 mg", "repeat once after 5 min, total 4 mg", []),
        ("lorazepam", "2 mg", "repeat once after 5 min, total 40 mg", [("RC308", "error")]),
        ("lorazepam", "2 mg", "total 4 mg", [("RC308", "error")]),
    ],
)
def test_the_total_of_several_doses_is_no_contradiction(
    drug: str, dose: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert heavy("Ward", [oral(drug, dose, text=text)]) == expected


def test_a_haemorrhage_of_the_past_is_no_haemorrhage_now() -> None:
    assert heavy("Restart after intracerebral haemorrhage", [oral("aspirin", "81 mg", frequency="daily")]) == []
