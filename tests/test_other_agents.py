"""No agent is silent: eptifibatide, abciximab, cangrelor, thrombolytics, combinations and look-alikes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import invoke

DRIP = "drug: {0}, route: IV, kind: infusion, start: +0 h"
DOSES = {
    "tirofiban": "0.1 mcg/kg/min", "eptifibatide": "0.5 mcg/kg/min",
    "abciximab": "0.125 mcg/kg/min", "cangrelor": "4 mcg/kg/min",
}  # fmt: skip


def judged(orders: str, head: str = "order_set: Example", codes: str = "") -> list[dict[str, Any]]:
    text = f"{{{head}, orders: [{orders}]}}"
    select = ("--select", codes) if codes else ()
    outcome = invoke("check", "-", *select, "--format", "json", stdin=text)
    assert outcome.exit_code in (0, 1), outcome.stderr
    return list(outcome.json["findings"])


def found(orders: str, code: str, head: str = "order_set: Example") -> list[tuple[str, str]]:
    return [(each["severity"], each["message"]) for each in judged(orders, head, code)]


def order(drug: str, more: str = "") -> str:
    dose = f", dose_rate_per_kg: {DOSES[drug]}" if drug in DOSES and "dose" not in more else ""
    return f"{{{DRIP.format(drug)}{dose}{more}}}"


STROKE = "order_set: Rescue, indication: reocclusion after a stroke"


@pytest.mark.parametrize(
    ("drug", "severity", "words"),
    [
        (
            "abciximab",
            "error",
            "AHA/ASA 2026: intravenous abciximab in acute ischaemic stroke is harm (class 3: Harm, B-R)",
        ),
        (
            "eptifibatide",
            "warning",
            "the US label contraindicates eptifibatide with any stroke within 30 days and any history",
        ),
        ("cangrelor", "warning", "the EU label contraindicates cangrelor with any history of stroke or TIA"),
    ],
)
def test_an_agent_that_its_sources_speak_against_is_found_in_a_set_for_stroke(
    drug: str, severity: str, words: str
) -> None:
    [(weight, message)] = found(order(drug), "RC660", STROKE)
    assert weight == severity
    assert message.startswith(f"{drug} in a set for stroke: {words}")
    assert found(order(drug), "RC660") == []
    assert found(order(drug), "RC660", "order_set: PCI, indication: coronary intervention") == []


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        # The indication is what the patient has, whatever the set is named for.
        ("order_set: Abciximab in PCI, indication: acute ischaemic stroke", "error"),
        ("order_set: Abciximab in PCI, indication: cerebrovascular accident", "error"),
        ("order_set: Abciximab after stroke thrombectomy, indication: PCI", "warning"),
        ("order_set: Abciximab, indication: stroke during PCI", "warning"),
        ("order_set: Abciximab in PCI, indication: rescue", ""),
        ("order_set: Abciximab in PCI, indication: coronary thrombectomy", ""),
        ("order_set: Abciximab in PCI, indication: ACS without stroke", ""),
        ("order_set: PCI (excludes stroke), indication: ACS", ""),
        ("order_set: PCI, indication: ACS with prior stroke", ""),
    ],
)
def test_what_the_indication_says_goes_before_the_name(head: str, expected: str) -> None:
    assert [severity for severity, _ in found(order("abciximab"), "RC660", head)] == ([expected] if expected else [])


def test_a_coronary_bolus_for_a_stroke_is_an_error_whatever_the_set_is_named() -> None:
    bolus = "{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 25 mcg/kg}"
    assert found(bolus, "RC404", "order_set: Tirofiban in PCI, indication: acute ischaemic stroke")
    assert found(bolus, "RC404", "order_set: Tirofiban in PCI, indication: ACS") == []


def test_tirofiban_in_a_set_for_stroke_is_not_that_finding() -> None:
    assert found(order("tirofiban"), "RC660", STROKE) == []


def test_abciximab_after_a_stroke_exits_1() -> None:
    outcome = invoke("check", "-", stdin=f"{{{STROKE}, orders: [{order('abciximab')}]}}")
    assert outcome.exit_code == 1


def test_dose_says_it_of_a_protocol_of_stroke_and_not_of_the_label() -> None:
    made = invoke("dose", "eptifibatide-low", "--weight", "80kg", "--run-time", "24h", "--format", "json").json
    assert [each["severity"] for each in made["findings"] if each["code"] == "RC660"] == ["warning"]
    made = invoke("dose", "cangrelor-label", "--weight", "80kg", "--run-time", "2h", "--format", "json").json
    assert "RC660" not in {each["code"] for each in made["findings"]}


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (
            "eptifibatide-label --run-time 18h --crcl 90mL/min",
            (
                "any stroke within 30 days|any history of haemorrhagic stroke|on dialysis|"
                "bleeding diathesis within 30 days|"
                "major surgery within 6 weeks|severe uncontrolled hypertension|below platelets of 100 x10^9/L|"
                "another GP IIb/IIIa inhibitor|dipyridamole|death 12 vs 8 %"
            ),
        ),
        (
            "abciximab-label",
            (
                "within 2 years of a cerebrovascular accident|significant residual deficit|"
                "below platelets of 100 x10^9/L|"
                "active bleeding|class 3: Harm, B-R|dextran|within 7 days of an oral anticoagulant|1.2 x control"
            ),
        ),
        (
            "cangrelor-label --run-time 2h",
            (
                "any history of stroke or TIA|active bleeding|uncontrolled severe hypertension|major surgery or trauma|"
                "0.07 vs 0.02 %"
            ),
        ),
    ],
)
def test_a_plan_lists_what_the_label_of_another_agent_contraindicates(plan: str, words: str) -> None:
    made = invoke("plan", *plan.split(), "--weight", "80kg", "--format", "json").json
    told = " ".join(each["words"] for each in made["before_start"])
    assert [each for each in words.split("|") if each not in told] == []


def test_the_label_of_cangrelor_says_first_whom_it_excludes() -> None:
    outcome = invoke(
        "dose",
        "cangrelor-label",
        "--weight",
        "80kg",
        "--run-time",
        "2h",
        "--infusion-product",
        "cangrelor-200",
        "--details",
    )
    assert outcome.exit_code == 0
    lines = outcome.stdout.splitlines()
    assert lines[0] == "CANGRELOR  cangrelor-label: Label of cangrelor"
    assert lines[1] == "labelled for  EU label: not for a patient with any history of stroke or TIA;"
    assert "  dose          2,400 mcg = 2.4 mg (30 mcg/kg × 80 kg)" in lines
    assert any(line.startswith("  pump rate     96 mL/h of 200 mcg/mL, cangrelor-200") for line in lines)


@pytest.mark.parametrize(("at", "is_found"), [("-23 h", True), ("-24 h", False), ("none", False), ("given", True)])
def test_eptifibatide_within_a_day_of_a_thrombolysis_is_an_error(at: str, is_found: bool) -> None:
    head = f"order_set: Example, patient: {{thrombolysis: {at}}}"
    assert [each[0] for each in found(order("eptifibatide"), "RC661", head)] == ["error"] * is_found
    assert found(order("tirofiban"), "RC661", head) == []


def test_cangrelor_for_longer_than_4_h_is_an_error() -> None:
    [(severity, message)] = found(order("cangrelor", ", run_time: 5 h"), "RC662")
    assert (severity, message[:26]) == ("error", "cangrelor runs for 5 h: th")
    assert found(order("cangrelor", ", run_time: 4 h"), "RC662") == []
    assert found(order("tirofiban", ", run_time: 24 h"), "RC662") == []


@pytest.mark.parametrize(
    ("drug", "time", "expected"),
    [
        ("eptifibatide", "18 min", "error"),
        ("eptifibatide", "2 h", ""),
        ("abciximab", "12 min", "error"),
        ("abciximab", "6 h", "warning"),
        ("abciximab", "12 h", ""),
        ("cangrelor", "2 min", "error"),
        ("cangrelor", "30 min", "warning"),
        ("cangrelor", "2 h", ""),
    ],
)
def test_a_run_time_shorter_than_any_source_is_found(drug: str, time: str, expected: str) -> None:
    told = found(order(drug, f", run_time: {time}"), "RC412")
    assert [severity for severity, _ in told] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # No source held here states what of abciximab is given into an artery.
        ("drug: abciximab, route: IA, kind: bolus, dose: 1000 mg", [("RC712", "error")]),
        ("drug: abciximab, route: IA, kind: bolus, dose_per_kg: 0.25 mg/kg", [("RC712", "error")]),
        ("drug: abciximab, route: IV, kind: bolus, dose_per_kg: 0.25 mg/kg", []),
        ("drug: eptifibatide, route: IA, kind: bolus, dose_per_kg: 135 mcg/kg", []),
        ("drug: tirofiban, route: IA, kind: bolus, dose: 500 mcg", []),
        # Of prasugrel a load is held, and no maintenance dose.
        ("drug: prasugrel, route: PO, kind: dose, dose: 10 mg, text: daily", [("RC711", "note")]),
        ("drug: prasugrel, route: PO, kind: maintenance, dose: 10 mg", [("RC711", "note")]),
        ("drug: prasugrel, route: PO, kind: dose, dose: 60 mg, text: once", []),
    ],
)
def test_a_dose_that_no_source_states_is_said_to_be_not_judged(order: str, expected: list[tuple[str, str]]) -> None:
    told = judged(f"{{{order}}}", "order_set: PCI, patient: {weight: 80 kg}", "RC711,RC712")
    assert [(each["code"], each["severity"]) for each in told] == expected


def test_two_bags_of_abciximab_run_for_as_long_as_its_label() -> None:
    bags = (f"{{drug: abciximab, route: IV, kind: infusion, dose_rate_per_kg: 0.125 mcg/kg/min, start: +{at} h, "
            f"run_time: 6 h}}" for at in (0, 6))  # fmt: skip
    assert found(", ".join(bags), "RC412") == []


def test_cangrelor_of_ten_times_its_rate_is_an_error() -> None:
    each = "{drug: cangrelor, route: IV, kind: infusion, dose_rate_per_kg: 40 mcg/kg/min}"
    assert [severity for severity, _ in found(each, "RC402")] == ["error"]


def test_cangrelor_beside_tirofiban_is_an_error_and_one_after_the_other_is_not() -> None:
    beside = f"{order('tirofiban', ', run_time: 24 h')}, {order('cangrelor', ', run_time: 2 h')}"
    assert [severity for severity, _ in found(beside, "RC628")] == ["error"]
    after = beside.replace(
        "cangrelor, route: IV, kind: infusion, start: +0 h", "cangrelor, route: IV, kind: infusion, start: +24 h"
    )
    assert found(after, "RC628") == []


def test_a_line_of_another_drug_is_not_said_to_hold_a_bolus() -> None:
    drip = ", run_time: 2 h, concentration: 1 mg/mL, dose_rate: 1 mg/h"
    head = "order_set: Example, patient: {weight: 80 kg}"
    assert found(order("alteplase", drip), "RC601", head) == []
    assert found(order("magnesium sulfate", drip), "RC601", head) == []
    assert len(found(order("tirofiban", ", run_time: 2 h, concentration: 50 mcg/mL"), "RC601", head)) == 1


@pytest.mark.parametrize(
    ("drug", "words"),
    [
        ("apixaban", "apixaban beside tirofiban: the EU label does not recommend tirofiban with an oral anticoagulant"),
        ("warfarin", "warfarin beside tirofiban: the EU label does not recommend tirofiban with an oral anticoagulant"),
        ("heparin", "heparin beside tirofiban: the labels' doses for acute coronary syndrome presuppose heparin; "),
    ],
)
def test_an_anticoagulant_is_named_with_what_is_said_of_its_kind(drug: str, words: str) -> None:
    [(_, message)] = found(f"{order('tirofiban')}, {order(drug)}", "RC624")
    assert message.startswith(words)


def test_an_anticoagulant_that_a_label_contraindicates_is_an_error() -> None:
    severities = [found(f"{order(each)}, {order('apixaban')}", "RC624")[0][0] for each in ("abciximab", "tirofiban")]
    assert severities == ["error", "warning"]


def oral(drug: str, dose: str, more: str = "", route: str = "PO") -> str:
    return f"{{drug: {drug}, route: {route}, kind: dose, dose: {dose}{more}}}"


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (oral("aspirin", "75 mg", ", frequency: daily"), []),
        (oral("aspirin", "74 mg", ", frequency: daily"), [("RC627", "warning")]),
        (oral("clopidogrel", "300 mcg"), [("RC627", "error")]),
        (oral("clopidogrel", "3000 mg"), [("RC626", "error")]),
        (oral("clopidogrel", "75 mg"), [("RC627", "warning")]),
        (oral("aspirin", "300 mg", "", "PR"), []),
        (oral("aspirin", "600 mg", "", "PR"), [("RC626", "error")]),
        (oral("aspirin", "500 mg", "", "IV"), [("RC627", "warning")]),
        (oral("aspirin", "5 g", "", "IV"), [("RC627", "error")]),
        (oral("aspirin", "5 mg", "", "IV"), [("RC627", "error")]),
        (oral("aspirin", "500 mg", "", "NG"), [("RC626", "error")]),
    ],
)
def test_a_dose_is_compared_with_those_of_its_route(each: str, expected: list[tuple[str, str]]) -> None:
    assert [(one["code"], one["severity"]) for one in judged(each, codes="RC626,RC627")] == expected


def test_eptifibatide_of_2_mg_per_ml_is_an_infusion_concentration() -> None:
    assert found(order("eptifibatide", ", dose_rate_per_kg: 2 mcg/kg/min, concentration: 2 mg/mL"), "RC422,RC424") == []


def test_a_cap_below_every_dose_is_found_of_any_drug() -> None:
    each = order("heparin", ", dose_rate_per_kg: 18 units/kg/h, max_dose_rate: 100 units/h")
    assert [severity for severity, _ in found(each, "RC427")] == ["error"]
    each = order("heparin", ", dose_rate: 2000 units/h, max_dose_rate: 1000 units/h")
    assert [severity for severity, _ in found(each, "RC425")] == ["error"]


def lysis(drug: str, amount: str, kind: str = "bolus", more: str = "") -> str:
    return f"{{drug: {drug}, route: IV, kind: {kind}, {amount}{more}}}"


AT_80 = "order_set: Example, patient: {weight: 80 kg}"


@pytest.mark.parametrize(
    ("each", "head", "expected"),
    [
        (lysis("tenecteplase", "dose: 25 mg"), STROKE, []),
        (lysis("tenecteplase", "dose: 25.1 mg"), STROKE, ["error"]),
        (lysis("tenecteplase", "dose: 40 mg"), "order_set: Example", ["error"]),
        (lysis("tenecteplase", "dose: 40 mg"), "order_set: Example, indication: myocardial infarction", []),
        (lysis("tenecteplase", "dose_per_kg: 0.3 mg/kg"), STROKE, ["warning"]),
        (lysis("tenecteplase", "dose_per_kg: 0.5 mg/kg"), STROKE, ["error"]),
        (lysis("tenecteplase", "dose: 20 mg", "infusion"), STROKE, ["error"]),
        (lysis("alteplase", "dose: 90 mg", "infusion"), STROKE, []),
        (lysis("alteplase", "dose: 100 mg", "infusion"), STROKE, ["error"]),
        (lysis("alteplase", "dose: 100 mg", "infusion"), "order_set: Example", ["warning"]),
        (lysis("alteplase", "dose: 80 mg", "infusion"), AT_80, ["warning"]),
        (lysis("alteplase", "dose_per_kg: 0.9 mg/kg", "infusion"), STROKE, ["warning"]),
        (lysis("alteplase", "dose_per_kg: 9 mg/kg", "infusion"), STROKE, ["error"]),
        (lysis("alteplase", "dose_per_kg: 0.25 mg/kg"), STROKE, ["error"]),
        (lysis("alteplase", "dose: 7.2 mg"), AT_80, []),
        (lysis("alteplase", "dose_per_kg: 0.81 mg/kg", "bolus", ", give_over: 60 min"), STROKE, ["warning"]),
        (lysis("alteplase", "dose_per_kg: 0.81 mg/kg", "bolus", ", give_over: 1 min"), STROKE, ["error"]),
    ],
)
def test_a_thrombolytic_beyond_its_stroke_dose_is_found(each: str, head: str, expected: list[str]) -> None:
    assert [severity for severity, _ in found(each, "RC665", head)] == expected


def test_two_thrombolytics_are_an_error() -> None:
    both = f"{lysis('alteplase', 'dose: 7.2 mg')}, {lysis('tenecteplase', 'dose: 20 mg')}"
    assert [severity for severity, _ in found(both, "RC664")] == ["error"]
    assert found(both.replace("mg}", "mg, choose_one: lysis}"), "RC664") == []


@pytest.mark.parametrize(
    ("first", "rest", "head", "expected"),
    [
        ("dose: 7.2 mg", "dose: 72 mg", AT_80, 1),
        ("dose: 7.2 mg", "dose: 64.8 mg", AT_80, 0),
        ("dose: 7.2 mg", "dose: 72 mg", "order_set: Example", 1),
        ("dose: 8 mg", "dose: 72.1 mg", "order_set: Example, patient: {weight: 89 kg}", 0),
        ("dose_per_kg: 0.09 mg/kg", "dose_per_kg: 0.9 mg/kg", "order_set: Example", 1),
        ("dose_per_kg: 0.09 mg/kg", "dose_per_kg: 0.81 mg/kg", "order_set: Example", 0),
        ("dose: 9 mg", "dose: 90 mg", "order_set: Example, patient: {weight: 120 kg}", 1),
    ],
)
def test_parts_that_add_up_to_more_than_the_whole_are_an_error(first: str, rest: str, head: str, expected: int) -> None:
    parts = f"{lysis('alteplase', first)}, {lysis('alteplase', rest, 'infusion', ', run_time: 60 min')}"
    assert [severity for severity, _ in found(parts, "RC666", head)] == ["error"] * expected


def test_a_part_that_its_own_dose_per_kg_contradicts_is_one_finding() -> None:
    rest = lysis("alteplase", "dose: 72 mg, dose_per_kg: 0.9 mg/kg", "infusion", ", run_time: 60 min")
    bolus = lysis("alteplase", "dose: 7.2 mg", more=", text: 10% of the dose as a bolus")
    text = f"{{{AT_80}, orders: [{bolus}, {rest}]}}"
    made = invoke("check", "-", "--format", "json", stdin=text).json["findings"]
    assert [(each["code"], each["pointer"]) for each in made if each["severity"] == "error"] == [
        ("RC301", "/orders/1/dose")
    ]


def test_aspirin_in_a_combination_beside_aspirin_is_counted() -> None:
    combined = "{drug: Aggrenox, route: PO, kind: dose, frequency: twice daily}"
    daily = oral("aspirin", "81 mg", ", frequency: daily")
    [(severity, message)] = found(f"{combined}, {daily}", "RC667")
    assert (severity, message) == ("error", "aggrenox holds aspirin, and aspirin is also ordered: it is given twice")
    assert found(combined, "RC667") == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", dose_rate_per_kg: 0.15 mcg/kg/min", 1),
        (", dose_rate_per_kg: 2 mcg/kg/min", 0),
        (", product: bag-250", 1),
        (", product: 12.5 mg in 250 mL", 1),
        (", concentration: 50 mcg/mL", 1),
        (", text: from the Aggrastat bag", 1),
        (", concentration: 1 mg/mL", 0),
    ],
)
def test_argatroban_as_tirofiban_is_ordered_is_found(more: str, expected: int) -> None:
    assert len(found(order("argatroban", more), "RC668")) == expected


def test_tpa_and_tnk_are_spelled_out() -> None:
    assert len(found(f"{lysis('TNK', 'dose: 20 mg')}, {lysis('tPA', 'dose: 7.2 mg')}", "RC221")) == 2


@pytest.mark.parametrize("drug", ["ticlopidine", "cilostazol", "dipyridamole", "vorapaxar", "dextran"])
def test_a_second_agent_beside_tirofiban_is_a_warning(drug: str) -> None:
    each = f"{{drug: {drug}, route: PO, kind: dose}}"
    assert [severity for severity, _ in found(f"{order('tirofiban')}, {each}", "RC669")] == ["warning"]
    assert found(each, "RC669") == []
