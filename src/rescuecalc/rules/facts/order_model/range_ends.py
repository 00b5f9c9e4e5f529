"""The ends of a range beside the one number that it was worked out from: neither is ten times what that gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.mention import mention
from rescuecalc.core.orders.model.ratio import stands_out
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.orders.model.system import prescribed_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_TITRATED: Final = lazy_pattern(r"\b(?:titrat|increas|adjust|wean)", re.IGNORECASE)


def with_range_ends(each: SolvedOrder) -> SolvedOrder:
    """Return an order with an end of a range that a known error makes of what its other numbers give.

    Some value of a range has to fit the numbers beside it. Further ends are the prescriber's, but none is ten times
    what follows from the one dose per kg that is prescribed: `80 units/kg, 6400-64000 units`. What is titrated has
    those ends.
    """
    if each.order.titration is not None or _TITRATED.search(each.order.texts.get("text", "")) is not None:
        return each
    for ranged, end in _ends(each):
        system = each.system.replaced(ranged, end)
        right = solution(each.system.without((ranged,))).bounds.get(ranged.variable)
        is_slip = right is not None and stands_out(end, right, each.context.tuning.tolerances)
        if is_slip and not is_consistent(system):
            return each._replace(found=diagnoses(system, each.context))
    return each


def _ends(each: SolvedOrder) -> Iterator[tuple[Mention, Mention]]:
    """Yield the ranges of numbers that were worked out, each with its low and with its high end."""
    prescribed = prescribed_of(each.system)
    for one in each.system.mentions:
        ends = each.order.spans.get(one.place) if one.span is not None and one.variable not in prescribed else None
        for quantity in ends or ():
            made = mention(one.variable, quantity, one.place, one.pointer, each.context.limits)
            yield one, made._replace(text=str(quantity.text or quantity))
