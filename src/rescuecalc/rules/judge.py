"""The one judge: applies every declared rule to an order set, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.finding import Finding
from rescuecalc.rules import arithmetic, completeness, dose, provenance, renal, sequence

if TYPE_CHECKING:
    from rescuecalc.rules.knowledge import Subject
    from rescuecalc.rules.rule import Hit, Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*arithmetic.RULES, *dose.RULES, *provenance.RULES, *renal.RULES, *sequence.RULES, *completeness.RULES),
        key=lambda rule: rule.code,
    )
)


def judge(subject: Subject, rules: tuple[Rule, ...] = RULES) -> tuple[Finding, ...]:
    """Return all findings, the heaviest first, then by code; one that says the same twice is said once."""
    found: dict[tuple[str, str], Finding] = {}
    for rule in rules:
        for hit in rule.check(subject):
            found.setdefault((rule.code, hit.message), finding(rule, hit, subject))
    return tuple(sorted(found.values(), key=weight))


def weight(of: Finding) -> tuple[int, str]:
    """Return what findings are ordered by: the heaviest first, then by code."""
    return of.severity.rank, of.code


def finding(rule: Rule, hit: Hit, subject: Subject) -> Finding:
    """Return the finding of a rule's hit."""
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        message=hit.message,
        pointer=hit.pointer,
        found=hit.found,
        expected=hit.expected,
        factor=hit.factor,
        slip=hit.slip,
        sources=hit.sources or tuple(subject.knowledge.sources()[key] for key in rule.sources),
    )
