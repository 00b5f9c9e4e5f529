"""Whether a dose of an order was compared with anything: silence about it would be a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.errors import UnitKindsDiffer
from rescuecalc.rules.facts.order_model.dose_slack import given_per_kg
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.order_model.text_mentions import spoken
from rescuecalc.rules.facts.reference.dose_domain import domains

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder


def follows(order: Order, subject: Subject) -> bool:
    """Whether a dose that a reference bounds follows from an order's numbers, or they contradict each other."""
    try:
        judged = judged_of(order, subject)
    except UnitKindsDiffer:
        return False  # amounts of two kinds leave nothing to compare
    return judged is None or says_dose(judged)


def says_dose(judged: SolvedOrder) -> bool:
    """Whether a dose that a reference bounds follows from an order's numbers, or they contradict each other."""
    known = given_per_kg(judged.system, judged.solution.bounds)
    held = domains(judged.order, judged.subject)
    return bool(judged.found) or not held or any(each.is_asked(known) for each in held)


def compares_all(doses: list[Said], order: Order, subject: Subject) -> bool:
    """Whether each of the doses of an order's text was compared with its fields, or counted with them."""
    try:
        judged = judged_of(order, subject)
    except UnitKindsDiffer:
        return False  # amounts of two kinds leave nothing to compare
    if judged is None or judged.found:
        return True  # what contradicts the fields is a finding
    compared = {each.said.at for each in spoken(judged) if each.agrees}
    counted = {each.text for each in judged.system.mentions if each.place == "text"}
    return all(each.at in compared or each.text in counted for each in doses)
