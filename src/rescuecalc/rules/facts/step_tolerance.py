"""Whether a written dose passes the end of a range only by the rounding of its pump or syringe."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.model import mention as of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

from rescuecalc.rules.facts.reference.dose_domain import range_point


def is_within_a_step(order: Order, spans: Iterable[Span[Any]], subject: Subject) -> bool:
    """Whether a written dose per kg lies outside of ranges by no more than half a step of its pump or syringe."""
    if not order.texts:
        return False
    from rescuecalc.rules.facts.order_model.dose_slack import slack  # noqa: PLC0415  # of a file's orders alone
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of a file's orders alone

    judged = judged_of(order, subject)
    variable = of.DOSE_RATE_PER_KG if order.given_as == "infusion" else of.DOSE_PER_KG
    if judged is None or variable not in judged.solution.bounds:
        return False
    step = slack(order, judged.solution.bounds, subject).get(variable, Fraction(0))
    written = next((point(each.value).widened(each.digit) for each in judged.system.of(variable)), None)
    dose = written or judged.solution.bounds[variable]
    return any(dose.overlaps(range_point(variable, span).bounds.widened(step)) for span in spans)
