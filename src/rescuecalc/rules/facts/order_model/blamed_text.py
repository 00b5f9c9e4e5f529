"""Which of the two is wrong where a text contradicts fields that agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.solution import solution

if TYPE_CHECKING:
    from rescuecalc.core.orders.model.context import Context
    from rescuecalc.core.orders.model.diagnosis import Diagnosis
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder


def of_text(system: System, context: Context, judged: SolvedOrder) -> tuple[Diagnosis, ...]:
    """Return what is wrong: the text, where the fields bear each other out, or give a dose that sources state.

    A field that stands alone, and that a known slip explains, may be what is wrong.
    """
    found = diagnoses(system, context)
    if not any(_is_borne_out(one, context, judged) for one in found):
        return found
    fields = (each for each in system.mentions if each.place != "text")
    blamed = diagnoses(system, context._replace(fixed=(*context.fixed, *fields)))
    return blamed if all(one.repair.blamed.place == "text" for one in blamed) else found


def _is_borne_out(found: Diagnosis, context: Context, judged: SolvedOrder) -> bool:
    blamed = found.repair.blamed
    if blamed.place == "text" or blamed.variable == of.WEIGHT:
        return False
    # A published dose says nothing of the time in which a bolus is given.
    if context.is_published is not None and blamed.variable != of.TIME:
        return context.is_published(judged.solution.bounds)
    others = solution(judged.system.without((blamed,))).bounds.get(blamed.variable)
    return not found.repair.fits or (others is not None and others.high is not None)
