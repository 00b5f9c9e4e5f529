"""What an order's text alone prescribes as a range: both of its ends may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.solution import solution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_PRESCRIBED: Final = (of.DOSE_PER_KG, of.DOSE_RATE_PER_KG, of.DOSE, of.DOSE_RATE, of.VOLUME, of.PUMP_RATE)


def ends(judged: SolvedOrder) -> Iterator[SolvedOrder]:
    """Yield an order at either end of the range of doses that its text says: each of them may be given."""
    for each in judged.system.mentions:
        if each.place == "text" and each.span is not None and each.span.high and each.variable in _PRESCRIBED:
            for value in (each.span.low, each.span.high):
                end = each._replace(value=value, span=None)
                system = judged.system.replaced(each, end)
                yield judged._replace(system=system, solution=solution(system))
