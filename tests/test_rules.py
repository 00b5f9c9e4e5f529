"""Every rule is complete, and its two examples are true."""

from __future__ import annotations

import re
import shlex
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.orders.findings.finding import Finding, Severity
from rescuecalc.core.orders.order import Order, OrderSet
from rescuecalc.core.quantities.quantity import Concentration, DoseRatePerKg, DosingWeight, PumpRate, read
from rescuecalc.errors import InputError, UnitKindsDiffer
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.base.rule import is_command
from rescuecalc.rules.base.rule_text import filled
from rescuecalc.rules.judging.judge import judge
from rescuecalc.rules.judging.registry import FAMILIES, OF_PLANS, RULES
from rescuecalc.rules.judging.written_judge import judge_written, panel
from tests.support import invoke

if TYPE_CHECKING:
    from rescuecalc.rules.base.rule import Hit, Rule


DECLARED = {rule.code: rule for rule in RULES}


def findings(example: str) -> list[Any]:
    """Return the findings of a rule's example: a command, or what `check` reads."""
    arguments = shlex.split(example) if is_command(example) else ["check", "-"]
    outcome = invoke(*arguments, "--format", "json", stdin=None if is_command(example) else example)
    assert outcome.exit_code in (0, 1, 3), outcome.stderr
    return list(outcome.json["findings"])


def codes(example: str) -> list[str]:
    return [finding["code"] for finding in findings(example)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rules_failing_example_is_found_as_declared_and_its_passing_one_is_not(rule: Rule) -> None:
    found = findings(rule.fails)
    assert rule.code in {each["code"] for each in found}
    assert rule.code not in codes(rule.passes)
    for each in found:
        declared = DECLARED[each["code"]]
        assert each["name"] == declared.name
        assert each["severity"] in {declared.severity, *declared.severities}
        assert each["sources"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_all_its_parts(rule: Rule) -> None:
    assert re.fullmatch(r"RC[0-9]{3}", rule.code)
    assert rule.code[:3] in FAMILIES
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert set(rule.sources) <= set(catalogue.sources())
    assert rule.sources
    for text in (rule.checks, rule.why, rule.remedy, rule.limits):
        assert text.endswith(".")


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


def test_the_heaviest_finding_comes_first() -> None:
    found = invoke("dose", "yang-2020-ia", "--weight", "35kg", "--run-time", "72h", "--format", "json").json["findings"]
    ranks = [Severity(finding["severity"]).rank for finding in found]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(("threshold", "code"), [("error", 0), ("warning", 1), ("note", 1)])
def test_fail_on_says_from_where_on_the_exit_code_is_1(threshold: str, code: int) -> None:
    args = ("dose", "yang-2020-ia", "--weight", "80kg", "--run-time", "24h", "--fail-on", threshold)
    outcome = invoke(*args)
    assert outcome.exit_code == code
    assert outcome.stdout


def judged(*orders: Order) -> list[Finding]:
    weight = read("80kg", DosingWeight, "weight")
    subject = OrderSet("tirofiban", None, weight, None, None, orders)
    return list(judge(Subject(subject, None, packaged_knowledge())))


def infusion(rate: str, pump: str, pointer: str = "/orders/0") -> Order:
    fields = {
        "dose_rate_per_kg": read(rate, DoseRatePerKg, "rate"),
        "pump_rate": read(pump, PumpRate, "pump"),
        "concentration": read("50 mcg/mL", Concentration, "concentration"),
    }
    return Order("drip", "tirofiban", "IV", "infusion", pointer, fields)


def test_an_order_without_dose_rate_is_measured_by_its_rate_per_kg() -> None:
    [finding] = [f for f in judged(infusion("0.1 mcg/kg/min", "10.5 mL/h")) if f.code == "RC311"]
    assert (finding.found, finding.expected) == ("10.5 mL/h", "9.6 mL/h")
    assert finding.factor == Fraction("1.09375")


def test_the_same_said_of_two_alternatives_is_said_once() -> None:
    found = judged(infusion("6 mcg/kg/min", "576 mL/h"), infusion("6 mcg/kg/min", "576 mL/h", "/orders/1"))
    assert [f.code for f in found].count("RC402") == 1
    assert all(f.pointer != "/orders/1/dose_rate_per_kg" for f in found)


def test_findings_do_not_depend_on_the_order_of_the_orders() -> None:
    one, other = infusion("6 mcg/kg/min", "576 mL/h"), infusion("0.1 mcg/kg/min", "1200 mL/h", "/orders/1")
    assert {(f.code, f.message) for f in judged(one, other)} == {(f.code, f.message) for f in judged(other, one)}


def test_an_order_with_no_fields_is_judged_without_a_crash() -> None:
    assert {f.code for f in judged(Order("x", "tirofiban", "IV", "infusion", "/orders/0", {}))} == {"RC401"}
    assert {f.code for f in judged(Order("x", "heparin", "IV", "bolus", "/orders/0", {}))} == {"RC401", "RC710"}


def test_the_rules_of_what_follows_have_nothing_to_say_of_an_infusion_alone() -> None:
    weight = read("80kg", DosingWeight, "weight")
    orders = (infusion("6 mcg/kg/min", "576 mL/h"), Order("b", "tirofiban", "IA", "bolus", "/orders/1", {}))
    subject = Subject(OrderSet("tirofiban", None, weight, None, None, orders), None, packaged_knowledge())
    assert judge(subject) == judge(subject, OF_PLANS) != ()


def test_a_rule_that_fails_is_never_taken_for_one_that_found_nothing() -> None:
    def fails(_: Subject) -> list[Hit]:
        raise InputError("start: cannot read '2 hrs'")

    def combines_kinds(_: Subject) -> list[Hit]:
        raise UnitKindsDiffer("units and kg cannot be combined to give mcg/kg")

    weight = read("80kg", DosingWeight, "weight")
    subject = Subject(
        OrderSet("tirofiban", None, weight, None, None, (infusion("0.15 mcg/kg/min", "14.4 mL/h"),)),
        None,
        packaged_knowledge(),
    )
    with pytest.raises(RuntimeError, match="RC301 did not judge"):
        judge_written(subject, panel((DECLARED["RC301"]._replace(check=fails),)))
    assert judge_written(subject, panel((DECLARED["RC301"]._replace(check=combines_kinds),))) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_explains_every_code(rule: Rule) -> None:
    outcome = invoke("rule", rule.code.lower())
    text = " ".join(outcome.stdout.split())
    assert outcome.exit_code == 0
    shown = filled(rule, (packaged_knowledge(),))
    for part in (rule.code, rule.name, shown.checks, shown.why, shown.remedy, shown.limits):
        assert part in text


def test_rule_lists_all_and_names_the_nearest_of_an_unknown_one() -> None:
    assert [line.split()[0] for line in invoke("rule").stdout.splitlines()] == [rule.code for rule in RULES]
    assert len(invoke("rule", "--format", "json").json["rules"]) == len(RULES)
    outcome = invoke("rule", "RC999")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "unknown rule 'RC999'" in outcome.stderr
