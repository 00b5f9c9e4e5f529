"""Which number of an order makes a flow faster than any pump: the same search for the smallest repair."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.core.orders.bounds import between
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.mention import base_value, exact_mention
from rescuecalc.core.orders.model.solution import is_consistent
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.order_model.model_wording import (
    alternative_words,
    alternatives,
    expected_text,
    name_of,
    range_of,
)

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def slower(order: Order, subject: Subject) -> Hit | None:
    """Return where an order is wrong whose flow is beyond the pump's maximum; None where the search finds nothing.

    Its message is the end of that of the rule that asks; the sources are the rule's.
    """
    judged = judged_of(order, subject)
    if judged is None:
        return None
    limit = subject.knowledge.limits.pump_rate
    most = exact_mention(of.PUMP_RATE, limit, "reference", "", str(limit))
    most = most._replace(span=between(Fraction(0), base_value(limit)[0]))
    system = judged.system.with_mention(most)
    found = (
        () if is_consistent(system) else diagnoses(system, judged.context._replace(fixed=(*judged.context.fixed, most)))
    )
    if not found:
        return None
    repair = found[0].repair
    # What else was worked out from the wrong number would contradict the right one: then no single value heals it.
    heals = repair.expected is not None and is_consistent(system.replaced(repair.blamed, repair.expected))
    ends = range_of(repair, judged.context.tuning.tolerances)
    slip = f" ({' or '.join(repair.names)})" if repair.names else ""
    return Hit(
        f"; the {name_of(repair.blamed)} {repair.blamed.text} is likely wrong{slip}{alternative_words(found[0])}",
        (),
        repair.blamed.pointer,
        repair.blamed.text,
        expected_text(repair) if heals else None,
        repair.factor if heals else None,
        repair.names,
        alternatives=alternatives(found[0]),
        expected_range=ends,
    )
