"""The rules of boluses and infusions alone: all that is read to judge a dose at the bedside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.rules.arithmetic import pump as arithmetic
from rescuecalc.rules.completeness import missing_fields as completeness
from rescuecalc.rules.dose import dose_limits, provenance, unusual_weight
from rescuecalc.rules.dose import protocol_dose as dose
from rescuecalc.rules.dose import stated_caps as own_caps
from rescuecalc.rules.renal import thresholds as renal
from rescuecalc.rules.sequence import agent_in_stroke
from rescuecalc.rules.sequence import containers as sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.rules.base.rule import Rule


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
        *unusual_weight.RULES,
        *renal.RULES,
        *sequence.RULES,
        *agent_in_stroke.RULES,
        *completeness.RULES,
    )
)
"""The rules that have something to say of boluses and infusions alone."""
