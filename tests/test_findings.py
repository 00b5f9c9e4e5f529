"""What a hit carries reaches every document: alternatives, the expected range, a severity that the rule declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.orders.findings.finding import Alternative, Finding, Severity
from rescuecalc.core.orders.order import OrderSet
from rescuecalc.reporters.document.common_parts import finding
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.base.rule import Hit, Rule, declared
from rescuecalc.rules.judging import registry
from rescuecalc.rules.judging.judge import judge
from rescuecalc.rules.suppression import suppression
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = Alternative("/dosing_weight", "80 kg", "800 kg", ("decimal point",))
HIT = Hit(
    "too much",
    (),
    "/orders/0/dose",
    "8 mg",
    "0.8 mg",
    alternatives=(OTHER, Alternative("/orders/0/dose_per_kg", None, None)),
    expected_range=("0.8 mg", None),
    severity=Severity.WARNING,
)
TOLD = {
    "alternatives": [
        {"pointer": "/patient/weight", "found": "80 kg", "expected": "800 kg", "slip": ["decimal point"]},
        {"pointer": "/orders/0/dose_per_kg", "found": None, "expected": None, "slip": []},
    ],
    "expected_range": {"low": "0.8 mg", "high": None},
    "severity": "warning",
}


def rule_of(hit: Hit, *severities: Severity) -> Rule:
    def check(_: Subject) -> Iterator[Hit]:
        yield hit

    texts = dict.fromkeys(("checks", "why", "fails", "passes", "remedy", "limits"), "Nothing.")
    rule = declared(
        "RC499",
        "too-much",
        Severity.ERROR,
        check,
        "rescuecalc",
        of_defects=False,
        severities=(),
        of_set=False,
        preview=False,
        **texts,
    )
    return rule._replace(severities=severities)


@pytest.fixture
def one_rule(monkeypatch: pytest.MonkeyPatch) -> Rule:
    """Let `check` know one rule alone."""
    rule = rule_of(HIT, Severity.WARNING, Severity.NOTE)
    monkeypatch.setattr("rescuecalc.engine.references.RULES", (rule,))
    return rule


ORDER = "{order_set: a, patient: {weight: 80 kg}, orders: [{drug: tirofiban, kind: bolus, dose: 8 mg}]}"


def told(form: str, stdin: str = ORDER, name: str = "a.yaml") -> str:
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", form, stdin=stdin)
    assert outcome.exit_code == 0, outcome.stderr  # a warning does not fail a run
    return outcome.stdout


@pytest.mark.usefixtures("one_rule")
def test_a_hits_alternatives_range_and_severity_stand_in_the_json() -> None:
    [found] = json.loads(told("json"))["findings"]
    assert {key: found[key] for key in TOLD} == TOLD
    [line] = told("jsonl").splitlines()
    assert json.loads(line) == found


@pytest.mark.usefixtures("one_rule")
def test_and_in_sarif_whose_rule_lists_the_severities() -> None:
    [run] = json.loads(told("sarif"))["runs"]
    [result], [rule] = run["results"], run["tool"]["driver"]["rules"]
    assert result["level"] == "warning"
    assert {key: result["properties"][key] for key in ("alternatives", "expected_range")} == {
        key: TOLD[key] for key in ("alternatives", "expected_range")
    }
    assert rule["defaultConfiguration"]["level"] == "error"
    assert rule["properties"]["severities"] == ["warning", "note"]


@pytest.mark.usefixtures("one_rule")
def test_an_alternatives_pointer_leads_into_the_file_as_the_findings_own_does() -> None:
    order = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "medicationCodeableConcept": {"text": "tirofiban"},
        "dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": 8, "unit": "mg"}}]}],
    }
    [line] = told("jsonl", json.dumps(order), "a.json").splitlines()
    found = json.loads(line)
    assert found["pointer"] == "/dosageInstruction/0/doseAndRate/0/doseQuantity"
    assert found["alternatives"][1]["pointer"] == "/dosageInstruction/0"


def test_a_suppressed_finding_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (rule_of(HIT, Severity.WARNING), *suppression.RULES)
    for module in ("rescuecalc.engine.references", "rescuecalc.rules.judging.registry"):
        monkeypatch.setattr(f"{module}.RULES", rules)
    comment = "# rescuecalc: ignore RC499 until 2099-01-01 because this is a test\n"
    [found] = json.loads(told("json", comment + ORDER))["findings"]
    assert (found["code"], found["severity"]) == ("RC901", "note")
    assert (found["alternatives"], found["expected_range"]) == (TOLD["alternatives"], TOLD["expected_range"])


def test_a_severity_that_the_rule_does_not_declare_is_an_error_of_the_program() -> None:
    subject = Subject(OrderSet("tirofiban", None, None, None, None, ()), None, packaged_knowledge())
    with pytest.raises(ValueError, match="RC499 does not declare the severity warning of 'too much'"):
        judge(subject, (rule_of(HIT, Severity.NOTE),))
    [found] = judge(subject, (rule_of(HIT._replace(severity=None)),))
    assert found.severity is Severity.ERROR
    [found] = judge(subject, (rule_of(HIT._replace(severity=Severity.ERROR)),))
    assert found.severity is Severity.ERROR
    [found] = judge(subject, (rule_of(HIT, Severity.WARNING),))
    assert (found.severity, found.alternatives, found.expected_range) == (
        Severity.WARNING,
        (OTHER, Alternative("/orders/0/dose_per_kg", None, None)),
        ("0.8 mg", None),
    )


def test_the_page_of_a_rule_lists_its_severities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "RULES", (rule_of(HIT, Severity.WARNING),))
    assert "severity      error or warning, since 0.1.0" in invoke("rule", "RC499").stdout
    assert invoke("rule").stdout == "RC499  error   too-much (error or warning)\n"
    made = invoke("rule", "RC499", "--format", "json").json
    assert (made["severity"], made["severities"]) == ("error", ["warning"])
    assert invoke("rule", "--format", "json").json["rules"][0]["severities"] == ["warning"]


def test_a_finding_without_them_says_so() -> None:
    made = finding(Finding("RC499", "too-much", Severity.NOTE, "", "", None, None, None, (), ()))
    assert (made["alternatives"], made["expected_range"]) == ([], None)


# --- how far the orders could be judged ------------------------------------------------------------------------------

STATES = [
    ("{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg}", "dose"),
    ("{drug: tirofiban, route: IV, kind: bolus, dose: 800 mcg}", "dose"),
    ("{drug: tirofiban, dose: 800 mcg}", "dose"),
    ("{drug: tirofiban, kind: bolus, volume: 16 mL, concentration: 50 mcg/mL}", "dose"),
    ("{drug: tirofiban, kind: bolus, volume: 16 mL, product: vial-15}", "dose"),
    ("{drug: tirofiban, kind: bolus, pump_rate: 320 mL/h, concentration: 50 mcg/mL, give_over: 3 min}", "dose"),
    ("{drug: tirofiban, kind: infusion, dose_rate: 12 mcg/min}", "dose"),
    ("{drug: tirofiban, kind: infusion, pump_rate: 14.4 mL/h, product: 12.5 mg in 250 mL}", "dose"),
    ("{drug: tirofiban, kind: infusion, dose: 17.28 mg, run_time: 24 h}", "dose"),
    ("{drug: tirofiban, kind: infusion, dose: 17.28 mg, start: +0 h, stop: +24 h}", "dose"),
    ("{drug: tirofiban, kind: infusion, vtbi: 345.6 mL, concentration: 50 mcg/mL, run_time: 24 h}", "dose"),
    ("{drug: aspirin, route: PO, kind: dose, dose: 300 mg}", "dose"),
    ("{drug: tirofiban, kind: bolus, volume: 16 mL}", "not_judged"),
    ("{drug: tirofiban, kind: infusion, pump_rate: 14.4 mL/h}", "not_judged"),
    ("{drug: tirofiban, kind: infusion, dose: 17.28 mg}", "not_judged"),
    ("{drug: tirofiban, kind: infusion, pump_rate: 14.4 mL/h, product: a bag}", "not_judged"),
    ("{drug: tirofiban, kind: bolus, dose: 800 units}", "not_judged"),
    ("{drug: tirofiban, route: PO, kind: dose, dose: 5 mg}", "not_judged"),
    ("{drug: tirofiban, kind: bolus, dose: ten mcg, text: ten mcg}", "not_judged"),
    ("{drug: tirofiban, kind: bolus}", "not_judged"),
    ("{drug: tirofiban, text: tirofiban 10 mcg/kg}", "text_only"),
    ("{drug: heparin, text: heparin 5000 units}", "text_only"),
    ("{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, text: 10 mcg/kg}", "dose"),
    ("{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, text: or 12 mcg/kg}", "fields_only"),
    ("{drug: tirofiban, kind: bolus, dose_per_kg: 10 mcg/kg, text: 5 mcg/kg if CrCl is low}", "fields_only"),
    ("{drug: heparin, kind: infusion, dose_rate: 1000 units/h}", "arithmetic"),
    ("{drug: heparin, kind: infusion, pump_rate: 10 mL/h, concentration: 100 units/mL}", "arithmetic"),
    ("{drug: sodium chloride 0.9%, kind: infusion, pump_rate: 75 mL/h}", "arithmetic"),
    ("{drug: heparin, kind: infusion, pump_rate: 10 mL/h, text: heparin}", "not_judged"),
    ("{drug: heparin, kind: infusion, vtbi: 250 mL}", "not_judged"),
    ("{drug: heparin, kind: infusion, dose_rate: a thousand}", "not_judged"),
    ("{drug: heparin, kind: infusion, concentration: 100 units/mL}", "not_judged"),
    ("{drug: Integrelin, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min}", "not_judged"),
    ("{drug: integrelin, text: 180 mcg/kg}", "not_judged"),
]


def judged(*orders: str, form: str = "json", columns: str = "") -> str:
    made = "\n".join(f"- {each}" for each in orders)
    return invoke("check", "-", "--stdin-filename", "a.yaml", "--format", form, *columns.split(), stdin=made).stdout


@pytest.mark.parametrize(("order", "state"), STATES, ids=[order for order, _ in STATES])
def test_how_far_an_order_can_be_judged(order: str, state: str) -> None:
    counts = json.loads(judged(order))["summary"]["judged"]
    assert counts == dict.fromkeys(("dose", "fields_only", "arithmetic", "text_only", "not_judged"), 0) | {state: 1}


def test_the_page_says_it_in_a_line_and_names_the_drugs_without_a_known_limit() -> None:
    page = judged(
        "{drug: tirofiban, dose: 800 mcg}",
        "{drug: nicardipine, kind: infusion, dose_rate: 5 mg/h}",
        "{drug: heparin, kind: infusion, dose_rate: 1000 units/h}",
        "{drug: heparin, kind: infusion, dose_rate: 900 units/h}",
        "{drug: abciximab, text: 0.25 mg/kg}",
        form="text",
    )
    assert (
        "judged: 1 dose, 3 arithmetic only (no limit known for heparin, nicardipine), 1 text only, 0 not judged "
        "not given and so not judged: CrCl, "
    ) in " ".join(page.split())


def test_of_many_drugs_the_first_eight_are_named() -> None:
    page = judged(*(f"{{drug: drug-{letter}, dose: 5 mg}}" for letter in "abcdefghij"), form="text")
    named = "drug-a, drug-b, drug-c, drug-d, drug-e, drug-f, drug-g, drug-h, others"
    assert f"10 arithmetic only (no limit known for {named})" in " ".join(page.split())


def test_a_file_without_an_order_says_nothing_of_it() -> None:
    page = invoke("check", "-", "--stdin-filename", "a.yaml", stdin="{").stdout
    assert "judged" not in page


def test_the_counts_are_right_for_orders_that_are_like_others() -> None:
    rows = [f"heparin,infusion,{number} units/h,,\n" for number in range(1000, 1100)]
    rows += [f"tirofiban,bolus,,{number} mcg,\n" for number in range(600, 700)] * 2
    rows += ["aspirin,dose,,,aspirin\n"] * 50
    text = "drug,kind,dose_rate,dose,text\n" + "".join(rows)
    summary = invoke("check", "-", "--stdin-filename", "a.csv", "--format", "json", stdin=text).json["summary"]
    assert summary["orders"] == 350
    assert summary["judged"] == {
        "dose": 200,
        "fields_only": 0,
        "arithmetic": 100,
        "text_only": 50,
        "not_judged": 0,
    }
