"""RC712: a thrombolytic's dose in another kind of unit than every dose that is held of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.reference.local_lysis import is_elsewhere
from rescuecalc.rules.facts.reference.stroke_set import purpose_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_IN_MASS: Final = ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate")


def has_lysis_dose(order: Order, subject: Subject) -> bool:
    """Whether a dose of a thrombolytic is held for what an order is for."""
    if order.drug not in subject.knowledge.agent_facts().thrombolytics or purpose_of(subject).is_another:
        return False
    return not is_elsewhere(order, subject)


def lysis_in_units(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a thrombolytic's dose in units or mmol: no source held here says how many mg these are."""
    known = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
    for name in _IN_MASS if has_lysis_dose(order, subject) else ():
        quantity = order.fields.get(name)
        if quantity is not None and quantity.unit.parts[0].dimension != "drug_mass":
            message = (
                f"the {name.replace('_', ' ')} {quantity} of {order.drug} is in another kind of unit than every dose "
                "of the drug, and was not judged: write it in mg"
            )
            yield Hit(message, known.sources if known else (), order.at(name), str(quantity))
