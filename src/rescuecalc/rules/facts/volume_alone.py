"""A volume or a flow of a drug of which nothing says the strength: no dose follows from it, and none is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.fluids import is_by_volume
from rescuecalc.core.orders.model.mention import base_value

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_RATES: Final = frozenset(("dose_rate_per_kg", "dose_rate"))
_DOSES: Final = _RATES | {"dose_per_kg", "dose", "dose_per_m2", "dose_rate_per_m2"}
_FLOWS: Final = ("pump_rate", "pump_rate_per_kg")
_OF_A_BAG: Final = frozenset((*_FLOWS, "vtbi", "run_time"))
_VOLUMES: Final = (*_FLOWS, "volume", "volume_per_kg", "vtbi")
_INTO_THE_BODY: Final = frozenset(("", "IV", "IA", "IM", "SC", "IO"))
"""Routes of what is injected: a syrup is ordered in mL."""


def states_dose(order: Order) -> bool:
    """Whether an order states how much of its drug is given, in a field or in its text."""
    if not _DOSES.isdisjoint({*order.fields, *order.spans}):
        return True
    return "text" in order.texts and any(each.field in _DOSES and each.given for each in order.numbers_in_text())


def volume_alone(order: Order, subject: Subject) -> str | None:
    """Return the field by which a drug is measured out, though nothing says how much of it that holds.

    The volume beside an infusion's dose is that of its bag.
    """
    if (order.route or "") not in _INTO_THE_BODY or is_by_volume(order.texts.get("drug", order.drug)):
        return None
    names = _VOLUMES if not states_dose(order) else _FLOWS if order.given_as == "infusion" else ("volume",)
    found = next((name for name in names if name in order.fields), None)
    if "dose" in order.fields and (found in _FLOWS or _is_of_bag(order, subject)):
        return None  # of so much in a bag, over a time that the flow says
    return None if found is None or is_strength_stated(order, subject) else found


def _is_of_bag(order: Order, subject: Subject) -> bool:
    """Whether the volume beside a dose is that of the bag which it is infused from."""
    volume = order.fields.get("volume")
    is_bag = volume is not None and base_value(volume)[0] in subject.knowledge.tuning().containers
    return is_bag or not _OF_A_BAG.isdisjoint(order.fields)


def is_strength_stated(order: Order, subject: Subject) -> bool:
    """Whether a set says somewhere how much of an order's drug a volume holds."""
    return any(says_strength(each) for each in subject.order_set.orders if each.drug == order.drug)


def says_strength(order: Order) -> bool:
    """Whether an order itself says how much of its drug a volume holds."""
    if not {"concentration", "product", "diluted_in"}.isdisjoint(order.texts):
        return True
    if order.given_as == "infusion" and {"dose", "volume"} <= order.texts.keys():
        return True
    return "text" in order.texts and any(each.field == "concentration" for each in order.numbers_in_text())
