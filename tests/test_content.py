"""Renal branches, monitoring, stop criteria, targets and the course of an infusion are judged by what they say."""

from __future__ import annotations

import pytest

from tests.support import invoke

DRIP = "drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h"


def found(orders: str, code: str, more: str = "", name: str = "Example") -> list[tuple[str, str]]:
    text = f"{{order_set: {name}{more}, orders: [{orders}]}}"
    outcome = invoke("check", "-", "--select", code, "--format", "json", stdin=text)
    assert outcome.exit_code in (0, 1), outcome.stderr
    # What could not be read is reported whatever is selected: these orders have no dose.
    return [(each["severity"], each["message"]) for each in outcome.json["findings"] if each["code"] == code]


def branch(rate: str, condition: str, drug: str = "eptifibatide", kind: str = "infusion") -> str:
    field = "dose_rate_per_kg" if kind == "infusion" else "dose_per_kg"
    return f'{{drug: {drug}, route: IV, kind: {kind}, {field}: {rate}, when: {{creatinine_clearance: "{condition}"}}}}'


FULL, HALF = "2 mcg/kg/min", "1 mcg/kg/min"


@pytest.mark.parametrize(
    ("branches", "words"),
    [
        ([branch(FULL, "<= 50 mL/min"), branch(FULL, "> 50 mL/min")], "is the dose of a higher clearance"),
        ([branch(FULL, "<= 50 mL/min")], "is not reduced"),
        ([branch(FULL, "<= 50 mL/min"), branch(HALF, "> 50 mL/min")], "is more than for a higher clearance"),
        (
            [
                branch("0.15 mcg/kg/min", "< 30 mL/min", "tirofiban"),
                branch("0.15 mcg/kg/min", ">= 30 mL/min", "tirofiban"),
            ],
            "is the dose of a higher clearance",
        ),
        (
            [
                branch("25 mcg/kg", "< 30 mL/min", "tirofiban", "bolus"),
                branch("12.5 mcg/kg", ">= 30 mL/min", "tirofiban", "bolus"),
            ],
            "is more than for a higher clearance",
        ),
    ],
)
def test_a_branch_that_does_not_reduce_is_one_error(branches: list[str], words: str) -> None:
    [(severity, message)] = found(", ".join(branches), "RC517")
    assert severity == "error"
    assert words in message
    assert found(", ".join(branches), "RC514") == []


@pytest.mark.parametrize(
    "branches",
    [
        [branch(HALF, "<= 50 mL/min"), branch(FULL, "> 50 mL/min")],
        [branch(HALF, "< 50 mL/min")],
        [branch(FULL, "> 50 mL/min")],
        # The labels differ there, and the stroke studies state no renal rule.
        [branch("0.15 mcg/kg/min", "30-60 mL/min", "tirofiban"), branch("0.15 mcg/kg/min", "> 60 mL/min", "tirofiban")],
        [
            branch("25 mcg/kg", "<= 60 mL/min", "tirofiban", "bolus"),
            branch("25 mcg/kg", "> 60 mL/min", "tirofiban", "bolus"),
        ],
    ],
)
def test_a_branch_that_follows_a_label_is_no_such_error(branches: list[str]) -> None:
    assert found(", ".join(branches), "RC517") == []


@pytest.mark.parametrize(
    ("rate", "more", "expected"),
    [
        ("0.15 mcg/kg/min", ", patient: {dialysis: yes}", ["error"]),
        ("0.1 mcg/kg/min", ", patient: {dialysis: yes}", ["error"]),
        ("0.075 mcg/kg/min", ", patient: {dialysis: yes}", []),
        ("0.15 mcg/kg/min", ", patient: {dialysis: no}", []),
        ("0.15 mcg/kg/min", ", protocol: yang-2020-iv, patient: {dialysis: yes}", ["warning"]),
        ("0.15 mcg/kg/min", ", protocol: us-label, patient: {dialysis: yes}", []),
    ],
)
def test_a_full_rate_on_dialysis_is_found(rate: str, more: str, expected: list[str]) -> None:
    order = f"{{{DRIP}, dose_rate_per_kg: {rate}}}"
    assert [severity for severity, _ in found(order, "RC516", more)] == expected


