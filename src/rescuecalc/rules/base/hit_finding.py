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
