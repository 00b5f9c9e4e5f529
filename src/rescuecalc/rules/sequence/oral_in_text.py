"""Doses of an antiplatelet that its order's text mentions beside the dose of its field."""

from __future__ import annotations

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
            dose = said.quantity
            if isinstance(dose, Dose) and dose.is_mass() and all(dose.exceeds(each.high) for each in spans):
                message = f"the text gives {order.drug} {said.text}: sources state {' or '.join(map(str, spans))}"
                yield Hit(message, agent.sources, f"{order.pointer}/text", said.text)