@pytest.mark.parametrize(
    ("drug", "text", "expected"),
    [
        ("eptifibatide", "CrCl at most 50 mL/min: 2 mcg/kg/min; CrCl above 50 mL/min: 2 mcg/kg/min", 1),
        ("eptifibatide", "2 mcg/kg/min if CrCl below 50 mL/min, 2 mcg/kg/min if CrCl above 50 mL/min", 1),
        ("eptifibatide", "2 mcg/kg/min if CrCl above 50 mL/min and 1 mcg/kg/min if CrCl below 50 mL/min", 0),
        ("eptifibatide", "CrCl above 50: 2 mcg/kg/min. CrCl 30 to 50: 1 mcg/kg/min. CrCl below 30: 1 mcg/kg/min", 0),
        ("tirofiban", "CrCl below 30 mL/min: 0.15 mcg/kg/min; CrCl above 30 mL/min: 0.15 mcg/kg/min", 1),
        ("tirofiban", "CrCl 30-60 mL/min 0.15 mcg/kg/min, CrCl above 60 mL/min 0.15 mcg/kg/min", 0),
        (
            "tirofiban",
            "CrCl above 50: 0.15 mcg/kg/min. CrCl 30 to 50: 0.075 mcg/kg/min. CrCl below 30: 0.075 mcg/kg/min",
            0,
        ),
    ],
)
def test_branches_of_a_text_that_do_not_reduce_are_one_error(drug: str, text: str, expected: int) -> None:
    rate = {"eptifibatide": FULL, "tirofiban": "0.15 mcg/kg/min"}[drug]
    order = f"{{drug: {drug}, route: IV, kind: infusion, run_time: 18 h, dose_rate_per_kg: {rate}, text: '{text}'}}"
    assert [severity for severity, _ in found(order, "RC517")] == ["error"] * expected


