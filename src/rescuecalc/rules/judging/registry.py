"""Every declared rule: of infusions, of what stands beside and follows them, and of what was written in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.rules.arithmetic import consistency
from rescuecalc.rules.completeness import not_judged, watch_limits
from rescuecalc.rules.completeness import set_contents as contents
from rescuecalc.rules.document import document
from rescuecalc.rules.dose import administration as manner
from rescuecalc.rules.dose import order_dose, supply
from rescuecalc.rules.judging.infusion_rules import OF_INFUSIONS, in_order
from rescuecalc.rules.notation import amount_kind as amount
from rescuecalc.rules.notation import fhir_codes as fhir
from rescuecalc.rules.notation import notation
from rescuecalc.rules.renal import full_dose
from rescuecalc.rules.renal import renal_branches as branches
from rescuecalc.rules.sequence import antiplatelets, bridge, handling, other_agents, patient_state, thrombolysis
from rescuecalc.rules.sequence import infusion_course as course
from rescuecalc.rules.suppression import suppression

if TYPE_CHECKING:
    from rescuecalc.rules.base.rule import Rule

OF_PLANS: tuple[Rule, ...] = in_order(
    (
        *OF_INFUSIONS,
        *bridge.RULES,
        *thrombolysis.RULES,
        *antiplatelets.RULES,
        *course.RULES,
        *patient_state.RULES,
        *other_agents.RULES,
        *handling.RULES,
        *full_dose.RULES,
    )
)
"""The rules of an order set that was made, and not written: those about a document have nothing to judge there."""

RULES: tuple[Rule, ...] = in_order(
    (
        *OF_PLANS,
        *branches.RULES,
        *contents.RULES,
        *consistency.RULES,
        *order_dose.RULES,
        *supply.RULES,
        *manner.RULES,
        *document.RULES,
        *fhir.RULES,
        *notation.RULES,
        *not_judged.RULES,
        *watch_limits.RULES,
        *amount.RULES,
        *suppression.RULES,
    )
)
