"""Doses of an antiplatelet that its order's text mentions beside the dose of its field, and its cap."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.agents import antiplatelet_orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject


def above_in_text(subject: Subject) -> Iterator[Hit]:
    """Yield the doses of a text that lie above every load and maintenance dose that sources state of the agent."""
    for order, agent in antiplatelet_orders(subject):
        spans = [each for each in (agent.load, agent.maintenance) if each is not None]
        if agent.infused or not spans or "text" not in order.texts or "dose" not in order.fields:
            continue
        from rescuecalc.rules.facts.order_model import judged_of  # noqa: PLC0415  # of an order with a text alone
        from rescuecalc.rules.facts.text_doses import unclaimed_of_drug  # noqa: PLC0415

        judged = judged_of(order, subject)
        for said in unclaimed_of_drug(judged, {"dose", "max_dose"}) if judged is not None else ():
            if not isinstance(said.quantity, Dose) or not said.quantity.is_mass():
                continue
            dose, found = said.quantity.times(Fraction(said.times)), said.whole or said.text
            if all(dose.exceeds(each.high) for each in spans):
                message = f"the text gives {order.drug} {found}: sources state {' or '.join(map(str, spans))}"
                yield Hit(message, agent.sources, f"{order.pointer}/text", found)


def above_as_cap(subject: Subject) -> Iterator[Hit]:
    """Yield the caps of fields that lie above every load and maintenance dose that sources state of the agent."""
    for order, agent in antiplatelet_orders(subject):
        cap = order.quantity("max_dose", Dose)
        spans = [each for each in (agent.load, agent.maintenance) if each is not None]
        if cap is not None and spans and cap.is_mass() and all(cap.exceeds(each.high) for each in spans):
            stated = " or ".join(map(str, spans))
            message = f"the most of {order.drug} is {cap}: sources state {stated}"
            yield Hit(message, agent.sources, order.at("max_dose"), cap.text or str(cap))
