"""The names of the slips that would make what an order says of what it should say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.agreement import exact
from rescuecalc.core.quantity import Concentration
from rescuecalc.core.slips import slips

if TYPE_CHECKING:
    from rescuecalc.core.agreement import Reading
    from rescuecalc.core.order import Order
    from rescuecalc.rules.knowledge import Subject


def slip_names(found: Reading, expected: Reading, order: Order, subject: Subject) -> tuple[str, ...]:
    """Return the names of the slips that fit, the nearest first; both readings are of the same field of ``order``."""
    weight, concentration = subject.order_set.weight, order.quantity("concentration", Concentration)
    strength = exact(concentration) if concentration is not None and concentration.is_mass() else None
    return slips(
        subject.knowledge.slips(),
        found,
        expected,
        subject.knowledge.limits.deviation_percent,
        weight.value_in("kg") if weight is not None else None,
        strength.value if strength is not None else None,
        order.given_as,
    )
