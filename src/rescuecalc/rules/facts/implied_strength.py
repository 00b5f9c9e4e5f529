"""The strength that follows from a dose and its volume or flow where none is stated, against the drug's products."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.facts.reference.product_label import strength_stated
from rescuecalc.rules.facts.text.own_numbers import numbers_in_own_words
from rescuecalc.rules.facts.volume_alone import says_strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.base.knowledge import Subject

Slip: TypeAlias = "tuple[str, Fraction, bool]"
"""The name of an error, the factor that it leaves in a strength, and whether it takes one product for another."""
_Flow: TypeAlias = "tuple[str, str, Quantity]"
"""What a number is, where it stands, and the number."""
_FLOWS: Final = ("volume", "pump_rate")
_NARROW: Final = Fraction(3, 2)
"""A strength that some weight of a wider span fits says nothing."""


def implied_strength(order: Order, slips: Iterable[Slip], subject: Subject) -> Iterator[Hit]:
    """Yield the volume or flow that fits no strength of a drug, and one of them once a known error is taken back.

    The strengths are those of its products, and those that other orders of the set state for it.
    """
    flow = _flow(order)
    stated = {each.pointer: strength_stated(each, subject) for each in _of_drug(order, subject)}
    if flow is None or order.of or says_strength(order) or None in stated.values():
        return
    implied = _implied(order, subject)
    of_products = (each.concentration for each in _own_products(order, subject))
    held = {base_value(each)[0]: each for each in (*of_products, *stated.values()) if each is not None}
    slip = None if implied is None else _slip(implied, tuple(held), slips)
    if implied is None or slip is None:
        return
    yield _hit(order, flow, implied, (slip, tuple(map(str, held.values()))), subject)


def _flow(order: Order) -> _Flow | None:
    """Return the volume or flow of an order: in a field, else in its text alone."""
    for name in _FLOWS:
        if name in order.fields:
            return name, order.at(name), order.fields[name]
    flows = [each for each in numbers_in_own_words(order) if each.field in _FLOWS and each.least is None]
    is_one = len({each.quantity for each in flows}) == 1
    return (flows[0].field, f"{order.pointer}/text", flows[0].quantity) if is_one else None


def _hit(order: Order, flow: _Flow, implied: Bounds, off: tuple[Slip, tuple[str, ...]], subject: Subject) -> Hit:
    """Return what is found in a volume or flow: a strength that is off those which are held by an error."""
    (cause, factor, takes_another), held = off
    name, pointer, found = flow
    # Of two products that are taken for each other what follows is one: a third strength only looks like it.
    products = subject.knowledge.products_of(order.drug)
    slips = (cause,) * (not takes_another or any(implied.holds(base_value(each.concentration)[0]) for each in products))
    use = " for infusion" if order.given_as == "infusion" else ""
    likely = "".join(f": likely slip: {each}" for each in slips)
    message = (
        f"with the {name.replace('_', ' ')} {found} the order is of {rounded(implied.middle)} mcg/mL, and no product "
        f"of {order.drug}{use} is ({' or '.join(dict.fromkeys(held))}){likely}"
    )
    right = str(replace(found, magnitude=found.magnitude * factor, text=None))
    sources = _own_products(order, subject)[0].sources
    return Hit(message, sources, pointer, found.text or str(found), right, 1 / factor, slips)


def _of_drug(order: Order, subject: Subject) -> Iterator[Order]:
    return (each for each in subject.order_set.orders if each.drug == order.drug and says_strength(each))


def _own_products(order: Order, subject: Subject) -> tuple[Product, ...]:
    held = subject.knowledge.products_of(order.drug)
    return tuple(each for each in held if order.given_as != "infusion" or ProductUse.INFUSION in each.serves)


def _implied(order: Order, subject: Subject) -> Bounds | None:
    """Return the strengths that an order's own numbers leave, where they are few enough to say something."""
    judged = judged_of(order, subject) if _own_products(order, subject) else None
    implied = judged.solution.bounds.get(of.CONCENTRATION) if judged is not None and not judged.found else None
    if implied is None or implied.high is None or implied.high > implied.low * _NARROW:
        return None
    return implied


def _slip(implied: Bounds, held: Sequence[Fraction], slips: Iterable[Slip]) -> Slip | None:
    """Return the error by which a strength is off one that is held, None where it is one, or off none so."""
    if any(implied.holds(each) for each in held):
        return None
    return next((slip for slip in slips for each in held if implied.holds(each * slip[1])), None)
