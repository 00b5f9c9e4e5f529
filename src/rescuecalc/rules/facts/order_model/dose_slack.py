"""What an order gives per kg, and by how much its rounding may move that beyond the end of a range."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value, mention
from rescuecalc.rules.facts.reference.product_label import strengths_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def given_per_kg(system: System, known: Mapping[str, Bounds]) -> Mapping[str, Bounds]:
    """Return what is known, with the dose rate per kg of an infusion whose dose per kg and time are written.

    Its weight cancels out, which the equations do not see. A bolus with a dose per kg is not asked for a fixed one.
    """
    if not system.is_infusion and system.has(of.DOSE_PER_KG):
        return {name: each for name, each in known.items() if name != of.DOSE}  # a fixed dose is another reference
    per_kg, time = known.get(of.DOSE_PER_KG), known.get(of.TIME)
    if not system.is_infusion or per_kg is None or time is None or system.has(of.MAX_DOSE):
        return known
    if not system.has(of.DOSE_PER_KG) or not of.FLOWS.isdisjoint(system.variables):
        return known
    return {**known, of.DOSE_RATE_PER_KG: per_kg.over(time)}


def slack(order: Order, known: Mapping[str, Bounds], subject: Subject) -> Mapping[str, Fraction]:
    """Return by how much the ends of a range of doses are widened: half a step of the pump, or of the volume.

    What a pump really delivers after rounding is no error; a dose per kg that is written beside nothing that is set is
    prescribed, and has no step. Where the concentration is not known that of the strongest product is taken, for a
    weight that is not known the lightest.
    """
    limits = subject.knowledge.limits
    weight, strength = known.get(of.WEIGHT), known.get(of.CONCENTRATION)
    if weight is None or weight.low <= 0:
        return {}
    strongest = max(strengths_of(order.drug, subject.knowledge, order.given_as), default=Fraction(0))
    # The strongest product moves the dose most by one step of the pump: the slack is what any bag may cause, so that
    # what `dose` prints as delivered is never an error of `check`.
    most = min(strength.low, strongest) if strength is not None and strongest else strongest
    if strength is not None and not strongest:
        most = strength.low
    step, volume = base_value(limits.pump_step)[0], base_value(limits.volume_step)[0]
    widths = {
        of.DOSE_RATE_PER_KG: max(step * most / 2, _rounding(order, "dose_rate", subject)) / weight.low,
        of.DOSE_PER_KG: max(volume * most / 2, _rounding(order, "dose", subject)) / weight.low,
    }
    return {name: width for name, width in widths.items() if not _is_prescribed(order, name)}


_SET: Final = {of.DOSE_RATE_PER_KG: {"pump_rate", "volume", "vtbi"}, of.DOSE_PER_KG: {"volume", "pump_rate"}}


def _is_prescribed(order: Order, per_kg: str) -> bool:
    """Whether an order has a dose per kg, and was written without what is set for it."""
    return per_kg in order.fields and _SET[per_kg].isdisjoint(order.texts)


def _rounding(order: Order, field: str, subject: Subject) -> Fraction:
    """Return half of the last digit of a dose that was worked out for a weight, and is not prescribed per kg.

    No more than arithmetic may deviate: of 1 mg half a digit is 0.5 mg, which would hide the double of a dose.
    """
    quantity = order.fields.get(field)
    if quantity is None or f"{field}_per_kg" in order.fields:
        return Fraction(0)
    limits = subject.knowledge.limits
    made = mention(field, quantity, field, "", limits)
    return min(made.rounding, made.value * limits.deviation_percent / 100)