@pytest.mark.parametrize(
    ("rate", "patient", "expected"),
    [
        ("0.1mcg/kg/min", ("--crcl", "10mL/min"), [("RC501", "error")]),
        ("0.1mcg/kg/min", ("--crcl", "45mL/min"), [("RC501", "warning")]),
        ("0.1mcg/kg/min", ("--dialysis",), [("RC516", "error")]),
        ("0.075mcg/kg/min", ("--crcl", "10mL/min"), []),
        ("0.075mcg/kg/min", ("--dialysis",), []),
    ],
)
def test_a_typed_regimen_is_judged_as_a_set_without_a_protocol(
    rate: str, patient: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    typed = ("--bolus", "10mcg/kg", "--route", "iv", "--infusion", rate, "--run-time", "24h", "--weight", "80kg")
    made = invoke("dose", *typed, *patient, "--format", "json")
    told = [(each["code"], each["severity"]) for each in made.json["findings"] if each["code"] in {"RC501", "RC516"}]
    assert told == expected
    assert made.exit_code == any(severity == "error" for _, severity in expected)


def test_dose_warns_of_a_full_rate_on_dialysis() -> None:
    made = invoke(
        "dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--dialysis", "--format", "json"
    ).json
    assert [each["severity"] for each in made["findings"] if each["code"] == "RC516"] == ["warning"]


@pytest.mark.parametrize(
    ("entry", "satisfies"),
    [
        ("{check: platelets, at: discharge}", False),
        ("{check: platelets, at: every 6 days}", False),
        ("{check: CBC, at: weekly}", False),
        ("{check: platelets, at: in 2 weeks}", False),
        ("{check: platelets, at: 6 h after start}", True),
        ("{check: CBC, at: baseline, then: every 6 days}", False),
        ("{check: platelets, at: daily}", False),
        ("{check: platelets every 24 h}", False),
        ("{check: platelets q6h}", True),
        ("{check: platelets q240h}", False),
        ("{check: platelets}", False),
    ],
)
def test_platelets_at_a_time_that_watches_over_nothing_are_not_monitored(entry: str, *, satisfies: bool) -> None:
    messages = [message for _, message in found(f"{{{DRIP}}}", "RC705", f", monitoring: [{entry}]")]
    assert (messages == []) is satisfies


@pytest.mark.parametrize(
    ("criterion", "satisfies"),
    [
        ("patient asleep", False),
        ("shift ends", False),
        ("platelets below 90 x10^9/L", True),
        ("platelets < 90,000/uL", True),
        ("neurological deterioration", True),
        ("any major bleeding", True),
    ],
)
def test_a_stop_criterion_is_about_bleeding_platelets_or_the_brain(criterion: str, *, satisfies: bool) -> None:
    findings = found(f"{{{DRIP}}}", "RC706", f', stop_if: ["{criterion}"]')
    assert (findings == []) is satisfies


@pytest.mark.parametrize(
    ("criterion", "drug", "expected"),
    [
        ("platelets below 9 x10^9/L", "tirofiban", ["error"]),
        ("platelets below 50 x10^9/L", "tirofiban", ["warning"]),
        ("platelets below 90 x10^9/L", "tirofiban", []),
        ("platelets < 90,000/uL", "tirofiban", []),
        ("platelets below 90 x10^9/L", "eptifibatide", ["warning"]),
        ("platelets below 100 x10^9/L", "eptifibatide", []),
    ],
)
def test_platelets_at_which_an_infusion_stops_are_those_of_its_label(
    criterion: str, drug: str, expected: list[str]
) -> None:
    order = f"{{{DRIP.replace('tirofiban', drug)}}}"
    assert [severity for severity, _ in found(order, "RC715", f', stop_if: ["{criterion}"]')] == expected


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("keep SBP below 140 mmHg", True),
        ("SBP target 120", True),
        ("target SBP 100-130 mmHg", True),
        ("SBP < 140", True),
        ("systolic 110 to 140", True),
        ("keep SBP below 180 mmHg", False),
        ("target BP below 180/105", False),
        ("SBP target 140-180", False),
        ("call if SBP < 100", False),
        ("keep SBP above 100", False),
        ("in case of haemorrhage keep SBP below 140", False),
        ("after a failed thrombectomy target SBP 120", False),
        ("do not lower SBP below 140", False),
    ],
)
def test_a_systolic_target_of_140_or_less_is_found(text: str, *, is_found: bool) -> None:
    findings = found(f"{{{DRIP}}}", "RC716", f', monitoring: [{{check: "{text}", at: hourly}}]', "Stroke rescue")
    assert [severity for severity, _ in findings] == ["warning"] * is_found
    assert found(f"{{{DRIP}}}", "RC716", f', monitoring: [{{check: "{text}", at: hourly}}]') == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("draw 16 mL from the bag", "RC642"),
        ("withdraw the bolus with a syringe out of the infusion bag", "RC642"),
        ("bolus from the bag by syringe", "RC642"),
        ("flush the line at the end", "RC643"),
        ("then flushed with 20 mL saline", "RC643"),
        ("never draw the bolus from the bag", ""),
        ("do not flush the line", ""),
        ("bolus programmed on the pump from the bag", ""),
        ("draw 3.2 mL from the vial", ""),
    ],
)
def test_a_text_that_draws_from_the_bag_or_flushes_is_found(text: str, code: str) -> None:
    order = f'{{{DRIP}, text: "{text}"}}'
    severities = {"RC642": "error", "RC643": "warning"}
    for each, severity in severities.items():
        assert [weight for weight, _ in found(order, each)] == ([severity] if each == code else [])


def part(start: str, run: str = "12 h") -> str:
    return f"{{drug: tirofiban, route: IV, kind: infusion, start: {start}, run_time: {run}}}"


