"""Which product an order is counted with: its own drug's, as most are, or one of another drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.regimen.product import Product, ProductUse
from rescuecalc.rules.facts.reference.product_label import is_of

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def is_usual(order: Order, subject: Subject) -> bool:
    """Whether an order has the concentration of a product that serves it: most orders do, and need no closer look."""
    concentration = order.quantity("concentration", Concentration)
    if concentration is None or "product" in order.texts or not concentration.is_mass():
        return False
    if order.drug not in subject.knowledge.drugs:
        return False
    usual = subject.knowledge.once(("usual", order.drug, order.given_as), lambda: _usual(order, subject))
    return concentration.value_in("mcg/mL") in usual


def _usual(order: Order, subject: Subject) -> frozenset[Fraction]:
    """Return the concentrations of the products that can serve an order's drug and kind, in mcg/mL."""
    infused = order.given_as == "infusion"
    own = (
        each for each in subject.knowledge.products_of(order.drug) if not infused or ProductUse.INFUSION in each.serves
    )
    return frozenset(each.concentration.value_in("mcg/mL") for each in own)


def other_product(order: Order, subject: Subject) -> tuple[str, Product] | None:
    """Return the product of another drug that an order is counted with, and the field that says it."""
    return None if is_usual(order, subject) else _named(order, subject) or _measured(order, subject)


def _named(order: Order, subject: Subject) -> tuple[str, Product] | None:
    """Return the product of another drug that an order names, by its id or by its label."""
    text = order.texts.get("product")
    if text is None or not order.drug:
        return None
    known, label = subject.knowledge.products().get(text), strength(text)
    if known is not None:
        return ("product", known) if known.drug != order.drug else None
    if label is None or order.drug not in subject.knowledge.drugs:
        return None
    matching = [each for each in subject.knowledge.products().values() if is_of(each, label)]
    return ("product", matching[0]) if matching and all(each.drug != order.drug for each in matching) else None


def _measured(order: Order, subject: Subject) -> tuple[str, Product] | None:
    """Return the product of another drug whose concentration an order has, and none of its own."""
    concentration = order.quantity("concentration", Concentration)
    if concentration is None or not concentration.is_mass() or not subject.knowledge.products_of(order.drug):
        return None
    matching = [each for each in subject.knowledge.products().values() if each.concentration.equals(concentration)]
    return ("concentration", matching[0]) if matching and all(each.drug != order.drug for each in matching) else None
