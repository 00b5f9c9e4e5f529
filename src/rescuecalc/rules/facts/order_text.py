"""An order with what its text alone says of it: for drugs of which no dose limit is held in the order model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity

_READ: Final = frozenset(
    ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "concentration", "give_over", "run_time")
)


def with_text(order: Order) -> Order:
    """Return the order with the quantities of its text where it has no field of them.

    Bounds, doubtful numbers and those of another step are left out; the first of a field counts.
    """
    found: dict[str, Quantity] = {}
    for each in order.numbers_in_text():
        if each.given and not (each.doubtful or each.is_cap or each.is_step) and each.field in _READ:
            found.setdefault(each.field, each.quantity)
    return order._replace(fields={**found, **order.fields}) if found.keys() - order.fields.keys() else order