BOLUS = "{{drug: tirofiban, route: IV, kind: bolus, start: {0}, give_over: 5 min}}"


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        (f"{part('+0 h')}, {part('+16 h')}", 1),
        (f"{part('+0 h')}, {part('+13 h')}", 0),
        (f"{part('+0 h')}, {part('+12 h')}", 0),
        (f"{part('+0 h')}, {part('+12 h')}, {part('+24 h')}", 0),
        (f"{BOLUS.format('-3 h')}, {part('+0 h')}", 1),
        (f"{BOLUS.format('-30 min')}, {part('+0 h')}", 0),
        (f"{BOLUS.format('+0 h')}, {part('+0 h')}", 0),
    ],
)
def test_a_gap_in_a_course_is_found(orders: str, expected: int) -> None:
    assert [severity for severity, _ in found(orders, "RC644")] == ["warning"] * expected


@pytest.mark.parametrize("route", ["PR", "NG", "IV"])
def test_a_load_after_the_stop_is_found_by_any_route(route: str) -> None:
    load = f"{{drug: aspirin, route: {route}, kind: dose, dose: 300 mg, start: +14 h}}"
    [(severity, message)] = found(f"{part('+0 h')}, {load}", "RC645")
    assert severity == "warning"
    assert message == f"aspirin {route} starts 2 h after the infusion stops: there is no overlap"
    assert found(f"{part('+0 h')}, {load.replace('+14 h', '+8 h')}", "RC645") == []


def test_a_load_after_the_stop_with_an_onset_stays_the_finding_of_the_overlap() -> None:
    load = "{drug: clopidogrel, route: PO, kind: dose, dose: 300 mg, start: +14 h}"
    assert found(f"{part('+0 h')}, {load}", "RC645") == []
    assert [severity for severity, _ in found(f"{part('+0 h')}, {load}", "RC603")] == ["warning"]


def test_a_bolus_of_the_inhibitor_after_its_infusion_has_stopped_is_found() -> None:
    assert [severity for severity, _ in found(f"{part('+0 h')}, {BOLUS.format('+13 h')}", "RC645")] == ["error"]
    assert found(f"{part('+0 h')}, {BOLUS.format('-5 min')}", "RC645") == []


def test_a_range_of_rates_or_times_by_clearance_follows_its_label() -> None:
    def by_clearance(full: str, half: str, times: str = "24 h") -> str:
        drip = "{{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: {0} mcg/kg/min, run_time: {1}, "
        branch = drip + 'when: {{creatinine_clearance: "{2} 60 mL/min"}}}}'
        return f"{branch.format(full, times, '>')}, {branch.format(half, times, '<=')}"

    assert found(by_clearance("0.15", "0.075", "12 h to 24 h"), "RC514") == []
    assert found(by_clearance("0.1-0.15", "0.05-0.075"), "RC514") == []
    assert [severity for severity, _ in found(by_clearance("0.1-0.15", "0.05-0.1"), "RC514")] == ["warning"]
    assert [severity for severity, _ in found(by_clearance("0.15", "0.1", "12 h to 24 h"), "RC514")] == ["warning"]


def test_a_set_that_is_named_for_another_inhibitor_is_found() -> None:
    wrong = ("Integrilin rescue", "Rescue with cangrelor")
    right = ("Tirofiban or eptifibatide rescue", "Rescue if eptifibatide is unavailable", "Rescue, not after abciximab")
    text = ", ".join(f"{{order_set: {name!r}, orders: [{{{DRIP}}}]}}" for name in (*wrong, *right))
    outcome = invoke("check", "-", "--stdin-filename", "sets.yaml", "--select", "RC318", "--json", stdin=f"[{text}]")
    told = [(each["found"], each["severity"]) for each in outcome.json["findings"] if each["code"] == "RC318"]
    assert told == [("Integrilin", "error"), ("cangrelor", "error")]
