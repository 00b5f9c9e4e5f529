"""Whether an order's numbers are those that people set, draw up, hang and weigh: what is not is more likely wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.context import Context
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System


def unusual(known: Mapping[str, Bounds], system: System, context: Context) -> int:
    """Return what it costs that an order has numbers that people do not order, or cannot set.

    ``known`` is what the order is taken to give, ``system`` what of it is written.
    """
    costs, usual = context.tuning.costs, context.tuning.usual
    found = [(known.get(of.VOLUME), usual.infused if system.is_infusion else usual.drawn_up)]
    if system.is_infusion and not system.is_one_dose:
        found += [(each, usual.flow) for each in flows(known)]
    # Once, however many numbers are unusual: a rate of 300 mL/h and the volume that follows from it are one matter.
    cost = costs.unusual * any(each is not None and not each.overlaps(span) for each, span in found)
    time, weight = known.get(of.TIME), system.first(of.WEIGHT)
    if time is not None and not usual.has_time(time, is_infusion=system.is_infusion):
        cost += costs.unusual_time
    if weight is not None and context.usual_weight is not None and not context.usual_weight.holds(weight.value):
        cost += costs.unusual
    return cost + costs.finer * sum(_is_finer(each, context) for each in system.mentions)


def flows(known: Mapping[str, Bounds]) -> Iterator[Bounds]:
    """Yield how fast an order runs, by each way in which its numbers say it."""
    if of.PUMP_RATE in known:
        yield known[of.PUMP_RATE]
    # Also where no rate is written: dose, strength and time together say how fast the pump would have to run.
    for whole, part in ((of.DOSE_RATE, of.CONCENTRATION), (of.VOLUME, of.TIME)):
        one, other = known.get(whole), known.get(part)
        if one is not None and other is not None and other.middle:
            yield one.over(other)


def _is_finer(each: Mention, context: Context) -> bool:
    """Whether a number has more digits than can be set on a pump or drawn up in a syringe."""
    limits = context.limits
    step = {of.PUMP_RATE: limits.pump_step, of.VOLUME: limits.volume_step}.get(each.variable)
    return step is not None and each.span is None and each.value % base_value(step)[0] != 0
