"""Which drugs an order set holds, by their class: GP IIb/IIIa inhibitors, antiplatelets, thrombolytics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    named = told(subject) if kind in _IN_TEXT else []
    if not named and all(order.drug == subject.order_set.drug for order in orders):
        return []
    return [order for order in (*orders, *named) if knowledge.drug_class(order.drug) is kind]


_IN_TEXT: Final = frozenset(
    (DrugClass.ANTICOAGULANT, DrugClass.NSAID, DrugClass.SECOND_AGENT, DrugClass.PROTON_PUMP_INHIBITOR)
)
"""Classes of which a text that gives one counts like an order."""


def told(subject: Subject, *, also_if: bool = False) -> list[Order]:
    """Return the drugs that only a text gives, ``also_if`` those under a condition; nothing is read without texts."""
    made = subject.order_set
    if not made.monitoring and all("text" not in order.texts for order in made.orders):
        return []
    from rescuecalc.rules.facts.named_in_text import named_in_text  # noqa: PLC0415  # of a set with texts alone

    return [each.order for each in named_in_text.of(subject) if also_if or not each.is_conditional]


def infused(subject: Subject) -> list[Order]:
    """Return the boluses and infusions of a GP IIb/IIIa inhibitor."""
    return [order for order in of_class(subject, DrugClass.GP_IIB_IIIA) if order.given_as in {"bolus", "infusion"}]
