"""From a rule's hit to a finding: its severity, its sources, and what is expected as it can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Finding

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import ExpectedRange
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Hit, Rule


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
        cause=hit.cause,
    )


def _writable(hit: Hit) -> tuple[str | None, ExpectedRange | None]:
    if hit.expected is None:
        return None, hit.expected_range
    from rescuecalc.rules.base.expected_value import as_value_or_range  # noqa: PLC0415  # of a finding alone

    value, ends = as_value_or_range(hit.pointer, hit.expected)
    return value, hit.expected_range or ends
