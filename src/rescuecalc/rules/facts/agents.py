"""Which drugs an order set holds, by their class: GP IIb/IIIa inhibitors, antiplatelets, thrombolytics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.drugs.drug_class import DrugClass

if TYPE_CHECKING:
    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

Agents = tuple[tuple["Order", "Antiplatelet"], ...]


def antiplatelet_orders(subject: Subject) -> Agents:
    """Return the orders of an antiplatelet of the catalogue; nothing is read where every order is of the infusion."""
    inhibits = subject.knowledge.is_gp_inhibitor
    others = [o for o in subject.order_set.orders if o.kind not in {"bolus", "infusion"} or not inhibits(o.drug)]
    known = subject.knowledge.bridging().antiplatelets if others else {}
    return tuple((order, known[order.drug]) for order in others if order.drug in known)


def of_class(subject: Subject, kind: DrugClass) -> list[Order]:
    """Return the orders of a class of drugs; nothing is read where every order is of the set's own drug."""
    orders, knowledge = subject.order_set.orders, subject.knowledge
    if kind is DrugClass.GP_IIB_IIIA:
        return [order for order in orders if knowledge.is_gp_inhibitor(order.drug)]
    if all(order.drug == subject.order_set.drug for order in orders):
        return []
    return [order for order in orders if knowledge.drug_class(order.drug) is kind]


def infused(subject: Subject) -> list[Order]:
    """Return the boluses and infusions of a GP IIb/IIIa inhibitor."""
    return [order for order in of_class(subject, DrugClass.GP_IIB_IIIA) if order.given_as in {"bolus", "infusion"}]
