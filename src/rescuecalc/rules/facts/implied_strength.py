"""The strength that follows from a dose and its volume or flow where none is stated, against the drug's products."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.facts.text.own_numbers import numbers_in_own_words
from rescuecalc.rules.facts.volume_alone import is_strength_stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject

_POINTS: Final = tuple(Fraction(10) ** power for power in (1, 2, 3, -1, -2, -3))
_FLOWS: Final = ("volume", "pump_rate")
_NARROW: Final = Fraction(3, 2)
"""A strength that some weight of a wider span fits says nothing."""


def implied_strength(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the volume or flow that fits no product of a drug, and one of them once its decimal point is moved."""
    flow = _flow(order)
    own = [
        each
        for each in subject.knowledge.products_of(order.drug)
        if order.given_as != "infusion" or ProductUse.INFUSION in each.serves
    ]
    if flow is None or not own or order.of or is_strength_stated(order, subject):
        return
    judged = judged_of(order, subject)
    implied = judged.solution.bounds.get(of.CONCENTRATION) if judged is not None and not judged.found else None
    if implied is None or implied.high is None or implied.high > implied.low * _NARROW:
        return
    held = {base_value(each.concentration)[0]: each.concentration for each in own}
    factor = _moved_point(implied, tuple(held))
    if factor is None:
        return
    name, pointer, found = flow
    products = " or ".join(dict.fromkeys(map(str, held.values())))
    message = (
        f"with the {name.replace('_', ' ')} {found} the order is of {rounded(implied.middle)} mcg/mL, and no product "
        f"of {order.drug} is ({products}): likely slip: decimal point"
    )
    right = str(replace(found, magnitude=found.magnitude * factor, text=None))
    yield Hit(message, own[0].sources, pointer, found.text or str(found), right, 1 / factor, ("decimal point",))


def _flow(order: Order) -> tuple[str, str, Quantity] | None:
    """Return the volume or flow of an order, what it is and where it stands: in a field, else in its text alone."""
    for name in _FLOWS:
        if name in order.fields:
            return name, order.at(name), order.fields[name]
    said = [each for each in numbers_in_own_words(order) if each.field in _FLOWS and each.least is None]
    is_one = len({each.quantity for each in said}) == 1
    return (said[0].field, f"{order.pointer}/text", said[0].quantity) if is_one else None


def _moved_point(implied: Bounds, held: Iterable[Fraction]) -> Fraction | None:
    """Return by which power of ten a strength is off one that is held, None where it is one, or off none so."""
    if any(implied.holds(each) for each in held):
        return None
    return next((power for power in _POINTS for each in held if implied.holds(each * power)), None)
