"""The one judge: applies every declared rule to an order set, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.finding import Finding
from rescuecalc.rules import (
    antiplatelets,
    arithmetic,
    bridge,
    completeness,
    dose,
    provenance,
    renal,
    sequence,
    thrombolysis,
)

if TYPE_CHECKING:
    from rescuecalc.rules.knowledge import Subject
    from rescuecalc.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *arithmetic.RULES,
            *dose.RULES,
            *provenance.RULES,
            *renal.RULES,
            *sequence.RULES,
            *bridge.RULES,
            *thrombolysis.RULES,
            *antiplatelets.RULES,
            *completeness.RULES,
        ),
        key=lambda rule: rule.code,
    )
)


def judge(subject: Subject, rules: tuple[Rule, ...] = RULES) -> tuple[Finding, ...]:
    """Return all findings, the heaviest first, then by code; one that says the same twice is said once."""
    found: dict[tuple[str, str], Finding] = {}
    for rule in rules:
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
