"""The doses of an antiplatelet that a text alone says, where it says several: a load, and what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.text.earlier import is_earlier
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.core.quantities.units import unit
from rescuecalc.rules.facts.agents import says_no_dose, text_dose
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.text.text_doses import KIND_OF, all_of_drug

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Subject


def agent_doses(order: Order, subject: Subject) -> tuple[Said, ...]:
    """Return the doses of the text of an antiplatelet's order that says them alone; none where one is no mass.

    Of `325 mg once, then 81 mg daily with clopidogrel 75 mg` they are 325 mg and 81 mg.
    """
    if not says_no_dose(order, subject) or text_dose(order, subject) is not None:
        return ()
    judged, text = judged_of(order, subject), order.texts["text"]
    said = all_of_drug(judged, KIND_OF) if judged is not None else ()
    found = tuple(_of_day(each) for each in said if not is_earlier(text, each.at))
    return found if all(isinstance(each.quantity, Dose) and each.quantity.is_mass() for each in found) else ()


def _of_day(said: Said) -> Said:
    """Return an amount a day, as `75 mg/day`, as the dose of the day."""
    amount, *per = said.quantity.unit.name.rpartition("/")[::2]
    if said.field != "dose_rate" or per != ["day"]:
        return said
    return said._replace(quantity=Dose(said.quantity.magnitude, unit(amount)))
