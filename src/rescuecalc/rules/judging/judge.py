"""The one judge: applies every declared rule to an order set, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.finding import Finding
from rescuecalc.rules.arithmetic import pump as arithmetic
from rescuecalc.rules.completeness import missing_fields as completeness
from rescuecalc.rules.dose import dose_limits, provenance
from rescuecalc.rules.dose import protocol_dose as dose
from rescuecalc.rules.dose import stated_caps as own_caps
from rescuecalc.rules.renal import thresholds as renal
from rescuecalc.rules.sequence import containers as sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.orders.finding import ExpectedRange
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Hit, Rule


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules in the order of their codes."""
    return tuple(sorted(rules, key=lambda rule: rule.code))


OF_INFUSIONS: tuple[Rule, ...] = in_order(
    (
        *arithmetic.RULES,
        *dose.RULES,
        *dose_limits.RULES,
        *own_caps.RULES,
        *provenance.RULES,
        *renal.RULES,
        *sequence.RULES,
        *completeness.RULES,
    )
)
"""The rules that have something to say of boluses and infusions alone."""


def _rules(subject: Subject) -> tuple[Rule, ...]:
    """Return the rules that can have something to say of a set.

    The others are about what stands beside an infusion or follows it: where nothing does they are not even read, since
    a dose is asked for at the bedside and each module costs a millisecond.
    """
    orders = subject.order_set
    alone = all(order.kind in {"bolus", "infusion"} for order in orders.orders)
    if alone and not orders.bridged and orders.thrombolysis is None and len({o.drug for o in orders.orders}) <= 1:
        return OF_INFUSIONS
    from rescuecalc.rules.judging.registry import OF_PLANS  # noqa: PLC0415

    return OF_PLANS


def judge(subject: Subject, rules: tuple[Rule, ...] | None = None) -> tuple[Finding, ...]:
    """Return all findings, the heaviest first, then by code; one that says the same twice is said once."""
    found: dict[tuple[str, str], Finding] = {}
    for rule in rules or _rules(subject):
        for hit in rule.check(subject):
            found.setdefault((rule.code, hit.message), finding(rule, hit, subject))
    return tuple(sorted(found.values(), key=weight))


def weight(of: Finding) -> tuple[int, str]:
    """Return what findings are ordered by: the heaviest first, then by code."""
    return of.severity.rank, of.code


def finding(rule: Rule, hit: Hit, subject: Subject) -> Finding:
    """Return the finding of a rule's hit."""
    expected, expected_range = _writable(hit)
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity_of(hit),
        message=hit.message,
        pointer=hit.pointer,
        found=hit.found,
        expected=expected,
        factor=hit.factor,
        slip=hit.slip,
        sources=hit.sources or tuple(subject.knowledge.sources()[key] for key in rule.sources),
        alternatives=hit.alternatives,
        expected_range=expected_range,
    )


def _writable(hit: Hit) -> tuple[str | None, ExpectedRange | None]:
    """Return what is expected of a field for a quantity only where it can be written there; else the range that it is.

    What is expected is written and judged again: "at most 10 mcg/min" could not be read.
    """
    if hit.expected is None:
        return None, hit.expected_range
    from rescuecalc.core.orders.order_field import QUANTITIES, Unreadable, read_field  # noqa: PLC0415  # of a finding alone

    role = QUANTITIES.get(hit.pointer.rpartition("/")[2])
    if role is None or not isinstance(read_field(hit.expected, role), Unreadable):
        return hit.expected, hit.expected_range
    low, most = hit.expected.split(" to ") if " to " in hit.expected else (None, hit.expected.removeprefix("at most "))
    ends = [each for each in (low, most) if each is not None]
    if hit.expected_range is None and not any(isinstance(read_field(each, role), Unreadable) for each in ends):
        return None, (low, most)
    return None, hit.expected_range
