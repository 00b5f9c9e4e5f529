"""Doses of other drugs that a text mentions, and that nothing was compared with: silence would be a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.rules.base.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.text.set_texts import NamedDose


def other_drugs_doses(subject: Subject) -> Iterator[Hit]:
    """Yield a note of each drug beside its order's own whose doses in a text were not judged."""
    made = subject.order_set
    texts = any("text" in order.texts for order in made.orders)
    if not (texts or made.monitoring or made.stop_if):
        return
    from rescuecalc.rules.facts.text.set_texts import beside_orders, named_doses  # noqa: PLC0415  # of a set with texts alone

    for order in beside_orders(subject):
        named = (each for each in named_doses(order.texts["text"], subject.knowledge) if each.drug == order.drug)
        found = list(dict.fromkeys(each.said.text for each in named if not _is_judged(each, subject)))
        if found:
            message = f"the text gives {order.drug} {', '.join(found)}, which was compared with no dose"
            yield Hit(message, (), order.pointer, found[0], severity=Severity.NOTE)


def _is_judged(named: NamedDose, subject: Subject) -> bool:
    """Whether the dose of a drug in another order's text is compared with those that sources state."""
    agent = subject.knowledge.bridging().antiplatelets.get(named.drug)
    is_mass = isinstance(named.said.quantity, Dose) and named.said.quantity.is_mass()
    is_swallowed = agent is not None and not agent.infused and "IV" not in named.behind.split()[:1]
    return subject.knowledge.has_published_range(named.drug) or (is_swallowed and is_mass)
