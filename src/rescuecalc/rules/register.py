"""Every declared rule: of infusions, of what stands beside and follows them, and of what was written in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.rules import (
    amount,
    antiplatelets,
    branches,
    bridge,
    consistency,
    contents,
    course,
    document,
    fhir,
    manner,
    not_judged,
    notation,
    order_dose,
    supply,
    suppression,
    thrombolysis,
    weight_bands,
)
from rescuecalc.rules.judge import OF_INFUSIONS, in_order

if TYPE_CHECKING:
    from rescuecalc.rules.rule import Rule

OF_PLANS: tuple[Rule, ...] = in_order(
    (*OF_INFUSIONS, *bridge.RULES, *thrombolysis.RULES, *antiplatelets.RULES, *course.RULES)
)
"""The rules of an order set that was made, and not written: those about a document have nothing to judge there."""

OF_PROTOCOLS: tuple[Rule, ...] = in_order((*OF_INFUSIONS, *antiplatelets.RULES, *manner.RULES))
"""The rules of what a protocol file states: it has no times of day, and no patient."""

RULES: tuple[Rule, ...] = in_order(
    (
        *OF_PLANS,
        *branches.RULES,
        *contents.RULES,
        *consistency.RULES,
        *order_dose.RULES,
        *supply.RULES,
        *manner.RULES,
        *weight_bands.RULES,
        *document.RULES,
        *fhir.RULES,
        *notation.RULES,
        *not_judged.RULES,
        *amount.RULES,
        *suppression.RULES,
    )
)
