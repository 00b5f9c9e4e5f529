"""The one judge: applies every declared rule to an order set, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.finding import Finding
from rescuecalc.rules import arithmetic, completeness, dose, provenance, renal, sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.rules.knowledge import Subject
    from rescuecalc.rules.rule import Rule


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules in the order of their codes."""
    return tuple(sorted(rules, key=lambda rule: rule.code))


OF_INFUSIONS: tuple[Rule, ...] = in_order(
    (*arithmetic.RULES, *dose.RULES, *provenance.RULES, *renal.RULES, *sequence.RULES, *completeness.RULES)
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
    from rescuecalc.rules.registry import RULES  # noqa: PLC0415

    return RULES


def judge(subject: Subject, rules: tuple[Rule, ...] | None = None) -> tuple[Finding, ...]:
    """Return all findings, the heaviest first, then by code; one that says the same twice is said once."""
    found: dict[tuple[str, str], Finding] = {}
    for rule in rules or _rules(subject):
        for hit in rule.check(subject):
            finding = Finding(
                code=rule.code,
                name=rule.name,
                severity=rule.severity,
                message=hit.message,
                pointer=hit.pointer,
                found=hit.found,
                expected=hit.expected,
                factor=hit.factor,
                slip=hit.slip,
                sources=hit.sources,
            )
            found.setdefault((rule.code, hit.message), finding)
    return tuple(sorted(found.values(), key=lambda finding: (finding.severity.rank, finding.code)))
