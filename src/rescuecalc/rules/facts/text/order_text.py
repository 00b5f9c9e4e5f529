"""An order with what its text alone says of it: for drugs of which no dose limit is held in the order model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.mention import DOSE_RATE_PER_KG
from rescuecalc.core.quantities.quantity import DoseRatePerKg
from rescuecalc.rules.facts.reference.published_envelope import infusion_envelope

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject

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


def with_text_time(order: Order, subject: Subject) -> Order:
    """Return an infusion with the time that its text alone states, as a run time; any other order as it is.

    Where no field says how it is given, it is an infusion by the rate of its text.
    """
    if "text" not in order.texts or order.given_as == "bolus" or order.lasts is not None:
        return order
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of an order with a text alone

    judged = judged_of(order, subject)
    made = judged.built.order if judged is not None else order
    time = made.fields.get("run_time") if made.given_as == "infusion" else None
    if judged is None or time is None:
        return order
    # Without a rate in a field every short infusion is taken for a load: here its text says the rate.
    rate, envelope = judged.system.first(DOSE_RATE_PER_KG), infusion_envelope(order.drug, subject.knowledge)
    said = rate.quantity if rate is not None else None
    is_maintenance = isinstance(said, DoseRatePerKg) and envelope is not None and envelope.maintenance.holds(said)
    load = made.load and not is_maintenance
    return order._replace(kind="infusion", load=load, fields={**order.fields, "run_time": time})


def place_of_time(order: Order) -> str:
    """Return where it is stated how long an order runs."""
    if "run_time" in order.fields:
        return order.at("text" if "run_time" not in order.texts and "text" in order.texts else "run_time")
    return order.at("stop" if order.start is not None and order.stop is not None else "give_over")
